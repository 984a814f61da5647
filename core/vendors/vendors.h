/* vendors.h: vendor names for BD_ADDRs.
 *
 * Manufacturer data come from outside (struct btbb_manuf): the core holds none. The first lookup loads the data, and
 * only btbb_vendors.candidates() loads all of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_VENDORS_H
#define BTBB_VENDORS_H

#include <stdint.h>

/* Called once per vendor. `prefix`: the assigned bits as the first bits of a 48-bit address, the rest zero; `bits`: 24,
 * 28 or 36. `name` is valid during the call. */
typedef void (*btbb_vendor_each)(void *context, uint64_t prefix, unsigned bits, const char *name);

/* Where manufacturer data come from; see manuf.h for implementations of both functions. */
struct btbb_manuf {
    /* Calls `each` for every assigned prefix of 24, 28 or 36 bits, in any order; never when there are no data. The
     * names stay valid until the returned memory is freed with g_free(); NULL: for the life of the program. */
    void *(*each)(btbb_vendor_each each, void *context);

    /* Short name of the vendor of one 48-bit address, by the longest prefix of 24, 28 or 36 bits; NULL when not
     * assigned. Does not read all data. `*kept` is NULL at the first call and owned by the function; free it with
     * g_free() after the last call. The names stay valid for the life of the program. */
    const char *(*name)(void **kept, uint64_t address);

    /* Name of a company, see btbb_vendors.company. NULL: no names. */
    const char *(*company)(uint16_t identifier);
};

/* In place of a NAP that is not known. */
#define BTBB_NAP_ANY UINT32_C(0x10000)

struct btbb_vendors {
    /* Short name of the vendor of a full address, from the longest prefix (24, 28 or 36 bits); NULL when not assigned.
     * The text stays valid until btbb_vendors_free(). */
    const char *(*name)(void *data, uint16_t nap, uint8_t uap, uint32_t lap);

    /* Every vendor that a device with this address can belong to, ordered by prefix: at most one when the NAP is known,
     * otherwise (BTBB_NAP_ANY) one for each NAP. Group and local prefixes cannot be part of a BD_ADDR and are left out.
     * Reads all data. */
    void (*candidates)(void *data, uint32_t nap, uint8_t uap, uint32_t lap, btbb_vendor_each each, void *context);

    /* Name of the company with an identifier of the Bluetooth Assigned Numbers, for the life of the program; NULL when
     * not assigned. The member itself may be NULL. */
    const char *(*company)(void *data, uint16_t identifier);

    void *data;
};

/* Names from `manuf`, which must stay valid. Free with btbb_vendors_free(), which accepts NULL. */
struct btbb_vendors *btbb_vendors_new(const struct btbb_manuf *manuf);
void btbb_vendors_free(struct btbb_vendors *vendors);

#endif
