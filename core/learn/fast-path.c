/* fast-path.c: the usual frames, without facts and verdict; see btbb_capture_quick() in capture.h.
 *
 * Most frames are access codes of which the file knows the LAP alone, and nearly all others have a HEC that is good
 * with an address that is held already. Such a frame changes one counter at most, and its record follows from a few
 * bytes. Whatever is not sure to be one of them is left to decode.c and capture.c before anything was changed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture-int.h"
#include "decode/layout.h"
#include "decode/hec.h"

#define ADDRESS_BYTES 6u
#define LAP_MASK      0xffffffu

/* LINKTYPE 255, high nibble of the rate: no logical transport, or one that NULL and POLL go over. */
#define RATE_ACL 3u

/* What is neither of the packet nor of one encapsulation. */
static inline void enter(const struct btbb_frame *frame, uint32_t lap, const struct btbb_address *address,
                         struct btbb_record *record)
{
    record->client = lap;
    record->lap = lap;
    record->nap = address->nap;
    record->uap = address->uap;
    record->rank = address->rank;
    record->uap_source = address->source;
    record->encap = frame->format == BTBB_CAPTURE_RF ? BTBB_ENCAP_RF : BTBB_ENCAP_LEGACY;
    record->has_lap = true;
    record->own = (uint8_t)frame->own;
}

/* In full, the kind and the CRC of a payload are asked for, and remarks on what is odd: these take decoding. */
static inline bool is_plain(uint8_t type, uint32_t payload_bytes)
{
    return type <= BTBB_TYPE_POLL && payload_bytes == 0;
}

/* An access code that names no more than its LAP: others may have told the rest. */
static inline void enter_id(struct btbb_capture *capture, const struct btbb_frame *frame, uint32_t lap,
                            struct btbb_record *record)
{
    static const struct btbb_address nothing;
    const struct btbb_piconet *piconet = btbb_piconets_look(&capture->piconets, lap);

    enter(frame, lap, piconet ? &piconet->held : &nothing, record);
    record->id = true;
    capture->newest = record->frame;
}

/* The piconet of a packet that only confirms what is held of it; otherwise NULL. An FHS says more. */
static inline struct btbb_piconet *confirmed(struct btbb_capture *capture, uint32_t lap, uint32_t header18, uint8_t uap,
                                             bool nap_known, uint16_t nap)
{
    if ((header18 >> 3 & 15) == BTBB_TYPE_FHS ||
        btbb_hec_implied_uap(header18 & 0x3ff, (uint8_t)(header18 >> 10)) != uap)
        return NULL;
    struct btbb_piconet *piconet = btbb_piconets_look(&capture->piconets, lap);

    return piconet && btbb_piconet_confirms(piconet, uap, nap_known, nap) ? piconet : NULL;
}

static inline void enter_packet(struct btbb_capture *capture, const struct btbb_frame *frame,
                                struct btbb_piconet *piconet, uint32_t header18, bool brief, struct btbb_record *record)
{
    enter(frame, piconet->lap, &piconet->held, record);
    record->typed = true;
    record->type = header18 >> 3 & 15;
    if (!brief)
        record->kind = (record->type == BTBB_TYPE_POLL ? BTBB_KIND_POLL : BTBB_KIND_NULL) + 1;
    record->lt_addr = header18 & 7;
    record->hec = BTBB_CHECK_GOOD;
    piconet->good++;
    capture->newest = record->frame;
}

/* With a UAP: one of zero may mean that it is not known. */
static inline bool legacy_packet(struct btbb_capture *capture, const struct btbb_frame *frame, uint32_t lap, bool brief,
                                 struct btbb_record *record)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const uint32_t payload_bytes = btbb_reported(frame) - BTBB_LEGACY_HEADER_BYTES;
    const uint16_t nap = (uint16_t)(frame->src[0] << 8 | frame->src[1]);

    if (frame->captured < BTBB_LEGACY_HEADER_BYTES || frame->src[2] == 0)
        return false;
    const uint32_t clk = btbb_le32(bytes, 0);
    const uint8_t flags = btbb_u8(bytes, 5);
    const uint32_t header18 =
        (btbb_u8(bytes, 6) & 0x7fu) | (btbb_u8(bytes, 7) & 7u) << 7 | (uint32_t)btbb_u8(bytes, 8) << 10;

    if (!brief && (!is_plain(header18 >> 3 & 15, payload_bytes) || btbb_u8(bytes, 4) >= BTBB_CHANNELS ||
                   (flags & BTBB_LEGACY_RESERVED) || btbb_legacy_header_reserved(btbb_u8(bytes, 6), btbb_u8(bytes, 7))))
        return false;
    struct btbb_piconet *piconet =
        confirmed(capture, lap, header18, frame->src[2], nap != 0 || (flags & BTBB_LEGACY_NAP), nap);

    if (!piconet)
        return false;
    if (!piconet->clk_withheld_from &&
        btbb_clk_doubt(header18 >> 3 & 15, clk, !(flags & BTBB_LEGACY_CLK27)) != BTBB_DIR_GIVEN)
        return false;
    enter_packet(capture, frame, piconet, header18, brief, record);
    record->payload_bytes = payload_bytes;
    record->has_channel = true;
    record->channel = btbb_u8(bytes, 4);
    if (!piconet->clk_withheld_from)
        record->dir = clk & 1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL;
    return true;
}

