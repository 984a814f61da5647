/* link-log.h: the connections of one capture and what happened on them: the link tracker (learn/links.h) together with
 * the timeline (learn/timeline.h). Views of connections are made from it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LINK_LOG_H
#define BTBB_CORE_LINK_LOG_H

#include "learn/timeline.h"

struct btbb_link_log {
    struct btbb_links *links;
    struct btbb_timeline *timeline; /* NULL: events are not kept */
};

/* NULL only when memory is exhausted; free with btbb_link_log_free(), which takes NULL. */
struct btbb_link_log *btbb_link_log_new(bool with_timeline);
void btbb_link_log_free(struct btbb_link_log *log);

/* Take in one packet. `event`: set as by btbb_links_add(); NULL: not needed. Ignores packets of another version. */
void btbb_link_log_add(struct btbb_link_log *log, const struct btbb_link_packet *packet, struct btbb_link_event *event);

/* The packets of which something is missing, because a table was full or memory exhausted. */
uint32_t btbb_link_log_dropped(const struct btbb_link_log *log);

#endif
