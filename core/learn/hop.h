/* hop.h: the hop selection kernel of the connection state, 79 channels (Core Specification Vol 2 Part B, 2.6). Pure.
 *
 * Clocks are the piconet's CLK27-1 as a number: 625 us units, 27 bits, bit 0 = CLK1 (0: the Central may start to send).
 * Higher bits are ignored.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_HOP_H
#define BTBB_CORE_HOP_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

#define BTBB_CLOCK_BITS 27u
#define BTBB_CLOCK_MASK ((UINT32_C(1) << BTBB_CLOCK_BITS) - 1)

/* The kernel takes CLK27-7 apart from the six bits below: it changes every 64 slots. */
#define BTBB_CLOCK_LOW_BITS  6u
#define BTBB_CLOCK_HIGH_MASK (BTBB_CLOCK_MASK >> BTBB_CLOCK_LOW_BITS)

/* Inputs A to E of the kernel as far as the Central's address gives them (2.6.4). */
struct btbb_hop {
    uint8_t a;  /* A27-23 */
    uint8_t b;  /* A22-19 */
    uint8_t c;  /* A8,6,4,2,0 */
    uint8_t e;  /* A13,11,9,7,5,3,1 */
    uint16_t d; /* A18-10 */
};

/* The channels that adaptive frequency hopping uses (2.3). */
struct btbb_hop_map {
    uint8_t used[BTBB_CHANNELS];  /* 1: used */
    uint8_t order[BTBB_CHANNELS]; /* the used ones as the kernel counts them: even ones first, ascending */
    uint8_t count;                /* 0..79 */
};

/* Of the UAP, the kernel takes the low four bits only. */
void btbb_hop_init(struct btbb_hop *hop, uint32_t lap, uint8_t uap);

/* Fill `order` and `count` from `used`. */
void btbb_hop_map_order(struct btbb_hop_map *map);

/* The output of the kernel in the slot that starts at `clk`: modulo the number of channels, the place in the register
 * from which the channel is taken (2.6.2). */
unsigned btbb_hop_output(const struct btbb_hop *hop, uint32_t clk);

/* The channel at place `index` (0..78) of the register of all channels: even ones first. */
static inline unsigned btbb_hop_channel_at(unsigned index)
{
    return 2 * index % BTBB_CHANNELS;
}

/* The reverse. */
static inline unsigned btbb_hop_index_of(unsigned channel)
{
    return 40 * channel % BTBB_CHANNELS; /* 2 * 40 = 79 + 1 */
}

/* RF channel of the basic sequence in the slot that starts at `clk`. */
static inline unsigned btbb_hop_basic(const struct btbb_hop *hop, uint32_t clk)
{
    return btbb_hop_channel_at(btbb_hop_output(hop, clk) % BTBB_CHANNELS);
}

/* RF channel of a transmission by the Central that starts at `clk` (CLK1 is ignored), before channels are remapped. The
 * Peripheral's packet that follows has the same one (same channel mechanism, 2.3). */
static inline unsigned btbb_hop_central(const struct btbb_hop *hop, uint32_t clk)
{
    return btbb_hop_basic(hop, clk & ~UINT32_C(1));
}

/* The channel to which an unused one is remapped at `clk` (CLK1 is ignored; 2.6.3). map->count must not be 0. */
static inline unsigned btbb_hop_remapped(const struct btbb_hop *hop, uint32_t clk, const struct btbb_hop_map *map)
{
    return map->order[btbb_hop_output(hop, clk & ~UINT32_C(1)) % map->count];
}

/* RF channel of the adapted sequence for the Central's transmission at `clk`. map->count must not be 0. */
static inline unsigned btbb_hop_adapted(const struct btbb_hop *hop, uint32_t clk, const struct btbb_hop_map *map)
{
    const unsigned channel = btbb_hop_central(hop, clk);

    return map->used[channel] ? channel : btbb_hop_remapped(hop, clk, map);
}

/* The permutation (2.6.2) of the bits of `z`, 0..31, by five control bits P13-9 and nine control bits P8-0. */
unsigned btbb_hop_permute(unsigned z, unsigned high, unsigned low);

#endif
