/* timeline.h: what happened on the connections of a capture, in order, one line for each LMP PDU and change of state.
 *
 * The tracker (learn/links.h) makes the events; here they are kept, and put into words.
 *
 * Memory is bounded: BTBB_TIMELINE_PER_LINK events of a connection and BTBB_TIMELINE_EVENTS events in all, of 80 bytes
 * each. Later ones are counted, not kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_TIMELINE_H
#define BTBB_CORE_TIMELINE_H

#include "learn/links.h"

#define BTBB_TIMELINE_PER_LINK 16384u
#define BTBB_TIMELINE_EVENTS   1048576u

/* Longest text of btbb_event_details(), with its final NUL. */
#define BTBB_EVENT_DETAILS_BYTES 256u

struct btbb_timeline;

/* NULL only when memory is exhausted; free with btbb_timeline_free(), which takes NULL. */
struct btbb_timeline *btbb_timeline_new(void);
void btbb_timeline_free(struct btbb_timeline *timeline);

/* Keep an event; BTBB_EVENT_NONE is ignored. */
void btbb_timeline_add(struct btbb_timeline *timeline, const struct btbb_link_event *event);

/* The events in the order in which they were added. `number` must be below the count. */
uint32_t btbb_timeline_count(const struct btbb_timeline *timeline);
const struct btbb_link_event *btbb_timeline_at(const struct btbb_timeline *timeline, uint32_t number);

/* Events that were not kept for lack of room or memory. */
uint32_t btbb_timeline_dropped(const struct btbb_timeline *timeline);

/* What happened: "LMP_features_req", "FHS", "L2CAP data". An opcode that the specification does not have is named by
 * its number: "LMP opcode 67", "LMP opcode 127/99". Written as by snprintf(); returns its length. */
size_t btbb_event_what(const struct btbb_link_event *event, char *out, size_t size);

/* The parameters that matter, "" where there are none; printable text, of less than BTBB_EVENT_DETAILS_BYTES. Written
 * as by snprintf(); returns its length. */
size_t btbb_event_details(const struct btbb_link_event *event, char *out, size_t size);

/* Who did it: "Central", "Peripheral", "capturing device", "other device", "unknown"; static text. */
const char *btbb_event_who(const struct btbb_link_event *event);

/* The time from the request to this answer. False: it answers none, or a time is missing. May be negative where the
 * times of the capture are not in order. */
bool btbb_event_elapsed(const struct btbb_link_event *event, int64_t *ns);

#endif
