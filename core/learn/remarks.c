/* remarks.c: see remarks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/remarks.h"

/* Of a payload, some of it captured. */
static uint32_t payload_remarks(const struct btbb_facts *facts)
{
    const struct btbb_payload *payload = &facts->payload;

    if (payload->parsed)
        return btbb_remark_bit(BTBB_REMARK_PAYLOAD_HEADER, payload->header_reserved) |
               btbb_remark_bit(BTBB_REMARK_CRC, facts->crc_check == BTBB_CHECK_BAD);
    if (facts->packet_class != BTBB_CLASS_HEADER)
        return 0;
    return btbb_remark_bit(payload->length_beyond_type   ? BTBB_REMARK_BEYOND_TYPE
                           : payload->length_beyond_data ? BTBB_REMARK_BEYOND_DATA
                                                         : BTBB_REMARK_UNRESOLVED,
                           true);
}

static uint32_t note_remarks(uint32_t notes)
{
    static const uint8_t remark_of[BTBB_NOTES] = {
        [BTBB_NOTE_ACCESS_CODES] = BTBB_REMARK_ACCESS_CODES,
        [BTBB_NOTE_CRC_ZERO] = BTBB_REMARK_CRC_ZERO,
        [BTBB_NOTE_LAP_CUT] = BTBB_REMARK_LAP_CUT,
        [BTBB_NOTE_TIME_UNITS] = BTBB_REMARK_TIME_UNITS,
    };
    uint32_t remarks = 0;

    for (unsigned i = 0; i < BTBB_NOTES; i++)
        remarks |= (notes >> i & 1) << remark_of[i];
    return remarks;
}

uint32_t btbb_remarks(const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    const uint32_t of_capture =
        btbb_remark_bit(BTBB_REMARK_TIME_JUMP, verdict->time_jump_ns != 0) | note_remarks(verdict->notes);

    if (facts->malformed)
        return btbb_remark_bit(BTBB_REMARK_MALFORMED, !facts->foreign) | of_capture;
    const struct btbb_remark_fields fields = {.channel = facts->channel,
                                              .meta_flags = facts->meta_flags,
                                              .rf_flags = facts->rf_flags,
                                              .header_reserved = facts->has_flags && facts->header_reserved};

    return of_capture | btbb_field_remarks(fields) | btbb_remark_bit(BTBB_REMARK_TRUNCATED, facts->truncated) |
           btbb_remark_bit(BTBB_REMARK_CONFLICT, verdict->address_conflict) |
           btbb_remark_bit(BTBB_REMARK_WHITENED, facts->header_state == BTBB_HEADER_WHITENED) |
           btbb_remark_bit(BTBB_REMARK_HEC, facts->hec_check == BTBB_CHECK_BAD) |
           btbb_remark_bit(BTBB_REMARK_DIRECTION, verdict->contradiction) |
           btbb_remark_bit(BTBB_REMARK_CLOCK, verdict->clock.contradiction) |
           (facts->payload.captured > 0 ? payload_remarks(facts) : 0);
}
