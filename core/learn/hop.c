/* hop.c: see hop.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/hop.h"

#define CONTROLS      14u
#define LOW_CONTROLS  9u
#define FIVE_BITS     0x1fu
#define NINE_BITS     0x1ffu
#define CLK1_OFFSET   32u /* Y2: added while CLK1 is set */
#define HIGH_STEP     16u /* F: 16 * CLK27-7 */
#define FIRST_ODD     1u
#define ADDRESS_PAIRS 7u

/* Which two bits each of P0 to P13 exchanges (2.6.2). */
static const uint8_t butterflies[CONTROLS][2] = {{0, 1}, {2, 3}, {1, 2}, {3, 4}, {0, 4}, {1, 3}, {0, 2},
                                                 {3, 4}, {1, 4}, {0, 3}, {2, 4}, {1, 3}, {0, 3}, {1, 2}};

unsigned btbb_hop_permute(unsigned z, unsigned high, unsigned low)
{
    const unsigned control = high << LOW_CONTROLS | low;

    for (unsigned k = CONTROLS; k-- > 0;) {
        const unsigned i = butterflies[k][0], j = butterflies[k][1];
        const unsigned differ = (z >> i ^ z >> j) & control >> k & 1;

        z ^= differ << i | differ << j;
    }
    return z;
}

/* Every second bit of the address, from bit `first` on. */
static uint8_t every_second_bit(uint32_t address, unsigned first, unsigned count)
{
    unsigned bits = 0;

    for (unsigned i = 0; i < count; i++)
        bits |= (address >> (first + 2 * i) & 1) << i;
    return (uint8_t)bits;
}

void btbb_hop_init(struct btbb_hop *hop, uint32_t lap, uint8_t uap)
{
    const uint32_t address = (lap & 0xffffff) | (uint32_t)(uap & 0xf) << 24;

    hop->a = address >> 23 & FIVE_BITS;
    hop->b = address >> 19 & 0xf;
    hop->c = every_second_bit(address, 0, 5);
    hop->d = address >> 10 & NINE_BITS;
    hop->e = every_second_bit(address, 1, ADDRESS_PAIRS);
}

void btbb_hop_map_order(struct btbb_hop_map *map)
{
    map->count = 0;
    for (unsigned first = 0; first <= FIRST_ODD; first++)
        for (unsigned channel = first; channel < BTBB_CHANNELS; channel += 2)
            if (map->used[channel])
                map->order[map->count++] = (uint8_t)channel;
}

unsigned btbb_hop_output(const struct btbb_hop *hop, uint32_t clk)
{
    const unsigned clk1 = clk & 1, x = clk >> 1 & FIVE_BITS;
    const unsigned a = hop->a ^ (clk >> 20 & FIVE_BITS);
    const unsigned c = hop->c ^ (clk >> 15 & FIVE_BITS);
    const unsigned d = hop->d ^ (clk >> 6 & NINE_BITS);
    const unsigned f = HIGH_STEP * ((clk & BTBB_CLOCK_MASK) >> BTBB_CLOCK_LOW_BITS);
    const unsigned z = ((x + a) & FIVE_BITS) ^ hop->b;

    return btbb_hop_permute(z, clk1 ? c ^ FIVE_BITS : c, d) + hop->e + f + (clk1 ? CLK1_OFFSET : 0);
}
