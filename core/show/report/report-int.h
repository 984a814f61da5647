/* report-int.h: what the parts of the report share; nobody else includes it.
 *
 * The report is a page with one hole in it; the hole receives one JSON object with all numbers. The page's scripts
 * (report/model.js) read it; its members are described where they are written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_REPORT_INT_H
#define BTBB_REPORT_INT_H

#include "show/report/report.h"

/* Member `time` of the object: the time series, added up to a number of intervals that a screen can show.
 * `curves`: so many clients have a line of their own where all clients are shown together. */
void btbb_report_time(const struct btbb_options *options, const struct btbb_totals *totals, uint32_t curves, FILE *out);

/* A JSON string, quotes included, that no browser can take for markup. NULL gives "". */
void btbb_report_text(const char *text, FILE *out);

/* The page before and behind its hole; generated from report/ when the project is built. */
extern const unsigned char btbb_report_page[];
extern const uint32_t btbb_report_hole; /* bytes before the hole */
extern const uint32_t btbb_report_page_bytes;

#endif
