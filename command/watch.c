/* watch.c: see watch.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "watch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "show/output.h"

#define STEP_MS    100u
#define REFRESH_MS 1000u /* also the delay before a progress bar appears */
#define BAR_WIDTH  40u

/* Control sequences of ECMA-48. */
#define HOME        "\033[H"
#define ERASE_LINE  "\033[K"
#define ERASE_BELOW "\033[J"

static void show_progress(const struct btbb_progress *progress)
{
    char bar[BAR_WIDTH + 1];
    if (progress->size == 0) {
        fprintf(stderr, "\r%" PRIu64 " MB read" ERASE_LINE, progress->bytes / 1000000);
        return;
    }
    uint64_t done = MIN(progress->bytes, progress->size);
    unsigned cells = (unsigned)((double)done / (double)progress->size * BAR_WIDTH);
    memset(bar, '#', cells);
    memset(bar + cells, '.', BAR_WIDTH - cells);
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %3u %%  %u of %u files" ERASE_LINE, bar,
            (unsigned)((double)done / (double)progress->size * 100), progress->files_done, progress->files);
}

/* Overwrites the screen with as many lines of `text` as fit. */
static void show_screen(const char *text)
{
    struct winsize size = {.ws_row = 0};
    unsigned lines = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 1 ? size.ws_row - 1u : UINT_MAX;
    fputs(HOME, stdout);
    for (; lines > 0 && *text; lines--) {
        size_t length = strcspn(text, "\n");
        printf("%.*s" ERASE_LINE "\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
    fputs(ERASE_BELOW, stdout);
    fflush(stdout);
}

/* Shows the table so far on the screen, or writes it to the output file. */
static void refresh(struct btbb_count *count, const struct btbb_options *options, const struct btbb_vendors *vendors)
{
    btbb_count_hold(count);
    struct btbb_totals *totals = btbb_count_snapshot(count);
    struct btbb_source source = {.totals = totals, .vendors = vendors};
    struct btbb_capture_links *captures = btbb_count_captures(count, &source.capture_count);
    source.captures = captures;
    char *text = NULL, *error = NULL;
    size_t length;
    FILE *memory = open_memstream(&text, &length);
    if (memory) {
        bool printed = btbb_print(options, &source, memory, &error);
        fclose(memory);
        if (!options->file)
            show_screen(printed ? text : error);
    }
    btbb_count_release(count);
    g_free(captures);
    g_free(error);
    free(text);
    btbb_totals_free(totals);
}

static void follow(struct btbb_count *count, const struct btbb_command *command, const struct btbb_vendors *vendors)
{
    bool shown = command->options.file || isatty(STDOUT_FILENO);
    uint64_t bytes = UINT64_MAX;
    while (!btbb_count_wait(count, REFRESH_MS)) {
        struct btbb_progress progress = btbb_count_progress(count);
        if (shown && progress.bytes != bytes)
            refresh(count, &command->options, vendors);
        bytes = progress.bytes;
    }
    if (shown && !command->options.file)
        fputs(HOME ERASE_BELOW, stdout);
}

void btbb_watch(struct btbb_count *count, const struct btbb_command *command, const struct btbb_vendors *vendors)
{
    if (command->follow) {
        follow(count, command, vendors);
        return;
    }
    bool terminal = isatty(STDERR_FILENO), shown = false;
    unsigned wait = REFRESH_MS;
    while (!btbb_count_wait(count, wait)) {
        wait = STEP_MS;
        struct btbb_progress progress = btbb_count_progress(count);
        if (terminal)
            show_progress(&progress);
        shown = terminal;
    }
    if (shown)
        fputs("\r" ERASE_LINE, stderr);
}
