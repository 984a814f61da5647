/* packet-btbb.c: the protocol "btbb": registration, preferences, hand-off, and the order of the steps.
 *
 * Two encapsulations: Ethernet frames with ethertype 0xfff0, and LINKTYPE_BLUETOOTH_BREDR_BB (255). What the bytes
 * mean is decided in core/; here it becomes fields, columns, a tap record, and payloads for other dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "decode/formats.h"
#include "decode/time.h"

#include <epan/exceptions.h>

static int proto_btbb = -1;
static protocol_t *protocol;
static int ett_btbb = -1;
static int btbb_tap = -1;

static dissector_handle_t rf_handle;
static dissector_handle_t builtin_rf_handle;
static int builtin_rf; /* its protocol, and the one of expert items */
static int expert_items;

static ws_bool_t pref_rf = TRUE;

/* What the frames of the open capture have taught. Lives from opening to closing the file. */
static struct btbb_capture *capture;

static void open_capture(void)
{
    capture = btbb_capture_new();
    builtin_rf = proto_get_id_by_filter_name("btbredr_rf");
    expert_items = proto_get_id_by_filter_name("_ws.expert"); /* registered after all dissectors are */
}

static void close_capture(void)
{
    btbb_capture_free(capture);
    capture = NULL;
    btbb_upper_reset();
}

static enum btbb_own own_of(const packet_info *pinfo)
{
    switch (pinfo->p2p_dir) {
    case P2P_DIR_SENT:
        return BTBB_OWN_SENT;
    case P2P_DIR_RECV:
        return BTBB_OWN_RECEIVED;
    default:
        return BTBB_OWN_UNKNOWN;
    }
}

/* Everything but the Ethernet addresses. */
static inline void start_frame(struct btbb_frame *frame, tvbuff_t *tvb, const packet_info *pinfo,
                               enum btbb_capture_format format)
{
    frame->format = format;
    frame->captured = tvb_captured_length(tvb);
    frame->reported = tvb_reported_length(tvb);
    frame->bytes = frame->captured > 0 ? tvb_get_ptr(tvb, 0, (int)frame->captured) : NULL;
    frame->own = own_of(pinfo);
}

/* Decode, and judge with what the capture has taught so far: once in file order, later from memory. */
static void decode(struct btbb_packet *packet, tvbuff_t *tvb, packet_info *pinfo)
{
    packet->tvb = tvb;
    packet->pinfo = pinfo;
    packet->src_data = pinfo->src.data;
    packet->dst_data = pinfo->dst.data;
    btbb_decode(&packet->frame, &packet->facts);
    if (capture == NULL)
        memset(&packet->verdict, 0, sizeof packet->verdict);
    else if (PINFO_FD_VISITED(pinfo))
        btbb_capture_recall(capture, pinfo->num, &packet->frame, &packet->facts, &packet->verdict);
    else
        btbb_capture_learn(capture, pinfo->num, &packet->frame, &packet->facts, &packet->verdict);
    btbb_find_remarks(packet);
}

/* The record of a frame, with all in it that is not of the packet; NULL where nobody listens. */
static struct btbb_record *new_record(const packet_info *pinfo)
{
    if (!have_tap_listener(btbb_tap))
        return NULL;
    struct btbb_record *record = wmem_new(pinfo->pool, struct btbb_record);

    *record =
        (struct btbb_record){.version = BTBB_RECORD_VERSION, .frame = pinfo->num, .wire_bytes = pinfo->fd->pkt_len};
    if (pinfo->presence_flags & PINFO_HAS_TS)
        record->has_time = btbb_time_ns(pinfo->abs_ts.secs, pinfo->abs_ts.nsecs, &record->time_ns);
    return record;
}

/* Queued before any other dissector sees the payload: one that throws must not lose the frame for the statistics. */
static void queue_record(const struct btbb_packet *packet, struct btbb_record *record)
{
    if (record == NULL)
        return;
    btbb_record_fill(&packet->frame, &packet->facts, &packet->verdict, record);
    tap_queue_packet(btbb_tap, packet->pinfo, record);
}

