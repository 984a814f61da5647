/* clock-int.h: what the files clock*.c share; tests look into it, too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CLOCK_INT_H
#define BTBB_CORE_CLOCK_INT_H

#include <stddef.h>

#include "learn/clock-search.h"
#include "learn/clock.h"
#include "learn/grow.h"
#include "learn/slots.h"

#define BTBB_NONE       0xffu
#define BTBB_CLK6_SLOTS 64
#define BTBB_TWIN_NATS  9.2 /* ln(0.0001), about: a clock so far below the best one is taken for wrong */

/* Bounds for each piconet; together below BTBB_CLOCK_BYTES. */
#define BTBB_CLOCK_SEGMENTS 128u
#define BTBB_CLOCK_KNOTS    8192u
#define BTBB_CLOCK_ODD      65536u
#define BTBB_CLOCK_STATES   1024u
#define BTBB_CLOCK_MAPS     64u   /* for each segment */
#define BTBB_CLOCK_ALL_MAPS 1024u /* for each piconet */

/* A packet kept for searching. */
struct btbb_heard {
    int64_t time_ns;
    uint32_t frame;
    uint8_t channel; /* BTBB_NONE: unknown */
    uint8_t slots;   /* 0: unknown */
    uint8_t sender;  /* enum btbb_dir */
    uint8_t clk6;    /* BTBB_NONE: unknown */
    bool proven;
};

/* "From this frame on, slots lie so." */
struct btbb_knot {
    int64_t time_ns, slot;
    double slot_ns;
    uint32_t frame;
};

/* "From this frame on, one pass knows so much." */
struct btbb_clock_state {
    uint32_t frame;
    uint32_t clk; /* CLK27-1 at slot 0; of source PHASE, bit 0 alone */
    float confidence;
    uint8_t source, reason, twins;
    bool has_clk, has_dir, by_clk6;
};

struct btbb_knots {
    struct btbb_knot *all;
    uint32_t count, capacity;
};

/* Frames that are not explained, ascending. */
struct btbb_frames {
    uint32_t *all;
    uint32_t count, capacity;
};

struct btbb_segment {
    struct btbb_clock_segment shown;
    struct btbb_clock_state *states, last_state; /* last_state: of the whole segment */
    uint32_t state_count, state_capacity;
    uint32_t candidates[BTBB_CLOCK_CANDIDATES]; /* CLK27-1 at slot 0, most probable first; once it is closed */
    unsigned candidate_count;
    int64_t first_slot;             /* at shown.first_ns; valid once it is closed with clocks */
    uint32_t known_from;            /* the earliest frame that the whole knows of; valid once it is closed */
    uint32_t found_frame;           /* the frame at which the last state's slots were found; 0: never */
    struct btbb_knots knots, early; /* early: before found_frame, latest first */
    struct btbb_frames odd, early_odd;
    struct btbb_clock_map *maps;
    uint32_t map_count, map_capacity;
    int64_t map_spacing_ns;
};

/* A clock that the file holds: the latest packet, and sums over all for the drift. */
struct btbb_known {
    uint32_t clk;
    int64_t time_ns, slot; /* slots since the first packet of the segment */
    double count, sums[4]; /* packets; slots, lateness in ns, slots squared, slots times lateness */
};

struct btbb_clock {
    bool has_address, deferred;
    struct btbb_hop hop;
    uint32_t lap;
    uint8_t uap;
    bool (*progress)(void *data, double done);
    void *progress_data;

    struct btbb_segment *segments; /* the last one is open */
    uint32_t segment_count, segment_capacity;
    uint32_t knots_left, odd_left, states_left, maps_left;
    uint32_t first_high, high_count; /* as in struct btbb_search; tests search less than all */
    unsigned searches, failures;     /* searches in all, and the latest ones in a row that found nothing */
    bool stopped;                    /* a bound was reached: nothing more is learned */
    struct btbb_clock_segment rest;  /* the packets that are not */

    /* The open segment: packets heard, oldest first, as long as the clock was not found from hops. */
    struct btbb_heard *heard;
    uint32_t heard_count, heard_capacity;
    uint32_t packets, with_channel, next_search, searched_at;
    uint32_t proofs, next_proof; /* packets that prove their sender; with so many, the phase is sought again */
    uint32_t votes[2];           /* proven senders: slots with an even, an odd number belong to the Central */

    /* Once slots are found. */
    bool following, by_clk6;
    bool resuming; /* slots and clock are those before a silence, not yet confirmed */
    uint8_t source;
    struct btbb_slots slots;
    struct btbb_slots found_slots; /* as they were at found_frame */
    int64_t last_slot;             /* start slot of the latest packet */
    uint8_t last_slots;            /* how long it was; 0: unknown */
    double lost;                   /* evidence that slots or hops do not fit any longer, in nats */
    double chance;
    struct btbb_known known;              /* clock-known.c */
    struct btbb_slots last_slots_known;   /* of the segment before, for resuming */
    struct btbb_search_clock *last_clock; /* its clock; NULL: not known */
    struct btbb_search_clock *pool;       /* clocks that explain the packets; NULL: source PHASE */
    unsigned pool_count;
};

