/* remarks.h: what is worth a remark about a packet. The dissector shows each remark as an expert item.
 *
 * Every condition is here and nowhere else. The fast path (fast-path.c) leaves a frame with a remark to the slow
 * path; it has no facts, so it checks the conditions that it cannot exclude otherwise with btbb_field_remarks().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_REMARKS_H
#define BTBB_CORE_REMARKS_H

#include "decode/layout.h"
#include "learn/capture.h"
#include "learn/writer.h"

enum btbb_remark {
    BTBB_REMARK_MALFORMED,      /* shorter than the pseudo-header; no other remark on the packet is made */
    BTBB_REMARK_TRUNCATED,      /* the capture ends before the packet does */
    BTBB_REMARK_CONFLICT,       /* address conflict */
    BTBB_REMARK_META,           /* legacy: reserved flags are set */
    BTBB_REMARK_CHANNEL,        /* the RF channel is above 78 */
    BTBB_REMARK_RF_FLAGS,       /* LINKTYPE 255: reserved flags are set */
    BTBB_REMARK_WHITENED,       /* header and payload are still whitened */
    BTBB_REMARK_HEADER,         /* reserved header bits are set */
    BTBB_REMARK_HEC,            /* bad HEC */
    BTBB_REMARK_DIRECTION,      /* the direction is withheld from here on */
    BTBB_REMARK_CLOCK,          /* the packet proves another sender than the clock that was found */
    BTBB_REMARK_BEYOND_TYPE,    /* LENGTH is more than this TYPE can carry */
    BTBB_REMARK_BEYOND_DATA,    /* LENGTH is more than the data */
    BTBB_REMARK_UNRESOLVED,     /* no packet with this TYPE fits the payload */
    BTBB_REMARK_PAYLOAD_HEADER, /* reserved payload header bits are set */
    BTBB_REMARK_CRC,            /* bad CRC */
    BTBB_REMARK_TIME_JUMP,      /* the time stamps jump: verdict->time_jump_ns */
    BTBB_REMARK_ACCESS_CODES,   /* once, see BTBB_NOTE_ACCESS_CODES */
    BTBB_REMARK_CRC_ZERO,       /* once, see BTBB_NOTE_CRC_ZERO */
    BTBB_REMARK_LAP_CUT,        /* once, see BTBB_NOTE_LAP_CUT */
    BTBB_REMARK_TIME_UNITS,     /* once, see BTBB_NOTE_TIME_UNITS */
    BTBB_REMARK_ENCRYPTED,      /* keys are given, and the payload was not decrypted; not one of btbb_remarks() */
    BTBB_REMARKS
};

/* The remarks on a packet: bits 1u << enum btbb_remark. `facts` as btbb_capture_learn() or btbb_capture_recall() leaves
 * them. */
uint32_t btbb_remarks(const struct btbb_facts *facts, const struct btbb_verdict *verdict);

static inline uint32_t btbb_remark_bit(enum btbb_remark remark, bool holds)
{
    return (uint32_t)holds << remark;
}

/* Fields that are worth a remark by their values alone. */
struct btbb_remark_fields {
    uint8_t channel;
    uint8_t meta_flags;
    uint16_t rf_flags;
    bool header_reserved;
};

static inline uint32_t btbb_field_remarks(struct btbb_remark_fields fields)
{
    return btbb_remark_bit(BTBB_REMARK_CHANNEL, fields.channel >= BTBB_CHANNELS) |
           btbb_remark_bit(BTBB_REMARK_META, fields.meta_flags & BTBB_LEGACY_RESERVED) |
           btbb_remark_bit(BTBB_REMARK_RF_FLAGS, fields.rf_flags & BTBB_RF_RESERVED) |
           btbb_remark_bit(BTBB_REMARK_HEADER, fields.header_reserved);
}

#endif
