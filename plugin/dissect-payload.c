/* dissect-payload.c: packet kind, payload header, body, MIC and CRC, and the fields of an FHS packet.
 *
 * Core Specification Vol 2 Part B, 6.5 and 6.6.
 *
 *   one byte    LLID (2) FLOW (1) LENGTH (5)
 *   two bytes   LLID (2) FLOW (1) LENGTH (10) reserved (3)                     little-endian
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "tree.h"

static int hf_kind = -1;
static int hf_confidence = -1;
static int hf_payload = -1;
static int hf_payload_len = -1;
static int hf_voice = -1;
static int hf_pldhdr = -1;
static int hf_llid = -1;
static int hf_pldflow = -1;
static int hf_length = -1;
static int hf_pldbody = -1;
static int hf_mic = -1;
static int hf_crc = -1;
static int hf_crc_status = -1;
static int hf_crc_computed = -1;
static int hf_crc_uap = -1;
static int hf_trailing = -1;

static int hf_fhs = -1;
static int hf_fhs_bd_addr = -1;
static int hf_fhs_class = -1;
static int hf_fhs_lt_addr = -1;
static int hf_fhs_clk = -1;
static int hf_fhs_parity = -1;
static int hf_fhs_taught = -1;

static int ett_payload = -1;
static int ett_pldhdr = -1;
static int ett_fhs = -1;

static const value_string llids[] = {
    {0, "reserved"},
    {1, "continuation of an L2CAP message"},
    {2, "start of an L2CAP message, or a complete one"},
    {3, "LMP message"},
    {0, NULL},
};

static const value_string confidences[] = {
    {BTBB_CONFIDENCE_NONE, "none"},
    {BTBB_CONFIDENCE_PLAUSIBLE, "fits into the data"},
    {BTBB_CONFIDENCE_BAD_CRC, "exact length, bad CRC"},
    {BTBB_CONFIDENCE_EXACT, "exact length, CRC not checked"},
    {BTBB_CONFIDENCE_PROVEN, "good CRC"},
    {0, NULL},
};

/* Names of the packet kinds, from the packet type table. */
static value_string kind_names[BTBB_KIND_COUNT + 1];

static hf_register_info payload_fields[] = {
    {&hf_kind,
     {"Packet", "btbb.kind", FT_UINT8, BASE_DEC, VALS(kind_names), 0,
      "Packet type, resolved by length, CRC, transport and rate; absent when several are possible", HFILL}},
    {&hf_confidence,
     {"Confidence", "btbb.confidence", FT_UINT8, BASE_DEC, VALS(confidences), 0, "How certain the packet type is",
      HFILL}},
    {&hf_payload, {"Payload", "btbb.payload", FT_BYTES, BASE_NONE, NULL, 0, "All payload bytes", HFILL}},
    {&hf_payload_len,
     {"Payload length", "btbb.payload.len", FT_UINT32, BASE_DEC, NULL, 0,
      "Number of payload bytes before the frame was cut", HFILL}},
    {&hf_voice, {"Voice", "btbb.voice", FT_BYTES, BASE_NONE, NULL, 0, "Synchronous part of a DV packet", HFILL}},
    {&hf_pldhdr,
     {"Payload Header", "btbb.pldhdr", FT_NONE, BASE_NONE, NULL, 0, "Header of one or two bytes before the body",
      HFILL}},
    {&hf_llid, {"LLID", "btbb.llid", FT_UINT8, BASE_DEC, VALS(llids), 0, "Logical link identifier", HFILL}},
    {&hf_pldflow, {"FLOW", "btbb.pldflow", FT_BOOLEAN, BASE_NONE, NULL, 0, "Flow control of the logical link", HFILL}},
    {&hf_length, {"LENGTH", "btbb.length", FT_UINT16, BASE_DEC, NULL, 0, "Number of bytes in the payload body", HFILL}},
    {&hf_pldbody,
     {"Payload Body", "btbb.pldbody", FT_BYTES, BASE_NONE, NULL, 0, "Payload without header, MIC and CRC", HFILL}},
    {&hf_mic, {"MIC", "btbb.mic", FT_BYTES, BASE_NONE, NULL, 0, "Message integrity check (AES-CCM)", HFILL}},
    {&hf_crc, {"CRC", "btbb.crc", FT_UINT16, BASE_HEX, NULL, 0, "Payload CRC", HFILL}},
    {&hf_crc_status,
     {"CRC status", "btbb.crc.status", FT_UINT8, BASE_NONE, VALS(proto_checksum_vals), 0,
      "Good, bad, or unverified: the UAP is not known, or zero bytes prove nothing", HFILL}},
    {&hf_crc_computed,
     {"CRC computed", "btbb.crc.computed", FT_UINT16, BASE_HEX, NULL, 0, "CRC for the best-known UAP", HFILL}},
    {&hf_crc_uap,
     {"UAP implied by the CRC", "btbb.crc.uap", FT_BYTES, SEP_COLON, NULL, 0, "The only UAP for which this CRC is good",
      HFILL}},
    {&hf_trailing,
     {"Trailing bytes", "btbb.trailing", FT_BYTES, BASE_NONE, NULL, 0, "Bytes after the last part of the payload",
      HFILL}},
};

