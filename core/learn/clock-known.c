/* clock-known.c: the clock of a piconet that the file holds: how well the channels of its packets follow it, the
 * channel map that they show, and jumps and drift of the capturing device's clock; see clock-int.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-int.h"

#include <math.h>
#include <stdlib.h>

/* Time stamps of a host may be late by some of this; jumps of capturing devices are greater. */
#define JUMP_NS    500e6
#define JUMP_DRIFT 250e-6
#define HALF_CLOCK ((int32_t)1 << (BTBB_CLOCK_BITS - 1))

static bool is_open(const struct btbb_clock *clock)
{
    return clock->segment_count > 0 && clock->packets > 0;
}

/* Slots from the latest packet to `clk`, less than half the range of clocks in either direction. */
static int32_t slots_since(const struct btbb_clock *clock, uint32_t clk)
{
    const int32_t since = (int32_t)((clk - clock->known.clk) & BTBB_CLOCK_MASK);

    return since < HALF_CLOCK ? since : since - 2 * HALF_CLOCK;
}

/* Whether time and clock have advanced alike since the latest packet. */
static bool continues(const struct btbb_clock *clock, int64_t time_ns, uint32_t clk)
{
    const double since_ns = (double)(time_ns - clock->known.time_ns);
    const double off_ns = since_ns - BTBB_SLOT_NS * slots_since(clock, clk);

    return fabs(off_ns) < JUMP_NS + JUMP_DRIFT * fabs(since_ns);
}

static void close_known(struct btbb_clock *clock, bool backward)
{
    struct btbb_segment *segment = btbb_open_segment(clock);

    btbb_clock_add_last_map(clock);
    segment->shown.ended_by = backward ? BTBB_CLOCK_END_BACKWARD : BTBB_CLOCK_END_LOST;
    free(clock->pool);
    clock->pool = NULL;
    clock->pool_count = 0;
    clock->packets = 0;
}

/* Returns false when there is no room for one more. */
static bool open_known(struct btbb_clock *clock, const struct btbb_heard *heard, uint32_t clk, uint8_t source)
{
    struct btbb_search_clock only = {.clk = 0};

    btbb_hop_model_init(&only.model);
    if (!btbb_clock_use_pool(clock, &only, 1))
        return false;
    if (!btbb_clock_add_segment(clock, heard)) {
        free(clock->pool);
        clock->pool = NULL;
        clock->pool_count = 0;
        return false;
    }
    struct btbb_clock_segment *shown = &btbb_open_segment(clock)->shown;

    shown->source = source;
    shown->has_clk = true;
    shown->clk = clk;
    shown->confidence = 1;
    clock->known = (struct btbb_known){.clk = clk, .time_ns = heard->time_ns};
    clock->last_slot = INT64_MIN / 2;
    clock->last_slots = 0;
    return true;
}

/* The slope of time over slots, by least squares. */
static double drift_of(const struct btbb_known *known)
{
    const double count = known->count;
    const double spread = count * known->sums[2] - known->sums[0] * known->sums[0];

    return spread > 0 ? (count * known->sums[3] - known->sums[0] * known->sums[1]) / spread / BTBB_SLOT_NS * 1e6 : 0;
}

static void learn_drift(struct btbb_known *known, double slot, double late_ns)
{
    known->count++;
    known->sums[0] += slot;
    known->sums[1] += late_ns;
    known->sums[2] += slot * slot;
    known->sums[3] += slot * late_ns;
}

/* Compares the channel with the hop. */
static void compare(struct btbb_clock *clock, const struct btbb_heard *heard, uint32_t clk)
{
    struct btbb_clock_segment *shown = &btbb_open_segment(clock)->shown;
    struct btbb_hop_model *model = &clock->pool->model;

    if (clock->has_address && heard->channel != BTBB_NONE) {
        const struct btbb_hop_packet packet = btbb_hop_packet_after(
            clk, heard->channel, heard->sender, clock->known.slot - clock->last_slot, clock->last_slots);

        if (btbb_hop_model_add(model, &clock->hop, &packet) == BTBB_HOP_CONTRADICTS)
            shown->unexplained++;
        else
            shown->explained++;
        btbb_clock_add_map(clock, model, heard);
    }
    shown->adapted = model->adapted > 0.5;
    shown->direct = model->hits[0] + model->hits[1];
    shown->evidence = model->log_ratio;
    clock->last_slot = clock->known.slot;
    clock->last_slots = heard->slots;
}

void btbb_clock_known_address(struct btbb_clock *clock, uint32_t lap, uint8_t uap)
{
    if (clock->has_address && clock->lap == lap && (clock->uap & 0xf) == (uap & 0xf))
        return;
    if (clock->has_address && is_open(clock)) {
        btbb_hop_model_init(&clock->pool->model);
        btbb_open_segment(clock)->shown.explained = btbb_open_segment(clock)->shown.unexplained = 0;
    }
    clock->has_address = true;
    clock->lap = lap;
    clock->uap = uap;
    btbb_hop_init(&clock->hop, lap, uap);
}

void btbb_clock_hear_known(struct btbb_clock *clock, const struct btbb_clock_packet *packet, uint32_t clk,
                           enum btbb_clock_source source)
{
    const struct btbb_heard heard = btbb_clock_as_heard(packet);

    if (!btbb_clock_time_usable(heard.time_ns))
        return;
    if (is_open(clock) && !continues(clock, heard.time_ns, clk))
        close_known(clock, heard.time_ns < clock->known.time_ns);
    if (clock->stopped || (!is_open(clock) && !open_known(clock, &heard, clk, (uint8_t)source))) {
        clock->stopped = true;
        btbb_clock_leave_out(&clock->rest, packet, true, BTBB_CLOCK_LIMIT);
        return;
    }
    struct btbb_clock_segment *shown = &btbb_open_segment(clock)->shown;
    struct btbb_known *known = &clock->known;

    clock->packets++;
    shown->packets++;
    shown->last_frame = heard.frame;
    if (heard.time_ns > shown->last_ns || shown->packets == 1)
        shown->last_ns = heard.time_ns;
    known->slot += slots_since(clock, clk);
    known->clk = clk;
    known->time_ns = heard.time_ns;
    const double since_ns = (double)(heard.time_ns - shown->first_ns);

    learn_drift(known, (double)known->slot, since_ns - BTBB_SLOT_NS * (double)known->slot);
    shown->drift_ppm = drift_of(known);
    compare(clock, &heard, clk);
}

bool btbb_clock_last_map(const struct btbb_clock *clock, unsigned number, struct btbb_clock_map *map)
{
    const struct btbb_segment *segment = &clock->segments[number];

    if (clock->packets > 0 && number + 1 == clock->segment_count && clock->pool_count == 1 &&
        clock->pool->model.adapted >= 0.5) {
        btbb_clock_fill_map(&clock->pool->model, segment->shown.last_frame, segment->shown.last_ns, map);
        return true;
    }
    if (segment->map_count > 0)
        *map = segment->maps[segment->map_count - 1];
    return segment->map_count > 0;
}
