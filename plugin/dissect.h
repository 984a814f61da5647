/* dissect.h: what the files of the dissector share. Each part of the tree has a file with its own fields.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_DISSECT_H
#define BTBB_DISSECT_H

#include "../compat/ws-compat.h"

#include "core/capture.h"
#include "core/decode.h"

/* One frame on its way through the dissector. Lives on the stack of the dissecting function. */
struct btbb_packet {
    tvbuff_t *tvb; /* holds what frame.bytes points to */
    packet_info *pinfo;
    const void *src_data; /* of the addresses that the link layer below us entered */
    const void *dst_data;
    struct btbb_frame frame;
    struct btbb_facts facts;
    struct btbb_verdict verdict;
};

/* plugin.c calls these. */
void btbb_register_protocol(void);
void btbb_register_handoff(void);

/* Each part registers its fields, subtrees, expert items and preferences under the one protocol. */
void btbb_register_address(int proto, expert_module_t *expert, module_t *preferences);
void btbb_register_meta(int proto, expert_module_t *expert);
void btbb_register_rf(int proto, expert_module_t *expert);
void btbb_register_header(int proto, expert_module_t *expert);
void btbb_register_payload(int proto, expert_module_t *expert);
void btbb_register_upper(int proto, expert_module_t *expert, module_t *preferences);
void btbb_register_columns(int proto);
void btbb_handoff_upper(void);

/* The parts of the tree, in the order they are shown. `tree` may be NULL: then only expert items are reported. */
void btbb_show_address(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_meta(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_rf(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_header(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_payload(const struct btbb_packet *packet, proto_tree *tree);

/* The RF channel: the first byte of the pseudo-header, the fifth of the legacy meta data. */
void btbb_show_channel(const struct btbb_packet *packet, proto_tree *tree);

/* Protocol and Info. Between open and close another dissector may add to Info; what is there stays. */
void btbb_set_columns(const struct btbb_packet *packet);
void btbb_open_info(packet_info *pinfo);
void btbb_close_info(packet_info *pinfo);
/* Source and Destination, unless a dissector above us has named its own; called when all of them are through. */
void btbb_set_ends(const struct btbb_packet *packet, proto_tree *tree);

/* Hand the payload to the dissector of LMP, L2CAP or FHS, fragments put together first. `tree` is the whole tree. */
void btbb_hand_on(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree);
/* Fragments under way are forgotten with the capture. */
void btbb_upper_reset(void);

/* A stored check sequence, its status, and where it differs the right value. `field` stands at `offset`. */
struct btbb_check_fields {
    int *field, *status, *computed;
    expert_field *bad;
};
void btbb_show_check(const struct btbb_packet *packet, proto_tree *tree, const struct btbb_check_fields *fields,
                     int offset, int bytes, enum btbb_check check, uint32_t stored, uint32_t computed);

/* The 24 bits of a LAP as three bytes, most significant first, as they are shown. */
static inline void btbb_lap_bytes(uint32_t lap, uint8_t bytes[3])
{
    bytes[0] = (uint8_t)(lap >> 16);
    bytes[1] = (uint8_t)(lap >> 8);
    bytes[2] = (uint8_t)lap;
}

#endif
