/* timeline.c: keeping events; their words are in timeline-text.c. See timeline.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/timeline.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct btbb_link_event) <= 80, "timeline.h states the bound");

struct btbb_timeline {
    struct btbb_link_event *events;
    uint32_t count, capacity;
    uint16_t *per_link; /* number of events of each connection */
    uint32_t link_capacity;
    uint32_t dropped;
};

struct btbb_timeline *btbb_timeline_new(void)
{
    return calloc(1, sizeof(struct btbb_timeline));
}

void btbb_timeline_free(struct btbb_timeline *timeline)
{
    if (!timeline)
        return;
    free(timeline->events);
    free(timeline->per_link);
    free(timeline);
}

static bool make_room(struct btbb_timeline *timeline)
{
    if (timeline->count < timeline->capacity)
        return true;
    if (timeline->count >= BTBB_TIMELINE_EVENTS)
        return false;
    const uint32_t capacity = timeline->capacity ? 2 * timeline->capacity : 64;
    struct btbb_link_event *events = realloc(timeline->events, capacity * sizeof *events);

    if (!events)
        return false;
    timeline->events = events;
    timeline->capacity = capacity;
    return true;
}

/* The number of events of a connection; NULL: no memory. */
static uint16_t *events_of(struct btbb_timeline *timeline, uint32_t link)
{
    if (link < timeline->link_capacity)
        return &timeline->per_link[link];
    if (link >= BTBB_LINKS_MOST)
        return NULL;
    uint32_t capacity = timeline->link_capacity ? timeline->link_capacity : 16;

    while (capacity <= link)
        capacity *= 2;
    uint16_t *per_link = realloc(timeline->per_link, capacity * sizeof *per_link);

    if (!per_link)
        return NULL;
    memset(per_link + timeline->link_capacity, 0, (capacity - timeline->link_capacity) * sizeof *per_link);
    timeline->per_link = per_link;
    timeline->link_capacity = capacity;
    return &per_link[link];
}

void btbb_timeline_add(struct btbb_timeline *timeline, const struct btbb_link_event *event)
{
    uint16_t none = 0;

    if (event->kind == BTBB_EVENT_NONE)
        return;
    uint16_t *of_link = event->link == UINT32_MAX ? &none : events_of(timeline, event->link);

    if (!of_link || *of_link >= BTBB_TIMELINE_PER_LINK || !make_room(timeline)) {
        timeline->dropped++;
        return;
    }
    ++*of_link;
    timeline->events[timeline->count++] = *event;
}

uint32_t btbb_timeline_count(const struct btbb_timeline *timeline)
{
    return timeline->count;
}

const struct btbb_link_event *btbb_timeline_at(const struct btbb_timeline *timeline, uint32_t number)
{
    return &timeline->events[number];
}

uint32_t btbb_timeline_dropped(const struct btbb_timeline *timeline)
{
    return timeline->dropped;
}
