/* clock-query.c: what is known of a packet, so far or of the whole capture; see clock.h. Reads only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-int.h"

#include <math.h>

#include "learn/by-frame.h"

#define NEAR_NS 200e3 /* a packet that was not heard must start so near to a slot */

static const struct btbb_segment *segment_of(const struct btbb_clock *clock, uint32_t frame)
{
    const uint32_t count = btbb_count_until(clock->segments, clock->segment_count, sizeof *clock->segments,
                                            offsetof(struct btbb_segment, shown.first_frame), frame);

    return count > 0 && frame <= clock->segments[count - 1].shown.last_frame ? &clock->segments[count - 1] : NULL;
}

/* The state that one pass knew at the frame. NULL: none. */
static const struct btbb_clock_state *state_at(const struct btbb_segment *segment, uint32_t frame)
{
    const uint32_t count = btbb_count_until(segment->states, segment->state_count, sizeof *segment->states,
                                            offsetof(struct btbb_clock_state, frame), frame);

    return count > 0 ? &segment->states[count - 1] : NULL;
}

/* The last knot at or before the frame; NULL: none. */
static const struct btbb_knot *knot_before(const struct btbb_knots *knots, uint32_t frame)
{
    const uint32_t count =
        btbb_count_until(knots->all, knots->count, sizeof *knots->all, offsetof(struct btbb_knot, frame), frame);

    return count > 0 ? &knots->all[count - 1] : NULL;
}

/* Knots before the clock was found, latest first: the earliest at or after the frame. */
static const struct btbb_knot *early_knot(const struct btbb_knots *knots, uint32_t frame)
{
    const struct btbb_knot *knot = NULL;

    for (uint32_t i = 0; i < knots->count && (knots->all[i].frame >= frame || !knot); i++)
        knot = &knots->all[i];
    return knot;
}

