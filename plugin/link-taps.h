/* link-taps.h: packets for the statistics of connections (learn/links.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_LINK_TAPS_H
#define BTBB_LINK_TAPS_H

#include "packet.h"

#include "learn/link-packet.h"

void btbb_register_link_taps(void);

/* Complete a packet for the tracker that is all zero. `number`: of its frame; `kind`: btbb_link_packet_kind_with(), not
 * BTBB_LINK_PACKET_NONE. */
void btbb_fill_link_packet(const struct btbb_packet *packet, uint32_t number, enum btbb_link_packet_kind kind,
                           struct btbb_link_packet *filled);

/* Queue what the packet shows of a connection, if anything listens to it. To be called before other dissectors get the
 * payload. */
void btbb_queue_link_packet(const struct btbb_packet *packet);

#endif
