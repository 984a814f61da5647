/* dissect-expert.h: the expert items of the dissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_DISSECT_EXPERT_H
#define BTBB_DISSECT_EXPERT_H

#include "packet.h"

/* What an expert item reports. */
enum btbb_remark {
    BTBB_REMARK_MALFORMED,
    BTBB_REMARK_TRUNCATED,
    BTBB_REMARK_CONFLICT,
    BTBB_REMARK_META,
    BTBB_REMARK_CHANNEL,
    BTBB_REMARK_RF_FLAGS,
    BTBB_REMARK_WHITENED,
    BTBB_REMARK_HEADER,
    BTBB_REMARK_HEC,
    BTBB_REMARK_DIRECTION,
    BTBB_REMARK_BEYOND_TYPE,
    BTBB_REMARK_BEYOND_DATA,
    BTBB_REMARK_UNRESOLVED,
    BTBB_REMARK_PAYLOAD_HEADER,
    BTBB_REMARK_CRC,
    BTBB_REMARKS
};

void btbb_register_expert(expert_module_t *expert);

/* Sets packet->remarks to the remarks that hold for its facts and verdict. */
void btbb_find_remarks(struct btbb_packet *packet);

static inline bool btbb_has_remark(const struct btbb_packet *packet, enum btbb_remark remark)
{
    return packet->remarks >> remark & 1;
}

/* Adds the expert item to `item` (may be NULL: then to the packet) if the remark holds; does nothing otherwise. */
void btbb_remark(const struct btbb_packet *packet, proto_item *item, enum btbb_remark remark);

/* The same with a text of its own instead of the registered one. */
void btbb_remark_text(const struct btbb_packet *packet, proto_item *item, enum btbb_remark remark, const char *text);

#endif
