/* dissect.h: what the files of the dissector share. Each part of the tree has a file with its own fields.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_DISSECT_H
#define BTBB_DISSECT_H

#include "compat/ws-compat.h"

#include "learn/capture.h"
#include "decode/decode.h"

/* What an expert item is made of. */
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

/* One frame on its way through the dissector. Lives on the stack of the dissecting function. */
struct btbb_packet {
    tvbuff_t *tvb; /* holds what frame.bytes points to */
    packet_info *pinfo;
    const void *src_data; /* of the addresses that the link layer below us entered */
    const void *dst_data;
    struct btbb_frame frame;
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    uint32_t remarks; /* bits 1 << enum btbb_remark */
};

/* plugin.c calls these. */
void btbb_register_protocol(void);
void btbb_register_handoff(void);

/* Each part registers its fields, subtrees and preferences under the one protocol; expert items are in one place. */
void btbb_register_address(int proto, module_t *preferences);
void btbb_register_meta(int proto);
void btbb_register_rf(int proto);
void btbb_register_header(int proto);
void btbb_register_payload(int proto);
void btbb_register_upper(int proto, expert_module_t *expert, module_t *preferences);
void btbb_register_columns(int proto);
void btbb_register_expert(expert_module_t *expert);
void btbb_handoff_upper(void);

/* Whether somebody looks at one of these fields: there is something to remark, the tree is shown, or a filter or column
 * names one of them. What nobody looks at is not put into the tree: an item costs as much as decoding the packet. */
bool btbb_is_wanted(const struct btbb_packet *packet, const proto_tree *tree, const hf_register_info *fields,
                    size_t count);
#define BTBB_IS_WANTED(packet, tree, fields) btbb_is_wanted(packet, tree, fields, array_length(fields))

/* An item and the tree below it. In a tree of which only some fields are asked for, it does not matter where they hang:
 * an item that nobody asks for is left out (*item is NULL), and the tree below it is `tree` itself. */
proto_tree *btbb_add_branch(const struct btbb_packet *packet, proto_tree *tree, int hf, int offset, int length, int ett,
                            proto_item **item);

/* The parts of the tree, in the order they are shown. `tree` may be NULL: then only expert items are reported. */
void btbb_show_address(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_meta(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_rf(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_header(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_payload(const struct btbb_packet *packet, proto_tree *tree);

/* The RF channel: the first byte of the pseudo-header, the fifth of the legacy meta data. */
void btbb_show_channel(const struct btbb_packet *packet, proto_tree *tree);
bool btbb_is_channel_wanted(const struct btbb_packet *packet, const proto_tree *tree);

/* Protocol and Info. Between open and close another dissector may add to Info; what is there stays. */
void btbb_set_columns(const struct btbb_packet *packet);
void btbb_open_info(packet_info *pinfo);
void btbb_close_info(packet_info *pinfo);
/* Source and Destination, unless a dissector above us has named its own; called when all of them are through. */
void btbb_set_ends(const struct btbb_packet *packet, proto_tree *tree);
bool btbb_are_ends_wanted(const struct btbb_packet *packet, const proto_tree *tree);

/* Hand the payload to the dissector of LMP, L2CAP or FHS, fragments put together first. `tree` is the whole tree. */
void btbb_hand_on(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree);
/* Fragments under way are forgotten with the capture. */
void btbb_upper_reset(void);

/* Which remarks hold for a packet, and the expert items of those that do; nothing happens for one that does not. */
void btbb_find_remarks(struct btbb_packet *packet);
void btbb_remark(const struct btbb_packet *packet, proto_item *item, enum btbb_remark remark);
void btbb_remark_text(const struct btbb_packet *packet, proto_item *item, enum btbb_remark remark, const char *text);
static inline bool btbb_has_remark(const struct btbb_packet *packet, enum btbb_remark remark)
{
    return packet->remarks >> remark & 1;
}

/* A stored check sequence, its status, and where it differs the right value. `field` stands at `offset`. */
struct btbb_check_fields {
    int *field, *status, *computed;
    enum btbb_remark bad;
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
