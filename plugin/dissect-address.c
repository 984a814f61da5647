/* dissect-address.c: the address that the access code belongs to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "dissect-vendors.h"
#include "tree.h"

static int hf_address = -1;
static int hf_nap = -1;
static int hf_uap = -1;
static int hf_lap = -1;
static int hf_reserved = -1;
static int hf_best_uap = -1;
static int hf_uap_source = -1;
static int hf_bd_addr = -1;
static int hf_peer = -1;
static int hf_own = -1;

static int ett_address = -1;

static const value_string uap_sources[] = {
    {BTBB_UAP_UNKNOWN, "not known"},
    {BTBB_UAP_FILE, "address in the file"},
    {BTBB_UAP_REFERENCE, "reference UAP in the file"},
    {BTBB_UAP_HEC, "implied by several HECs"},
    {BTBB_UAP_CRC, "implied by a payload CRC"},
    {BTBB_UAP_FHS, "announced in an FHS packet"},
    {BTBB_UAP_RESERVED, "default check initialization of an inquiry LAP"},
    {BTBB_UAP_LMP, "announced in LMP_slot_offset"},
    {0, NULL},
};

static const value_string owns[] = {
    {BTBB_OWN_SENT, "sent by the capturing device"},
    {BTBB_OWN_RECEIVED, "received by the capturing device"},
    {0, NULL},
};

static hf_register_info fields[] = {
    {&hf_address,
     {"Address", "btbb.address", FT_NONE, BASE_NONE, NULL, 0, "Address that the access code belongs to", HFILL}},
    {&hf_nap,
     {"NAP", "btbb.nap", FT_BYTES, SEP_COLON, NULL, 0,
      "Non-significant address part. Legacy frames: the two bytes in the file, 00:00 if not known. Other formats: "
      "absent if not known",
      HFILL}},
    {&hf_uap,
     {"UAP", "btbb.uap", FT_BYTES, SEP_COLON, NULL, 0,
      "Upper address part. Legacy frames: the byte in the file, 00 if not known. Other formats: best-known UAP, absent "
      "if not known",
      HFILL}},
    {&hf_lap,
     {"LAP", "btbb.lap", FT_BYTES, SEP_COLON, NULL, 0,
      "Lower address part of the client, from the access code where the file has one. Absent if not known", HFILL}},
    {&hf_reserved,
     {"Reserved for inquiry", "btbb.lap.reserved", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "The LAP is an inquiry access code and belongs to no device", HFILL}},
    {&hf_best_uap,
     {"Best-known UAP", "btbb.uap.best", FT_BYTES, SEP_COLON, NULL, 0,
      "Best-known UAP of this LAP, from this frame and the frames before it", HFILL}},
    {&hf_uap_source,
     {"UAP source", "btbb.uap.source", FT_UINT8, BASE_DEC, VALS(uap_sources), 0, "How the best-known UAP is known",
      HFILL}},
    {&hf_bd_addr,
     {"BD_ADDR", "btbb.bd_addr", FT_ETHER, BASE_NONE, NULL, 0,
      "Best-known device address; absent while the NAP is not known", HFILL}},
    {&hf_peer,
     {"Receiver BD_ADDR", "btbb.peer", FT_ETHER, BASE_NONE, NULL, 0, "Address of the receiving device (InternalBlue)",
      HFILL}},
    {&hf_own,
     {"Capturing device", "btbb.own", FT_UINT8, BASE_DEC, VALS(owns), 0,
      "Whether the capturing device sent or received the packet", HFILL}},
};

static const struct btbb_place nowhere;

/* Inquiry access codes (Assigned Numbers, 2.2 "Baseband"): GIAC 0x9e8b33, LIAC 0x9e8b00, all others are dedicated. */
static const char *inquiry_name(uint32_t lap)
{
    return lap == 0x9e8b33   ? "GIAC, general inquiry"
           : lap == 0x9e8b00 ? "LIAC, limited inquiry"
                             : "DIAC, dedicated inquiry";
}

