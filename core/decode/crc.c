/* crc.c: payload CRC by tables, four bytes at a time.
 *
 * A table entry is the xor of the entries of its set bits, so eight constants define a table:
 * advance[k][x] is the register x after k + 1 zero bytes, back[x] the register x << 8 before one zero byte.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/crc.h"

#define BIT(x, i, value) (((x) >> (i)&1) ? (value) : 0)
#define ENTRY(x, a, b, c, d, e, f, g, h)                                                                               \
    (uint16_t)(BIT(x, 0, a) ^ BIT(x, 1, b) ^ BIT(x, 2, c) ^ BIT(x, 3, d) ^ BIT(x, 4, e) ^ BIT(x, 5, f) ^               \
               BIT(x, 6, g) ^ BIT(x, 7, h))
#define ENTRIES4(x, ...)                                                                                               \
    ENTRY(x, __VA_ARGS__), ENTRY((x) + 1, __VA_ARGS__), ENTRY((x) + 2, __VA_ARGS__), ENTRY((x) + 3, __VA_ARGS__)
#define ENTRIES16(x, ...)                                                                                              \
    ENTRIES4(x, __VA_ARGS__), ENTRIES4((x) + 4, __VA_ARGS__), ENTRIES4((x) + 8, __VA_ARGS__),                          \
        ENTRIES4((x) + 12, __VA_ARGS__)
#define ENTRIES64(x, ...)                                                                                              \
    ENTRIES16(x, __VA_ARGS__), ENTRIES16((x) + 16, __VA_ARGS__), ENTRIES16((x) + 32, __VA_ARGS__),                     \
        ENTRIES16((x) + 48, __VA_ARGS__)
#define TABLE(...)                                                                                                     \
    {                                                                                                                  \
        ENTRIES64(0, __VA_ARGS__), ENTRIES64(64, __VA_ARGS__), ENTRIES64(128, __VA_ARGS__),                            \
            ENTRIES64(192, __VA_ARGS__)                                                                                \
    }

static const uint16_t advance[4][256] = {
    TABLE(0x1189, 0x2312, 0x4624, 0x8c48, 0x1081, 0x2102, 0x4204, 0x8408),
    TABLE(0x19d8, 0x33b0, 0x6760, 0xcec0, 0x9591, 0x2333, 0x4666, 0x8ccc),
    TABLE(0x5adc, 0xb5b8, 0x6361, 0xc6c2, 0x8595, 0x033b, 0x0676, 0x0cec),
    TABLE(0x1cbb, 0x3976, 0x72ec, 0xe5d8, 0xc3a1, 0x8f53, 0x16b7, 0x2d6e),
};

static const uint16_t back[256] = TABLE(0x0811, 0x1022, 0x2044, 0x4088, 0x8110, 0x0a31, 0x1462, 0x28c4);

static uint8_t reverse_bits(uint8_t byte)
{
    byte = (uint8_t)((byte & 0x55) << 1 | (byte >> 1 & 0x55));
    byte = (uint8_t)((byte & 0x33) << 2 | (byte >> 2 & 0x33));
    return (uint8_t)(byte << 4 | byte >> 4);
}

uint16_t btbb_crc_start(uint8_t uap)
{
    return (uint16_t)(reverse_bits(uap) << 8);
}

uint16_t btbb_crc_run(uint16_t state, struct btbb_span data)
{
    const uint8_t *byte = data.bytes;
    uint32_t left = data.length;

    for (; left >= 4; left -= 4, byte += 4) {
        state ^= (uint16_t)(byte[0] | byte[1] << 8);
        state = advance[3][state & 0xff] ^ advance[2][state >> 8] ^ advance[1][byte[2]] ^ advance[0][byte[3]];
    }
    for (; left > 0; left--, byte++)
        state = (uint16_t)(state >> 8 ^ advance[0][(state ^ *byte) & 0xff]);
    return state;
}

uint16_t btbb_crc_back(uint16_t state, struct btbb_span data)
{
    for (uint32_t i = data.length; i > 0; i--)
        state = (uint16_t)((uint16_t)(state << 8) ^ back[state >> 8] ^ data.bytes[i - 1]);
    return state;
}

bool btbb_crc_implied_uap(struct btbb_span data, uint16_t crc, uint8_t *uap)
{
    const uint16_t start = btbb_crc_back(crc, data);

    *uap = reverse_bits((uint8_t)(start >> 8));
    return (start & 0xff) == 0;
}
