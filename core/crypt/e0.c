/* e0.c: E0 by words instead of bits.
 *
 * Registers. The bits that a register puts out are a sequence s with s[t] = s[t-a] ^ s[t-b] ^ s[t-c] ^ s[t-d]. As power
 * series over GF(2): s = n / p, with p = 1 + x^a + x^b + x^c + x^d and a numerator n as short as the register. Squaring
 * a polynomial doubles its exponents, so s = (n p p^2 p^4 p^8) / p^16: four products with sparse polynomials, and a
 * division that yields 64 bits at a time, because the shortest distance has become 64.
 *
 * Combiner. Only its two-bit carry depends on the symbol before. The sum of the four outputs is computed for 64
 * symbols at once, as three bit planes; a table then takes the carry through four symbols.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "crypt/e0.h"

#include <string.h>

#define FACTOR 16 /* the power of p that is divided by */

/* The symbols before the first one of a payload (4.5): the blend registers are cleared at t = 39, the symbols of
 * t = 112 .. 239 are loaded into the registers at t = 240. */
#define CLEARED_AT   39
#define LOADED_FROM  112
#define LOADED_UNTIL 239
#define WARM_WORDS   4

#define KEY_WORDS (BTBB_E0_BYTES_MAX / 8)

/* Zero words before each sequence: the longest distance times FACTOR is 624 bits. */
#define PAD_WORDS 10

/* A register (4.4, 4.5). */
struct lfsr {
    uint8_t taps[4]; /* distances of the feedback, ascending; the last is the length */
    uint8_t output;  /* the bit that is put out entered so many symbols ago */
    uint8_t fed;     /* bits that are fed in at the start */
};

static const struct lfsr lfsrs[4] = {
    {{8, 12, 20, 25}, 23, 49},
    {{12, 16, 24, 31}, 23, 55},
    {{4, 24, 28, 33}, 31, 49},
    {{4, 28, 36, 39}, 31, 55},
};

/* Sums of four bits, 0 .. 4 each, by their binary digits. */
struct sums {
    uint64_t ones, twos, fours;
};

static uint64_t low_bits(unsigned count)
{
    return (UINT64_C(1) << count) - 1;
}

/* The 64 bits of a sequence that lie `distance` bits before the word at `word`. */
static uint64_t before(const uint64_t *word, int distance)
{
    const int words = (distance + 63) / 64, shift = 64 * words - distance;

    return word[-words] >> shift | word[1 - words] << 1 << (63 - shift);
}

/* Multiplies the first `count` words of a series by p^factor. */
static void multiply(const struct lfsr *lfsr, uint64_t *words, int count, int factor)
{
    const int a = factor * lfsr->taps[0], b = factor * lfsr->taps[1], c = factor * lfsr->taps[2],
              d = factor * lfsr->taps[3];

    for (uint64_t *word = words + count; word-- > words;)
        *word ^= before(word, a) ^ before(word, b) ^ before(word, c) ^ before(word, d);
}

/* Makes the first `count` words of a sequence from its numerator of `bits` bits. `words` is preceded by PAD_WORDS zero
 * words; the words from the second on are zero. */
static void unroll(const struct lfsr *lfsr, uint64_t numerator, int bits, uint64_t *words, int count)
{
    words[0] = numerator;
    for (int factor = 1; factor < FACTOR; factor *= 2) {
        const int length = (bits + (2 * factor - 1) * lfsr->taps[3] + 63) / 64;

        multiply(lfsr, words, length < count ? length : count, factor);
    }
    const int a = FACTOR * lfsr->taps[0] / 64, b = FACTOR * lfsr->taps[1] / 64, c = FACTOR * lfsr->taps[2] / 64,
              d = FACTOR * lfsr->taps[3];

    for (uint64_t *word = words; word < words + count; word++)
        *word ^= word[-a] ^ word[-b] ^ word[-c] ^ before(word, d);
}

/* The numerator of a sequence that begins with the `bits`, as many as the register is long. */
static uint64_t numerator_of(const struct lfsr *lfsr, uint64_t bits)
{
    return (bits ^ bits << lfsr->taps[0] ^ bits << lfsr->taps[1] ^ bits << lfsr->taps[2]) & low_bits(lfsr->taps[3]);
}

static struct sums add(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    const uint64_t both = a & b, others = c & d, odd = a ^ b, odd_others = c ^ d;

    return (struct sums){odd ^ odd_others, both ^ others ^ (odd & odd_others), both & others};
}

/* Takes the combiner through `symbols` symbols, 8 to 64 and a multiple of 8. Returns the low bit of the carry at each
 * of them. */
