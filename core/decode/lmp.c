/* lmp.c: see lmp.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/lmp.h"

#include <string.h>

/* Rows: code, name without "LMP_", bytes, sender, partner. By its place in a transaction, a PDU is one that only the
 * initiator sends, one that only the responder sends, or one within a transaction that both may send. */
#define ROW(code, name, bytes, sender, place, partner)                                                                 \
    {                                                                                                                  \
        "LMP_" name, code, BTBB_LMP_##partner, bytes, BTBB_LMP_FROM_##sender, BTBB_LMP_BY_##place                      \
    }
#define START(code, name, bytes, sender, partner)  ROW(BTBB_LMP_##code, name, bytes, sender, INITIATOR, partner)
#define ANSWER(code, name, bytes, sender, partner) ROW(BTBB_LMP_##code, name, bytes, sender, RESPONDER, partner)
#define WITHIN(code, name, bytes, sender, partner) ROW(BTBB_LMP_##code, name, bytes, sender, EITHER, partner)
#define REMOVED(code, name, bytes, sender)         ROW(code, name, bytes, sender, EITHER, NONE)

/* Lengths and directions: table 5.1 of version 5.4. The removed PDUs: table 5.1 of versions 1.1 (22, 26) and 4.2. */
const struct btbb_lmp_info btbb_lmp_table[] = {
    /* clang-format off */
    START(  NAME_REQ,                     "name_req",                     2,  EITHER,     NAME_RES),
    ANSWER( NAME_RES,                     "name_res",                     17, EITHER,     NAME_REQ),
    WITHIN( ACCEPTED,                     "accepted",                     2,  EITHER,     NONE),
    WITHIN( NOT_ACCEPTED,                 "not_accepted",                 3,  EITHER,     NONE),
    START(  CLKOFFSET_REQ,                "clkoffset_req",                1,  CENTRAL,    CLKOFFSET_RES),
    ANSWER( CLKOFFSET_RES,                "clkoffset_res",                3,  PERIPHERAL, CLKOFFSET_REQ),
    START(  DETACH,                       "detach",                       2,  EITHER,     NONE),
    WITHIN( IN_RAND,                      "in_rand",                      17, EITHER,     ACCEPTED),
    WITHIN( COMB_KEY,                     "comb_key",                     17, EITHER,     NONE),
    WITHIN( UNIT_KEY,                     "unit_key",                     17, EITHER,     NONE),
    WITHIN( AU_RAND,                      "au_rand",                      17, EITHER,     SRES),
    ANSWER( SRES,                         "sres",                         5,  EITHER,     AU_RAND),
    WITHIN( TEMP_RAND,                    "temp_rand",                    17, CENTRAL,    NONE),
    WITHIN( TEMP_KEY,                     "temp_key",                     17, CENTRAL,    NONE),
    START(  ENCRYPTION_MODE_REQ,          "encryption_mode_req",          2,  EITHER,     ACCEPTED),
    WITHIN( ENCRYPTION_KEY_SIZE_REQ,      "encryption_key_size_req",      2,  EITHER,     ACCEPTED),
    WITHIN( START_ENCRYPTION_REQ,         "start_encryption_req",         17, CENTRAL,    ACCEPTED),
    WITHIN( STOP_ENCRYPTION_REQ,          "stop_encryption_req",          1,  CENTRAL,    ACCEPTED),
    START(  SWITCH_REQ,                   "switch_req",                   5,  EITHER,     ACCEPTED),
    WITHIN( HOLD,                         "hold",                         7,  EITHER,     NONE),
    WITHIN( HOLD_REQ,                     "hold_req",                     7,  EITHER,     ACCEPTED),
    REMOVED(22,                           "sniff",                        10, EITHER),
    WITHIN( SNIFF_REQ,                    "sniff_req",                    10, EITHER,     ACCEPTED),
    START(  UNSNIFF_REQ,                  "unsniff_req",                  1,  EITHER,     ACCEPTED),
    REMOVED(25,                           "park_req",                     17, EITHER),
    REMOVED(26,                           "park",                         17, CENTRAL),
    REMOVED(27,                           "set_broadcast_scan_window",    0,  CENTRAL),
    REMOVED(28,                           "modify_beacon",                0,  CENTRAL),
    REMOVED(29,                           "unpark_BD_ADDR_req",           0,  CENTRAL),
    REMOVED(30,                           "unpark_PM_ADDR_req",           0,  CENTRAL),
    START(  INCR_POWER_REQ,               "incr_power_req",               2,  EITHER,     MAX_POWER),
    START(  DECR_POWER_REQ,               "decr_power_req",               2,  EITHER,     MIN_POWER),
    ANSWER( MAX_POWER,                    "max_power",                    1,  EITHER,     INCR_POWER_REQ),
    ANSWER( MIN_POWER,                    "min_power",                    1,  EITHER,     DECR_POWER_REQ),
    START(  AUTO_RATE,                    "auto_rate",                    1,  EITHER,     NONE),
    START(  PREFERRED_RATE,               "preferred_rate",               2,  EITHER,     NONE),
    START(  VERSION_REQ,                  "version_req",                  6,  EITHER,     VERSION_RES),
    ANSWER( VERSION_RES,                  "version_res",                  6,  EITHER,     VERSION_REQ),
    START(  FEATURES_REQ,                 "features_req",                 9,  EITHER,     FEATURES_RES),
    ANSWER( FEATURES_RES,                 "features_res",                 9,  EITHER,     FEATURES_REQ),
    START(  QUALITY_OF_SERVICE,           "quality_of_service",           4,  CENTRAL,    NONE),
    START(  QUALITY_OF_SERVICE_REQ,       "quality_of_service_req",       4,  EITHER,     ACCEPTED),
    WITHIN( SCO_LINK_REQ,                 "SCO_link_req",                 7,  EITHER,     ACCEPTED),
    START(  REMOVE_SCO_LINK_REQ,          "remove_SCO_link_req",          3,  EITHER,     ACCEPTED),
    START(  MAX_SLOT,                     "max_slot",                     2,  EITHER,     NONE),
    START(  MAX_SLOT_REQ,                 "max_slot_req",                 2,  EITHER,     ACCEPTED),
    START(  TIMING_ACCURACY_REQ,          "timing_accuracy_req",          1,  EITHER,     TIMING_ACCURACY_RES),
    ANSWER( TIMING_ACCURACY_RES,          "timing_accuracy_res",          3,  EITHER,     TIMING_ACCURACY_REQ),
    START(  SETUP_COMPLETE,               "setup_complete",               1,  EITHER,     NONE),
    START(  USE_SEMI_PERMANENT_KEY,       "use_semi_permanent_key",       1,  CENTRAL,    ACCEPTED),
    START(  HOST_CONNECTION_REQ,          "host_connection_req",          1,  EITHER,     ACCEPTED),
    WITHIN( SLOT_OFFSET,                  "slot_offset",                  9,  EITHER,     NONE),
    START(  PAGE_MODE_REQ,                "page_mode_req",                3,  EITHER,     ACCEPTED),
    START(  PAGE_SCAN_MODE_REQ,           "page_scan_mode_req",           3,  EITHER,     ACCEPTED),
    START(  SUPERVISION_TIMEOUT,          "supervision_timeout",          3,  CENTRAL,    NONE),
    START(  TEST_ACTIVATE,                "test_activate",                1,  CENTRAL,    ACCEPTED),
    START(  TEST_CONTROL,                 "test_control",                 10, CENTRAL,    ACCEPTED),
    START(  ENCRYPTION_KEY_SIZE_MASK_REQ, "encryption_key_size_mask_req", 1,  CENTRAL,    ENCRYPTION_KEY_SIZE_MASK_RES),
    ANSWER( ENCRYPTION_KEY_SIZE_MASK_RES, "encryption_key_size_mask_res", 3,  PERIPHERAL, ENCRYPTION_KEY_SIZE_MASK_REQ),
    START(  SET_AFH,                      "set_AFH",                      16, CENTRAL,    NONE),
    WITHIN( ENCAPSULATED_HEADER,          "encapsulated_header",          4,  EITHER,     ACCEPTED),
    WITHIN( ENCAPSULATED_PAYLOAD,         "encapsulated_payload",         17, EITHER,     ACCEPTED),
    WITHIN( SIMPLE_PAIRING_CONFIRM,       "simple_pairing_confirm",       17, EITHER,     NONE),
    WITHIN( SIMPLE_PAIRING_NUMBER,        "simple_pairing_number",        17, EITHER,     ACCEPTED),
    WITHIN( DHKEY_CHECK,                  "DHkey_check",                  17, EITHER,     ACCEPTED),
    WITHIN( PAUSE_ENCRYPTION_AES_REQ,     "pause_encryption_aes_req",     17, EITHER,     NONE),
    WITHIN( ACCEPTED_EXT,                 "accepted_ext",                 4,  EITHER,     NONE),
    WITHIN( NOT_ACCEPTED_EXT,             "not_accepted_ext",             5,  EITHER,     NONE),
    START(  FEATURES_REQ_EXT,             "features_req_ext",             12, EITHER,     FEATURES_RES_EXT),
    ANSWER( FEATURES_RES_EXT,             "features_res_ext",             12, EITHER,     FEATURES_REQ_EXT),
    START(  CLK_ADJ,                      "clk_adj",                      15, CENTRAL,    CLK_ADJ_ACK),
    ANSWER( CLK_ADJ_ACK,                  "clk_adj_ack",                  3,  PERIPHERAL, CLK_ADJ),
    START(  CLK_ADJ_REQ,                  "clk_adj_req",                  6,  PERIPHERAL, ACCEPTED_EXT),
    START(  PACKET_TYPE_TABLE_REQ,        "packet_type_table_req",        3,  EITHER,     ACCEPTED_EXT),
    WITHIN( ESCO_LINK_REQ,                "eSCO_link_req",                16, EITHER,     ACCEPTED_EXT),
    START(  REMOVE_ESCO_LINK_REQ,         "remove_eSCO_link_req",         4,  EITHER,     ACCEPTED_EXT),
    START(  CHANNEL_CLASSIFICATION_REQ,   "channel_classification_req",   7,  CENTRAL,    NONE),
    START(  CHANNEL_CLASSIFICATION,       "channel_classification",       12, PERIPHERAL, NONE),
    START(  SNIFF_SUBRATING_REQ,          "sniff_subrating_req",          9,  EITHER,     SNIFF_SUBRATING_RES),
    ANSWER( SNIFF_SUBRATING_RES,          "sniff_subrating_res",          9,  EITHER,     SNIFF_SUBRATING_REQ),
    WITHIN( PAUSE_ENCRYPTION_REQ,         "pause_encryption_req",         2,  EITHER,     NONE),
    WITHIN( RESUME_ENCRYPTION_REQ,        "resume_encryption_req",        2,  PERIPHERAL, START_ENCRYPTION_REQ),
    START(  IO_CAPABILITY_REQ,            "IO_capability_req",            5,  EITHER,     IO_CAPABILITY_RES),
    ANSWER( IO_CAPABILITY_RES,            "IO_capability_res",            5,  EITHER,     IO_CAPABILITY_REQ),
    WITHIN( NUMERIC_COMPARISON_FAILED,    "numeric_comparison_failed",    2,  EITHER,     NONE),
    WITHIN( PASSKEY_FAILED,               "passkey_failed",               2,  EITHER,     NONE),
    WITHIN( OOB_FAILED,                   "oob_failed",                   2,  EITHER,     NONE),
    WITHIN( KEYPRESS_NOTIFICATION,        "keypress_notification",        3,  EITHER,     NONE),
    START(  POWER_CONTROL_REQ,            "power_control_req",            3,  EITHER,     POWER_CONTROL_RES),
    ANSWER( POWER_CONTROL_RES,            "power_control_res",            3,  EITHER,     POWER_CONTROL_REQ),
    START(  PING_REQ,                     "ping_req",                     2,  EITHER,     PING_RES),
    ANSWER( PING_RES,                     "ping_res",                     2,  EITHER,     PING_REQ),
    START(  SAM_SET_TYPE0,                "SAM_set_type0",                17, EITHER,     ACCEPTED_EXT),
    START(  SAM_DEFINE_MAP,               "SAM_define_map",               17, EITHER,     ACCEPTED_EXT),
    START(  SAM_SWITCH,                   "SAM_switch",                   9,  EITHER,     ACCEPTED_EXT),
    /* clang-format on */
};
const size_t btbb_lmp_count = sizeof btbb_lmp_table / sizeof *btbb_lmp_table;

