/* print.h: rows as text, one function per format.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PRINT_H
#define BTBB_PRINT_H

#include <stdio.h>

#include "show/rows.h"

/* The rows are rewound first. Write errors are left to ferror(out). */
void btbb_print_table(struct btbb_rows *rows, FILE *out);
void btbb_print_csv(struct btbb_rows *rows, FILE *out);
void btbb_print_json(struct btbb_rows *rows, FILE *out);
void btbb_print_ndjson(struct btbb_rows *rows, FILE *out);

#endif
