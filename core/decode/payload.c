/* payload.c: which packet a TYPE code stands for, and the parts of its payload.
 *
 * Every candidate of the TYPE is measured against the payload: how long would it have to be, is its CRC good there?
 * The surest candidate wins, the first of the table on a tie. Without a trustworthy header only a good CRC counts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/payload.h"

#include "decode/crc.h"
#include "decode/fhs.h"
#include "decode/layout.h"

#define CRC_BYTES          2u
#define MIC_BYTES          4u
#define AUX1_SURPLUS_BYTES 2u /* old libbtbb: a CRC that AUX1 does not have */

/* The payload, what is known about it, and the packets it may be: those of the TYPE, or, where the header cannot be
 * trusted (probing), every layout with a payload header. */
struct input {
    struct btbb_span bytes;
    uint32_t reported;
    bool uap_known;
    uint8_t uap;
    bool probing;
    const struct btbb_facts *facts;
    const struct btbb_packet_type *first;
    size_t count;
};

/* One candidate laid over the payload. */
struct layout {
    const struct btbb_packet_type *type;
    enum btbb_confidence confidence;
    enum btbb_check crc_check;
    bool fits; /* the length is one that the type may have */
    bool mic;
    uint16_t header; /* payload header, 0 without */
    uint16_t length; /* LENGTH, 0 without payload header */
    uint32_t body_bytes;
    uint32_t end; /* where the packet ends, CRC included */
    uint16_t crc_computed;
};

/* eSCO packets: no payload header and no fixed size, so any length fits. */
static bool is_length_free(const struct btbb_packet_type *type)
{
    return type->header_bytes == 0 && type->body_min != type->body_max;
}

static void measure(const struct input *in, const struct btbb_packet_type *type, struct layout *out)
{
    const uint32_t crc = type->crc ? CRC_BYTES : 0;
    const uint32_t head = (uint32_t)type->voice_bytes + type->header_bytes;

    *out = (struct layout){.type = type};
    if (type->header_bytes > 0) {
        if (!btbb_holds(in->bytes, 0, head))
            return;
        out->header = type->header_bytes == 1 ? btbb_u8(in->bytes, type->voice_bytes) : btbb_le16(in->bytes, 0);
        out->length = out->header >> 3 & 0x3ff;
        out->body_bytes = out->length;
        out->fits = out->length <= type->body_max;
    } else if (is_length_free(type)) {
        out->fits = in->reported >= type->body_min + crc && in->reported <= type->body_max + crc;
        out->body_bytes = out->fits ? in->reported - crc : 0;
    } else {
        out->fits = true;
        out->body_bytes = type->body_max;
    }
    out->end = head + out->body_bytes + crc;
}

/* All bytes that the CRC before `end` covers. */
static struct btbb_span covered(const struct input *in, const struct btbb_packet_type *type, uint32_t end)
{
    return btbb_part(in->bytes, type->voice_bytes, end - CRC_BYTES - type->voice_bytes);
}

/* Check the CRC that ends at `end`. From UAP 0 zero bytes give a CRC of zero, which proves nothing. */
static enum btbb_check check_crc(const struct input *in, struct layout *at, uint32_t end)
{
    if (!btbb_holds(in->bytes, end - CRC_BYTES, CRC_BYTES))
        return BTBB_CHECK_ABSENT;
    if (!in->uap_known)
        return BTBB_CHECK_UNVERIFIED;
    const struct btbb_span data = covered(in, at->type, end);
    const uint16_t stored = btbb_le16(in->bytes, end - CRC_BYTES);

    at->crc_computed = btbb_crc_run(btbb_crc_start(in->uap), data);
    if (at->crc_computed != stored)
        return BTBB_CHECK_BAD;
    return stored == 0 && in->uap == 0 && btbb_all_zero(data) ? BTBB_CHECK_UNVERIFIED : BTBB_CHECK_GOOD;
}

/* AES-CCM: four bytes of MIC before the CRC, not counted in LENGTH. */
static bool try_mic(const struct input *in, struct layout *out)
{
    struct layout with_mic = *out;

    if (out->type->header_bytes == 0 || check_crc(in, &with_mic, out->end + MIC_BYTES) != BTBB_CHECK_GOOD)
        return false;
    *out = with_mic;
    out->mic = true;
    out->end += MIC_BYTES;
    out->crc_check = BTBB_CHECK_GOOD;
    return true;
}

