/* print.h: rows -> text, and the one call that does all a statistic has to show.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PRINT_H
#define BTBB_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "rows.h"

/* Show what `options` ask for: a table, CSV or JSON on `out`, or in options->file (written beside it and renamed, so
 * that the file is whole or untouched), or the report. False, with *error for the user (g_free() it), when it cannot be
 * shown or written; then nothing was written. Totals are only read: may be called again. */
bool btbb_print(const struct btbb_options *options, const struct btbb_totals *totals,
                const struct btbb_vendors *vendors, FILE *out, char **error);

/* One format each. The rows are rewound first. Write errors are left to ferror(out). */
void btbb_print_table(struct btbb_rows *rows, FILE *out);
void btbb_print_csv(struct btbb_rows *rows, FILE *out);
void btbb_print_json(struct btbb_rows *rows, FILE *out);

/* Whether options->file can be written: a temporary file beside it can be made. True without a file. */
bool btbb_print_probe(const struct btbb_options *options, char **error);

/* One value as CSV and JSON have it, without quotes; what BTBB_VALUE_NONE gives is empty. g_free() it. */
char *btbb_value_text(const struct btbb_value *value);

#endif
