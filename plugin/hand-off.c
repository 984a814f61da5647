/* hand-off.c: hands payloads to Wireshark's own dissectors of LMP, L2CAP, FHS and EIR; see hand-off.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "hand-off.h"

#include "decrypt.h"
#include "dissect.h"
#include "reassembly.h"
#include "tree.h"

#include "decode/eir.h"
#include "decode/lmp.h"
#include "decode/printable.h"

#include <epan/dissectors/packet-bluetooth.h>
#include <epan/dissectors/packet-bthci_acl.h>
#include <epan/exceptions.h>
#include <epan/show_exception.h>

#define LLID_CONTINUATION 1
#define LLID_START        2
#define LLID_LMP          3

#define L2CAP_HEADER_BYTES 4u  /* length of what follows, channel */
#define FHS_BYTES          18  /* without CRC */
#define NAME_CHARACTERS    60u /* of a device name in Info */

static expert_field ei_l2cap = EI_INIT;

static dissector_handle_t lmp_handle;
static dissector_handle_t l2cap_handle;
static dissector_handle_t fhs_handle;
static dissector_handle_t eir_handle;

static int proto_own;

static ws_preference_bool pref_hand_off = TRUE;
static ws_preference_bool pref_bad_crc = FALSE;

/* Calls another dissector. An error in it is shown below our tree, and does not concern what we have shown. Returns
 * false when the dissector has not accepted the payload, for instance because its protocol is disabled. */
