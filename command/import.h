/* import.h: captures -> a SQLite database, for the view packets with format=sqlite.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_IMPORT_H
#define BTBB_COMMAND_IMPORT_H

#include "options.h"
#include "read.h"

/* Whether the database can be written; otherwise sets *error (one line, free with g_free()). Reads no capture. */
bool btbb_import_probe(const struct btbb_command *command, char **error);

/* Reads the files one after the other and adds their packets and counts to the database command->options.file, all of
 * them or none. Ends early, and adds none, when `stop` is set. Reports files that were not read, and those that the
 * database already has. Returns the worst result; sets *error when nothing was written because something failed. */
enum btbb_read_result btbb_import(const struct btbb_command *command, atomic_bool *stop, char **error);

/* For --version: "SQLite 3.40.1", or why there is none. Free with g_free(). */
char *btbb_import_library(void);

#endif
