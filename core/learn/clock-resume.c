/* clock-resume.c: the clock after a silence. How many slots have passed is known but for a few; hops decide which. See
 * clock-int.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-int.h"

#include <math.h>
#include <stdlib.h>

#define CHANCE_MOST 1e-6
#define DEVIATIONS  3.5    /* standard deviations of the time that has passed */
#define HOPELESS    (-5.0) /* nats */
#define MOST_AWAY   23     /* slots: the pool holds one clock for each slot, before and after */

void btbb_clock_remember(struct btbb_clock *clock)
{
    struct btbb_search_clock *last;

    if (clock->by_clk6 || !clock->pool || !btbb_clock_is_found(clock) || !btbb_open_segment(clock)->last_state.has_clk)
        return;
    last = clock->last_clock ? clock->last_clock : malloc(sizeof *last);
    if (!last)
        return;
    *last = *btbb_clock_best(clock);
    clock->last_clock = last;
    clock->last_slots_known = clock->slots;
}

void btbb_clock_resume(struct btbb_clock *clock, const struct btbb_heard *heard)
{
    struct btbb_slots *before = &clock->last_slots_known;
    const struct btbb_slots_place place = btbb_slots_at(before, heard->time_ns);
    const double away = ceil(DEVIATIONS * btbb_slots_deviation(before, heard->time_ns) / BTBB_SLOT_NS);

    if (heard->time_ns < before->time_ns || !(away <= MOST_AWAY))
        return;
    struct btbb_search_clock possible[2 * MOST_AWAY + 1];
    const int most = (int)away;

    for (int i = -most; i <= most; i++) {
        struct btbb_search_clock *one = &possible[i + most];

        one->clk = (clock->last_clock->clk + (uint32_t)place.slot + (uint32_t)i) & BTBB_CLOCK_MASK;
        btbb_hop_model_inherit(&one->model, &clock->last_clock->model);
    }
    if (!btbb_clock_use_pool(clock, possible, (unsigned)(2 * most + 1)))
        return;
    clock->slots = *before;
    btbb_slots_restart(&clock->slots, heard->time_ns);
    clock->source = BTBB_CLOCK_HOPS;
    clock->following = clock->resuming = true;
    clock->last_slot = INT64_MIN / 2;
    clock->lost = 0;
    clock->chance = clock->pool_count;
}

void btbb_clock_confirm(struct btbb_clock *clock, uint32_t frame)
{
    const double ratio = btbb_clock_best(clock)->model.log_ratio, chance = clock->chance * exp(-ratio);

    if (chance < CHANCE_MOST) {
        clock->chance = chance;
        btbb_clock_begin(clock, frame);
    } else if (ratio < HOPELESS) {
        btbb_clock_give_up(clock);
    }
}

void btbb_clock_give_up(struct btbb_clock *clock)
{
    free(clock->pool);
    clock->pool = NULL;
    clock->pool_count = 0;
    clock->following = clock->resuming = false;
    clock->source = BTBB_CLOCK_UNKNOWN;
}
