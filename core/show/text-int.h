/* text-int.h: shared by the layout of a text table and its printing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TEXT_INT_H
#define BTBB_TEXT_INT_H

#include "show/local-time.h"
#include "show/print.h"

#define BTBB_TABLE_WIDTH 100 /* characters of a line, at most */

/* How much of date and time all values of a table share. */
enum btbb_dates { BTBB_SAME_DAY, BTBB_SAME_YEAR, BTBB_DIFFERENT_YEARS };

struct btbb_layout {
    struct btbb_rows *rows;
    bool *shown;    /* per column */
    size_t *width;  /* per column: characters of its widest value */
    uint64_t *most; /* per column: its largest count */
    enum btbb_dates dates;
    unsigned fraction_digits;                                               /* of TIME values */
    char day[BTBB_TIME_TEXT], year[BTBB_TIME_TEXT], offset[BTBB_TIME_TEXT]; /* of the first time; "" without times */
    bool has_others;  /* there is a column for the series that are not shown */
    size_t others_at; /* it stands before this column */
    size_t others_width;
    size_t time_characters; /* shown of times of different years; 0: all */
    bool two_lines;         /* the header breaks at the first space of each title */
    size_t gap;             /* spaces between columns */
    size_t bar_column;      /* column_count: none */
    size_t bar_width;
    GString *text; /* of btbb_layout_text() */
};

/* Measure all values and choose what fits BTBB_TABLE_WIDTH. */
void btbb_layout_init(struct btbb_layout *layout, struct btbb_rows *rows);
void btbb_layout_clear(struct btbb_layout *layout);

/* A value as it is shown; valid until the next call. */
const char *btbb_layout_text(const struct btbb_layout *layout, const struct btbb_column *column,
                             const struct btbb_value *value);

/* A count with thousands separators; valid until the next call of this or btbb_layout_text(). */
const char *btbb_layout_count(const struct btbb_layout *layout, uint64_t count);

/* Characters of UTF-8 text of so many bytes; bytes when it is invalid. */
size_t btbb_characters(const char *text, size_t bytes);

/* Length of the first line of a title. The second line, if there is one, follows after a space. */
size_t btbb_layout_title_break(const struct btbb_layout *layout, const char *title);

/* Characters of a column, its title included. */
size_t btbb_layout_width(const struct btbb_layout *layout, size_t column);

#endif
