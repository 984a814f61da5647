/* fuzz-options.c: any text behind "-z btbb,", and as the arguments of the command: parsed or refused with one line.
 *
 * Input: the text. As arguments, a line each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "../../command/options.h"

static void check_error(char *error)
{
    assert(error && *error && !strchr(error, '\n'));
    g_free(error);
}

static void check_options(const struct btbb_options *options)
{
    assert(options->view < BTBB_VIEW_COUNT && options->min >= 1);
    assert(options->interval_ns >= BTBB_INTERVAL_MIN_NS);
    assert(!options->filter || *options->filter);
    assert(!options->file || *options->file);
}

static void parse(const char *text)
{
    struct btbb_options options;
    char *error = NULL;

    if (btbb_options_parse(&options, text, &error)) {
        assert(!error);
        check_options(&options);
        btbb_options_clear(&options);
    } else {
        check_error(error);
    }
}

static void set(char *text, enum btbb_view view)
{
    char *value = strchr(text, '=');
    struct btbb_options options;
    char *error = NULL;

    if (!value)
        return;
    *value++ = '\0';
    btbb_options_init(&options, view);
    if (!btbb_options_set(&options, text, value, &error))
        check_error(error);
    check_options(&options);
    btbb_options_clear(&options);
}

static void parse_command(const char *text)
{
    char *line = g_strconcat("btbb\n", text, NULL);
    char **words = g_strsplit(line, "\n", 64);
    const guint count = g_strv_length(words);
    char **arguments = g_memdup2(words, (count + 1) * sizeof *words); /* getopt_long() changes their order */
    struct btbb_command command;

    if (count == 64) /* its last word holds the rest, newlines included */
        arguments[count - 1] = arguments[0];
    optind = 0; /* start anew */
    btbb_command_parse(&command, (int)count, arguments);
    assert((command.action == BTBB_ACTION_USAGE_ERROR) == (command.error != NULL));
    assert(!command.error || (*command.error && !strchr(command.error, '\n')));
    if (command.action == BTBB_ACTION_COUNT) {
        check_options(&command.options);
        assert(command.file_count > 0 && command.files[command.file_count - 1]);
    }
    btbb_command_clear(&command);
    g_free(arguments);
    g_strfreev(words);
    g_free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = g_strndup((const char *)data, size);

    parse(text);
    parse_command(text);
    set(text, (enum btbb_view)(size % BTBB_VIEW_COUNT));
    g_free(text);
    return 0;
}
