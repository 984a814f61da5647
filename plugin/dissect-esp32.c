/* dissect-esp32.c: what the ESP32 BR/EDR sniffer records beside packet header and payload.
 *
 *   0      1      2      3      4         5       6
 * +------+------+------+------+---------+-------+---------------+
 * |    CLK, little-endian     | channel | flags | packet header |
 * +------+------+------+------+---------+-------+---------------+
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "tree.h"

#include "decode/layout.h"

static int hf_record = -1;
static int hf_clk = -1;
static int hf_flags = -1;
static int hf_edr = -1;
static int hf_peripheral = -1;
static int hf_custom_lmp = -1;
static int hf_retry = -1;
static int hf_intercept = -1;
static int hf_tx_encrypted = -1;
static int hf_rx_encrypted = -1;
static int hf_eir = -1;

static int ett_record = -1;
static int ett_flags = -1;

static hf_register_info fields[] = {
    {&hf_record,
     {"ESP32 Record", "btbb.esp32", FT_NONE, BASE_NONE, NULL, 0, "What the sniffer recorded beside the packet", HFILL}},
    {&hf_clk,
     {"CLK", "btbb.clk", FT_UINT32, BASE_HEX, NULL, 0,
      "Clock in units of 625 us, CLK1 is bit 0. Whose clock it is depends on the writer", HFILL}},
    {&hf_flags, {"Flags", "btbb.esp32.flags", FT_UINT8, BASE_HEX, NULL, 0, "All eight flags", HFILL}},
    {&hf_edr,
     {"EDR packet types", "btbb.esp32.edr", FT_BOOLEAN, 8, NULL, BTBB_ESP32_EDR,
      "TYPE is of the packet type table of Enhanced Data Rate", HFILL}},
    {&hf_peripheral,
     {"Peripheral", "btbb.esp32.peripheral", FT_BOOLEAN, 8, NULL, BTBB_ESP32_PERIPHERAL,
      "The capturing device is a Peripheral. In sent packets it may be the role before a role switch", HFILL}},
    {&hf_custom_lmp,
     {"Custom LMP", "btbb.esp32.custom_lmp", FT_BOOLEAN, 8, NULL, BTBB_ESP32_CUSTOM_LMP,
      "The host of the capturing device made the packet", HFILL}},
    {&hf_retry,
     {"Retry", "btbb.esp32.retry", FT_BOOLEAN, 8, NULL, BTBB_ESP32_RETRY, "The packet was sent again", HFILL}},
    {&hf_intercept,
     {"Intercepted", "btbb.esp32.intercept", FT_BOOLEAN, 8, NULL, BTBB_ESP32_INTERCEPT,
      "The capturing device handed the packet to its host before sending it", HFILL}},
    {&hf_tx_encrypted,
     {"Sent packets encrypted", "btbb.esp32.tx_encrypted", FT_BOOLEAN, 8, NULL, BTBB_ESP32_TX_ENCRYPTED,
      "Packets that the capturing device sends are encrypted on air", HFILL}},
    {&hf_rx_encrypted,
     {"Received packets encrypted", "btbb.esp32.rx_encrypted", FT_BOOLEAN, 8, NULL, BTBB_ESP32_RX_ENCRYPTED,
      "Packets that the capturing device receives are encrypted on air", HFILL}},
    {&hf_eir,
     {"Extended Inquiry Response", "btbb.esp32.eir", FT_BOOLEAN, 8, NULL, BTBB_ESP32_EIR,
      "The payload is an Extended Inquiry Response", HFILL}},
};

static void show_flags(const struct btbb_packet *packet, proto_tree *tree)
{
    static int *const bits[] = {&hf_edr,          &hf_peripheral,   &hf_custom_lmp, &hf_retry, &hf_intercept,
                                &hf_tx_encrypted, &hf_rx_encrypted, &hf_eir,        NULL};

    proto_tree_add_bitmask(tree, packet->tvb, BTBB_ESP32_FLAGS, hf_flags, ett_flags, bits, ENC_NA);
}

void btbb_show_esp32(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_place place = {0, BTBB_ESP32_HEADER}, clk = btbb_places(packet)->clk;
    proto_item *item;

    if (packet->frame.format != BTBB_CAPTURE_ESP32 ||
        !(BTBB_IS_WANTED(packet, tree, fields) || btbb_is_channel_wanted(packet, tree)))
        return;
    proto_tree *subtree = btbb_add_branch(packet, tree, hf_record, place, ett_record, &item);

    item = proto_tree_add_uint(subtree, hf_clk, packet->tvb, clk.offset, clk.bytes, facts->clk);
    proto_item_append_text(item, " (native clock of the capturing device)");
    if (facts->has_channel)
        btbb_show_channel(packet, subtree);
    show_flags(packet, subtree);
}

void btbb_register_esp32(int proto)
{
    static int *subtrees[] = {&ett_record, &ett_flags};

    proto_register_field_array(proto, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
