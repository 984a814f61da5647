/* link-feed.c: see link-feed.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/link-feed.h"

#include "decode/layout.h"

/* LLID of the payload header (Core Specification Vol 2 Part B, 6.6.2). */
#define LLID_RESERVED 0u
#define LLID_START    2u
#define LLID_LMP      3u

/* Keys of pairs of addresses are above all LAPs. */
#define PAIR_KEY UINT64_C(0x0100000000000000)

/* The capturing device is one of the two: its controller has checked what it received. */
static bool is_from_controller(const struct btbb_facts *facts)
{
    return facts->encap == BTBB_ENCAP_INTERNALBLUE || facts->encap == BTBB_ENCAP_ESP32 ||
           facts->encap == BTBB_ENCAP_BROADCOM;
}

/* FHS packets and Extended Inquiry Responses that an ESP32 sends are templates: nothing shows that they were sent. */
static bool is_template(const struct btbb_facts *facts)
{
    return facts->encap == BTBB_ENCAP_ESP32 && facts->own == BTBB_OWN_SENT && (facts->has_fhs || facts->eir);
}

/* The header of an LMP packet is not logged by Broadcom's controllers; every other packet counts with a header only. */
static bool has_packet(const struct btbb_facts *facts)
{
    return facts->packet_class == BTBB_CLASS_HEADER || facts->encap == BTBB_ENCAP_BROADCOM;
}

/* Whether the payload has a body, which is what was sent. */
static bool has_good_body(const struct btbb_facts *facts)
{
    const struct btbb_payload *payload = &facts->payload;

    if (!payload->parsed || (payload->header_bytes == 0 && facts->encap != BTBB_ENCAP_BROADCOM) ||
        payload->body_bytes == 0 || facts->confidence < BTBB_CONFIDENCE_BAD_CRC || (facts->kind && !facts->kind->crc) ||
        payload->body_offset + payload->body_bytes > payload->captured)
        return false;
    return facts->crc_check == BTBB_CHECK_GOOD || (is_from_controller(facts) && facts->crc_check != BTBB_CHECK_BAD);
}

static bool is_encrypted(const struct btbb_facts *facts)
{
    return facts->payload.mic && !(facts->rf_flags & BTBB_RF_DECRYPTED);
}

enum btbb_link_packet_kind btbb_link_packet_kind_of(const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    const uint8_t llid = facts->payload.llid;

    if (facts->malformed || is_template(facts))
        return BTBB_LINK_PACKET_NONE;
    if (facts->has_fhs)
        return verdict->taught ? BTBB_LINK_PACKET_FHS : BTBB_LINK_PACKET_NONE;
    if (!has_packet(facts) || !has_good_body(facts))
        return BTBB_LINK_PACKET_NONE;
    if (facts->eir)
        return BTBB_LINK_PACKET_EIR;
    if (facts->lap_reserved) /* the access code of an inquiry: its answers belong to no connection (Vol 3 Part C, 8) */
        return llid == LLID_START && facts->lt_addr == 0 ? BTBB_LINK_PACKET_EIR : BTBB_LINK_PACKET_NONE;
    if (llid == LLID_LMP)
        return is_encrypted(facts) ? BTBB_LINK_PACKET_NONE : BTBB_LINK_PACKET_LMP;
    return llid == LLID_RESERVED ? BTBB_LINK_PACKET_NONE : BTBB_LINK_PACKET_DATA;
}

/* Zero means that a part is not known. */
static struct btbb_device_address address_of_mac(const uint8_t mac[6])
{
    struct btbb_device_address address = {.lap = btbb_mac_lap(mac), .nap = btbb_mac_nap(mac), .uap = btbb_mac_uap(mac)};

    address.parts = address.nap != 0 ? BTBB_ADDRESS_ALL : address.uap != 0 ? BTBB_ADDRESS_UAP : BTBB_ADDRESS_LAP;
    return address;
}

struct btbb_device_address btbb_link_client_address(const struct btbb_verdict *verdict)
{
    static const uint8_t parts[] = {[BTBB_RANK_LAP] = BTBB_ADDRESS_LAP,
                                    [BTBB_RANK_UAP] = BTBB_ADDRESS_UAP,
                                    [BTBB_RANK_UAP_PROVEN] = BTBB_ADDRESS_UAP,
                                    [BTBB_RANK_NAP] = BTBB_ADDRESS_ALL};

