/* report.h: the report: every picture of the statistics in one HTML file without network references.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_REPORT_H
#define BTBB_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "show/rows.h"

/* Write the report on `out`. The totals must have collected btbb_totals_needs() of the view. Keys that hold: min
 * (where clients are shown by all their packets), top (clients with a curve of their own), interval.
 * False, with *error for the user (g_free() it), when it cannot be made; what was written is then worthless.
 * Write errors are left to ferror(out). */
bool btbb_report_write(const struct btbb_options *options, const struct btbb_totals *totals,
                       const struct btbb_vendors *vendors, FILE *out, char **error);

#endif
