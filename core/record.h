/* record.h: the record of one packet, the interface between the code that reads packets and the code that counts them.
 *
 * The dissector queues one record on its tap for every baseband packet, and the command fills the same record. It is a
 * flat struct of plain integers without pointers. It is valid only until the listeners of its frame return: a listener
 * copies what it keeps.
 *
 * Sections are those of the Bluetooth Core Specification, Vol 2 Part B (Baseband), unless stated otherwise.
 *
 * How to count. Skip records of another version, and records with `malformed` set, which are reported on their own.
 * Every other record is one packet of one client, `lap`, and in exactly one class, `packet_class`. So
 *     packets = access codes + headers + undecoded
 * holds for every client, interval and channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_RECORD_H
#define BTBB_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#define BTBB_TAP_NAME       "btbb"
#define BTBB_COUNT_TAP_NAME "btbb_count" /* the same records, for listeners that are content with the records alone */
#define BTBB_RECORD_VERSION 6u /* increased whenever a member is added, removed, moved or changes its meaning */

/* Number of codes of the four-bit TYPE field (6.4.2). */
#define BTBB_TYPES 16u

/* The names of the TYPE codes, in code order: every packet that a code can mean (tables 6.2 and 6.9), basic rate
 * first. Initialiser of an array of BTBB_TYPES strings. */
#define BTBB_TYPE_NAMES                                                                                                \
    {                                                                                                                  \
        "NULL", "POLL", "FHS", "DM1", "DH1/2-DH1", "HV1", "HV2/2-EV3", "HV3/EV3/3-EV3", "DV/3-DH1", "AUX1",            \
            "DM3/2-DH3", "DH3/3-DH3", "EV4/2-EV5", "EV5/3-EV5", "DM5/2-DH5", "DH5/3-DH5"                               \
    }

/* LAPs 0x9e8b00..0x9e8b3f are reserved for inquiry (1.2.1): no device address has one of them. */
#define BTBB_LAP_RESERVED_FIRST 0x9e8b00u
#define BTBB_LAP_RESERVED_LAST  0x9e8b3fu

/* The client of packets whose LAP neither the frame nor earlier frames contain. LAPs have 24 bits, this value more. */
#define BTBB_LAP_UNKNOWN 0x1000000u

/* RF channels are numbered 0..78 (2.1). */
#define BTBB_CHANNELS 79u

enum btbb_encap {
    BTBB_ENCAP_LEGACY = 0,   /* Ethernet frame, ethertype 0xfff0, with one address: Ubertooth, Kismet, gr-bluetooth */
    BTBB_ENCAP_INTERNALBLUE, /* the same frame with the addresses of sender and receiver: InternalBlue */
    BTBB_ENCAP_RF,           /* LINKTYPE_BLUETOOTH_BREDR_BB (255) */
    BTBB_ENCAP_ESP32,        /* HCI H4 type 0x09: ESP32 BR/EDR sniffer */
    BTBB_ENCAP_BROADCOM      /* Broadcom diagnostics (HCI H4 type 0x07) or Apple PacketLogger: LMP only */
};

/* What was received of a packet. Each packet is in one class. */
enum btbb_class {
    BTBB_CLASS_ID = 0,   /* access code only: no packet header was received, or the file has none */
    BTBB_CLASS_HEADER,   /* the packet header counts: `type` and `lt_addr` are valid. Legacy: whenever the file holds
                            TYPE. LINKTYPE 255: unless its HEC is bad */
    BTBB_CLASS_UNDECODED /* more than an access code, but no header that counts: its HEC is bad, it is still whitened,
                            it is cut, or it was not recorded: with a payload with good CRC, or an LMP PDU */
};
#define BTBB_CLASSES 3u

/* Outcome of a HEC or CRC check. */
enum btbb_check {
    BTBB_CHECK_ABSENT = 0, /* the packet has no such field, or the file does not hold it */
    BTBB_CHECK_UNVERIFIED, /* the field is there; its start value (the UAP) is not known, or it proves nothing */
    BTBB_CHECK_GOOD,
    BTBB_CHECK_BAD
};

/* Physical direction. */
enum btbb_dir {
    BTBB_DIR_UNKNOWN = 0,
    BTBB_DIR_TO_PERIPHERAL, /* sent by the Central */
    BTBB_DIR_TO_CENTRAL     /* sent by a Peripheral */
};

