/* columns.h: the columns of every view in one table.
 *
 * CSV, JSON, text tables, the tables of the Wireshark window and the manual page are made from it; stats/OPTIONS.md is
 * compared with it (tests/core/test-documents.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COLUMNS_H
#define BTBB_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "count/options.h"
#include "show/value.h"

/* Key of the place where a view has one column for each client, TYPE or channel. */
#define BTBB_COLUMN_SERIES "..."

enum btbb_only { BTBB_EVERYWHERE, BTBB_ONLY_MACHINES /* CSV and JSON */, BTBB_ONLY_TABLES };

struct btbb_column_info {
    const char *key;           /* CSV header and JSON key: "to_master" */
    const char *title;         /* heading of a table: "To Central" */
    enum btbb_value_kind kind; /* of the values that are known; BTBB_VALUE_NONE: each row has its own kind */
    enum btbb_only only;
    const char *help; /* meaning and unit for documents: one phrase without a full stop */
    bool bar;         /* a text table may draw a bar of these values */
    bool rare;        /* a text table without any other value than 0 or nothing does not show the column */
    bool rest;        /* the last column of a text table: texts of any length, which no other column makes room for */
    bool listed;      /* of the view packets: a table has it also where `columns` does not name it */
    unsigned width;   /* of the view packets, whose rows cannot be measured: characters in a table; 0: as the title */
};

struct btbb_columns {
    const struct btbb_column_info *columns;
    size_t count;
};

/* By view. The report has none. */
extern const struct btbb_columns btbb_columns[BTBB_VIEW_COUNT];

/* Rows of the summary, in their order. */
enum btbb_summary_row {
    BTBB_SUMMARY_PACKETS,
    BTBB_SUMMARY_ACCESS_CODES,
    BTBB_SUMMARY_HEADERS,
    BTBB_SUMMARY_UNDECODED,
    BTBB_SUMMARY_RETRANSMISSIONS,
    BTBB_SUMMARY_LAPS,
    BTBB_SUMMARY_STRAYS,
    BTBB_SUMMARY_LAPS_WITH_HEADER,
    BTBB_SUMMARY_FIRST,
    BTBB_SUMMARY_LAST,
    BTBB_SUMMARY_DURATION,
    BTBB_SUMMARY_HEC_GOOD,
    BTBB_SUMMARY_HEC_BAD,
    BTBB_SUMMARY_HEC_UNKNOWN,
    BTBB_SUMMARY_CRC_GOOD,
    BTBB_SUMMARY_CRC_BAD,
    BTBB_SUMMARY_CRC_UNKNOWN,
    BTBB_SUMMARY_CLOCK_JUMPS,
    BTBB_SUMMARY_CLOCK_LOST,
    BTBB_SUMMARY_NO_TIME,
    BTBB_SUMMARY_NO_LAP,
    BTBB_SUMMARY_OTHER_RECORDS,
    BTBB_SUMMARY_OTHER_FRAMES,
    BTBB_SUMMARY_ROWS
};

/* Key, label and meaning of each row of the summary. */
extern const struct btbb_column_info btbb_summary_rows[BTBB_SUMMARY_ROWS];

/* The column of a view with this key; NULL when there is none. */
const struct btbb_column_info *btbb_column_find(enum btbb_view view, const char *key);

#endif
