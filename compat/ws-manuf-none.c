/* ws-manuf-none.c: no manufacturer data, for a Wireshark that has neither the table nor the file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-manuf.h"

static void *each_prefix(btbb_vendor_each each, void *context)
{
    (void)each;
    (void)context;
    return NULL;
}

static const char *name_of(void **kept, uint64_t address)
{
    (void)kept;
    (void)address;
    return NULL;
}

const struct btbb_manuf btbb_ws_manuf = {.each = each_prefix, .name = name_of, .company = btbb_ws_company};
