/* reassembly.c: puts the fragments of L2CAP messages together; see reassembly.h.
 *
 * Wireshark's reassembly joins the bytes. Which fragments belong together is decided here, once, in file order. An
 * incomplete message is discarded as soon as a fragment of it is known to be missing, so that parts of different
 * messages are never joined:
 *   - a new message starts before the old one is complete;
 *   - a continuation repeats the SEQN of the last new packet of the link, although SEQN alternates (7.6.2);
 *   - the parts are longer than the length that the message announces.
 * Where neither the physical direction nor the capturing device's part is known, the fragments of both devices look
 * alike. Nothing is joined then, and the fragments are marked.
 *
 * Chapters: Core Specification Vol 2 Part B (Baseband); L2CAP header: Vol 3 Part A, 3.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "reassembly.h"

#include "decrypt.h"
#include "tree.h"

#include "decode/read-bits.h"

#include <epan/proto_data.h>
#include <epan/reassemble.h>

#define LLID_START         2
#define L2CAP_HEADER_BYTES 4u /* length of what follows, channel */

/* What became of a fragment. */
enum fate {
    FATE_JOINED = 1,  /* part of an incomplete message */
    FATE_NO_START,    /* a continuation without a start */
    FATE_GAP,         /* a packet before it is missing */
    FATE_TOO_LONG,    /* more bytes than the message announces */
    FATE_NO_DIRECTION /* the sender is not known */
};

static const value_string fates[] = {
    {FATE_JOINED, "joined with its message"},
    {FATE_NO_START, "not joined: the start of the message was not captured"},
    {FATE_GAP, "not joined: a fragment before it is missing"},
    {FATE_TOO_LONG, "not joined: more bytes than the message announces"},
    {FATE_NO_DIRECTION, "not joined: the direction is not known"},
    {0, NULL},
};

/* Messages that were decided anew have other numbers than those of the first pass. */
#define LATE 0x80000000u

/* Data kept with a frame. */
#define KEY_FRAGMENT 0
#define KEY_UNSEEN   1 /* in the first pass the sender was not known, or the payload could not be decrypted */

/* One direction of a logical link. */
struct link {
    uint32_t id;    /* of the incomplete message: number of the frame in which it starts, and LATE; 0 = none */
    uint32_t got;   /* bytes so far */
    uint32_t total; /* bytes of the message, header included; valid when got >= 2 */
    uint8_t first;  /* first byte of the message */
    bool seqn;      /* of the last new packet with CRC */
    bool changed;   /* decided anew: a fragment of the message was decided otherwise in the first pass */
};

/* What was decided about a fragment; kept with the frame. */
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

static const fragment_items fragment_fields = {
    &ett_fragment,        &ett_fragments,         &hf_fragments, &hf_fragment,     &hf_overlap,
    &hf_overlap_conflict, &hf_multiple_tails,     &hf_too_long,  &hf_error,        &hf_count,
    &hf_reassembled_in,   &hf_reassembled_length, NULL,          "L2CAP fragments"};

static ws_preference_bool pref_reassemble = TRUE;

static reassembly_table reassembly;
/* Of the open capture; all memory is of file scope, so Wireshark frees it. NULL until the first use. */
static wmem_map_t *links;      /* of the first pass */
static wmem_map_t *late_links; /* of the pass that decides anew */
static wmem_array_t *payloads; /* frames with a payload whose direction a clock may give, in file order */
static unsigned next_payload;  /* index of the next one to decide anew */

/* The packet that is visited. */
static bool is_late;  /* it is decided anew */
static bool is_again; /* and other dissectors see it as if for the first time */

void btbb_reset_reassembly(void)
{
    links = late_links = NULL;
    payloads = NULL;
    next_payload = 0;
}