static bool call_upper(const struct btbb_packet *packet, dissector_handle_t handle, tvbuff_t *tvb, proto_tree *tree,
                       void *data)
{
    packet_info *const pinfo = packet->pinfo;
    const char *const proto = pinfo->current_proto;
    const int p2p_dir = pinfo->p2p_dir;
    const enum btbb_way way = btbb_way_of(packet);
    const bool visited = PINFO_FD_VISITED(pinfo);
    volatile bool accepted = true;

    if (!handle)
        return false;
    col_set_fence(pinfo->cinfo, COL_INFO);
    if (way != BTBB_WAY_UNKNOWN)
        pinfo->p2p_dir = way == BTBB_WAY_SENT ? P2P_DIR_SENT : P2P_DIR_RECV;
    pinfo->fd->visited = !btbb_is_first_visit(pinfo);
    TRY
    {
        accepted = call_dissector_only(handle, tvb, pinfo, tree, data) != 0;
    }
    CATCH_NONFATAL_ERRORS
    {
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    ENDTRY;
    pinfo->fd->visited = visited;
    pinfo->current_proto = proto;
    pinfo->p2p_dir = p2p_dir;
    return accepted;
}

static struct btbb_span body_of(const struct btbb_packet *packet)
{
    const struct btbb_payload *payload = &packet->facts.payload;

    return (struct btbb_span){packet->frame.bytes + payload->offset + payload->body_offset, payload->body_bytes};
}

/* Wireshark's dissector of LMP does not write to Info: the name of the PDU is added here. */
static void call_lmp(const struct btbb_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    struct btbb_lmp pdu;

    if (packet->pinfo->cinfo) {
        btbb_lmp_read(body_of(packet), true, &pdu);
        if (pdu.info)
            col_append_fstr(packet->pinfo->cinfo, COL_INFO, " | %s", pdu.info->name);
    }
    call_upper(packet, lmp_handle, tvb, tree, NULL);
}

/* The dissectors of L2CAP and of the protocols above it replace what follows the fence in Info. */
static void call_l2cap(const struct btbb_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    static uint32_t never = UINT32_MAX; /* frame in which the link ends */
    const uint32_t pair = packet->facts.encap == BTBB_ENCAP_INTERNALBLUE ? 0x80000000u : 0;
    bthci_acl_data_t acl = {0};

    acl.adapter_id = packet->verdict.lap | (uint32_t)packet->facts.lt_addr << 24 | pair;
    acl.chandle = packet->facts.lt_addr;
    acl.adapter_disconnect_in_frame = &never;
    acl.disconnect_in_frame = &never;
    col_append_str(packet->pinfo->cinfo, COL_INFO, " | ");
    if (!call_upper(packet, l2cap_handle, tvb, tree, &acl)) {
        col_clear_fence(packet->pinfo->cinfo, COL_INFO);
        btbb_set_columns(packet);
    }
}

static void call_fhs(const struct btbb_packet *packet, proto_tree *tree)
{
    void *none[3] = {NULL, NULL,
                     NULL}; /* bluetooth data, connection, device: the dissector accepts that all are NULL */

    call_upper(packet, fhs_handle, tvb_new_subset_length(packet->tvb, (int)packet->facts.payload.offset, FHS_BYTES),
               tree, none);
}

/* Wireshark's dissector of EIR does not write to Info: the device name is added here. */
static void call_eir(const struct btbb_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    bluetooth_eir_ad_data_t none = {0}; /* no address: it is not in the packet */
    char name[BTBB_PRINTABLE_BYTES(4 * NAME_CHARACTERS)];
    struct btbb_eir eir;

    if (packet->pinfo->cinfo) {
        btbb_eir_read(body_of(packet), &eir);
        btbb_printable(eir.name.bytes, eir.name.length, NAME_CHARACTERS, name, sizeof name);
        col_append_str(packet->pinfo->cinfo, COL_INFO, " | Extended Inquiry Response");
        if (eir.has_name)
            col_append_fstr(packet->pinfo->cinfo, COL_INFO, ": %s", name);
    }
    call_upper(packet, eir_handle, tvb, tree, &none);
}

static void reassemble(const struct btbb_packet *packet, tvbuff_t *body, proto_tree *tree, proto_tree *btbb_tree)
{
    tvbuff_t *message = btbb_reassemble(packet, body, btbb_tree);

    if (message)
        call_l2cap(packet, message, tree);
}

/* A payload with LLID 2: a whole L2CAP message or the first part of one, by the length in its first two bytes. */
static void start_message(const struct btbb_packet *packet, tvbuff_t *body, proto_tree *tree, proto_tree *btbb_tree)
{
    const uint32_t length = packet->facts.payload.body_bytes;
    const uint32_t total = length < 2 ? UINT32_MAX : L2CAP_HEADER_BYTES + tvb_get_letohs(body, 0);

    if (total > length) {
        reassemble(packet, body, tree, btbb_tree);
        return;
    }
    btbb_note_packet(packet, true);
    if (total == length)
        call_l2cap(packet, body, tree);
    else
        proto_tree_add_expert(btbb_tree, packet->pinfo, &ei_l2cap, body, 0, 2);
}

/* A packet with an inquiry access code and a payload header is an Extended Inquiry Response (Vol 2 Part B, 8.4.3).
 * Where the file has no access codes, it marks the response. */
static bool is_eir(const struct btbb_facts *facts)
{
    return facts->eir || (facts->lap_reserved && facts->payload.llid == LLID_START);
}

static void hand_off_acl(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree)
{
    const struct btbb_payload *payload = &packet->facts.payload;

    if (payload->llid == LLID_LMP || payload->body_bytes == 0)
        btbb_note_packet(packet, false);
    if (payload->body_bytes == 0)
        return;
    tvbuff_t *body = tvb_new_subset_length(packet->payload_tvb, (int)(packet->payload_start + payload->body_offset),
                                           (int)payload->body_bytes);

    if (is_eir(&packet->facts)) {
        call_eir(packet, body, tree);
        return;
    }
    switch (payload->llid) {
    case LLID_LMP:
        call_lmp(packet, body, tree);
        break;
    case LLID_START:
        start_message(packet, body, tree, btbb_tree);
        break;
    case LLID_CONTINUATION:
        reassemble(packet, body, tree, btbb_tree);
        break;
    default:
        break;
    }
}

/* Whether the payload is most likely what was sent: captured completely, not encrypted, and the CRC is good or at least
 * the length is exact. */
static bool is_trustworthy(const struct btbb_packet *packet)
{
    const uint16_t decrypted = 0x0008;
    const struct btbb_facts *facts = &packet->facts;
    const struct btbb_payload *payload = &facts->payload;

    if (!payload->parsed || payload->body_offset + payload->body_bytes > payload->captured)
        return false;
    if (payload->mic && !(facts->rf_flags & decrypted))
        return false;
    if (facts->crc_check == BTBB_CHECK_BAD)
        return pref_bad_crc && facts->confidence == BTBB_CONFIDENCE_BAD_CRC;
    if (facts->has_fhs && facts->encap == BTBB_ENCAP_ESP32) /* its parity is all that there is to check */
        return facts->fhs.parity_good;
    return facts->confidence >= BTBB_CONFIDENCE_EXACT;
}

static void hand_off(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree)
{
    const struct btbb_facts *facts = &packet->facts;

    if (facts->has_fhs)
        call_fhs(packet, tree);
    else if ((facts->payload.header_bytes > 0 && (!facts->kind || facts->kind->crc)) ||
             facts->encap == BTBB_ENCAP_BROADCOM)
        hand_off_acl(packet, tree, btbb_tree);
}

/* Whether a field of ours is used that depends on other dissectors: on fragments, or on addresses that a layer above
 * L2CAP has set. */
static bool is_own_field_used(proto_tree *tree)
{
    static const char *const beginnings[] = {"btbb.fragment", "btbb.l2cap", "btbb.src", "btbb.dst", "btbb.addr"};
    void *cookie = NULL;

    for (const header_field_info *field = proto_get_first_protocol_field(proto_own, &cookie); field;
         field = proto_get_next_protocol_field(proto_own, &cookie))
        for (size_t i = 0; i < array_length(beginnings); i++)
            if (g_str_has_prefix(field->abbrev, beginnings[i]) && proto_field_is_referenced(tree, field->id))
                return true;
    return false;
}

bool btbb_is_hand_off_seen(proto_tree *tree)
{
    return btbb_is_visible(tree) || is_own_field_used(tree) || btbb_is_other_protocol_used(tree, &proto_own, 1);
}

void btbb_hand_off(const struct btbb_packet *packet, proto_tree *tree, proto_tree *btbb_tree)
{
    if (packet->facts.payload.reported == 0 || !pref_hand_off)
        return;
    const bool is_readable = !packet->verdict.retransmission && is_trustworthy(packet);

    if (is_readable || PINFO_FD_VISITED(packet->pinfo) || btbb_lacks_clock(packet))
        btbb_start_visit(packet);
    if (is_readable)
        hand_off(packet, tree, btbb_tree);
    btbb_end_visit();
}

void btbb_register_hand_off(int proto, expert_module_t *expert, module_t *preferences)
{
    static ei_register_info items[] = {
        {&ei_l2cap,
         {"btbb.l2cap.length", PI_MALFORMED, PI_WARN, "The L2CAP message is shorter than its payload", EXPFILL}},
    };

    proto_own = proto;
    expert_register_field_array(expert, items, array_length(items));
    prefs_register_bool_preference(preferences, "payloads", "Dissect payloads",
                                   "Hand payloads to the dissectors of LMP, L2CAP, FHS and EIR", &pref_hand_off);
    prefs_register_bool_preference(preferences, "bad_crc", "Dissect payloads with a bad CRC too",
                                   "Hand payloads to other dissectors although the CRC is wrong: the data are damaged "
                                   "or encrypted",
                                   &pref_bad_crc);
}

void btbb_find_upper_dissectors(void)
{
    lmp_handle = find_dissector("btlmp");
    l2cap_handle = find_dissector("btl2cap");
    fhs_handle = find_dissector("btbredr_fhs");
    eir_handle = find_dissector("btcommon.eir_ad.eir");
}
