/* clock.c: the packets of a piconet as they are heard, and the segments of the capture; see clock.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-int.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SEARCH    8u          /* with fewer packets, chance could explain them: 2^27 / 79^7 > 1e-6 */
#define OFTEN           32u         /* up to so many packets, search half as many later again; then, as many */
#define PROOFS_LATER    4u          /* seek the phase with a quarter more packets that prove their sender */
#define FORGET          128u        /* the oldest packets that make room for new ones */
#define SILENCE_NS      10000000000 /* while searching, a longer pause begins a new segment */
#define SILENCE_CLK6_NS 60000000000 /* where six bits of the clock are known */
#define BACKWARD_NS     1000000     /* packets out of order by more than this: time jumped */

struct btbb_clock *btbb_clock_new(void)
{
    struct btbb_clock *clock = calloc(1, sizeof *clock);

    if (clock) {
        clock->knots_left = BTBB_CLOCK_KNOTS;
        clock->odd_left = BTBB_CLOCK_ODD;
        clock->states_left = BTBB_CLOCK_STATES;
        clock->maps_left = BTBB_CLOCK_ALL_MAPS;
    }
    return clock;
}

void btbb_clock_free(struct btbb_clock *clock)
{
    if (!clock)
        return;
    for (uint32_t i = 0; i < clock->segment_count; i++) {
        struct btbb_segment *segment = &clock->segments[i];

        free(segment->states);
        free(segment->knots.all);
        free(segment->early.all);
        free(segment->odd.all);
        free(segment->early_odd.all);
        free(segment->maps);
    }
    free(clock->segments);
    free(clock->heard);
    free(clock->pool);
    free(clock->last_clock);
    free(clock);
}

void btbb_clock_progress(struct btbb_clock *clock, bool (*progress)(void *data, double done), void *data)
{
    clock->progress = progress;
    clock->progress_data = data;
}

void btbb_clock_defer(struct btbb_clock *clock)
{
    clock->deferred = true;
}

static bool has_open_segment(const struct btbb_clock *clock)
{
    return clock->segment_count > 0 && clock->packets > 0;
}

/* Packets heard since the last search may decide. One pass has shown the last frame already: it is known after it. */
static void search_at_end(struct btbb_clock *clock)
{
    const uint32_t after = btbb_open_segment(clock)->shown.last_frame + 1;

    if (!btbb_clock_is_found(clock) && clock->packets >= FIRST_SEARCH && clock->with_channel == 0)
        btbb_clock_enter_reason(clock, after, BTBB_CLOCK_NO_CHANNEL);
    if (!(clock->pool && btbb_clock_is_found(clock)) && clock->with_channel >= FIRST_SEARCH &&
        clock->searched_at != clock->with_channel)
        btbb_clock_search(clock, after);
    if (!btbb_clock_is_found(clock))
        btbb_clock_search_phase(clock, after);
}

static void close_segment(struct btbb_clock *clock, enum btbb_clock_end end)
{
    if (!has_open_segment(clock))
        return;
    if (!clock->stopped)
        search_at_end(clock);
    if (end == BTBB_CLOCK_END_SILENCE)
        btbb_clock_remember(clock);
    btbb_clock_look_back(clock);
    btbb_open_segment(clock)->shown.ended_by = (uint8_t)(clock->rest.packets > 0 ? BTBB_CLOCK_END_LIMIT : end);
    free(clock->pool);
    clock->pool = NULL;
    clock->pool_count = 0;
    clock->heard_count = clock->packets = clock->with_channel = clock->searched_at = 0;
    clock->following = clock->resuming = clock->by_clk6 = false;
    clock->source = BTBB_CLOCK_UNKNOWN;
}

bool btbb_clock_add_segment(struct btbb_clock *clock, const struct btbb_heard *heard)
{
    struct btbb_segment *segments =
        clock->segment_count < BTBB_CLOCK_SEGMENTS
            ? btbb_grow(clock->segments, sizeof *segments, clock->segment_count, &clock->segment_capacity)
            : NULL;

    if (!segments)
        return false;
    clock->segments = segments;
    segments[clock->segment_count++] =
        (struct btbb_segment){.shown = {.first_frame = heard->frame, .first_ns = heard->time_ns}};
    return true;
}

/* False: no room for one more. */
static bool open_segment(struct btbb_clock *clock, const struct btbb_heard *heard)
{
    if (!btbb_clock_add_segment(clock, heard))
        return false;
    clock->next_search = clock->deferred ? BTBB_SEARCH_PACKETS : FIRST_SEARCH;
    clock->proofs = 0;
    clock->next_proof = 2;
    btbb_clock_enter_reason(clock, heard->frame, clock->has_address ? BTBB_CLOCK_TOO_FEW : BTBB_CLOCK_NO_UAP);
    if (clock->last_clock)
        btbb_clock_resume(clock, heard);
    return true;
}

void btbb_clock_address(struct btbb_clock *clock, uint32_t lap, uint8_t uap)
{
    if (clock->has_address && clock->lap == lap && (clock->uap & 0xf) == (uap & 0xf))
        return;
    if (clock->has_address)
        close_segment(clock, BTBB_CLOCK_END_ADDRESS);
    free(clock->last_clock);
    clock->last_clock = NULL;
    clock->has_address = true;
    clock->lap = lap;
    clock->uap = uap;
    btbb_hop_init(&clock->hop, lap, uap);
}

