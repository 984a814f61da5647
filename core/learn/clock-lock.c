/* clock-lock.c: slots and clock of the open segment, found from the packets heard so far; see clock-int.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SEARCHED_NS      120000000000 /* only packets of the last two minutes are searched: drift is not constant */
#define FEWEST           6u           /* packets that show slots */
#define FEWEST_PROOFS    2u           /* packets that prove their sender */
#define FEWEST_OF_PARITY 2u  /* in even, in odd slots: otherwise, time stamps may be too coarse to tell them apart */
#define ON_SLOT_SHARE    0.8 /* of packets, so that slots are believed; 0.2 would be chance */
#define CHANCE_MOST      1e-6
#define COVERED_LEAST    0.9999

/* What a search works on. */
struct view {
    struct btbb_slots slots;
    bool by_clk6;
    unsigned count, on_slot;
    const struct btbb_heard *heard;
};

static bool place(const struct btbb_slots *slots, bool by_clk6, const struct btbb_heard *heard,
                  struct btbb_slots_place *where)
{
    if (by_clk6 && heard->clk6 == BTBB_NONE)
        return false;
    *where = btbb_slots_at(slots, by_clk6 ? btbb_clock_period_time(heard) : heard->time_ns);
    if (by_clk6)
        where->slot = BTBB_CLK6_SLOTS * where->slot + heard->clk6;
    return fabs(where->residual_ns) <= where->gate_ns;
}

bool btbb_clock_place(const struct btbb_clock *clock, const struct btbb_heard *heard, struct btbb_slots_place *where)
{
    return place(&clock->slots, clock->by_clk6, heard, where);
}

static struct view recent(const struct btbb_clock *clock)
{
    const int64_t last = btbb_open_segment(clock)->shown.last_ns;
    uint32_t first = 0, with_clk6 = 0;

    while (first < clock->heard_count && clock->heard[first].time_ns < last - SEARCHED_NS)
        first++;
    for (uint32_t i = first; i < clock->heard_count; i++)
        with_clk6 += clock->heard[i].clk6 != BTBB_NONE;
    return (struct view){.heard = clock->heard + first,
                         .count = clock->heard_count - first,
                         .by_clk6 = 2 * with_clk6 > clock->heard_count - first};
}

/* False: too few packets, or they do not start on slots. */
static bool find_slots(struct view *view)
{
    int64_t times[BTBB_SEARCH_PACKETS];
    unsigned count = 0;

    for (unsigned i = 0; i < view->count; i++) {
        const struct btbb_heard *heard = &view->heard[i];

        if (!view->by_clk6)
            times[count++] = heard->time_ns;
        else if (heard->clk6 != BTBB_NONE)
            times[count++] = btbb_clock_period_time(heard);
    }
    if (count < FEWEST)
        return false;
    btbb_slots_find(&view->slots, times, count, &view->on_slot);
    return view->on_slot >= FEWEST && view->on_slot >= ON_SLOT_SHARE * count;
}

static bool search_hops(const struct btbb_clock *clock, const struct view *view, struct btbb_search_result *result)
{
    struct btbb_search_packet packets[BTBB_SEARCH_PACKETS];
    struct btbb_search search = {.hop = clock->hop,
                                 .packets = packets,
                                 .first_high = clock->first_high,
                                 .high_count = clock->high_count,
                                 .lows = view->by_clk6 ? 1 : ~UINT64_C(0),
                                 .hypotheses = 1,
                                 .progress = clock->progress,
                                 .progress_data = clock->progress_data};
    int64_t last = INT64_MIN;

    for (unsigned i = 0; i < view->count; i++) {
        const struct btbb_heard *heard = &view->heard[i];
        struct btbb_slots_place where;

        if (heard->channel == BTBB_NONE || !place(&view->slots, view->by_clk6, heard, &where) || where.slot <= last)
            continue;
        last = where.slot;
        packets[search.count++] =
            (struct btbb_search_packet){(int32_t)where.slot, heard->channel, heard->sender, heard->slots};
    }
    return search.count > 0 && btbb_search_run(&search, result);
}

