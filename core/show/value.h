/* value.h: one typed value, and its text in the machine-readable formats.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_VALUE_H
#define BTBB_VALUE_H

#include <glib.h>
#include <stdint.h>

enum btbb_value_kind {
    BTBB_VALUE_NONE,    /* not known: empty in CSV, null in JSON, blank in a table */
    BTBB_VALUE_COUNT,   /* count: a whole number */
    BTBB_VALUE_TEXT,    /* text */
    BTBB_VALUE_FLAG,    /* only a kind of column: "true" or "false" */
    BTBB_VALUE_REAL,    /* real: a percentage or a level in dBm */
    BTBB_VALUE_EPOCH,   /* ns since 1970-01-01 UTC; CSV and JSON: seconds with their fraction */
    BTBB_VALUE_TIME,    /* ns since 1970-01-01 UTC; CSV and JSON: ISO 8601 local time with its UTC offset */
    BTBB_VALUE_DURATION /* ns; CSV and JSON: seconds with their fraction */
};

struct btbb_value {
    enum btbb_value_kind kind;
    union {
        uint64_t count;
        const char *text; /* UTF-8; valid until the next row is made */
        double real;
        int64_t ns;
    };
};

static inline struct btbb_value btbb_value_none(void)
{
    return (struct btbb_value){.kind = BTBB_VALUE_NONE};
}

static inline struct btbb_value btbb_value_count(uint64_t count)
{
    return (struct btbb_value){.kind = BTBB_VALUE_COUNT, .count = count};
}

/* NULL gives BTBB_VALUE_NONE. */
static inline struct btbb_value btbb_value_text(const char *text)
{
    return (struct btbb_value){.kind = text ? BTBB_VALUE_TEXT : BTBB_VALUE_NONE, .text = text};
}

static inline struct btbb_value btbb_value_ns(enum btbb_value_kind kind, int64_t ns)
{
    return (struct btbb_value){.kind = kind, .ns = ns};
}

static inline struct btbb_value btbb_value_real(double real)
{
    return (struct btbb_value){.kind = BTBB_VALUE_REAL, .real = real};
}

/* part / whole * factor; BTBB_VALUE_NONE when the whole is 0. */
static inline struct btbb_value btbb_value_ratio(double part, uint64_t whole, double factor)
{
    return whole ? btbb_value_real(part * factor / (double)whole) : btbb_value_none();
}

/* Name of a kind for documents: "number", "text", "seconds" ... */
const char *btbb_value_kind_name(enum btbb_value_kind kind);

/* Append the text that CSV and JSON have, without quotes; nothing for BTBB_VALUE_NONE. The same in every locale. */
void btbb_value_append(GString *text, const struct btbb_value *value);

/* That text alone; free with g_free(). */
char *btbb_value_to_text(const struct btbb_value *value);

#endif
