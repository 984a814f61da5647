/* details.c: facts -> details (record.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture.h"

#include "decode/layout.h"

void btbb_details_fill(const struct btbb_facts *facts, const struct btbb_verdict *verdict, struct btbb_details *details)
{
    const struct btbb_payload *payload = &facts->payload;

    details->notebook_nap = facts->nap;
    details->notebook_uap = facts->uap;
    details->notebook_has_type = facts->packet_class == BTBB_CLASS_HEADER || facts->padded_id;
    details->notebook_has_to_master = facts->nb_has_to_master;
    details->notebook_to_master = facts->nb_to_master;
    details->notebook_payload = facts->nb_payload;
    details->has_clk = facts->has_clk;
    details->clk = facts->clk;
    details->has_clk27 = verdict->clock.has_clk;
    details->clk27 = verdict->clock.clk;
    details->clk_source = verdict->clock.source;
    details->clk_confidence = verdict->clock.confidence;
    details->has_flags = facts->has_flags && !facts->padded_id;
    details->flow = facts->flow;
    details->arqn = facts->arqn;
    details->seqn = facts->seqn;
    details->has_payload_header = payload->parsed && payload->header_bytes > 0;
    if (details->has_payload_header) {
        details->llid = payload->llid;
        details->length = payload->length;
    }
}

static void fill_flags(uint32_t header18, struct btbb_details *details)
{
    details->has_flags = true;
    details->flow = header18 >> 7 & 1;
    details->arqn = header18 >> 8 & 1;
    details->seqn = header18 >> 9 & 1;
}

void btbb_details_fill_fast(const struct btbb_frame *frame, struct btbb_details *details)
{
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    if (details->record.packet_class == BTBB_CLASS_ID)
        return; /* the frame has the LAP alone */
    details->notebook_has_type = true;
    if (frame->format == BTBB_CAPTURE_RF) {
        details->notebook_uap = (uint8_t)(btbb_le32(bytes, BTBB_RF_REFERENCE) >> 24);
        fill_flags(btbb_le32(bytes, BTBB_RF_HEADER), details);
        return;
    }

    const uint8_t *mac = btbb_legacy_mac(frame);

    details->notebook_nap = btbb_mac_nap(mac);
    details->notebook_uap = btbb_mac_uap(mac);
    details->has_clk = true;
    details->clk = btbb_le32(bytes, BTBB_LEGACY_CLK);
    details->has_clk27 =
        btbb_u8(bytes, BTBB_LEGACY_FLAGS) & BTBB_LEGACY_CLK27 && details->record.dir_source == BTBB_DIR_SOURCE_CLOCK;
    if (details->has_clk27) {
        details->clk27 = details->clk & BTBB_CLOCK_MASK;
        details->clk_source = BTBB_CLOCK_FILE;
        details->clk_confidence = 1;
    }
    details->notebook_has_to_master = true;
    details->notebook_to_master = !(details->clk & 1);
    fill_flags(btbb_legacy_header(bytes), details);
}
