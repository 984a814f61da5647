/* dissect-upper.c: payloads go to Wireshark's own dissectors of LMP, L2CAP and FHS.
 *
 * Fragments of L2CAP messages are put together by Wireshark's reassembly. What belongs together is decided here, once,
 * in file order: a message under way on a link (piconet, LT_ADDR, direction) is given up as soon as a fragment is
 * known to be missing, so that pieces of different messages are never joined:
 *   - a new message starts before the old one is complete;
 *   - a continuation repeats the SEQN of the last new packet of the link, although SEQN alternates (7.6.2);
 *   - the pieces are longer than the length that the message announces.
 * Where neither the physical direction nor the capturing device's part is known, both ends' fragments look alike:
 * nothing is joined, and the fragments say so.
 *
 * Chapters: Core Specification Vol 2 Part B (Baseband); L2CAP header: Vol 3 Part A, 3.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "decode/read-bits.h"

#include <epan/dissectors/packet-bthci_acl.h>
#include <epan/exceptions.h>
#include <epan/proto_data.h>
#include <epan/reassemble.h>
#include <epan/show_exception.h>

#define LLID_CONTINUATION 1
#define LLID_START        2
#define LLID_LMP          3

#define L2CAP_HEADER_BYTES 4u /* length of what follows, channel */

/* What became of a fragment. */
enum fate {
    FATE_JOINED = 1,  /* part of the message under way */
    FATE_NO_START,    /* a continuation of nothing */
    FATE_GAP,         /* a packet before it is missing */
    FATE_TOO_LONG,    /* more bytes than the message announces */
    FATE_NO_DIRECTION /* who sent it is not known */
};

static const value_string fates[] = {
    {FATE_JOINED, "joined with its message"},
    {FATE_NO_START, "the start of its message was not captured"},
    {FATE_GAP, "a fragment before it is missing"},
    {FATE_TOO_LONG, "more bytes than its message announces"},
    {FATE_NO_DIRECTION, "not joined: the direction is not known"},
    {0, NULL},
};

enum way { WAY_UNKNOWN, WAY_SENT, WAY_RECEIVED };

/* One direction of a logical link. */
struct link {
    uint32_t id;    /* of the message under way: number of the frame it starts in; 0 = none */
    uint32_t got;   /* bytes so far */
    uint32_t total; /* bytes of the message, header included; valid when got >= 2 */
    uint8_t first;  /* first byte of the message */
    bool seqn;      /* of the last new packet with CRC */
};

/* What the first pass decided about a fragment; kept with the frame. */
struct fragment {
    uint32_t id;
    enum fate fate;
    bool more;
};

static int proto_btbb = -1;

static int hf_fate = -1;
static int hf_fragments = -1;
static int hf_fragment = -1;
static int hf_overlap = -1;
static int hf_overlap_conflict = -1;
static int hf_multiple_tails = -1;
static int hf_too_long = -1;
static int hf_error = -1;
static int hf_count = -1;
static int hf_reassembled_in = -1;
static int hf_reassembled_length = -1;

static int ett_fragments = -1;
static int ett_fragment = -1;

static expert_field ei_gap = EI_INIT;
static expert_field ei_l2cap = EI_INIT;

static const fragment_items fragment_fields = {
    &ett_fragment,        &ett_fragments,         &hf_fragments, &hf_fragment,     &hf_overlap,
    &hf_overlap_conflict, &hf_multiple_tails,     &hf_too_long,  &hf_error,        &hf_count,
    &hf_reassembled_in,   &hf_reassembled_length, NULL,          "L2CAP fragments"};

static dissector_handle_t lmp_handle;
static dissector_handle_t l2cap_handle;
static dissector_handle_t fhs_handle;

static ws_bool_t pref_hand_on = TRUE;
static ws_bool_t pref_bad_crc = FALSE;
static ws_bool_t pref_reassemble = TRUE;

static reassembly_table reassembly;
static wmem_map_t *links; /* of the open capture; NULL until a fragment is seen */