/* Both orders: ascending, or descending as look-back leaves them. */
static bool has_frame(const struct btbb_frames *frames, uint32_t frame, bool descending)
{
    uint32_t low = 0, high = frames->count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2, there = frames->all[middle];

        if (there == frame)
            return true;
        if ((there < frame) != descending)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The slot of a packet. False: it does not start on one. */
static bool slot_at(const struct btbb_knot *knot, const struct btbb_clock_packet *packet, bool by_clk6, int64_t *slot)
{
    const double since = (double)(packet->time_ns - knot->time_ns) / knot->slot_ns, nearest = floor(since + 0.5);

    *slot = knot->slot + (int64_t)nearest;
    if (!by_clk6)
        return fabs(since - nearest) * knot->slot_ns <= NEAR_NS;
    if (!packet->has_clk6)
        return false;
    const int64_t ahead = ((packet->clk6 - *slot) % BTBB_CLK6_SLOTS + BTBB_CLK6_SLOTS) % BTBB_CLK6_SLOTS;

    *slot += ahead < BTBB_CLK6_SLOTS / 2 ? ahead : ahead - BTBB_CLK6_SLOTS;
    return true;
}

static void answer_state(const struct btbb_clock_state *state, const struct btbb_clock_packet *packet, int64_t slot,
                         struct btbb_clock_answer *answer)
{
    const uint32_t clk = (state->clk + (uint32_t)slot) & BTBB_CLOCK_MASK;

    answer->source = state->source;
    answer->confidence = state->confidence;
    answer->twins = state->twins;
    answer->has_clk = state->has_clk;
    answer->reason = state->has_clk ? BTBB_CLOCK_KNOWN : state->reason;
    if (state->has_clk)
        answer->clk = clk;
    if (state->has_clk || state->has_dir)
        answer->dir = clk & 1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL;
    answer->contradiction =
        answer->dir != BTBB_DIR_UNKNOWN && packet->sender != BTBB_DIR_UNKNOWN && packet->sender != answer->dir;
}

/* Where a packet is looked up: its segment, what is known there, and its slot. */
struct place {
    const struct btbb_segment *segment;
    const struct btbb_clock_state *state;
    int64_t slot;
};

static bool is_odd(const struct btbb_segment *segment, uint32_t frame, bool early)
{
    return has_frame(&segment->odd, frame, false) || (early && has_frame(&segment->early_odd, frame, true));
}

static bool is_rest(const struct btbb_clock *clock, uint32_t frame)
{
    const struct btbb_clock_segment *rest = btbb_clock_rest(clock);

    return rest && frame >= rest->first_frame;
}

static enum btbb_clock_reason look_up(const struct btbb_clock *clock, const struct btbb_clock_packet *packet,
                                      enum btbb_clock_stage stage, struct place *place)
{
    const struct btbb_segment *segment = clock ? segment_of(clock, packet->frame) : NULL;

    if (!btbb_clock_time_usable(packet->time_ns))
        return BTBB_CLOCK_OFF_SLOT;
    if (!segment)
        return is_rest(clock, packet->frame) ? BTBB_CLOCK_LIMIT : BTBB_CLOCK_TOO_FEW;
    const bool early = stage == BTBB_CLOCK_WHOLE && packet->frame < segment->found_frame;
    const struct btbb_clock_state *state =
        stage == BTBB_CLOCK_WHOLE ? &segment->last_state : state_at(segment, packet->frame);
    const struct btbb_knot *knot =
        early ? early_knot(&segment->early, packet->frame) : knot_before(&segment->knots, packet->frame);

    *place = (struct place){.segment = segment, .state = state};
    if (!state || state->source == BTBB_CLOCK_UNKNOWN || !knot)
        return state && state->reason ? (enum btbb_clock_reason)state->reason : BTBB_CLOCK_TOO_FEW;
    if (early && packet->frame < segment->known_from)
        return BTBB_CLOCK_LIMIT;
    if (!slot_at(knot, packet, state->by_clk6, &place->slot))
        return state->by_clk6 ? BTBB_CLOCK_TIME_BASE : BTBB_CLOCK_OFF_SLOT;
    return is_odd(segment, packet->frame, early) ? BTBB_CLOCK_OFF_HOP : BTBB_CLOCK_KNOWN;
}

void btbb_clock_at(const struct btbb_clock *clock, const struct btbb_clock_packet *packet, enum btbb_clock_stage stage,
                   struct btbb_clock_answer *answer)
{
    struct place place;

    *answer = (struct btbb_clock_answer){0};
    answer->reason = (uint8_t)look_up(clock, packet, stage, &place);
    if (answer->reason == BTBB_CLOCK_KNOWN)
        answer_state(place.state, packet, place.slot, answer);
}

static unsigned candidates_at(const struct btbb_segment *segment, int64_t slot, unsigned most,
                              uint32_t clks[BTBB_CLOCK_CANDIDATES])
{
    const unsigned count = segment->candidate_count < most ? segment->candidate_count : most;

    for (unsigned i = 0; i < count; i++)
        clks[i] = (segment->candidates[i] + (uint32_t)slot) & BTBB_CLOCK_MASK;
    return count;
}

unsigned btbb_clock_candidates(const struct btbb_clock *clock, const struct btbb_clock_packet *packet,
                               uint32_t clks[BTBB_CLOCK_CANDIDATES])
{
    struct place place;

    if (look_up(clock, packet, BTBB_CLOCK_WHOLE, &place) != BTBB_CLOCK_KNOWN)
        return 0;
    return candidates_at(place.segment, place.slot, place.state->has_clk ? 1 : BTBB_CLOCK_CANDIDATES, clks);
}

unsigned btbb_clock_segment_count(const struct btbb_clock *clock)
{
    return clock ? clock->segment_count : 0;
}

struct btbb_clock_segment btbb_clock_segment_at(const struct btbb_clock *clock, unsigned number)
{
    return clock->segments[number].shown;
}

const struct btbb_clock_segment *btbb_clock_rest(const struct btbb_clock *clock)
{
    return clock && clock->rest.packets > 0 ? &clock->rest : NULL;
}

unsigned btbb_clock_segment_candidates(const struct btbb_clock *clock, unsigned number,
                                       uint32_t clks[BTBB_CLOCK_CANDIDATES])
{
    const struct btbb_segment *segment = &clock->segments[number];

    return candidates_at(segment, segment->first_slot, segment->shown.has_clk ? 0 : BTBB_CLOCK_CANDIDATES, clks);
}

unsigned btbb_clock_map_count(const struct btbb_clock *clock, unsigned segment)
{
    return clock->segments[segment].map_count;
}

struct btbb_clock_map btbb_clock_map_at(const struct btbb_clock *clock, unsigned segment, unsigned number)
{
    return clock->segments[segment].maps[number];
}

uint32_t btbb_clock_start_slot(uint32_t clk, unsigned slots, enum btbb_dir sender)
{
    const uint32_t start = clk - (slots > 0 ? slots - 1 : 0);
    const uint32_t parity = sender == BTBB_DIR_TO_CENTRAL;

    return (start - ((start ^ parity) & 1)) & BTBB_CLOCK_MASK;
}

uint32_t btbb_clock_offset(uint32_t fhs_clk27_2, uint32_t own_clk)
{
    return (2 * fhs_clk27_2 - own_clk) & BTBB_CLOCK_MASK;
}
