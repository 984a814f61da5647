/* keys.c: see keys.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "crypt/keys.h"

#include <string.h>

#include "crypt/safer.h"

/* A polynomial over GF(2) of a degree below 128, x^0 in bit 0 of `low`. */
struct polynomial {
    uint64_t high, low;
};

/* g1 without its highest term x^(8 size), and g2, for key sizes 1 .. 15 (4.5). */
static const struct {
    uint16_t g1;
    struct polynomial g2;
} sizes[16] = {
    [1] = {0x01d, {0x00e275a0abd218d4, 0xcf928b9bbf6cb08f}},
    [2] = {0x03f, {0x0001e3f63d7659b3, 0x7f18c258cff6efef}},
    [3] = {0x0db, {0x000001bef66c6c3a, 0xb1030a5a1919808b}},
    [4] = {0x0af, {0x000000016ab89969, 0xde17467fd3736ad9}},
    [5] = {0x039, {0x0000000001630632, 0x91da50ec55715247}},
    [6] = {0x291, {0x0000000000002c93, 0x52aa6cc054468311}},
    [7] = {0x095, {0x00000000000000b3, 0xf7fffce279f3a073}},
    [8] = {0x01b, {0, 0xa1ab815bc7ec8025}},
    [9] = {0x609, {0, 0x0002c98011d8b04d}},
    [10] = {0x215, {0, 0x00058e24f9a4bb}},
    [11] = {0x13b, {0, 0x0ca76024d7}},
    [12] = {0x0dd, {0, 0x1c9c26b9}},
    [13] = {0x49d, {0, 0x26d9e3}},
    [14] = {0x14f, {0, 0x4377}},
    [15] = {0x0e7, {0, 0x89}},
};

/* The hash behind E1 and E3 (6.1): `factor` is repeated to fill a block. */
static void hash(const uint8_t *key, const uint8_t *rand, const uint8_t *factor, unsigned factor_bytes, uint8_t *out)
{
    static const uint8_t offsets[8] = {233, 229, 223, 193, 179, 167, 149, 131};
    uint8_t other_key[BTBB_KEY_BYTES], block[BTBB_KEY_BYTES];

    btbb_safer(BTBB_SAFER_AR, key, rand, block);
    for (unsigned i = 0; i < BTBB_KEY_BYTES; i++) {
        const bool adds = i % 2 == (i < 8 ? 0 : 1); /* addition and exclusive or in turns */

        block[i] = (uint8_t)((block[i] ^ rand[i]) + factor[i % factor_bytes]);
        other_key[i] = (uint8_t)(adds ? key[i] + offsets[i % 8] : key[i] ^ offsets[i % 8]);
    }
    btbb_safer(BTBB_SAFER_AR_PRIME, other_key, block, out);
}

static void store_address(uint64_t address, uint8_t *bytes)
{
    for (unsigned i = 0; i < 6; i++)
        bytes[i] = (uint8_t)(address >> 8 * i);
}

void btbb_e1(const uint8_t link_key[BTBB_KEY_BYTES], const uint8_t au_rand[BTBB_RAND_BYTES], uint64_t claimant,
             uint8_t sres[BTBB_SRES_BYTES], uint8_t aco[BTBB_COF_BYTES])
{
    uint8_t address[6], out[BTBB_KEY_BYTES];

    store_address(claimant, address);
    hash(link_key, au_rand, address, sizeof address, out);
    memcpy(sres, out, BTBB_SRES_BYTES);
    memcpy(aco, out + BTBB_SRES_BYTES, BTBB_COF_BYTES);
}

void btbb_e3(const uint8_t link_key[BTBB_KEY_BYTES], const uint8_t en_rand[BTBB_RAND_BYTES],
             const uint8_t cof[BTBB_COF_BYTES], uint8_t kc[BTBB_KEY_BYTES])
{
    hash(link_key, en_rand, cof, BTBB_COF_BYTES, kc);
}

void btbb_cof_of_central(uint64_t central, uint8_t cof[BTBB_COF_BYTES])
{
    store_address(central, cof);
    store_address(central, cof + 6);
}

static struct polynomial add(struct polynomial a, struct polynomial b)
{
    return (struct polynomial){a.high ^ b.high, a.low ^ b.low};
}

/* Times x^count, 0 <= count < 128. Terms from x^128 on are lost. */
static struct polynomial shift(struct polynomial a, unsigned count)
{
    if (count >= 64)
        return (struct polynomial){a.low << (count - 64), 0};
    return (struct polynomial){a.high << count | a.low >> 1 >> (63 - count), a.low << count};
}

static bool has_term(struct polynomial a, unsigned exponent)
{
    return (exponent < 64 ? a.low >> exponent : a.high >> (exponent - 64)) & 1;
}

static struct polynomial load(const uint8_t *bytes)
{
    struct polynomial a = {0, 0};

    for (unsigned i = 0; i < 8; i++) {
        a.low |= (uint64_t)bytes[i] << 8 * i;
        a.high |= (uint64_t)bytes[i + 8] << 8 * i;
    }
    return a;
}

static void store(struct polynomial a, uint8_t *bytes)
{
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(a.low >> 8 * i);
        bytes[i + 8] = (uint8_t)(a.high >> 8 * i);
    }
}

/* a modulo g1, whose degree is 8 times the key size. */
static struct polynomial reduce(struct polynomial a, uint8_t size)
{
    const struct polynomial one = {0, 1}, rest = {0, sizes[size].g1};

    for (unsigned exponent = 127; exponent >= 8u * size; exponent--)
        if (has_term(a, exponent)) {
            const struct polynomial terms = add(shift(rest, exponent - 8u * size), shift(one, exponent));

            a = add(a, terms);
        }
    return a;
}

bool btbb_shorten_key(const uint8_t kc[BTBB_KEY_BYTES], uint8_t size, uint8_t shortened[BTBB_KEY_BYTES])
{
    if (size < 1 || size > BTBB_KEY_BYTES)
        return false;
    if (size == BTBB_KEY_BYTES) {
        memmove(shortened, kc, BTBB_KEY_BYTES);
        return true;
    }
    const struct polynomial reduced = reduce(load(kc), size);
    struct polynomial product = {0, 0};

    for (unsigned exponent = 0; exponent < 8u * size; exponent++)
        if (has_term(reduced, exponent))
            product = add(product, shift(sizes[size].g2, exponent));
    store(product, shortened);
    return true;
}
