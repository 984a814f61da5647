/* report-int.h: shared by the parts of the report.
 *
 * The report is a page with one placeholder, which is replaced by a JSON object with all numbers. The scripts of the
 * page (model.js) read it. Its members are described where they are written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_REPORT_INT_H
#define BTBB_REPORT_INT_H

#include "show/report/report.h"

/* Write the member `time` of the object: the time series, added up to as many intervals as a screen can show. `curves`:
 * number of clients with a curve of their own in the figure of all clients. */
void btbb_report_time(const struct btbb_options *options, const struct btbb_totals *totals, uint32_t curves, FILE *out);

/* Write the member `maps`: [[LAP, part, "hops" or "LMP", frame, from, to, used, known] ...], times in seconds, channels
 * as in the column `map` of the view piconets. */
void btbb_report_maps(const struct btbb_options *options, const struct btbb_source *source, FILE *out);

/* Write a JSON string, quotes included, that no browser can take for markup. NULL gives "". */
void btbb_report_text(const char *text, FILE *out);

/* Write nanoseconds as a JSON number of seconds. */
void btbb_report_seconds(int64_t ns, FILE *out);

/* The page without its placeholder, made from the files of this folder when the project is built. */
extern const unsigned char btbb_report_page[];
extern const uint32_t btbb_report_hole; /* bytes before the placeholder */
extern const uint32_t btbb_report_page_bytes;

#endif
