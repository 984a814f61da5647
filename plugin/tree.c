/* tree.c: what the parts of the protocol tree are built with; see tree.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tree.h"

#include "ws-internals.h"

static int hf_channel = -1;

static hf_register_info channel_field[] = {
    {&hf_channel, {"Channel", "btbb.channel", FT_UINT8, BASE_DEC, NULL, 0, "RF channel, valid values 0 to 78", HFILL}},
};

static const struct btbb_places places[BTBB_CAPTURE_FORMATS] = {
    [BTBB_CAPTURE_LEGACY] =
        {.channel = {4, 1}, .clk = {0, 4}, .header = {6, 3}, .type = {6, 1}, .flags = {7, 1}, .hec = {8, 1}},
    [BTBB_CAPTURE_RF] =
        {.lap = {8, 3}, .channel = {0, 1}, .header = {16, 4}, .type = {16, 1}, .flags = {16, 2}, .hec = {16, 4}},
    [BTBB_CAPTURE_ESP32] = {.channel = {4, 1}, .clk = {0, 4}, .header = {6, 2}, .type = {6, 1}, .flags = {6, 2}},
    [BTBB_CAPTURE_BROADCOM] = {.lap = {6, 3}},
    [BTBB_CAPTURE_MONITOR] = {.lap = {6, 3}},
};

const struct btbb_places *btbb_places(const struct btbb_packet *packet)
{
    return &places[packet->frame.format];
}

bool btbb_is_visible(proto_tree *tree)
{
    return proto_field_is_referenced(tree, hf_text_only);
}

static bool is_one_of(int proto, const int *protocols, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (protocols[i] == proto)
            return true;
    return false;
}

bool btbb_is_other_protocol_used(proto_tree *tree, const int *except, size_t count)
{
    void *cookie = NULL;

    for (int proto = proto_get_first_protocol(&cookie); proto != -1; proto = proto_get_next_protocol(&cookie))
        if (!is_one_of(proto, except, count) && proto_field_is_referenced(tree, proto))
            return true;
    return false;
}

bool btbb_is_wanted(const struct btbb_packet *packet, proto_tree *tree, const hf_register_info *fields, size_t count)
{
    return packet->in_full || btbb_is_any_referenced(tree, fields, count);
}

proto_tree *btbb_add_protocol(const struct btbb_packet *packet, proto_tree *tree, int proto, int ett, proto_item **item)
{
    if (!packet->in_full && btbb_can_leave_out_protocol(tree, proto)) {
        *item = NULL;
        return tree;
    }
    *item = proto_tree_add_item(tree, proto, packet->tvb, 0, (int)packet->frame.captured, ENC_NA);
    return proto_item_add_subtree(*item, ett);
}

proto_tree *btbb_add_branch(const struct btbb_packet *packet, proto_tree *tree, int hf, struct btbb_place place,
                            int ett, proto_item **item)
{
    if (!packet->in_full && !proto_field_is_referenced(tree, hf)) {
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

void btbb_show_check(const struct btbb_packet *packet, proto_tree *tree, const struct btbb_check_fields *fields,
                     tvbuff_t *tvb, int offset, enum btbb_check check, uint32_t computed)
{
    const bool checked = check == BTBB_CHECK_GOOD || check == BTBB_CHECK_BAD;

    proto_tree_add_checksum(tree, tvb, (unsigned)offset, *fields->stored, *fields->status,
                            btbb_remark_field(fields->bad), packet->pinfo, computed, ENC_LITTLE_ENDIAN,
                            checked ? PROTO_CHECKSUM_VERIFY : PROTO_CHECKSUM_NO_FLAGS);
    if (checked)
        btbb_add_generated_uint(packet, tree, *fields->computed, computed);
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
