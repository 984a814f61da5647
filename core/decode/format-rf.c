/* format-rf.c: LINKTYPE_BLUETOOTH_BREDR_BB (255): a pseudo-header of 22 bytes, little-endian, then the payload.
 *
 *     offset  0 channel   1 signal   2 noise   3 access code errors   4 rate   5 corrected header bits
 *             6 corrected payload bits (2)   8 LAP (4)   12 reference LAP (3)   15 reference UAP
 *            16 packet header (4)   20 flags (2)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/format-rf.h"

#include "decode/header.h"
#include "decode/layout.h"

static void read_radio(struct btbb_span bytes, struct btbb_facts *facts)
{
    facts->has_channel = true;
    facts->channel = btbb_u8(bytes, 0);
    facts->signal_dbm = (int8_t)btbb_u8(bytes, 1);
    facts->noise_dbm = (int8_t)btbb_u8(bytes, 2);
    facts->has_signal = facts->rf_flags & BTBB_RF_SIGNAL;
    facts->has_noise = facts->rf_flags & BTBB_RF_NOISE;
    facts->ac_errors = btbb_u8(bytes, 3);
    facts->rate = btbb_u8(bytes, 4);
    facts->corrected_header_bits = btbb_u8(bytes, 5);
    facts->corrected_payload_bits = (int16_t)btbb_le16(bytes, 6);
}

/* The reference UAP is the UAP of the reference LAP, which need not be the LAP that was heard. */
static void read_address(struct btbb_span bytes, struct btbb_facts *facts)
{
    facts->lap = btbb_le24(bytes, 8);
    facts->lap_reserved = btbb_lap_is_reserved(facts->lap);
    facts->ref_lap = btbb_le24(bytes, 12);
    facts->ref_uap = btbb_u8(bytes, 15);
    facts->has_ref_lap = facts->rf_flags & BTBB_RF_REF_LAP;
    facts->has_ref_uap = facts->rf_flags & BTBB_RF_REF_UAP;
    facts->uap_known = facts->has_ref_uap && (!facts->has_ref_lap || facts->ref_lap == facts->lap);
    facts->uap = facts->uap_known ? facts->ref_uap : 0;
}

/* A header of zero means that none was decoded. Only a UAP of 0 has a HEC of 0 for it, and that proves nothing. */
static void read_header(struct btbb_span bytes, struct btbb_facts *facts)
{
    facts->header32 = btbb_le32(bytes, 16);
    facts->header_reserved = facts->header32 & ~BTBB_HEADER_MASK;
    facts->id = facts->rate == BTBB_RF_RATE_ID;
    if (facts->id)
        return;
    if (!(facts->rf_flags & BTBB_RF_DEWHITENED)) {
        facts->header_state = BTBB_HEADER_WHITENED;
        return;
    }
    facts->id = (facts->header32 & BTBB_HEADER_MASK) == 0;
    if (facts->id)
        return;
    facts->header_state = BTBB_HEADER_PRESENT;
    facts->has_type = facts->has_flags = facts->has_hec = true;
    btbb_enter_header(facts, facts->header32 & BTBB_HEADER_MASK);
}

void btbb_decode_rf(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const uint32_t reported = btbb_reported(frame);

    facts->encap = BTBB_ENCAP_RF;
    facts->own = frame->own;
    facts->truncated = frame->captured < reported;
    if (frame->captured < BTBB_RF_HEADER_BYTES) {
        facts->malformed = true;
        return;
    }
    facts->rf_flags = btbb_le16(bytes, 20);
    read_radio(bytes, facts);
    read_address(bytes, facts);
    read_header(bytes, facts);

    facts->payload.offset = BTBB_RF_HEADER_BYTES;
    facts->payload.captured = frame->captured - BTBB_RF_HEADER_BYTES;
    facts->payload.reported = reported - BTBB_RF_HEADER_BYTES;
    facts->old_writer = facts->payload.reported > 0 && !(facts->rf_flags & BTBB_RF_PAYLOAD);
    facts->nb_payload = facts->payload.reported > 0;
}