enum btbb_way btbb_way_of(const struct btbb_packet *packet)
{
    if (packet->verdict.dir != BTBB_DIR_UNKNOWN)
        return packet->verdict.dir == BTBB_DIR_TO_PERIPHERAL ? BTBB_WAY_SENT : BTBB_WAY_RECEIVED;
    if (packet->facts.own != BTBB_OWN_UNKNOWN)
        return packet->facts.own == BTBB_OWN_SENT ? BTBB_WAY_SENT : BTBB_WAY_RECEIVED;
    return BTBB_WAY_UNKNOWN;
}

static bool may_get_direction(const struct btbb_packet *packet)
{
    const struct btbb_clock_answer *clock = &packet->verdict.clock;

    return clock->reason != BTBB_CLOCK_KNOWN || clock->source > BTBB_CLOCK_OFFSET;
}

static void note_first_visit(const struct btbb_packet *packet)
{
    packet_info *pinfo = packet->pinfo;
    const guint32 number = pinfo->num;

    if (!may_get_direction(packet))
        return;
    if (!payloads)
        payloads = wmem_array_new(wmem_file_scope(), sizeof number);
    wmem_array_append(payloads, &number, 1);
    if (btbb_way_of(packet) == BTBB_WAY_UNKNOWN || btbb_lacks_clock(packet))
        p_add_proto_data(wmem_file_scope(), pinfo, proto_btbb, KEY_UNSEEN, GUINT_TO_POINTER(1));
}

void btbb_start_visit(const struct btbb_packet *packet)
{
    packet_info *pinfo = packet->pinfo;

    btbb_end_visit();
    if (!pref_reassemble)
        return;
    if (!PINFO_FD_VISITED(pinfo)) {
        note_first_visit(packet);
        return;
    }
    if (!payloads || next_payload >= wmem_array_get_count(payloads) ||
        *(const guint32 *)wmem_array_index(payloads, next_payload) != pinfo->num)
        return;
    next_payload++;
    is_late = true;
    is_again = btbb_way_of(packet) != BTBB_WAY_UNKNOWN &&
               p_get_proto_data(wmem_file_scope(), pinfo, proto_btbb, KEY_UNSEEN) != NULL;
}

void btbb_end_visit(void)
{
    is_late = is_again = false;
}

bool btbb_is_first_visit(const packet_info *pinfo)
{
    return !PINFO_FD_VISITED(pinfo) || is_again;
}

static uint64_t link_key(const struct btbb_packet *packet)
{
    return (uint64_t)packet->verdict.lap << 16 | (uint64_t)packet->facts.lt_addr << 8 | (uint64_t)btbb_way_of(packet);
}

/* NULL when the link has had no fragment yet. */
static struct link *find_link(const struct btbb_packet *packet)
{
    const uint64_t key = link_key(packet);
    wmem_map_t *now = is_late ? late_links : links;

    return now ? (struct link *)wmem_map_lookup(now, &key) : NULL;
}

static struct link *add_link(const struct btbb_packet *packet)
{
    wmem_map_t **now = is_late ? &late_links : &links;

    if (!*now)
        *now = wmem_map_new(wmem_file_scope(), g_int64_hash, g_int64_equal);
    uint64_t *key = wmem_new(wmem_file_scope(), uint64_t);
    struct link *link = wmem_new0(wmem_file_scope(), struct link);

    *key = link_key(packet);
    wmem_map_insert(*now, key, link);
    return link;
}

/* Messages have numbers of their own, which are the keys of Wireshark's reassembly. */
static gpointer fragment_key(const packet_info *pinfo _U_, const guint32 id, const void *data _U_)
{
    return GUINT_TO_POINTER(id);
}

static void free_fragment_key(gpointer key _U_)
{
}

static const reassembly_table_functions fragment_functions = {g_direct_hash, g_direct_equal,    fragment_key,
                                                              fragment_key,  free_fragment_key, free_fragment_key};

static void discard_message(struct link *link, const packet_info *pinfo)
{
    if (link->id == 0)
        return;
    tvbuff_t *rest = fragment_delete(&reassembly, pinfo, link->id, NULL);

    if (rest)
        tvb_free(rest);
    link->id = 0;
}

