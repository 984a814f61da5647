/* dissect-header.c: the packet header: LT_ADDR, TYPE, FLOW, ARQN, SEQN, HEC.
 *
 * Core Specification Vol 2 Part B, 6.4. The 18 bits in the order of transmission, and their places in a file:
 *
 *             LT_ADDR (3) TYPE (4) | FLOW ARQN SEQN | HEC (8)
 *   legacy    byte 6, bits 0-6     | byte 7, 0-2    | byte 8
 *   255       byte 16, bits 0-6    | 16.7 - 17.1    | 17.2 - 18.1
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "tree.h"

static int hf_pkthdr = -1;
static int hf_lt_addr = -1;
static int hf_type = -1;
static int hf_type_name = -1;
static int hf_flags = -1;
static int hf_flow = -1;
static int hf_arqn = -1;
static int hf_seqn = -1;
static int hf_hec = -1;
static int hf_hec_in_word = -1;
static int hf_hec_status = -1;
static int hf_hec_computed = -1;
static int hf_hec_uap = -1;

static int ett_pkthdr = -1;
static int ett_flags = -1;

/* Names of the TYPE codes, from the packet type table. */
static value_string type_names[BTBB_TYPES + 1];

static hf_register_info type_fields[] = {
    {&hf_pkthdr, {"Packet Header", "btbb.pkthdr", FT_NONE, BASE_NONE, NULL, 0, "All fields of the header", HFILL}},
    {&hf_lt_addr,
     {"LT_ADDR", "btbb.lt_addr", FT_UINT8, BASE_DEC, NULL, 0, "Logical transport address of the Peripheral", HFILL}},
    {&hf_type, {"TYPE", "btbb.type", FT_UINT8, BASE_DEC, VALS(type_names), 0, "TYPE code, 0 to 15", HFILL}},
    {&hf_type_name,
     {"TYPE name", "btbb.type_name", FT_STRING, BASE_NONE, NULL, 0, "Names of all packets with this TYPE code", HFILL}},
};

static hf_register_info flags_fields[] = {
    {&hf_flags, {"Flags", "btbb.flags", FT_UINT8, BASE_HEX, NULL, 0, "FLOW is bit 0, ARQN bit 1, SEQN bit 2", HFILL}},
    {&hf_flow, {"FLOW", "btbb.flow", FT_BOOLEAN, BASE_NONE, NULL, 0, "Flow control: true is go", HFILL}},
    {&hf_arqn, {"ARQN", "btbb.arqn", FT_BOOLEAN, BASE_NONE, NULL, 0, "Acknowledgement of the last packet", HFILL}},
    {&hf_seqn, {"SEQN", "btbb.seqn", FT_BOOLEAN, BASE_NONE, NULL, 0, "Sequence number bit", HFILL}},
};

static hf_register_info hec_fields[] = {
    {&hf_hec, {"HEC", "btbb.hec", FT_UINT8, BASE_HEX, NULL, 0, "Header error check", HFILL}},
    {&hf_hec_in_word, {"HEC", "btbb.hec", FT_UINT32, BASE_HEX, NULL, 0x0003fc00, "Header error check", HFILL}},
    {&hf_hec_status,
     {"HEC status", "btbb.hec.status", FT_UINT8, BASE_NONE, VALS(proto_checksum_vals), 0,
      "Good, bad, or unverified: the UAP is not known, or zero bytes prove nothing", HFILL}},
    {&hf_hec_computed,
     {"HEC computed", "btbb.hec.computed", FT_UINT8, BASE_HEX, NULL, 0, "HEC for the best-known UAP", HFILL}},
    {&hf_hec_uap,
     {"UAP implied by the HEC", "btbb.hec.uap", FT_BYTES, SEP_COLON, NULL, 0, "The only UAP for which this HEC is good",
      HFILL}},
};

