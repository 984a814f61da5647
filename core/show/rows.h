/* rows.h: totals + options -> titled columns and typed values, made once for every output.
 *
 *     struct btbb_source source = {.totals = totals, .vendors = vendors};
 *     struct btbb_rows *rows = btbb_rows_new(&options, &source, &error);
 *     const struct btbb_value *value;
 *     while ((value = btbb_rows_next(rows)))
 *         ... value[0 .. rows->column_count - 1] ...
 *     ... rows->notes ...
 *     btbb_rows_free(rows);
 *
 * Rows are made one at a time, so a time series of a million intervals needs no memory. What they are made of is only
 * read. It must outlive the rows and must not change in the meantime.
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
#include "learn/clock-log.h"
#include "learn/link-log.h"
#include "show/columns.h"
#include "show/value.h"
#include "vendors/vendors.h"

#define BTBB_ROWS_MAX 1000000 /* intervals in a time series */

/* Name of the row or column with the sum of what `top` leaves out. */
#define BTBB_OTHERS "others"

struct btbb_column {
    const char *key;           /* CSV header, JSON key: "to_master", "48:31:dd" */
    const char *title;         /* heading of a table: "To Central" */
    enum btbb_value_kind kind; /* see struct btbb_column_info */
    enum btbb_only only;
    bool bar;
    bool rare;
    bool rest;
    bool series;    /* counts of one of several clients, TYPEs or channels: a table may sum it with others */
    uint64_t total; /* series: sum of the column */
};

struct btbb_rows_state;

struct btbb_rows {
    const char *title; /* heading: "Clients" */
    size_t column_count;
    struct btbb_column *columns;
    size_t note_count;
    char **notes;     /* whole lines for readers: "8 clients seen once are not shown" */
    size_t row_count; /* rows that btbb_rows_next() returns */
    struct btbb_rows_state *state;
};

/* What was learned of one capture. */
struct btbb_capture_links {
    const char *file;                      /* text of the column `file`; NULL: no such column */
    const struct btbb_link_log *log;       /* NULL: the view shows no connections */
    const struct btbb_device_names *names; /* NULL: none */
    const struct btbb_clock_log *clocks;   /* finished; NULL: the view shows no piconets */
};

/* What rows are made of. */
struct btbb_source {
    const struct btbb_totals *totals; /* NULL: for views of connections only */
    const struct btbb_capture_links *captures;
    size_t capture_count;
    const struct btbb_vendors *vendors; /* NULL: no names of vendors and companies */
};

/* Returns NULL and sets *error (free with g_free()) when the view has no rows (report), when `source` does not have
 * what it shows, or when there would be more than BTBB_ROWS_MAX intervals. `source` itself is copied. */
struct btbb_rows *btbb_rows_new(const struct btbb_options *options, const struct btbb_source *source, char **error);
void btbb_rows_free(struct btbb_rows *rows); /* accepts NULL */

/* The column_count values of the next row, valid until the next call; NULL after the last row. */
const struct btbb_value *btbb_rows_next(struct btbb_rows *rows);

/* Start again at the first row. */
void btbb_rows_rewind(struct btbb_rows *rows);

/* For callers that display live totals: the values of the row of one client (its number in totals->clients) of the
 * views lap and lap-type, from the totals as they are now. NULL when it has no row. The columns stay those that the
 * rows were made with; make new rows when another TYPE has appeared. Not to be mixed with btbb_rows_next(). */
const struct btbb_value *btbb_rows_client(struct btbb_rows *rows, uint32_t number);

/* The same for live connections: the values of the connection or event with this number in the first capture, as it is
 * now; of the views links and timeline. Not to be mixed with btbb_rows_next(). */
const struct btbb_value *btbb_rows_at(struct btbb_rows *rows, uint32_t number);

/* The same for the view findings, whose rows of a connection come and go: row `index`, from 0, of the connection with
 * this number. NULL: it has no more rows. */
const struct btbb_value *btbb_rows_finding(struct btbb_rows *rows, uint32_t link, size_t index);

#endif
