/* payload.c: which packet a TYPE code stands for, and the parts of its payload.
 *
 * A TYPE code stands for up to three packets. Each of these candidates is laid over the payload: how long would the
 * packet be, and is its CRC good there? The candidate with the highest confidence is taken, the first of the table
 * where two are equal. Where the header cannot be trusted, the candidates are all layouts with a payload header, and
 * only a good CRC counts: this is called probing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/payload.h"

#include "decode/crc.h"
#include "decode/fhs.h"
#include "decode/layout.h"

#define CRC_BYTES          2u
#define MIC_BYTES          4u
#define AUX1_SURPLUS_BYTES 2u /* libbtbb before 2014-11-25 appended a CRC, which AUX1 does not have */

/* A payload, and the packets that it may belong to. */
struct payload_input {
    struct btbb_span bytes;
    uint32_t reported;
    bool uap_known;
    uint8_t uap;
    bool probing;
    const struct btbb_facts *facts;
    const struct btbb_packet_type *first; /* candidates of the TYPE; NULL when probing */
    size_t count;
};

/* One candidate laid over the payload. */
struct fit {
    const struct btbb_packet_type *type;
    enum btbb_confidence confidence;
    enum btbb_check crc_check;
    bool length_allowed; /* the length is one that the type may have */
    bool mic;
    uint16_t header; /* payload header, 0 without */
    uint16_t length; /* LENGTH, 0 without payload header */
    uint32_t body_bytes;
    uint32_t end; /* where the packet ends, CRC included; 0 when the payload header was not captured */
    uint16_t crc_computed;
};

/* eSCO packets have neither a payload header nor a fixed size, so any length fits. */
static bool has_free_length(const struct btbb_packet_type *type)
{
    return type->header_bytes == 0 && type->body_min != type->body_max;
}

static void measure(const struct payload_input *in, const struct btbb_packet_type *type, struct fit *fit)
{
    const uint32_t crc = type->crc ? CRC_BYTES : 0;
    const uint32_t before_body = (uint32_t)type->voice_bytes + type->header_bytes;

    *fit = (struct fit){.type = type};
    if (type->header_bytes > 0) {
        if (!btbb_holds(in->bytes, 0, before_body))
            return;
        fit->header = type->header_bytes == 1 ? btbb_u8(in->bytes, type->voice_bytes) : btbb_le16(in->bytes, 0);
        fit->length = btbb_payload_length(fit->header);
        fit->body_bytes = fit->length;
        fit->length_allowed = fit->length <= type->body_max;
    } else if (has_free_length(type)) {
        fit->length_allowed = in->reported >= type->body_min + crc && in->reported <= type->body_max + crc;
        fit->body_bytes = fit->length_allowed ? in->reported - crc : 0;
    } else {
        fit->length_allowed = true;
        fit->body_bytes = type->body_max;
    }
    fit->end = before_body + fit->body_bytes + crc;
}

/* The bytes that the CRC before `end` covers. */
static struct btbb_span crc_covers(const struct payload_input *in, const struct btbb_packet_type *type, uint32_t end)
{
    return btbb_part(in->bytes, type->voice_bytes, end - CRC_BYTES - type->voice_bytes);
}

/* Checks the CRC that ends at `end`. Zero bytes with UAP 0 have a CRC of zero, which proves nothing. */
static enum btbb_check check_crc(const struct payload_input *in, struct fit *fit, uint32_t end)
{
    if (!btbb_holds(in->bytes, end - CRC_BYTES, CRC_BYTES))
        return BTBB_CHECK_ABSENT;
    if (!in->uap_known)
        return BTBB_CHECK_UNVERIFIED;
    const struct btbb_span data = crc_covers(in, fit->type, end);
    const uint16_t stored = btbb_le16(in->bytes, end - CRC_BYTES);

    fit->crc_computed = btbb_crc_run(btbb_crc_start(in->uap), data);
    if (fit->crc_computed != stored)
        return BTBB_CHECK_BAD;
    return stored == 0 && in->uap == 0 && btbb_all_zero(data) ? BTBB_CHECK_UNVERIFIED : BTBB_CHECK_GOOD;
}

/* AES-CCM puts four bytes of MIC before the CRC, which LENGTH does not count. Changes `fit` where the CRC is good
 * so. */
static bool fits_with_mic(const struct payload_input *in, struct fit *fit)
{
    struct fit with_mic = *fit;

    if (fit->type->header_bytes == 0 || check_crc(in, &with_mic, fit->end + MIC_BYTES) != BTBB_CHECK_GOOD)
        return false;
    *fit = with_mic;
    fit->mic = true;
    fit->end += MIC_BYTES;
    fit->crc_check = BTBB_CHECK_GOOD;
    return true;
}

