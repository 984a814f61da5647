/* capture-int.h: what capture.c and fast-path.c share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CAPTURE_INT_H
#define BTBB_CORE_CAPTURE_INT_H

#include "decode/layout.h"
#include "learn/capture.h"
#include "learn/clocks.h"
#include "learn/own-link.h"
#include "learn/piconet.h"
#include "learn/repeats.h"
#include "learn/time-jumps.h"
#include "learn/writer.h"

/* What a usual record of an ESP32 shows. All zero: nothing is known. */
struct btbb_usual {
    struct btbb_address address; /* the best known, of `lap` */
    uint32_t lap;                /* of the Central, or BTBB_LAP_UNKNOWN */
    uint8_t role;                /* enum btbb_role of the capturing device */
    uint8_t lmp_lt_addr;         /* of the last record, if it was LMP and as good as other usual LMP; otherwise 0 */
    bool is_known;
};

struct btbb_capture {
    struct btbb_piconets piconets;
    struct btbb_repeats repeats;
    struct btbb_time_jumps time_jumps;
    struct btbb_writer writer;
    struct btbb_own_link own_link;
    struct btbb_usual usual;       /* after the last frame that was learned in the slow path */
    int64_t trailing_ns;           /* ESP32: until then, packets may be late ones of a connection that has ended */
    struct btbb_clock_set *clocks; /* NULL: clocks are not sought */
    bool clocks_given_up;          /* btbb_capture_skip_clocks() was called */
    uint32_t newest;               /* the highest frame number learned */
    bool recalls;                  /* the last call of btbb_capture_learn() was for a frame learned before */
};

/* Set verdict->clock, and where nothing else shows it, the direction. `piconet` may be NULL. The rest of the verdict
 * must be complete. */
void btbb_learn_clock(struct btbb_capture *capture, const struct btbb_piconet *piconet, uint32_t number,
                      const struct btbb_frame *frame, const struct btbb_facts *facts, struct btbb_verdict *verdict);
void btbb_recall_clock(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                       const struct btbb_facts *facts, struct btbb_verdict *verdict);

/* Learns what usual records after this one of an ESP32 are like, when all else of it is learned. */
void btbb_usual_learn(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                      const struct btbb_facts *facts, const struct btbb_verdict *verdict);

/* btbb_capture_learn_fast() for a record of an ESP32. Reads its first BTBB_FAST_ESP32_BYTES bytes only. */
bool btbb_learn_esp32_fast(const struct btbb_capture *capture, const struct btbb_frame *frame,
                           struct btbb_record *record);

/* Whether a packet with good HEC only confirms what is known of its piconet: its UAP is the best known already,
 * named by the file, and it has no other or further NAP. */
BTBB_HOT_INLINE bool btbb_confirms_address(const struct btbb_piconet *piconet, uint8_t uap, bool nap_known,
                                           uint16_t nap)
{
    const struct btbb_address *best = &piconet->best;

    return uap == best->uap && btbb_address_weight(best) > BTBB_RANK_UAP_PROVEN &&
           (!nap_known || (best->rank == BTBB_RANK_NAP && best->nap == nap));
}

/* Why the CLK of a packet with good HEC cannot be the piconet's clock: CLK1 is 0 whenever the Central polls, and CLK
 * has no more bits than are announced. BTBB_DIR_GIVEN: it can. */
static inline enum btbb_dir_reason btbb_clk_contradiction(uint8_t type, uint32_t clk, bool six_bits)
{
    if (type == BTBB_TYPE_POLL && (clk & 1))
        return BTBB_DIR_POLL_CONTRADICTS;
    return six_bits && clk > BTBB_CLK6_MAX ? BTBB_DIR_CLK_TOO_WIDE : BTBB_DIR_GIVEN;
}

#endif
