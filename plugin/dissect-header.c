/* dissect-header.c: the packet header: LT_ADDR, TYPE, FLOW, ARQN, SEQN, HEC, and what follows from it.
 *
 * Core Specification Vol 2 Part B, 6.4. The 18 bits in the order of transmission, and where they are in a file:
 *
 *             LT_ADDR (3) TYPE (4) | FLOW ARQN SEQN | HEC (8)
 *   legacy    byte 6, bits 0-6     | byte 7, 0-2    | byte 8
 *   255       byte 16, bits 0-6    | 16.7 - 17.1    | 17.2 - 18.1
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

static int hf_id = -1;
static int hf_dir = -1;
static int hf_to_master = -1;
static int hf_withheld = -1;
static int hf_pkthdr = -1;
static int hf_lt_addr = -1;
static int hf_type = -1;
static int hf_type_name = -1;
static int hf_flags = -1;
static int hf_flow = -1;
static int hf_arqn = -1;
static int hf_seqn = -1;
static int hf_hec = -1;
static int hf_hec_status = -1;
static int hf_hec_computed = -1;
static int hf_hec_uap = -1;
static int hf_retransmission = -1;

static int hf_notebook = -1;
static int hf_nb_master = -1;
static int hf_nb_payload = -1;

static int ett_pkthdr = -1;
static int ett_flags = -1;
static int ett_notebook = -1;

static const true_false_string directions = {"Peripheral to Central", "Central to Peripheral"};

static const value_string withheld_reasons[] = {
    {BTBB_DIR_POLL_CONTRADICTS, "a POLL came in the slot of a Peripheral: the clock is not the piconet's"},
    {BTBB_DIR_CLK_TOO_WIDE, "six clock bits announced and more stored: the clock is not the piconet's"},
    {0, NULL},
};

/* Names of the TYPE codes, from the packet type table. */
static value_string type_names[BTBB_TYPES + 1];

static hf_register_info type_fields[] = {
    {&hf_pkthdr, {"Packet Header", "btbb.pkthdr", FT_NONE, BASE_NONE, NULL, 0, NULL, HFILL}},
    {&hf_lt_addr,
     {"LT_ADDR", "btbb.lt_addr", FT_UINT8, BASE_DEC, NULL, 0, "Logical transport address of the Peripheral", HFILL}},
    {&hf_type, {"TYPE", "btbb.type", FT_UINT8, BASE_DEC, VALS(type_names), 0, "Code of the packet type", HFILL}},
    {&hf_type_name,
     {"TYPE name", "btbb.type_name", FT_STRING, BASE_NONE, NULL, 0, "All packets with this TYPE code", HFILL}},
};

static hf_register_info flags_fields[] = {
    {&hf_flags, {"Flags", "btbb.flags", FT_UINT8, BASE_HEX, NULL, 0, "FLOW, ARQN and SEQN", HFILL}},
    {&hf_flow, {"FLOW", "btbb.flow", FT_BOOLEAN, BASE_NONE, NULL, 0, "Flow control: go on", HFILL}},
    {&hf_arqn, {"ARQN", "btbb.arqn", FT_BOOLEAN, BASE_NONE, NULL, 0, "Acknowledgement", HFILL}},
    {&hf_seqn, {"SEQN", "btbb.seqn", FT_BOOLEAN, BASE_NONE, NULL, 0, "Sequence bit", HFILL}},
};

static hf_register_info hec_fields[] = {
    {&hf_hec, {"HEC", "btbb.hec", FT_UINT8, BASE_HEX, NULL, 0, "Header error check", HFILL}},
    {&hf_hec_status, {"HEC status", "btbb.hec.status", FT_UINT8, BASE_NONE, VALS(proto_checksum_vals), 0, NULL, HFILL}},
    {&hf_hec_computed,
     {"HEC computed", "btbb.hec.computed", FT_UINT8, BASE_HEX, NULL, 0, "With the best-known UAP", HFILL}},
    {&hf_hec_uap,
     {"UAP this HEC implies", "btbb.hec.uap", FT_BYTES, SEP_COLON, NULL, 0, "The one UAP that this header and HEC fit",
      HFILL}},
};

