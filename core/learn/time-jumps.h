/* time-jumps.h: time stamps of a capture that jump, backwards or forwards.
 *
 * Ubertooth counts units of 100 ns and extends the counter wrongly when it wraps (ubertooth issues 202, 251, 416;
 * ubertooth_callback.c, now_ns_from_clk100ns): in LINKTYPE 255 captures, time stamps then jump by one of three amounts,
 * up to +531 s and down to -429 s. The time between packets within one stretch is right.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_TIME_JUMPS_H
#define BTBB_CORE_TIME_JUMPS_H

#include <stdbool.h>
#include <stdint.h>

struct btbb_time_jump {
    uint32_t frame; /* the first frame after the jump */
    int64_t ns;     /* how far the clock was set; negative: backwards */
};

/* All zero: no frame yet. */
struct btbb_time_jumps {
    int64_t last_ns;    /* time of the last frame */
    uint32_t frames;    /* frames with a time, the last one included */
    int64_t first_ns;   /* start of the stretch since the last jump */
    uint64_t before_ns; /* length of all stretches before it */

    struct btbb_time_jump *list; /* by frame number */
    uint32_t count, capacity;
};

/* Steps from one frame to the next, in nanoseconds, that are no jump whatever the capture is like. A host may deliver
 * packets in the wrong order, but not by a second. */
#define BTBB_STEP_BACK_NS    INT64_C(1000000000)
#define BTBB_STEP_FORWARD_NS INT64_C(100000000000)

/* Whether a frame at `ns` needs no more than btbb_time_jumps_note(). */
static inline bool btbb_time_is_usual(const struct btbb_time_jumps *jumps, int64_t ns)
{
    const uint64_t step = (uint64_t)ns - (uint64_t)jumps->last_ns + (uint64_t)BTBB_STEP_BACK_NS;

    return step <= (uint64_t)(BTBB_STEP_BACK_NS + BTBB_STEP_FORWARD_NS);
}

static inline void btbb_time_jumps_note(struct btbb_time_jumps *jumps, int64_t ns)
{
    jumps->last_ns = ns;
    jumps->frames++;
}

/* Learns the time of a frame. `rf`: the frame is of LINKTYPE 255. Returns the jump before this frame in nanoseconds;
 * 0: none. Any step backwards of more than a second is a jump. In LINKTYPE 255 so is a step forwards by one of
 * Ubertooth's amounts, if at least 8 frames came before and a pause of that length would be unlike the capture. */
int64_t btbb_time_jumps_learn(struct btbb_time_jumps *jumps, uint32_t number, int64_t ns, bool rf);

/* The jump before a frame that was learned. */
int64_t btbb_time_jumps_recall(const struct btbb_time_jumps *jumps, uint32_t number);

void btbb_time_jumps_free(struct btbb_time_jumps *jumps);

#endif