/* A usual frame that nobody looks at is counted, and that is all there is to do: it has nothing to show or to remark,
 * and no payload for others. */
static bool count_quickly(const struct btbb_frame *frame, packet_info *pinfo, const proto_tree *tree,
                          struct btbb_record *record)
{
    if (tree != NULL || record == NULL || pinfo->cinfo != NULL || capture == NULL || PINFO_FD_VISITED(pinfo) ||
        !btbb_capture_quick(capture, frame, false, record))
        return false;
    tap_queue_packet(btbb_tap, pinfo, record);
    return true;
}

/* Whether the whole tree is wanted, not only the fields that somebody names. */
static bool is_all_wanted(const struct btbb_packet *packet, const proto_tree *tree)
{
    return packet->remarks != 0 || (tree != NULL && PTREE_DATA(tree)->visible);
}

/* Whether a protocol is wanted in the tree: the tree is shown or walked through, or the protocol is named by more than
 * this. It is named indirectly where only fields of it are. */
static bool is_protocol_wanted(proto_tree *tree, int protocol_id, int more_than)
{
    return PTREE_DATA(tree)->visible || !PTREE_DATA(tree)->fake_protocols ||
           (union_of_tap_listener_flags() & TL_REQUIRES_PROTO_TREE) != 0 ||
           (int)proto_registrar_get_nth((unsigned)protocol_id)->ref_type > more_than;
}

bool btbb_is_wanted(const struct btbb_packet *packet, const proto_tree *tree, const hf_register_info *fields,
                    size_t count)
{
    if (is_all_wanted(packet, tree))
        return true;
    unsigned uses = HF_REF_TYPE_NONE;

    for (size_t i = 0; i < count; i++) /* without a way out: most often nobody asks for any of them */
        uses |= (unsigned)fields[i].hfinfo.ref_type;
    return uses != HF_REF_TYPE_NONE;
}

proto_tree *btbb_add_branch(const struct btbb_packet *packet, proto_tree *tree, int hf, int offset, int length, int ett,
                            proto_item **item)
{
    if (!is_all_wanted(packet, tree) && proto_registrar_get_nth((unsigned)hf)->ref_type <= HF_REF_TYPE_INDIRECT) {
        *item = NULL;
        return tree;
    }
    *item = proto_tree_add_item(tree, hf, packet->tvb, offset, length, ENC_NA);
    return proto_item_add_subtree(*item, ett);
}

/* The one line that a closed tree shows. */
static void name_packet(const struct btbb_packet *packet, proto_item *item)
{
    const struct btbb_facts *facts = &packet->facts;
    const uint32_t lap = facts->lap;

    proto_item_append_text(item, ", %02x:%02x:%02x", lap >> 16 & 0xff, lap >> 8 & 0xff, lap & 0xff);
    if (facts->id)
        proto_item_append_text(item, ", ID");
    else if (facts->typed)
        proto_item_append_text(item, ", %s", facts->kind != NULL ? facts->kind->name : btbb_type_name(facts->type));
}

static proto_tree *show(const struct btbb_packet *packet, proto_tree *tree)
{
    const int length = (int)packet->frame.captured;
    proto_item *item;
    proto_tree *subtree;

    if (tree == NULL && packet->remarks == 0)
        return NULL;
    if (packet->remarks != 0 || is_protocol_wanted(tree, proto_btbb, HF_REF_TYPE_INDIRECT)) {
        item = proto_tree_add_item(tree, proto_btbb, packet->tvb, 0, length, ENC_NA);
        subtree = proto_item_add_subtree(item, ett_btbb);
    } else {
        PTREE_DATA(tree)->count++; /* Wireshark takes back a layer that has added nothing */
        item = NULL;
        subtree = tree;
    }
    if (packet->facts.malformed) {
        btbb_remark(packet, item, BTBB_REMARK_MALFORMED);
        return subtree;
    }
    btbb_remark(packet, item, BTBB_REMARK_TRUNCATED);
    if (tree != NULL && PTREE_DATA(tree)->visible)
        name_packet(packet, item);
    btbb_show_address(packet, subtree);
    if (packet->frame.format == BTBB_CAPTURE_RF)
        btbb_show_rf(packet, subtree);
    else
        btbb_show_meta(packet, subtree);
    btbb_show_header(packet, subtree);
    btbb_show_payload(packet, subtree);
    return subtree;
}

