/* clock-state.c: what is known of the open segment, and from which frame on; see clock-int.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-int.h"

#include <math.h>
#include <string.h>

#define SURE         0.999  /* posterior probability of a direction */
#define SURE_OF_POOL 0.9999 /* of a clock: a twin is more often wrong than a direction */
#define BY_CHANCE    100u   /* one packet in so many fits a hop of the other direction by chance */
#define PROOFS       2u     /* proven senders that suffice */
#define PROOFS_AGREE 8u     /* times as many as disagree */
#define KNOT_NS      12e3   /* a new knot where the last one would be so far off */
#define PROOF_WRONG  0.015
#define MAP_SPACING  1000000000

const struct btbb_search_clock *btbb_clock_best(const struct btbb_clock *clock)
{
    const struct btbb_search_clock *best = clock->pool;

    for (unsigned i = 1; i < clock->pool_count; i++)
        if (clock->pool[i].model.log_ratio > best->model.log_ratio)
            best = &clock->pool[i];
    return best;
}

/* How probable the best clock is, and how probable its direction, among the clocks of the pool. */
static void weigh(const struct btbb_clock *clock, double *of_clock, double *of_direction)
{
    const struct btbb_search_clock *best = btbb_clock_best(clock);
    double sum = 0, same = 0;

    for (unsigned i = 0; i < clock->pool_count; i++) {
        const double weight = exp(clock->pool[i].model.log_ratio - best->model.log_ratio);

        sum += weight;
        if (((clock->pool[i].clk ^ best->clk) & 1) == 0)
            same += weight;
    }
    *of_clock = 1 / sum;
    *of_direction = same / sum;
}

/* Whether a number of proofs outweighs the contrary ones. */
static bool is_proven(uint32_t proofs, uint32_t contrary)
{
    return proofs >= PROOFS && proofs >= PROOFS_AGREE * contrary;
}

/* Whether all packets are of one direction: no more fit hops of the other than chance explains. */
static bool is_one_direction(const struct btbb_hop_model *model)
{
    const uint32_t few = model->hits[0] < model->hits[1] ? model->hits[0] : model->hits[1];
    const uint32_t many = model->hits[0] + model->hits[1] - few;

    return few <= many / BY_CHANCE;
}

/* Packets of one direction that lie in the Central's slots by this clock: a Peripheral that answers to packets of one
 * slot by the adapted sequence would send the same, a slot later. Hops leave that open; proven senders decide. (If they
 * lie in the Peripheral's slots, every other clock explains them worse, otherwise it would be preferred.) */
static struct btbb_clock_state state_of_one_direction(const struct btbb_clock *clock, struct btbb_clock_state state)
{
    const struct btbb_hop_model *model = &btbb_clock_best(clock)->model;
    const uint32_t agree = model->proofs[true], disagree = model->proofs[false];

    if (is_proven(agree, disagree) || (disagree == 0 && model->hits[0] < model->hits[1]))
        return state;
    const bool reversed = is_proven(disagree, agree);

    state.has_clk = false;
    state.has_dir = reversed;
    state.twins = state.twins ? state.twins : 1;
    state.clk = (state.clk & 1) ^ reversed;
    state.reason = BTBB_CLOCK_ONE_DIRECTION;
    state.confidence = reversed ? (float)SURE : 0;
    return state;
}

/* Other clocks of the pool that may be the right one. */
static unsigned count_twins(const struct btbb_clock *clock)
{
    const double least = btbb_clock_best(clock)->model.log_ratio - BTBB_TWIN_NATS;
    unsigned near_best = 0;

    for (unsigned i = 0; i < clock->pool_count; i++)
        near_best += clock->pool[i].model.log_ratio >= least;
    return near_best - 1;
}

static struct btbb_clock_state state_of_pool(const struct btbb_clock *clock)
{
    const struct btbb_search_clock *best = btbb_clock_best(clock);
    struct btbb_clock_state state = {.clk = best->clk, .source = clock->source, .by_clk6 = clock->by_clk6};
    double of_clock, of_direction;

