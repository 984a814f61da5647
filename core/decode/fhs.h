/* fhs.h: the FHS payload (Core Specification Vol 2 Part B, 6.5.1.4) and the sync word (6.3.3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_FHS_H
#define BTBB_CORE_FHS_H

#include <stdint.h>

#include "decode/facts.h"
#include "decode/read-bits.h"

#define BTBB_FHS_BYTES 18u /* without CRC */

/* The 64-bit sync word of a LAP, bit 0 first on air. */
uint64_t btbb_sync_word(uint32_t lap);

/* Reads an FHS body. All of its 18 bytes must be in `body`. */
struct btbb_fhs btbb_fhs_read(struct btbb_span body);

#endif
