/* safer.h: the block cipher SAFER+ with 128-bit keys (Core Specification Vol 2 Part H, 6.2). Pure.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_SAFER_H
#define BTBB_CORE_SAFER_H

#include <stdint.h>

#define BTBB_SAFER_BYTES 16u

/* Ar: SAFER+ as published. Ar': the input of the first round is added again before the third; not invertible. */
enum btbb_safer { BTBB_SAFER_AR, BTBB_SAFER_AR_PRIME };

/* `out` may be the same memory as `in`. */
void btbb_safer(enum btbb_safer variant, const uint8_t key[BTBB_SAFER_BYTES], const uint8_t in[BTBB_SAFER_BYTES],
                uint8_t out[BTBB_SAFER_BYTES]);

#endif