static void end_where_time_jumps(struct btbb_clock *clock, const struct btbb_heard *heard)
{
    if (!has_open_segment(clock))
        return;
    const int64_t since = heard->time_ns - btbb_open_segment(clock)->shown.last_ns;
    bool silent = since > (heard->clk6 != BTBB_NONE ? SILENCE_CLK6_NS : SILENCE_NS);

    if (clock->following && since > 0)
        silent = clock->by_clk6
                     ? heard->clk6 != BTBB_NONE && !btbb_slots_reach(&clock->slots, btbb_clock_period_time(heard))
                     : !btbb_slots_reach(&clock->slots, heard->time_ns);
    if (since < -BACKWARD_NS)
        close_segment(clock, BTBB_CLOCK_END_BACKWARD);
    else if (silent)
        close_segment(clock, BTBB_CLOCK_END_SILENCE);
}

/* The UAP has become known: something else is missing now. */
static void renew_reason(struct btbb_clock *clock, uint32_t frame)
{
    if (!clock->has_address || btbb_open_segment(clock)->last_state.reason != BTBB_CLOCK_NO_UAP)
        return;
    if (clock->source == BTBB_CLOCK_PHASE)
        btbb_clock_enter_state(clock, frame);
    else
        btbb_clock_enter_reason(clock, frame, BTBB_CLOCK_TOO_FEW);
}

static void keep(struct btbb_clock *clock, const struct btbb_heard *heard)
{
    if (clock->heard_count == BTBB_SEARCH_PACKETS) {
        clock->heard_count -= FORGET;
        memmove(clock->heard, clock->heard + FORGET, clock->heard_count * sizeof *clock->heard);
    }
    struct btbb_heard *all = btbb_grow(clock->heard, sizeof *all, clock->heard_count, &clock->heard_capacity);

    if (!all)
        return;
    clock->heard = all;
    all[clock->heard_count++] = *heard;
    clock->with_channel += heard->channel != BTBB_NONE;
}

static void search_now_and_then(struct btbb_clock *clock, const struct btbb_heard *heard)
{
    if (clock->has_address && clock->with_channel >= clock->next_search) {
        clock->next_search = clock->with_channel + clock->with_channel / (clock->with_channel < OFTEN ? 2 : 1);
        btbb_clock_search(clock, heard->frame);
    }
    clock->proofs += heard->sender != BTBB_DIR_UNKNOWN;
    if (!btbb_clock_is_found(clock) && clock->proofs >= clock->next_proof && !clock->deferred) {
        clock->next_proof = clock->proofs + 1 + clock->proofs / PROOFS_LATER;
        btbb_clock_search_phase(clock, heard->frame);
    }
}

struct btbb_heard btbb_clock_as_heard(const struct btbb_clock_packet *packet)
{
    return (struct btbb_heard){
        .time_ns = packet->time_ns,
        .frame = packet->frame,
        .channel = packet->has_channel && packet->channel < BTBB_CHANNELS ? packet->channel : BTBB_NONE,
        .slots = packet->slots,
        .sender = packet->sender,
        .clk6 = packet->has_clk6 ? packet->clk6 & 0x3f : BTBB_NONE,
        .proven = packet->proven,
    };
}

void btbb_clock_leave_out(struct btbb_clock_segment *segment, const struct btbb_clock_packet *packet, bool has_time,
                          uint8_t reason)
{
    if (segment->packets++ == 0) {
        segment->first_frame = packet->frame;
        segment->reason = reason;
        segment->first_ns = segment->last_ns = packet->time_ns;
    }
    segment->last_frame = packet->frame;
    if (has_time && packet->time_ns < segment->first_ns)
        segment->first_ns = packet->time_ns;
    if (has_time && packet->time_ns > segment->last_ns)
        segment->last_ns = packet->time_ns;
}

/* Slots or hops do not fit any longer. */
static void lose(struct btbb_clock *clock)
{
    if (clock->resuming)
        btbb_clock_give_up(clock);
    else
        close_segment(clock, BTBB_CLOCK_END_LOST);
}

void btbb_clock_hear(struct btbb_clock *clock, const struct btbb_clock_packet *packet)
{
    const struct btbb_heard heard = btbb_clock_as_heard(packet);

    if (!btbb_clock_time_usable(heard.time_ns))
        return;
    if (!clock->stopped)
        end_where_time_jumps(clock, &heard);
    if (clock->stopped || (!has_open_segment(clock) && !open_segment(clock, &heard))) {
        clock->stopped = true;
        btbb_clock_leave_out(&clock->rest, packet, true, BTBB_CLOCK_LIMIT);
        return;
    }
    renew_reason(clock, heard.frame);
    struct btbb_clock_segment *shown = &btbb_open_segment(clock)->shown;

    clock->packets++;
    shown->packets++;
    shown->last_frame = heard.frame;
    if (heard.time_ns > shown->last_ns || shown->packets == 1)
        shown->last_ns = heard.time_ns;
    if (packet->has_fhs && !(clock->pool && btbb_clock_is_found(clock)))
        btbb_clock_use_fhs(clock, &heard, packet);
    else if (clock->following && !btbb_clock_follow(clock, &heard))
        lose(clock);
    if ((clock->pool && !clock->resuming) || clock->packets == 0)
        return;
    keep(clock, &heard);
    search_now_and_then(clock, &heard);
}

void btbb_clock_finish(struct btbb_clock *clock)
{
    close_segment(clock, BTBB_CLOCK_END_FILE);
}
