/* safer.c: see safer.h. Runs a few times for each connection, so its tables are computed instead of stored.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "crypt/safer.h"

#include <stdbool.h>
#include <string.h>

#define ROUNDS     8
#define SUBKEYS    (2 * ROUNDS + 1)
#define BLOCK      ((int)BTBB_SAFER_BYTES)
#define KEY_CIRCLE (BLOCK + 1) /* the key and the exclusive or of its bytes */

struct boxes {
    uint8_t exp[256]; /* 45^i mod 257, where 256 is written as 0 */
    uint8_t log[256]; /* its inverse */
};

static void build_boxes(struct boxes *boxes)
{
    unsigned power = 1;

    for (unsigned i = 0; i < 256; i++) {
        boxes->exp[i] = (uint8_t)power;
        boxes->log[power & 0xff] = (uint8_t)i;
        power = power * 45 % 257;
    }
}

/* The bytes of a block are treated in two ways, in the order 1 2 2 1: with exclusive or or with addition. */
static bool is_outer(int i)
{
    return i % 4 == 0 || i % 4 == 3;
}

/* Adds a key: exclusive or at the outer bytes when `xor_outer`, at the inner bytes otherwise. */
static void mix(uint8_t *block, const uint8_t *key, bool xor_outer)
{
    for (int i = 0; i < BLOCK; i++)
        block[i] = (uint8_t)(is_outer(i) == xor_outer ? block[i] ^ key[i] : block[i] + key[i]);
}

static void substitute(const struct boxes *boxes, uint8_t *block)
{
    for (int i = 0; i < BLOCK; i++)
        block[i] = is_outer(i) ? boxes->exp[block[i]] : boxes->log[block[i]];
}

/* Four layers of pseudo-Hadamard transforms of neighbours, with the Armenian shuffle between them (6.2). */
static void diffuse(uint8_t *block)
{
    static const uint8_t shuffle[BTBB_SAFER_BYTES] = {8, 11, 12, 15, 2, 1, 6, 5, 10, 9, 14, 13, 0, 7, 4, 3};

    for (int layer = 0; layer < 4; layer++) {
        uint8_t next[BTBB_SAFER_BYTES];

        for (int i = 0; i < BLOCK; i++)
            next[i] = block[layer ? shuffle[i] : i];
        for (int i = 0; i < BLOCK; i += 2) {
            block[i] = (uint8_t)(2 * next[i] + next[i + 1]);
            block[i + 1] = (uint8_t)(next[i] + next[i + 1]);
        }
    }
}

/* The subkeys K[1] .. K[17] (6.2): turned bytes of the key plus biases. */
static void schedule(const struct boxes *boxes, const uint8_t *key, uint8_t subkeys[SUBKEYS][BTBB_SAFER_BYTES])
{
    uint8_t circle[KEY_CIRCLE] = {0};

    for (int i = 0; i < BLOCK; i++) {
        circle[i] = key[i];
        circle[BLOCK] ^= key[i];
    }
    for (int number = 0; number < SUBKEYS; number++) {
        for (int i = 0; i < BLOCK; i++) {
            const uint8_t bias = boxes->exp[boxes->exp[(17 * (number + 1) + i + 1) & 0xff]];

            subkeys[number][i] = (uint8_t)(circle[(number + i) % KEY_CIRCLE] + (number ? bias : 0));
        }
        for (int i = 0; i < KEY_CIRCLE; i++)
            circle[i] = (uint8_t)(circle[i] << 3 | circle[i] >> 5);
    }
}

void btbb_safer(enum btbb_safer variant, const uint8_t key[BTBB_SAFER_BYTES], const uint8_t in[BTBB_SAFER_BYTES],
                uint8_t out[BTBB_SAFER_BYTES])
{
    uint8_t subkeys[SUBKEYS][BTBB_SAFER_BYTES], block[BTBB_SAFER_BYTES];
    struct boxes boxes;

    build_boxes(&boxes);
    schedule(&boxes, key, subkeys);
    memcpy(block, in, sizeof block);
    for (int round = 0; round < ROUNDS; round++) {
        if (round == 2 && variant == BTBB_SAFER_AR_PRIME)
            mix(block, in, true);
        mix(block, subkeys[2 * round], true);
        substitute(&boxes, block);
        mix(block, subkeys[2 * round + 1], false);
        diffuse(block);
    }
    mix(block, subkeys[SUBKEYS - 1], true);
    memcpy(out, block, sizeof block);
}
