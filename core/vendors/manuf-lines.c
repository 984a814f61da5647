/* manuf-lines.c: lines "00:1B:C5:00:00:00/36 <tab> short name <tab> long name" of manufacturer data.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "vendors/manuf.h"

#include <glib.h>
#include <string.h>

/* Value of a hex digit, or -1; a look-up, for this is done half a million times. */
static inline int hex_digit(char digit)
{
    return digit >= '0' && digit <= '9' ? digit - '0' : g_ascii_xdigit_value(digit);
}

/* Two hex digits for each byte, separated by ':', '-' or '.'; after a '/' the number of bits. Otherwise false. */
bool btbb_manuf_read_prefix(const char *text, uint64_t *prefix, unsigned *bits)
{
    unsigned bytes = 0;
    int high, low;

    for (*prefix = 0; bytes < 6 && (high = hex_digit(text[0])) >= 0 && (low = hex_digit(text[1])) >= 0; bytes++) {
        *prefix |= (uint64_t)(high << 4 | low) << (40 - 8 * bytes);
        text += 2;
        text += *text == ':' || *text == '-' || *text == '.';
    }
    *bits = bytes * 8;
    if (*text == '/')
        *bits = g_ascii_isdigit(text[1]) ? (unsigned)(text[1] - '0') * 10 + (unsigned)(text[2] - '0') : 0;
    return *bits == 24 || *bits == 28 || *bits == 36;
}

/* `line` ends with a NUL, and so will the name. */
static void read_line(char *line, btbb_vendor_each each, void *context)
{
    uint64_t prefix;
    unsigned bits;
    char *name, *end;

    if (!btbb_manuf_read_prefix(line, &prefix, &bits))
        return;
    name = strchr(line, '\t');
    if (!name)
        return;
    name++;
    end = strchr(name, '\t');
    if (!end)
        end = name + strlen(name);
    while (end > name && end[-1] == ' ')
        end--;
    *end = '\0';
    if (*name != '\0')
        each(context, prefix, bits, name);
}

void *btbb_manuf_read(char *text, btbb_vendor_each each, void *context)
{
    char *line, *end;

    if (!text)
        return NULL;
    for (line = text; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        read_line(line, each, context);
    }
    read_line(line, each, context);
    return text;
}
