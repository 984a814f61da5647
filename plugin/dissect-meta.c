/* dissect-meta.c: the address of the access code, and the meta data of legacy frames.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "compat/ws-manuf.h"

static int hf_address = -1;
static int hf_nap = -1;
static int hf_uap = -1;
static int hf_lap = -1;
static int hf_reserved = -1;
static int hf_best_uap = -1;
static int hf_uap_source = -1;
static int hf_bd_addr = -1;
static int hf_peer = -1;
static int hf_vendors = -1;

static int hf_meta = -1;
static int hf_clk = -1;
static int hf_channel = -1;
static int hf_clkbits = -1;
static int hf_addrbits = -1;
static int hf_own = -1;
static int hf_meta_rest = -1;

static int ett_address = -1;
static int ett_meta = -1;

static ws_bool_t pref_vendors = FALSE;

/* Made by the first look-up. */
static struct btbb_vendors *vendors;

static const value_string uap_sources[] = {
    {BTBB_UAP_UNKNOWN, "not known"},
    {BTBB_UAP_FILE, "in the file"},
    {BTBB_UAP_REFERENCE, "reference in the file"},
    {BTBB_UAP_HEC, "implied by HECs that agree"},
    {BTBB_UAP_CRC, "implied by a payload CRC"},
    {BTBB_UAP_FHS, "announced in an FHS packet"},
    {BTBB_UAP_RESERVED, "default check initialisation of an inquiry LAP"},
    {0, NULL},
};

static const value_string owns[] = {
    {BTBB_OWN_SENT, "sent by the capturing device"},
    {BTBB_OWN_RECEIVED, "received by the capturing device"},
    {0, NULL},
};

static const true_false_string bits_27_6 = {"27", "6"};
static const true_false_string bits_48_32 = {"48", "32"};

static hf_register_info address_fields[] = {
    {&hf_address, {"Address", "btbb.address", FT_NONE, BASE_NONE, NULL, 0, "Owner of the access code", HFILL}},
    {&hf_nap, {"NAP", "btbb.nap", FT_BYTES, SEP_COLON, NULL, 0, "Non-significant address part", HFILL}},
    {&hf_uap, {"UAP", "btbb.uap", FT_BYTES, SEP_COLON, NULL, 0, "Upper address part", HFILL}},
    {&hf_lap, {"LAP", "btbb.lap", FT_BYTES, SEP_COLON, NULL, 0, "Lower address part, from the access code", HFILL}},
    {&hf_reserved,
     {"Reserved for inquiry", "btbb.lap.reserved", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "No device has this LAP: it is an inquiry access code", HFILL}},
    {&hf_best_uap,
     {"Best-known UAP", "btbb.uap.best", FT_BYTES, SEP_COLON, NULL, 0,
      "Best-known UAP of this LAP, this and earlier frames taken together", HFILL}},
    {&hf_uap_source,
     {"UAP source", "btbb.uap.source", FT_UINT8, BASE_DEC, VALS(uap_sources), 0, "Where the best-known UAP comes from",
      HFILL}},
    {&hf_bd_addr,
     {"BD_ADDR", "btbb.bd_addr", FT_ETHER, BASE_NONE, NULL, 0,
      "Best-known device address; absent while the NAP is not known", HFILL}},
    {&hf_peer,
     {"Receiver BD_ADDR", "btbb.peer", FT_ETHER, BASE_NONE, NULL, 0, "Receiving device (InternalBlue)", HFILL}},
    {&hf_vendors,
     {"Vendor", "btbb.vendors", FT_STRING, BASE_NONE, NULL, 0,
      "Vendor of the device, or every possible one while only the UAP is known", HFILL}},
    {&hf_own,
     {"Capturing device", "btbb.own", FT_UINT8, BASE_DEC, VALS(owns), 0, "Whether the capturing device sent the packet",
      HFILL}},
};

static hf_register_info meta_fields[] = {
    {&hf_meta, {"Meta Data", "btbb.meta", FT_NONE, BASE_NONE, NULL, 0, "What the receiver knew of the packet", HFILL}},
    {&hf_clk,
     {"CLK", "btbb.clk", FT_UINT32, BASE_HEX, NULL, 0,
      "Clock from CLK1 up, in units of 625 us; whose clock it is "
      "depends on the writer",
      HFILL}},
    {&hf_clkbits,
     {"Known Clock Bits", "btbb.clkbits", FT_BOOLEAN, 8, TFS(&bits_27_6), 0x01, "Number of known clock bits", HFILL}},
    {&hf_addrbits,
     {"Known Address Bits", "btbb.addrbits", FT_BOOLEAN, 8, TFS(&bits_48_32), 0x02, "Number of known address bits",
      HFILL}},
    {&hf_meta_rest, {"Reserved", "btbb.meta.reserved", FT_UINT8, BASE_HEX, NULL, 0xfc, "Reserved, to be 0", HFILL}},
};