/* What proves the direction. */
enum btbb_dir_source {
    BTBB_DIR_SOURCE_NONE = 0, /* the direction is unknown */
    BTBB_DIR_SOURCE_CLOCK,    /* CLK1 of the piconet's clock: the Central starts to send while it is 0 (2.2.5) */
    BTBB_DIR_SOURCE_ROLE,     /* the file has the role of the capturing device, and whether it sent the packet */
    BTBB_DIR_SOURCE_POLL,     /* a POLL with good HEC: only the Central sends POLLs (6.5.1.3) */
    BTBB_DIR_SOURCE_LMP,      /* who starts LMP transactions with which TID (Vol 2 Part C, 2.3) showed the role */
    BTBB_DIR_SOURCE_FLAGS,    /* packet flags of the file (sent or received); a POLL showed the role */
    BTBB_DIR_SOURCE_FOUND, /* CLK1 of a clock that the file does not hold: from hops or an FHS packet (learn/clock.h) */
    BTBB_DIR_SOURCE_PHASE  /* a slot of the Central, or not: POLLs and the like showed whose slots are whose */
};

/* Where the clock of a piconet, or the direction alone, comes from. */
enum btbb_clock_source {
    BTBB_CLOCK_UNKNOWN = 0,
    BTBB_CLOCK_FILE,   /* the file holds it */
    BTBB_CLOCK_OFFSET, /* the capturing device's own clock in the file, and its offset to the piconet's */
    BTBB_CLOCK_FHS,    /* an FHS packet of the Central */
    BTBB_CLOCK_HOPS,   /* the channels of the packets */
    BTBB_CLOCK_PHASE   /* the direction alone: slots, and packets whose sender is proven */
};

/* Who sent the packet, seen from the capturing device. */
enum btbb_own {
    BTBB_OWN_UNKNOWN = 0,
    BTBB_OWN_SENT, /* the capturing device sent it */
    BTBB_OWN_RECEIVED
};

/* Where the UAP of a LAP comes from. */
enum btbb_uap_source {
    BTBB_UAP_UNKNOWN = 0,
    BTBB_UAP_FILE,      /* legacy: an Ethernet address of the frame. Broadcom: an address in the record */
    BTBB_UAP_REFERENCE, /* LINKTYPE 255: the reference UAP of the record */
    BTBB_UAP_HEC,       /* implied by HECs that agree (7.1.1) */
    BTBB_UAP_CRC,       /* implied by a payload CRC (7.1.2) */
    BTBB_UAP_FHS,       /* announced in an FHS packet (6.5.1.4) */
    BTBB_UAP_RESERVED,  /* reserved LAP: checks start from the default check initialisation, 0x00 (7.1) */
    BTBB_UAP_LMP        /* announced in LMP_slot_offset (Vol 2 Part C, 4.4.1) */
};

/* How much is known of an address, worst first; a better rank is never replaced by a worse one. */
enum btbb_rank {
    BTBB_RANK_LAP = 0,    /* the LAP alone */
    BTBB_RANK_UAP,        /* a UAP that nothing has proven */
    BTBB_RANK_UAP_PROVEN, /* a UAP that a HEC or CRC has proven */
    BTBB_RANK_NAP         /* NAP and UAP */
};

struct btbb_record {
    uint32_t version; /* BTBB_RECORD_VERSION; a listener built for another version must not read on */
    uint32_t frame;   /* number of the frame in the file, from 1 */
    int64_t time_ns;  /* nanoseconds since 1970-01-01 00:00 UTC; valid when has_time */

    /* The client: what packets are told apart by. It is the value of the display filter field btbb.lap, so that
     * "btbb.lap == 48:31:dd" selects exactly the packets of that client.
     *   legacy, LINKTYPE 255     LAP of the access code (6.3)
     *   ESP32                    LAP of the piconet's Central, once it is known
     *   InternalBlue, Broadcom   LAP of the peer, the device that is not the capturing one, in both directions. Of the
     *                            sender where an InternalBlue frame ends before the byte that shows the direction
     * BTBB_LAP_UNKNOWN, and no such field: not known. */
    uint32_t lap;
    uint32_t wire_bytes;    /* length of the frame before any cutting, link layer header included */
    uint32_t payload_bytes; /* length of the payload on the wire: payload header, body, MIC, CRC and what follows */

