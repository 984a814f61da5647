/* packet-btbb.c: the protocol "btbb": registration, and the order of the steps for each frame.
 *
 * What the bytes of a frame mean is decided in core/. The dissector turns it into fields, columns, a record for the
 * statistics, and payloads for other dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet-btbb.h"

#include "decrypt.h"
#include "dissect.h"
#include "dissect-clock.h"
#include "dissect-expert.h"
#include "dissect-links.h"
#include "dissect-vendors.h"
#include "formats.h"
#include "hand-off.h"
#include "lap-address.h"
#include "link-taps.h"
#include "listeners.h"
#include "piconet-tap.h"
#include "reassembly.h"
#include "stock.h"
#include "tree.h"

#include "decode/address-text.h"
#include "decode/formats.h"
#include "learn/link-packet.h"

static int proto_btbb = -1;
static int ett_btbb = -1;
static int btbb_tap = -1;
static int count_tap = -1;
static int details_tap = -1;

/* What the frames of the open capture have taught. NULL while no capture is open. */
static struct btbb_capture *capture;
static bool has_begun; /* a frame of it was dissected */

/* Its packets are only counted, in one pass: no other listener has its payloads, and nothing of them is shown now or
 * later. Known from the first packet on. */
static bool is_only_counted;

/* A filter chooses what our statistics count, by fields that do not depend on the dissectors of payloads. */
static bool is_only_filtered;

static void open_capture(void)
{
    capture = btbb_capture_new();
    has_begun = is_only_counted = is_only_filtered = false;
    btbb_seek_clocks(capture);
    btbb_open_decryption();
    btbb_find_stock_protocols();
}

static void close_capture(void)
{
    btbb_close_decryption();
    btbb_capture_free(capture);
    capture = NULL;
    btbb_forget_links();
    btbb_reset_reassembly();
}

/* Decodes the frame of the packet. The first pass learns from it; later passes recall what was known at that time. */
static void decode(struct btbb_packet *packet, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    packet->tvb = tvb;
    packet->pinfo = pinfo;
    packet->src_data = pinfo->src.data;
    packet->dst_data = pinfo->dst.data;
    btbb_decode(&packet->frame, &packet->facts);
    if (PINFO_FD_VISITED(pinfo))
        btbb_capture_recall(capture, pinfo->num, &packet->frame, &packet->facts, &packet->verdict);
    else
        btbb_capture_learn(capture, pinfo->num, &packet->frame, &packet->facts, &packet->verdict);
    btbb_decrypt_payload(packet, capture);
    if (!PINFO_FD_VISITED(pinfo) && !is_only_counted)
        btbb_learn_links(packet, pinfo->num);
    packet->remarks = btbb_remarks(&packet->facts, &packet->verdict) |
                      btbb_remark_bit(BTBB_REMARK_ENCRYPTED, btbb_has_decryption_problem(packet));
    packet->in_full = packet->remarks != 0 || btbb_is_visible(tree);
}

/* Sets everything that does not depend on the packet. */
static void start_record(const packet_info *pinfo, const struct btbb_frame *frame, struct btbb_record *record)
{
    *record = (struct btbb_record){.version = BTBB_RECORD_VERSION,
                                   .frame = pinfo->num,
                                   .wire_bytes = pinfo->fd->pkt_len,
                                   .has_time = frame->has_time,
                                   .time_ns = frame->has_time ? frame->time_ns : 0};
}

/* NULL where there is no listener. */
static struct btbb_record *new_record(const packet_info *pinfo, const struct btbb_frame *frame)
{
    if (!have_tap_listener(count_tap) && !have_tap_listener(btbb_tap) && !have_tap_listener(details_tap))
        return NULL;
    struct btbb_record *record = wmem_new(pinfo->pool, struct btbb_record);

    start_record(pinfo, frame, record);
    return record;
}

static void queue_on_taps(packet_info *pinfo, const struct btbb_record *record)
{
    if (have_tap_listener(count_tap))
        tap_queue_packet(count_tap, pinfo, record);
    if (have_tap_listener(btbb_tap))
        tap_queue_packet(btbb_tap, pinfo, record);
}

/* To be called before other dissectors get the payload: the frame is counted even if one of them throws. */
static void queue_record(const struct btbb_packet *packet, struct btbb_record *record)
{
    if (!record)
        return;
    btbb_record_fill(&packet->facts, &packet->verdict, record);
    queue_on_taps(packet->pinfo, record);
    if (!have_tap_listener(details_tap))
        return;
    struct btbb_details *details = wmem_new0(packet->pinfo->pool, struct btbb_details);

    details->record = *record;
    btbb_details_fill(&packet->facts, &packet->verdict, details);
    details->name = btbb_name_at(packet, packet->pinfo->num);
    tap_queue_packet(details_tap, packet->pinfo, details);
}

