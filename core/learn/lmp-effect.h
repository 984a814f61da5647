/* lmp-effect.h: which LMP PDUs change what is known of addresses, names and roles, by their first two bytes. The fast
 * paths leave packets with such PDUs to the link tracker, and others out.
 *
 * Sources: Core Specification Vol 2 Part C, 4.1.1 (how a connection begins), 4.3.5 (names), 4.4.2 (role switch); the
 * rules of links.c and link-find.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LMP_EFFECT_H
#define BTBB_CORE_LMP_EFFECT_H

#include "decode/lmp.h"
#include "decode/read-bits.h"

enum btbb_lmp_effect {
    BTBB_LMP_EFFECT_NONE,
    BTBB_LMP_EFFECT_NAME, /* a name, or it may begin a new connection of devices that were connected before */
    BTBB_LMP_EFFECT_LINK  /* the connection */
};

/* `pdu` begins with the opcode; it may be empty, or longer than the PDU. */
static inline enum btbb_lmp_effect btbb_lmp_effect(struct btbb_span pdu)
{
    const uint8_t second = btbb_u8(pdu, 1) & 0x7f;

    if (pdu.length == 0)
        return BTBB_LMP_EFFECT_LINK;
    switch (btbb_u8(pdu, 0) >> 1) {
    case BTBB_LMP_NAME_REQ:
    case BTBB_LMP_NAME_RES:
    case BTBB_LMP_CLKOFFSET_REQ:
    case BTBB_LMP_VERSION_REQ:
    case BTBB_LMP_FEATURES_REQ:
        return BTBB_LMP_EFFECT_NAME;
    case BTBB_LMP_DETACH:
    case BTBB_LMP_SWITCH_REQ:
    case BTBB_LMP_SETUP_COMPLETE:
    case BTBB_LMP_HOST_CONNECTION_REQ:
    case BTBB_LMP_SLOT_OFFSET:
        return BTBB_LMP_EFFECT_LINK;
    case BTBB_LMP_ACCEPTED:
    case BTBB_LMP_NOT_ACCEPTED:
        return second == BTBB_LMP_SWITCH_REQ ? BTBB_LMP_EFFECT_LINK : BTBB_LMP_EFFECT_NONE;
    case BTBB_LMP_ESCAPED >> 8:
        return second == (BTBB_LMP_FEATURES_REQ_EXT & 0x7f) ? BTBB_LMP_EFFECT_NAME : BTBB_LMP_EFFECT_NONE;
    default:
        return BTBB_LMP_EFFECT_NONE;
    }
}

#endif
