/* ws-manuf-table.c: manufacturer data of Wireshark 4.2 and later, compiled into its library.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-manuf.h"

#include "vendors/manuf.h"

#include <wireshark.h>

#include <stdio.h>
#include <stdlib.h>

/* Exported, but declared in no header that is installed. Prints what `tshark -G manuf` prints. Of all functions around
 * this table it and the next show no layout, so that a new layout cannot break them. */
void ws_manuf_dump(FILE *stream);

/* Likewise: the short name, by the longest prefix. */
const char *ws_manuf_lookup_str(const uint8_t address[6], const char **long_name);

static void *each_prefix(btbb_vendor_each each, void *context)
{
    char *printed = NULL, *text;
    size_t length = 0;
    FILE *memory = open_memstream(&printed, &length);

    if (!memory)
        return NULL;
    ws_manuf_dump(memory);
    text = fclose(memory) == 0 ? g_strndup(printed, length) : NULL;
    free(printed);
    return btbb_manuf_read(text, each, context);
}

static const char *name_of(void **kept G_GNUC_UNUSED, uint64_t address)
{
    uint8_t bytes[6];

    for (int i = 0; i < 6; i++)
        bytes[i] = (uint8_t)(address >> (40 - 8 * i));
    return ws_manuf_lookup_str(bytes, NULL);
}

const struct btbb_manuf btbb_ws_manuf = {.each = each_prefix, .name = name_of, .company = btbb_ws_company};