/* Counts the bytes of a fragment. Returns false when they are more than the message announces. */
static bool extend_message(struct link *link, struct btbb_span bytes)
{
    for (uint32_t i = 0; i < bytes.length && link->got + i < 2; i++) {
        if (link->got + i == 0)
            link->first = bytes.bytes[i];
        else
            link->total = L2CAP_HEADER_BYTES + (link->first | (uint32_t)bytes.bytes[i] << 8);
    }
    link->got += bytes.length;
    return link->got < 2 || link->got <= link->total;
}

/* InternalBlue does not record SEQN, nor does the ESP32 sniffer in packets that it sends. */
static bool has_seqn(const struct btbb_facts *facts)
{
    return facts->encap != BTBB_ENCAP_INTERNALBLUE &&
           !(facts->encap == BTBB_ENCAP_ESP32 && facts->own == BTBB_OWN_SENT);
}

/* Decides about a fragment, in file order. */
static enum fate decide(const struct btbb_packet *packet, struct link *link, struct btbb_span bytes)
{
    const struct btbb_facts *facts = &packet->facts;
    const bool gap = has_seqn(facts) && facts->seqn == link->seqn;

    if (facts->payload.llid == LLID_START) {
        discard_message(link, packet->pinfo);
        link->id = packet->pinfo->num | (is_late ? LATE : 0);
        link->got = 0;
        link->changed = false;
    } else if (link->id == 0) {
        return FATE_NO_START;
    } else if (gap) {
        discard_message(link, packet->pinfo);
        return FATE_GAP;
    }
    if (extend_message(link, bytes))
        return FATE_JOINED;
    discard_message(link, packet->pinfo);
    return FATE_TOO_LONG;
}

static void learn_fragment(const struct btbb_packet *packet, struct fragment *fragment)
{
    const struct btbb_payload *payload = &packet->facts.payload;
    const struct btbb_span bytes = {packet->frame.bytes + payload->offset + payload->body_offset, payload->body_bytes};

    if (btbb_way_of(packet) == BTBB_WAY_UNKNOWN) {
        fragment->fate = FATE_NO_DIRECTION;
        return;
    }
    struct link *link = find_link(packet);

    if (!link)
        link = add_link(packet);
    fragment->fate = decide(packet, link, bytes);
    fragment->id = link->id;
    fragment->more = link->got < 2 || link->got < link->total;
    link->seqn = packet->facts.seqn;
    if (!fragment->more)
        link->id = 0;
}

/* Other dissectors see the message as if for the first time if any part of it was decided otherwise before. */
static void decide_anew(const struct btbb_packet *packet, struct fragment *fragment)
{
    const struct fragment before = *fragment;

    learn_fragment(packet, fragment);
    struct link *link = find_link(packet);

    if (!link)
        return;
    link->changed = link->changed || fragment->fate != before.fate || fragment->more != before.more;
    is_again = link->changed;
}

/* NULL for a frame that was not decided about. */
static const struct fragment *find_fragment(const struct btbb_packet *packet)
{
    packet_info *pinfo = packet->pinfo;
    struct fragment *fragment = (struct fragment *)p_get_proto_data(wmem_file_scope(), pinfo, proto_btbb, KEY_FRAGMENT);

    if (!is_late && (fragment || PINFO_FD_VISITED(pinfo)))
        return fragment;
    if (!fragment) {
        fragment = wmem_new0(wmem_file_scope(), struct fragment);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_btbb, KEY_FRAGMENT, fragment);
    }
    (is_late ? decide_anew : learn_fragment)(packet, fragment);
    return fragment;
}

void btbb_note_packet(const struct btbb_packet *packet, bool ends_message)
{
    if (PINFO_FD_VISITED(packet->pinfo) && !is_late)
        return;
    struct link *link = find_link(packet);

    if (!link)
        return;
    link->seqn = packet->facts.seqn; /* every new packet with a CRC changes it */
    if (ends_message)
        discard_message(link, packet->pinfo);
}

