/* main.c: the program `btbb`: the statistics of `tshark -z btbb` without tshark around them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>

#include "show/output.h"
#include "show/packets.h"

#include "count.h"
#include "find-keys.h"
#include "import.h"
#include "list.h"
#include "message.h"
#include "names.h"
#include "options.h"
#include "watch.h"

/* They mean the same as those of tshark. */
enum { STATUS_OK = 0, STATUS_USAGE = 1, STATUS_INCOMPLETE = 2 };

static atomic_bool stop;

static void on_interrupt(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

/* The first interrupt ends reading, and the result so far is shown. The second one ends the program. */
static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Reports and frees an error; returns `status`. */
static int fail(char *error, int status)
{
    btbb_message("%s", error);
    g_free(error);
    return status;
}

/* Kept back while counting, so that the result of a count that ran out of memory can still be shown. */
#define RESERVE_BYTES (4u << 20)

static int show(const struct btbb_command *command, const struct btbb_count *count, const struct btbb_totals *totals)
{
    struct btbb_source source = {.totals = totals, .vendors = btbb_names()};
    struct btbb_capture_links *captures = btbb_count_captures(count, &source.capture_count);
    char *error = NULL;
    source.captures = captures;
    bool printed = btbb_print(&command->options, &source, stdout, &error);
    g_free(captures);
    return printed ? STATUS_OK : fail(error, STATUS_INCOMPLETE);
}

/* The view packets with format=sqlite. */
static int import(const struct btbb_command *command)
{
    char *error = NULL;
    if (!btbb_import_probe(command, &error))
        return fail(error, STATUS_INCOMPLETE);
    catch_interrupts();
    enum btbb_read_result result = btbb_import(command, &stop, &error);
    btbb_names_free();
    if (error)
        return fail(error, STATUS_INCOMPLETE);
    if (result == BTBB_READ_STOPPED)
        btbb_message("interrupted: nothing was written to %s", command->options.file);
    return result == BTBB_READ_WHOLE ? STATUS_OK : STATUS_INCOMPLETE;
}

/* The view packets in all other formats. */
static int list(const struct btbb_command *command)
{
    char *error = NULL;
    if (!btbb_packets_check(&command->options, &error))
        return fail(error, STATUS_USAGE);
    if (!btbb_print_probe(&command->options, (const char *const *)command->files, &error))
        return fail(error, STATUS_INCOMPLETE);
    catch_interrupts();
    enum btbb_read_result result = btbb_list_packets(command, &stop, &error);
    if (error)
        return fail(error, STATUS_INCOMPLETE);
    if (result == BTBB_READ_STOPPED && !command->follow)
        btbb_message("interrupted: only the packets read until then are listed");
    bool complete = result == BTBB_READ_WHOLE || (result == BTBB_READ_STOPPED && command->follow);
    return complete ? STATUS_OK : STATUS_INCOMPLETE;
}

static void show_version(void)
{
    char *library = btbb_import_library();
    printf("btbb %s, with wiretap of Wireshark %s\nVendor names: %s\nDatabases: %s\n", BTBB_VERSION, BTBB_WIRESHARK,
           BTBB_MANUF, library);
    g_free(library);
}

static int run(const struct btbb_command *command)
{
    char *error = NULL;
    if (command->options.view == BTBB_VIEW_PACKETS)
        return command->options.format == BTBB_OUTPUT_SQLITE ? import(command) : list(command);
    if (!btbb_print_probe(&command->options, (const char *const *)command->files, &error))
        return fail(error, STATUS_INCOMPLETE);
    catch_interrupts();
    /* cppcheck-suppress unusedAllocatedMemory; freeing it is its use */
    void *reserve = g_try_malloc(RESERVE_BYTES);
    struct btbb_count *count = btbb_count_start(command, &stop);
    btbb_watch(count, command, btbb_names());
    g_free(reserve);

    enum btbb_read_result result = btbb_count_result(count);
    struct btbb_totals *totals = btbb_count_take(count);
    int status = result == BTBB_READ_NOTHING ? STATUS_INCOMPLETE : show(command, count, totals);
    btbb_count_free(count);
    if (result == BTBB_READ_STOPPED && !command->follow)
        btbb_message("interrupted: only what was read until then is counted");
    if (totals->lost > 0)
        btbb_message("out of memory, or a table is full: %" PRIu64 " packets are not counted", totals->lost);
    bool complete =
        totals->lost == 0 && (result == BTBB_READ_WHOLE || (result == BTBB_READ_STOPPED && command->follow));
    btbb_totals_free(totals);
    btbb_names_free();
    return complete ? status : STATUS_INCOMPLETE;
}

/* What was printed without a check of its own: keys, the help, the version. */
static int flush(int status)
{
    char *error = NULL;
    return btbb_print_finish(stdout, &error) ? status : fail(error, STATUS_INCOMPLETE);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    struct btbb_command command;
    btbb_command_parse(&command, argc, argv);
    int status = STATUS_OK;
    char *error = NULL;
    switch (command.action) {
    case BTBB_ACTION_COUNT:
        status = btbb_command_load_keys(&command, &error) ? run(&command) : fail(error, STATUS_USAGE);
        break;
    case BTBB_ACTION_KEYS:
        catch_interrupts();
        status = flush(btbb_find_keys(command.files, &stop) ? STATUS_OK : STATUS_INCOMPLETE);
        break;
    case BTBB_ACTION_HELP:
        btbb_command_help(stdout);
        status = flush(status);
        break;
    case BTBB_ACTION_VERSION:
        show_version();
        status = flush(status);
        break;
    case BTBB_ACTION_USAGE_ERROR:
        status = fail(g_strdup(command.error), STATUS_USAGE);
        break;
    }
    btbb_command_clear(&command);
    return status;
}
