/* format-rf.c: LINKTYPE_BLUETOOTH_BREDR_BB (255): a pseudo-header of 22 bytes (layout.h), then the payload.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/format-rf.h"

#include "decode/header.h"
#include "decode/layout.h"

static void read_radio(struct btbb_span bytes, struct btbb_facts *facts)
{
    facts->has_channel = true;
    facts->channel = btbb_u8(bytes, BTBB_RF_CHANNEL);
    facts->signal_dbm = (int8_t)btbb_u8(bytes, BTBB_RF_SIGNAL_DBM);
    facts->noise_dbm = (int8_t)btbb_u8(bytes, BTBB_RF_NOISE_DBM);
    facts->has_signal = facts->rf_flags & BTBB_RF_SIGNAL;
    facts->has_noise = facts->rf_flags & BTBB_RF_NOISE;
    facts->ac_errors = btbb_u8(bytes, BTBB_RF_AC_ERRORS);
    facts->rate = btbb_u8(bytes, BTBB_RF_RATE);
    facts->corrected_header_bits = btbb_u8(bytes, BTBB_RF_CORRECTED_HEADER);
    facts->corrected_payload_bits = (int16_t)btbb_le16(bytes, BTBB_RF_CORRECTED_PAYLOAD);
}

static void read_address(struct btbb_span bytes, struct btbb_facts *facts)
{
    const uint32_t reference = btbb_le32(bytes, BTBB_RF_REFERENCE);

    facts->has_lap = true;
    facts->lap = btbb_rf_lap(bytes);
    facts->lap_reserved = btbb_lap_is_reserved(facts->lap);
    facts->ref_lap = reference & 0xffffff;
    facts->ref_uap = (uint8_t)(reference >> 24);
    facts->has_ref_lap = facts->rf_flags & BTBB_RF_REF_LAP;
    facts->has_ref_uap = facts->rf_flags & BTBB_RF_REF_UAP;
    facts->uap_known = btbb_rf_uap_is_known(facts->lap, reference, facts->rf_flags);
    facts->uap = facts->uap_known ? facts->ref_uap : 0;
}

static void read_header(struct btbb_span bytes, uint32_t payload_bytes, struct btbb_facts *facts)
{
    const uint32_t header32 = btbb_le32(bytes, BTBB_RF_HEADER), header18 = header32 & BTBB_HEADER_MASK;

    facts->header32 = header32;
    facts->header_reserved = header32 & ~BTBB_HEADER_MASK;
    facts->header_state = btbb_rf_header_state(facts->rate, facts->rf_flags, header18, payload_bytes);
    if (facts->header_state != BTBB_HEADER_PRESENT)
        return;
    facts->has_type = facts->has_flags = facts->has_hec = true;
    btbb_read_header(facts, header18);
}

void btbb_decode_rf(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const uint32_t reported = btbb_reported(frame), payload_bytes = reported - BTBB_RF_HEADER_BYTES;

    facts->encap = BTBB_ENCAP_RF;
    facts->own = frame->own;
    facts->truncated = frame->captured < reported;
    if (frame->captured < BTBB_RF_HEADER_BYTES) {
        facts->malformed = true;
        return;
    }
    facts->rf_flags = btbb_le16(bytes, BTBB_RF_FLAGS);
    read_radio(bytes, facts);
    read_address(bytes, facts);
    read_header(bytes, payload_bytes, facts);

    facts->payload.offset = BTBB_RF_HEADER_BYTES;
    facts->payload.captured = frame->captured - BTBB_RF_HEADER_BYTES;
    facts->payload.reported = payload_bytes;
    facts->old_writer = payload_bytes > 0 && !(facts->rf_flags & BTBB_RF_PAYLOAD);
    facts->nb_payload = payload_bytes > 0;
}