/* Shown with the meta data or with the pseudo-header. */
static hf_register_info channel_field[] = {
    {&hf_channel, {"Channel", "btbb.channel", FT_UINT8, BASE_DEC, NULL, 0, "RF channel, 0 to 78", HFILL}},
};

/* Reserved LAPs (Assigned Numbers, Baseband): general, limited and dedicated inquiry access codes. */
static const char *inquiry_name(uint32_t lap)
{
    return lap == 0x9e8b33   ? "GIAC, general inquiry"
           : lap == 0x9e8b00 ? "LIAC, limited inquiry"
                             : "DIAC, dedicated inquiry";
}

/* As the file has it: the legacy source address, or what the pseudo-header and the capture know of it. */
static void show_file_address(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_verdict *verdict = &packet->verdict;
    const bool rf = packet->frame.format == BTBB_CAPTURE_RF;
    const uint16_t nap = rf ? verdict->nap : facts->nap;
    const uint8_t nap_bytes[2] = {(uint8_t)(nap >> 8), (uint8_t)nap};
    const uint8_t uap = rf ? verdict->uap : facts->uap;
    uint8_t lap[3];
    proto_item *item;

    btbb_lap_bytes(facts->lap, lap);
    if (!rf || verdict->rank == BTBB_RANK_NAP) {
        item = proto_tree_add_bytes_with_length(tree, hf_nap, packet->tvb, 0, 0, nap_bytes, 2);
        proto_item_set_generated(item);
        if (!rf && !facts->nap_known)
            proto_item_append_text(item, " (not known)");
    }
    if (!rf || verdict->rank > BTBB_RANK_LAP) {
        const bool stored =
            facts->has_ref_uap && facts->ref_uap == uap && facts->has_ref_lap && facts->ref_lap == facts->lap;

        item = proto_tree_add_bytes_with_length(tree, hf_uap, packet->tvb, stored ? 15 : 0, stored ? 1 : 0, &uap, 1);
        if (!stored)
            proto_item_set_generated(item);
        if (!rf && !facts->uap_known)
            proto_item_append_text(item, " (not known)");
    }
    item = proto_tree_add_bytes_with_length(tree, hf_lap, packet->tvb, rf ? 8 : 0, rf ? 3 : 0, lap, 3);
    if (!rf)
        proto_item_set_generated(item);
}

/* What this and earlier frames know of the address. */
static void show_best_address(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_verdict *verdict = &packet->verdict;
    const uint32_t lap = packet->facts.lap;
    const uint8_t bd_addr[6] = {(uint8_t)(verdict->nap >> 8), (uint8_t)verdict->nap, verdict->uap,
                                (uint8_t)(lap >> 16),         (uint8_t)(lap >> 8),   (uint8_t)lap};
    proto_item *item;

    if (packet->facts.lap_reserved) {
        item = proto_tree_add_boolean(tree, hf_reserved, packet->tvb, 0, 0, 1);
        proto_item_set_generated(item);
        proto_item_append_text(item, " (%s)", inquiry_name(lap));
    }
    if (verdict->rank > BTBB_RANK_LAP) {
        item = proto_tree_add_bytes_with_length(tree, hf_best_uap, packet->tvb, 0, 0, &verdict->uap, 1);
        proto_item_set_generated(item);
    }
    item = proto_tree_add_uint(tree, hf_uap_source, packet->tvb, 0, 0, verdict->uap_source);
    proto_item_set_generated(item);
    if (verdict->rank == BTBB_RANK_NAP) {
        item = proto_tree_add_ether(tree, hf_bd_addr, packet->tvb, 0, 0, bd_addr);
        proto_item_set_generated(item);
    }
}

static void free_vendors(void)
{
    btbb_vendors_free(vendors);
    vendors = NULL;
}

/* Where the vendors of one address go. */
struct vendor_list {
    const struct btbb_packet *packet;
    proto_tree *tree;
};

static void add_vendor(void *context, uint64_t prefix, unsigned bits _U_, const char *name)
{
    const struct vendor_list *list = (const struct vendor_list *)context;
    const unsigned oui = (unsigned)(prefix >> 24);
    proto_item *item;

    item = proto_tree_add_string_format_value(list->tree, hf_vendors, list->packet->tvb, 0, 0, name,
                                              "%02x:%02x:%02x %s", oui >> 16 & 0xff, oui >> 8 & 0xff, oui & 0xff, name);
    proto_item_set_generated(item);
}

/* Some hundred names per packet: only for who asks, by the preference or with a filter or column. */
static bool candidates_wanted(void)
{
    const hf_ref_type use = proto_registrar_get_nth((unsigned)hf_vendors)->ref_type;

    return pref_vendors || (use != HF_REF_TYPE_NONE && use != HF_REF_TYPE_INDIRECT);
}