static hf_register_info fhs_fields[] = {
    {&hf_fhs, {"Sender", "btbb.fhs", FT_NONE, BASE_NONE, NULL, 0, "Sender of an FHS packet", HFILL}},
    {&hf_fhs_bd_addr, {"BD_ADDR", "btbb.fhs.bd_addr", FT_ETHER, BASE_NONE, NULL, 0, "Address of the sender", HFILL}},
    {&hf_fhs_class,
     {"Class of device", "btbb.fhs.class", FT_UINT24, BASE_HEX, NULL, 0, "Class of device of the sender", HFILL}},
    {&hf_fhs_lt_addr,
     {"LT_ADDR", "btbb.fhs.lt_addr", FT_UINT8, BASE_DEC, NULL, 0, "LT_ADDR that the packet assigns", HFILL}},
    {&hf_fhs_clk,
     {"CLK27-2", "btbb.fhs.clk", FT_UINT32, BASE_HEX, NULL, 0, "Clock of the sender, bits 27 to 2", HFILL}},
    {&hf_fhs_parity,
     {"Parity good", "btbb.fhs.parity", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "The parity bits are those of the LAP's sync word", HFILL}},
    {&hf_fhs_taught,
     {"Address learned", "btbb.fhs.learned", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "The address is proven: from this frame on it is the address of its LAP", HFILL}},
};

/* Number of captured bytes in [offset, offset + bytes) of the payload. */
static uint32_t captured_of(const struct btbb_payload *payload, uint32_t offset, uint32_t bytes)
{
    return offset >= payload->captured ? 0 : MIN(bytes, payload->captured - offset);
}

/* Adds the captured bytes of a part of the payload as they are in the frame. Returns NULL when there are none. */
static proto_item *add_captured(const struct btbb_packet *packet, proto_tree *tree, int hf, uint32_t offset,
                                uint32_t bytes)
{
    const struct btbb_payload *payload = &packet->facts.payload;
    const uint32_t shown = captured_of(payload, offset, bytes);

    if (shown == 0)
        return NULL;
    return proto_tree_add_item(tree, hf, packet->tvb, (int)(payload->offset + offset), (int)shown, ENC_NA);
}

/* The same for a part that is encrypted on air: plain where the payload was decrypted. */
static proto_item *add_part(const struct btbb_packet *packet, proto_tree *tree, int hf, uint32_t offset, uint32_t bytes)
{
    const uint32_t shown = captured_of(&packet->facts.payload, offset, bytes);

    if (shown == 0)
        return NULL;
    return proto_tree_add_item(tree, hf, packet->payload_tvb, (int)(packet->payload_start + offset), (int)shown,
                               ENC_NA);
}

static void show_kind(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;

    if (!facts->has_type && !facts->payload.parsed)
        return;
    if (facts->kind)
        btbb_add_generated_uint(packet, tree, hf_kind, facts->kind->kind);
    btbb_add_generated_uint(packet, tree, hf_confidence, facts->confidence);
}

static void show_payload_header(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_payload *payload = &packet->facts.payload;
    tvbuff_t *tvb = packet->payload_tvb;
    const int at = (int)(packet->payload_start + payload->voice_bytes);
    const int bytes = payload->header_bytes;
    proto_item *item = add_part(packet, tree, hf_pldhdr, payload->voice_bytes, payload->header_bytes);
    proto_tree *header = proto_item_add_subtree(item, ett_pldhdr);

    if (payload->header_replaced) { /* the stored one is a constant */
        btbb_add_generated_uint(packet, header, hf_llid, payload->llid);
        btbb_add_generated_uint(packet, header, hf_length, payload->length);
        return;
    }
    proto_tree_add_uint(header, hf_llid, tvb, at, 1, payload->llid);
    proto_tree_add_boolean(header, hf_pldflow, tvb, at, 1, payload->flow);
    proto_tree_add_uint(header, hf_length, tvb, at, bytes, payload->length);
    btbb_remark(packet, item, BTBB_REMARK_PAYLOAD_HEADER);
}

