/* clock-copy.c: a copy of what is known of a piconet's clock; see clock.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-int.h"

#include <stdlib.h>
#include <string.h>

/* Replaces *array by a copy of its first `bytes` bytes; NULL stays. Returns false when memory is exhausted. */
static bool copy_array(void *array, size_t bytes)
{
    void *old, *copy = NULL;

    memcpy(&old, array, sizeof old);
    if (old && bytes > 0) {
        copy = malloc(bytes);
        if (copy)
            memcpy(copy, old, bytes);
    }
    memcpy(array, &copy, sizeof copy);
    return copy || !old || bytes == 0;
}

static bool copy_knots(struct btbb_knots *knots)
{
    knots->capacity = knots->count;
    return copy_array(&knots->all, knots->count * sizeof *knots->all);
}

static bool copy_frames(struct btbb_frames *frames)
{
    frames->capacity = frames->count;
    return copy_array(&frames->all, frames->count * sizeof *frames->all);
}

/* All arrays are copied or NULL afterwards, so that they can be freed even if memory is exhausted. */
static bool copy_segment(struct btbb_segment *segment)
{
    segment->state_capacity = segment->state_count;
    segment->map_capacity = segment->map_count;
    bool good = copy_array(&segment->states, segment->state_count * sizeof *segment->states);

    good &= copy_knots(&segment->knots);
    good &= copy_knots(&segment->early);
    good &= copy_frames(&segment->odd);
    good &= copy_frames(&segment->early_odd);
    good &= copy_array(&segment->maps, segment->map_count * sizeof *segment->maps);
    return good;
}

struct btbb_clock *btbb_clock_copy(const struct btbb_clock *clock)
{
    struct btbb_clock *copy = malloc(sizeof *copy);

    if (!copy)
        return NULL;
    *copy = *clock;
    copy->segment_capacity = clock->segment_count;
    copy->heard_capacity = clock->heard_count;
    bool good = copy_array(&copy->heard, clock->heard_count * sizeof *copy->heard);

    good &= copy_array(&copy->pool, clock->pool_count * sizeof *copy->pool);
    good &= copy_array(&copy->last_clock, sizeof *copy->last_clock);
    if (!copy_array(&copy->segments, clock->segment_count * sizeof *copy->segments)) {
        copy->segment_count = 0;
        good = false;
    }
    for (uint32_t i = 0; i < copy->segment_count; i++)
        good &= copy_segment(&copy->segments[i]);
    if (good)
        return copy;
    btbb_clock_free(copy);
    return NULL;
}
