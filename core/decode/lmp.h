/* lmp.h: Link Manager Protocol PDUs (Core Specification Vol 2 Part C; sections below are of that part).
 *
 * One table holds every PDU: name, length, who may send it, and its place in a transaction. Parameters are parsed only
 * as far as the link tracker (learn/links.h) and the timeline (learn/timeline.h) need them. Pure: no state, no
 * allocation.
 *
 *     btbb_lmp_read(span, true, &pdu);
 *     if (pdu.fault == BTBB_LMP_OK && pdu.code == BTBB_LMP_DETACH)
 *         ... pdu.error ...
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LMP_H
#define BTBB_CORE_LMP_H

#include <stddef.h>

#include "record.h"

#include "decode/read-bits.h"

#define BTBB_LMP_BYTES          17u  /* the longest PDU, opcode included (5.1): all of them fit into a DM1 packet */
#define BTBB_LMP_NAME_BYTES     248u /* the longest device name (4.3.5) */
#define BTBB_LMP_FRAGMENT_BYTES 14u  /* of a name in one LMP_name_res (4.3.5) */
#define BTBB_LMP_RANDOM_BYTES   16u
#define BTBB_LMP_SRES_BYTES     4u

/* Opcodes 124 to 127 are escapes: a second byte of opcode follows (5.1). Only 127 has PDUs. */
#define BTBB_LMP_ESCAPE_FIRST 124u
#define BTBB_LMP_ESCAPED      0x7f00u /* code of a PDU with opcode 127: BTBB_LMP_ESCAPED | extended opcode */

/* The PDUs by their code. */
enum btbb_lmp_code {
    BTBB_LMP_NONE = 0, /* no PDU has it */
    BTBB_LMP_NAME_REQ = 1,
    BTBB_LMP_NAME_RES = 2,
    BTBB_LMP_ACCEPTED = 3,
    BTBB_LMP_NOT_ACCEPTED = 4,
    BTBB_LMP_CLKOFFSET_REQ = 5,
    BTBB_LMP_CLKOFFSET_RES = 6,
    BTBB_LMP_DETACH = 7,
    BTBB_LMP_IN_RAND = 8,
    BTBB_LMP_COMB_KEY = 9,
    BTBB_LMP_UNIT_KEY = 10,
    BTBB_LMP_AU_RAND = 11,
    BTBB_LMP_SRES = 12,
    BTBB_LMP_TEMP_RAND = 13,
    BTBB_LMP_TEMP_KEY = 14,
    BTBB_LMP_ENCRYPTION_MODE_REQ = 15,
    BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ = 16,
    BTBB_LMP_START_ENCRYPTION_REQ = 17,
    BTBB_LMP_STOP_ENCRYPTION_REQ = 18,
    BTBB_LMP_SWITCH_REQ = 19,
    BTBB_LMP_HOLD = 20,
    BTBB_LMP_HOLD_REQ = 21,
    BTBB_LMP_SNIFF_REQ = 23,
    BTBB_LMP_UNSNIFF_REQ = 24,
    BTBB_LMP_INCR_POWER_REQ = 31,
    BTBB_LMP_DECR_POWER_REQ = 32,
    BTBB_LMP_MAX_POWER = 33,
    BTBB_LMP_MIN_POWER = 34,
    BTBB_LMP_AUTO_RATE = 35,
    BTBB_LMP_PREFERRED_RATE = 36,
    BTBB_LMP_VERSION_REQ = 37,
    BTBB_LMP_VERSION_RES = 38,
    BTBB_LMP_FEATURES_REQ = 39,
    BTBB_LMP_FEATURES_RES = 40,
    BTBB_LMP_QUALITY_OF_SERVICE = 41,
    BTBB_LMP_QUALITY_OF_SERVICE_REQ = 42,
    BTBB_LMP_SCO_LINK_REQ = 43,
    BTBB_LMP_REMOVE_SCO_LINK_REQ = 44,
    BTBB_LMP_MAX_SLOT = 45,
    BTBB_LMP_MAX_SLOT_REQ = 46,
    BTBB_LMP_TIMING_ACCURACY_REQ = 47,
    BTBB_LMP_TIMING_ACCURACY_RES = 48,
    BTBB_LMP_SETUP_COMPLETE = 49,
    BTBB_LMP_USE_SEMI_PERMANENT_KEY = 50,
    BTBB_LMP_HOST_CONNECTION_REQ = 51,
    BTBB_LMP_SLOT_OFFSET = 52,
    BTBB_LMP_PAGE_MODE_REQ = 53,
    BTBB_LMP_PAGE_SCAN_MODE_REQ = 54,
    BTBB_LMP_SUPERVISION_TIMEOUT = 55,
    BTBB_LMP_TEST_ACTIVATE = 56,
    BTBB_LMP_TEST_CONTROL = 57,
    BTBB_LMP_ENCRYPTION_KEY_SIZE_MASK_REQ = 58,
    BTBB_LMP_ENCRYPTION_KEY_SIZE_MASK_RES = 59,
    BTBB_LMP_SET_AFH = 60,
    BTBB_LMP_ENCAPSULATED_HEADER = 61,
    BTBB_LMP_ENCAPSULATED_PAYLOAD = 62,
    BTBB_LMP_SIMPLE_PAIRING_CONFIRM = 63,
    BTBB_LMP_SIMPLE_PAIRING_NUMBER = 64,
    BTBB_LMP_DHKEY_CHECK = 65,
    BTBB_LMP_PAUSE_ENCRYPTION_AES_REQ = 66,