static void show_crc(const struct btbb_packet *packet, proto_tree *tree)
{
    static const struct btbb_check_fields crc = {&hf_crc, &hf_crc_status, &hf_crc_computed, BTBB_REMARK_CRC};
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_payload *payload = &facts->payload;
    btbb_show_check(packet, tree, &crc, packet->payload_tvb, (int)(packet->payload_start + payload->crc_offset),
                    facts->crc_check, payload->crc_computed);
    if (facts->crc_implies_uap)
        btbb_add_address(packet, tree, hf_crc_uap, (struct btbb_place){0, 0}, facts->crc_implied_uap, 1);
}

static void show_parts(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_payload *payload = &packet->facts.payload;

    add_part(packet, tree, hf_voice, 0, payload->voice_bytes);
    if (payload->header_bytes > 0)
        show_payload_header(packet, tree);
    add_part(packet, tree, hf_pldbody, payload->body_offset, payload->body_bytes);
    if (payload->mic)
        add_part(packet, tree, hf_mic, payload->body_offset + payload->body_bytes, 4);
    if (payload->has_crc)
        show_crc(packet, tree);
    if (payload->trailing_bytes > 0)
        add_captured(packet, tree, hf_trailing, payload->reported - payload->trailing_bytes, payload->trailing_bytes);
}

/* The sender only. Wireshark's own dissector of FHS packets shows the whole packet. */
static void show_fhs(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_fhs *fhs = &packet->facts.fhs;
    const uint8_t bd_addr[6] = {(uint8_t)(fhs->nap >> 8),  (uint8_t)fhs->nap,        fhs->uap,
                                (uint8_t)(fhs->lap >> 16), (uint8_t)(fhs->lap >> 8), (uint8_t)fhs->lap};
    const int at = (int)packet->facts.payload.offset;
    proto_item *item = proto_tree_add_item(tree, hf_fhs, packet->tvb, at, 18, ENC_NA);
    proto_tree *subtree = proto_item_add_subtree(item, ett_fhs);

    proto_tree_add_ether(subtree, hf_fhs_bd_addr, packet->tvb, at + 4, 7, bd_addr);
    proto_tree_add_uint(subtree, hf_fhs_class, packet->tvb, at + 11, 3, fhs->class_of_device);
    proto_tree_add_uint(subtree, hf_fhs_lt_addr, packet->tvb, at + 14, 1, fhs->lt_addr);
    proto_tree_add_uint(subtree, hf_fhs_clk, packet->tvb, at + 14, 4, fhs->clk27_2);
    btbb_add_generated_flag(packet, subtree, hf_fhs_parity, fhs->parity_good);
    btbb_add_generated_flag(packet, subtree, hf_fhs_taught, packet->verdict.taught);
}

void btbb_show_payload(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_payload *payload = &facts->payload;

    if (!facts->has_type && payload->reported == 0)
        return;
    if (!BTBB_IS_WANTED(packet, tree, payload_fields) && !(facts->has_fhs && BTBB_IS_WANTED(packet, tree, fhs_fields)))
        return;
    show_kind(packet, tree);
    if (payload->reported == 0)
        return;
    btbb_add_generated_uint(packet, tree, hf_payload_len, payload->reported);
    if (payload->captured == 0)
        return;
    proto_item *item = add_captured(packet, tree, hf_payload, 0, payload->captured);
    proto_tree *subtree = proto_item_add_subtree(item, ett_payload);

    btbb_remark(packet, item, BTBB_REMARK_BEYOND_TYPE);
    btbb_remark(packet, item, BTBB_REMARK_BEYOND_DATA);
    btbb_remark(packet, item, BTBB_REMARK_UNRESOLVED);
    if (payload->parsed)
        show_parts(packet, subtree);
    if (facts->has_fhs)
        show_fhs(packet, subtree);
}

void btbb_register_payload(int proto)
{
    static int *subtrees[] = {&ett_payload, &ett_pldhdr, &ett_fhs};

    for (unsigned kind = 0; kind < BTBB_KIND_COUNT; kind++)
        kind_names[kind] = (value_string){kind, btbb_packet_types[kind].name};
    proto_register_field_array(proto, payload_fields, array_length(payload_fields));
    proto_register_field_array(proto, fhs_fields, array_length(fhs_fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
