/* clocks.h: the clocks of all piconets of a capture whose file does not hold them: which packets are heard, and what is
 * known of a packet. See clock.h for the clock of one piconet, and docs/clock.md.
 *
 * It learns frames in file order and recalls them in any order. The first one gives what one pass knows at the frame
 * (BTBB_CLOCK_SO_FAR). The second one gives what all frames learned so far have shown (BTBB_CLOCK_WHOLE).
 *
 * Bounds: BTBB_CLOCKS_PICONETS piconets, and BTBB_CLOCKS_SEARCHES searches in all of them together, each below a
 * second. What is beyond them stays unknown with the reason BTBB_CLOCK_LIMIT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CLOCKS_H
#define BTBB_CORE_CLOCKS_H

#include "decode/facts.h"
#include "learn/address.h"
#include "learn/clock.h"

#define BTBB_CLOCKS_PICONETS 1024u
#define BTBB_CLOCKS_SEARCHES 256u

struct btbb_clock_set;

/* NULL when memory is exhausted. Free with btbb_clocks_free(), which accepts NULL. */
struct btbb_clock_set *btbb_clocks_new(void);
void btbb_clocks_free(struct btbb_clock_set *clocks);

/* Describes a frame for the clock of its piconet. `dir`: what proves its sender, other than the clock itself and LMP,
 * which this function reads. Returns false for a frame without a time stamp, without a piconet, or of a file that has
 * the whole clock. */
bool btbb_clocks_packet(uint32_t number, const struct btbb_frame *frame, const struct btbb_facts *facts,
                        enum btbb_dir dir, struct btbb_clock_packet *packet);

/* Learns a packet of a piconet whose best-known address is `best`. A packet without a header (`add` is false) is
 * learned only when other packets of the piconet were before. */
void btbb_clocks_learn(struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_address *best, bool add,
                       const struct btbb_clock_packet *packet);

/* Learns the clock that a proven FHS packet contains: of its sender, the Central of the piconet `lap`, whose best-known
 * address is `best`. CLK1 is not in it. In a page it is 0, because the Central sends in its own slots (Vol 2 Part B,
 * 8.3.2). In a role switch slots are still those of the piconet that ends (8.6.5): CLK1 may be 1 where packets of a
 * connection were learned of the piconet of the access code. */
void btbb_clocks_learn_fhs(struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_address *best,
                           const struct btbb_clock_packet *packet, uint32_t clk27_2);

/* What was known of a packet when it was learned. */
void btbb_clocks_at(const struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_clock_packet *packet,
                    struct btbb_clock_answer *answer);

/* What is known of a packet now. The first call after a packet was learned may search. While packets are still learned,
 * later packets are not taken into account at once: only after half as many again. */
void btbb_clocks_recall(struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_clock_packet *packet,
                        struct btbb_clock_answer *answer);

/* Clocks that the packet may have, most probable first; see btbb_clock_candidates(). As many as btbb_clocks_recall()
 * knows of. */
unsigned btbb_clocks_candidates(struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_clock_packet *packet,
                                uint32_t clks[BTBB_CLOCK_CANDIDATES]);

unsigned btbb_clocks_count(const struct btbb_clock_set *clocks);

/* For tables: the clock of a piconet, finished with all packets learned so far; unless `all`, with most of them, as
 * btbb_clocks_recall() does. Valid until the next packet is learned. NULL where none is sought, or memory is exhausted.
 */
const struct btbb_clock *btbb_clocks_finished(struct btbb_clock_set *clocks, uint32_t lap, bool all);

#endif
