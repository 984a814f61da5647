/* import-none.c: import.h without SQLite or libgcrypt.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "import.h"

#define BUILT_WITHOUT "built without SQLite or libgcrypt (libsqlite3-dev, libgcrypt20-dev)"

bool btbb_import_probe(const struct btbb_command *command, char **error)
{
    (void)command;
    *error = g_strdup("format=sqlite is not available: btbb was " BUILT_WITHOUT);
    return false;
}

enum btbb_read_result btbb_import(const struct btbb_command *command, atomic_bool *stop, char **error)
{
    (void)stop;
    btbb_import_probe(command, error);
    return BTBB_READ_NOTHING;
}

char *btbb_import_library(void)
{
    return g_strdup("none, " BUILT_WITHOUT);
}
