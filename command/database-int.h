/* database-int.h: shared by the files that open and fill a database.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_DATABASE_INT_H
#define BTBB_COMMAND_DATABASE_INT_H

#include <sqlite3.h>

#include "database-schema.h"
#include "database.h"

/* Values that no column of numbers has. */
#define BTBB_BOUND_OTHER INT64_MIN /* a text or a decimal */
#define BTBB_BOUND_NULL  (INT64_MIN + 1)

struct btbb_database {
    char *path;
    char *temporary; /* of a new database: its name until it is complete; otherwise NULL */
    int locked;      /* the temporary file, for its lock; valid with `temporary` */
    bool created;    /* the tables are new, so their indexes do not exist yet */
    sqlite3 *sqlite;
    char *error;     /* why it failed; NULL: it has not */
    GArray *columns; /* of packets: struct btbb_database_column */
    sqlite3_stmt *packet;
    int64_t *bound; /* what each of its parameters holds: a number, or one of the BTBB_BOUND_... */
    char *row;      /* texts of the packet that is added: BTBB_PACKET_TEXT bytes for each column, and for a name more */
    struct btbb_packet_texts texts;
};

/* Keeps SQLite's message for the failure of the last call. Returns false. */
bool btbb_database_failed(struct btbb_database *database);

/* Locks a temporary file as one that is being written. Returns false when another program has done so. */
bool btbb_database_lock(int fd);

/* Removes the temporary files of programs that were killed while they made a database at this path. */
void btbb_database_remove_stale(const char *path);

#endif
