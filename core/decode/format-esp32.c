/* format-esp32.c: a record of the ESP32 BR/EDR sniffer (BrakTooth), HCI H4 packets of type 0x09, after the type
 * byte:
 *
 *     offset  0 CLK (4, little-endian)   4 channel   5 flags   6 LT_ADDR, TYPE, FLOW   7 ARQN, SEQN   8 payload
 *
 * The firmware hands over packets of a link of its own: the controller has checked HEC and CRC and removed them, and
 * a payload is decrypted. CLK is the native clock of the device, bits 27 to 1; its bit 0 is no direction. Every ACL
 * packet has a payload header of two bytes.
 *
 * Source: github.com/Matheus-Garbelini/esp32_bluetooth_classic_sniffer, the Wireshark plugin, and its sample
 * captures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/format-esp32.h"

#include "decode/fhs.h"
#include "decode/header.h"
#include "decode/layout.h"

/* The role bit has no meaning in FHS packets and Extended Inquiry Responses, which belong to no connection. */
static void read_flags(uint8_t flags, struct btbb_facts *facts)
{
    facts->has_link_flags = true;
    facts->link_flags = flags;
    facts->eir = flags & BTBB_ESP32_EIR;
    if (!facts->eir && facts->type != BTBB_TYPE_FHS)
        facts->own_role = flags & BTBB_ESP32_PERIPHERAL ? BTBB_ROLE_PERIPHERAL : BTBB_ROLE_CENTRAL;
}

/* The channel is recorded of packets that were received, but not reliably of FHS packets. */
static void read_reception(struct btbb_span bytes, struct btbb_facts *facts)
{
    facts->has_clk = true;
    facts->native_clk = true;
    facts->clk = btbb_le32(bytes, BTBB_ESP32_CLK);
    facts->has_channel = facts->own == BTBB_OWN_RECEIVED && facts->type != BTBB_TYPE_FHS;
    facts->channel = facts->has_channel ? btbb_u8(bytes, BTBB_ESP32_CHANNEL) : 0;
}

static void read_header(struct btbb_span bytes, struct btbb_facts *facts)
{
    const uint8_t first = btbb_u8(bytes, BTBB_ESP32_HEADER), second = btbb_u8(bytes, BTBB_ESP32_HEADER + 1);
    const uint32_t header10 = first | (second & 3u) << 8;

    facts->header_state = BTBB_HEADER_PRESENT;
    facts->has_type = facts->has_flags = true;
    facts->header_reserved = second & 0xfc;
    btbb_read_header(facts, header10);
    facts->hec = facts->hec_implied_uap = 0; /* none in the record */
}

/* clang-format off */
/* Kinds by packet type table and TYPE, plus one; 0: none. */
static const uint8_t kinds[2][BTBB_TYPES] = {
#define K(kind) (BTBB_KIND_##kind + 1)
    {K(NULL), K(POLL), K(FHS), K(DM1), K(DH1),  0, 0, 0, 0,       K(AUX1), K(DM3),  K(DH3),  0, 0, K(DM5),  K(DH5)},
    {K(NULL), K(POLL), K(FHS), K(DM1), K(2DH1), 0, 0, 0, K(3DH1), K(AUX1), K(2DH3), K(3DH3), 0, 0, K(2DH5), K(3DH5)},
#undef K
};
/* clang-format on */

const struct btbb_packet_type *btbb_esp32_kind(uint8_t type, bool edr)
{
    const uint8_t kind = kinds[edr][type & 15];

    return kind ? &btbb_packet_types[kind - 1] : NULL;
}

static void set_kind(struct btbb_facts *facts, const struct btbb_packet_type *kind)
{
    facts->kind = kind;
    facts->confidence = BTBB_CONFIDENCE_EXACT;
}

static void read_fhs(struct btbb_span payload, struct btbb_facts *facts)
{
    struct btbb_payload *parts = &facts->payload;

    if (parts->reported < BTBB_FHS_BYTES)
        return;
    set_kind(facts, &btbb_packet_types[BTBB_KIND_FHS]);
    parts->parsed = true;
    parts->body_bytes = BTBB_FHS_BYTES;
    parts->trailing_bytes = parts->reported - BTBB_FHS_BYTES;
    facts->has_fhs = payload.length >= BTBB_FHS_BYTES;
    if (facts->has_fhs)
        facts->fhs = btbb_fhs_read(payload);
}

static void read_acl(struct btbb_span payload, const struct btbb_packet_type *kind, struct btbb_facts *facts)
{
    struct btbb_payload *parts = &facts->payload;
    const uint16_t header = btbb_le16(payload, 0);
    const uint16_t length = btbb_payload_length(header);

    parts->length_beyond_type = length > kind->body_max;
    parts->length_beyond_data = BTBB_ESP32_PAYLOAD_HEADER + length > parts->reported;
    if (payload.length < BTBB_ESP32_PAYLOAD_HEADER || parts->length_beyond_type || parts->length_beyond_data)
        return;
    set_kind(facts, kind);
    parts->parsed = true;
    parts->header_bytes = BTBB_ESP32_PAYLOAD_HEADER;
    parts->llid = btbb_payload_llid(header);
    parts->flow = btbb_payload_flow(header);
    parts->header_reserved = btbb_payload_reserved(header);
    parts->length = length;
    parts->body_offset = BTBB_ESP32_PAYLOAD_HEADER;
    parts->body_bytes = length;
    parts->trailing_bytes = parts->reported - BTBB_ESP32_PAYLOAD_HEADER - length;
}

static void read_payload(struct btbb_span payload, struct btbb_facts *facts)
{
    const bool edr = (facts->link_flags & BTBB_ESP32_EDR) && !facts->eir;
    const struct btbb_packet_type *kind = btbb_esp32_kind(facts->type, edr);

    if (facts->type == BTBB_TYPE_FHS && !facts->eir) {
        read_fhs(payload, facts);
    } else if (kind && kind->header_bytes > 0) {
        read_acl(payload, kind, facts);
    } else if (kind && kind->body_max == 0 && facts->payload.reported == 0) {
        set_kind(facts, kind);
        facts->payload.parsed = true;
    }
}

void btbb_decode_esp32(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const uint32_t reported = btbb_reported(frame);

    facts->encap = BTBB_ENCAP_ESP32;
    facts->own = frame->own;
    facts->truncated = frame->captured < reported;
    if (frame->captured < BTBB_ESP32_HEADER_BYTES) {
        facts->malformed = true;
        return;
    }
    read_header(bytes, facts);
    read_flags(btbb_u8(bytes, BTBB_ESP32_FLAGS), facts);
    read_reception(bytes, facts);
    facts->payload.offset = BTBB_ESP32_HEADER_BYTES;
    facts->payload.captured = frame->captured - BTBB_ESP32_HEADER_BYTES;
    facts->payload.reported = reported - BTBB_ESP32_HEADER_BYTES;
    facts->nb_payload = facts->payload.reported > 0;
    read_payload(btbb_part(bytes, BTBB_ESP32_HEADER_BYTES, UINT32_MAX), facts);
}
