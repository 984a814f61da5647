/* link-packet.h: what the link tracker (learn/links.h) needs of one packet, whatever the capture format.
 *
 *                 client            sender, receiver     central         lt_addr  dir               own
 *   legacy        LAP               -                    source address  yes      clock, POLL       -
 *   LINKTYPE 255  LAP               -                    as far as known yes      clock, POLL or -  epb_flags or -
 *   InternalBlue  pair of addresses source, destination  -               yes      -                 yes
 *   Broadcom      LAP of the other  the other device     -               no       -                 yes
 *   ESP32         LAP, once known   -                    as client       yes      see below         yes
 *
 * A dash is a member that stays zero. What the format does not have, the tracker finds out from LMP: roles, senders and
 * the addresses in LMP_slot_offset. The direction of an ESP32 record is its role and whether it was sent; but the role
 * of sent records may be an old one from a role switch on, until a record is received: their direction is not known.
 * FHS packets that an ESP32 sends are templates, not proof of a transmission: they must not be handed in.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LINK_PACKET_H
#define BTBB_CORE_LINK_PACKET_H

#include <string.h>

#include "decode/decode.h"
#include "decode/eir.h"
#include "decode/lmp.h"
#include "learn/decrypt-reason.h"

/* The dissector queues a record for each packet that the tracker takes in. Listeners that need names only avoid the
 * cost of L2CAP data, of which there may be much. */
#define BTBB_LINK_TAP_NAME "btbb_links" /* all */
#define BTBB_NAME_TAP_NAME "btbb_names" /* all but L2CAP data and sealed payloads */

/* After LMP_detach, packets that were on their way still arrive; a device needs longer to page the other one again. */
#define BTBB_TRAILING_NS INT64_C(1000000000)

#define BTBB_LINK_PACKET_VERSION 3u /* increased whenever a member is added, removed, moved or changes its meaning */

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
    BTBB_LINK_PACKET_LMP = 0, /* `lmp` is an LMP PDU. Its CRC is good, or the capture has none */
    BTBB_LINK_PACKET_DATA,    /* L2CAP data that could be read: its CRC is good, or the capture has none */
    BTBB_LINK_PACKET_FHS,     /* `fhs` is proven (CRC or parity) and was really sent */
    BTBB_LINK_PACKET_EIR,     /* `eir` is an Extended Inquiry Response that was really sent. Its CRC is good, or the
                                 capture has none */
    BTBB_LINK_PACKET_SEALED,  /* a payload that is encrypted, or was, and shows nothing but its `decryption` */
    BTBB_LINK_PACKET_NONE     /* nothing for the tracker */
};

/* What a capture has on the encryption of one packet. */
enum btbb_protection {
    BTBB_PROTECTION_UNKNOWN = 0,
    BTBB_PROTECTION_CLEAR,     /* the capturing device marks it as sent in clear */
    BTBB_PROTECTION_ENCRYPTED, /* it marks it as encrypted on air */
    BTBB_PROTECTION_AES_CCM    /* the payload has a valid MIC (Vol 2 Part B, 7.1.3) */
};

/* One byte more than any PDU has, so that a longer one is seen to be too long. */
#define BTBB_LINK_LMP_BYTES (BTBB_LMP_BYTES + 1u)

/* One packet: flat, without pointers, so that it can be passed on by a tap. Members that a capture format does not have
 * stay zero. */
struct btbb_link_packet {
    uint32_t version; /* BTBB_LINK_PACKET_VERSION; a listener built for another version must not read on */
    int64_t time_ns;  /* valid when has_time */
    uint64_t client;  /* as in btbb_record.client: the LAP of the access code, or a key of the pair of addresses.
                                Valid when has_client */
    uint32_t frame;   /* number in the file, from 1, never below that of an earlier packet */
    uint32_t clk;     /* CLK27..CLK1 of the piconet; valid when has_clk */
    struct btbb_device_address sender; /* as far as the frame itself names them */
    struct btbb_device_address receiver;
    struct btbb_device_address central;
    struct btbb_fhs fhs; /* FHS */
    union {
        uint8_t lmp[BTBB_LINK_LMP_BYTES]; /* LMP, from the opcode on */
        uint8_t eir[BTBB_EIR_BYTES];      /* EIR */
    };
    uint8_t length;     /* bytes of `lmp` or `eir`; of more bytes, the first ones are kept */
    bool exact;         /* LMP: the payload header announces that length; false: bytes may follow that are none of it */
    uint8_t kind;       /* enum btbb_link_packet_kind */
    uint8_t lt_addr;    /* 1 to 7; valid when has_lt_addr. 0 (broadcast) is no connection */
    uint8_t dir;        /* enum btbb_dir */
    uint8_t own;        /* enum btbb_own */
    uint8_t protection; /* enum btbb_protection */
    uint8_t decryption; /* enum btbb_decrypt_reason; NONE where the user has given no keys */
    bool has_keys;      /* the user has given keys */
    bool has_time;
    bool has_client;
    bool has_clk;
    bool has_lt_addr;
    bool retransmission;       /* sent again: SEQN and payload are those of the packet before it */
    bool plain_retransmission; /* the same without directions that follow from clocks that were found */
    bool found_clk;            /* `clk` is that of a clock which the file does not hold (learn/clock.h) */
    bool found_dir;            /* and `dir` follows from such a clock */
};

/* Enter an LMP PDU. `exact` as in btbb_lmp_read(). */
static inline void btbb_link_packet_set_lmp(struct btbb_link_packet *packet, struct btbb_span pdu, bool exact)
{
    const struct btbb_span kept = btbb_part(pdu, 0, BTBB_LINK_LMP_BYTES);

    packet->kind = BTBB_LINK_PACKET_LMP;
    packet->exact = exact;
    packet->length = (uint8_t)kept.length;
    memset(packet->lmp, 0, sizeof packet->lmp);
    if (kept.length > 0)
        memcpy(packet->lmp, kept.bytes, kept.length);
}

/* Enter an Extended Inquiry Response. */
static inline void btbb_link_packet_set_eir(struct btbb_link_packet *packet, struct btbb_span response)
{
    const struct btbb_span kept = btbb_part(response, 0, BTBB_EIR_BYTES);

    packet->kind = BTBB_LINK_PACKET_EIR;
    packet->length = (uint8_t)kept.length;
    if (kept.length > 0)
        memcpy(packet->eir, kept.bytes, kept.length);
}

#endif
