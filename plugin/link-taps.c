/* link-taps.c: see link-taps.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link-taps.h"

#include "learn/link-feed.h"

static int links_tap = -1;
static int data_tap = -1;

void btbb_register_link_taps(void)
{
    links_tap = register_tap(BTBB_LINK_TAP_NAME);
    data_tap = register_tap(BTBB_LINK_DATA_TAP_NAME);
}

void btbb_queue_link_packet(const struct btbb_packet *packet)
{
    const bool hears_data = have_tap_listener(data_tap);

    if (!hears_data && !have_tap_listener(links_tap))
        return;
    const enum btbb_link_packet_kind kind = btbb_link_packet_kind_of(&packet->facts, &packet->verdict);

    if (kind == BTBB_LINK_PACKET_NONE || (kind == BTBB_LINK_PACKET_DATA && !hears_data))
        return;
    struct btbb_link_packet *queued = wmem_new0(packet->pinfo->pool, struct btbb_link_packet);

    queued->frame = packet->pinfo->num;
    queued->has_time = packet->frame.has_time;
    queued->time_ns = packet->frame.has_time ? packet->frame.time_ns : 0;
    btbb_link_packet_fill(kind, &packet->frame, &packet->facts, &packet->verdict, queued);
    if (packet->decrypted == BTBB_REASON_GOOD)
        queued->protection = BTBB_PROTECTION_ENCRYPTED;
    tap_queue_packet(kind == BTBB_LINK_PACKET_DATA ? data_tap : links_tap, packet->pinfo, queued);
}
