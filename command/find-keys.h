/* find-keys.h: the action `btbb keys`: lists link keys in captures of HCI, and in what BlueZ stores.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_FIND_KEYS_H
#define BTBB_COMMAND_FIND_KEYS_H

#include <stdatomic.h>
#include <stdbool.h>

/* Writes a key file (core/crypt/key-file.h) of the keys in `files` to standard output, each key once. A file is a
 * capture of HCI, a file "info" of BlueZ, or a folder with such files up to two levels below. Reports what cannot be
 * read, and files without keys. Returns whether every file was read to its end. */
bool btbb_find_keys(char **files, const atomic_bool *stop);

#endif
