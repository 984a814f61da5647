/* json-text.c: JSON strings (RFC 8259, section 7).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/json-text.h"

#include <string.h>

void btbb_json_append(GString *json, const char *text, const char *also)
{
    char *repaired = text && !g_utf8_validate(text, -1, NULL) ? g_utf8_make_valid(text, -1) : NULL;

    g_string_append_c(json, '"');
    for (const char *at = repaired ? repaired : text ? text : ""; *at; at++) {
        unsigned char c = (unsigned char)*at;

        if (c == '"' || c == '\\')
            g_string_append_printf(json, "\\%c", c);
        else if (c < 0x20 || c == 0x7f || strchr(also, c))
            g_string_append_printf(json, "\\u%04x", c);
        else
            g_string_append_c(json, (char)c);
    }
    g_string_append_c(json, '"');
    g_free(repaired);
}