const struct btbb_lmp_info *btbb_lmp_find(uint16_t code)
{
    for (size_t i = 0; i < btbb_lmp_count; i++)
        if (btbb_lmp_table[i].code == code)
            return &btbb_lmp_table[i];
    return NULL;
}

/* Offsets in a PDU count from its first byte, the opcode; an extended opcode is at offset 1. */
static void read_answer(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    const bool extended = lmp->code >= BTBB_LMP_ESCAPED;
    const bool refused = lmp->code == BTBB_LMP_NOT_ACCEPTED || lmp->code == BTBB_LMP_NOT_ACCEPTED_EXT;

    lmp->answer.code = extended ? (uint16_t)(btbb_u8(pdu, 2) << 8 | btbb_u8(pdu, 3)) : btbb_u8(pdu, 1);
    lmp->answer.error = refused ? btbb_u8(pdu, extended ? 4 : 2) : 0;
}

static void read_name(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->name.offset = btbb_u8(pdu, 1);
    lmp->name.length = btbb_u8(pdu, 2);
}

static void read_version(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->version.version = btbb_u8(pdu, 1);
    lmp->version.company = btbb_le16(pdu, 2);
    lmp->version.subversion = btbb_le16(pdu, 4);
}

static void read_features(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->features.bits = btbb_le64(pdu, 1);
}

