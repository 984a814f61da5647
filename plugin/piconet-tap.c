/* piconet-tap.c: see piconet-tap.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "piconet-tap.h"

#include "learn/clock-log.h"

static int piconet_tap = -1;

void btbb_register_piconet_tap(void)
{
    piconet_tap = register_tap(BTBB_PICONET_TAP_NAME);
}

bool btbb_is_piconet_tap_heard(void)
{
    return have_tap_listener(piconet_tap);
}

void btbb_queue_piconet_packet(const struct btbb_packet *packet, bool last)
{
    if (!have_tap_listener(piconet_tap))
        return;
    struct btbb_piconet_packet *queued = wmem_new(packet->pinfo->pool, struct btbb_piconet_packet);

    btbb_piconet_packet_fill(packet->pinfo->num, &packet->frame, &packet->facts, &packet->verdict, queued);
    queued->last = last;
    tap_queue_packet(piconet_tap, packet->pinfo, queued);
}
