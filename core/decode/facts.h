/* facts.h: a frame of a capture file, and everything that its bytes alone prove about the packet in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_FACTS_H
#define BTBB_CORE_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/packet-type.h"
#include "record.h"

/* How a frame of a capture file is laid out. The table of formats.h has a row for each. */
enum btbb_capture_format {
    BTBB_CAPTURE_LEGACY, /* `bytes` follow an Ethernet header with ethertype 0xfff0 */
    BTBB_CAPTURE_RF,     /* `bytes` begin with the pseudo-header of LINKTYPE_BLUETOOTH_BREDR_BB */
    BTBB_CAPTURE_ESP32,  /* `bytes` follow the type byte of an HCI H4 packet */
    BTBB_CAPTURE_BROADCOM,
    BTBB_CAPTURE_MONITOR,     /* as Broadcom; `bytes` follow the pseudo-header of a BlueZ monitor packet */
    BTBB_CAPTURE_LOGGER_SENT, /* `bytes` follow the record type of an Apple PacketLogger file: an LMP PDU */
    BTBB_CAPTURE_LOGGER_RECEIVED,
    BTBB_CAPTURE_FORMATS
};

/* A frame of a file. The bytes stay the caller's. */
struct btbb_frame {
    enum btbb_capture_format format; /* how `bytes` are laid out, see formats.h */
    uint8_t dst[6];                  /* legacy: the Ethernet addresses */
    uint8_t src[6];
    const uint8_t *bytes; /* may be NULL when captured is 0 */
    uint32_t captured;    /* bytes that may be read */
    uint32_t reported;    /* length before any cutting; a value below `captured` is read as `captured` */
    enum btbb_own own;    /* of pcapng's epb_flags, link type 201 or Linux cooked; or BTBB_OWN_UNKNOWN */
    bool has_time;
    int64_t time_ns; /* as btbb_record.time_ns; valid when has_time */
};

/* How much of the packet header the file has. */
enum btbb_header_state {
    BTBB_HEADER_NONE = 0, /* nothing */
    BTBB_HEADER_CUT,      /* the frame ends inside the meta data or header */
    BTBB_HEADER_WHITENED, /* LINKTYPE 255 without the flag "de-whitened": noise */
    BTBB_HEADER_PRESENT
};

/* Role of a device in a piconet. */
enum btbb_role { BTBB_ROLE_UNKNOWN = 0, BTBB_ROLE_CENTRAL, BTBB_ROLE_PERIPHERAL };

/* How sure the packet kind is; see payload.c. */
enum btbb_confidence {
    BTBB_CONFIDENCE_NONE = 0,
    BTBB_CONFIDENCE_PLAUSIBLE, /* fits into the data; not resolved */
    BTBB_CONFIDENCE_BAD_CRC,   /* the length is exact, the CRC is wrong: bit error or encrypted */
    BTBB_CONFIDENCE_EXACT,     /* the length is exact, no CRC could be checked */
    BTBB_CONFIDENCE_PROVEN     /* the CRC is good */
};

/* The parts of a payload. Offsets count from the first payload byte. The payload header, and the CRC where has_crc
 * holds, lie inside the captured bytes; the body may be cut. */
struct btbb_payload {
    uint32_t offset;         /* of the first payload byte in btbb_frame.bytes */
    uint32_t captured;       /* payload bytes that may be read */
    uint32_t reported;       /* payload bytes on the wire */
    bool parsed;             /* the members below are valid */
    uint8_t voice_bytes;     /* DV: 10, otherwise 0; they come first */
    uint8_t header_bytes;    /* 0, 1 or 2 */
    uint8_t llid;            /* valid when header_bytes > 0 */
    bool flow;               /* valid when header_bytes > 0 */
    bool header_reserved;    /* a reserved bit of a two-byte payload header is set */
    bool header_replaced;    /* the stored payload header is a constant: llid and length follow from the LMP PDU */
    uint16_t length;         /* LENGTH: bytes of body; valid when header_bytes > 0 */
    bool length_beyond_type; /* not parsed, because LENGTH is above the maximum of every candidate */
    bool length_beyond_data; /* not parsed, because header, LENGTH and CRC of every candidate exceed `reported` */
    uint32_t body_offset;
    uint32_t body_bytes; /* on the wire; captured may end earlier */
    bool mic;            /* four bytes of MIC stand between body and CRC (7.1.3; AES-CCM) */
    bool has_crc;        /* the kind has a CRC and it was captured; crc_offset and crc are valid */
    uint32_t crc_offset;
    uint16_t crc;            /* as stored, little-endian */
    uint16_t crc_computed;   /* valid when the UAP is known */
    uint32_t trailing_bytes; /* reported bytes after the last part */
};