static void read_features_page(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->features.page = btbb_u8(pdu, 2);
    lmp->features.last = btbb_u8(pdu, 3);
    lmp->features.bits = btbb_le64(pdu, 4);
}

static void read_byte(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    const uint8_t byte = btbb_u8(pdu, 1);

    if (lmp->code == BTBB_LMP_DETACH)
        lmp->error = byte;
    else if (lmp->code == BTBB_LMP_ENCRYPTION_MODE_REQ)
        lmp->mode = byte;
    else if (lmp->code == BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ)
        lmp->key_size = byte;
    else
        lmp->value = byte;
}

static void read_extended_byte(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->value = btbb_u8(pdu, 2);
}

static void read_value(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->value = btbb_le16(pdu, lmp->code == BTBB_LMP_SNIFF_REQ ? 4 : 1);
}

static void read_encapsulated(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->encapsulated.major = btbb_u8(pdu, 1);
    lmp->encapsulated.minor = btbb_u8(pdu, 2);
    lmp->encapsulated.length = btbb_u8(pdu, 3);
}

static void read_io_capability(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->io_capability.io = btbb_u8(pdu, 2);
    lmp->io_capability.oob = btbb_u8(pdu, 3);
    lmp->io_capability.authentication = btbb_u8(pdu, 4);
}

