/* formats.c: how frames of each capture format reach the dissector; see formats.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "formats.h"

#include "decode/formats.h"
#include "decode/time.h"

#include <epan/exceptions.h>
#include <epan/show_exception.h>
#include <wiretap/pcap-encap.h>

static int proto_btbb = -1;
static protocol_t *protocol;

static ws_preference_bool pref_rf = TRUE;

static struct btbb_source sources[BTBB_CAPTURE_FORMATS];

/* Layers without a table of dissectors for what follows: our dissector is called after Wireshark's own one. */
static struct carrier {
    enum btbb_layer layer;
    int encap;                /* of the layer */
    const char *name;         /* of the dissector that is registered for it */
    dissector_handle_t stock; /* Wireshark's own dissector of the layer */
} carriers[] = {
    {BTBB_LAYER_MONITOR, WTAP_ENCAP_BLUETOOTH_LINUX_MONITOR, "btbb.after_monitor", NULL},
    {BTBB_LAYER_LOGGER, WTAP_ENCAP_PACKETLOGGER, "btbb.after_logger", NULL},
};

static dissector_cb_t dissect_frame;
static dissector_cb_t dissect_h4;

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

static const uint8_t *copy_bytes(tvbuff_t *tvb, uint32_t captured, const packet_info *pinfo, struct btbb_packet *packet)
{
    if (captured > BTBB_USUAL_BYTES)
        return (const uint8_t *)tvb_memdup(pinfo->pool, tvb, 0, captured);
    return captured > 0 ? (const uint8_t *)tvb_memcpy(tvb, packet->bytes, 0, captured) : NULL;
}

static bool set_time(const packet_info *pinfo, struct btbb_frame *frame)
{
    return (pinfo->presence_flags & PINFO_HAS_TS) &&
           btbb_time_ns(pinfo->abs_ts.secs, pinfo->abs_ts.nsecs, &frame->time_ns);
}

void btbb_start_briefly(const struct btbb_source *source, tvbuff_t *tvb, const packet_info *pinfo,
                        uint8_t bytes[BTBB_FAST_ESP32_BYTES], struct btbb_frame *frame)
{
    frame->format = source->format;
    frame->captured = tvb_captured_length(tvb);
    frame->reported = tvb_reported_length(tvb);
    frame->bytes = bytes;
    tvb_memcpy(tvb, bytes, 0, MIN(frame->captured, BTBB_FAST_ESP32_BYTES));
    frame->own = own_of(pinfo);
    frame->has_time = set_time(pinfo, frame);
}

bool btbb_start_frame(const struct btbb_source *source, tvbuff_t *tvb, const packet_info *pinfo,
                      struct btbb_packet *packet)
{
    struct btbb_frame *frame = &packet->frame;

    frame->format = source->format;
    frame->captured = tvb_captured_length(tvb);
    frame->reported = tvb_reported_length(tvb);
    frame->bytes = copy_bytes(tvb, frame->captured, pinfo, packet);
    frame->own = own_of(pinfo);
    frame->has_time = set_time(pinfo, frame);
    memset(frame->dst, 0, sizeof frame->dst);
    memset(frame->src, 0, sizeof frame->src);
    if (btbb_formats[source->format].layer != BTBB_LAYER_ETHERTYPE)
        return true;
    if (pinfo->dl_src.type != AT_ETHER)
        return false;
    memcpy(frame->src, pinfo->dl_src.data, sizeof frame->src);
    if (pinfo->dl_dst.type == AT_ETHER) /* Linux cooked captures have no destination */
        memcpy(frame->dst, pinfo->dl_dst.data, sizeof frame->dst);
    return true;
}

/* Calls our dissector, or Wireshark's own one where ours is switched off. This function belongs to no protocol:
 * Wireshark does not call the function of a protocol that is disabled. */
static int dissect_or_pass_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, void *source_data)
{
    const struct btbb_source *source = (const struct btbb_source *)source_data;
    const bool is_on = pref_rf && proto_is_protocol_enabled(protocol);

    return call_dissector_with_data(is_on ? source->own : source->stock, tvb, pinfo, tree, data);
}

static void register_ethertype(const struct btbb_source *source, uint32_t ethertype)
{
    dissector_add_uint("ethertype", ethertype, source->own);
}

