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

uint32_t btbb_remarks(const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    if (facts->malformed)
        return btbb_remark_bit(BTBB_REMARK_MALFORMED, true);
    const struct btbb_remark_fields fields = {.channel = facts->channel,
                                              .meta_flags = facts->meta_flags,
                                              .rf_flags = facts->rf_flags,
                                              .header_reserved = facts->has_flags && facts->header_reserved};

    return btbb_field_remarks(fields) | btbb_remark_bit(BTBB_REMARK_TRUNCATED, facts->truncated) |
           btbb_remark_bit(BTBB_REMARK_CONFLICT, verdict->address_conflict) |
           btbb_remark_bit(BTBB_REMARK_WHITENED, facts->header_state == BTBB_HEADER_WHITENED) |
           btbb_remark_bit(BTBB_REMARK_HEC, facts->hec_check == BTBB_CHECK_BAD) |
           btbb_remark_bit(BTBB_REMARK_DIRECTION, verdict->contradiction) |
           (facts->payload.captured > 0 ? payload_remarks(facts) : 0);
}