static void read_slot_offset(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->slot_offset.offset_us = btbb_le16(pdu, 1);
    lmp->slot_offset.lap = btbb_le24(pdu, 3);
    lmp->slot_offset.uap = btbb_u8(pdu, 6);
    lmp->slot_offset.nap = btbb_le16(pdu, 7);
}

static void read_change(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->change.instant = btbb_le32(pdu, 1);
    if (lmp->code == BTBB_LMP_SWITCH_REQ)
        return;
    lmp->change.mode = btbb_u8(pdu, 5);
    for (uint32_t channel = 0; channel < BTBB_CHANNELS; channel++)
        lmp->change.channels += btbb_u8(pdu, 6 + channel / 8) >> channel % 8 & 1;
}

static void read_accuracy(struct btbb_span pdu, struct btbb_lmp *lmp)
{
    lmp->accuracy.drift_ppm = btbb_u8(pdu, 1);
    lmp->accuracy.jitter_us = btbb_u8(pdu, 2);
}

/* The PDUs with parameters that are used (5.2). */
static const struct {
    uint16_t code;
    void (*read)(struct btbb_span pdu, struct btbb_lmp *lmp);
} parameters[] = {
    {BTBB_LMP_NAME_REQ, read_byte},
    {BTBB_LMP_NAME_RES, read_name},
    {BTBB_LMP_ACCEPTED, read_answer},
    {BTBB_LMP_NOT_ACCEPTED, read_answer},
    {BTBB_LMP_CLKOFFSET_RES, read_value},
    {BTBB_LMP_DETACH, read_byte},
    {BTBB_LMP_ENCRYPTION_MODE_REQ, read_byte},
    {BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ, read_byte},
    {BTBB_LMP_SWITCH_REQ, read_change},
    {BTBB_LMP_SNIFF_REQ, read_value},
    {BTBB_LMP_VERSION_REQ, read_version},
    {BTBB_LMP_VERSION_RES, read_version},
    {BTBB_LMP_FEATURES_REQ, read_features},
    {BTBB_LMP_FEATURES_RES, read_features},
    {BTBB_LMP_MAX_SLOT, read_byte},
    {BTBB_LMP_MAX_SLOT_REQ, read_byte},
    {BTBB_LMP_TIMING_ACCURACY_RES, read_accuracy},
    {BTBB_LMP_SLOT_OFFSET, read_slot_offset},
    {BTBB_LMP_SUPERVISION_TIMEOUT, read_value},
    {BTBB_LMP_SET_AFH, read_change},
    {BTBB_LMP_ENCAPSULATED_HEADER, read_encapsulated},
    {BTBB_LMP_ACCEPTED_EXT, read_answer},
    {BTBB_LMP_NOT_ACCEPTED_EXT, read_answer},
    {BTBB_LMP_FEATURES_REQ_EXT, read_features_page},
    {BTBB_LMP_FEATURES_RES_EXT, read_features_page},
    {BTBB_LMP_PACKET_TYPE_TABLE_REQ, read_extended_byte},
    {BTBB_LMP_IO_CAPABILITY_REQ, read_io_capability},
    {BTBB_LMP_IO_CAPABILITY_RES, read_io_capability},
    {BTBB_LMP_POWER_CONTROL_REQ, read_extended_byte},
};

