/* layout.h: where the fields of each capture format lie, the names of its constants, and functions that read single
 * fields. The files that decode whole frames and learn/fast-path.c, which reads only a few fields of the usual frames,
 * share them, so that both read every field by the same rule.
 *
 * Sources: Ubertooth, docs/source/bluetooth_captures_PCAP.rst (LINKTYPE 255); the "btbb" plugin of libbtbb (legacy);
 * github.com/Matheus-Garbelini/esp32_bluetooth_classic_sniffer (ESP32); github.com/seemoo-lab/h4bcm_wireshark_dissector
 * (Broadcom). Where they and captures differ, captures decide.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LAYOUT_H
#define BTBB_CORE_LAYOUT_H

#include "decode/facts.h"
#include "decode/read-bits.h"

/* The packet header as one number, first bit on air lowest (Core Specification Vol 2 Part B, 6.4): LT_ADDR, TYPE, FLOW,
 * ARQN, SEQN, HEC. */
#define BTBB_HEADER_MASK 0x3ffffu

static inline uint8_t btbb_header_lt_addr(uint32_t header18)
{
    return header18 & 7;
}

static inline uint8_t btbb_header_type(uint32_t header18)
{
    return header18 >> 3 & 15;
}

/* The ten bits that the HEC covers. */
static inline uint16_t btbb_header_bits(uint32_t header18)
{
    return header18 & 0x3ff;
}

static inline uint8_t btbb_header_hec(uint32_t header18)
{
    return (uint8_t)(header18 >> 10);
}

/* TYPE codes that have a meaning of their own (table 6.2). */
#define BTBB_TYPE_NULL 0u
#define BTBB_TYPE_POLL 1u
#define BTBB_TYPE_FHS  2u
#define BTBB_TYPE_DV   8u

/* Legacy: offsets from the end of the Ethernet header. The frame may end anywhere; the payload follows the header. */
#define BTBB_LEGACY_CLK          0u /* four bytes, little-endian */
#define BTBB_LEGACY_CHANNEL      4u
#define BTBB_LEGACY_FLAGS        5u
#define BTBB_LEGACY_HEADER       6u /* LT_ADDR and TYPE; FLOW, ARQN and SEQN; HEC */
#define BTBB_LEGACY_HEADER_BYTES 9u

/* Legacy: bits of the flags. */
#define BTBB_LEGACY_CLK27    0x01u /* 27 clock bits known, otherwise 6 */
#define BTBB_LEGACY_NAP      0x02u /* 48 address bits known, otherwise 32 */
#define BTBB_LEGACY_RESERVED 0xfcu

/* Largest CLK of six bits. */
#define BTBB_CLK6_MAX 0x3fu

/* LINKTYPE 255: offsets in the pseudo-header. All numbers are little-endian. */
#define BTBB_RF_CHANNEL           0u
#define BTBB_RF_SIGNAL_DBM        1u
#define BTBB_RF_NOISE_DBM         2u
#define BTBB_RF_AC_ERRORS         3u
#define BTBB_RF_RATE              4u
#define BTBB_RF_CORRECTED_HEADER  5u
#define BTBB_RF_CORRECTED_PAYLOAD 6u  /* two bytes, signed */
#define BTBB_RF_LAP               8u  /* four bytes, the highest is 0 */
#define BTBB_RF_REFERENCE         12u /* LAP, three bytes; UAP, one byte */
#define BTBB_RF_HEADER            16u /* four bytes, 18 bits are used */
#define BTBB_RF_FLAGS             20u /* two bytes */
#define BTBB_RF_HEADER_BYTES      22u

/* LINKTYPE 255: bits of the flags. */
#define BTBB_RF_DEWHITENED  0x0001u /* header and payload are de-whitened */
#define BTBB_RF_SIGNAL      0x0002u /* the signal power is valid */
#define BTBB_RF_NOISE       0x0004u /* the noise power is valid */
#define BTBB_RF_DECRYPTED   0x0008u
#define BTBB_RF_REF_LAP     0x0010u /* the reference LAP is valid */
#define BTBB_RF_PAYLOAD     0x0020u /* payload bytes follow */
#define BTBB_RF_ALIASED     0x0040u /* the RF channel may be another one */
#define BTBB_RF_REF_UAP     0x0080u /* the reference UAP is valid */
#define BTBB_RF_HEC_CHECKED 0x0100u
#define BTBB_RF_HEC_PASSED  0x0200u
#define BTBB_RF_CRC_CHECKED 0x0400u
#define BTBB_RF_CRC_PASSED  0x0800u
#define BTBB_RF_MIC_CHECKED 0x1000u
#define BTBB_RF_MIC_PASSED  0x2000u
#define BTBB_RF_RESERVED    0xc000u

