/* e0.h: the keystream generator E0 and its use on one payload (Core Specification Vol 2 Part H, 4). Pure.
 *
 * The keystream is added, modulo 2, to the payload bits in transmission order (least significant bit of each byte
 * first): payload header, body and CRC. Access code and packet header are never encrypted. Encryption and decryption
 * are the same operation.
 *
 * BD_ADDRs are 48-bit numbers: NAP << 32 | UAP << 24 | LAP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_E0_H
#define BTBB_CORE_E0_H

#include <stdint.h>

#include "decode/read-bits.h"

#define BTBB_KEY_BYTES 16u

/* The longest payload that btbb_e0_crypt() takes: 3-DH5 with a MIC has 1029 bytes (Vol 2 Part B, table 6.9). */
#define BTBB_E0_BYTES_MAX 1056u

/* Four symbols of the summation combiner in one step. Built once by btbb_e0_build(), constant afterwards: threads may
 * share it. 11,024 bytes. */
struct btbb_e0 {
    /* [16 * the sums of the register outputs at four symbols, 0 .. 4 each, as a number to base 5, + the state of the
     * combiner]: its next state in the low half, the low bits of the carry at the four symbols in the high half */
    uint8_t step[16 * 5 * 5 * 5 * 5];
    uint32_t base5[256]; /* 16 * each nibble of a byte as a number to base 5, the lower nibble in the lower half */
};

/* The generator at the first bit of a payload. */
struct btbb_e0_state {
    uint64_t lfsr[4]; /* contents of the four registers, oldest bit in bit 0 */
    uint8_t blend;    /* c[t] | c[t-1] << 2 */
};

void btbb_e0_build(struct btbb_e0 *e0);

/* The state for one packet (4.5). `key`: the shortened encryption key K'C, K'C[0] first. `clock`: CLK26-1 of the
 * Central in the packet's first slot, that is its 28-bit clock >> 1; only the low 26 bits count. */
struct btbb_e0_state btbb_e0_start(const struct btbb_e0 *e0, const uint8_t key[BTBB_KEY_BYTES], uint64_t central,
                                   uint32_t clock);

/* Adds the keystream from its first bit on to `in`. `in.length` must not exceed BTBB_E0_BYTES_MAX. `out`, of
 * `in.length` bytes, may be the same memory as `in.bytes`. */
void btbb_e0_crypt(const struct btbb_e0 *e0, const struct btbb_e0_state *state, struct btbb_span in, uint8_t *out);

#endif
