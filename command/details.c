/* details.c: see details.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "details.h"

#include "learn/link-feed.h"

static void follow_links(struct btbb_link_log *log, const struct btbb_read_frame *in, const struct btbb_facts *facts,
                         const struct btbb_verdict *verdict)
{
    enum btbb_link_packet_kind kind = btbb_link_packet_kind_of(facts, verdict);
    if (kind == BTBB_LINK_PACKET_NONE)
        return;
    struct btbb_link_packet packet = {
        .frame = in->number, .time_ns = in->frame.time_ns, .has_time = in->frame.has_time};
    btbb_link_packet_fill(kind, &in->frame, facts, verdict, &packet);
    btbb_link_log_add(log, &packet, NULL);
}

void btbb_read_details(struct btbb_capture *capture, struct btbb_link_log *log, const struct btbb_read_frame *in,
                       struct btbb_details *details)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    *details = (struct btbb_details){.record = {.version = BTBB_RECORD_VERSION,
                                                .frame = in->number,
                                                .wire_bytes = in->wire_bytes,
                                                .time_ns = in->frame.time_ns,
                                                .has_time = in->frame.has_time}};
    btbb_decode(&in->frame, &facts);
    btbb_capture_learn(capture, in->number, &in->frame, &facts, &verdict);
    btbb_record_fill(&facts, &verdict, &details->record);
    btbb_details_fill(&facts, details);
    if (log)
        follow_links(log, in, &facts, &verdict);
}
