/* tree.h: what the parts of the protocol tree are built with.
 *
 * The lowest room of the dissector: every dissect-*.c file includes it, and it includes none of them.
 *
 * An item costs about as much as decoding the whole packet. Items that nobody can see are therefore left out: a part
 * of the tree first checks with BTBB_IS_WANTED() whether any of its fields is used.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TREE_H
#define BTBB_TREE_H

#include "packet.h"
#include "dissect-expert.h"

/* Where a field lies in packet->tvb. No bytes: the frame does not hold it there. */
struct btbb_place {
    int offset, bytes;
};

/* The places of the fields that several capture formats have. `header` is the whole packet header, `type` the bytes
 * with LT_ADDR and TYPE, `flags` those with FLOW, ARQN and SEQN. */
struct btbb_places {
    struct btbb_place lap, channel, clk, header, type, flags, hec;
};

/* The places in frames of this packet's capture format. Never NULL. */
const struct btbb_places *btbb_places(const struct btbb_packet *packet);

/* Whether `tree` (may be NULL) is shown as a whole, so that every item of it is seen. */
bool btbb_is_visible(proto_tree *tree);

/* Whether a filter or column names a protocol, or a field of one, other than the `count` protocols of `except`. `tree`
 * is not NULL. */
bool btbb_is_other_protocol_used(proto_tree *tree, const int *except, size_t count);

/* Whether at least one of these fields is used: the packet is shown in full, or a filter or column names one. */
bool btbb_is_wanted(const struct btbb_packet *packet, proto_tree *tree, const hf_register_info *fields, size_t count);
#define BTBB_IS_WANTED(packet, tree, fields) btbb_is_wanted(packet, tree, fields, array_length(fields))

/* Adds the item of our protocol, and returns the subtree below it. Where nothing of it is seen, the item is left out:
 * *item is NULL, and the result is `tree`. Either way Wireshark keeps our protocol among the layers of the frame. */
proto_tree *btbb_add_protocol(const struct btbb_packet *packet, proto_tree *tree, int proto, int ett,
                              proto_item **item);

/* Adds an item and a subtree below it, and returns the subtree. Where the item itself is not used, it is left out:
 * *item is NULL, and the fields go into `tree`, where a filter finds them as well. */
proto_tree *btbb_add_branch(const struct btbb_packet *packet, proto_tree *tree, int hf, struct btbb_place place,
                            int ett, proto_item **item);

/* Items that are derived, not read from the frame. Wireshark shows them in brackets. */
proto_item *btbb_add_generated_flag(const struct btbb_packet *packet, proto_tree *tree, int hf, bool value);
proto_item *btbb_add_generated_uint(const struct btbb_packet *packet, proto_tree *tree, int hf, uint32_t value);
proto_item *btbb_add_generated_text(const struct btbb_packet *packet, proto_tree *tree, int hf, const char *value);
proto_item *btbb_add_generated_ether(const struct btbb_packet *packet, proto_tree *tree, int hf,
                                     const uint8_t value[6]);

/* Bytes of an address, shown as "48:31:dd". A `place` without bytes makes the item a generated one. */
proto_item *btbb_add_address(const struct btbb_packet *packet, proto_tree *tree, int hf, struct btbb_place place,
                             uint64_t value, unsigned bytes);

/* Fields of a check sequence that is stored in little-endian byte order. */
struct btbb_check_fields {
    int *stored, *status, *computed;
    enum btbb_remark bad;
};

/* Adds the check sequence stored at `offset` of `tvb`, its status, and where it was checked the computed value. */
void btbb_show_check(const struct btbb_packet *packet, proto_tree *tree, const struct btbb_check_fields *fields,
                     tvbuff_t *tvb, int offset, enum btbb_check check, uint32_t computed);

/* The RF channel, which some formats store with the meta data and others with the reception. */
void btbb_register_channel(int proto);
bool btbb_is_channel_wanted(const struct btbb_packet *packet, proto_tree *tree);
void btbb_show_channel(const struct btbb_packet *packet, proto_tree *tree);

#endif
