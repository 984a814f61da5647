/* dissect-links.h: the connections of the open capture, in the dissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_DISSECT_LINKS_H
#define BTBB_DISSECT_LINKS_H

#include "packet.h"

/* Forget everything: the capture is closed. */
void btbb_forget_links(void);

/* Learn from frame `number`, in file order: in the first pass, or anew after btbb_forget_links(). Tree and pinfo of the
 * packet are not used. */
void btbb_learn_links(const struct btbb_packet *packet, uint32_t number);

/* The name of the client of frame `number` that was known at it; NULL: none. Valid until the next packet is learned. */
const struct btbb_name *btbb_name_at(const struct btbb_packet *packet, uint32_t number);

/* The best name of a client in the whole capture, as far as it was read; NULL: none. */
const struct btbb_name *btbb_name_of(uint32_t lap);

/* Show what was known at the packet: btbb.name, and btbb.link and the fields below it. */
void btbb_show_links(const struct btbb_packet *packet, proto_tree *tree);

void btbb_register_links(int proto);

#endif