static enum btbb_confidence weigh(const struct input *in, struct layout *out)
{
    if (!out->fits)
        return BTBB_CONFIDENCE_NONE;
    if (out->type->crc) {
        out->crc_check = check_crc(in, out, out->end);
        if (out->crc_check == BTBB_CHECK_GOOD || (out->crc_check == BTBB_CHECK_BAD && try_mic(in, out)))
            return BTBB_CONFIDENCE_PROVEN;
    }
    if (out->type->body_max == 0 && btbb_all_zero(in->bytes))
        return BTBB_CONFIDENCE_EXACT; /* nothing, or what Ethernet filled the frame up with */
    if (out->end == in->reported && !is_length_free(out->type))
        return out->crc_check == BTBB_CHECK_BAD ? BTBB_CONFIDENCE_BAD_CRC : BTBB_CONFIDENCE_EXACT;
    if (out->type->kind == BTBB_KIND_AUX1 && in->reported == out->end + AUX1_SURPLUS_BYTES)
        return BTBB_CONFIDENCE_EXACT;
    return out->end <= in->reported ? BTBB_CONFIDENCE_PLAUSIBLE : BTBB_CONFIDENCE_NONE;
}

/* LINKTYPE 255 may name the logical transport, and with it the rate. Old writers count the rate otherwise. */
static bool admits(const struct btbb_facts *facts, const struct btbb_packet_type *type)
{
    const uint8_t transport = facts->rate >> 4, rate = (facts->rate & 15) + 1;

    if (facts->encap != BTBB_ENCAP_RF || transport < 1 || transport > 4)
        return true;
    return (type->transports & 1u << (transport - 1)) &&
           (type->rate == rate || facts->old_writer || type->body_max == 0);
}

/* The candidate at an index below count; NULL where the record rules it out. */
static const struct btbb_packet_type *candidate(const struct input *in, size_t i)
{
    if (in->probing) /* the longest with one byte of payload header, and with two */
        return &btbb_packet_types[i == 0 ? BTBB_KIND_DH1 : BTBB_KIND_3DH5];
    return admits(in->facts, &in->first[i]) ? &in->first[i] : NULL;
}

static void choose(const struct input *in, struct layout *best)
{
    struct layout layout;

    best->type = NULL;
    best->confidence = BTBB_CONFIDENCE_NONE;
    for (size_t i = 0; i < in->count && best->confidence < BTBB_CONFIDENCE_PROVEN; i++) {
        const struct btbb_packet_type *type = candidate(in, i);

        if (!type)
            continue;
        measure(in, type, &layout);
        layout.confidence = weigh(in, &layout);
        if (layout.confidence > best->confidence)
            *best = layout;
    }
}

/* Why nothing was resolved: LENGTH contradicts the type or the data, whichever candidate is meant. */
static void blame_length(const struct input *in, struct btbb_payload *payload)
{
    size_t candidates = 0, beyond_type = 0, beyond_data = 0;
    struct layout layout;

    for (size_t i = 0; i < in->count; i++) {
        const struct btbb_packet_type *type = candidate(in, i);

        if (!type)
            continue;
        measure(in, type, &layout);
        const bool has_length = type->header_bytes > 0 && layout.end > 0;

        candidates++;
        beyond_type += has_length && !layout.fits;
        beyond_data += has_length && layout.end > in->reported;
    }
    payload->length_beyond_type = candidates > 0 && beyond_type == candidates;
    payload->length_beyond_data = candidates > 0 && beyond_data == candidates;
}

