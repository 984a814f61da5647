/* link-packet.h: what the link tracker (learn/links.h) needs of one packet, whatever the capture format.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LINK_PACKET_H
#define BTBB_CORE_LINK_PACKET_H

#include "decode/decode.h"

/* How much of an address is known. */
enum btbb_address_parts {
    BTBB_ADDRESS_NONE = 0,
    BTBB_ADDRESS_LAP,
    BTBB_ADDRESS_UAP, /* LAP and UAP */
    BTBB_ADDRESS_ALL  /* LAP, UAP and NAP */
};

struct btbb_device_address {
    uint32_t lap; /* 24 bits */
    uint16_t nap;
    uint8_t uap;
    uint8_t parts; /* enum btbb_address_parts */
};

enum btbb_link_packet_kind {
    BTBB_LINK_PACKET_LMP = 0, /* `bytes` are an LMP PDU. Its CRC is good, or the capture has none */
    BTBB_LINK_PACKET_DATA,    /* L2CAP data that could be read: its CRC is good, or the capture has none */
    BTBB_LINK_PACKET_FHS      /* `fhs` is proven (CRC or parity) and was really sent */
};

/* What a capture has on the encryption of one packet. */
enum btbb_protection {
    BTBB_PROTECTION_UNKNOWN = 0,
    BTBB_PROTECTION_CLEAR,     /* the capturing device marks it as sent in clear */
    BTBB_PROTECTION_ENCRYPTED, /* it marks it as encrypted on air */
    BTBB_PROTECTION_AES_CCM    /* the payload has a valid MIC (Vol 2 Part B, 7.1.3) */
};

/* One packet. Members that a capture format does not have stay zero. */
struct btbb_link_packet {
    int64_t time_ns;        /* valid when has_time */
    uint64_t client;        /* as in btbb_record.client: the LAP of the access code, or a key of the pair of addresses.
                                Valid when has_client */
    struct btbb_span bytes; /* LMP, from the opcode on */
    const struct btbb_fhs *fhs;
    uint32_t frame;                    /* number in the file, from 1, never below that of an earlier packet */
    uint32_t clk;                      /* CLK27..CLK1 of the piconet; valid when has_clk */
    struct btbb_device_address sender; /* as far as the frame itself names them */
    struct btbb_device_address receiver;
    struct btbb_device_address central;
    uint8_t kind;       /* enum btbb_link_packet_kind */
    uint8_t lt_addr;    /* 1 to 7; valid when has_lt_addr. 0 (broadcast) is no connection */
    uint8_t dir;        /* enum btbb_dir */
    uint8_t own;        /* enum btbb_own */
    uint8_t protection; /* enum btbb_protection */
    bool has_time;
    bool has_client;
    bool has_clk;
    bool has_lt_addr;
    bool retransmission; /* sent again: SEQN and payload are those of the packet before it */
    bool exact;          /* LMP: `bytes` has the length that the payload header announces; false: more may follow */
};

#endif
