/* reassembly.h: puts the fragments of L2CAP messages together.
 *
 * A logical link is a piconet, an LT_ADDR and a direction. The first pass calls btbb_reassemble() or
 * btbb_note_packet() once for every new packet with a CRC, in file order; later passes repeat the results of the first.
 *
 * Direction and plain payload may become known only later, when the clock of the piconet is found. Then the first later
 * pass that comes to the packets in file order (the second one of tshark -2, a display filter in the window) decides
 * anew, and the dissectors of L2CAP and above see these packets as if for the first time. Each packet is between
 * btbb_start_visit() and btbb_end_visit().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_REASSEMBLY_H
#define BTBB_REASSEMBLY_H

#include "packet.h"

void btbb_register_reassembly(int proto, expert_module_t *expert, module_t *preferences);

/* A packet whose payload is about to be handed off, or may be in a later pass; in later passes, any packet with a
 * payload. And the end of it. */
void btbb_start_visit(const struct btbb_packet *packet);
void btbb_end_visit(void);

/* Whether other dissectors must see the packet as if for the first time, because they saw it without direction, or not
 * at all. */
bool btbb_is_first_visit(const packet_info *pinfo);

/* Forgets the messages of the open capture. To be called when the capture is closed. */
void btbb_reset_reassembly(void);

/* Who sent a packet, as far as the reassembly can tell senders apart. */
enum btbb_way { BTBB_WAY_UNKNOWN, BTBB_WAY_SENT, BTBB_WAY_RECEIVED };

/* By direction, the Central counting as the sender. Without direction, by the part of the capturing device. */
enum btbb_way btbb_way_of(const struct btbb_packet *packet);

/* Adds the payload body of a packet that holds a part of a message. Returns the whole message in the frame in which it
 * is complete, NULL otherwise. The state of the fragment is shown in `tree`. */
tvbuff_t *btbb_reassemble(const struct btbb_packet *packet, tvbuff_t *body, proto_tree *tree);

/* Notes a packet with a CRC that is no fragment. `ends_message`: it holds a whole message, so that an incomplete one
 * before it stays incomplete. */
void btbb_note_packet(const struct btbb_packet *packet, bool ends_message);

#endif