/* Wireshark has a dissector for some link types of Bluetooth: it is called after ours. */
static void register_linktype(struct btbb_source *source, uint32_t linktype)
{
    const uint32_t encap = (uint32_t)wtap_pcap_encap_to_wtap_encap((int)linktype);

    source->stock = dissector_get_default_uint_handle("bluetooth.encap", encap);
    if (source->stock) {
        const char *name = wmem_strdup_printf(wmem_epan_scope(), "btbb.before_stock.%u", source->format);

        dissector_add_uint("bluetooth.encap", encap,
                           register_dissector_with_data(name, dissect_or_pass_on, -1, source));
    } else {
        dissector_add_uint("wtap_encap", encap, source->own);
    }
}

/* The format of a packet of a layer, and where its frame begins. NULL: not ours. */
static const struct btbb_source *find_carried(const struct carrier *carrier, tvbuff_t *tvb, const packet_info *pinfo,
                                              int *offset)
{
    const bool is_monitor = carrier->layer == BTBB_LAYER_MONITOR;

    if ((!is_monitor && tvb_captured_length(tvb) == 0) || !proto_is_protocol_enabled(protocol))
        return NULL;
    const uint32_t number = is_monitor ? pinfo->pseudo_header->btmon.opcode : tvb_get_uint8(tvb, 0);

    *offset = is_monitor ? 0 : 1;
    for (int i = 0; i < BTBB_CAPTURE_FORMATS; i++)
        if (btbb_formats[i].layer == carrier->layer && btbb_formats[i].number == number)
            return &sources[i];
    return NULL;
}

static int dissect_carrier(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, void *carrier_data)
{
    const struct carrier *carrier = (const struct carrier *)carrier_data;
    int offset;
    const struct btbb_source *source = find_carried(carrier, tvb, pinfo, &offset);

    if (!source)
        return call_dissector_with_data(carrier->stock, tvb, pinfo, tree, data);
    TRY
    {
        call_dissector_with_data(carrier->stock, tvb, pinfo, tree, data);
    }
    CATCH_BOUNDS_ERRORS /* of a frame that is cut */
    {
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    ENDTRY;
    call_dissector_only(source->own, tvb_new_subset_remaining(tvb, offset), pinfo, tree, data);
    return (int)tvb_captured_length(tvb);
}

static void register_carriers(void)
{
    for (size_t i = 0; i < array_length(carriers); i++) {
        struct carrier *carrier = &carriers[i];

        carrier->stock = dissector_get_default_uint_handle("bluetooth.encap", (uint32_t)carrier->encap);
        if (carrier->stock)
            dissector_add_uint("bluetooth.encap", (uint32_t)carrier->encap,
                               register_dissector_with_data(carrier->name, dissect_carrier, -1, carrier));
    }
}

/* This dissector belongs to no protocol either: that would cost as much as counting a packet. */
static void register_h4(struct btbb_source *source, uint32_t type)
{
    const char *name = wmem_strdup_printf(wmem_epan_scope(), "btbb.h4.%u", source->format);

    dissector_add_uint("hci_h4.type", type, register_dissector_with_data(name, dissect_h4, -1, source));
}

static void register_format(struct btbb_source *source)
{
    const struct btbb_format_info *info = &btbb_formats[source->format];
    const char *name = wmem_strdup_printf(wmem_epan_scope(), "btbb.%u", source->format);

    source->own = register_dissector_with_data(name, dissect_frame, proto_btbb, source);
    switch (info->layer) {
    case BTBB_LAYER_ETHERTYPE:
        register_ethertype(source, info->number);
        break;
    case BTBB_LAYER_LINKTYPE:
        register_linktype(source, info->number);
        break;
    case BTBB_LAYER_H4:
        register_h4(source, info->number);
        break;
    case BTBB_LAYER_MONITOR:
    case BTBB_LAYER_LOGGER: /* see register_carriers() */
        break;
    }
}

void btbb_register_formats(int proto, dissector_cb_t dissect, dissector_cb_t dissect_in_h4)
{
    proto_btbb = proto;
    protocol = find_protocol_by_id(proto);
    dissect_frame = dissect;
    dissect_h4 = dissect_in_h4;
    for (int format = 0; format < BTBB_CAPTURE_FORMATS; format++) {
        sources[format].format = (enum btbb_capture_format)format;
        register_format(&sources[format]);
    }
    register_carriers();
}

void btbb_register_format_preferences(module_t *preferences)
{
    prefs_register_bool_preference(preferences, "rf", "Dissect frames of link type 255 (BLUETOOTH_BREDR_BB)",
                                   "Show our tree before the tree of Wireshark's own dissector, and count the frames "
                                   "in the BTBB statistics",
                                   &pref_rf);
}