static void take_apart(const struct input *in, const struct layout *layout, struct btbb_payload *payload)
{
    const struct btbb_packet_type *type = layout->type;

    payload->parsed = true;
    payload->voice_bytes = type->voice_bytes;
    payload->header_bytes = type->header_bytes;
    payload->llid = layout->header & 3;
    payload->flow = layout->header >> 2 & 1;
    payload->header_reserved = layout->header >> 13;
    payload->length = layout->length;
    payload->body_offset = (uint32_t)type->voice_bytes + type->header_bytes;
    payload->body_bytes = layout->body_bytes;
    payload->mic = layout->mic;
    payload->trailing_bytes = in->reported - layout->end;
    if (type->crc && layout->crc_check != BTBB_CHECK_ABSENT) {
        payload->has_crc = true;
        payload->crc_offset = layout->end - CRC_BYTES;
        payload->crc = btbb_le16(in->bytes, payload->crc_offset);
        payload->crc_computed = layout->crc_computed;
    }
}

/* The UAP that the CRC implies, for candidates whose length is told by something else than the length itself. */
static void imply_uap(const struct input *in, struct btbb_facts *facts)
{
    struct layout layout;

    if (in->bytes.length < in->reported || in->reported <= CRC_BYTES || btbb_all_zero(in->bytes))
        return;
    for (size_t i = 0; i < in->count && !facts->crc_implies_uap; i++) {
        const struct btbb_packet_type *type = candidate(in, i);

        if (!type || !type->crc || is_length_free(type))
            continue;
        measure(in, type, &layout);
        if (layout.fits && layout.end == in->reported)
            facts->crc_implies_uap = btbb_crc_implied_uap(
                covered(in, type, layout.end), btbb_le16(in->bytes, layout.end - CRC_BYTES), &facts->crc_implied_uap);
    }
}

void btbb_forget_payload(struct btbb_facts *facts)
{
    const struct btbb_payload *old = &facts->payload;

    facts->payload = (struct btbb_payload){.offset = old->offset, .captured = old->captured, .reported = old->reported};
    facts->kind = NULL;
    facts->confidence = BTBB_CONFIDENCE_NONE;
    facts->crc_check = BTBB_CHECK_ABSENT;
    facts->crc_implies_uap = false;
    facts->has_fhs = false;
}

static void enter(const struct input *in, const struct layout *best, struct btbb_facts *facts)
{
    facts->confidence = best->confidence;
    facts->kind = in->probing ? NULL : best->type;
    facts->crc_check = best->crc_check;
    take_apart(in, best, &facts->payload);
    facts->has_fhs = facts->kind && facts->kind->kind == BTBB_KIND_FHS && btbb_holds(in->bytes, 0, BTBB_FHS_BYTES);
    if (facts->has_fhs)
        facts->fhs = btbb_fhs_read(in->bytes);
    if (best->crc_check == BTBB_CHECK_GOOD) {
        facts->crc_implies_uap = best->end == in->reported && !best->mic && !is_length_free(best->type);
        facts->crc_implied_uap = in->uap;
    } else if (in->bytes.length > 0) {
        imply_uap(in, facts);
    }
}

/* Nothing is sure enough. Of a header that cannot be trusted, nothing is said. */
static void give_up(const struct input *in, const struct layout *best, struct btbb_facts *facts)
{
    if (!in->probing) {
        facts->confidence = best->confidence;
        blame_length(in, &facts->payload);
    }
    if (in->bytes.length > 0)
        imply_uap(in, facts);
}

/* NULL and POLL, without anything behind the header. */
static bool enter_empty(const struct input *in, struct btbb_facts *facts)
{
    if (in->reported > 0 || in->probing || in->first->body_max > 0 || !admits(facts, in->first))
        return false;
    facts->kind = in->first;
    facts->confidence = BTBB_CONFIDENCE_EXACT;
    facts->payload.parsed = true;
    return true;
}

void btbb_resolve_payload(const struct btbb_frame *frame, struct btbb_facts *facts, bool uap_known, uint8_t uap)
{
    struct layout best;
    struct input in = {
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
        (facts->encap == BTBB_ENCAP_RF && facts->rate == 0xff))
        return;
    if (!in.probing)
        in.first = btbb_packet_types_of(facts->type, &in.count);
    if (enter_empty(&in, facts))
        return;
    choose(&in, &best);
    if (best.type && best.confidence >= (in.probing ? BTBB_CONFIDENCE_PROVEN : BTBB_CONFIDENCE_BAD_CRC))
        enter(&in, &best, facts);
    else
        give_up(&in, &best, facts);
}
