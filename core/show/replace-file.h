/* replace-file.h: writes a file so that readers find its old content or the whole new one.
 *
 * A regular or new file is written under another name and renamed when it is complete; the old file keeps its place
 * until then, and the new one gets its permissions. Where the system can, the unfinished file has no name at all, so
 * nothing is left behind even when the program is killed. Everything else (pipes, devices, /dev/stdout, the file that
 * standard output is redirected to) is written in place.
 *
 * A symbolic link is followed as open() follows it, and refused when it leads nowhere.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_REPLACE_FILE_H
#define BTBB_REPLACE_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct btbb_new_file {
    FILE *stream;
    char *path;      /* what is replaced, links resolved; NULL when written in place */
    char *temporary; /* name until then; NULL while the file has none */
};

/* Open `path` for writing. Returns false and sets *error (one line, free with g_free()). */
bool btbb_new_file_open(struct btbb_new_file *file, const char *path, char **error);

/* Close the file. With `keep` it takes its place; otherwise, and when this fails, the old file stays. Returns false and
 * sets *error when `keep` is set and not everything could be written. */
bool btbb_new_file_close(struct btbb_new_file *file, const char *path, bool keep, char **error);

/* Whether btbb_new_file_open() would succeed. Refuses a file that is one of `inputs` (NULL-terminated paths; may be
 * NULL) or that this process has open for reading. Changes nothing. Sets *error. */
bool btbb_new_file_probe(const char *path, const char *const *inputs, char **error);

#endif