/* Ethernet fills a frame up to 60 bytes, 46 of them ours. What it added is left to it, to be shown as trailer. */
static void leave_padding(const struct btbb_packet *packet)
{
    const uint32_t ethernet_minimum = 46;
    const struct btbb_payload *payload = &packet->facts.payload;

    if (packet->frame.reported > ethernet_minimum)
        return;
    if (packet->facts.padded_id)
        set_actual_length(packet->tvb, 0);
    else if (packet->frame.reported == ethernet_minimum && payload->parsed && packet->facts.kind != NULL)
        set_actual_length(packet->tvb, packet->frame.reported - payload->trailing_bytes);
}

static int bytes_taken(const struct btbb_frame *frame)
{
    return frame->captured > 0 ? (int)frame->captured : 1; /* 0 would mean: not ours */
}

static int dissect_legacy(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    struct btbb_record *record = new_record(pinfo);
    struct btbb_packet packet;
    proto_tree *subtree;

    /* The LAP is in the Ethernet source address. Linux cooked captures have no destination. */
    if (pinfo->dl_src.type != AT_ETHER)
        return 0;
    memcpy(packet.frame.src, pinfo->dl_src.data, sizeof packet.frame.src);
    memset(packet.frame.dst, 0, sizeof packet.frame.dst);
    if (pinfo->dl_dst.type == AT_ETHER)
        memcpy(packet.frame.dst, pinfo->dl_dst.data, sizeof packet.frame.dst);
    start_frame(&packet.frame, tvb, pinfo, BTBB_CAPTURE_LEGACY);
    if (count_quickly(&packet.frame, pinfo, tree, record))
        return bytes_taken(&packet.frame);
    decode(&packet, tvb, pinfo);
    queue_record(&packet, record);
    btbb_set_columns(&packet);
    subtree = show(&packet, tree);
    btbb_hand_on(&packet, tree, subtree);
    btbb_set_ends(&packet, subtree);
    leave_padding(&packet);
    return bytes_taken(&packet.frame);
}

/* Flags of the pseudo-header with which Wireshark's own dissector goes on to the payload by itself. */
static bool builtin_hands_on(const struct btbb_facts *facts)
{
    const uint16_t all = 0x0001 | 0x0008 | 0x0020 | 0x0400 | 0x0800;

    return (facts->rf_flags & all) == all;
}

/* The tree for Wireshark's own dissector: none where nobody can see the difference. It puts all of its fields into any
 * tree, which costs more than all that we do. */
static proto_tree *builtin_tree(const struct btbb_packet *packet, proto_tree *tree)
{
    if (tree == NULL || builtin_hands_on(&packet->facts) || proto_field_is_referenced(tree, expert_items) ||
        is_protocol_wanted(tree, builtin_rf, HF_REF_TYPE_NONE))
        return tree;
    return NULL;
}

/* Wireshark's own dissector; where our columns are to stay, it cannot write them. */
static void call_builtin_rf(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree, void *data,
                            bool keep_columns)
{
    column_info *cinfo = packet->pinfo->cinfo;

    if (!btbb_are_ends_wanted(packet, btbb_tree)) {
        call_dissector_with_data(builtin_rf_handle, packet->tvb, packet->pinfo, builtin_tree(packet, tree), data);
        return;
    }
    col_set_writable(cinfo, COL_PROTOCOL, !keep_columns);
    col_set_writable(cinfo, COL_INFO, !keep_columns);
    TRY
    {
        call_dissector_with_data(builtin_rf_handle, packet->tvb, packet->pinfo, tree, data);
    }
    FINALLY
    {
        col_set_writable(cinfo, COL_PROTOCOL, TRUE);
        col_set_writable(cinfo, COL_INFO, TRUE);
        btbb_set_ends(packet, btbb_tree);
    }
    ENDTRY;
}

