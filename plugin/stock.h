/* stock.h: Wireshark's own dissector of LINKTYPE_BLUETOOTH_BREDR_BB, btbredr_rf, which runs after ours.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_STOCK_H
#define BTBB_STOCK_H

#include "packet.h"

/* To be called when a capture is opened: some protocols are registered after all dissectors are. */
void btbb_find_stock_protocols(void);

/* Whether a listener may notice that the stock dissector is not called for a frame without tree and columns: by an
 * expert item or an address. Such a call costs twice as much as our whole dissection. */
bool btbb_is_stock_heard(void);

/* Calls Wireshark's own dissector `handle` for a packet that we have dissected, unless nobody would notice. Its tree
 * follows ours; the columns stay as they are. `data` is what our caller has passed on. */
void btbb_call_stock(const struct btbb_packet *packet, dissector_handle_t handle, proto_tree *tree,
                     proto_tree *btbb_tree, void *data);

#endif
