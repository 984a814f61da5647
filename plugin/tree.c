/* tree.c: what the parts of the protocol tree are built with; see tree.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tree.h"

static int hf_channel = -1;

static hf_register_info channel_field[] = {
    {&hf_channel, {"Channel", "btbb.channel", FT_UINT8, BASE_DEC, NULL, 0, "RF channel, valid values 0 to 78", HFILL}},
};

static const struct btbb_places places[BTBB_CAPTURE_FORMATS] = {
    [BTBB_CAPTURE_LEGACY] =
        {.channel = {4, 1}, .clk = {0, 4}, .header = {6, 3}, .type = {6, 1}, .flags = {7, 1}, .hec = {8, 1}},
    [BTBB_CAPTURE_RF] =
        {.lap = {8, 3}, .channel = {0, 1}, .header = {16, 4}, .type = {16, 1}, .flags = {16, 2}, .hec = {17, 2}},
};

const struct btbb_places *btbb_places(const struct btbb_packet *packet)
{
    return &places[packet->frame.format];
}

bool btbb_is_visible(proto_tree *tree)
{
    return tree && PTREE_DATA(tree)->visible;
}

bool btbb_is_wanted(const struct btbb_packet *packet, proto_tree *tree _U_, const hf_register_info *fields,
                    size_t count)
{
    if (packet->in_full)
        return true;
    unsigned uses = HF_REF_TYPE_NONE;

    for (size_t i = 0; i < count; i++) /* no early exit: usually no field is referenced */
        uses |= (unsigned)fields[i].hfinfo.ref_type;
    return uses != HF_REF_TYPE_NONE;
}

/* Whether a protocol is seen in the tree: the tree is shown or walked through, or the protocol itself is named. */
static bool is_protocol_wanted(proto_tree *tree, int proto)
{
    return PTREE_DATA(tree)->visible || !PTREE_DATA(tree)->fake_protocols ||
           (union_of_tap_listener_flags() & TL_REQUIRES_PROTO_TREE) != 0 ||
           proto_registrar_get_nth((unsigned)proto)->ref_type > HF_REF_TYPE_INDIRECT;
}

proto_tree *btbb_add_protocol(const struct btbb_packet *packet, proto_tree *tree, int proto, int ett, proto_item **item)
{
    if (packet->remarks == 0 && !is_protocol_wanted(tree, proto)) {
        PTREE_DATA(tree)->count++; /* Wireshark takes back a layer that has added nothing */
        *item = NULL;
        return tree;
    }
    *item = proto_tree_add_item(tree, proto, packet->tvb, 0, (int)packet->frame.captured, ENC_NA);
    return proto_item_add_subtree(*item, ett);
}

proto_tree *btbb_add_branch(const struct btbb_packet *packet, proto_tree *tree, int hf, struct btbb_place place,
                            int ett, proto_item **item)
{
    if (!packet->in_full && proto_registrar_get_nth((unsigned)hf)->ref_type <= HF_REF_TYPE_INDIRECT) {
        *item = NULL;
        return tree;
    }
    *item = proto_tree_add_item(tree, hf, packet->tvb, place.offset, place.bytes, ENC_NA);
    return proto_item_add_subtree(*item, ett);
}

proto_item *btbb_add_generated_flag(const struct btbb_packet *packet, proto_tree *tree, int hf, bool value)
{
    proto_item *item = proto_tree_add_boolean(tree, hf, packet->tvb, 0, 0, value);

    proto_item_set_generated(item);
    return item;
}

proto_item *btbb_add_generated_uint(const struct btbb_packet *packet, proto_tree *tree, int hf, uint32_t value)
{
    proto_item *item = proto_tree_add_uint(tree, hf, packet->tvb, 0, 0, value);

    proto_item_set_generated(item);
    return item;
}

proto_item *btbb_add_generated_text(const struct btbb_packet *packet, proto_tree *tree, int hf, const char *value)
{
    proto_item *item = proto_tree_add_string(tree, hf, packet->tvb, 0, 0, value);

    proto_item_set_generated(item);
    return item;
}

proto_item *btbb_add_generated_ether(const struct btbb_packet *packet, proto_tree *tree, int hf, const uint8_t value[6])
{
    proto_item *item = proto_tree_add_ether(tree, hf, packet->tvb, 0, 0, value);

    proto_item_set_generated(item);
    return item;
}

proto_item *btbb_add_address(const struct btbb_packet *packet, proto_tree *tree, int hf, struct btbb_place place,
                             uint64_t value, unsigned bytes)
{
    uint8_t text[6];

    for (unsigned i = 0; i < bytes; i++)
        text[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));

    proto_item *item =
        proto_tree_add_bytes_with_length(tree, hf, packet->tvb, place.offset, place.bytes, text, (int)bytes);

    if (place.bytes == 0)
        proto_item_set_generated(item);
    return item;
}

static proto_checksum_enum_e status_of(enum btbb_check check)
{
    return check == BTBB_CHECK_GOOD  ? PROTO_CHECKSUM_E_GOOD
           : check == BTBB_CHECK_BAD ? PROTO_CHECKSUM_E_BAD
                                     : PROTO_CHECKSUM_E_UNVERIFIED;
}

void btbb_show_check(const struct btbb_packet *packet, proto_tree *tree, const struct btbb_check_fields *fields,
                     struct btbb_place place, enum btbb_check check, uint32_t stored, uint32_t computed)
{
    proto_item *item = proto_tree_add_uint(tree, *fields->stored, packet->tvb, place.offset, place.bytes, stored);
    proto_item *status = proto_tree_add_uint(tree, *fields->status, packet->tvb, place.offset, 0, status_of(check));

    proto_item_set_generated(status);
    if (check == BTBB_CHECK_GOOD || check == BTBB_CHECK_BAD)
        btbb_add_generated_uint(packet, tree, *fields->computed, computed);
    btbb_remark(packet, item, fields->bad);
}

void btbb_register_channel(int proto)
{
    proto_register_field_array(proto, channel_field, array_length(channel_field));
}

bool btbb_is_channel_wanted(const struct btbb_packet *packet, proto_tree *tree)
{
    return BTBB_IS_WANTED(packet, tree, channel_field);
}

void btbb_show_channel(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_place place = btbb_places(packet)->channel;
    proto_item *item =
        proto_tree_add_uint(tree, hf_channel, packet->tvb, place.offset, place.bytes, packet->facts.channel);

    btbb_remark(packet, item, BTBB_REMARK_CHANNEL);
}
