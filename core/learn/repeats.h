/* repeats.h: packets sent again (Core Specification Vol 2 Part B, 7.6): SEQN and payload are those of the packet with
 * CRC before it, from the same sender to the same LT_ADDR of the same piconet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_REPEATS_H
#define BTBB_CORE_REPEATS_H

#include "learn/piconet.h"

/* One bit a frame, in pages that exist only where a bit is set. All zero: none. */
struct btbb_repeats {
    uint64_t **pages;
    uint32_t page_count;
};

/* Compare with the packet before it, remember this one, and enter the answer under `number`. */
bool btbb_repeats_learn(struct btbb_repeats *repeats, struct btbb_piconet *piconet, uint32_t number,
                        const struct btbb_frame *frame, const struct btbb_facts *facts, enum btbb_dir dir);

bool btbb_repeats_recall(const struct btbb_repeats *repeats, uint32_t number);

void btbb_repeats_free(struct btbb_repeats *repeats);

#endif