    return (struct btbb_device_address){
        .lap = verdict->lap, .nap = verdict->nap, .uap = verdict->uap, .parts = parts[verdict->rank]};
}

/* A key of two addresses, the same in either order. */
static uint64_t key_of_pair(const uint8_t a[6], const uint8_t b[6])
{
    uint64_t one = 0, other = 0;

    for (int i = 0; i < 6; i++) {
        one = one << 8 | a[i];
        other = other << 8 | b[i];
    }
    return PAIR_KEY | ((one < other ? one * 31 + other : other * 31 + one) & (PAIR_KEY - 1));
}

static void fill_devices(const struct btbb_frame *frame, const struct btbb_facts *facts,
                         const struct btbb_verdict *verdict, struct btbb_link_packet *packet)
{
    if (facts->encap == BTBB_ENCAP_INTERNALBLUE) {
        packet->has_client = true;
        packet->client = key_of_pair(frame->src, frame->dst);
        packet->sender = address_of_mac(frame->src);
        packet->receiver = address_of_mac(frame->dst);
    } else if (facts->encap == BTBB_ENCAP_BROADCOM) {
        const struct btbb_device_address other = {.lap = facts->lap, .uap = facts->uap, .parts = BTBB_ADDRESS_UAP};

        packet->has_client = facts->has_lap;
        packet->client = facts->has_lap ? facts->lap : 0;
        if (facts->has_lap)
            *(facts->own == BTBB_OWN_SENT ? &packet->receiver : &packet->sender) = other;
    } else if (verdict->lap != BTBB_LAP_UNKNOWN && !(facts->has_fhs && facts->has_link_flags)) {
        /* not the FHS packets of an ESP32, whose client is their sender */
        packet->has_client = true;
        packet->client = verdict->lap;
        packet->central = btbb_link_client_address(verdict);
    }
}

/* The ESP32 has one flag for each direction of the link. */
enum btbb_protection btbb_link_protection_of(const struct btbb_facts *facts)
{
    const uint8_t both = BTBB_ESP32_TX_ENCRYPTED | BTBB_ESP32_RX_ENCRYPTED, flags = facts->link_flags & both;

    if (is_encrypted(facts))
        return BTBB_PROTECTION_AES_CCM;
    if (!facts->has_link_flags)
        return BTBB_PROTECTION_UNKNOWN;
    return flags == both ? BTBB_PROTECTION_ENCRYPTED : flags == 0 ? BTBB_PROTECTION_CLEAR : BTBB_PROTECTION_UNKNOWN;
}

void btbb_link_packet_fill(enum btbb_link_packet_kind kind, const struct btbb_frame *frame,
                           const struct btbb_facts *facts, const struct btbb_verdict *verdict,
                           struct btbb_link_packet *packet)
{
    const struct btbb_payload *payload = &facts->payload;
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const struct btbb_span body = btbb_part(bytes, payload->offset + payload->body_offset, payload->body_bytes);

    packet->version = BTBB_LINK_PACKET_VERSION;
    packet->kind = (uint8_t)kind;
    fill_devices(frame, facts, verdict, packet);
    packet->has_clk = verdict->clock.has_clk;
    packet->clk = verdict->clock.clk;
    packet->found_clk = verdict->clock.source > BTBB_CLOCK_OFFSET;
    packet->found_dir = verdict->dir_source >= BTBB_DIR_SOURCE_FOUND;
    packet->has_lt_addr = facts->has_type;
    packet->lt_addr = facts->lt_addr;
    if (verdict->dir_source != BTBB_DIR_SOURCE_LMP) /* the tracker itself learns roles from LMP */
        packet->dir = (uint8_t)verdict->dir;
    if (facts->encap !=
        BTBB_ENCAP_LEGACY) /* whose sniffer takes no part: it only hands frames to a network interface */
        packet->own = (uint8_t)facts->own;
    packet->protection = (uint8_t)btbb_link_protection_of(facts);
    packet->retransmission = verdict->retransmission;
    packet->plain_retransmission = verdict->plain_retransmission;
    if (kind == BTBB_LINK_PACKET_LMP)
        btbb_link_packet_set_lmp(packet, body, !payload->header_replaced);
    else if (kind == BTBB_LINK_PACKET_EIR)
        btbb_link_packet_set_eir(packet, body);
    else if (kind == BTBB_LINK_PACKET_FHS)
        packet->fhs = facts->fhs;
}
