/* format-broadcom.c: LMP PDUs that a controller logs about its own links.
 *
 * Broadcom diagnostics: 63 bytes, after the H4 type byte:
 *
 *     offset  0 type   1 CLK, not valid (4)   5 UAP and LAP of the other device (4)
 *             sent:      9 payload header, 10 LMP PDU     received:  12 payload header, always 0x8f, 13 LMP PDU
 *             31 number of the connection
 *
 * The packet header is not logged: neither TYPE nor LT_ADDR is known. The length of a PDU that was received follows
 * from its opcode. All other bytes are stale memory and are never shown.
 *
 * Apple PacketLogger: assumed to log the PDU alone. No capture was at hand.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/format-broadcom.h"

#include <stddef.h>

#include "decode/layout.h"
#include "decode/lmp.h"

#define PAYLOAD_HEADER_BYTES 1u

static const struct {
    uint8_t type;
    const char *name;
} names[] = {
    {BTBB_DIAGNOSTIC_LMP_SENT, "LMP sent"},
    {BTBB_DIAGNOSTIC_LMP_RECEIVED, "LMP received"},
    {0x03, "Memory read: response"},
    {0x04, "Memory dump: response"},
    {0x0a, "Test complete"},
    {0x11, "Memory write: response"},
    {0x15, "Processor load: response"},
    {0x16, "Statistics of ACL at basic rate: response"},
    {0x17, "Statistics of ACL at enhanced data rate: response"},
    {0x18, "Statistics of auxiliary packets: response"},
    {0x1a, "Statistics of ACL, first unknown kind: response"},
    {0x1b, "Statistics of ACL, second unknown kind: response"},
    {0x1f, "Statistics of connections: response"},
    {0x80, "LE link layer control sent"},
    {0x81, "LE link layer control received"},
    {0xb9, "Statistics of ACL at basic rate: reset"},
    {0xc1, "Statistics of ACL at basic rate: request"},
    {0xc2, "Statistics of ACL at enhanced data rate: request"},
    {0xc3, "Statistics of auxiliary packets: request"},
    {0xc5, "Statistics of ACL, first unknown kind: request"},
    {0xc6, "Statistics of ACL, second unknown kind: request"},
    {0xcf, "Statistics of connections: request"},
    {0xf0, "LMP log: on or off"},
    {0xf1, "Memory read: request"},
    {0xf2, "Memory write: request"},
    {0xf3, "Memory dump: request"},
};

const char *btbb_diagnostic_name(uint8_t type)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].type == type)
            return names[i].name;
    return NULL;
}

/* Whether the opcode of the PDU that starts the span shows how long it is. */
static bool is_length_known(struct btbb_span bytes)
{
    struct btbb_lmp pdu;

    btbb_lmp_read(bytes, false, &pdu);
    return pdu.info && pdu.info->bytes > 0;
}

/* The bytes of the PDU that starts the span, as its opcode has it. Of an unknown one, the opcode alone is sure. */
static uint16_t pdu_length(struct btbb_span bytes)
{
    struct btbb_lmp pdu;

    btbb_lmp_read(bytes, false, &pdu);
    if (is_length_known(bytes))
        return pdu.info->bytes;
    return bytes.length == 0 ? 0 : btbb_u8(bytes, 0) >> 1 >= BTBB_LMP_ESCAPE_FIRST ? 2 : 1;
}

/* Sets the parts of a payload that begins at `offset`, `header_bytes` of payload header included, and has `length`
 * bytes of LMP PDU. */
static void set_payload(struct btbb_span bytes, uint32_t offset, uint8_t header_bytes, uint16_t length,
                        struct btbb_facts *facts)
{
    struct btbb_payload *payload = &facts->payload;

    payload->offset = offset;
    payload->reported = (uint32_t)header_bytes + length;
    payload->captured = btbb_part(bytes, offset, payload->reported).length;
    payload->parsed = true;
    payload->header_bytes = header_bytes;
    payload->llid = BTBB_LLID_LMP;
    payload->length = length;
    payload->body_offset = header_bytes;
    payload->body_bytes = length;
    facts->confidence = BTBB_CONFIDENCE_EXACT;
    facts->truncated = payload->captured < payload->reported;
    facts->packet_class = BTBB_CLASS_UNDECODED;
    facts->nb_payload = true;
}

/* An address of zero means that the log does not know it. */
static void read_address(struct btbb_span bytes, struct btbb_facts *facts)
{
    facts->uap = btbb_u8(bytes, BTBB_BROADCOM_UAP);
    facts->lap = btbb_be24(bytes, BTBB_BROADCOM_UAP + 1);
    facts->has_lap = facts->lap != 0 || facts->uap != 0;
    facts->uap_known = facts->has_lap;
    facts->lap_reserved = btbb_lap_is_reserved(facts->lap);
    facts->has_connection = btbb_holds(bytes, BTBB_BROADCOM_CONNECTION, 1);
    facts->connection = btbb_u8(bytes, BTBB_BROADCOM_CONNECTION);
}

void btbb_decode_broadcom(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const uint8_t type = btbb_u8(bytes, BTBB_BROADCOM_TYPE);
    const bool sent = type == BTBB_DIAGNOSTIC_LMP_SENT;
    const uint32_t offset = sent ? BTBB_BROADCOM_SENT : BTBB_BROADCOM_RECEIVED;

    facts->encap = BTBB_ENCAP_BROADCOM;
    facts->has_diagnostic = frame->captured > 0;
    facts->diagnostic = type;
    facts->foreign = facts->has_diagnostic && !sent && type != BTBB_DIAGNOSTIC_LMP_RECEIVED;
    facts->malformed = facts->foreign || !btbb_holds(bytes, offset, PAYLOAD_HEADER_BYTES + 1);
    if (facts->malformed)
        return;
    const struct btbb_span pdu = btbb_part(bytes, offset + PAYLOAD_HEADER_BYTES, BTBB_LMP_BYTES);
    const uint16_t header = btbb_u8(bytes, offset);

    facts->own = sent ? BTBB_OWN_SENT : BTBB_OWN_RECEIVED;
    read_address(bytes, facts);
    set_payload(bytes, offset, PAYLOAD_HEADER_BYTES, sent ? btbb_payload_length(header) : pdu_length(pdu), facts);
    facts->payload.header_replaced = !sent;
    if (!sent && !is_length_known(pdu))
        facts->confidence = BTBB_CONFIDENCE_PLAUSIBLE;
    if (sent) {
        facts->payload.llid = btbb_payload_llid(header);
        facts->payload.flow = btbb_payload_flow(header);
    }
}

void btbb_decode_logger(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const uint32_t reported = btbb_reported(frame);

    facts->encap = BTBB_ENCAP_BROADCOM;
    facts->malformed = frame->captured == 0;
    if (facts->malformed)
        return;
    facts->own = frame->format == BTBB_CAPTURE_LOGGER_SENT ? BTBB_OWN_SENT : BTBB_OWN_RECEIVED;
    set_payload(bytes, 0, 0, (uint16_t)(reported < UINT16_MAX ? reported : UINT16_MAX), facts);
}
