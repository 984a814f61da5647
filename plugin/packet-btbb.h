/* packet-btbb.h: the two functions of the dissector that Wireshark calls, by way of plugin.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PACKET_BTBB_H
#define BTBB_PACKET_BTBB_H

void btbb_register_protocol(void);

/* Called when all protocols are registered. */
void btbb_register_handoff(void);

#endif