    BTBB_LMP_ACCEPTED_EXT = BTBB_LMP_ESCAPED | 1,
    BTBB_LMP_NOT_ACCEPTED_EXT = BTBB_LMP_ESCAPED | 2,
    BTBB_LMP_FEATURES_REQ_EXT = BTBB_LMP_ESCAPED | 3,
    BTBB_LMP_FEATURES_RES_EXT = BTBB_LMP_ESCAPED | 4,
    BTBB_LMP_CLK_ADJ = BTBB_LMP_ESCAPED | 5,
    BTBB_LMP_CLK_ADJ_ACK = BTBB_LMP_ESCAPED | 6,
    BTBB_LMP_CLK_ADJ_REQ = BTBB_LMP_ESCAPED | 7,
    BTBB_LMP_PACKET_TYPE_TABLE_REQ = BTBB_LMP_ESCAPED | 11,
    BTBB_LMP_ESCO_LINK_REQ = BTBB_LMP_ESCAPED | 12,
    BTBB_LMP_REMOVE_ESCO_LINK_REQ = BTBB_LMP_ESCAPED | 13,
    BTBB_LMP_CHANNEL_CLASSIFICATION_REQ = BTBB_LMP_ESCAPED | 16,
    BTBB_LMP_CHANNEL_CLASSIFICATION = BTBB_LMP_ESCAPED | 17,
    BTBB_LMP_SNIFF_SUBRATING_REQ = BTBB_LMP_ESCAPED | 21,
    BTBB_LMP_SNIFF_SUBRATING_RES = BTBB_LMP_ESCAPED | 22,
    BTBB_LMP_PAUSE_ENCRYPTION_REQ = BTBB_LMP_ESCAPED | 23,
    BTBB_LMP_RESUME_ENCRYPTION_REQ = BTBB_LMP_ESCAPED | 24,
    BTBB_LMP_IO_CAPABILITY_REQ = BTBB_LMP_ESCAPED | 25,
    BTBB_LMP_IO_CAPABILITY_RES = BTBB_LMP_ESCAPED | 26,
    BTBB_LMP_NUMERIC_COMPARISON_FAILED = BTBB_LMP_ESCAPED | 27,
    BTBB_LMP_PASSKEY_FAILED = BTBB_LMP_ESCAPED | 28,
    BTBB_LMP_OOB_FAILED = BTBB_LMP_ESCAPED | 29,
    BTBB_LMP_KEYPRESS_NOTIFICATION = BTBB_LMP_ESCAPED | 30,
    BTBB_LMP_POWER_CONTROL_REQ = BTBB_LMP_ESCAPED | 31,
    BTBB_LMP_POWER_CONTROL_RES = BTBB_LMP_ESCAPED | 32,
    BTBB_LMP_PING_REQ = BTBB_LMP_ESCAPED | 33,
    BTBB_LMP_PING_RES = BTBB_LMP_ESCAPED | 34,
    BTBB_LMP_SAM_SET_TYPE0 = BTBB_LMP_ESCAPED | 35,
    BTBB_LMP_SAM_DEFINE_MAP = BTBB_LMP_ESCAPED | 36,
    BTBB_LMP_SAM_SWITCH = BTBB_LMP_ESCAPED | 37
};