    weigh(clock, &of_clock, &of_direction);
    state.has_clk = of_clock > SURE_OF_POOL;
    state.has_dir = of_direction > SURE;
    state.confidence = (float)(state.has_clk ? of_clock : state.has_dir ? of_direction : 0);
    if (!state.has_clk) {
        state.clk &= 1;
        state.reason = BTBB_CLOCK_TIED;
        state.twins = (uint8_t)count_twins(clock);
    }
    if (clock->source == BTBB_CLOCK_HOPS && !clock->by_clk6 && is_one_direction(&best->model))
        return state_of_one_direction(clock, state);
    return state;
}

static enum btbb_clock_reason why_no_hops(const struct btbb_clock *clock)
{
    if (!clock->has_address)
        return BTBB_CLOCK_NO_UAP;
    if (clock->with_channel == 0)
        return BTBB_CLOCK_NO_CHANNEL;
    return clock->searched_at == 0 ? BTBB_CLOCK_TOO_FEW : BTBB_CLOCK_NO_MATCH;
}

static struct btbb_clock_state state_of_phase(const struct btbb_clock *clock)
{
    const bool odd = clock->votes[1] > clock->votes[0];
    const double more = clock->votes[odd], fewer = clock->votes[!odd];
    const double wrong = pow(PROOF_WRONG / (1 - PROOF_WRONG), more - fewer);
    const double right = 1 / (1 + wrong);

    return (struct btbb_clock_state){.clk = odd,
                                     .source = BTBB_CLOCK_PHASE,
                                     .has_dir = right > SURE,
                                     .reason = (uint8_t)why_no_hops(clock),
                                     .confidence = (float)(right > SURE ? right : 0)};
}

static void push_state(struct btbb_clock *clock, struct btbb_clock_state state, uint32_t frame)
{
    struct btbb_segment *segment = btbb_open_segment(clock);
    const struct btbb_clock_state *last = segment->state_count ? &segment->states[segment->state_count - 1] : NULL;

    state.frame = frame;
    segment->last_state = state;
    segment->shown.source = state.source;
    segment->shown.reason = state.has_clk ? BTBB_CLOCK_KNOWN : state.reason;
    segment->shown.twins = state.twins;
    segment->shown.has_clk = state.has_clk;
    segment->shown.confidence = state.confidence;
    if (last && last->has_clk == state.has_clk && last->has_dir == state.has_dir && last->source == state.source &&
        last->clk == state.clk && last->reason == state.reason)
        return;
    if (clock->states_left == 0) {
        clock->stopped = true;
        return;
    }
    struct btbb_clock_state *states =
        btbb_grow(segment->states, sizeof *states, segment->state_count, &segment->state_capacity);

    if (!states)
        return;
    segment->states = states;
    states[segment->state_count++] = state;
    clock->states_left--;
}

void btbb_clock_enter_reason(struct btbb_clock *clock, uint32_t frame, enum btbb_clock_reason reason)
{
    push_state(clock, (struct btbb_clock_state){.reason = (uint8_t)reason}, frame);
}

void btbb_clock_enter_state(struct btbb_clock *clock, uint32_t frame)
{
    struct btbb_clock_segment *shown = &btbb_open_segment(clock)->shown;

    push_state(clock, clock->pool ? state_of_pool(clock) : state_of_phase(clock), frame);
    shown->drift_ppm = btbb_slots_drift(&clock->slots);
    shown->adapted = clock->pool && btbb_clock_best(clock)->model.adapted > 0.5;
    shown->chance = clock->chance;
}

void btbb_clock_add_frame(struct btbb_clock *clock, struct btbb_frames *frames, uint32_t frame)
{
    uint32_t *all = clock->odd_left > 0 ? btbb_grow(frames->all, sizeof *all, frames->count, &frames->capacity) : NULL;

    if (!all) {
        clock->stopped = true;
        return;
    }
    frames->all = all;
    all[frames->count++] = frame;
    btbb_open_segment(clock)->shown.unexplained++;
    clock->odd_left--;
}

static struct btbb_knot knot_of(const struct btbb_clock *clock, const struct btbb_slots *slots, uint32_t frame)
{
    const int64_t unit = clock->by_clk6 ? BTBB_CLK6_SLOTS : 1;