static int dissect_rf(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    struct btbb_record *record = new_record(pinfo);
    struct btbb_packet packet;
    proto_tree *subtree;

    start_frame(&packet.frame, tvb, pinfo, BTBB_CAPTURE_RF);
    if (count_quickly(&packet.frame, pinfo, tree, record)) {
        call_dissector_only(builtin_rf_handle, tvb, pinfo, NULL, data);
        return (int)packet.frame.captured;
    }
    memset(packet.frame.src, 0, sizeof packet.frame.src);
    memset(packet.frame.dst, 0, sizeof packet.frame.dst);
    decode(&packet, tvb, pinfo);
    queue_record(&packet, record);
    btbb_set_columns(&packet);
    subtree = show(&packet, tree);
    if (builtin_hands_on(&packet.facts)) {
        btbb_open_info(pinfo);
        call_builtin_rf(&packet, tree, subtree, data, false);
        btbb_close_info(pinfo);
    } else {
        btbb_hand_on(&packet, tree, subtree);
        call_builtin_rf(&packet, tree, subtree, data, true);
    }
    return (int)packet.frame.captured;
}

/* The handle that stands for LINKTYPE 255 is owned by no protocol, so that switching btbb off gives Wireshark's own
 * dissector back. btbb enters itself as a layer, without a handle and its book-keeping, which costs as much as all of
 * the decoding: the layers below keep the numbers that they have without it. Not so for an empty record, which the
 * layer below us rejects: Wireshark takes back only layers that it has entered. */
static int dissect_rf_wrapper(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!pref_rf || !proto_is_protocol_enabled(protocol))
        return call_dissector_with_data(builtin_rf_handle, tvb, pinfo, tree, data);
    if (tvb_captured_length(tvb) == 0)
        return call_dissector_with_data(rf_handle, tvb, pinfo, tree, data);
    if (tree != NULL)
        wmem_list_append(pinfo->layers, GINT_TO_POINTER(proto_btbb));
    return dissect_rf(tvb, pinfo, tree, data);
}

static void register_preferences(module_t *preferences)
{
    prefs_register_bool_preference(preferences, "rf", "Show frames of link type BLUETOOTH_BREDR_BB (255) as BTBB",
                                   "Show our tree before the one of Wireshark's own dissector, and count the frames "
                                   "in the BTBB statistics",
                                   &pref_rf);
}

void btbb_register_protocol(void)
{
    static int *subtrees[] = {&ett_btbb};
    expert_module_t *expert;
    module_t *preferences;

    proto_btbb = proto_register_protocol("Bluetooth Baseband", "BTBB", "btbb");
    protocol = find_protocol_by_id(proto_btbb);
    proto_register_subtree_array(subtrees, array_length(subtrees));
    expert = expert_register_protocol(proto_btbb);
    btbb_register_expert(expert);
    preferences = prefs_register_protocol(proto_btbb, NULL);
    register_preferences(preferences);
    btbb_register_address(proto_btbb, preferences);
    btbb_register_meta(proto_btbb);
    btbb_register_rf(proto_btbb);
    btbb_register_header(proto_btbb);
    btbb_register_payload(proto_btbb);
    btbb_register_upper(proto_btbb, expert, preferences);
    btbb_register_columns(proto_btbb);
    btbb_tap = register_tap(BTBB_TAP_NAME);
    register_init_routine(open_capture);
    register_cleanup_routine(close_capture);
}

void btbb_register_handoff(void)
{
    dissector_add_uint("ethertype", BTBB_ETHERTYPE, create_dissector_handle(dissect_legacy, proto_btbb));
    rf_handle = create_dissector_handle(dissect_rf, proto_btbb);
    builtin_rf_handle = find_dissector("btbredr_rf");
    if (builtin_rf_handle != NULL)
        dissector_add_uint("bluetooth.encap", WTAP_ENCAP_BLUETOOTH_BREDR_BB,
                           create_dissector_handle(dissect_rf_wrapper, -1));
    btbb_handoff_upper();
}