static void read_parameters(struct btbb_lmp *lmp)
{
    const struct btbb_span pdu = {lmp->bytes, lmp->length};

    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if (parameters[i].code == lmp->code)
            parameters[i].read(pdu, lmp);
}

/* The code of the PDU; false when its opcode is not all there. */
static bool read_code(struct btbb_span span, uint16_t *code)
{
    const uint8_t opcode = btbb_u8(span, 0) >> 1;
    const bool escape = opcode >= BTBB_LMP_ESCAPE_FIRST;

    if (!btbb_holds(span, 0, escape ? 2 : 1))
        return false;
    *code = escape ? (uint16_t)(opcode << 8 | btbb_u8(span, 1)) : opcode;
    return true;
}

static enum btbb_lmp_fault find_fault(const struct btbb_lmp_info *info, uint32_t length, bool exact)
{
    if (!info)
        return BTBB_LMP_UNKNOWN;
    if (length < info->bytes)
        return BTBB_LMP_SHORT;
    return exact && length > (info->bytes ? info->bytes : BTBB_LMP_BYTES) ? BTBB_LMP_LONG : BTBB_LMP_OK;
}

void btbb_lmp_read(struct btbb_span span, bool exact, struct btbb_lmp *pdu)
{
    memset(pdu, 0, sizeof *pdu);
    pdu->tid = btbb_u8(span, 0) & 1;
    const bool named = read_code(span, &pdu->code);

    pdu->info = named ? btbb_lmp_find(pdu->code) : NULL;
    pdu->fault = named ? find_fault(pdu->info, span.length, exact) : BTBB_LMP_EMPTY;
    const struct btbb_span kept = btbb_part(span, 0, pdu->info && pdu->info->bytes ? pdu->info->bytes : BTBB_LMP_BYTES);

    pdu->length = (uint8_t)kept.length;
    if (kept.length > 0)
        memcpy(pdu->bytes, kept.bytes, kept.length);
    if (pdu->fault == BTBB_LMP_OK)
        read_parameters(pdu);
}

uint16_t btbb_lmp_answers(const struct btbb_lmp *pdu)
{
    if (pdu->fault != BTBB_LMP_OK)
        return 0;
    switch (pdu->code) {
    case BTBB_LMP_ACCEPTED:
    case BTBB_LMP_NOT_ACCEPTED:
    case BTBB_LMP_ACCEPTED_EXT:
    case BTBB_LMP_NOT_ACCEPTED_EXT:
        return pdu->answer.code;
    default:
        return pdu->info->place == BTBB_LMP_BY_RESPONDER ? pdu->info->partner : 0;
    }
}

enum btbb_dir btbb_lmp_direction_proof(const struct btbb_lmp *pdu)
{
    /* Who sends: the Central sends to the Peripheral. */
    static const enum btbb_dir by_table[] = {
        [BTBB_LMP_FROM_EITHER] = BTBB_DIR_UNKNOWN,
        [BTBB_LMP_FROM_CENTRAL] = BTBB_DIR_TO_PERIPHERAL,
        [BTBB_LMP_FROM_PERIPHERAL] = BTBB_DIR_TO_CENTRAL,
    };
    if (pdu->fault != BTBB_LMP_OK)
        return BTBB_DIR_UNKNOWN;
    const enum btbb_dir by_sender = by_table[pdu->info->sender];
    const enum btbb_dir by_tid = pdu->info->place != BTBB_LMP_BY_INITIATOR ? BTBB_DIR_UNKNOWN
                                 : pdu->tid                                ? BTBB_DIR_TO_CENTRAL
                                                                           : BTBB_DIR_TO_PERIPHERAL;

    if (by_sender != BTBB_DIR_UNKNOWN && by_tid != BTBB_DIR_UNKNOWN && by_sender != by_tid)
        return BTBB_DIR_UNKNOWN;
    return by_sender != BTBB_DIR_UNKNOWN ? by_sender : by_tid;
}