/* Sets fit->crc_check, and returns how sure the candidate is. */
static enum btbb_confidence rate_fit(const struct payload_input *in, struct fit *fit)
{
    if (!fit->length_allowed)
        return BTBB_CONFIDENCE_NONE;
    if (fit->type->crc) {
        fit->crc_check = check_crc(in, fit, fit->end);
        if (fit->crc_check == BTBB_CHECK_GOOD || (fit->crc_check == BTBB_CHECK_BAD && fits_with_mic(in, fit)))
            return BTBB_CONFIDENCE_PROVEN;
    }
    if (fit->type->body_max == 0 && btbb_all_zero(in->bytes))
        return BTBB_CONFIDENCE_EXACT; /* nothing, or the bytes with which Ethernet pads a frame */
    if (fit->end == in->reported && !has_free_length(fit->type))
        return fit->crc_check == BTBB_CHECK_BAD ? BTBB_CONFIDENCE_BAD_CRC : BTBB_CONFIDENCE_EXACT;
    if (fit->type->kind == BTBB_KIND_AUX1 && in->reported == fit->end + AUX1_SURPLUS_BYTES)
        return BTBB_CONFIDENCE_EXACT;
    return fit->end <= in->reported ? BTBB_CONFIDENCE_PLAUSIBLE : BTBB_CONFIDENCE_NONE;
}

/* LINKTYPE 255 may have the logical transport, and with it the rate. Old writers count the rates from 1. */
static bool is_allowed_by_record(const struct btbb_facts *facts, const struct btbb_packet_type *type)
{
    const unsigned transport = facts->rate >> 4, rate = (facts->rate & 15u) + 1;

    if (facts->encap != BTBB_ENCAP_RF || transport == BTBB_RF_TRANSPORT_ANY || transport > BTBB_RF_TRANSPORT_CPB)
        return true;
    return (type->transports & 1u << (transport - BTBB_RF_TRANSPORT_SCO)) &&
           (type->rate == rate || facts->old_writer || type->body_max == 0);
}

/* The candidate at an index below count; NULL where the record excludes it. */
static const struct btbb_packet_type *candidate_at(const struct payload_input *in, size_t i)
{
    if (in->probing) /* the longest with one byte of payload header, and with two */
        return &btbb_packet_types[i == 0 ? BTBB_KIND_DH1 : BTBB_KIND_3DH5];
    return is_allowed_by_record(in->facts, &in->first[i]) ? &in->first[i] : NULL;
}

static void find_best_fit(const struct payload_input *in, struct fit *best)
{
    struct fit fit;

    best->type = NULL;
    best->confidence = BTBB_CONFIDENCE_NONE;
    for (size_t i = 0; i < in->count && best->confidence < BTBB_CONFIDENCE_PROVEN; i++) {
        const struct btbb_packet_type *type = candidate_at(in, i);

        if (!type)
            continue;
        measure(in, type, &fit);
        fit.confidence = rate_fit(in, &fit);
        if (fit.confidence > best->confidence)
            *best = fit;
    }
}

/* Sets why nothing was resolved: LENGTH is too large for the type, or for the data, whichever candidate is meant. */
static void explain_unresolved(const struct payload_input *in, struct btbb_payload *payload)
{
    size_t candidates = 0, beyond_type = 0, beyond_data = 0;
    struct fit fit;

    for (size_t i = 0; i < in->count; i++) {
        const struct btbb_packet_type *type = candidate_at(in, i);

        if (!type)
            continue;
        measure(in, type, &fit);
        const bool has_length = type->header_bytes > 0 && fit.end > 0;

        candidates++;
        beyond_type += has_length && !fit.length_allowed;
        beyond_data += has_length && fit.end > in->reported;
    }
    payload->length_beyond_type = candidates > 0 && beyond_type == candidates;
    payload->length_beyond_data = candidates > 0 && beyond_data == candidates;
}

static void set_parts(const struct payload_input *in, const struct fit *fit, struct btbb_payload *payload)
{
    const struct btbb_packet_type *type = fit->type;

    payload->parsed = true;
    payload->voice_bytes = type->voice_bytes;
    payload->header_bytes = type->header_bytes;
    payload->llid = btbb_payload_llid(fit->header);
    payload->flow = btbb_payload_flow(fit->header);
    payload->header_reserved = btbb_payload_reserved(fit->header);
    payload->length = fit->length;
    payload->body_offset = (uint32_t)type->voice_bytes + type->header_bytes;
    payload->body_bytes = fit->body_bytes;
    payload->mic = fit->mic;
    payload->trailing_bytes = in->reported - fit->end;
    if (type->crc && fit->crc_check != BTBB_CHECK_ABSENT) {
        payload->has_crc = true;
        payload->crc_offset = fit->end - CRC_BYTES;
        payload->crc = btbb_le16(in->bytes, payload->crc_offset);
        payload->crc_computed = fit->crc_computed;
    }
}

