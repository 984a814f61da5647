/* record.h: the record that the btbb dissector queues on its tap, once for every BTBB frame.
 *
 * This is the whole interface between the dissector and whoever counts its packets: one flat struct of
 * plain integers, without pointers. A listener copies what it wants to keep: the record is gone when the
 * listeners of its frame have run.
 *
 * Chapters are those of the Bluetooth Core Specification, Vol 2 Part B (Baseband), unless said otherwise.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TAP_H
#define BTBB_TAP_H

#include <stdbool.h>
#include <stdint.h>

#define BTBB_TAP_NAME       "btbb"
#define BTBB_RECORD_VERSION 1u /* raised whenever a member changes its place or meaning */

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

/* RF channels are numbered 0..78 (2.1). */
#define BTBB_CHANNELS 79u

enum btbb_encap {
    BTBB_ENCAP_LEGACY = 0,   /* Ethernet frame, ethertype 0xfff0, written by Ubertooth and Kismet */
    BTBB_ENCAP_INTERNALBLUE, /* the same frame written by InternalBlue: both MAC addresses are set */
    BTBB_ENCAP_RF            /* LINKTYPE_BLUETOOTH_BREDR_BB (255) */
};

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

/* Who sent the packet, seen from the capturing device. */
enum btbb_own {
    BTBB_OWN_UNKNOWN = 0,
    BTBB_OWN_SENT, /* the capturing device sent it */
    BTBB_OWN_RECEIVED
};

/* Where the UAP of a LAP comes from. */
enum btbb_uap_source {
    BTBB_UAP_UNKNOWN = 0,
    BTBB_UAP_FILE,      /* legacy: the source address of the frame */
    BTBB_UAP_REFERENCE, /* LINKTYPE 255: the reference UAP of the record */
    BTBB_UAP_HEC,       /* implied by HECs that agree (7.1.1) */
    BTBB_UAP_CRC,       /* implied by a payload CRC (7.1.2) */
    BTBB_UAP_FHS,       /* announced in an FHS packet (6.5.1.4) */
    BTBB_UAP_RESERVED   /* reserved LAP: checks start from the default check initialisation, 0x00 (7.1) */
};

/* How much is known of an address, worst first; a better rank is never replaced by a worse one. */
enum btbb_rank {
    BTBB_RANK_LAP = 0,    /* the LAP alone */
    BTBB_RANK_UAP,        /* a UAP that nothing has proven */
    BTBB_RANK_UAP_PROVEN, /* a UAP that a HEC or CRC has proven */
    BTBB_RANK_NAP         /* NAP and UAP */
};

struct btbb_record {
    uint32_t version;       /* BTBB_RECORD_VERSION; a listener that knows another one must not read on */
    uint32_t frame;         /* number of the frame in the file, from 1 */
    int64_t time_ns;        /* nanoseconds since 1970-01-01 00:00 UTC; valid when has_time */
    uint64_t client;        /* what clients are told apart by: the LAP; for InternalBlue a key of the unordered
                                   pair of addresses, always above 0xffffff. Valid when has_lap */
    uint32_t lap;           /* 24 bits; LAP of the access code (6.3). InternalBlue: of the peer, the device that is
                                   not the capturing one. Valid when has_lap */
    uint32_t wire_bytes;    /* length of the frame before any cutting, link layer header included */
    uint32_t payload_bytes; /* length of the payload on the wire: payload header, body, MIC, CRC and what follows */

    /* The best-known address that belongs to `lap`, this frame included. */
    uint16_t nap;       /* valid when rank is BTBB_RANK_NAP */
    uint8_t uap;        /* valid when rank is above BTBB_RANK_LAP */
    uint8_t rank;       /* enum btbb_rank */
    uint8_t uap_source; /* enum btbb_uap_source */

    /* An address that this frame teaches about another LAP (the sender of an FHS). Valid when taught. */
    bool taught;
    uint8_t taught_uap;
    uint16_t taught_nap;
    uint32_t taught_lap;

    uint8_t encap; /* enum btbb_encap */
    bool has_time;
    bool has_lap;        /* false only for a frame too short to name its LAP */
    bool id;             /* access code only: no packet header was received, or none was decoded */
    bool typed;          /* `type` holds and counts. Legacy: whenever the file holds it. LINKTYPE 255: unless the
                                   HEC is bad, the packet still whitened, or the header zero and unproven */
    uint8_t type;        /* TYPE code, 0..15; valid when typed */
    uint8_t kind;        /* row of the packet type table plus one, 0 = not resolved */
    uint8_t lt_addr;     /* 0..7; valid when typed */
    uint8_t hec;         /* enum btbb_check */
    uint8_t crc;         /* enum btbb_check */
    uint8_t dir;         /* enum btbb_dir */
    uint8_t own;         /* enum btbb_own */
    bool retransmission; /* same SEQN and CRC as the packet before it on this link and direction */
    bool has_channel;
    bool has_signal;
    bool has_noise;
    uint8_t channel;   /* RF channel, 0..78 in a sane file; valid when has_channel */
    int8_t signal_dbm; /* valid when has_signal */
    int8_t noise_dbm;  /* valid when has_noise */
};

#endif
