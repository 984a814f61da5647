/* clock-follow.c: packets of the open segment, once its slots are found; see clock-int.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-int.h"

#include <math.h>
#include <stdlib.h>

#define GIVE_UP   14.0 /* nats below the best clock: it is no longer followed */
#define CANDIDATE 7.0  /* nats below the best clock: ln(0.001), about */
#define LOST      14.0 /* nats of evidence against slots and hops */

/* Nats of evidence that the slots are lost: ln(probability if lost / if not). A fifth of all times fits by chance. */
#define OFF_SLOT_WEIGHT 2.8
#define ON_SLOT_WEIGHT  (-1.5)

static const double hop_weights[] = {
    [BTBB_HOP_CONTRADICTS] = 2.5, [BTBB_HOP_POSSIBLE] = -0.3, [BTBB_HOP_OFF_CHANNEL] = -0.3,
    [BTBB_HOP_REMAPPED] = -2.0,   [BTBB_HOP_LATE] = -1.0,     [BTBB_HOP_DIRECT] = -3.0};

/* Drop the clocks that fell far behind. */
static void shrink_pool(struct btbb_clock *clock)
{
    const double least = btbb_clock_best(clock)->model.log_ratio - GIVE_UP;
    unsigned kept = 0;

    for (unsigned i = 0; i < clock->pool_count; i++)
        if (clock->pool[i].model.log_ratio >= least)
            clock->pool[kept++] = clock->pool[i];
    if (kept == clock->pool_count || kept == 0) /* the best one is always kept */
        return;
    struct btbb_search_clock *pool = realloc(clock->pool, kept * sizeof *pool);

    clock->pool_count = kept;
    if (pool)
        clock->pool = pool;
}

/* How a clock explains the packet in this slot: the best one, or a twin that may yet be the right one. All learn. */
static enum btbb_hop_fit compare(struct btbb_clock *clock, const struct btbb_heard *heard, int64_t slot)
{
    const double least = btbb_clock_best(clock)->model.log_ratio - CANDIDATE;
    enum btbb_hop_fit best_fit = BTBB_HOP_CONTRADICTS;

    for (unsigned i = 0; i < clock->pool_count; i++) {
        struct btbb_search_clock *candidate = &clock->pool[i];
        const bool probable = candidate->model.log_ratio >= least;
        const struct btbb_hop_packet packet = btbb_hop_packet_after(
            candidate->clk + (uint32_t)slot, heard->channel, heard->sender, slot - clock->last_slot, clock->last_slots);
        const enum btbb_hop_fit fit = btbb_hop_model_add(&candidate->model, &clock->hop, &packet);

        if (probable && fit > best_fit)
            best_fit = fit;
    }
    if (clock->pool_count > 1)
        shrink_pool(clock);
    return best_fit;
}

static void vote(struct btbb_clock *clock, const struct btbb_heard *heard, int64_t slot)
{
    if (!clock->pool && heard->sender != BTBB_DIR_UNKNOWN)
        clock->votes[(slot & 1) ^ (heard->sender == BTBB_DIR_TO_CENTRAL)]++;
}

static void weigh_loss(struct btbb_clock *clock, double weight)
{
    clock->lost = clock->lost + weight > 0 ? clock->lost + weight : 0;
}

static void learn_slots(struct btbb_clock *clock, const struct btbb_heard *heard, int64_t slot)
{
    if (clock->by_clk6)
        btbb_slots_follow(&clock->slots, btbb_clock_period_time(heard), (slot - heard->clk6) / BTBB_CLK6_SLOTS);
    else
        btbb_slots_follow(&clock->slots, heard->time_ns, slot);
}

static void add_odd(struct btbb_clock *clock, const struct btbb_heard *heard)
{
    if (!clock->resuming)
        btbb_clock_add_frame(clock, &btbb_open_segment(clock)->odd, heard->frame);
}

static void follow_on_slot(struct btbb_clock *clock, const struct btbb_heard *heard, int64_t slot)
{
    struct btbb_segment *segment = btbb_open_segment(clock);
    enum btbb_hop_fit fit = BTBB_HOP_POSSIBLE;

    if (clock->pool && heard->channel != BTBB_NONE)
        fit = compare(clock, heard, slot);
    weigh_loss(clock, ON_SLOT_WEIGHT + (clock->pool ? hop_weights[fit] : 0));
    if (!btbb_clock_accepts(fit, heard)) {
        add_odd(clock, heard);
        return;
    }
    vote(clock, heard, slot);
    segment->shown.explained++;
    clock->last_slot = slot;
    clock->last_slots = heard->slots;
    learn_slots(clock, heard, slot);
    if (clock->resuming)
        return;
    btbb_clock_add_knot(clock, &segment->knots, heard->frame, false);
    if (clock->pool_count == 1)
        btbb_clock_add_map(clock, &clock->pool->model, heard);
}

