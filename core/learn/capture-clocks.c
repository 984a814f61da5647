/* capture-clocks.c: the clocks of a capture's piconets, as part of what is known of the capture; see capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture-int.h"

/* Legacy: CLK of 27 bits, unless it is not the piconet's clock. */
static bool set_clock_of_file(const struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    if (!facts->has_clk1 || !facts->has_meta_flags || facts->clk_bits != BTBB_CLOCK_BITS)
        return false;
    if (verdict->dir_source != BTBB_DIR_SOURCE_CLOCK)
        return true;
    verdict->clock.has_clk = true;
    verdict->clock.clk = facts->clk & BTBB_CLOCK_MASK;
    verdict->clock.dir = (uint8_t)verdict->dir;
    verdict->clock.source = BTBB_CLOCK_FILE;
    verdict->clock.confidence = 1;
    return true;
}

/* Whether an FHS packet has another device's access code: of the device that is paged, which is no packet of that
 * device's piconet, or of a piconet that ends, where the roles have changed already. */
static bool begins_piconet(const struct btbb_facts *facts)
{
    return facts->has_fhs && facts->fhs.lap != facts->lap;
}

/* Uses the clock that was found. An access code may be another piconet's, unless hops show that it is not. */
static void set_clock(const struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    struct btbb_clock_answer *clock = &verdict->clock;

    if (facts->packet_class == BTBB_CLASS_ID && clock->source == BTBB_CLOCK_PHASE)
        *clock = (struct btbb_clock_answer){.reason = clock->reason};
    else if (begins_piconet(facts))
        *clock = (struct btbb_clock_answer){.reason = BTBB_CLOCK_NEW_PICONET};
    if (verdict->dir != BTBB_DIR_UNKNOWN || clock->dir == BTBB_DIR_UNKNOWN)
        return;
    verdict->dir = (enum btbb_dir)clock->dir;
    verdict->dir_source = clock->source == BTBB_CLOCK_PHASE ? BTBB_DIR_SOURCE_PHASE : BTBB_DIR_SOURCE_FOUND;
}

/* The clock of the Central that sent the FHS packet of a page, which has the access code of the paged device, or of a
 * role switch, which has that of the piconet that ends (Vol 2 Part B, 8.3.2, 8.6.5). An FHS packet of an inquiry
 * response has LT_ADDR 0 (6.5.1.4). */
static void learn_clock_of_fhs(struct btbb_capture *capture, const struct btbb_facts *facts,
                               const struct btbb_clock_packet *packet)
{
    const struct btbb_piconet *central = btbb_piconets_find(&capture->piconets, facts->fhs.lap);

    if (central && begins_piconet(facts) && facts->fhs.lt_addr != 0)
        btbb_clocks_learn_fhs(capture->clocks, facts->fhs.lap, &central->best, packet, facts->fhs.clk27_2);
}

/* Describes the frame for the search of its piconet's clock. Returns false where none is sought. */
static bool start_frame(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                        const struct btbb_facts *facts, struct btbb_verdict *verdict, struct btbb_clock_packet *packet)
{
    if (set_clock_of_file(facts, verdict))
        return false;
    if (!(capture->clocks || capture->clocks_given_up) ||
        !btbb_clocks_packet(number, frame, facts, verdict->dir, packet))
        return false;
    if (capture->clocks_given_up)
        verdict->clock.reason = BTBB_CLOCK_NOT_SOUGHT;
    return !capture->clocks_given_up;
}

void btbb_learn_clock(struct btbb_capture *capture, const struct btbb_piconet *piconet, uint32_t number,
                      const struct btbb_frame *frame, const struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    struct btbb_clock_packet packet;

    if (!start_frame(capture, number, frame, facts, verdict, &packet))
        return;
    if (verdict->taught)
        learn_clock_of_fhs(capture, facts, &packet);
    if (piconet)
        btbb_clocks_learn(capture->clocks, piconet->lap, &piconet->best, facts->packet_class != BTBB_CLASS_ID, &packet);
    btbb_clocks_at(capture->clocks, facts->lap, &packet, &verdict->clock);
    set_clock(facts, verdict);
}

void btbb_recall_clock(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                       const struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    struct btbb_clock_packet packet;

    if (!start_frame(capture, number, frame, facts, verdict, &packet))
        return;
    btbb_clocks_recall(capture->clocks, facts->lap, &packet, &verdict->clock);
    set_clock(facts, verdict);
}

void btbb_capture_seek_clocks(struct btbb_capture *capture)
{
    if (!capture->clocks)
        capture->clocks = btbb_clocks_new();
}

void btbb_capture_skip_clocks(struct btbb_capture *capture)
{
    if (!capture || !capture->clocks)
        return;
    btbb_clocks_free(capture->clocks);
    capture->clocks = NULL;
    capture->clocks_given_up = true;
}

struct btbb_clock_set *btbb_capture_clocks(const struct btbb_capture *capture)
{
    return capture ? capture->clocks : NULL;
}

bool btbb_capture_recalls(const struct btbb_capture *capture)
{
    return capture && capture->recalls;
}

unsigned btbb_capture_candidates(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                                 const struct btbb_facts *facts, const struct btbb_verdict *verdict,
                                 uint32_t clks[BTBB_CLOCK_CANDIDATES])
{
    struct btbb_clock_packet packet;

    if (verdict->clock.has_clk) {
        clks[0] = verdict->clock.clk;
        return 1;
    }
    if (!capture || !capture->clocks || !btbb_clocks_packet(number, frame, facts, BTBB_DIR_UNKNOWN, &packet))
        return 0;
    return btbb_clocks_candidates(capture->clocks, facts->lap, &packet, clks);
}
