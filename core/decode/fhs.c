/* fhs.c: see fhs.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/fhs.h"

#define PARITY_BITS 34
#define PARITY_MASK ((UINT64_C(1) << PARITY_BITS) - 1)

/* Scrambling sequence p0..p63 and generator of the expurgated block code (64,30), octal 260534236651; 6.3.3.1. */
#define SCRAMBLER UINT64_C(0x83848D96BBCC54FC)
#define GENERATOR UINT64_C(0x585713DA9)

/* Remainder of D^34 * information(D) modulo the generator, both of which have bit i as the coefficient of D^i. */
static uint64_t parity_of(uint64_t information)
{
    uint64_t rest = information << PARITY_BITS;

    for (int bit = 63; bit >= PARITY_BITS; bit--)
        if (rest >> bit & 1)
            rest ^= GENERATOR << (bit - PARITY_BITS);
    return rest;
}

uint64_t btbb_sync_word(uint32_t lap)
{
    /* a24..a29: the Barker sequence that follows the last LAP bit, 001101 or 110010, first bit lowest */
    const uint64_t barker = lap >> 23 & 1 ? 0x13 : 0x2c;
    const uint64_t information = (lap & 0xffffff) | barker << 24;
    const uint64_t parity = parity_of(information ^ SCRAMBLER >> PARITY_BITS);

    return information << PARITY_BITS | ((parity ^ SCRAMBLER) & PARITY_MASK);
}

struct btbb_fhs btbb_fhs_read(struct btbb_span body)
{
    const uint64_t first = btbb_le64(body, 0);
    const uint32_t last = btbb_le32(body, 14);
    struct btbb_fhs fhs = {
        .lap = first >> PARITY_BITS & 0xffffff,
        .uap = btbb_u8(body, 8),
        .nap = btbb_le16(body, 9),
        .class_of_device = btbb_le24(body, 11),
        .lt_addr = last & 7,
        .clk27_2 = last >> 3 & 0x3ffffff,
        .eir = first >> 58 & 1,
    };

    fhs.parity_good = (first & PARITY_MASK) == (btbb_sync_word(fhs.lap) & PARITY_MASK);
    return fhs;
}