/* The vendor where the NAP is known, otherwise all that a device with this UAP can be of. */
static void show_vendors(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_verdict *verdict = &packet->verdict;
    const bool exact = verdict->rank == BTBB_RANK_NAP;
    const uint32_t lap = packet->facts.lap;
    struct vendor_list list = {packet, tree};
    const char *name;

    if (packet->facts.lap_reserved || verdict->rank == BTBB_RANK_LAP || !proto_field_is_referenced(tree, hf_vendors) ||
        !(exact || candidates_wanted()))
        return;
    if (vendors == NULL)
        vendors = btbb_vendors_new(&btbb_ws_manuf);
    if (exact) {
        name = vendors->name(vendors->data, verdict->nap, verdict->uap, lap);
        if (name != NULL)
            add_vendor(&list, (uint64_t)verdict->nap << 32 | (uint64_t)verdict->uap << 24 | lap, 48, name);
    } else {
        vendors->candidates(vendors->data, verdict->uap, lap, add_vendor, &list);
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
    proto_item *item;
    proto_tree *subtree;

    if (!BTBB_IS_WANTED(packet, tree, address_fields))
        return;
    item = proto_tree_add_item(tree, hf_address, packet->tvb, 0, 0, ENC_NA);
    subtree = proto_item_add_subtree(item, ett_address);
    show_file_address(packet, subtree);
    show_best_address(packet, subtree);
    if (packet->facts.encap == BTBB_ENCAP_INTERNALBLUE) {
        proto_item *peer = proto_tree_add_ether(subtree, hf_peer, packet->tvb, 0, 0, packet->frame.dst);

        proto_item_set_generated(peer);
    }
    if (packet->facts.own != BTBB_OWN_UNKNOWN) {
        proto_item *own = proto_tree_add_uint(subtree, hf_own, packet->tvb, 0, 0, packet->facts.own);

        proto_item_set_generated(own);
    }
    show_vendors(packet, subtree);
    if (btbb_has_remark(packet, BTBB_REMARK_CONFLICT))
        btbb_remark_text(packet, item, BTBB_REMARK_CONFLICT, conflict_text(packet));
}

static void show_meta_flags(const struct btbb_packet *packet, proto_tree *tree)
{
    const uint8_t flags = packet->facts.meta_flags;
    const uint8_t reserved = flags & 0xfc;

    proto_tree_add_boolean(tree, hf_clkbits, packet->tvb, 5, 1, flags);
    proto_tree_add_boolean(tree, hf_addrbits, packet->tvb, 5, 1, flags);
    if (reserved != 0) {
        proto_item *item = proto_tree_add_uint(tree, hf_meta_rest, packet->tvb, 5, 1, flags);

        btbb_remark(packet, item, BTBB_REMARK_META);
    }
}

bool btbb_is_channel_wanted(const struct btbb_packet *packet, const proto_tree *tree)
{
    return BTBB_IS_WANTED(packet, tree, channel_field);
}

void btbb_show_channel(const struct btbb_packet *packet, proto_tree *tree)
{
    proto_item *item = proto_tree_add_uint(tree, hf_channel, packet->tvb,
                                           packet->frame.format == BTBB_CAPTURE_RF ? 0 : 4, 1, packet->facts.channel);

    btbb_remark(packet, item, BTBB_REMARK_CHANNEL);
}

/*   0      1      2      3      4         5
 * +------+------+------+------+---------+-------+
 * |    CLK, little-endian     | channel | flags |     flags: bit 0 27 clock bits known, bit 1 NAP known
 * +------+------+------+------+---------+-------+
 */
void btbb_show_meta(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;
    const int bytes = (int)MIN(packet->frame.captured, 6u);
    proto_item *item;
    proto_tree *subtree;

    if (packet->frame.captured == 0 ||
        !(BTBB_IS_WANTED(packet, tree, meta_fields) || btbb_is_channel_wanted(packet, tree)))
        return;
    subtree = btbb_add_branch(packet, tree, hf_meta, 0, bytes, ett_meta, &item);
    if (facts->has_clk)
        proto_tree_add_uint(subtree, hf_clk, packet->tvb, 0, 4, facts->clk);
    if (facts->has_channel)
        btbb_show_channel(packet, subtree);
    if (facts->has_meta_flags)
        show_meta_flags(packet, subtree);
}

void btbb_register_address(int proto, module_t *preferences)
{
    static int *subtrees[] = {&ett_address};

    proto_register_field_array(proto, address_fields, array_length(address_fields));
    prefs_register_bool_preference(preferences, "vendors", "Name the possible vendors",
                                   "While only the UAP of a device is known, add every vendor that it can be of to its "
                                   "packets; without this only where btbb.vendors is part of a filter or column",
                                   &pref_vendors);
    register_shutdown_routine(free_vendors);
    proto_register_subtree_array(subtrees, array_length(subtrees));
}

void btbb_register_meta(int proto)
{
    static int *subtrees[] = {&ett_meta};

    proto_register_field_array(proto, meta_fields, array_length(meta_fields));
    proto_register_field_array(proto, channel_field, array_length(channel_field));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
