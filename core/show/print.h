/* print.h: rows -> text, in one format each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PRINT_H
#define BTBB_PRINT_H

#include <stdio.h>

#include "show/rows.h"

/* One format each. The rows are rewound first. Write errors are left to ferror(out). */
void btbb_print_table(struct btbb_rows *rows, FILE *out);
void btbb_print_csv(struct btbb_rows *rows, FILE *out);
void btbb_print_json(struct btbb_rows *rows, FILE *out);

/* One value as CSV and JSON have it, without quotes; what BTBB_VALUE_NONE gives is empty. g_free() it. */
char *btbb_value_to_text(const struct btbb_value *value);

#endif
