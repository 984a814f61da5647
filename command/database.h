/* database.h: packets and totals of captures -> a SQLite database, all of it or nothing.
 *
 *     struct btbb_database *database = btbb_database_open(path, &error);
 *     capture.id = btbb_database_next_capture(database);
 *     btbb_database_add_packet(database, capture.id, &details);      for every packet
 *     btbb_database_add_rows(database, capture.id, "clients", rows);
 *     btbb_database_add_capture(database, &capture, summary);
 *     btbb_database_close(database, true, &error);
 *
 * A new database is written under another name, and gets its own when it is complete. In an existing one everything is
 * one transaction: SQLite takes an unfinished one back when the database is opened the next time. A function that fails
 * makes all later ones fail, and btbb_database_close() reports why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_DATABASE_H
#define BTBB_COMMAND_DATABASE_H

#include "record.h"
#include "show/rows.h"

struct btbb_database;

struct btbb_database_capture {
    int64_t id;
    const char *file;
    const char *sha256; /* of the file's bytes, hexadecimal; NULL: not known */
    uint64_t bytes;     /* size of the file; valid when sha256 */
    bool complete;      /* read to its end */
};

/* Opens the database, or begins a new one. Returns NULL and sets *error (one line, free with g_free()) when it cannot
 * be written or is not one of ours. */
struct btbb_database *btbb_database_open(const char *path, char **error);

/* The capture with this hash: its number, and the name that it was read from (free with g_free()). 0: there is none. */
int64_t btbb_database_find_capture(struct btbb_database *database, const char *sha256, char **file);

/* A number that no capture has. */
int64_t btbb_database_next_capture(struct btbb_database *database);

/* Removes a capture and all that was added with it. */
bool btbb_database_remove_capture(struct btbb_database *database, int64_t capture);

bool btbb_database_add_packet(struct btbb_database *database, int64_t capture, const struct btbb_details *details);

/* Adds all rows to a table of database-schema.h. */
bool btbb_database_add_rows(struct btbb_database *database, int64_t capture, const char *table, struct btbb_rows *rows);

/* Adds the capture itself, with the rows of the view summary. */
bool btbb_database_add_capture(struct btbb_database *database, const struct btbb_database_capture *capture,
                               struct btbb_rows *summary);

/* Keeps everything that was added, or nothing without `keep`. Frees `database`. Returns false and sets *error when
 * something could not be written; nothing is kept then. */
bool btbb_database_close(struct btbb_database *database, bool keep, char **error);

/* "SQLite 3.40.1": the library in use. Free with g_free(). */
char *btbb_database_library(void);

#endif