bool btbb_clock_follow(struct btbb_clock *clock, const struct btbb_heard *heard)
{
    struct btbb_slots_place where;

    if (clock->by_clk6 && heard->clk6 == BTBB_NONE)
        return true;
    if (btbb_clock_place(clock, heard, &where)) {
        follow_on_slot(clock, heard, where.slot);
    } else {
        weigh_loss(clock, OFF_SLOT_WEIGHT);
        add_odd(clock, heard);
    }
    if (clock->resuming)
        btbb_clock_confirm(clock, heard->frame);
    else
        btbb_clock_enter_state(clock, heard->frame);
    return clock->lost < LOST;
}

/* The packet was heard before the clock was found, slots are those of that time. */
static void look_back_at(struct btbb_clock *clock, struct btbb_hop_model *model, const struct btbb_heard *heard)
{
    struct btbb_segment *segment = btbb_open_segment(clock);
    enum btbb_hop_fit fit = BTBB_HOP_POSSIBLE;
    struct btbb_slots_place where;

    if (clock->by_clk6 && heard->clk6 == BTBB_NONE)
        return;
    if (!btbb_clock_place(clock, heard, &where)) {
        btbb_clock_add_frame(clock, &segment->early_odd, heard->frame);
        return;
    }
    if (model && heard->channel != BTBB_NONE) {
        const struct btbb_hop_packet packet = btbb_hop_packet_after(btbb_clock_best(clock)->clk + (uint32_t)where.slot,
                                                                    heard->channel, heard->sender, 0, 0);

        fit = btbb_hop_model_add(model, &clock->hop, &packet);
    }
    if (!btbb_clock_accepts(fit, heard)) {
        btbb_clock_add_frame(clock, &segment->early_odd, heard->frame);
        return;
    }
    learn_slots(clock, heard, where.slot);
    btbb_clock_add_knot(clock, &segment->early, heard->frame, false);
    segment->shown.explained++;
}

static int by_probability(const void *left, const void *right)
{
    const struct btbb_search_clock *a = left, *b = right;

    if (a->model.log_ratio != b->model.log_ratio)
        return a->model.log_ratio < b->model.log_ratio ? 1 : -1;
    return a->clk < b->clk ? -1 : a->clk > b->clk;
}

/* Remember the clocks of the pool that are not surely wrong. */
static void keep_candidates(struct btbb_clock *clock, struct btbb_segment *segment)
{
    qsort(clock->pool, clock->pool_count, sizeof *clock->pool, by_probability);
    const double least = clock->pool->model.log_ratio - BTBB_TWIN_NATS;

    for (unsigned i = 0; i < clock->pool_count && segment->candidate_count < BTBB_CLOCK_CANDIDATES; i++)
        if (clock->pool[i].model.log_ratio >= least)
            segment->candidates[segment->candidate_count++] = clock->pool[i].clk;
}

/* The clock at the first packet of the segment. */
static void show_first(struct btbb_segment *segment)
{
    const struct btbb_knot *knot = &segment->early.all[segment->early.count - 1];
    const double since = floor((double)(segment->shown.first_ns - knot->time_ns) / knot->slot_ns + 0.5);

    segment->first_slot = knot->slot + (int64_t)since;
    segment->shown.clk = (segment->last_state.clk + (uint32_t)segment->first_slot) & BTBB_CLOCK_MASK;
}

void btbb_clock_look_back(struct btbb_clock *clock)
{
    struct btbb_segment *segment = btbb_open_segment(clock);
    const struct btbb_slots slots = clock->slots;
    struct btbb_hop_model model;

    if (!btbb_clock_is_found(clock))
        return;
    segment->known_from = segment->found_frame;
    btbb_clock_add_last_map(clock);
    if (clock->pool) {
        keep_candidates(clock, segment);
        model = btbb_clock_best(clock)->model;
    }
    clock->slots = clock->found_slots;
    btbb_clock_add_knot(clock, &segment->early, segment->found_frame, true);
    for (uint32_t i = clock->heard_count; i-- > 0;) {
        const struct btbb_heard *heard = &clock->heard[i];

        if (heard->frame > segment->found_frame)
            continue;
        if (!clock->by_clk6 && !btbb_slots_reach(&clock->slots, heard->time_ns))
            break;
        look_back_at(clock, clock->pool ? &model : NULL, heard);
        segment->known_from = heard->frame;
    }
    clock->slots = slots;
    if (segment->early.count > 0)
        show_first(segment);
}
