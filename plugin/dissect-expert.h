/* dissect-expert.h: the expert items of the dissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_DISSECT_EXPERT_H
#define BTBB_DISSECT_EXPERT_H

#include "packet.h"

#include "learn/remarks.h"

void btbb_register_expert(expert_module_t *expert);

static inline bool btbb_has_remark(const struct btbb_packet *packet, enum btbb_remark remark)
{
    return packet->remarks >> remark & 1;
}

/* The registered expert item of a remark, for functions of Wireshark that add it by themselves. */
expert_field *btbb_remark_field(enum btbb_remark remark);

/* Adds the expert item to `item` (may be NULL: then to the packet) if the remark holds; does nothing otherwise. */
void btbb_remark(const struct btbb_packet *packet, proto_item *item, enum btbb_remark remark);

/* The same with a text of its own instead of the registered one. */
void btbb_remark_text(const struct btbb_packet *packet, proto_item *item, enum btbb_remark remark, const char *text);

/* The remarks on the capture that are made at this packet: jumps of the time stamps, and what is noted once. */
void btbb_show_capture_remarks(const struct btbb_packet *packet, proto_item *item);

#endif
