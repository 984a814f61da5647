/* dissect-vendors.h: the vendor of a device, by the manufacturer data of Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_DISSECT_VENDORS_H
#define BTBB_DISSECT_VENDORS_H

#include "packet.h"

void btbb_register_vendors(int proto, module_t *preferences);

/* Whether btbb_show_vendors() is to be called. */
bool btbb_are_vendors_wanted(const struct btbb_packet *packet, proto_tree *tree);

/* Adds the vendor where NAP and UAP are known. Where only the UAP is known, adds every vendor with that UAP, some
 * hundred of them, if the preference is set. */
void btbb_show_vendors(const struct btbb_packet *packet, proto_tree *tree);

#endif
