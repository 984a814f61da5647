/* crc.h: payload CRC (Core Specification Vol 2 Part B, 7.1.2): CRC-16-CCITT, bits LSB first, started from the UAP.
 *
 * It runs over payload header, body and MIC; the result is stored little-endian.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CRC_H
#define BTBB_CORE_CRC_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/read-bits.h"

/* The register before the first byte: the UAP in the eight left-most positions, zero in the others. */
uint16_t btbb_crc_start(uint8_t uap);

/* The register after `data`. */
uint16_t btbb_crc_run(uint16_t state, struct btbb_span data);

/* The register run backwards over `data`: btbb_crc_back(btbb_crc_run(s, d), d) == s. */
uint16_t btbb_crc_back(uint16_t state, struct btbb_span data);

/* Whether some UAP gives `crc` over `data`, and which. One of 256 random CRCs passes. */
bool btbb_crc_implied_uap(struct btbb_span data, uint16_t crc, uint8_t *uap);

#endif