static bool is_shown(const packet_info *pinfo, const proto_tree *tree)
{
    return tree || pinfo->cinfo || PINFO_FD_VISITED(pinfo);
}

/* Fast path: counts a usual frame of which nothing is shown. Such a frame has no remarks, and no payload for other
 * dissectors. Returns false for all other frames, and changes nothing then. */
static bool count_quickly(const struct btbb_frame *frame, packet_info *pinfo, const proto_tree *tree,
                          struct btbb_record *record)
{
    if (!record || !capture || is_shown(pinfo, tree) || have_tap_listener(details_tap) || btbb_is_piconet_tap_heard() ||
        !btbb_capture_learn_fast(capture, frame, is_only_counted ? BTBB_FAST_RECORD : BTBB_FAST_ALL, record))
        return false;
    queue_on_taps(pinfo, record);
    return true;
}

/* The first frame decides whether clocks are sought: what is shown of it is shown of all, unless a later pass shows it.
 * A statistic that needs none then takes the fast path. */
static void begin_capture(packet_info *pinfo, proto_tree *tree, const struct btbb_record *record)
{
    static const char *const ours[] = {BTBB_COUNT_TAP_NAME, BTBB_NAME_TAP_NAME, BTBB_CLOCK_TAP_NAME, NULL};

    if (!btbb_is_tapped(pinfo))
        return;
    if (!btbb_are_clocks_wanted(pinfo, tree))
        btbb_capture_skip_clocks(capture);
    const bool is_ours = record && !btbb_is_window() && !btbb_are_others_listening(ours);

    is_only_counted = is_ours && !is_shown(pinfo, tree);
    is_only_filtered = is_ours && tree && !pinfo->cinfo && !PINFO_FD_VISITED(pinfo) && !btbb_is_hand_off_seen(tree);
}

/* The text of the closed tree. */
static void name_packet(const struct btbb_packet *packet, proto_item *item)
{
    const struct btbb_facts *facts = &packet->facts;
    char lap[BTBB_LAP_TEXT_BYTES];

    proto_item_append_text(item, ", %s", btbb_lap_text(packet->verdict.lap, lap));
    if (facts->packet_class == BTBB_CLASS_ID)
        proto_item_append_text(item, ", ID");
    else if (facts->packet_class == BTBB_CLASS_HEADER)
        proto_item_append_text(item, ", %s", facts->kind ? facts->kind->name : btbb_type_name(facts->type));
}

static void show_parts(const struct btbb_packet *packet, proto_tree *tree)
{
    btbb_show_address(packet, tree);
    btbb_show_meta(packet, tree);
    btbb_show_rf(packet, tree);
    btbb_show_esp32(packet, tree);
    btbb_show_broadcom(packet, tree);
    btbb_show_header(packet, tree);
    btbb_show_derived(packet, tree);
    btbb_show_clock(packet, tree);
    btbb_show_links(packet, tree);
    btbb_show_payload(packet, tree);
    btbb_show_decryption(packet, tree);
}

static void show_malformed(const struct btbb_packet *packet, proto_item *item)
{
    if (packet->facts.foreign)
        proto_item_append_text(item, ", not a BR/EDR packet");
    else if (packet->frame.format == BTBB_CAPTURE_RF)
        btbb_remark(packet, item, BTBB_REMARK_MALFORMED);
    else
        btbb_remark_text(packet, item, BTBB_REMARK_MALFORMED, "Shorter than a record of this capture format");
}

/* Returns the tree to which other parts may add. */
static proto_tree *show(const struct btbb_packet *packet, proto_tree *tree)
{
    if (!tree && packet->remarks == 0)
        return NULL;
    proto_item *item;
    proto_tree *subtree = btbb_add_protocol(packet, tree, proto_btbb, ett_btbb, &item);

    btbb_show_capture_remarks(packet, item);
    if (packet->facts.malformed) {
        show_malformed(packet, item);
        btbb_show_broadcom(packet, subtree);
        return subtree;
    }
    btbb_remark(packet, item, BTBB_REMARK_TRUNCATED);
    if (packet->in_full)
        name_packet(packet, item);
    show_parts(packet, subtree);
    return subtree;
}

/* Ethernet pads frames to 60 bytes, 46 of them ours. The padding is left to Ethernet, which shows it as its trailer. */
static void leave_padding(const struct btbb_packet *packet)
{
    const uint32_t ethernet_minimum = 46;
    const struct btbb_payload *payload = &packet->facts.payload;

    if (btbb_formats[packet->frame.format].layer != BTBB_LAYER_ETHERTYPE || packet->frame.reported > ethernet_minimum)
        return;
    if (packet->facts.padded_id)
        set_actual_length(packet->tvb, 0);
    else if (packet->frame.reported == ethernet_minimum && payload->parsed && packet->facts.kind)
        set_actual_length(packet->tvb, packet->frame.reported - payload->trailing_bytes);
}

