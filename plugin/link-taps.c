/* link-taps.c: see link-taps.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link-taps.h"

#include "learn/link-feed.h"

static int links_tap = -1;
static int names_tap = -1;

void btbb_register_link_taps(void)
{
    links_tap = register_tap(BTBB_LINK_TAP_NAME);
    names_tap = register_tap(BTBB_NAME_TAP_NAME);
}

void btbb_fill_link_packet(const struct btbb_packet *packet, uint32_t number, enum btbb_link_packet_kind kind,
                           struct btbb_link_packet *filled)
{
    filled->frame = number;
    filled->has_time = packet->frame.has_time;
    filled->time_ns = packet->frame.has_time ? packet->frame.time_ns : 0;
    btbb_link_packet_fill(kind, &packet->frame, &packet->facts, &packet->verdict, filled);
    btbb_link_packet_set_decryption(filled, packet->has_keys, packet->decrypted);
}

void btbb_queue_link_packet(const struct btbb_packet *packet)
{
    const bool all = have_tap_listener(links_tap);

    if (!all && !have_tap_listener(names_tap))
        return;
    const enum btbb_link_packet_kind kind =
        btbb_link_packet_kind_with(&packet->facts, &packet->verdict, packet->decrypted);
    const bool for_names = kind != BTBB_LINK_PACKET_DATA && kind != BTBB_LINK_PACKET_SEALED;

    if (kind == BTBB_LINK_PACKET_NONE || !(all || for_names))
        return;
    struct btbb_link_packet *queued = wmem_new0(packet->pinfo->pool, struct btbb_link_packet);

    btbb_fill_link_packet(packet, packet->pinfo->num, kind, queued);
    tap_queue_packet(links_tap, packet->pinfo, queued);
    if (for_names)
        tap_queue_packet(names_tap, packet->pinfo, queued);
}