/* LINKTYPE 255: the rate. Low nibble: modulation, BTBB_RF_GFSK..; high nibble: logical transport. */
#define BTBB_RF_RATE_ID 0xffu /* access code only: the header word is meaningless, and no payload follows */
enum btbb_rf_modulation { BTBB_RF_GFSK, BTBB_RF_DQPSK, BTBB_RF_8DPSK };
enum btbb_rf_transport {
    BTBB_RF_TRANSPORT_ANY, /* any, or not known */
    BTBB_RF_TRANSPORT_SCO,
    BTBB_RF_TRANSPORT_ESCO,
    BTBB_RF_TRANSPORT_ACL,
    BTBB_RF_TRANSPORT_CPB
};

/* ESP32: offsets after the H4 type byte. */
#define BTBB_ESP32_CLK          0u /* four bytes, little-endian */
#define BTBB_ESP32_CHANNEL      4u
#define BTBB_ESP32_FLAGS        5u
#define BTBB_ESP32_HEADER       6u /* LT_ADDR, TYPE and FLOW; ARQN and SEQN */
#define BTBB_ESP32_HEADER_BYTES 8u

/* ESP32: bytes of the payload header of every ACL packet. */
#define BTBB_ESP32_PAYLOAD_HEADER 2u

/* ESP32: bits of the flags. */
#define BTBB_ESP32_EDR          0x01u /* TYPE is of the packet type table of Enhanced Data Rate */
#define BTBB_ESP32_PERIPHERAL   0x02u /* role of the capturing device; otherwise Central */
#define BTBB_ESP32_CUSTOM_LMP   0x04u
#define BTBB_ESP32_RETRY        0x08u
#define BTBB_ESP32_INTERCEPT    0x10u
#define BTBB_ESP32_TX_ENCRYPTED 0x20u
#define BTBB_ESP32_RX_ENCRYPTED 0x40u
#define BTBB_ESP32_EIR          0x80u /* the payload is an Extended Inquiry Response */

/* Broadcom diagnostics: offsets after the H4 type byte. The bytes after the PDU are stale memory. */
#define BTBB_BROADCOM_TYPE       0u
#define BTBB_BROADCOM_UAP        5u  /* of the other device: UAP, then LAP, most significant byte first */
#define BTBB_BROADCOM_SENT       9u  /* payload header and LMP PDU of one that was sent */
#define BTBB_BROADCOM_RECEIVED   12u /* the same of one that was received; its payload header is constant */
#define BTBB_BROADCOM_CONNECTION 31u /* number of the connection */

/* Bits of a payload header, read as a little-endian number; one of one byte has the lowest eight (6.6.2). */
#define BTBB_LLID_LMP 3u

static inline uint8_t btbb_payload_llid(uint16_t header)
{
    return header & 3;
}

static inline bool btbb_payload_flow(uint16_t header)
{
    return header >> 2 & 1;
}

static inline uint16_t btbb_payload_length(uint16_t header)
{
    return header >> 3 & 0x3ff;
}

static inline bool btbb_payload_reserved(uint16_t header)
{
    return header >> 13;
}

/* Length of a frame before any cutting. A file may report fewer bytes than it holds; then those that it holds count. */
static inline uint32_t btbb_reported(const struct btbb_frame *frame)
{
    return frame->reported > frame->captured ? frame->reported : frame->captured;
}

static inline bool btbb_lap_is_reserved(uint32_t lap)
{
    return lap >= BTBB_LAP_RESERVED_FIRST && lap <= BTBB_LAP_RESERVED_LAST;
}

static inline bool btbb_mac_is_zero(const uint8_t mac[6])
{
    const struct btbb_span span = {mac, 6};

    return (btbb_le32(span, 0) | btbb_le16(span, 4)) == 0;
}

