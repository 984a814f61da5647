/* csv-text.h: a text as a field of CSV.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CSV_TEXT_H
#define BTBB_CSV_TEXT_H

#include <glib.h>

/* Append a field, in quotes where RFC 4180 requires them. */
void btbb_csv_append(GString *line, const char *field);

#endif
