/* output.h: everything that a statistic shows, written to a stream or a file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_OUTPUT_H
#define BTBB_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "show/rows.h"

/* Write a table, CSV, JSON or the report to options->file (see replace-file.h), or to `out` when there is no file. The
 * source is only read, so this may be called again. Returns false and sets *error (one line, free with g_free()) when
 * the view cannot be shown or not everything could be written; a file then keeps its old content. */
bool btbb_print(const struct btbb_options *options, const struct btbb_source *source, FILE *out, char **error);

/* Bring what was printed to its reader. Returns false and sets *error when not everything could be written. */
bool btbb_print_finish(FILE *out, char **error);

/* Whether options->file can be written; true without a file. Refuses a file that is one of `inputs` (NULL-terminated
 * paths of captures; may be NULL) or that this process reads. Sets *error. */
bool btbb_print_probe(const struct btbb_options *options, const char *const *inputs, char **error);

#endif
