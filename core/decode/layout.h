/* layout.h: where the fields of each capture format lie, for the files that read them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LAYOUT_H
#define BTBB_CORE_LAYOUT_H

#include "decode/facts.h"
#include "decode/read-bits.h"

/* Legacy: CLK, channel, flags and header; bits of the flags. */
#define BTBB_LEGACY_HEADER_BYTES 9u
#define BTBB_LEGACY_CLK27        0x01u /* 27 clock bits known, otherwise 6 */
#define BTBB_LEGACY_NAP          0x02u /* 48 address bits known, otherwise 32 */

/* LINKTYPE 255: the pseudo-header, bits of its flags, the rate of an access code, the bits of the header word. */
#define BTBB_RF_HEADER_BYTES 22u
#define BTBB_RF_DEWHITENED   0x0001u
#define BTBB_RF_SIGNAL       0x0002u
#define BTBB_RF_NOISE        0x0004u
#define BTBB_RF_REF_LAP      0x0010u
#define BTBB_RF_PAYLOAD      0x0020u
#define BTBB_RF_REF_UAP      0x0080u
#define BTBB_RF_RATE_ID      0xffu
#define BTBB_HEADER_MASK     0x3ffffu

/* Bytes that the frame had, cut or not: a file may name fewer than it holds. */
static inline uint32_t btbb_reported(const struct btbb_frame *frame)
{
    return frame->reported > frame->captured ? frame->reported : frame->captured;
}

/* The LAP that a legacy frame has in its source address. */
static inline uint32_t btbb_legacy_lap(const struct btbb_frame *frame)
{
    return btbb_be24((struct btbb_span){frame->src, sizeof frame->src}, 3);
}

/* Whether a reserved bit is set in the header of a legacy frame: its bytes with TYPE and with FLOW, ARQN, SEQN. */
static inline bool btbb_legacy_header_reserved(uint8_t type, uint8_t flags)
{
    return (type & 0x80) || (flags & 0xf8);
}

static inline bool btbb_lap_is_reserved(uint32_t lap)
{
    return lap >= BTBB_LAP_RESERVED_FIRST && lap <= BTBB_LAP_RESERVED_LAST;
}

#endif
