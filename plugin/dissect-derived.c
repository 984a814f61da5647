/* dissect-derived.c: what is derived about a packet: its class, direction, retransmission, the notebook's columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "tree.h"

static int hf_id = -1;
static int hf_class = -1;
static int hf_dir = -1;
static int hf_to_master = -1;
static int hf_dir_source = -1;
static int hf_withheld = -1;
static int hf_retransmission = -1;
static int hf_notebook = -1;
static int hf_nb_master = -1;
static int hf_nb_payload = -1;

static int ett_notebook = -1;

static const true_false_string directions = {"Peripheral to Central", "Central to Peripheral"};

static const value_string classes[] = {
    {BTBB_CLASS_ID, "id"}, {BTBB_CLASS_HEADER, "header"}, {BTBB_CLASS_UNDECODED, "undecoded"}, {0, NULL}};

static const value_string dir_sources[] = {
    {BTBB_DIR_SOURCE_CLOCK, "clock"},      {BTBB_DIR_SOURCE_ROLE, "role"},
    {BTBB_DIR_SOURCE_POLL, "POLL"},        {BTBB_DIR_SOURCE_LMP, "LMP"},
    {BTBB_DIR_SOURCE_FLAGS, "flags"},      {BTBB_DIR_SOURCE_FOUND, "found clock"},
    {BTBB_DIR_SOURCE_PHASE, "slot phase"}, {0, NULL},
};

static const value_string withheld_reasons[] = {
    {BTBB_DIR_POLL_CONTRADICTS, "a POLL was sent in the slot of a Peripheral, so CLK is not the piconet's clock"},
    {BTBB_DIR_CLK_TOO_WIDE, "CLK has more than the six bits announced, so it is not the piconet's clock"},
    {0, NULL},
};

static hf_register_info fields[] = {
    {&hf_id,
     {"Access code only", "btbb.id", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Nothing but the access code was received. Absent otherwise, so that btbb.id alone is a filter", HFILL}},
    {&hf_class,
     {"Class", "btbb.class", FT_UINT8, BASE_DEC, VALS(classes), 0,
      "Access code only, with a header that counts, or more than an access code without such a header", HFILL}},
    {&hf_dir,
     {"Direction", "btbb.dir", FT_BOOLEAN, BASE_NONE, TFS(&directions), 0,
      "Physical direction, true = Peripheral to Central; absent when not known", HFILL}},
    {&hf_to_master,
     {"To the Central", "btbb.to_master", FT_BOOLEAN, BASE_NONE, NULL, 0, "Same value as btbb.dir", HFILL}},
    {&hf_dir_source,
     {"Direction source", "btbb.dir.source", FT_UINT8, BASE_DEC, VALS(dir_sources), 0,
      "What proves the direction: CLK1, the recorded role, a POLL, LMP, flags of the file with a role that is proven, "
      "or a clock or slots found in the capture",
      HFILL}},
    {&hf_withheld,
     {"No direction because", "btbb.dir.withheld", FT_UINT8, BASE_DEC, VALS(withheld_reasons), 0,
      "Why the direction is not taken from CLK", HFILL}},
    {&hf_retransmission,
     {"Retransmission", "btbb.retransmission", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "SEQN and CRC equal those of the previous packet on this link", HFILL}},
    {&hf_notebook,
     {"Notebook columns", "btbb.notebook", FT_NONE, BASE_NONE, NULL, 0, "Columns as the pandas notebook computes them",
      HFILL}},
    {&hf_nb_master,
     {"to_master", "btbb.notebook.to_master", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Column of the notebook: true for an even CLK, the inverse of the physical direction", HFILL}},
    {&hf_nb_payload,
     {"payload", "btbb.notebook.payload", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Column of the notebook: false when only one byte is left for the CRC", HFILL}},
};

/* The physical direction; where CLK is not trusted, the reason. */
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
        item = btbb_add_generated_flag(packet, tree, hf_to_master, to_central);
        btbb_add_generated_uint(packet, tree, hf_dir_source, verdict->dir_source);
    } else if (verdict->dir_reason != BTBB_DIR_GIVEN) {
        item = btbb_add_generated_uint(packet, tree, hf_withheld, verdict->dir_reason);
    }
    if (btbb_has_remark(packet, BTBB_REMARK_DIRECTION))
        btbb_remark_text(packet, item, BTBB_REMARK_DIRECTION,
                         wmem_strdup_printf(packet->pinfo->pool, "No direction from this frame on: %s",
                                            val_to_str_const(verdict->dir_reason, withheld_reasons,
                                                             "CLK is not the piconet's clock")));
}

static void show_notebook(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    proto_item *item = proto_tree_add_item(tree, hf_notebook, packet->tvb, 0, 0, ENC_NA);
    proto_tree *notebook = proto_item_add_subtree(item, ett_notebook);

    proto_item_set_generated(item);
    btbb_add_generated_flag(packet, notebook, hf_nb_payload, facts->nb_payload);
    if (facts->nb_has_to_master)
        btbb_add_generated_flag(packet, notebook, hf_nb_master, facts->nb_to_master);
}

void btbb_show_derived(const struct btbb_packet *packet, proto_tree *tree)
{
    if (!BTBB_IS_WANTED(packet, tree, fields))
        return;
    if (packet->facts.packet_class == BTBB_CLASS_ID)
        btbb_add_generated_flag(packet, tree, hf_id, true);
    btbb_add_generated_uint(packet, tree, hf_class, packet->facts.packet_class);
    show_direction(packet, tree);
    if (packet->verdict.retransmission)
        btbb_add_generated_flag(packet, tree, hf_retransmission, true);
    show_notebook(packet, tree);
}

void btbb_register_derived(int proto)
{
    static int *subtrees[] = {&ett_notebook};

    proto_register_field_array(proto, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
