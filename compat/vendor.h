/* vendor.h: where the views get vendor names from. An interface, so that the cores need no manufacturer data.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_VENDOR_H
#define BTBB_VENDOR_H

#include <stdint.h>

/* Called once per candidate. `prefix`: the assigned bits as the first bits of a 48-bit address, the rest zero;
 * `bits`: 24, 28 or 36. `name` is gone after the call. */
typedef void (*btbb_vendor_each)(void *context, uint64_t prefix, unsigned bits, const char *name);

struct btbb_vendors {
    /* Short name of the vendor of a full address, from the longest prefix (24, 28 or 36 bits); NULL when not assigned.
     * The text stays valid as long as the source. */
    const char *(*name)(void *data, uint16_t nap, uint8_t uap, uint32_t lap);

    /* Every vendor that a device with this UAP and LAP can be of, in the order of the prefixes. Group and local
     * prefixes are no BD_ADDR and left out. */
    void (*candidates)(void *data, uint8_t uap, uint32_t lap, btbb_vendor_each each, void *context);

    void *data;
};

#endif
