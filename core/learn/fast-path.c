/* fast-path.c: the usual frames, without facts and verdict; see btbb_capture_learn_fast() in capture.h.
 *
 * Most frames are access codes of which the file has the LAP alone, and nearly all others have a HEC that is good with
 * the best-known address. Such a frame changes one counter at most, and its record follows from a few bytes, which are
 * read by the functions of layout.h. Any other frame is left to the slow path, decode.c and capture.c, before anything
 * is changed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture-int.h"

#include "decode/hec.h"
#include "learn/remarks.h"

static inline void fill_client(enum btbb_encap encap, enum btbb_own own, uint32_t lap,
                               const struct btbb_address *address, struct btbb_record *record)
{
    record->lap = lap;
    record->nap = address->nap;
    record->uap = address->uap;
    record->rank = address->rank;
    record->uap_source = address->source;
    record->encap = (uint8_t)encap;
    record->own = (uint8_t)own;
}

/* An access code of which the frame has the LAP alone: other frames may have given the rest of the address. */
static inline void learn_id(struct btbb_capture *capture, enum btbb_encap encap, enum btbb_own own, uint32_t lap,
                            struct btbb_record *record)
{
    static const struct btbb_address no_address;
    const struct btbb_piconet *piconet = btbb_piconets_find_fast(&capture->piconets, lap);

    fill_client(encap, own, lap, piconet ? &piconet->best : &no_address, record);
    record->packet_class = BTBB_CLASS_ID;
}

/* The piconet of a packet that only confirms what is known of it; otherwise NULL. An FHS packet has more to learn. */
static inline struct btbb_piconet *find_confirmed(struct btbb_capture *capture, uint32_t lap, uint32_t header18,
                                                  uint8_t uap, bool nap_known, uint16_t nap)
{
    if (btbb_header_type(header18) == BTBB_TYPE_FHS ||
        btbb_hec_implied_uap(btbb_header_bits(header18), btbb_header_hec(header18)) != uap)
        return NULL;
    struct btbb_piconet *piconet = btbb_piconets_find_fast(&capture->piconets, lap);

    return piconet && btbb_confirms_address(piconet, uap, nap_known, nap) ? piconet : NULL;
}

/* Unless `brief`, callers need the kind and the CRC of a payload, so only packets without payload are usual. */
static inline bool is_empty(uint32_t header18, uint32_t payload_bytes)
{
    return btbb_header_type(header18) <= BTBB_TYPE_POLL && payload_bytes == 0;
}

static inline void learn_packet(enum btbb_encap encap, enum btbb_own own, struct btbb_piconet *piconet,
                                uint32_t header18, bool brief, struct btbb_record *record)
{
    fill_client(encap, own, piconet->lap, &piconet->best, record);
    record->packet_class = BTBB_CLASS_HEADER;
    record->type = btbb_header_type(header18);
    if (!brief)
        record->kind = (record->type == BTBB_TYPE_POLL ? BTBB_KIND_POLL : BTBB_KIND_NULL) + 1;
    record->lt_addr = btbb_header_lt_addr(header18);
    record->hec = BTBB_CHECK_GOOD;
    piconet->good++;
}

static inline void set_direction(enum btbb_dir dir, enum btbb_dir_source source, struct btbb_record *record)
{
    record->dir = (uint8_t)dir;
    record->dir_source = (uint8_t)source;
}

/* With a UAP: one of zero may mean that it is not known. */
static inline bool learn_legacy_packet(struct btbb_capture *capture, const struct btbb_frame *frame, const uint8_t *mac,
                                       bool brief, struct btbb_record *record)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const uint32_t payload_bytes = btbb_reported(frame) - BTBB_LEGACY_HEADER_BYTES;
    const uint16_t nap = btbb_mac_nap(mac);
    const uint8_t uap = btbb_mac_uap(mac);

    if (frame->captured < BTBB_LEGACY_HEADER_BYTES || uap == 0)
        return false;
    const uint32_t clk = btbb_le32(bytes, BTBB_LEGACY_CLK), header18 = btbb_legacy_header(bytes);
    const uint8_t channel = btbb_u8(bytes, BTBB_LEGACY_CHANNEL), flags = btbb_u8(bytes, BTBB_LEGACY_FLAGS);
    const struct btbb_remark_fields fields = {
        .channel = channel, .meta_flags = flags, .header_reserved = btbb_legacy_header_reserved(bytes)};

    if (!brief && (!is_empty(header18, payload_bytes) || btbb_field_remarks(fields) != 0))
        return false;
    struct btbb_piconet *piconet =
        find_confirmed(capture, btbb_mac_lap(mac), header18, uap, btbb_legacy_nap_is_known(nap, flags), nap);

    if (!piconet)
        return false;
    if (!piconet->clk_withheld_from &&
        btbb_clk_contradiction(btbb_header_type(header18), clk, !(flags & BTBB_LEGACY_CLK27)) != BTBB_DIR_GIVEN)
        return false;
    learn_packet(BTBB_ENCAP_LEGACY, frame->own, piconet, header18, brief, record);
    record->payload_bytes = payload_bytes;
    record->has_channel = true;
    record->channel = channel;
    if (!piconet->clk_withheld_from)
        set_direction(clk & 1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_SOURCE_CLOCK, record);
    return true;
}

