/* link-log.c: see link-log.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/link-log.h"

#include <stdlib.h>

struct btbb_link_log *btbb_link_log_new(bool with_timeline)
{
    struct btbb_link_log *log = calloc(1, sizeof *log);

    if (!log)
        return NULL;
    log->links = btbb_links_new();
    log->timeline = with_timeline ? btbb_timeline_new() : NULL;
    if (log->links && (log->timeline || !with_timeline))
        return log;
    btbb_link_log_free(log);
    return NULL;
}

void btbb_link_log_free(struct btbb_link_log *log)
{
    if (!log)
        return;
    btbb_links_free(log->links);
    btbb_timeline_free(log->timeline);
    free(log);
}

void btbb_link_log_add(struct btbb_link_log *log, const struct btbb_link_packet *packet, struct btbb_link_event *event)
{
    struct btbb_link_event made = {0};

    if (packet->version == BTBB_LINK_PACKET_VERSION)
        btbb_links_add(log->links, packet, &made);
    if (log->timeline)
        btbb_timeline_add(log->timeline, &made);
    if (event)
        *event = made;
}

uint32_t btbb_link_log_dropped(const struct btbb_link_log *log)
{
    const uint32_t links = btbb_links_dropped(log->links) + btbb_device_names_dropped(btbb_links_names(log->links));

    return links + (log->timeline ? btbb_timeline_dropped(log->timeline) : 0);
}
