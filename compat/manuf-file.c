/* manuf-file.c: manufacturer data of Wireshark 4.0: lines "00:1B:C5:00:00:00/36 <tab> short name <tab> long name".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "manuf.h"

#include <wireshark.h>
#include <wsutil/filesystem.h>

#include <stdio.h>
#include <string.h>

/* Two hex digits for each byte, separated by ':', '-' or '.'; behind a '/' the number of bits. False: no such line. */
static bool read_prefix(const char *text, uint64_t *prefix, unsigned *bits)
{
    unsigned bytes = 0;

    for (*prefix = 0; bytes < 6 && g_ascii_isxdigit(text[0]) && g_ascii_isxdigit(text[1]); bytes++) {
        *prefix |= (uint64_t)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1])) << (40 - 8 * bytes);
        text += 2;
        text += *text != '\0' && strchr(":-.", *text) != NULL;
    }
    *bits = *text == '/' ? (unsigned)g_ascii_strtoull(text + 1, NULL, 10) : bytes * 8;
    return *bits == 24 || *bits == 28 || *bits == 36;
}

static void read_line(char *line, btbb_vendor_each each, void *context)
{
    char *tab = strchr(line, '\t');
    uint64_t prefix;
    unsigned bits;

    if (!tab || !read_prefix(line, &prefix, &bits))
        return;
    tab++;
    tab[strcspn(tab, "\t\r\n")] = '\0';
    if (*tab != '\0')
        each(context, prefix, bits, tab);
}

void btbb_manuf_each(btbb_vendor_each each, void *context)
{
    char *path = get_datafile_path("manuf");
    FILE *file = fopen(path, "r");
    char line[1024];

    g_free(path);
    if (!file)
        return;
    while (fgets(line, sizeof line, file))
        read_line(line, each, context);
    fclose(file);
}
