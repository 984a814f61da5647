/* time-jumps.c: see time-jumps.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/time-jumps.h"

#include "learn/by-frame.h"

#include <stdlib.h>

/* Jumps that are kept. A capture with more of them is not in the order of time: later ones are not reported. */
#define JUMPS_MAX 4096u

/* A pause is unlike the capture from so many mean gaps between its frames on, and like it up to so many. */
#define UNUSUAL_GAPS 8u
#define USUAL_GAPS   4u
#define FRAMES_MIN   8u

/* 2^32 units of 100 ns, the wrap that the program expects, and 3125 * 2^20 units, the wrap of the counter. */
#define EXPECTED_WRAP_NS INT64_C(429496729600)
#define COUNTER_WRAP_NS  INT64_C(327680000000)

/* By how much the time stamps jump at a wrap: the difference of the two at each wrap (programs since 2020-12); all of
 * the expected wrap and its difference before; and back when the counter passes the value of the start. */
static const int64_t forward_jumps[] = {
    EXPECTED_WRAP_NS - COUNTER_WRAP_NS,
    EXPECTED_WRAP_NS,
    2 * EXPECTED_WRAP_NS - COUNTER_WRAP_NS,
};

/* The difference, or the nearest that fits. */
static int64_t difference(int64_t later, int64_t earlier)
{
    if (earlier < 0 && later > INT64_MAX + earlier)
        return INT64_MAX;
    if (earlier > 0 && later < INT64_MIN + earlier)
        return INT64_MIN;
    return later - earlier;
}

static uint64_t stretch_ns(const struct btbb_time_jumps *jumps)
{
    const int64_t ns = difference(jumps->last_ns, jumps->first_ns);

    return ns > 0 ? (uint64_t)ns : 0;
}

/* The mean gap between the frames so far, jumps left out; 0 when there are too few. */
static uint64_t mean_gap(const struct btbb_time_jumps *jumps)
{
    return jumps->frames < FRAMES_MIN ? 0 : (jumps->before_ns + stretch_ns(jumps)) / (jumps->frames - 1);
}

/* `rest`: what is left of a step without the jump. */
static bool is_usual_gap(int64_t rest, uint64_t mean)
{
    return rest >= 0 && (uint64_t)rest / USUAL_GAPS <= mean;
}

static int64_t find_forward_jump(int64_t step, uint64_t mean)
{
    int64_t found = 0;

    for (unsigned i = 0; i < sizeof forward_jumps / sizeof *forward_jumps; i++)
        if ((uint64_t)forward_jumps[i] / UNUSUAL_GAPS >= mean && is_usual_gap(step - forward_jumps[i], mean))
            found = forward_jumps[i];
    return found;
}

/* A step back that is Ubertooth's amount with a usual gap after it is that amount; otherwise it is what the file
 * has. */
static int64_t find_backward_jump(int64_t step, uint64_t mean, bool rf)
{
    return rf && step > -EXPECTED_WRAP_NS && is_usual_gap(step + EXPECTED_WRAP_NS, mean) ? -EXPECTED_WRAP_NS : step;
}

/* Returns false where there are too many already, or memory is exhausted. */
static bool grow(struct btbb_time_jumps *jumps)
{
    if (jumps->count < jumps->capacity)
        return true;
    const uint32_t capacity = jumps->capacity ? 2 * jumps->capacity : 4;
    struct btbb_time_jump *list = capacity <= JUMPS_MAX ? realloc(jumps->list, capacity * sizeof *list) : NULL;

    if (!list)
        return false;
    jumps->list = list;
    jumps->capacity = capacity;
    return true;
}

/* Returns the jump, 0 for none. */
static int64_t find_jump(const struct btbb_time_jumps *jumps, int64_t ns, bool rf)
{
    const uint64_t mean = mean_gap(jumps);
    const int64_t step = difference(ns, jumps->last_ns);

    if (step < 0)
        return find_backward_jump(step, mean, rf);
    return rf && mean > 0 ? find_forward_jump(step, mean) : 0;
}

int64_t btbb_time_jumps_learn(struct btbb_time_jumps *jumps, uint32_t number, int64_t ns, bool rf)
{
    int64_t jump = 0;

    if (jumps->frames == 0)
        jumps->first_ns = ns;
    else if (!btbb_time_is_usual(jumps, ns))
        jump = find_jump(jumps, ns, rf);
    if (jump != 0) {
        jumps->before_ns += stretch_ns(jumps);
        jumps->first_ns = ns;
        if (grow(jumps))
            jumps->list[jumps->count++] = (struct btbb_time_jump){number, jump};
        else
            jump = 0;
    }
    btbb_time_jumps_note(jumps, ns);
    return jump;
}

int64_t btbb_time_jumps_recall(const struct btbb_time_jumps *jumps, uint32_t number)
{
    const uint32_t count = btbb_count_until(jumps->list, jumps->count, sizeof *jumps->list,
                                            offsetof(struct btbb_time_jump, frame), number);

    return count > 0 && jumps->list[count - 1].frame == number ? jumps->list[count - 1].ns : 0;
}

void btbb_time_jumps_free(struct btbb_time_jumps *jumps)
{
    free(jumps->list);
    *jumps = (struct btbb_time_jumps){0};
}
