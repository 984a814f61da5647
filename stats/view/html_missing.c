/* html_missing.c: stands where the report will be.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "html.h"

#include <glib.h>

bool btbb_report_write(const struct btbb_options *options, const struct btbb_totals *totals,
                       const struct btbb_vendors *vendors, FILE *out, char **error)
{
    (void)options;
    (void)totals;
    (void)vendors;
    (void)out;
    *error = g_strdup("this build cannot write reports");
    return false;
}
