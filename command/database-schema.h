/* database-schema.h: the tables, indexes and views of a database, as SQL.
 *
 * Tables and their columns are those of the statistics (core/show/columns.h), and each has the column `capture`:
 *     captures   one row per capture: file, hash, the numbers of the view summary
 *     packets    the view packets, and what the notebook's DataFrame has instead of its columns (BTBB_NOTEBOOK_...)
 *     clients    the view lap
 *     channels   the view channel
 *     links      the view links
 *     findings   the view findings
 * The views in_4 to in_18 have the numbers of the cells of the pandas notebook.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_DATABASE_SCHEMA_H
#define BTBB_COMMAND_DATABASE_SCHEMA_H

#include <glib.h>

#include "show/columns.h"
#include "show/packet-columns.h"

/* Marks a database as one of ours (PRAGMA application_id): "btbb" in ASCII. */
#define BTBB_DATABASE_APPLICATION 0x62746262

/* Of the tables (PRAGMA user_version): increased whenever a column or table changes. */
#define BTBB_DATABASE_VERSION 3

/* Tables with the rows of a view, for each capture. */
struct btbb_database_table {
    const char *name;
    enum btbb_view view;
};
extern const struct btbb_database_table btbb_database_tables[];
extern const size_t btbb_database_table_count;

/* Bits of the column packets.notebook, from which in_4 makes columns: the UAP and the NAP that are in the frame, and
 * what follows. One number, because five columns would cost a tenth of the time that a packet takes. */
#define BTBB_NOTEBOOK_PAYLOAD       1
#define BTBB_NOTEBOOK_HAS_TO_MASTER 2
#define BTBB_NOTEBOOK_TO_MASTER     4
#define BTBB_NOTEBOOK_HAS_TYPE      8 /* type_name, or "NULL" where packets has none */
#define BTBB_NOTEBOOK_UAP_SHIFT     8
#define BTBB_NOTEBOOK_NAP_SHIFT     16

/* A column of the table packets. */
struct btbb_database_column {
    const char *name;
    enum btbb_value_kind kind;
    btbb_packet_column *write;
};

/* The columns of the table packets that the view has. Free with g_array_unref(). */
GArray *btbb_database_packet_columns(void);

/* CREATE statements; free with g_free(). Indexes are apart, because rows are added faster without them. */
char *btbb_database_create_tables(void);
char *btbb_database_create_indexes(void);

/* "INSERT INTO packets (...) VALUES (?, ...)" for `capture`, `notebook` and these columns; free with g_free(). Its
 * parameters, counted from 0: */
enum btbb_database_parameter {
    BTBB_PARAMETER_CAPTURE,
    BTBB_PARAMETER_NOTEBOOK,
    BTBB_PARAMETER_COLUMNS, /* the first of the columns */
};
char *btbb_database_insert_packet(const GArray *columns);

#endif
