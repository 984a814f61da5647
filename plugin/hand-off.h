/* hand-off.h: hands payloads to Wireshark's own dissectors of LMP, L2CAP, FHS and Extended Inquiry Responses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_HAND_OFF_H
#define BTBB_HAND_OFF_H

#include "packet.h"

void btbb_register_hand_off(int proto, expert_module_t *expert, module_t *preferences);

/* Finds the other dissectors. To be called when all of them are registered. */
void btbb_find_upper_dissectors(void);

/* Whether a tree (not NULL) holds something that depends on these dissectors: it is shown as a whole, or a filter names
 * another protocol, or a field about fragments or addresses. */
bool btbb_is_hand_off_seen(proto_tree *tree);

/* `tree` is the tree of the whole frame, `btbb_tree` ours. Both may be NULL. */
void btbb_hand_off(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree);

#endif
