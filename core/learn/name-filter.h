/* name-filter.h: which of the frames that the fast path takes briefly a tracker of names needs nevertheless.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_NAME_FILTER_H
#define BTBB_CORE_NAME_FILTER_H

#include "decode/layout.h"
#include "learn/links.h"
#include "learn/lmp-effect.h"

/* Bytes of the payload header of the packets with payload header and CRC, by TYPE (Core Specification Vol 2 Part B,
 * table 6.10): bit n - 1 for n bytes; 0: there is no such packet. That of DV follows its voice. */
#define BTBB_HEADER_OF_DV 4u
static const uint8_t btbb_payload_headers[BTBB_TYPES] = {
    [3] = 1, [4] = 1 | 2, [BTBB_TYPE_DV] = 2 | BTBB_HEADER_OF_DV, [10] = 2, [11] = 2, [14] = 2, [15] = 2};

/* Whether names of devices may depend on a legacy or LINKTYPE 255 frame, because of an LMP PDU that shows a name or
 * changes a connection, or that may be the first of one. FHS packets and answers to inquiries are never usual frames.
 * Records of an ESP32 whose LMP matters are none either, so the result is false for them. */
static inline bool btbb_may_show_name(const struct btbb_frame *frame, const struct btbb_links *links)
{
    const bool rf = frame->format == BTBB_CAPTURE_RF;
    const uint32_t payload = rf ? BTBB_RF_HEADER_BYTES : BTBB_LEGACY_HEADER_BYTES;
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    if (frame->captured <= payload || frame->format > BTBB_CAPTURE_RF)
        return false;
    const uint8_t header = btbb_u8(bytes, rf ? BTBB_RF_HEADER : BTBB_LEGACY_HEADER);
    const uint8_t headers = btbb_payload_headers[btbb_header_type(header)];

    if (headers == 0 || (headers & BTBB_HEADER_OF_DV))
        return headers != 0;
    if (btbb_payload_llid(btbb_u8(bytes, payload)) != BTBB_LLID_LMP)
        return false;
    return ((headers & 1) && btbb_lmp_effect(btbb_part(bytes, payload + 1, frame->captured))) ||
           ((headers & 2) && btbb_lmp_effect(btbb_part(bytes, payload + 2, frame->captured))) ||
           !btbb_links_find(links, rf ? btbb_rf_lap(bytes) : btbb_mac_lap(btbb_legacy_mac(frame)),
                            btbb_header_lt_addr(header));
}

#endif
