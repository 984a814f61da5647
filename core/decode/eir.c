/* eir.c: see eir.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/eir.h"

#include <string.h>

/* Data types (Assigned Numbers, 2.3). */
#define UUIDS_INCOMPLETE 0x02u
#define UUIDS_COMPLETE   0x03u
#define NAME_SHORTENED   0x08u
#define NAME_COMPLETE    0x09u
#define TX_POWER         0x0au
#define CLASS_OF_DEVICE  0x0du

static void read_name(struct btbb_span data, bool complete, struct btbb_eir *eir)
{
    if (eir->has_name && (eir->name_complete || !complete))
        return;
    while (data.length > 0 && data.bytes[data.length - 1] == 0)
        data.length--;
    eir->name = data;
    eir->has_name = true;
    eir->name_complete = complete;
}

static void read_uuids(struct btbb_span data, bool complete, struct btbb_eir *eir)
{
    if (eir->uuid_count > 0 || data.length % 2 != 0)
        return;
    for (uint32_t at = 0; at < data.length && eir->uuid_count < BTBB_EIR_UUIDS; at += 2)
        eir->uuids[eir->uuid_count++] = btbb_le16(data, at);
    eir->uuids_complete = complete;
}

static void read_structure(uint8_t type, struct btbb_span data, struct btbb_eir *eir)
{
    if (type == NAME_SHORTENED || type == NAME_COMPLETE) {
        read_name(data, type == NAME_COMPLETE, eir);
    } else if (type == UUIDS_INCOMPLETE || type == UUIDS_COMPLETE) {
        read_uuids(data, type == UUIDS_COMPLETE, eir);
    } else if (type == TX_POWER && data.length == 1 && !eir->has_tx_power) {
        eir->tx_power_dbm = (int8_t)btbb_u8(data, 0);
        eir->has_tx_power = true;
    } else if (type == CLASS_OF_DEVICE && data.length == 3 && !eir->has_class) {
        eir->class_of_device = btbb_le24(data, 0);
        eir->has_class = true;
    }
}

void btbb_eir_read(struct btbb_span data, struct btbb_eir *eir)
{
    const struct btbb_span response = btbb_part(data, 0, BTBB_EIR_BYTES);
    uint32_t at = 0;

    memset(eir, 0, sizeof *eir);
    while (at < response.length) {
        const uint32_t length = btbb_u8(response, at); /* of type and data */

        if (length == 0)
            return;
        if (!btbb_holds(response, at + 1, length)) {
            eir->cut = true;
            return;
        }
        read_structure(btbb_u8(response, at + 1), btbb_part(response, at + 2, length - 1), eir);
        at += 1 + length;
    }
}