/* The result of a dissector: bytes dissected. 0 would mean that the frame is not ours. */
static int bytes_taken(const struct btbb_frame *frame)
{
    return frame->captured > 0 ? (int)frame->captured : 1;
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, void *source_data)
{
    const struct btbb_source *source = (const struct btbb_source *)source_data;
    struct btbb_packet packet;

    if (!btbb_start_frame(source, tvb, pinfo, &packet))
        return 0;
    struct btbb_record *record = new_record(pinfo, &packet.frame);

    if (!has_begun)
        begin_capture(pinfo, tree, record);
    has_begun = true;
    if (count_quickly(&packet.frame, pinfo, tree, record)) {
        if (source->stock && !is_only_counted && btbb_is_stock_heard())
            call_dissector_only(source->stock, tvb, pinfo, NULL, data);
        return bytes_taken(&packet.frame);
    }
    decode(&packet, tvb, pinfo, tree);
    queue_record(&packet, record);
    btbb_queue_link_packet(&packet);
    btbb_queue_piconet_packet(&packet, PINFO_FD_VISITED(pinfo) && pinfo->num >= btbb_capture_newest(capture));
    if (is_only_counted && !is_shown(pinfo, tree))
        return bytes_taken(&packet.frame);
    btbb_set_columns(&packet);
    proto_tree *subtree = show(&packet, tree);

    if (!is_only_filtered)
        btbb_hand_off(&packet, tree, subtree);
    if (source->stock)
        btbb_call_stock(&packet, source->stock, tree, subtree, data);
    else
        btbb_set_ends(&packet, subtree);
    leave_padding(&packet);
    return bytes_taken(&packet.frame);
}

/* Counts a usual record of an ESP32, of which nothing is shown. */
static bool count_esp32(const struct btbb_source *source, tvbuff_t *tvb, packet_info *pinfo)
{
    static struct btbb_record record; /* the fast path takes one packet of a frame at most */
    uint8_t bytes[BTBB_FAST_ESP32_BYTES];
    struct btbb_frame frame;

    if (source->format != BTBB_CAPTURE_ESP32 || tvb_captured_length(tvb) == 0)
        return false;
    btbb_start_briefly(source, tvb, pinfo, bytes, &frame);
    start_record(pinfo, &frame, &record);
    if (!btbb_capture_learn_fast(capture, &frame, BTBB_FAST_RECORD, &record))
        return false;
    queue_on_taps(pinfo, &record);
    return true;
}

static int dissect_h4(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, void *source_data)
{
    const struct btbb_source *source = (const struct btbb_source *)source_data;

    if (is_only_counted && capture && !is_shown(pinfo, tree) && count_esp32(source, tvb, pinfo))
        return (int)tvb_captured_length(tvb);
    return call_dissector_only(source->own, tvb, pinfo, tree, data);
}

static void register_parts(expert_module_t *expert, module_t *preferences)
{
    btbb_register_expert(expert);
    btbb_register_format_preferences(preferences);
    btbb_register_address(proto_btbb);
    btbb_register_vendors(proto_btbb, preferences);
    btbb_register_meta(proto_btbb);
    btbb_register_channel(proto_btbb);
    btbb_register_rf(proto_btbb);
    btbb_register_esp32(proto_btbb);
    btbb_register_broadcom(proto_btbb);
    btbb_register_header(proto_btbb);
    btbb_register_derived(proto_btbb);
    btbb_register_clock(proto_btbb, preferences);
    btbb_register_links(proto_btbb);
    btbb_register_payload(proto_btbb);
    btbb_register_hand_off(proto_btbb, expert, preferences);
    btbb_register_reassembly(proto_btbb, expert, preferences);
    btbb_register_decryption(proto_btbb, preferences);
    btbb_register_columns(proto_btbb);
}

void btbb_register_protocol(void)
{
    static int *subtrees[] = {&ett_btbb};

    proto_btbb = proto_register_protocol("Bluetooth Baseband", "BTBB", "btbb");
    proto_register_subtree_array(subtrees, array_length(subtrees));
    register_parts(expert_register_protocol(proto_btbb), prefs_register_protocol(proto_btbb, NULL));
    btbb_tap = register_tap(BTBB_TAP_NAME);
    count_tap = register_tap(BTBB_COUNT_TAP_NAME);
    details_tap = register_tap(BTBB_DETAILS_TAP_NAME);
    btbb_register_link_taps();
    btbb_register_piconet_tap();
    btbb_register_lap_address();
    register_init_routine(open_capture);
    register_cleanup_routine(close_capture);
}

void btbb_register_handoff(void)
{
    btbb_register_formats(proto_btbb, dissect, dissect_h4);
    btbb_find_upper_dissectors();
}
