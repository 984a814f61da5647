/* details.c: facts -> details (record.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture.h"

void btbb_details_fill(const struct btbb_facts *facts, struct btbb_details *details)
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
