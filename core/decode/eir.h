/* eir.h: the Extended Inquiry Response (Core Specification Vol 3 Part C, section 8; its data types: Supplement to the
 * Core Specification, Part A). Pure.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_EIR_H
#define BTBB_CORE_EIR_H

#include "decode/read-bits.h"

#define BTBB_EIR_BYTES 240u /* the whole response (8.1.1); what follows is not read */
#define BTBB_EIR_UUIDS 119u /* most 16-bit UUIDs that fit into it */

/* What a response announces. Of several structures of one kind the first counts, but a complete name replaces a
 * shortened one. All zero: nothing. */
struct btbb_eir {
    struct btbb_span name; /* into the caller's bytes, without NULs at its end; as received, see printable.h */
    bool has_name;
    bool name_complete; /* false: shortened */
    bool has_class;
    bool has_tx_power;
    bool uuids_complete; /* of the 16-bit UUIDs */
    bool cut;            /* a structure announces more bytes than there are; it is not read */
    uint8_t uuid_count;
    int8_t tx_power_dbm;
    uint32_t class_of_device; /* 24 bits (Assigned Numbers, 2.8) */
    uint16_t uuids[BTBB_EIR_UUIDS];
};

/* Read the structures up to the first of length zero, the end of the data or BTBB_EIR_BYTES. A structure of the wrong
 * length for its type is ignored. */
void btbb_eir_read(struct btbb_span data, struct btbb_eir *eir);

#endif
