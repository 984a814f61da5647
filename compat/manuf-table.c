/* manuf-table.c: manufacturer data of Wireshark 4.4 and later.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "manuf.h"

#include <epan/manuf.h>

void *btbb_manuf_each(btbb_vendor_each each, void *context)
{
    ws_manuf_iter_t iterator;
    struct ws_manuf manuf;

    ws_manuf_iter_init(&iterator);
    while (ws_manuf_iter_next(&iterator, &manuf)) {
        uint64_t prefix = 0;

        for (size_t i = 0; i < sizeof manuf.block; i++)
            prefix |= (uint64_t)manuf.block[i] << (40 - 8 * i);
        each(context, prefix, manuf.mask, manuf.short_name);
    }
    return NULL;
}