/* Sets the UAP that the CRC implies, for candidates whose length follows from something else than the data's length. A
 * CRC of zero implies none: writers that do not know the CRC store zero. */
static void find_implied_uap(const struct payload_input *in, struct btbb_facts *facts)
{
    struct fit fit;

    if (in->bytes.length < in->reported || in->reported <= CRC_BYTES ||
        btbb_le16(in->bytes, in->reported - CRC_BYTES) == 0)
        return;
    for (size_t i = 0; i < in->count && !facts->crc_implies_uap; i++) {
        const struct btbb_packet_type *type = candidate_at(in, i);

        if (!type || !type->crc || has_free_length(type))
            continue;
        measure(in, type, &fit);
        if (fit.length_allowed && fit.end == in->reported)
            facts->crc_implies_uap = btbb_crc_implied_uap(
                crc_covers(in, type, fit.end), btbb_le16(in->bytes, fit.end - CRC_BYTES), &facts->crc_implied_uap);
    }
}

void btbb_reset_payload(struct btbb_facts *facts)
{
    const struct btbb_payload *old = &facts->payload;

    facts->payload = (struct btbb_payload){.offset = old->offset, .captured = old->captured, .reported = old->reported};
    facts->kind = NULL;
    facts->confidence = BTBB_CONFIDENCE_NONE;
    facts->crc_check = BTBB_CHECK_ABSENT;
    facts->crc_implies_uap = false;
    facts->has_fhs = false;
}

static void set_resolved(const struct payload_input *in, const struct fit *best, struct btbb_facts *facts)
{
    facts->confidence = best->confidence;
    facts->kind = in->probing ? NULL : best->type;
    facts->crc_check = best->crc_check;
    set_parts(in, best, &facts->payload);
    facts->has_fhs = facts->kind && facts->kind->kind == BTBB_KIND_FHS && btbb_holds(in->bytes, 0, BTBB_FHS_BYTES);
    if (facts->has_fhs)
        facts->fhs = btbb_fhs_read(in->bytes);
    if (best->crc_check == BTBB_CHECK_GOOD) {
        facts->crc_implies_uap =
            best->end == in->reported && !best->mic && !has_free_length(best->type) && facts->payload.crc != 0;
        facts->crc_implied_uap = in->uap;
    } else if (in->bytes.length > 0) {
        find_implied_uap(in, facts);
    }
}

/* The reason is set only where the header can be trusted. */
static void set_unresolved(const struct payload_input *in, const struct fit *best, struct btbb_facts *facts)
{
    if (!in->probing) {
        facts->confidence = best->confidence;
        explain_unresolved(in, &facts->payload);
    }
    if (in->bytes.length > 0)
        find_implied_uap(in, facts);
}

/* Resolves NULL and POLL with nothing after the header, without the search. */
static bool resolve_empty(const struct payload_input *in, struct btbb_facts *facts)
{
    if (in->reported > 0 || in->probing || in->first->body_max > 0 || !is_allowed_by_record(facts, in->first))
        return false;
    facts->kind = in->first;
    facts->confidence = BTBB_CONFIDENCE_EXACT;
    facts->payload.parsed = true;
    return true;
}

void btbb_resolve_payload(const struct btbb_frame *frame, struct btbb_facts *facts, bool uap_known, uint8_t uap)
{
    struct fit best;
    struct payload_input in = {
        .bytes = btbb_part((struct btbb_span){frame->bytes, frame->captured}, facts->payload.offset,
                           facts->payload.captured),
        .reported = facts->payload.reported,
        .uap_known = uap_known,
        .uap = uap,
        .probing = !facts->has_type || facts->hec_check == BTBB_CHECK_BAD,
        .facts = facts,
        .count = 2,
    };

    if (facts->padded_id || facts->header_state == BTBB_HEADER_WHITENED ||
        (facts->encap == BTBB_ENCAP_RF && facts->rate == BTBB_RF_RATE_ID))
        return;
    if (!in.probing)
        in.first = btbb_packet_types_of(facts->type, &in.count);
    if (resolve_empty(&in, facts))
        return;
    find_best_fit(&in, &best);
    if (best.type && best.confidence >= (in.probing ? BTBB_CONFIDENCE_PROVEN : BTBB_CONFIDENCE_BAD_CRC))
        set_resolved(&in, &best, facts);
    else
        set_unresolved(&in, &best, facts);
}