    return (struct btbb_knot){unit * slots->time_ns, unit * slots->slot, slots->slot_ns, frame};
}

static bool leads_to(const struct btbb_knot *knot, const struct btbb_knot *next, double near_ns)
{
    const double off = (double)(next->time_ns - knot->time_ns) - (double)(next->slot - knot->slot) * knot->slot_ns;

    return fabs(off) < near_ns;
}

void btbb_clock_add_knot(struct btbb_clock *clock, struct btbb_knots *knots, uint32_t frame, bool first)
{
    const struct btbb_knot knot = knot_of(clock, &clock->slots, frame);
    const double near_ns = KNOT_NS * (clock->by_clk6 ? BTBB_CLK6_SLOTS : 1);

    if (!first && knots->count > 0 && leads_to(&knots->all[knots->count - 1], &knot, near_ns))
        return;
    struct btbb_knot *all =
        clock->knots_left > 0 ? btbb_grow(knots->all, sizeof *all, knots->count, &knots->capacity) : NULL;

    if (!all) {
        clock->stopped = true;
        return;
    }
    knots->all = all;
    all[knots->count++] = knot;
    clock->knots_left--;
}

/* A single packet that was remapped may be a false one. */
static enum btbb_clock_use use_of(int level)
{
    return level > 0 ? BTBB_CLOCK_USED : level < -1 ? BTBB_CLOCK_UNUSED : BTBB_CLOCK_USE_UNKNOWN;
}

/* Half as many maps, twice as far apart. */
static void thin_out_maps(struct btbb_clock *clock, struct btbb_segment *segment)
{
    const uint32_t before = segment->map_count;

    segment->map_count = 0;
    for (uint32_t i = 0; i < before; i += 2)
        segment->maps[segment->map_count++] = segment->maps[i];
    segment->map_spacing_ns *= 2;
    clock->maps_left += before - segment->map_count;
}

void btbb_clock_fill_map(const struct btbb_hop_model *model, uint32_t frame, int64_t time_ns,
                         struct btbb_clock_map *map)
{
    *map = (struct btbb_clock_map){.frame = frame, .time_ns = time_ns};
    for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++)
        map->use[channel] = (uint8_t)use_of(model->level[channel]);
}

/* Enter a channel map, if it is another one. */
static void enter_map(struct btbb_clock *clock, const struct btbb_clock_map *map)
{
    struct btbb_segment *segment = btbb_open_segment(clock);

    if (segment->map_count > 0 && memcmp(segment->maps[segment->map_count - 1].use, map->use, sizeof map->use) == 0)
        return;
    if (segment->map_count == BTBB_CLOCK_MAPS)
        thin_out_maps(clock, segment);
    struct btbb_clock_map *maps =
        clock->maps_left > 0 ? btbb_grow(segment->maps, sizeof *maps, segment->map_count, &segment->map_capacity)
                             : NULL;

    if (!maps)
        return;
    segment->maps = maps;
    maps[segment->map_count++] = *map;
    clock->maps_left--;
}

void btbb_clock_add_map(struct btbb_clock *clock, const struct btbb_hop_model *model, const struct btbb_heard *heard)
{
    struct btbb_segment *segment = btbb_open_segment(clock);
    const struct btbb_clock_map *last = segment->map_count ? &segment->maps[segment->map_count - 1] : NULL;
    struct btbb_clock_map map;

    if (!last)
        segment->map_spacing_ns = MAP_SPACING;
    if (model->adapted < 0.5 || (last && heard->time_ns - last->time_ns < segment->map_spacing_ns))
        return;
    btbb_clock_fill_map(model, heard->frame, heard->time_ns, &map);
    enter_map(clock, &map);
}

void btbb_clock_add_last_map(struct btbb_clock *clock)
{
    const struct btbb_clock_segment *shown = &btbb_open_segment(clock)->shown;
    struct btbb_clock_map map;

    if (clock->pool_count != 1 || clock->pool->model.adapted < 0.5)
        return;
    btbb_clock_fill_map(&clock->pool->model, shown->last_frame, shown->last_ns, &map);
    enter_map(clock, &map);
}
