/* hand-off.h: hands payloads to Wireshark's own dissectors of LMP, L2CAP, FHS and Extended Inquiry Responses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_HAND_OFF_H
#define BTBB_HAND_OFF_H

#include "packet.h"

void btbb_register_hand_off(expert_module_t *expert, module_t *preferences);

/* Finds the other dissectors. To be called when all of them are registered. */
void btbb_find_upper_dissectors(void);

/* `tree` is the tree of the whole frame, `btbb_tree` ours. Both may be NULL. */
void btbb_hand_off(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree);

#endif
