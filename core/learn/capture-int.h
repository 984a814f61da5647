/* capture-int.h: what capture.c and fast-path.c share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CAPTURE_INT_H
#define BTBB_CORE_CAPTURE_INT_H

#include "learn/capture.h"
#include "learn/piconet.h"
#include "learn/repeats.h"

#define BTBB_TYPE_POLL 1u
#define BTBB_TYPE_FHS  2u

struct btbb_capture {
    struct btbb_piconets piconets;
    struct btbb_repeats repeats;
    uint32_t newest; /* the highest frame number learned */
};

/* The usual packet: its HEC is good with this UAP, which is the one held already, and it names no more. */
static inline bool btbb_piconet_confirms(const struct btbb_piconet *piconet, uint8_t uap, bool nap_known, uint16_t nap)
{
    const struct btbb_address *held = &piconet->held;

    return uap == held->uap && btbb_address_weight(held) > BTBB_RANK_UAP_PROVEN &&
           (!nap_known || (held->rank == BTBB_RANK_NAP && held->nap == nap));
}

/* What a packet with good HEC says against its clock: that of a piconet has CLK1 clear where the Central polls, and no
 * more bits than it announces. */
static inline enum btbb_dir_reason btbb_clk_doubt(uint8_t type, uint32_t clk, bool six_bits)
{
    if (type == BTBB_TYPE_POLL && (clk & 1))
        return BTBB_DIR_POLL_CONTRADICTS;
    return six_bits && clk > 0x3f ? BTBB_DIR_CLK_TOO_WIDE : BTBB_DIR_GIVEN;
}

#endif
