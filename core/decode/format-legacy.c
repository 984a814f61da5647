/* format-legacy.c: the frame of Ubertooth, Kismet and InternalBlue: Ethernet header, then
 *
 *     offset  0 CLK (4, little-endian)   4 channel   5 flags   6 LT_ADDR, TYPE   7 FLOW, ARQN, SEQN   8 HEC   9 payload
 *
 * The frame may end anywhere; one that ends at 0 is an access code only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/format-legacy.h"

#include "decode/header.h"
#include "decode/layout.h"

static bool is_set(const uint8_t mac[6])
{
    const struct btbb_span span = {mac, 6};

    return (btbb_le32(span, 0) | btbb_le16(span, 4)) != 0;
}

/* A UAP or NAP of zero may mean "not known" or may be genuine; a known NAP brings the UAP with it. */
static void read_address(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    facts->nap = (uint16_t)(frame->src[0] << 8 | frame->src[1]);
    facts->uap = frame->src[2];
    facts->lap = btbb_legacy_lap(frame);
    facts->lap_reserved = btbb_lap_is_reserved(facts->lap);
    facts->nap_known = facts->nap != 0 || (facts->has_meta_flags && (facts->meta_flags & BTBB_LEGACY_NAP));
    facts->uap_known = facts->uap != 0 || facts->nap_known || facts->lap_reserved;
}

static void read_meta(struct btbb_span bytes, struct btbb_facts *facts)
{
    facts->has_clk = btbb_holds(bytes, 0, 4);
    facts->clk = btbb_le32(bytes, 0);
    facts->nb_has_to_master = facts->has_clk;
    facts->nb_to_master = facts->has_clk && (facts->clk & 1) == 0;
    facts->has_channel = btbb_holds(bytes, 4, 1);
    facts->channel = btbb_u8(bytes, 4);
    facts->has_meta_flags = btbb_holds(bytes, 5, 1);
    facts->meta_flags = btbb_u8(bytes, 5);
    facts->clk_bits = facts->meta_flags & BTBB_LEGACY_CLK27 ? 27 : 6;
    facts->addr_bits = facts->meta_flags & BTBB_LEGACY_NAP ? 48 : 32;
}

/* The header may be cut after each of its three bytes. */
static void read_header(struct btbb_span bytes, struct btbb_facts *facts)
{
    const uint8_t type = btbb_u8(bytes, 6), flags = btbb_u8(bytes, 7), hec = btbb_u8(bytes, 8);

    facts->has_type = btbb_holds(bytes, 6, 1);
    facts->has_flags = btbb_holds(bytes, 7, 1);
    facts->has_hec = btbb_holds(bytes, 8, 1);
    facts->header_state = facts->has_hec ? BTBB_HEADER_PRESENT : BTBB_HEADER_CUT;
    facts->header_reserved = btbb_legacy_header_reserved(type, flags);
    btbb_enter_header(facts, (type & 0x7fu) | (flags & 7u) << 7 | (uint32_t)hec << 10);
    if (!facts->has_hec)
        facts->hec_implied_uap = 0;
    else if (!facts->uap_known && facts->hec_implied_uap == 0 && facts->header10 != 0)
        facts->uap_known = true; /* the UAP 0 of the file is genuine: the HEC says so */
}

/* The notebook's column is true if scapy makes a payload layer. It fails to, when one byte is left for the CRC. */
static bool notebook_payload(struct btbb_span payload)
{
    if (payload.length == 0)
        return false;
    const uint32_t behind_header = payload.length - 1, length = payload.bytes[0] >> 3;

    return behind_header - (length < behind_header ? length : behind_header) != 1;
}

void btbb_decode_legacy(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const uint32_t reported = btbb_reported(frame);
    const bool internalblue = is_set(frame->dst);

    facts->encap = internalblue ? BTBB_ENCAP_INTERNALBLUE : BTBB_ENCAP_LEGACY;
    facts->own = frame->own;
    if (reported > 0)
        read_meta(bytes, facts);
    read_address(frame, facts);
    if (reported == 0) {
        facts->id = true;
        return;
    }
    read_header(bytes, facts);

    facts->truncated = frame->captured < reported || !facts->has_hec;
    facts->padded_id = facts->has_hec && !internalblue && facts->uap == 0 && facts->nap == 0 && btbb_all_zero(bytes);
    facts->id = facts->padded_id;
    if (internalblue) {
        if (facts->has_clk)
            facts->own = facts->clk & 1 ? BTBB_OWN_RECEIVED : BTBB_OWN_SENT;
    } else {
        facts->has_clk1 = facts->has_clk && !facts->lap_reserved && !facts->padded_id;
        facts->clk1 = facts->clk & 1;
    }
    facts->payload.offset = BTBB_LEGACY_HEADER_BYTES;
    facts->payload.captured = btbb_part(bytes, BTBB_LEGACY_HEADER_BYTES, UINT32_MAX).length;
    facts->payload.reported = reported > BTBB_LEGACY_HEADER_BYTES ? reported - BTBB_LEGACY_HEADER_BYTES : 0;
    facts->nb_payload = notebook_payload(btbb_part(bytes, BTBB_LEGACY_HEADER_BYTES, UINT32_MAX));
}
