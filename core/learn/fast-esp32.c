/* fast-esp32.c: the usual records of an ESP32; see fast-path.c.
 *
 * A record is usual if its role is that of the record before it, no role switch is under way, and it is no FHS packet,
 * no Extended Inquiry Response and no LMP PDU that shows an address, a name, a role, or the begin or end of a
 * connection. Nothing is learned from it, and its client, direction and address are known already.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture-int.h"

#include "decode/format-esp32.h"
#include "learn/link-packet.h"
#include "learn/lmp-effect.h"

static struct btbb_span pdu_of(const struct btbb_frame *frame, uint16_t length)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    return btbb_part(bytes, BTBB_ESP32_HEADER_BYTES + BTBB_ESP32_PAYLOAD_HEADER, length);
}

/* The PDU of a record; empty: none. */
static struct btbb_span find_pdu(const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    const struct btbb_payload *payload = &facts->payload;

    if (facts->malformed || facts->eir || facts->has_fhs || !payload->parsed || payload->llid != BTBB_LLID_LMP)
        return (struct btbb_span){NULL, 0};
    return pdu_of(frame, payload->length);
}

/* Whether after this record other usual PDUs of its connection show nothing of the connection that it has not shown. */
static bool is_model_pdu(const struct btbb_capture *capture, const struct btbb_frame *frame,
                         const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    const struct btbb_span bytes = find_pdu(frame, facts);
    struct btbb_lmp pdu;

    if (bytes.length == 0 || facts->truncated || facts->lt_addr == 0 || !facts->kind->crc || verdict->retransmission ||
        verdict->dir == BTBB_DIR_UNKNOWN || !frame->has_time || frame->time_ns <= capture->trailing_ns)
        return false;
    btbb_lmp_read(bytes, true, &pdu);
    return pdu.fault == BTBB_LMP_OK && btbb_lmp_effect(bytes) != BTBB_LMP_EFFECT_LINK;
}

/* For some time after its end, packets of a connection begin no other (link-find.c). */
static void learn_end(struct btbb_capture *capture, const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    const struct btbb_span bytes = find_pdu(frame, facts);

    if (bytes.length > 0 && btbb_u8(bytes, 0) >> 1 == BTBB_LMP_DETACH && frame->has_time)
        capture->trailing_ns =
            frame->time_ns > INT64_MAX - BTBB_TRAILING_NS ? INT64_MAX : frame->time_ns + BTBB_TRAILING_NS;
}

void btbb_usual_learn(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                      const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    const struct btbb_own_state state = btbb_own_link_at(&capture->own_link, number + 1);
    const struct btbb_piconet *piconet =
        state.central_lap == BTBB_LAP_UNKNOWN ? NULL : btbb_piconets_find(&capture->piconets, state.central_lap);
    struct btbb_usual *usual = &capture->usual;

    learn_end(capture, frame, facts);
    if (facts->malformed || state.role == BTBB_ROLE_UNKNOWN || state.switching || capture->own_link.full)
        return;
    *usual = (struct btbb_usual){.is_known = true, .role = state.role, .lap = state.central_lap};
    if (piconet)
        usual->address = piconet->best;
    usual->lmp_lt_addr = is_model_pdu(capture, frame, facts, verdict) ? facts->lt_addr : 0;
}

/* The kind of packet; NULL unless the payload is as its header announces it, and usual. */
static inline const struct btbb_packet_type *usual_kind(const struct btbb_usual *usual, const struct btbb_frame *frame,
                                                        uint8_t flags, uint32_t header18)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const struct btbb_packet_type *kind = btbb_esp32_kind(btbb_header_type(header18), flags & BTBB_ESP32_EDR);
    const uint32_t payload_bytes = frame->captured - BTBB_ESP32_HEADER_BYTES;

    if (!kind || kind->header_bytes == 0)
        return kind && kind->body_max == 0 && payload_bytes == 0 ? kind : NULL;
    const uint16_t header = btbb_le16(bytes, BTBB_ESP32_HEADER_BYTES), length = btbb_payload_length(header);

    if (length > kind->body_max || BTBB_ESP32_PAYLOAD_HEADER + length > payload_bytes)
        return NULL;
    if (btbb_payload_llid(header) != BTBB_LLID_LMP)
        return kind;
    return btbb_header_lt_addr(header18) == usual->lmp_lt_addr && usual->lmp_lt_addr != 0 &&
                   btbb_lmp_effect(pdu_of(frame, length)) == BTBB_LMP_EFFECT_NONE
               ? kind
               : NULL;
}

static inline void fill(const struct btbb_usual *usual, const struct btbb_frame *frame,
                        const struct btbb_packet_type *kind, uint32_t header18, struct btbb_record *record)
{
    const bool sent = frame->own == BTBB_OWN_SENT, central = usual->role == BTBB_ROLE_CENTRAL;

    record->lap = usual->lap;
    record->nap = usual->address.nap;
    record->uap = usual->address.uap;
    record->rank = usual->address.rank;
    record->uap_source = usual->address.source;
    record->encap = BTBB_ENCAP_ESP32;
    record->own = (uint8_t)frame->own;
    record->packet_class = BTBB_CLASS_HEADER;
    record->type = btbb_header_type(header18);
    record->kind = (uint8_t)(kind->kind + 1);
    record->lt_addr = btbb_header_lt_addr(header18);
    record->payload_bytes = frame->captured - BTBB_ESP32_HEADER_BYTES;
    record->dir = sent == central ? BTBB_DIR_TO_PERIPHERAL : BTBB_DIR_TO_CENTRAL;
    record->dir_source = BTBB_DIR_SOURCE_ROLE;
    record->retransmission = record->plain_retransmission = frame->bytes[BTBB_ESP32_FLAGS] & BTBB_ESP32_RETRY;
    record->has_channel = !sent;
    record->channel = sent ? 0 : frame->bytes[BTBB_ESP32_CHANNEL];
}

bool btbb_learn_esp32_fast(const struct btbb_capture *capture, const struct btbb_frame *frame,
                           struct btbb_record *record)
{
    const struct btbb_usual *usual = &capture->usual;
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const uint8_t flags = btbb_u8(bytes, BTBB_ESP32_FLAGS);
    const uint32_t header18 = btbb_u8(bytes, BTBB_ESP32_HEADER);
    const uint8_t role = flags & BTBB_ESP32_PERIPHERAL ? BTBB_ROLE_PERIPHERAL : BTBB_ROLE_CENTRAL;

    if (!usual->is_known || frame->own == BTBB_OWN_UNKNOWN || frame->captured < BTBB_ESP32_HEADER_BYTES ||
        frame->reported > frame->captured || (flags & BTBB_ESP32_EIR) ||
        (frame->own == BTBB_OWN_RECEIVED && role != usual->role))
        return false;
    const struct btbb_packet_type *kind = usual_kind(usual, frame, flags, header18);

    if (!kind)
        return false;
    fill(usual, frame, kind, header18, record);
    return true;
}
