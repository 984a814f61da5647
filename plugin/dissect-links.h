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

/* Show what was known at the packet: btbb.name, and btbb.link and the fields below it. */
void btbb_show_links(const struct btbb_packet *packet, proto_tree *tree);

void btbb_register_links(int proto);

#endif
