/* report.h: the report: all figures of the statistics in one HTML file without references to the network.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_REPORT_H
#define BTBB_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "show/rows.h"

/* Write the report to `out`. The totals must have collected btbb_totals_needs() of the view. Connections are shown when
 * `source` has some. The keys min (of figures that show clients by all their packets), top (clients with a curve of
 * their own) and interval apply. Returns false and sets *error (free with g_free()) when the report cannot be made; the
 * output is incomplete then. Write errors are left to ferror(out). */
bool btbb_report_write(const struct btbb_options *options, const struct btbb_source *source, FILE *out, char **error);

#endif
