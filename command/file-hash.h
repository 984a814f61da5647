/* file-hash.h: what identifies a capture, whatever its name: the hash of its bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_FILE_HASH_H
#define BTBB_COMMAND_FILE_HASH_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* SHA-256 in hexadecimal digits, as sha256sum prints it, and the number of bytes. NULL when the file cannot be read or
 * is no regular file, which could not be read twice, and when `stop` is set. Free with g_free(). */
char *btbb_file_hash(const char *path, const atomic_bool *stop, uint64_t *bytes);

#endif
