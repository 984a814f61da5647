/* json-text.h: the one function that writes JSON strings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_JSON_TEXT_H
#define BTBB_JSON_TEXT_H

#include <glib.h>

/* Append `text` as a JSON string, quotes included. Control characters and the characters in `also` become \u00xx.
 * Invalid UTF-8 is replaced by U+FFFD. NULL gives "". */
void btbb_json_append(GString *json, const char *text, const char *also);

#endif
