/* dissect-rf.c: the pseudo-header of LINKTYPE_BLUETOOTH_BREDR_BB (255): how the packet was received.
 *
 *   0         1        2       3        4      5         6   7       8       11
 * +---------+--------+-------+--------+------+---------+-----------+-----------+
 * | channel | signal | noise | AC     | rate | header  | payload   | LAP,      |
 * |         | dBm    | dBm   | errors |      | bits    | bits      | 4 bytes   |
 * +---------+--------+-------+--------+------+---------+-----------+-----------+
 *   12              15      16                       20      22
 * +---------------+-------+------------------------+-------+
 * | reference LAP | UAP   | packet header, 18 bits | flags |     all little-endian
 * +---------------+-------+------------------------+-------+
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "tree.h"

#include "decode/layout.h"

static int hf_rf = -1;
static int hf_signal = -1;
static int hf_noise = -1;
static int hf_ac_errors = -1;
static int hf_rate = -1;
static int hf_modulation = -1;
static int hf_transport = -1;
static int hf_fixed_header = -1;
static int hf_fixed_payload = -1;
static int hf_ref_lap = -1;
static int hf_ref_uap = -1;
static int hf_header = -1;
static int hf_old_writer = -1;
static int hf_flags = -1;

static int hf_dewhitened = -1;
static int hf_has_signal = -1;
static int hf_has_noise = -1;
static int hf_decrypted = -1;
static int hf_has_ref_lap = -1;
static int hf_has_payload = -1;
static int hf_aliased = -1;
static int hf_has_ref_uap = -1;
static int hf_hec_checked = -1;
static int hf_hec_passed = -1;
static int hf_crc_checked = -1;
static int hf_crc_passed = -1;
static int hf_mic_checked = -1;
static int hf_mic_passed = -1;
static int hf_reserved = -1;

static int ett_rf = -1;
static int ett_rate = -1;
static int ett_flags = -1;

static const value_string modulations[] = {
    {0, "GFSK"},
    {1, "pi/4-DQPSK"},
    {2, "8DPSK"},
    {0, NULL},
};

static const value_string transports[] = {
    {0, "any or not known"}, {1, "SCO"}, {2, "eSCO"}, {3, "ACL"}, {4, "CPB"}, {0, NULL},
};

static hf_register_info rf_fields[] = {
    {&hf_rf,
     {"Reception", "btbb.rf", FT_NONE, BASE_NONE, NULL, 0, "Pseudo-header: how the packet was received", HFILL}},
    {&hf_signal, {"Signal (dBm)", "btbb.rf.signal", FT_INT8, BASE_DEC, NULL, 0, "Signal power in dBm", HFILL}},
    {&hf_noise, {"Noise (dBm)", "btbb.rf.noise", FT_INT8, BASE_DEC, NULL, 0, "Noise power in dBm", HFILL}},
    {&hf_ac_errors,
     {"Access code errors", "btbb.rf.ac_errors", FT_UINT8, BASE_DEC, NULL, 0, "Number of wrong bits in the access code",
      HFILL}},
    {&hf_rate,
     {"Transport and rate", "btbb.rf.rate", FT_UINT8, BASE_HEX, NULL, 0,
      "Logical transport and modulation; 0xff is an access code only", HFILL}},
    {&hf_modulation,
     {"Modulation", "btbb.rf.modulation", FT_UINT8, BASE_DEC, VALS(modulations), 0x0f, "Modulation of the payload",
      HFILL}},
    {&hf_transport,
     {"Logical transport", "btbb.rf.transport", FT_UINT8, BASE_DEC, VALS(transports), 0xf0,
      "Logical transport of the payload", HFILL}},
    {&hf_old_writer,
     {"Written by an old libbtbb", "btbb.rf.old_writer", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Payload bytes are present but not flagged: the writer counts the modulation from 1, and it may be wrong",
      HFILL}},
    {&hf_fixed_header,
     {"Corrected header bits", "btbb.rf.corrected_header", FT_UINT8, BASE_DEC, NULL, 0,
      "Number of header bits that the receiver corrected", HFILL}},
    {&hf_fixed_payload,
     {"Corrected payload bits", "btbb.rf.corrected_payload", FT_INT16, BASE_DEC, NULL, 0,
      "Number of payload bits that the receiver corrected", HFILL}},
    {&hf_ref_lap,
     {"Reference LAP", "btbb.rf.ref_lap", FT_BYTES, SEP_COLON, NULL, 0, "LAP that the receiver was set to", HFILL}},
    {&hf_ref_uap,
     {"Reference UAP", "btbb.rf.ref_uap", FT_BYTES, SEP_COLON, NULL, 0, "UAP that the receiver was set to", HFILL}},
    {&hf_header, {"Header word", "btbb.rf.header", FT_UINT32, BASE_HEX, NULL, 0, "Packet header as stored", HFILL}},
};

static hf_register_info flags_fields[] = {
    {&hf_flags, {"Flags", "btbb.rf.flags", FT_UINT16, BASE_HEX, NULL, 0, "All 16 flags", HFILL}},
    {&hf_dewhitened,
     {"De-whitened", "btbb.rf.flags.dewhitened", FT_BOOLEAN, 16, NULL, 0x0001, "Header and payload are de-whitened",
      HFILL}},
    {&hf_has_signal,
     {"Signal valid", "btbb.rf.flags.signal", FT_BOOLEAN, 16, NULL, 0x0002, "The signal power is valid", HFILL}},
    {&hf_has_noise,
     {"Noise valid", "btbb.rf.flags.noise", FT_BOOLEAN, 16, NULL, 0x0004, "The noise power is valid", HFILL}},
    {&hf_decrypted,
     {"Decrypted", "btbb.rf.flags.decrypted", FT_BOOLEAN, 16, NULL, 0x0008, "The payload is decrypted", HFILL}},
    {&hf_has_ref_lap,
     {"Reference LAP valid", "btbb.rf.flags.ref_lap", FT_BOOLEAN, 16, NULL, 0x0010, "The reference LAP is valid",
      HFILL}},
    {&hf_has_payload,
     {"Payload present", "btbb.rf.flags.payload", FT_BOOLEAN, 16, NULL, 0x0020,
      "Payload bytes follow the pseudo-header", HFILL}},
    {&hf_aliased,
     {"RF channel aliased", "btbb.rf.flags.aliased", FT_BOOLEAN, 16, NULL, 0x0040,
      "The true RF channel may be another one", HFILL}},
    {&hf_has_ref_uap,
     {"Reference UAP valid", "btbb.rf.flags.ref_uap", FT_BOOLEAN, 16, NULL, 0x0080, "The reference UAP is valid",
      HFILL}},
    {&hf_hec_checked,
     {"HEC checked", "btbb.rf.flags.hec_checked", FT_BOOLEAN, 16, NULL, 0x0100, "The writer checked the HEC", HFILL}},
    {&hf_hec_passed,
     {"HEC passed", "btbb.rf.flags.hec_passed", FT_BOOLEAN, 16, NULL, 0x0200, "The writer found the HEC good", HFILL}},
    {&hf_crc_checked,
     {"CRC checked", "btbb.rf.flags.crc_checked", FT_BOOLEAN, 16, NULL, 0x0400, "The writer checked the CRC", HFILL}},
    {&hf_crc_passed,
     {"CRC passed", "btbb.rf.flags.crc_passed", FT_BOOLEAN, 16, NULL, 0x0800, "The writer found the CRC good", HFILL}},
    {&hf_mic_checked,
     {"MIC checked", "btbb.rf.flags.mic_checked", FT_BOOLEAN, 16, NULL, 0x1000, "The writer checked the MIC", HFILL}},
    {&hf_mic_passed,
     {"MIC passed", "btbb.rf.flags.mic_passed", FT_BOOLEAN, 16, NULL, 0x2000, "The writer found the MIC good", HFILL}},
    {&hf_reserved,
     {"Reserved", "btbb.rf.flags.reserved", FT_UINT16, BASE_HEX, NULL, 0xc000, "Reserved flags, must be 0", HFILL}},
};

static void show_rate(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    proto_item *item = proto_tree_add_uint(tree, hf_rate, packet->tvb, 4, 1, facts->rate);

    if (facts->rate == BTBB_RF_RATE_ID) {
        proto_item_append_text(item, " (access code only)");
        return;
    }
    proto_tree *subtree = proto_item_add_subtree(item, ett_rate);

    if (facts->old_writer)
        btbb_add_generated_flag(packet, subtree, hf_old_writer, true);
    else
        proto_tree_add_uint(subtree, hf_modulation, packet->tvb, 4, 1, facts->rate);
    proto_tree_add_uint(subtree, hf_transport, packet->tvb, 4, 1, facts->rate);
}

static void show_reference(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;

    if (facts->has_ref_lap)
        btbb_add_address(packet, tree, hf_ref_lap, (struct btbb_place){12, 3}, facts->ref_lap, 3);
    if (facts->has_ref_uap)
        btbb_add_address(packet, tree, hf_ref_uap, (struct btbb_place){15, 1}, facts->ref_uap, 1);
}

static void show_flags(const struct btbb_packet *packet, proto_tree *tree)
{
    static int *const bits[] = {
        &hf_dewhitened,  &hf_has_signal,  &hf_has_noise,   &hf_decrypted,  &hf_has_ref_lap, &hf_has_payload,
        &hf_aliased,     &hf_has_ref_uap, &hf_hec_checked, &hf_hec_passed, &hf_crc_checked, &hf_crc_passed,
        &hf_mic_checked, &hf_mic_passed,  &hf_reserved,    NULL,
    };
    proto_item *item = proto_tree_add_bitmask(tree, packet->tvb, 20, hf_flags, ett_flags, bits, ENC_LITTLE_ENDIAN);

    btbb_remark(packet, item, BTBB_REMARK_RF_FLAGS);
}

void btbb_show_rf(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_place place = {0, BTBB_RF_HEADER_BYTES};
    proto_item *item;

    if (packet->frame.format != BTBB_CAPTURE_RF ||
        !(BTBB_IS_WANTED(packet, tree, rf_fields) || BTBB_IS_WANTED(packet, tree, flags_fields) ||
          btbb_is_channel_wanted(packet, tree)))
        return;
    proto_tree *subtree = btbb_add_branch(packet, tree, hf_rf, place, ett_rf, &item);

    if (facts->has_channel)
        btbb_show_channel(packet, subtree);
    if (facts->has_signal)
        proto_tree_add_int(subtree, hf_signal, packet->tvb, 1, 1, facts->signal_dbm);
    if (facts->has_noise)
        proto_tree_add_int(subtree, hf_noise, packet->tvb, 2, 1, facts->noise_dbm);
    proto_tree_add_uint(subtree, hf_ac_errors, packet->tvb, 3, 1, facts->ac_errors);
    show_rate(packet, subtree);
    proto_tree_add_uint(subtree, hf_fixed_header, packet->tvb, 5, 1, facts->corrected_header_bits);
    proto_tree_add_int(subtree, hf_fixed_payload, packet->tvb, 6, 2, facts->corrected_payload_bits);
    show_reference(packet, subtree);
    proto_tree_add_uint(subtree, hf_header, packet->tvb, 16, 4, facts->header32);
    show_flags(packet, subtree);
}

void btbb_register_rf(int proto)
{
    static int *subtrees[] = {&ett_rf, &ett_rate, &ett_flags};

    proto_register_field_array(proto, rf_fields, array_length(rf_fields));
    proto_register_field_array(proto, flags_fields, array_length(flags_fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