/* Who may send a PDU (table 5.1). */
enum btbb_lmp_sender { BTBB_LMP_FROM_EITHER = 0, BTBB_LMP_FROM_CENTRAL, BTBB_LMP_FROM_PERIPHERAL };

/* Which of the two devices of a transaction sends a PDU (procedures of section 4). */
enum btbb_lmp_place {
    BTBB_LMP_BY_EITHER = 0, /* both send it within one transaction, or one may counter the other's */
    BTBB_LMP_BY_INITIATOR,  /* only the device that started the transaction: a request or a notification */
    BTBB_LMP_BY_RESPONDER   /* only the other device: a response */
};

/* One row of table 5.1. */
struct btbb_lmp_info {
    const char *name; /* as in the specification: "LMP_name_req" */
    uint16_t code;    /* enum btbb_lmp_code, or the code of a PDU that the specification has removed */
    uint16_t partner; /* BY_RESPONDER: the code that it answers. Otherwise: the code that answers it, BTBB_LMP_ACCEPTED
                         or _EXT where LMP_accepted or LMP_not_accepted do; 0: none does */
    uint8_t bytes;    /* of the whole PDU, opcode included; 0: variable (removed PDUs only) */
    uint8_t sender;   /* enum btbb_lmp_sender */
    uint8_t place;    /* enum btbb_lmp_place */
};

/* The table, in ascending order of codes. */
extern const struct btbb_lmp_info btbb_lmp_table[];
extern const size_t btbb_lmp_count;

/* The row of a code; NULL when the specification has no such PDU. */
const struct btbb_lmp_info *btbb_lmp_find(uint16_t code);

/* Why the parameters of a PDU cannot be used. */
enum btbb_lmp_fault {
    BTBB_LMP_OK = 0,
    BTBB_LMP_EMPTY,   /* no opcode, or an escape without its second byte */
    BTBB_LMP_UNKNOWN, /* the specification has no such opcode */
    BTBB_LMP_SHORT,   /* bytes are missing */
    BTBB_LMP_LONG     /* there are more bytes than the PDU has */
};

/* Encryption_Mode (5.2). */
#define BTBB_LMP_MODE_OFF 0u
#define BTBB_LMP_MODE_ON  1u

/* Minor type of an encapsulated public key of Secure Simple Pairing: major type 1 (4.2.7.2). */
#define BTBB_LMP_KEY_MAJOR      1u
#define BTBB_LMP_KEY_MINOR_P192 1u
#define BTBB_LMP_KEY_MINOR_P256 2u

/* IO_Capabilities (5.2) and the bit of Authentication_Requirements that requires protection against a device in the
 * middle. */
enum btbb_io_capability { BTBB_IO_DISPLAY_ONLY = 0, BTBB_IO_DISPLAY_YES_NO, BTBB_IO_KEYBOARD_ONLY, BTBB_IO_NONE };
#define BTBB_LMP_AUTH_MITM 0x01u

/* A PDU. Members after `bytes` hold only when fault is BTBB_LMP_OK and `code` is one of those named beside them. All
 * multi-byte parameters are little-endian on air (5.1). */
