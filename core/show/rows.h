/* rows.h: totals + options -> titled columns and typed values, made once for every output.
 *
 *     struct btbb_rows *rows = btbb_rows_new(&options, totals, vendors, &error);
 *     const struct btbb_value *value;
 *     while ((value = btbb_rows_next(rows)))
 *         ... value[0 .. rows->column_count - 1] ...
 *     ... rows->notes ...
 *     btbb_rows_free(rows);
 *
 * Rows are made one at a time: a time series over a million intervals costs no memory. The totals must outlive the rows
 * and must not change meanwhile; they are only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_ROWS_H
#define BTBB_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "count/options.h"
#include "count/totals.h"
#include "vendors/vendors.h"

#define BTBB_ROWS_MAX 1000000 /* intervals that a time series may have */

enum btbb_value_kind {
    BTBB_VALUE_NONE,    /* not known: CSV empty, JSON null */
    BTBB_VALUE_COUNT,   /* count */
    BTBB_VALUE_TEXT,    /* text */
    BTBB_VALUE_REAL,    /* real; a percentage or dBm */
    BTBB_VALUE_EPOCH,   /* ns since 1970; CSV and JSON: seconds with fraction */
    BTBB_VALUE_TIME,    /* ns since 1970; CSV and JSON: ISO 8601 local time with UTC offset */
    BTBB_VALUE_DURATION /* ns; CSV and JSON: seconds with fraction */
};

struct btbb_value {
    enum btbb_value_kind kind;
    union {
        uint64_t count;
        const char *text; /* UTF-8; valid until the next row is asked for */
        double real;
        int64_t ns;
    };
};

struct btbb_column {
    char *key;                 /* CSV header, JSON key: "to_master", "48:31:dd" */
    char *title;               /* for people: "To Central" */
    enum btbb_value_kind kind; /* of its values, each of which may also be BTBB_VALUE_NONE. BTBB_VALUE_NONE here:
                                     each row has its own kind (column `value` of summary) */
    bool series;               /* one of several like columns (clients, types, channels): may be summed with others */
    bool bar;                  /* the column a bar would show */
    bool machine;              /* only for CSV and JSON */
    bool people;               /* only for tables */
    uint64_t total;            /* series: sum of the column */
};

struct btbb_rows_state;

struct btbb_rows {
    const char *title; /* heading: "Clients" */
    size_t column_count;
    struct btbb_column *columns;
    size_t note_count;
    char **notes;     /* whole lines for people: "8 clients seen once are not shown" */
    size_t row_count; /* how often btbb_rows_next() will answer */
    struct btbb_rows_state *state;
};

/* NULL, and a text in *error that the caller frees with g_free(), when the view has no rows (report), the totals did
 * not collect what it shows, or there would be more than BTBB_ROWS_MAX intervals. `vendors` may be NULL: no names. */
struct btbb_rows *btbb_rows_new(const struct btbb_options *options, const struct btbb_totals *totals,
                                const struct btbb_vendors *vendors, char **error);
void btbb_rows_free(struct btbb_rows *rows); /* takes NULL */

/* Values of the next row, column_count of them, valid until the next call; NULL behind the last row. */
const struct btbb_value *btbb_rows_next(struct btbb_rows *rows);

/* Start again with the first row. */
void btbb_rows_rewind(struct btbb_rows *rows);

/* For who shows totals while they grow. Values of the row of one client (its number in totals->clients) of the views
 * lap and lap-type, as the totals now are; NULL when it has no row. Has the columns that the rows were made with: make
 * them anew for another packet type. Not to be mixed with btbb_rows_next(). */
const struct btbb_value *btbb_rows_client(struct btbb_rows *rows, uint32_t number);

#endif