    /* The best-known rest of the client's address, this frame included. */
    uint16_t nap;       /* valid when rank is BTBB_RANK_NAP */
    uint8_t uap;        /* valid when rank is above BTBB_RANK_LAP */
    uint8_t rank;       /* enum btbb_rank */
    uint8_t uap_source; /* enum btbb_uap_source */

    /* An address that this frame contains for some LAP (of the sender of an FHS packet). Valid when taught. */
    bool taught;
    uint8_t taught_uap;
    uint16_t taught_nap;
    uint32_t taught_lap;

    uint8_t encap;  /* enum btbb_encap */
    bool malformed; /* holds no packet: too short, or foreign. No member below is valid, nor is `lap` */
    bool foreign;   /* a record of something else in the same capture format, such as a Low Energy packet */
    bool has_time;
    uint8_t packet_class;      /* enum btbb_class */
    uint8_t type;              /* TYPE code, 0..15; valid when packet_class is BTBB_CLASS_HEADER */
    uint8_t kind;              /* row of the packet type table (enum btbb_kind) plus one, 0 = not resolved */
    uint8_t lt_addr;           /* 0..7; valid when packet_class is BTBB_CLASS_HEADER */
    uint8_t hec;               /* enum btbb_check */
    uint8_t crc;               /* enum btbb_check */
    uint8_t dir;               /* enum btbb_dir */
    uint8_t dir_source;        /* enum btbb_dir_source */
    uint8_t own;               /* enum btbb_own */
    bool retransmission;       /* same SEQN and CRC as the packet before it on this link and direction */
    bool plain_retransmission; /* the same without directions that follow from clocks that were found */
    bool has_channel;
    bool has_signal;
    bool has_noise;
    uint8_t channel;   /* RF channel, 0..78 in an undamaged file; valid when has_channel */
    int8_t signal_dbm; /* valid when has_signal */
    int8_t noise_dbm;  /* valid when has_noise */

    /* How far the time stamps jump from the packet before to this one, 0 for no jump (learn/time-jumps.h): negative for
     * any step backwards of more than a second, positive for an amount by which Ubertooth's clock jumps forwards. The
     * seconds of the jump have not passed. */
    int64_t time_jump_ns;
};

/* Whether the packet has a header that counts. */
static inline bool btbb_record_has_header(const struct btbb_record *record)
{
    return record->packet_class == BTBB_CLASS_HEADER;
}

/* One packet with everything that the view packets shows. It has a tap of its own, so other views avoid the cost. */
#define BTBB_DETAILS_TAP_NAME "btbb_packets"

/* The address type of a LAP, three bytes, most significant byte first. With name resolution it has the name, too. */
#define BTBB_LAP_ADDRESS_TYPE "AT_BTBB_LAP"

/* No packet is queued on this tap. A listener on it makes the dissector find clocks that the file does not hold. */
#define BTBB_CLOCK_TAP_NAME "btbb_clock"

struct btbb_name;

struct btbb_details {
    struct btbb_record record;

    const struct btbb_name *name; /* of the client, from this or an earlier frame (learn/names.h); NULL: none. Valid
                                     until the next frame is learned */

    uint32_t clk;    /* as the file has it; valid when has_clk */
    uint16_t length; /* LENGTH of the payload header (6.6.2); valid when has_payload_header */
    uint8_t llid;    /* LLID of the payload header; valid when has_payload_header */
    bool has_clk;    /* the file has the clock of this packet */
    bool has_payload_header;
    bool has_flags;        /* FLOW, ARQN and SEQN were received (6.4.3 to 6.4.5) */
    bool has_clk27;        /* the clock of the piconet is known */
    uint8_t clk_source;    /* enum btbb_clock_source of clk27, or of the direction alone */
    uint32_t clk27;        /* CLK27-1 of the packet's start slot; valid when has_clk27 */
    float clk_confidence;  /* of clk27, or of the direction where it is alone: 0..1; valid when clk_source is not 0 */
    bool flow, arqn, seqn; /* valid when has_flags */

    /* The columns of the pandas notebook, computed as its code does. Address: as stored in this frame. */
    uint16_t notebook_nap;
    uint8_t notebook_uap;
    bool notebook_has_type; /* the type is record.type */
    bool notebook_has_to_master;
    bool notebook_to_master; /* valid when notebook_has_to_master */
    bool notebook_payload;
};

#endif
