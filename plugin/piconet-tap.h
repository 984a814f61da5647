/* piconet-tap.h: packets for the table of piconets (learn/clock-log.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PICONET_TAP_H
#define BTBB_PICONET_TAP_H

#include "packet.h"

void btbb_register_piconet_tap(void);

bool btbb_is_piconet_tap_heard(void);

/* Queue what the packet shows of the clock of its piconet, if anything listens. `last`: the capture was read before,
 * and no later frame was learned. */
void btbb_queue_piconet_packet(const struct btbb_packet *packet, bool last);

#endif
