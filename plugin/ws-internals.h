/* ws-internals.h: two shortcuts that rely on internals of Wireshark: members of structures that its headers show, but
 * that its documentation does not offer to dissectors.
 *
 * Both leave out work whose result nobody sees. Each has a twin that uses documented functions only, for builds with
 * -DBTBB_SHORTCUTS=OFF. tests/plugin/test_public_api.py compares what the two show, filter and count.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_INTERNALS_H
#define BTBB_INTERNALS_H

#include "compat/ws-compat.h"

/* Whether a filter or column names one of these fields. `tree` is not NULL and not visible.
 *
 * Reads the member ref_type of the fields. Gain: 1,041 instructions per packet of a filtered statistic on legacy
 * captures, 1,570 on LINKTYPE 255 (7 and 10 % of what `tshark -z credentials` takes), because about 60 fields are
 * checked per packet and a call of proto_field_is_referenced() costs as much as ten of these reads. */
bool btbb_is_any_referenced(proto_tree *tree, const hf_register_info *fields, size_t count);

/* Whether the item of our protocol may be left out of a tree that is not NULL and not visible. Where it returns true,
 * Wireshark keeps the protocol as a layer of the frame although nothing is added to the tree.
 *
 * Reads ref_type and fake_protocols, and increments count: Wireshark removes a layer that has added no item. Gain: 804
 * instructions per packet of a filtered statistic on legacy captures, 656 on LINKTYPE 255 (5 and 4 %). */
bool btbb_can_leave_out_protocol(proto_tree *tree, int proto);

#endif