static hf_register_info derived_fields[] = {
    {&hf_id,
     {"Access code only", "btbb.id", FT_BOOLEAN, BASE_NONE, NULL, 0, "No packet header was received or decoded",
      HFILL}},
    {&hf_dir,
     {"Direction", "btbb.dir", FT_BOOLEAN, BASE_NONE, TFS(&directions), 0, "Physical direction; absent when not known",
      HFILL}},
    {&hf_to_master,
     {"To the Central", "btbb.to_master", FT_BOOLEAN, BASE_NONE, NULL, 0, "The physical direction once more", HFILL}},
    {&hf_withheld,
     {"Direction withheld", "btbb.dir.withheld", FT_UINT8, BASE_DEC, VALS(withheld_reasons), 0,
      "Why the clock is not taken for the direction", HFILL}},
    {&hf_retransmission,
     {"Retransmission", "btbb.retransmission", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Same SEQN and CRC as the packet before on this link", HFILL}},
    {&hf_notebook,
     {"Notebook columns", "btbb.notebook", FT_NONE, BASE_NONE, NULL, 0, "As the pandas notebook computes them", HFILL}},
    {&hf_nb_master,
     {"to_master", "btbb.notebook.to_master", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "The notebook's column: the inverse of the physical direction", HFILL}},
    {&hf_nb_payload,
     {"payload", "btbb.notebook.payload", FT_BOOLEAN, BASE_NONE, NULL, 0, "The notebook's column", HFILL}},
};

/* Where the parts of the header are: offset and bytes. */
struct place {
    int offset, bytes;
};
struct header_places {
    struct place header, type, flags, hec;
};
static const struct header_places legacy_places = {{6, 3}, {6, 1}, {7, 1}, {8, 1}};
static const struct header_places rf_places = {{16, 4}, {16, 1}, {16, 2}, {17, 2}};

static proto_checksum_enum_e status_of(enum btbb_check check)
{
    return check == BTBB_CHECK_GOOD  ? PROTO_CHECKSUM_E_GOOD
           : check == BTBB_CHECK_BAD ? PROTO_CHECKSUM_E_BAD
                                     : PROTO_CHECKSUM_E_UNVERIFIED;
}

void btbb_show_check(const struct btbb_packet *packet, proto_tree *tree, const struct btbb_check_fields *fields,
                     int offset, int bytes, enum btbb_check check, uint32_t stored, uint32_t computed)
{
    proto_item *item = proto_tree_add_uint(tree, *fields->field, packet->tvb, offset, bytes, stored);
    proto_item *status = proto_tree_add_uint(tree, *fields->status, packet->tvb, offset, 0, status_of(check));

    proto_item_set_generated(status);
    if (check == BTBB_CHECK_GOOD || check == BTBB_CHECK_BAD) {
        proto_item *right = proto_tree_add_uint(tree, *fields->computed, packet->tvb, offset, 0, computed);

        proto_item_set_generated(right);
    }
    btbb_remark(packet, item, fields->bad);
}

/* What most filters ask for: item by item. */
static void show_type(const struct btbb_packet *packet, proto_tree *tree, const struct header_places *at)
{
    const struct btbb_facts *facts = &packet->facts;

    if (proto_field_is_referenced(tree, hf_lt_addr))
        proto_tree_add_uint(tree, hf_lt_addr, packet->tvb, at->type.offset, at->type.bytes, facts->lt_addr);
    if (proto_field_is_referenced(tree, hf_type))
        proto_tree_add_uint(tree, hf_type, packet->tvb, at->type.offset, at->type.bytes, facts->type);
    if (proto_field_is_referenced(tree, hf_type_name)) {
        proto_item *item =
            proto_tree_add_string(tree, hf_type_name, packet->tvb, at->type.offset, 0, btbb_type_name(facts->type));

        proto_item_set_generated(item);
    }
}

static void show_flags(const struct btbb_packet *packet, proto_tree *tree, const struct header_places *at)
{
    const struct btbb_facts *facts = &packet->facts;
    const unsigned value = (unsigned)facts->flow | (unsigned)facts->arqn << 1 | (unsigned)facts->seqn << 2;
    const int start = at->flags.offset;
    proto_item *item = proto_tree_add_uint(tree, hf_flags, packet->tvb, start, at->flags.bytes, value);
    proto_tree *flags = proto_item_add_subtree(item, ett_flags);

    proto_tree_add_boolean(flags, hf_flow, packet->tvb, start, at->flags.bytes, facts->flow);
    proto_tree_add_boolean(flags, hf_arqn, packet->tvb, start, at->flags.bytes, facts->arqn);
    proto_tree_add_boolean(flags, hf_seqn, packet->tvb, start, at->flags.bytes, facts->seqn);
    btbb_remark(packet, item, BTBB_REMARK_HEADER);
}

static void show_hec(const struct btbb_packet *packet, proto_tree *tree, const struct header_places *at)
{
    static const struct btbb_check_fields hec = {&hf_hec, &hf_hec_status, &hf_hec_computed, BTBB_REMARK_HEC};
    const struct btbb_facts *facts = &packet->facts;
    proto_item *item;

    btbb_show_check(packet, tree, &hec, at->hec.offset, at->hec.bytes, facts->hec_check, facts->hec,
                    facts->hec_computed);
    item =
        proto_tree_add_bytes_with_length(tree, hf_hec_uap, packet->tvb, at->hec.offset, 0, &facts->hec_implied_uap, 1);
    proto_item_set_generated(item);
}

static void show_pkthdr(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const struct header_places *at = packet->frame.format == BTBB_CAPTURE_RF ? &rf_places : &legacy_places;
    const int rest = (int)packet->frame.captured - at->header.offset;
    proto_item *item;
    proto_tree *header;

    header =
        btbb_add_branch(packet, tree, hf_pkthdr, at->header.offset, MIN(at->header.bytes, rest), ett_pkthdr, &item);
    if (BTBB_IS_WANTED(packet, tree, type_fields))
        show_type(packet, header, at);
    if (facts->has_flags && BTBB_IS_WANTED(packet, tree, flags_fields))
        show_flags(packet, header, at);
    if (facts->has_hec && BTBB_IS_WANTED(packet, tree, hec_fields))
        show_hec(packet, header, at);
}

/* The physical direction; where the clock says one that is not to be trusted, the reason. */
static void show_direction(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_verdict *verdict = &packet->verdict;
    const bool to_central = verdict->dir == BTBB_DIR_TO_CENTRAL;
    proto_item *item = NULL;

    if (verdict->dir != BTBB_DIR_UNKNOWN) {
        const bool in_clk = packet->facts.has_clk1;

        item = proto_tree_add_boolean(tree, hf_dir, packet->tvb, 0, in_clk ? 1 : 0, to_central);
        if (!in_clk)
            proto_item_set_generated(item);
        item = proto_tree_add_boolean(tree, hf_to_master, packet->tvb, 0, 0, to_central);
        proto_item_set_generated(item);
    } else if (verdict->dir_reason != BTBB_DIR_GIVEN) {
        item = proto_tree_add_uint(tree, hf_withheld, packet->tvb, 0, 0, verdict->dir_reason);
        proto_item_set_generated(item);
    }
    if (btbb_has_remark(packet, BTBB_REMARK_DIRECTION))
        btbb_remark_text(packet, item, BTBB_REMARK_DIRECTION,
                         wmem_strdup_printf(packet->pinfo->pool, "Direction withheld from here on: %s",
                                            val_to_str_const(verdict->dir_reason, withheld_reasons,
                                                             "the clock is not the piconet's")));
}

/* The columns of the pandas notebook, with its own meaning of them. */
static void show_notebook(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    proto_item *item = proto_tree_add_item(tree, hf_notebook, packet->tvb, 0, 0, ENC_NA);
    proto_tree *notebook = proto_item_add_subtree(item, ett_notebook);

    proto_item_set_generated(item);
    item = proto_tree_add_boolean(notebook, hf_nb_payload, packet->tvb, 0, 0, facts->nb_payload);
    proto_item_set_generated(item);
    if (facts->nb_has_to_master) {
        item = proto_tree_add_boolean(notebook, hf_nb_master, packet->tvb, 0, 0, facts->nb_to_master);
        proto_item_set_generated(item);
    }
}

static void show_header(const struct btbb_packet *packet, proto_tree *tree)
{
    proto_item *item;

    if (packet->facts.header_state == BTBB_HEADER_WHITENED) {
        item =
            proto_tree_add_item(tree, hf_pkthdr, packet->tvb, rf_places.header.offset, rf_places.header.bytes, ENC_NA);
        btbb_remark(packet, item, BTBB_REMARK_WHITENED);
    } else if (packet->facts.has_type) {
        show_pkthdr(packet, tree);
    }
}

static void show_derived(const struct btbb_packet *packet, proto_tree *tree)
{
    proto_item *item;

    if (packet->facts.id) {
        item = proto_tree_add_boolean(tree, hf_id, packet->tvb, 0, 0, 1);
        proto_item_set_generated(item);
    }
    show_direction(packet, tree);
    if (packet->verdict.retransmission) {
        item = proto_tree_add_boolean(tree, hf_retransmission, packet->tvb, 0, 0, 1);
        proto_item_set_generated(item);
    }
    show_notebook(packet, tree);
}

void btbb_show_header(const struct btbb_packet *packet, proto_tree *tree)
{
    show_header(packet, tree);
    if (BTBB_IS_WANTED(packet, tree, derived_fields))
        show_derived(packet, tree);
}

void btbb_register_header(int proto)
{
    static int *subtrees[] = {&ett_pkthdr, &ett_flags, &ett_notebook};

    for (unsigned type = 0; type < BTBB_TYPES; type++)
        type_names[type] = (value_string){type, btbb_type_name((uint8_t)type)};
    proto_register_field_array(proto, type_fields, array_length(type_fields));
    proto_register_field_array(proto, flags_fields, array_length(flags_fields));
    proto_register_field_array(proto, hec_fields, array_length(hec_fields));
    proto_register_field_array(proto, derived_fields, array_length(derived_fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
