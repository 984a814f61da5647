/* decode-int.h: the parts of decode.h among themselves.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_DECODE_INT_H
#define BTBB_CORE_DECODE_INT_H

#include "decode.h"
#include "read_bits.h"

/* Read the fields of one encapsulation into facts that are all zero. */
void btbb_decode_legacy(const struct btbb_frame *frame, struct btbb_facts *facts);
void btbb_decode_rf(const struct btbb_frame *frame, struct btbb_facts *facts);

/* Enter a header of 18 bits, first on air = bit 0: LT_ADDR, TYPE, FLOW, ARQN, SEQN, HEC (6.4). */
void btbb_enter_header(struct btbb_facts *facts, uint32_t header18);

/* Find the packet kind, take the payload apart, check the CRC. Follows the HEC check; expects the facts of the payload
 * as decoding left them, or forgotten. */
void btbb_resolve_payload(const struct btbb_frame *frame, struct btbb_facts *facts, bool uap_known, uint8_t uap);
void btbb_forget_payload(struct btbb_facts *facts);

static inline bool btbb_lap_is_reserved(uint32_t lap)
{
    return lap >= BTBB_LAP_RESERVED_FIRST && lap <= BTBB_LAP_RESERVED_LAST;
}

#endif