tvbuff_t *btbb_reassemble(const struct btbb_packet *packet, tvbuff_t *body, proto_tree *tree)
{
    if (!pref_reassemble)
        return NULL;
    const struct fragment *fragment = find_fragment(packet);

    if (!fragment)
        return NULL;
    proto_item *item = btbb_add_generated_uint(packet, tree, hf_fate, fragment->fate);

    if (fragment->fate == FATE_GAP || fragment->fate == FATE_TOO_LONG)
        expert_add_info(packet->pinfo, item, &ei_gap);
    if (fragment->fate != FATE_JOINED)
        return NULL;
    frame_data *const frame = packet->pinfo->fd;
    const bool visited = frame->visited;

    frame->visited = visited && !is_late; /* otherwise Wireshark's reassembly would only look the result up */
    fragment_head *head = fragment_add_seq_next(&reassembly, body, 0, packet->pinfo, fragment->id, NULL,
                                                packet->facts.payload.body_bytes, fragment->more);

    frame->visited = visited;

    return process_reassembled_data(body, 0, packet->pinfo, "L2CAP message", head, &fragment_fields, NULL, tree);
}

static void register_fields(int proto)
{
    static hf_register_info fields[] = {
        {&hf_fate,
         {"L2CAP fragment", "btbb.fragment.fate", FT_UINT8, BASE_DEC, VALS(fates), 0,
          "Whether the fragment was joined with its message", HFILL}},
        {&hf_fragments,
         {"Fragments", "btbb.fragments", FT_NONE, BASE_NONE, NULL, 0, "Fragments of the message", HFILL}},
        {&hf_fragment, {"Fragment", "btbb.fragment", FT_FRAMENUM, BASE_NONE, NULL, 0, "Frame of one fragment", HFILL}},
        {&hf_overlap,
         {"Overlap", "btbb.fragment.overlap", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "Required by Wireshark's reassembly, not used", HFILL}},
        {&hf_overlap_conflict,
         {"Overlap with other data", "btbb.fragment.overlap.conflict", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "Required by Wireshark's reassembly, not used", HFILL}},
        {&hf_multiple_tails,
         {"More than one end", "btbb.fragment.multipletails", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "Required by Wireshark's reassembly, not used", HFILL}},
        {&hf_too_long,
         {"Too long", "btbb.fragment.toolongfragment", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "Required by Wireshark's reassembly, not used", HFILL}},
        {&hf_error,
         {"Reassembly error", "btbb.fragment.error", FT_FRAMENUM, BASE_NONE, NULL, 0,
          "Required by Wireshark's reassembly, not used", HFILL}},
        {&hf_count,
         {"Fragment count", "btbb.fragment.count", FT_UINT32, BASE_DEC, NULL, 0, "Number of fragments in the message",
          HFILL}},
        {&hf_reassembled_in,
         {"Reassembled in", "btbb.reassembled.in", FT_FRAMENUM, BASE_NONE, NULL, 0,
          "Frame in which the message is complete", HFILL}},
        {&hf_reassembled_length,
         {"Reassembled length", "btbb.reassembled.length", FT_UINT32, BASE_DEC, NULL, 0,
          "Number of bytes in the message", HFILL}},
    };

    proto_register_field_array(proto, fields, array_length(fields));
}

void btbb_register_reassembly(int proto, expert_module_t *expert, module_t *preferences)
{
    static ei_register_info items[] = {
        {&ei_gap, {"btbb.fragment.lost", PI_SEQUENCE, PI_NOTE, "A fragment of an L2CAP message is missing", EXPFILL}},
    };
    static int *subtrees[] = {&ett_fragments, &ett_fragment};

    proto_btbb = proto;
    register_fields(proto);
    proto_register_subtree_array(subtrees, array_length(subtrees));
    expert_register_field_array(expert, items, array_length(items));
    prefs_register_bool_preference(preferences, "reassemble", "Reassemble L2CAP messages",
                                   "Put the fragments of L2CAP messages together, per piconet, LT_ADDR and direction",
                                   &pref_reassemble);
    reassembly_table_register(&reassembly, &fragment_functions);
}