/* Not of InternalBlue, which names two addresses. */
static inline bool legacy(struct btbb_capture *capture, const struct btbb_frame *frame, bool brief,
                          struct btbb_record *record)
{
    const struct btbb_span src = {frame->src, ADDRESS_BYTES}, dst = {frame->dst, ADDRESS_BYTES};
    const uint32_t lap = btbb_legacy_lap(frame);

    if (btbb_le32(dst, 0) | btbb_le16(dst, 4) || btbb_lap_is_reserved(lap))
        return false;
    if (frame->captured > 0 || frame->reported > 0)
        return legacy_packet(capture, frame, lap, brief, record);
    if (btbb_le24(src, 0) != 0)
        return false;
    enter_id(capture, frame, lap, record);
    return true;
}

/* The direction of a packet that the capturing device sent or received is learned elsewhere. */
static inline bool rf(struct btbb_capture *capture, const struct btbb_frame *frame, bool brief,
                      struct btbb_record *record)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    if (frame->captured < BTBB_RF_HEADER_BYTES)
        return false;
    const uint32_t reported = btbb_reported(frame);
    const uint32_t lap = btbb_le32(bytes, 8) & LAP_MASK, reference = btbb_le32(bytes, 12);
    const uint32_t header32 = btbb_le32(bytes, 16), header18 = header32 & BTBB_HEADER_MASK;
    const uint16_t flags = btbb_le16(bytes, 20);
    const uint8_t rate = btbb_u8(bytes, 4);
    const bool uap_known = (flags & BTBB_RF_REF_UAP) && (!(flags & BTBB_RF_REF_LAP) || (reference & LAP_MASK) == lap);

    if (btbb_lap_is_reserved(lap) || (!brief && (btbb_u8(bytes, 0) >= BTBB_CHANNELS || (flags & BTBB_RF_RESERVED))))
        return false;
    if (rate == BTBB_RF_RATE_ID || ((flags & BTBB_RF_DEWHITENED) && header18 == 0)) {
        if (uap_known || reported > BTBB_RF_HEADER_BYTES)
            return false;
        enter_id(capture, frame, lap, record);
    } else {
        if (!uap_known || !(flags & BTBB_RF_DEWHITENED) || frame->own != BTBB_OWN_UNKNOWN)
            return false;
        if (!brief && (!is_plain(header18 >> 3 & 15, reported - BTBB_RF_HEADER_BYTES) || header32 != header18 ||
                       rate >> 4 > RATE_ACL))
            return false;
        struct btbb_piconet *piconet = confirmed(capture, lap, header18, (uint8_t)(reference >> 24), false, 0);

        if (!piconet)
            return false;
        enter_packet(capture, frame, piconet, header18, brief, record);
        record->payload_bytes = reported - BTBB_RF_HEADER_BYTES;
        record->dir = record->type == BTBB_TYPE_POLL ? BTBB_DIR_TO_PERIPHERAL : BTBB_DIR_UNKNOWN;
    }
    record->has_channel = true;
    record->has_signal = flags & BTBB_RF_SIGNAL;
    record->has_noise = flags & BTBB_RF_NOISE;
    record->channel = btbb_u8(bytes, 0);
    record->signal_dbm = (int8_t)btbb_u8(bytes, 1);
    record->noise_dbm = (int8_t)btbb_u8(bytes, 2);
    return true;
}

bool btbb_capture_quick(struct btbb_capture *capture, const struct btbb_frame *frame, bool brief,
                        struct btbb_record *record)
{
    if (record->frame <= capture->newest)
        return false;
    return frame->format == BTBB_CAPTURE_RF ? rf(capture, frame, brief, record) : legacy(capture, frame, brief, record);
}