/* The fields that most filters name: each is added only if it is used. */
static void show_type(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_place place = btbb_places(packet)->type;

    if (proto_field_is_referenced(tree, hf_lt_addr))
        proto_tree_add_uint(tree, hf_lt_addr, packet->tvb, place.offset, place.bytes, facts->lt_addr);
    if (proto_field_is_referenced(tree, hf_type))
        proto_tree_add_uint(tree, hf_type, packet->tvb, place.offset, place.bytes, facts->type);
    if (proto_field_is_referenced(tree, hf_type_name))
        btbb_add_generated_text(packet, tree, hf_type_name, btbb_type_name(facts->type));
}

static void show_flags(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const unsigned value = (unsigned)facts->flow | (unsigned)facts->arqn << 1 | (unsigned)facts->seqn << 2;
    const struct btbb_place place = btbb_places(packet)->flags;
    proto_item *item = proto_tree_add_uint(tree, hf_flags, packet->tvb, place.offset, place.bytes, value);
    proto_tree *flags = proto_item_add_subtree(item, ett_flags);

    proto_tree_add_boolean(flags, hf_flow, packet->tvb, place.offset, place.bytes, facts->flow);
    proto_tree_add_boolean(flags, hf_arqn, packet->tvb, place.offset, place.bytes, facts->arqn);
    proto_tree_add_boolean(flags, hf_seqn, packet->tvb, place.offset, place.bytes, facts->seqn);
    btbb_remark(packet, item, BTBB_REMARK_HEADER);
}

static void show_hec(const struct btbb_packet *packet, proto_tree *tree)
{
    static const struct btbb_check_fields in_byte = {&hf_hec, &hf_hec_status, &hf_hec_computed, BTBB_REMARK_HEC};
    static const struct btbb_check_fields in_word = {&hf_hec_in_word, &hf_hec_status, &hf_hec_computed,
                                                     BTBB_REMARK_HEC};
    const struct btbb_place place = btbb_places(packet)->hec;
    const struct btbb_facts *facts = &packet->facts;

    btbb_show_check(packet, tree, place.bytes == 1 ? &in_byte : &in_word, packet->tvb, place.offset, facts->hec_check,
                    facts->hec_computed);
    btbb_add_address(packet, tree, hf_hec_uap, (struct btbb_place){0, 0}, facts->hec_implied_uap, 1);
}

static void show_fields(const struct btbb_packet *packet, proto_tree *tree)
{
    struct btbb_place place = btbb_places(packet)->header;
    proto_item *item;

    place.bytes = MIN(place.bytes, (int)packet->frame.captured - place.offset);
    proto_tree *header = btbb_add_branch(packet, tree, hf_pkthdr, place, ett_pkthdr, &item);

    if (BTBB_IS_WANTED(packet, tree, type_fields))
        show_type(packet, header);
    if (packet->facts.has_flags && BTBB_IS_WANTED(packet, tree, flags_fields))
        show_flags(packet, header);
    if (packet->facts.has_hec && BTBB_IS_WANTED(packet, tree, hec_fields))
        show_hec(packet, header);
}

void btbb_show_header(const struct btbb_packet *packet, proto_tree *tree)
{
    if (packet->facts.header_state == BTBB_HEADER_WHITENED) {
        const struct btbb_place place = btbb_places(packet)->header;
        proto_item *item = proto_tree_add_item(tree, hf_pkthdr, packet->tvb, place.offset, place.bytes, ENC_NA);

        btbb_remark(packet, item, BTBB_REMARK_WHITENED);
    } else if (packet->facts.has_type) {
        show_fields(packet, tree);
    }
}

void btbb_register_header(int proto)
{
    static int *subtrees[] = {&ett_pkthdr, &ett_flags};

    for (unsigned type = 0; type < BTBB_TYPES; type++)
        type_names[type] = (value_string){type, btbb_type_name((uint8_t)type)};
    proto_register_field_array(proto, type_fields, array_length(type_fields));
    proto_register_field_array(proto, flags_fields, array_length(flags_fields));
    proto_register_field_array(proto, hec_fields, array_length(hec_fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