static uint64_t carry(const struct btbb_e0 *e0, struct sums sums, unsigned symbols, uint8_t *blend)
{
    uint64_t carries = 0;
    unsigned state = *blend;

    for (unsigned i = 0; i < symbols; i += 8) {
        const uint32_t two =
            e0->base5[sums.ones & 0xff] + 2 * e0->base5[sums.twos & 0xff] + 4 * e0->base5[sums.fours & 0xff];
        const unsigned first = e0->step[(two & 0xffff) + state], second = e0->step[(two >> 16) + (first & 15)];

        sums = (struct sums){sums.ones >> 8, sums.twos >> 8, sums.fours >> 8};
        carries = carries >> 8 | (uint64_t)(first >> 4 | (second & 0xf0)) << 56;
        state = second & 15;
    }
    *blend = (uint8_t)state;
    return carries >> (64 - symbols) % 64;
}

/* The next state of the blend registers (4.4): c[t+1] = s[t+1] ^ T1[c[t]] ^ T2[c[t-1]]. */
static unsigned blend_step(unsigned state, unsigned sum)
{
    static const uint8_t t2[4] = {0, 3, 1, 2};
    const unsigned now = state & 3, last = state >> 2;

    return (((sum + now) / 2) ^ now ^ t2[last]) | now << 2;
}

void btbb_e0_build(struct btbb_e0 *e0)
{
    static const uint16_t digit[4] = {16 * 1, 16 * 5, 16 * 25, 16 * 125};

    for (unsigned byte = 0; byte < 256; byte++) {
        e0->base5[byte] = 0;
        for (unsigned i = 0; i < 8; i++)
            e0->base5[byte] += (byte >> i & 1) * ((uint32_t)digit[i % 4] << (i < 4 ? 0 : 16));
    }
    for (unsigned index = 0; index < sizeof e0->step; index++) {
        unsigned state = index % 16, carries = 0;

        for (unsigned i = 0, sums = index / 16; i < 4; i++, sums /= 5) {
            carries |= (state & 1) << i;
            state = blend_step(state, sums % 5);
        }
        e0->step[index] = (uint8_t)(state | carries << 4);
    }
}

/* The bits that are fed into a register at the start, the first one lowest (4.5). */
static uint64_t fed_bits(int number, const uint8_t *key, uint64_t central, uint32_t clock)
{
    const uint64_t keys = key[number] | (uint64_t)key[number + 4] << 8 | (uint64_t)key[number + 8] << 16 |
                          (uint64_t)key[number + 12] << 24;
    const uint64_t last = central >> 8 * (number + 2) & 0xff; /* ADR[2] .. ADR[5] */

    switch (number) {
    case 0: /* CL24, keys, CL[1] */
        return (clock >> 24 & 1) | keys << 1 | (uint64_t)(clock >> 8 & 0xff) << 33 | last << 41;
    case 1: /* 1, 0, 0, the low half of CL[0], keys, ADR[0] */
        return 1 | (clock & 15) << 3 | keys << 7 | (central & 0xff) << 39 | last << 47;
    case 2: /* CL25, keys, CL[2] */
        return (clock >> 25 & 1) | keys << 1 | (uint64_t)(clock >> 16 & 0xff) << 33 | last << 41;
    default: /* 1, 1, 1, the high half of CL[0], keys, ADR[1] */
        return 7 | (clock >> 4 & 15) << 3 | keys << 7 | (central >> 8 & 0xff) << 39 | last << 47;
    }
}

static uint64_t reverse64(uint64_t bits)
{
    bits = (bits >> 1 & 0x5555555555555555) | (bits & 0x5555555555555555) << 1;
    bits = (bits >> 2 & 0x3333333333333333) | (bits & 0x3333333333333333) << 2;
    bits = (bits >> 4 & 0x0f0f0f0f0f0f0f0f) | (bits & 0x0f0f0f0f0f0f0f0f) << 4;
    bits = (bits >> 8 & 0x00ff00ff00ff00ff) | (bits & 0x00ff00ff00ff00ff) << 8;
    bits = (bits >> 16 & 0x0000ffff0000ffff) | (bits & 0x0000ffff0000ffff) << 16;
    return bits >> 32 | bits << 32;
}

