/* capture.c: what is known of a capture; see capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "capture.h"

struct btbb_capture {
    uint32_t frames;
};

struct btbb_capture *btbb_capture_new(void)
{
    return calloc(1, sizeof(struct btbb_capture));
}

void btbb_capture_free(struct btbb_capture *capture)
{
    free(capture);
}

void btbb_capture_recall(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                         struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    (void)capture, (void)number, (void)frame;
    memset(verdict, 0, sizeof *verdict);
    verdict->nap = facts->nap;
    verdict->uap = facts->uap;
    if (facts->uap_known)
        verdict->rank = facts->nap_known ? BTBB_RANK_NAP : facts->hec_check == BTBB_CHECK_GOOD ? BTBB_RANK_UAP_PROVEN
                                                                                               : BTBB_RANK_UAP;
    if (facts->has_clk1)
        verdict->dir = facts->clk1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL;
}

void btbb_capture_learn(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                        struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    capture->frames++;
    btbb_capture_recall(capture, number, frame, facts, verdict);
}