struct btbb_lmp {
    const struct btbb_lmp_info *info; /* NULL: BTBB_LMP_EMPTY or BTBB_LMP_UNKNOWN */
    uint16_t code;                    /* valid unless BTBB_LMP_EMPTY; may be no member of the enum */
    uint8_t tid;                      /* transaction ID, 0 or 1: the Central or the Peripheral started the transaction
                                         (2.4); valid when length > 0 */
    uint8_t fault;                    /* enum btbb_lmp_fault */
    uint8_t length;                   /* valid bytes of `bytes`, at most BTBB_LMP_BYTES */
    uint8_t bytes[BTBB_LMP_BYTES];    /* from the opcode on; zero after `length` */
    union {
        struct {
            uint16_t code; /* the PDU that is answered */
            uint8_t error; /* (not_)accepted: 0 = accepted, otherwise an error code (Vol 1 Part F) */
        } answer;          /* accepted, not_accepted, accepted_ext, not_accepted_ext */
        struct {
            uint8_t offset; /* of the fragment in the name */
            uint8_t length; /* of the whole name; 0 in name_req */
        } name;             /* name_req, name_res; the fragment is bytes[3] to bytes[16] */
        struct {
            uint8_t version; /* btbb_lmp_version_name() */
            uint16_t company;
            uint16_t subversion;
        } version; /* version_req, version_res */
        struct {
            uint8_t page; /* 0 in features_req and features_res */
            uint8_t last; /* highest page with features; 0 there */
            uint64_t bits;
        } features;       /* features_req, features_res and the same _ext */
        uint8_t error;    /* detach: error code (Vol 1 Part F) */
        uint8_t mode;     /* encryption_mode_req */
        uint8_t key_size; /* encryption_key_size_req: bytes */
        struct {
            uint8_t major, minor;
            uint8_t length; /* bytes of the encapsulated payloads that follow */
        } encapsulated;     /* encapsulated_header */
        struct {
            uint8_t io; /* enum btbb_io_capability, or above it */
            uint8_t oob;
            uint8_t authentication;
        } io_capability; /* IO_capability_req, IO_capability_res */
        struct {
            uint16_t offset_us;
            uint32_t lap; /* BD_ADDR of the sender */
            uint8_t uap;
            uint16_t nap;
        } slot_offset; /* slot_offset */
        struct {
            uint32_t instant; /* CLK27..CLK1 of the Central */
            uint8_t mode;     /* set_AFH: 1 = the map is used */
            uint8_t channels; /* set_AFH: number of channels in the map */
        } change;             /* set_AFH, switch_req */
        uint16_t value;       /* supervision_timeout: slots; max_slot, max_slot_req: slots; clkoffset_res: 1.25 ms;
                                  packet_type_table_req: table; sniff_req: interval in slots; power_control_req */
        struct {
            uint8_t drift_ppm;
            uint8_t jitter_us;
        } accuracy; /* timing_accuracy_res */
    };
};

/* Read a PDU. `exact`: the span has exactly the bytes that the payload header announces, so that a longer span than the
 * PDU is a fault; false: the span may go on with bytes that do not belong to the PDU, which are ignored. */
void btbb_lmp_read(struct btbb_span span, bool exact, struct btbb_lmp *pdu);

/* The code of the PDU that this one answers: LMP_accepted and LMP_not_accepted name it, responses have it in the table.
 * 0: it answers none, or is faulty. */
uint16_t btbb_lmp_answers(const struct btbb_lmp *pdu);

/* The direction that a PDU proves by itself, BTBB_DIR_UNKNOWN when it proves none.
 *
 *   - Some PDUs may be sent by one role only (table 5.1).
 *   - "TID" names the device that started the transaction: 0 the Central, 1 the Peripheral (2.4). A PDU that only the
 *     initiator sends therefore names its sender.
 *
 * A response does not prove a direction: its TID is that of the request, and the devices may have exchanged roles
 * since the request (4.1.1 allows a role switch before LMP_host_connection_req is answered; seen in real captures).
 * Neither does a PDU that both devices send within one transaction (LMP_au_rand, LMP_encryption_key_size_req,
 * LMP_accepted). A PDU whose two proofs contradict each other, an unknown one and one of wrong length prove nothing.
 * Devices under test may send any TID: callers should wait for two proofs that agree. In two real captures with known
 * roles, 228 of 478 PDUs prove a direction, all of them the right one (tests/core/test_links.py). */
enum btbb_dir btbb_lmp_direction_proof(const struct btbb_lmp *pdu);

#endif
