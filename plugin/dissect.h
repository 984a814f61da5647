/* dissect.h: the parts of the dissector that packet-btbb.c puts together.
 *
 * Each part registers its own fields and shows one branch of the tree. A part uses tree.h, dissect-expert.h and the
 * core; parts do not call each other, and none calls packet-btbb.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_DISSECT_H
#define BTBB_DISSECT_H

#include "packet.h"

void btbb_register_address(int proto);
void btbb_register_meta(int proto);
void btbb_register_rf(int proto);
void btbb_register_esp32(int proto);
void btbb_register_broadcom(int proto);
void btbb_register_header(int proto);
void btbb_register_derived(int proto);
void btbb_register_payload(int proto);
void btbb_register_columns(int proto);

/* The parts of the tree, in the order in which they are shown. `tree` may be NULL: then only expert items are added. */
void btbb_show_address(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_meta(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_rf(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_esp32(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_broadcom(const struct btbb_packet *packet, proto_tree *tree); /* foreign records, too */
void btbb_show_header(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_derived(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_payload(const struct btbb_packet *packet, proto_tree *tree);

/* Sets the columns Protocol and Info. */
void btbb_set_columns(const struct btbb_packet *packet);

/* Sets Source and Destination, and adds them to the tree, unless another dissector has set them since
 * packet->src_data and dst_data were noted. To be called after all other dissectors. */
void btbb_set_ends(const struct btbb_packet *packet, proto_tree *tree);
bool btbb_are_ends_wanted(const struct btbb_packet *packet, proto_tree *tree);

#endif