void btbb_upper_reset(void)
{
    links = NULL; /* the memory goes with the capture's */
}

static enum way way_of(const struct btbb_packet *packet)
{
    if (packet->verdict.dir != BTBB_DIR_UNKNOWN)
        return packet->verdict.dir == BTBB_DIR_TO_PERIPHERAL ? WAY_SENT : WAY_RECEIVED;
    if (packet->facts.own != BTBB_OWN_UNKNOWN)
        return packet->facts.own == BTBB_OWN_SENT ? WAY_SENT : WAY_RECEIVED;
    return WAY_UNKNOWN;
}

/* LAP of the other device of an InternalBlue frame; 0 for frames of a piconet. */
static uint32_t peer_lap(const struct btbb_packet *packet)
{
    const struct btbb_span dst = {packet->frame.dst, sizeof packet->frame.dst};

    return packet->facts.encap == BTBB_ENCAP_INTERNALBLUE ? btbb_be24(dst, 3) : 0;
}

static struct link *find_link(const struct btbb_packet *packet, bool make)
{
    const uint64_t key = (uint64_t)packet->facts.lap << 40 | (uint64_t)peer_lap(packet) << 16 |
                         (uint64_t)packet->facts.lt_addr << 8 | (uint64_t)way_of(packet);
    struct link *link;

    if (links == NULL) {
        if (!make)
            return NULL;
        links = wmem_map_new(wmem_file_scope(), g_int64_hash, g_int64_equal);
    }
    link = (struct link *)wmem_map_lookup(links, &key);
    if (link == NULL && make) {
        uint64_t *kept = wmem_new(wmem_file_scope(), uint64_t);

        *kept = key;
        link = wmem_new0(wmem_file_scope(), struct link);
        wmem_map_insert(links, kept, link);
    }
    return link;
}

/* Messages are told apart by a number of their own, so that the key of Wireshark's reassembly is that number. */
static gpointer fragment_key(const packet_info *pinfo _U_, const guint32 id, const void *data _U_)
{
    return GUINT_TO_POINTER(id);
}

static void fragment_key_free(gpointer key _U_)
{
}

static const reassembly_table_functions fragment_functions = {g_direct_hash, g_direct_equal,    fragment_key,
                                                              fragment_key,  fragment_key_free, fragment_key_free};

static void give_up(struct link *link, const packet_info *pinfo)
{
    tvbuff_t *rest;

    if (link->id == 0)
        return;
    rest = fragment_delete(&reassembly, pinfo, link->id, NULL);
    if (rest != NULL)
        tvb_free(rest);
    link->id = 0;
}

/* Add `length` bytes to the message under way. False: they do not belong to it. */
static bool extend(struct link *link, const uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length && link->got + i < 2; i++) {
        if (link->got + i == 0)
            link->first = bytes[i];
        else
            link->total = L2CAP_HEADER_BYTES + (link->first | (uint32_t)bytes[i] << 8);
    }
    link->got += length;
    return link->got < 2 || link->got <= link->total;
}

/* Decide about a fragment, in file order. */
static enum fate follow(const struct btbb_packet *packet, struct link *link, const uint8_t *bytes, uint32_t length)
{
    const struct btbb_facts *facts = &packet->facts;
    /* InternalBlue does not record SEQN. */
    const bool gap = facts->encap != BTBB_ENCAP_INTERNALBLUE && facts->seqn == link->seqn;

    if (facts->payload.llid == LLID_START) {
        give_up(link, packet->pinfo);
        link->id = packet->pinfo->num;
        link->got = 0;
    } else if (link->id == 0) {
        return FATE_NO_START;
    } else if (gap) {
        give_up(link, packet->pinfo);
        return FATE_GAP;
    }
    if (extend(link, bytes, length))
        return FATE_JOINED;
    give_up(link, packet->pinfo);
    return FATE_TOO_LONG;
}