/* Times so far from 1970 (146 years) are damaged; without them, differences of times do not overflow. */
static inline bool btbb_clock_time_usable(int64_t time_ns)
{
    return time_ns > -(INT64_C(1) << 62) && time_ns < INT64_C(1) << 62;
}

static inline struct btbb_segment *btbb_open_segment(const struct btbb_clock *clock)
{
    return &clock->segments[clock->segment_count - 1];
}

struct btbb_heard btbb_clock_as_heard(const struct btbb_clock_packet *packet);

/* Count a packet in a segment of those whose clock is not sought. `reason`: of the first one. */
void btbb_clock_leave_out(struct btbb_clock_segment *segment, const struct btbb_clock_packet *packet, bool has_time,
                          uint8_t reason);

/* Begin a segment with a packet. Returns false when there is no room for one more. */
bool btbb_clock_add_segment(struct btbb_clock *clock, const struct btbb_heard *heard);

/* Where a packet lies in the slots. False: its time does not fit, or with six-bit clocks, its clock is not known. */
bool btbb_clock_place(const struct btbb_clock *clock, const struct btbb_heard *heard, struct btbb_slots_place *place);

/* Whether slots are known, and not only those of before a silence. */
static inline bool btbb_clock_is_found(const struct btbb_clock *clock)
{
    return clock->following && !clock->resuming;
}

/* Follow these clocks. False: out of memory, nothing changed. */
bool btbb_clock_use_pool(struct btbb_clock *clock, const struct btbb_search_clock *found, unsigned count);

/* A segment ends with a silence: remember its clock, if it is known. The next one begins with this packet: follow the
 * clocks that are possible, until one is confirmed. Enter that it is, or give up. */
void btbb_clock_remember(struct btbb_clock *clock);
void btbb_clock_resume(struct btbb_clock *clock, const struct btbb_heard *heard);
void btbb_clock_confirm(struct btbb_clock *clock, uint32_t frame);
void btbb_clock_give_up(struct btbb_clock *clock);

/* Find slots and clock from the packets heard. `frame` is the last one. */
void btbb_clock_search(struct btbb_clock *clock, uint32_t frame);
void btbb_clock_search_phase(struct btbb_clock *clock, uint32_t frame);
void btbb_clock_use_fhs(struct btbb_clock *clock, const struct btbb_heard *heard,
                        const struct btbb_clock_packet *packet);

/* Six bits of the clock give the slot modulo 64. Then periods of 64 slots are found and followed, by the same means, in
 * times divided by 64. heard->clk6 must be known. */
static inline int64_t btbb_clock_period_time(const struct btbb_heard *heard)
{
    return (heard->time_ns - (int64_t)(heard->clk6 * BTBB_SLOT_NS)) / BTBB_CLK6_SLOTS;
}

/* One more packet, once slots are found. False: slots or hops do not fit any longer. */
bool btbb_clock_follow(struct btbb_clock *clock, const struct btbb_heard *heard);

/* Start to follow from `frame` on. */
void btbb_clock_begin(struct btbb_clock *clock, uint32_t frame);

/* Enter what is known from `frame` on, if it changed. */
void btbb_clock_enter_state(struct btbb_clock *clock, uint32_t frame);
void btbb_clock_enter_reason(struct btbb_clock *clock, uint32_t frame, enum btbb_clock_reason reason);

/* Add to what is remembered: a frame that is not explained; where the slots are, if the last knot does not lead there
 * or a `first` one is due; the channel map, if it changed. */
void btbb_clock_add_frame(struct btbb_clock *clock, struct btbb_frames *frames, uint32_t frame);
void btbb_clock_add_knot(struct btbb_clock *clock, struct btbb_knots *knots, uint32_t frame, bool first);
void btbb_clock_add_map(struct btbb_clock *clock, const struct btbb_hop_model *model, const struct btbb_heard *heard);

/* At the end of the open segment: the channel map as it is then. */
void btbb_clock_add_last_map(struct btbb_clock *clock);
void btbb_clock_fill_map(const struct btbb_hop_model *model, uint32_t frame, int64_t time_ns,
                         struct btbb_clock_map *map);

/* At the end of the open segment: go back over the packets heard before the clock was found. */
void btbb_clock_look_back(struct btbb_clock *clock);

/* The best clock of the pool. */
const struct btbb_search_clock *btbb_clock_best(const struct btbb_clock *clock);

/* Whether a packet that a clock explains in this way is taken for the piconet's. */
static inline bool btbb_clock_accepts(enum btbb_hop_fit fit, const struct btbb_heard *heard)
{
    return fit != BTBB_HOP_CONTRADICTS || heard->proven || heard->clk6 != BTBB_NONE;
}

#endif