void btbb_clock_begin(struct btbb_clock *clock, uint32_t frame)
{
    struct btbb_segment *segment = btbb_open_segment(clock);

    clock->following = true;
    clock->resuming = false;
    clock->found_slots = clock->slots;
    clock->last_slot = INT64_MIN / 2;
    clock->lost = 0;
    segment->found_frame = frame;
    segment->shown.explained = segment->shown.unexplained = 0; /* packets up to here are counted when looking back */
    btbb_clock_add_knot(clock, &segment->knots, frame, true);
    btbb_clock_enter_state(clock, frame);
}

bool btbb_clock_use_pool(struct btbb_clock *clock, const struct btbb_search_clock *found, unsigned count)
{
    struct btbb_search_clock *pool = malloc(count * sizeof *pool);

    if (!pool)
        return false;
    memcpy(pool, found, count * sizeof *pool);
    free(clock->pool);
    clock->pool = pool;
    clock->pool_count = count;
    return true;
}

void btbb_clock_search(struct btbb_clock *clock, uint32_t frame)
{
    struct view view = recent(clock);
    struct btbb_search_result *result;

    clock->searched_at = clock->with_channel;
    if (!clock->has_address || clock->searches >= BTBB_CLOCK_SEARCHES || clock->failures >= BTBB_CLOCK_FAILURES)
        return;
    if (!find_slots(&view)) {
        if (!btbb_clock_is_found(clock))
            btbb_clock_enter_reason(clock, frame, BTBB_CLOCK_TIME_BASE);
        return;
    }
    clock->searches++;
    clock->failures++;
    result = malloc(sizeof *result);
    if (!result)
        return;
    const bool found = search_hops(clock, &view, result);

    if (found && result->chance < CHANCE_MOST && result->covered > COVERED_LEAST &&
        btbb_clock_use_pool(clock, result->found, result->count)) {
        clock->slots = view.slots;
        clock->by_clk6 = view.by_clk6;
        clock->source = BTBB_CLOCK_HOPS;
        clock->chance = result->chance;
        clock->failures = 0;
        btbb_clock_begin(clock, frame);
    } else if (!btbb_clock_is_found(clock)) {
        btbb_clock_enter_reason(clock, frame, BTBB_CLOCK_NO_MATCH);
    }
    free(result);
}

void btbb_clock_search_phase(struct btbb_clock *clock, uint32_t frame)
{
    struct view view = recent(clock);
    uint32_t proofs = 0, votes[2] = {0}, in_slots[2] = {0};

    for (unsigned i = 0; i < view.count; i++)
        proofs += view.heard[i].sender != BTBB_DIR_UNKNOWN;
    if (proofs < FEWEST_PROOFS || view.by_clk6 || !find_slots(&view))
        return;
    for (unsigned i = 0; i < view.count; i++) {
        const struct btbb_heard *heard = &view.heard[i];
        struct btbb_slots_place where;

        if (!place(&view.slots, false, heard, &where))
            continue;
        in_slots[where.slot & 1]++;
        if (heard->sender != BTBB_DIR_UNKNOWN)
            votes[(where.slot & 1) ^ (heard->sender == BTBB_DIR_TO_CENTRAL)]++;
    }
    /* Time stamps in steps of 10 ms, for example, would all be in even slots. */
    if (votes[0] + votes[1] < FEWEST_PROOFS || in_slots[0] < FEWEST_OF_PARITY || in_slots[1] < FEWEST_OF_PARITY)
        return;
    clock->votes[0] = votes[0];
    clock->votes[1] = votes[1];
    clock->slots = view.slots;
    clock->by_clk6 = false;
    clock->source = BTBB_CLOCK_PHASE;
    btbb_clock_begin(clock, frame);
}

void btbb_clock_use_fhs(struct btbb_clock *clock, const struct btbb_heard *heard,
                        const struct btbb_clock_packet *packet)
{
    const uint32_t even = packet->fhs_clk27_2 << 1 & BTBB_CLOCK_MASK;
    struct btbb_search_clock clocks[] = {{.clk = even}, {.clk = even | 1}};

    btbb_hop_model_init(&clocks[0].model);
    btbb_hop_model_init(&clocks[1].model);
    if (!clock->has_address || !btbb_clock_use_pool(clock, clocks, packet->fhs_may_be_odd ? 2 : 1))
        return;
    btbb_slots_start(&clock->slots, heard->time_ns);
    clock->by_clk6 = false;
    clock->source = BTBB_CLOCK_FHS;
    clock->chance = 0;
    btbb_clock_begin(clock, heard->frame);
}