static const struct fragment *decide(const struct btbb_packet *packet, const uint8_t *bytes, uint32_t length)
{
    packet_info *pinfo = packet->pinfo;
    struct fragment *fragment = (struct fragment *)p_get_proto_data(wmem_file_scope(), pinfo, proto_btbb, 0);
    struct link *link;

    if (fragment != NULL || PINFO_FD_VISITED(pinfo))
        return fragment;
    fragment = wmem_new0(wmem_file_scope(), struct fragment);
    if (way_of(packet) == WAY_UNKNOWN) {
        fragment->fate = FATE_NO_DIRECTION;
    } else {
        link = find_link(packet, true);
        fragment->fate = follow(packet, link, bytes, length);
        fragment->id = link->id;
        fragment->more = link->got < 2 || link->got < link->total;
        link->seqn = packet->facts.seqn;
        if (!fragment->more)
            link->id = 0;
    }
    p_add_proto_data(wmem_file_scope(), pinfo, proto_btbb, 0, fragment);
    return fragment;
}

/* Every new packet with a CRC moves SEQN on, whatever it carries; a message that is complete ends one under way. */
static void follow_other(const struct btbb_packet *packet, bool ends_message)
{
    struct link *link;

    if (PINFO_FD_VISITED(packet->pinfo) || links == NULL)
        return;
    link = find_link(packet, false);
    if (link == NULL)
        return;
    link->seqn = packet->facts.seqn;
    if (ends_message)
        give_up(link, packet->pinfo);
}