/* NAP and UAP of a legacy frame: the bytes in the file, whether or not the writer knew them. */
static void show_legacy_address(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    proto_item *item = btbb_add_address(packet, tree, hf_nap, nowhere, facts->nap, 2);

    if (!facts->nap_known)
        proto_item_append_text(item, " (not known)");
    item = btbb_add_address(packet, tree, hf_uap, nowhere, facts->uap, 1);
    if (!facts->uap_known)
        proto_item_append_text(item, " (not known)");
}

/* Other formats hold the LAP only. NAP and UAP are shown when they are known, the UAP at its place if it is stored. */
static void show_known_address(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_verdict *verdict = &packet->verdict;

    if (verdict->rank == BTBB_RANK_NAP)
        btbb_add_address(packet, tree, hf_nap, nowhere, verdict->nap, 2);
    if (verdict->rank > BTBB_RANK_LAP) {
        const bool stored =
            facts->has_ref_uap && facts->ref_uap == verdict->uap && facts->has_ref_lap && facts->ref_lap == facts->lap;

        btbb_add_address(packet, tree, hf_uap, stored ? (struct btbb_place){15, 1} : nowhere, verdict->uap, 1);
    }
}

/* What this frame and those before it prove about the address. */
static void show_best_address(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_verdict *verdict = &packet->verdict;
    const uint32_t lap = verdict->lap;

    if (packet->facts.lap_reserved) {
        proto_item *item = btbb_add_generated_flag(packet, tree, hf_reserved, true);

        proto_item_append_text(item, " (%s)", inquiry_name(lap));
    }
    if (verdict->rank > BTBB_RANK_LAP)
        btbb_add_address(packet, tree, hf_best_uap, nowhere, verdict->uap, 1);
    btbb_add_generated_uint(packet, tree, hf_uap_source, verdict->uap_source);
    if (verdict->rank == BTBB_RANK_NAP) {
        const uint8_t bd_addr[6] = {(uint8_t)(verdict->nap >> 8), (uint8_t)verdict->nap, verdict->uap,
                                    (uint8_t)(lap >> 16),         (uint8_t)(lap >> 8),   (uint8_t)lap};

        btbb_add_generated_ether(packet, tree, hf_bd_addr, bd_addr);
    }
}

static const char *conflict_text(const struct btbb_packet *packet)
{
    const struct btbb_verdict *verdict = &packet->verdict;

    if (verdict->rank == BTBB_RANK_NAP)
        return wmem_strdup_printf(packet->pinfo->pool, "Address conflict: NAP and UAP %04x:%02x or %04x:%02x",
                                  verdict->nap, verdict->uap, verdict->conflict_nap, verdict->conflict_uap);
    return wmem_strdup_printf(packet->pinfo->pool, "Address conflict: UAP %02x or %02x", verdict->uap,
                              verdict->conflict_uap);
}

void btbb_show_address(const struct btbb_packet *packet, proto_tree *tree)
{
    if (!BTBB_IS_WANTED(packet, tree, fields) && !btbb_are_vendors_wanted(packet, tree))
        return;
    proto_item *item = proto_tree_add_item(tree, hf_address, packet->tvb, 0, 0, ENC_NA);
    proto_tree *subtree = proto_item_add_subtree(item, ett_address);

    if (packet->frame.format == BTBB_CAPTURE_LEGACY)
        show_legacy_address(packet, subtree);
    else
        show_known_address(packet, subtree);
    if (packet->verdict.lap == BTBB_LAP_UNKNOWN)
        proto_item_append_text(item, " (not known)");
    else
        btbb_add_address(packet, subtree, hf_lap, btbb_places(packet)->lap, packet->verdict.lap, 3);
    show_best_address(packet, subtree);
    if (packet->facts.encap == BTBB_ENCAP_INTERNALBLUE)
        btbb_add_generated_ether(packet, subtree, hf_peer, packet->frame.dst);
    if (packet->facts.own != BTBB_OWN_UNKNOWN)
        btbb_add_generated_uint(packet, subtree, hf_own, packet->facts.own);
    btbb_show_vendors(packet, subtree);
    if (btbb_has_remark(packet, BTBB_REMARK_CONFLICT))
        btbb_remark_text(packet, item, BTBB_REMARK_CONFLICT, conflict_text(packet));
}

void btbb_register_address(int proto)
{
    static int *subtrees[] = {&ett_address};

    proto_register_field_array(proto, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
