/* records.h: tap records for tests.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TEST_RECORDS_H
#define BTBB_TEST_RECORDS_H

#include <glib.h>
#include <stdio.h>

#include "count/totals.h"
#include "show/output.h"

#define SECOND INT64_C(1000000000)

/* An access code only, at `seconds`. */
static inline struct btbb_record id_record(uint32_t lap, double seconds)
{
    return (struct btbb_record){.version = BTBB_RECORD_VERSION,
                                .has_time = true,
                                .time_ns = (int64_t)(seconds * 1000) * (SECOND / 1000),
                                .lap = lap,
                                .packet_class = BTBB_CLASS_ID};
}

/* A packet with header, HEC good. */
static inline struct btbb_record typed_record(uint32_t lap, double seconds, uint8_t type, enum btbb_dir dir)
{
    struct btbb_record record = id_record(lap, seconds);

    record.packet_class = BTBB_CLASS_HEADER;
    record.type = type;
    record.hec = BTBB_CHECK_GOOD;
    record.dir = dir;
    return record;
}

/* What a view prints; g_free() it. The text of the error when it refuses. */
static inline char *print_source(const char *argument, const struct btbb_source *source)
{
    struct btbb_options options;
    char *error = NULL, *text, *copy;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    g_assert_true(btbb_options_parse(&options, argument, &error));
    g_assert_nonnull(out);
    if (!btbb_print(&options, source, out, &error)) {
        fputs(error, out);
        g_free(error);
    }
    fclose(out);
    btbb_options_clear(&options);
    copy = g_strdup(text);
    free(text);
    return copy;
}

static inline char *print_view(const char *argument, const struct btbb_totals *totals,
                               const struct btbb_vendors *vendors)
{
    return print_source(argument, &(struct btbb_source){.totals = totals, .vendors = vendors});
}

#endif