/* The address and clock of the sender of an FHS packet (6.5.1.4). */
struct btbb_fhs {
    uint32_t lap;
    uint8_t uap;
    uint16_t nap;
    uint32_t class_of_device; /* 24 bits */
    uint8_t lt_addr;
    uint32_t clk27_2; /* 26 bits: CLK27..CLK2 of the sender */
    bool eir;         /* an Extended Inquiry Response may follow */
    bool parity_good; /* the parity bits are those of the LAP's sync word */
};

struct btbb_facts {
    enum btbb_encap encap;
    bool malformed; /* too short for the format's header (LINKTYPE 255 below 22 bytes): no other member is valid */
    bool foreign;   /* no BR/EDR packet, but a record of another kind in the same format: `malformed` is set, too, and
                       only `diagnostic` is valid */
    bool truncated; /* captured < reported, or a legacy frame that ends inside meta data or header */

    /* The address that the frame has for its client, see btbb_record.lap. */
    bool has_lap; /* false: ESP32 and PacketLogger, whose records have no address */
    uint32_t lap;
    uint16_t nap;
    uint8_t uap;
    bool nap_known;
    bool uap_known; /* by this frame alone. LINKTYPE 255: the reference UAP is of this LAP. A reserved
                       LAP of a legacy frame: the start value 0x00 of the checks */
    bool lap_reserved;
    bool padded_id; /* legacy: nothing but zero bytes with UAP 0: an access code padded by Ethernet */
    enum btbb_own own;

    /* Legacy meta data, and some of it in ESP32 records. */
    bool has_clk;    /* the frame has the four CLK bytes */
    bool native_clk; /* ESP32: CLK is the native clock of the capturing device, bits 27 to 1 (CLKN27-1) */
    bool has_channel;
    bool has_meta_flags;
    uint32_t clk;
    uint8_t clk_bits;  /* 6 or 27; valid when has_meta_flags */
    uint8_t addr_bits; /* 32 or 48; valid when has_meta_flags */
    uint8_t meta_flags;
    uint8_t channel;

    /* LINKTYPE 255 pseudo-header. */
    int8_t signal_dbm, noise_dbm;
    bool has_signal, has_noise;
    uint8_t ac_errors; /* bit errors in the access code */
    uint8_t rate;      /* low nibble modulation, high nibble logical transport; 0xff access code only */
    uint8_t corrected_header_bits;
    int16_t corrected_payload_bits;
    bool has_ref_lap, has_ref_uap;
    uint32_t ref_lap;
    uint8_t ref_uap;
    uint16_t rf_flags;
    uint32_t header32; /* the header word as stored */
    bool old_writer;   /* payload bytes without the flag for them: the modulation counts from 1 */

    /* ESP32. */
    bool has_link_flags;
    uint8_t link_flags;      /* BTBB_ESP32_*, see layout.h */
    enum btbb_role own_role; /* of the capturing device, as stored. Unknown in packets outside of a connection */
    bool eir;                /* the payload body is an Extended Inquiry Response */

    /* Broadcom diagnostics. */
    bool has_diagnostic;
    uint8_t diagnostic; /* type of the record, see format-broadcom.h */
    bool has_connection;
    uint8_t connection; /* the controller's number of the connection */

    /* Packet header. */
    enum btbb_header_state header_state;
    enum btbb_class packet_class; /* depends on the checks of HEC and CRC */
    bool has_type;                /* LT_ADDR and TYPE were captured and are not whitened */
    bool has_flags;               /* FLOW, ARQN, SEQN */
    bool has_hec;
    bool header_reserved; /* a reserved header bit is set */
    uint8_t lt_addr, type;
    bool flow, arqn, seqn;
    uint16_t header10; /* the ten bits the HEC covers, first on air = bit 0; valid when has_flags */
    uint8_t hec;
    uint8_t hec_computed;    /* valid when hec_check is GOOD or BAD */
    uint8_t hec_implied_uap; /* the one UAP that this HEC fits; valid when has_hec */
    enum btbb_check hec_check;

    /* Payload. */
    struct btbb_payload payload;
    const struct btbb_packet_type *kind; /* resolved packet kind; NULL when not resolved */
    enum btbb_confidence confidence;
    enum btbb_check crc_check;
    bool crc_implies_uap; /* whatever the UAP is: a CRC of exactly fitting length implies crc_implied_uap */
    uint8_t crc_implied_uap;
    bool has_fhs; /* the kind is FHS and its 18 bytes are here: `fhs` at the end is valid */

    /* Direction by this frame alone: CLK1 of a legacy file. learn/ may withhold it. */
    bool has_clk1; /* legacy with CLK of one address, LAP not reserved */
    bool clk1;

    /* The notebook's columns, exactly (true to its code, quirks included). */
    bool nb_has_to_master, nb_to_master;
    bool nb_payload;

    struct btbb_fhs fhs; /* not even set unless has_fhs */
};

#endif
