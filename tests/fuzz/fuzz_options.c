/* fuzz_options.c: any text behind "-z btbb,": parsed or refused with one line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <string.h>

#include <glib.h>

#include "../../stats/core/options.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = g_strndup((const char *)data, size);
    struct btbb_options options;
    char *error = NULL;

    if (btbb_options_parse(&options, text, &error)) {
        assert(!error);
        check_options(&options);
        btbb_options_clear(&options);
    } else {
        check_error(error);
    }
    char *value = strchr(text, '=');

    if (value) {
        *value++ = '\0';
        btbb_options_init(&options, (enum btbb_view)(size % BTBB_VIEW_COUNT));
        error = NULL;
        if (!btbb_options_set(&options, text, value, &error))
            check_error(error);
        check_options(&options);
        btbb_options_clear(&options);
    }
    g_free(text);
    return 0;
}
