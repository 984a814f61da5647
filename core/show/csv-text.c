/* csv-text.c: see csv-text.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/csv-text.h"

#include <string.h>

void btbb_csv_append(GString *line, const char *field)
{
    if (field[strcspn(field, ",\"\r\n")] == '\0') {
        g_string_append(line, field);
        return;
    }
    g_string_append_c(line, '"');
    for (; *field; field++) {
        if (*field == '"')
            g_string_append_c(line, '"');
        g_string_append_c(line, *field);
    }
    g_string_append_c(line, '"');
}