/* Not of InternalBlue, which has two addresses. */
static inline bool learn_legacy(struct btbb_capture *capture, const struct btbb_frame *frame, bool brief,
                                struct btbb_record *record)
{
    const uint8_t *mac = btbb_legacy_mac(frame);
    const uint32_t lap = btbb_mac_lap(mac);

    if (btbb_legacy_addresses(frame) == BTBB_LEGACY_BOTH || btbb_lap_is_reserved(lap))
        return false;
    if (frame->captured > 0 || frame->reported > 0)
        return learn_legacy_packet(capture, frame, mac, brief, record);
    if (btbb_mac_nap(mac) != 0 || btbb_mac_uap(mac) != 0)
        return false;
    learn_id(capture, BTBB_ENCAP_LEGACY, frame->own, lap, record);
    return true;
}

/* Who sent a packet may give its direction: packets with it are learned in the slow path. */
static inline bool learn_rf_packet(struct btbb_capture *capture, const struct btbb_frame *frame, uint32_t lap,
                                   uint32_t header32, uint8_t uap, bool brief, struct btbb_record *record)
{
    const uint32_t payload_bytes = btbb_reported(frame) - BTBB_RF_HEADER_BYTES, header18 = header32 & BTBB_HEADER_MASK;
    const uint8_t rate = btbb_u8((struct btbb_span){frame->bytes, frame->captured}, BTBB_RF_RATE);

    if (frame->own != BTBB_OWN_UNKNOWN)
        return false;
    /* The logical transport is unknown, or one with NULL and POLL. */
    if (!brief && (!is_empty(header18, payload_bytes) || header32 != header18 || rate >> 4 > BTBB_RF_TRANSPORT_ACL))
        return false;
    struct btbb_piconet *piconet = find_confirmed(capture, lap, header18, uap, false, 0);

    if (!piconet)
        return false;
    learn_packet(BTBB_ENCAP_RF, BTBB_OWN_UNKNOWN, piconet, header18, brief, record);
    record->payload_bytes = payload_bytes;
    if (record->type == BTBB_TYPE_POLL)
        set_direction(BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_SOURCE_POLL, record);
    return true;
}

static inline bool learn_rf(struct btbb_capture *capture, const struct btbb_frame *frame, bool brief,
                            struct btbb_record *record)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    if (frame->captured < BTBB_RF_HEADER_BYTES)
        return false;
    const uint32_t payload_bytes = btbb_reported(frame) - BTBB_RF_HEADER_BYTES;
    const uint32_t lap = btbb_rf_lap(bytes), reference = btbb_le32(bytes, BTBB_RF_REFERENCE);
    const uint32_t header32 = btbb_le32(bytes, BTBB_RF_HEADER);
    const uint16_t flags = btbb_le16(bytes, BTBB_RF_FLAGS);
    const bool uap_known = btbb_rf_uap_is_known(lap, reference, flags);
    const struct btbb_remark_fields fields = {.channel = btbb_u8(bytes, BTBB_RF_CHANNEL), .rf_flags = flags};

    if (btbb_lap_is_reserved(lap) || btbb_lap_is_short(lap) || (!brief && btbb_field_remarks(fields) != 0))
        return false;
    switch (btbb_rf_header_state(btbb_u8(bytes, BTBB_RF_RATE), flags, header32 & BTBB_HEADER_MASK, payload_bytes)) {
    case BTBB_HEADER_NONE:
        if (uap_known || payload_bytes > 0)
            return false;
        learn_id(capture, BTBB_ENCAP_RF, frame->own, lap, record);
        break;
    case BTBB_HEADER_PRESENT:
        if (!uap_known || !learn_rf_packet(capture, frame, lap, header32, (uint8_t)(reference >> 24), brief, record))
            return false;
        break;
    default:
        return false;
    }
    record->has_channel = true;
    record->has_signal = flags & BTBB_RF_SIGNAL;
    record->has_noise = flags & BTBB_RF_NOISE;
    record->channel = btbb_u8(bytes, BTBB_RF_CHANNEL);
    record->signal_dbm = (int8_t)btbb_u8(bytes, BTBB_RF_SIGNAL_DBM);
    record->noise_dbm = (int8_t)btbb_u8(bytes, BTBB_RF_NOISE_DBM);
    return true;
}

static inline bool learn(struct btbb_capture *capture, const struct btbb_frame *frame, enum btbb_fast need,
                         struct btbb_record *record)
{
    if (frame->format == BTBB_CAPTURE_RF)
        return learn_rf(capture, frame, need == BTBB_FAST_BRIEF, record);
    if (frame->format == BTBB_CAPTURE_LEGACY)
        return learn_legacy(capture, frame, need == BTBB_FAST_BRIEF, record);
    return frame->format == BTBB_CAPTURE_ESP32 && need != BTBB_FAST_ALL &&
           btbb_learn_esp32_fast(capture, frame, record);
}

bool btbb_capture_learn_fast(struct btbb_capture *capture, const struct btbb_frame *frame, enum btbb_fast need,
                             struct btbb_record *record)
{
    if (record->frame <= capture->newest || capture->clocks || !capture->writer.settled || !frame->has_time ||
        !btbb_time_is_usual(&capture->time_jumps, frame->time_ns) || !learn(capture, frame, need, record))
        return false;
    capture->newest = record->frame;
    btbb_time_jumps_note(&capture->time_jumps, frame->time_ns);
    return true;
}
