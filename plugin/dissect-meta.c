/* dissect-meta.c: the meta data of legacy frames.
 *
 *   0      1      2      3      4         5
 * +------+------+------+------+---------+-------+
 * |    CLK, little-endian     | channel | flags |     flags: bit 0 27 clock bits known, bit 1 NAP known
 * +------+------+------+------+---------+-------+
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "tree.h"

#define META_BYTES   6u
#define FLAGS_OFFSET 5

static int hf_meta = -1;
static int hf_clk = -1;
static int hf_clkbits = -1;
static int hf_addrbits = -1;
static int hf_reserved = -1;

static int ett_meta = -1;

static const true_false_string bits_27_6 = {"27", "6"};
static const true_false_string bits_48_32 = {"48", "32"};

static hf_register_info fields[] = {
    {&hf_meta,
     {"Meta Data", "btbb.meta", FT_NONE, BASE_NONE, NULL, 0, "What the receiver recorded beside the packet", HFILL}},
    {&hf_clk,
     {"CLK", "btbb.clk", FT_UINT32, BASE_HEX, NULL, 0,
      "Clock in units of 625 us, CLK1 is bit 0. Whose clock it is depends on the writer", HFILL}},
    {&hf_clkbits,
     {"Known Clock Bits", "btbb.clkbits", FT_BOOLEAN, 8, TFS(&bits_27_6), 0x01, "Number of known clock bits", HFILL}},
    {&hf_addrbits,
     {"Known Address Bits", "btbb.addrbits", FT_BOOLEAN, 8, TFS(&bits_48_32), 0x02, "Number of known address bits",
      HFILL}},
    {&hf_reserved,
     {"Reserved", "btbb.meta.reserved", FT_UINT8, BASE_HEX, NULL, 0xfc, "Reserved bits, must be 0", HFILL}},
};

static void show_flags(const struct btbb_packet *packet, proto_tree *tree)
{
    const uint8_t flags = packet->facts.meta_flags;

    proto_tree_add_boolean(tree, hf_clkbits, packet->tvb, FLAGS_OFFSET, 1, flags);
    proto_tree_add_boolean(tree, hf_addrbits, packet->tvb, FLAGS_OFFSET, 1, flags);
    if (flags & BTBB_LEGACY_RESERVED) {
        proto_item *item = proto_tree_add_uint(tree, hf_reserved, packet->tvb, FLAGS_OFFSET, 1, flags);

        btbb_remark(packet, item, BTBB_REMARK_META);
    }
}

void btbb_show_meta(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_place place = {0, (int)MIN(packet->frame.captured, META_BYTES)};

    if (packet->frame.format != BTBB_CAPTURE_LEGACY || place.bytes == 0 ||
        !(BTBB_IS_WANTED(packet, tree, fields) || btbb_is_channel_wanted(packet, tree)))
        return;
    proto_item *item;
    proto_tree *subtree = btbb_add_branch(packet, tree, hf_meta, place, ett_meta, &item);

    if (facts->has_clk) {
        const struct btbb_place clk = btbb_places(packet)->clk;

        proto_tree_add_uint(subtree, hf_clk, packet->tvb, clk.offset, clk.bytes, facts->clk);
    }
    if (facts->has_channel)
        btbb_show_channel(packet, subtree);
    if (facts->has_meta_flags)
        show_flags(packet, subtree);
}

void btbb_register_meta(int proto)
{
    static int *subtrees[] = {&ett_meta};

    proto_register_field_array(proto, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
