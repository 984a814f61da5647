/* output.h: everything a statistic shows, written to a stream or a file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_OUTPUT_H
#define BTBB_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "show/rows.h"

/* Show what `options` ask for: a table, CSV or JSON on `out`, or in options->file (written beside it and renamed, so
 * that the file is whole or untouched), or the report. False, with *error for the user (g_free() it), when it cannot be
 * shown or written; then nothing was written. Totals are only read: may be called again. */
bool btbb_print(const struct btbb_options *options, const struct btbb_totals *totals,
                const struct btbb_vendors *vendors, FILE *out, char **error);

/* Whether options->file can be written: a temporary file beside it can be made. True without a file. */
bool btbb_print_probe(const struct btbb_options *options, char **error);

#endif
