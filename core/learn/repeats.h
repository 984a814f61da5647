/* repeats.h: packets that were sent again (Core Specification Vol 2 Part B, 7.6): their SEQN and payload are those
 * of the packet with CRC before them, from the same sender to the same LT_ADDR of the same piconet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_REPEATS_H
#define BTBB_CORE_REPEATS_H

#include "learn/piconet.h"

/* Frames of one page, and its bytes. */
#define BTBB_REPEATS_PAGE       4096u
#define BTBB_REPEATS_PAGE_BYTES (BTBB_REPEATS_PAGE / 8u)

/* One bit for each frame, in pages that exist only where a bit is set. All zero: no frame. */
struct btbb_frame_bits {
    uint64_t **pages;
    uint32_t page_count;
};

struct btbb_repeats {
    struct btbb_frame_bits plain;   /* sent again, as far as the file itself shows who sent a packet */
    struct btbb_frame_bits changed; /* the opposite is true where clocks that were found show who sent it */
};

struct btbb_repeated {
    bool plain;
    bool by_clock; /* equals `plain` where no clock was found */
};

/* Compares a packet with the one before it and remembers it. Returns whether it was sent again, and stores the answer
 * under `number`. `is_found`: `dir` follows from a clock that was found. */
struct btbb_repeated btbb_repeats_learn(struct btbb_repeats *repeats, struct btbb_piconet *piconet, uint32_t number,
                                        const struct btbb_frame *frame, const struct btbb_facts *facts,
                                        enum btbb_dir dir, bool is_found);

/* The next packet of the piconet is compared with none before it. */
void btbb_repeats_forget_last(struct btbb_piconet *piconet);

/* The result stored under `number`; false without one. */
struct btbb_repeated btbb_repeats_recall(const struct btbb_repeats *repeats, uint32_t number);

void btbb_repeats_free(struct btbb_repeats *repeats);

#endif
