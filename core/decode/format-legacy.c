/* format-legacy.c: the frame of Ubertooth, Kismet, gr-bluetooth and InternalBlue: Ethernet header, then
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

static void read_meta(struct btbb_span bytes, struct btbb_facts *facts)
{
    facts->has_clk = btbb_holds(bytes, BTBB_LEGACY_CLK, 4);
    facts->clk = btbb_le32(bytes, BTBB_LEGACY_CLK);
    facts->nb_has_to_master = facts->has_clk;
    facts->nb_to_master = facts->has_clk && (facts->clk & 1) == 0;
    facts->has_channel = btbb_holds(bytes, BTBB_LEGACY_CHANNEL, 1);
    facts->channel = btbb_u8(bytes, BTBB_LEGACY_CHANNEL);
    facts->has_meta_flags = btbb_holds(bytes, BTBB_LEGACY_FLAGS, 1);
    facts->meta_flags = btbb_u8(bytes, BTBB_LEGACY_FLAGS);
    facts->clk_bits = facts->meta_flags & BTBB_LEGACY_CLK27 ? 27 : 6;
    facts->addr_bits = facts->meta_flags & BTBB_LEGACY_NAP ? 48 : 32;
}

/* InternalBlue: bit 0 of CLK is no clock, but 0 where the capturing device sent the packet. The client is the peer. */
static const uint8_t *read_peer(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    if (facts->has_clk)
        facts->own = facts->clk & 1 ? BTBB_OWN_RECEIVED : BTBB_OWN_SENT;
    return facts->own == BTBB_OWN_SENT ? frame->dst : frame->src;
}

/* A UAP or NAP of zero may be unknown or genuine; a known NAP brings the UAP with it. */
static void read_address(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    const bool both = btbb_legacy_addresses(frame) == BTBB_LEGACY_BOTH;

    facts->own = frame->own;
    const uint8_t *mac = both ? read_peer(frame, facts) : btbb_legacy_mac(frame);

    facts->encap = both ? BTBB_ENCAP_INTERNALBLUE : BTBB_ENCAP_LEGACY;
    facts->has_lap = true;
    facts->nap = btbb_mac_nap(mac);
    facts->uap = btbb_mac_uap(mac);
    facts->lap = btbb_mac_lap(mac);
    facts->lap_reserved = btbb_lap_is_reserved(facts->lap);
    facts->nap_known = btbb_legacy_nap_is_known(facts->nap, facts->meta_flags);
    facts->uap_known = facts->uap != 0 || facts->nap_known || facts->lap_reserved;
}

/* The header may be cut after each of its three bytes. */
static void read_header(struct btbb_span bytes, struct btbb_facts *facts)
{
    facts->has_type = btbb_holds(bytes, BTBB_LEGACY_HEADER, 1);
    facts->has_flags = btbb_holds(bytes, BTBB_LEGACY_HEADER, 2);
    facts->has_hec = btbb_holds(bytes, BTBB_LEGACY_HEADER, 3);
    facts->header_state = facts->has_hec ? BTBB_HEADER_PRESENT : BTBB_HEADER_CUT;
    facts->header_reserved = btbb_legacy_header_reserved(bytes);
    btbb_read_header(facts, btbb_legacy_header(bytes));
    if (!facts->has_hec)
        facts->hec_implied_uap = 0;
    else if (!facts->uap_known && facts->hec_implied_uap == 0 && facts->header10 != 0)
        facts->uap_known = true; /* the UAP of 0 is genuine: the HEC of a header that is not zero fits it */
}

/* The notebook's column is true if scapy makes a payload layer, which fails where one byte is left for the CRC. */
static bool notebook_payload(struct btbb_span payload)
{
    if (payload.length == 0)
        return false;
    const uint32_t after_header = payload.length - 1, length = payload.bytes[0] >> 3;

    return after_header - (length < after_header ? length : after_header) != 1;
}

void btbb_decode_legacy(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    const struct btbb_span payload = btbb_part(bytes, BTBB_LEGACY_HEADER_BYTES, UINT32_MAX);
    const uint32_t reported = btbb_reported(frame);

    if (reported > 0)
        read_meta(bytes, facts);
    read_address(frame, facts);
    if (reported == 0)
        return;
    read_header(bytes, facts);

    const bool one_address = facts->encap == BTBB_ENCAP_LEGACY;

    facts->truncated = frame->captured < reported || !facts->has_hec;
    facts->padded_id = facts->has_hec && one_address && facts->uap == 0 && facts->nap == 0 && btbb_all_zero(bytes);
    facts->has_clk1 = facts->has_clk && one_address && !facts->lap_reserved && !facts->padded_id;
    facts->clk1 = facts->has_clk1 && (facts->clk & 1);
    facts->payload.offset = BTBB_LEGACY_HEADER_BYTES;
    facts->payload.captured = payload.length;
    facts->payload.reported = reported > BTBB_LEGACY_HEADER_BYTES ? reported - BTBB_LEGACY_HEADER_BYTES : 0;
    facts->nb_payload = notebook_payload(payload);
}