/* The first bits that a register puts out after Z[0..15] has been loaded (4.5), given as two words. */
static uint64_t load(int number, uint64_t z0_7, uint64_t z8_15)
{
    const struct lfsr *lfsr = &lfsrs[number];
    const uint64_t z12 = z8_15 >> 32 & 0xff, z13 = z8_15 >> 40 & 0xff, z14 = z8_15 >> 48 & 0xff, z15 = z8_15 >> 56;
    const uint64_t top[4] = {z12 & 1, z12 >> 1, z13 | (z15 & 1) << 8, z14 | z15 >> 1 << 8};
    const uint64_t newest_lowest = (z0_7 >> 8 * number & 0xff) | (z0_7 >> (8 * number + 32) & 0xff) << 8 |
                                   (z8_15 >> 8 * number & 0xff) << 16 | top[number] << 24;
    uint64_t bits = reverse64(newest_lowest) >> (64 - lfsr->taps[3]);

    for (int i = lfsr->output + 1; i < lfsr->taps[3]; i++) { /* drop the bits that were put out already */
        const uint64_t next = bits >> (lfsr->taps[3] - lfsr->taps[0]) ^ bits >> (lfsr->taps[3] - lfsr->taps[1]) ^
                              bits >> (lfsr->taps[3] - lfsr->taps[2]) ^ bits;

        bits = bits >> 1 | (next & 1) << (lfsr->taps[3] - 1);
    }
    return bits;
}

struct btbb_e0_state btbb_e0_start(const struct btbb_e0 *e0, const uint8_t key[BTBB_KEY_BYTES], uint64_t central,
                                   uint32_t clock)
{
    uint64_t x[4][PAD_WORDS + WARM_WORDS + 1] = {0}, z[WARM_WORDS];
    struct btbb_e0_state state = {.blend = 0};

    for (int i = 0; i < 4; i++) {
        const struct lfsr *lfsr = &lfsrs[i];
        const uint64_t fed = fed_bits(i, key, central, clock), first = low_bits(lfsr->taps[3]);

        /* The feedback is off until the register is full. */
        unroll(lfsr, numerator_of(lfsr, fed & first) | (fed & ~first), lfsr->fed, x[i] + PAD_WORDS, WARM_WORDS);
    }
    for (int i = 0; i < WARM_WORDS; i++) {
        const int next = PAD_WORDS + i + 1, late = 64 + 1 - CLEARED_AT; /* the bit that enters at t is bit t - 1 */
        const struct sums sums =
            add(before(x[0] + next, late + lfsrs[0].output), before(x[1] + next, late + lfsrs[1].output),
                before(x[2] + next, late + lfsrs[2].output), before(x[3] + next, late + lfsrs[3].output));

        z[i] = sums.ones ^ carry(e0, sums, i < 3 ? 64 : 8, &state.blend);
    }
    /* The blend registers are held while the registers are loaded: no step of the combiner after the last symbol. */
    z[3] ^= (uint64_t)(state.blend & 1) << (LOADED_UNTIL - CLEARED_AT) % 64;
    for (int i = 0; i < 4; i++)
        state.lfsr[i] =
            load(i, before(z + 2, 128 - LOADED_FROM + CLEARED_AT), before(z + 3, 128 - LOADED_FROM + CLEARED_AT));
    return state;
}

static void store64(uint8_t *out, uint64_t bits)
{
    out[0] = (uint8_t)bits;
    out[1] = (uint8_t)(bits >> 8);
    out[2] = (uint8_t)(bits >> 16);
    out[3] = (uint8_t)(bits >> 24);
    out[4] = (uint8_t)(bits >> 32);
    out[5] = (uint8_t)(bits >> 40);
    out[6] = (uint8_t)(bits >> 48);
    out[7] = (uint8_t)(bits >> 56);
}

void btbb_e0_crypt(const struct btbb_e0 *e0, const struct btbb_e0_state *state, struct btbb_span in, uint8_t *out)
{
    uint64_t x[4][PAD_WORDS + KEY_WORDS];
    const uint32_t count = (in.length + 7) / 8, whole = in.length / 8;
    uint8_t blend = state->blend;

    for (int i = 0; i < 4; i++) {
        memset(x[i], 0, (PAD_WORDS + count) * sizeof *x[i]);
        unroll(&lfsrs[i], numerator_of(&lfsrs[i], state->lfsr[i]), lfsrs[i].taps[3], x[i] + PAD_WORDS, (int)count);
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t word = PAD_WORDS + i;
        const struct sums sums = add(x[0][word], x[1][word], x[2][word], x[3][word]);
        const uint64_t keystream = sums.ones ^ carry(e0, sums, 64, &blend);

        if (i < whole)
            store64(out + 8 * i, btbb_le64(in, 8 * i) ^ keystream);
        else
            for (uint32_t at = 8 * i; at < in.length; at++)
                out[at] = (uint8_t)(in.bytes[at] ^ keystream >> 8 * (at % 8));
    }
}