/* Parts of a BD_ADDR in a MAC address: NAP, UAP, LAP, each most significant byte first. */
static inline uint16_t btbb_mac_nap(const uint8_t mac[6])
{
    return (uint16_t)(mac[0] << 8 | mac[1]);
}

static inline uint8_t btbb_mac_uap(const uint8_t mac[6])
{
    return mac[2];
}

static inline uint32_t btbb_mac_lap(const uint8_t mac[6])
{
    return btbb_be24((struct btbb_span){mac, 6}, 3);
}

/* Legacy: which Ethernet address is the piconet's. Most writers leave the destination zero and store the address as
 * source. gr-bluetooth (btrx -w) stores it as destination and leaves the source zero. InternalBlue stores sender and
 * receiver. This is the only place that knows. */
enum btbb_legacy_addresses {
    BTBB_LEGACY_SOURCE,      /* the source; also where both are zero: a LAP of zero */
    BTBB_LEGACY_DESTINATION, /* the destination */
    BTBB_LEGACY_BOTH         /* source: the sender of the packet; destination: its receiver */
};

static inline enum btbb_legacy_addresses btbb_legacy_addresses(const struct btbb_frame *frame)
{
    if (btbb_mac_is_zero(frame->dst))
        return BTBB_LEGACY_SOURCE;
    return btbb_mac_is_zero(frame->src) ? BTBB_LEGACY_DESTINATION : BTBB_LEGACY_BOTH;
}

/* Legacy: the address of the client, unless the frame has two addresses. */
static inline const uint8_t *btbb_legacy_mac(const struct btbb_frame *frame)
{
    return btbb_legacy_addresses(frame) == BTBB_LEGACY_DESTINATION ? frame->dst : frame->src;
}

/* Legacy: whether the NAP of the address is known. A NAP of zero may be genuine: then the flag is set. */
static inline bool btbb_legacy_nap_is_known(uint16_t nap, uint8_t flags)
{
    return nap != 0 || (flags & BTBB_LEGACY_NAP);
}

/* Legacy: the packet header. A byte that was not captured reads as 0. */
static inline uint32_t btbb_legacy_header(struct btbb_span bytes)
{
    return (btbb_u8(bytes, BTBB_LEGACY_HEADER) & 0x7fu) | (btbb_u8(bytes, BTBB_LEGACY_HEADER + 1) & 7u) << 7 |
           (uint32_t)btbb_u8(bytes, BTBB_LEGACY_HEADER + 2) << 10;
}

/* Legacy: whether a reserved bit of the packet header is set. */
static inline bool btbb_legacy_header_reserved(struct btbb_span bytes)
{
    return (btbb_u8(bytes, BTBB_LEGACY_HEADER) & 0x80) || (btbb_u8(bytes, BTBB_LEGACY_HEADER + 1) & 0xf8);
}

/* LINKTYPE 255: the LAP, its top byte left out. */
static inline uint32_t btbb_rf_lap(struct btbb_span bytes)
{
    return btbb_le32(bytes, BTBB_RF_LAP) & 0xffffff;
}

/* LINKTYPE 255: whether the reference UAP is that of `lap`. It belongs to the reference LAP, which need not be the one
 * that was heard. `reference` is the word with reference LAP and UAP. */
static inline bool btbb_rf_uap_is_known(uint32_t lap, uint32_t reference, uint16_t flags)
{
    return (flags & BTBB_RF_REF_UAP) && (!(flags & BTBB_RF_REF_LAP) || (reference & 0xffffff) == lap);
}

/* LINKTYPE 255: how much of the packet header the record has. A header of zero means that none was decoded: only a UAP
 * of 0 has a HEC of 0 for it. `header18` is the header word without its reserved bits. */
static inline enum btbb_header_state btbb_rf_header_state(uint8_t rate, uint16_t flags, uint32_t header18,
                                                          uint32_t payload_bytes)
{
    if (rate == BTBB_RF_RATE_ID)
        return BTBB_HEADER_NONE;
    if (flags & BTBB_RF_DEWHITENED)
        return header18 == 0 ? BTBB_HEADER_NONE : BTBB_HEADER_PRESENT;
    return header18 == 0 && payload_bytes == 0 ? BTBB_HEADER_NONE : BTBB_HEADER_WHITENED;
}

#endif