/* Call another dissector. Whatever it finds wrong is shown below our tree and ends there. */
static void call_upper(const struct btbb_packet *packet, dissector_handle_t handle, tvbuff_t *tvb, proto_tree *tree,
                       void *data)
{
    packet_info *const pinfo = packet->pinfo;
    const char *const proto = pinfo->current_proto;
    const int p2p_dir = pinfo->p2p_dir;
    const enum way way = way_of(packet);

    if (handle == NULL)
        return;
    btbb_open_info(pinfo);
    if (way != WAY_UNKNOWN)
        pinfo->p2p_dir = way == WAY_SENT ? P2P_DIR_SENT : P2P_DIR_RECV;
    TRY
    {
        call_dissector_with_data(handle, tvb, pinfo, tree, data);
    }
    CATCH_NONFATAL_ERRORS
    {
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    ENDTRY;
    pinfo->current_proto = proto;
    pinfo->p2p_dir = p2p_dir;
}

/* Name of an LMP PDU, by btlmp's own table of opcodes (Vol 2 Part C, 5.1). */
static const char *lmp_name(uint8_t first_byte)
{
    const header_field_info *field = proto_registrar_get_byname("btlmp.opcode.opcode");

    if (field == NULL || field->strings == NULL)
        return NULL;
    if ((field->display & BASE_EXT_STRING) != 0)
        return try_val_to_str_ext(first_byte >> 1, (value_string_ext *)field->strings);
    return try_val_to_str(first_byte >> 1, (const value_string *)field->strings);
}

/* btlmp writes nothing into Info: the name of the PDU is ours. */
static void call_lmp(const struct btbb_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    column_info *cinfo = packet->pinfo->cinfo;
    const char *name;

    call_upper(packet, lmp_handle, tvb, tree, NULL);
    name = cinfo != NULL ? lmp_name(tvb_get_uint8(tvb, 0)) : NULL;
    if (name != NULL)
        col_append_str(cinfo, COL_INFO, name);
    btbb_close_info(packet->pinfo);
}

static void call_l2cap(const struct btbb_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    static uint32_t never = UINT32_MAX; /* frame in which the link is torn down */
    const uint32_t pair = packet->facts.encap == BTBB_ENCAP_INTERNALBLUE ? 0x80000000u : 0;
    bthci_acl_data_t acl = {0};

    acl.is_btle = true; /* for L2CAP this means only: no HCI around it */
    acl.adapter_id = (packet->facts.lap ^ peer_lap(packet)) | (uint32_t)packet->facts.lt_addr << 24 | pair;
    acl.chandle = packet->facts.lt_addr;
    acl.adapter_disconnect_in_frame = &never;
    acl.disconnect_in_frame = &never;
    call_upper(packet, l2cap_handle, tvb, tree, &acl);
    btbb_close_info(packet->pinfo);
}

static void show_fate(const struct btbb_packet *packet, proto_tree *btbb_tree, enum fate fate)
{
    proto_item *item = proto_tree_add_uint(btbb_tree, hf_fate, packet->tvb, 0, 0, fate);

    proto_item_set_generated(item);
    if (fate == FATE_GAP || fate == FATE_TOO_LONG)
        expert_add_info(packet->pinfo, item, &ei_gap);
}

static void fragment_of_l2cap(const struct btbb_packet *packet, tvbuff_t *body, proto_tree *tree, proto_tree *btbb_tree)
{
    const struct btbb_payload *payload = &packet->facts.payload;
    const uint8_t *bytes = packet->frame.bytes + payload->offset + payload->body_offset;
    const struct fragment *fragment;
    fragment_head *head;
    tvbuff_t *message;

    if (!pref_reassemble)
        return;
    fragment = decide(packet, bytes, payload->body_bytes);
    if (fragment == NULL)
        return;
    show_fate(packet, btbb_tree, fragment->fate);
    if (fragment->fate != FATE_JOINED)
        return;
    head = fragment_add_seq_next(&reassembly, body, 0, packet->pinfo, fragment->id, NULL, payload->body_bytes,
                                 fragment->more);
    message =
        process_reassembled_data(body, 0, packet->pinfo, "L2CAP message", head, &fragment_fields, NULL, btbb_tree);
    if (message != NULL)
        call_l2cap(packet, message, tree);
}

/* A payload with LLID 2 that holds all of an L2CAP message, by the length in its first two bytes. */
static void start_of_l2cap(const struct btbb_packet *packet, tvbuff_t *body, proto_tree *tree, proto_tree *btbb_tree)
{
    const uint32_t length = packet->facts.payload.body_bytes;
    const uint32_t total = length < 2 ? UINT32_MAX : L2CAP_HEADER_BYTES + tvb_get_letohs(body, 0);

    if (total > length) {
        fragment_of_l2cap(packet, body, tree, btbb_tree);
        return;
    }
    follow_other(packet, true);
    if (total == length)
        call_l2cap(packet, body, tree);
    else
        proto_tree_add_expert(btbb_tree, packet->pinfo, &ei_l2cap, body, 0, 2);
}

static void hand_on_acl(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree)
{
    const struct btbb_payload *payload = &packet->facts.payload;
    tvbuff_t *body;

    if (payload->llid == LLID_LMP || payload->body_bytes == 0)
        follow_other(packet, false);
    if (payload->body_bytes == 0)
        return;
    body = tvb_new_subset_length(packet->tvb, (int)(payload->offset + payload->body_offset), (int)payload->body_bytes);
    switch (payload->llid) {
    case LLID_LMP:
        call_lmp(packet, body, tree);
        break;
    case LLID_START:
        start_of_l2cap(packet, body, tree, btbb_tree);
        break;
    case LLID_CONTINUATION:
        fragment_of_l2cap(packet, body, tree, btbb_tree);
        break;
    default:
        break;
    }
}

/* Only what is most likely what was sent: all captured, the CRC good or at least the length exact, not encrypted. */
static bool trustworthy(const struct btbb_packet *packet)
{
    const uint16_t decrypted = 0x0008;
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_payload *payload = &facts->payload;

    if (!payload->parsed || payload->body_offset + payload->body_bytes > payload->captured)
        return false;
    if (payload->mic && (facts->rf_flags & decrypted) == 0)
        return false;
    if (facts->crc_check == BTBB_CHECK_BAD)
        return pref_bad_crc && facts->confidence == BTBB_CONFIDENCE_BAD_CRC;
    return facts->confidence >= BTBB_CONFIDENCE_EXACT;
}

void btbb_hand_on(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree)
{
    const struct btbb_facts *facts = &packet->facts;

    if (facts->payload.reported == 0 || !pref_hand_on || packet->verdict.retransmission || !trustworthy(packet))
        return;
    if (facts->has_fhs) {
        void *none[3] = {NULL, NULL, NULL}; /* what the FHS dissector is given by its usual caller, here nothing */

        call_upper(packet, fhs_handle, tvb_new_subset_length(packet->tvb, (int)facts->payload.offset, 18), tree, none);
        btbb_close_info(packet->pinfo);
    } else if (facts->payload.header_bytes > 0 && (facts->kind == NULL || facts->kind->crc)) {
        hand_on_acl(packet, tree, btbb_tree);
    }
}

static void register_fields(int proto)
{
    static hf_register_info fields[] = {
        {&hf_fate,
         {"L2CAP fragment", "btbb.fragment.fate", FT_UINT8, BASE_DEC, VALS(fates), 0, "What became of the fragment",
          HFILL}},
        {&hf_fragments,
         {"Fragments", "btbb.fragments", FT_NONE, BASE_NONE, NULL, 0, "Fragments of the message", HFILL}},
        {&hf_fragment, {"Fragment", "btbb.fragment", FT_FRAMENUM, BASE_NONE, NULL, 0, NULL, HFILL}},
        {&hf_overlap, {"Overlap", "btbb.fragment.overlap", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL}},
        {&hf_overlap_conflict,
         {"Overlap with other data", "btbb.fragment.overlap.conflict", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL}},
        {&hf_multiple_tails,
         {"More than one end", "btbb.fragment.multipletails", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL}},
        {&hf_too_long, {"Too long", "btbb.fragment.toolongfragment", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL}},
        {&hf_error, {"Reassembly error", "btbb.fragment.error", FT_FRAMENUM, BASE_NONE, NULL, 0, NULL, HFILL}},
        {&hf_count, {"Fragment count", "btbb.fragment.count", FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL}},
        {&hf_reassembled_in, {"Put together in", "btbb.reassembled.in", FT_FRAMENUM, BASE_NONE, NULL, 0, NULL, HFILL}},
        {&hf_reassembled_length,
         {"Length of the message", "btbb.reassembled.length", FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL}},
    };

    proto_register_field_array(proto, fields, array_length(fields));
}

static void register_preferences(module_t *preferences)
{
    prefs_register_bool_preference(preferences, "payloads", "Dissect payloads",
                                   "Hand payloads on to the dissectors of LMP, L2CAP and FHS", &pref_hand_on);
    prefs_register_bool_preference(preferences, "bad_crc", "Dissect payloads with a bad CRC too",
                                   "Hand payloads on although their CRC says that they are damaged or encrypted",
                                   &pref_bad_crc);
    prefs_register_bool_preference(preferences, "reassemble", "Put fragments of L2CAP messages together",
                                   "Per piconet, LT_ADDR and direction", &pref_reassemble);
}

void btbb_register_upper(int proto, expert_module_t *expert, module_t *preferences)
{
    static ei_register_info experts[] = {
        {&ei_gap, {"btbb.fragment.lost", PI_SEQUENCE, PI_NOTE, "A fragment of an L2CAP message is missing", EXPFILL}},
        {&ei_l2cap,
         {"btbb.l2cap.length", PI_MALFORMED, PI_WARN, "The L2CAP message is shorter than the payload that holds it",
          EXPFILL}},
    };
    static int *subtrees[] = {&ett_fragments, &ett_fragment};

    proto_btbb = proto;
    register_fields(proto);
    proto_register_subtree_array(subtrees, array_length(subtrees));
    expert_register_field_array(expert, experts, array_length(experts));
    register_preferences(preferences);
    reassembly_table_register(&reassembly, &fragment_functions);
}

void btbb_handoff_upper(void)
{
    lmp_handle = find_dissector("btlmp");
    l2cap_handle = find_dissector("btl2cap");
    fhs_handle = find_dissector("btbredr_fhs");
}
