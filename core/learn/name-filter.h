/* name-filter.h: which of the frames that the fast path takes briefly a tracker of names must see nevertheless.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_NAME_FILTER_H
#define BTBB_CORE_NAME_FILTER_H

#include "decode/layout.h"
#include "learn/links.h"
#include "learn/lmp-effect.h"

/* Whether names of devices may depend on a legacy or LINKTYPE 255 frame, because of an LMP PDU that shows a name or
 * changes a connection, or that may be the first of one. The length of the payload header is not known before the
 * payload is decoded: one and two bytes are tried. FHS packets and answers to inquiries are never usual frames. Records
 * of an ESP32 whose LMP matters are none either, so the result is false for them. */
static inline bool btbb_may_show_name(const struct btbb_frame *frame, const struct btbb_links *links)
{
    const bool rf = frame->format == BTBB_CAPTURE_RF;
    const uint32_t payload = rf ? BTBB_RF_HEADER_BYTES : BTBB_LEGACY_HEADER_BYTES;
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    if (frame->captured <= payload || frame->format > BTBB_CAPTURE_RF)
        return false;
    const uint8_t header = btbb_u8(bytes, rf ? BTBB_RF_HEADER : BTBB_LEGACY_HEADER);

    if (btbb_header_type(header) == BTBB_TYPE_DV) /* whose payload begins with voice */
        return true;
    if (btbb_payload_llid(btbb_u8(bytes, payload)) != BTBB_LLID_LMP)
        return false;
    return btbb_lmp_effect(btbb_part(bytes, payload + 1, frame->captured)) != BTBB_LMP_EFFECT_NONE ||
           btbb_lmp_effect(btbb_part(bytes, payload + 2, frame->captured)) != BTBB_LMP_EFFECT_NONE ||
           !btbb_links_find(links, rf ? btbb_rf_lap(bytes) : btbb_mac_lap(btbb_legacy_mac(frame)),
                            btbb_header_lt_addr(header));
}

#endif
