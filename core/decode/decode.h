/* decode.h: one frame -> facts. Pure: no state, no allocation, no Wireshark; reads only what was captured.
 *
 * Two steps, because the UAP that the checks need may be known only from other frames:
 *   btbb_decode()  reads every field, and checks with what the frame itself says;
 *   btbb_judge()   repeats the checks with a UAP from elsewhere. Idempotent.
 * What must be remembered from frame to frame is in capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_DECODE_H
#define BTBB_CORE_DECODE_H

#include "decode/facts.h"

/* Read `frame` into `facts`. Never fails: what is not there is said to be not there. */
void btbb_decode(const struct btbb_frame *frame, struct btbb_facts *facts);

/* The same for a caller that wants neither packet kind nor CRC, and no retransmissions: the payload is left alone
 * where the HEC proves the UAP that the frame names and no FHS packet follows. btbb_capture_learn() learns the same. */
void btbb_decode_briefly(const struct btbb_frame *frame, struct btbb_facts *facts);

/* Repeat the HEC check, the payload resolution and the CRC check with `uap` (valid when `known`).
 * The facts keep saying in uap/uap_known what the frame itself says. */
void btbb_judge(const struct btbb_frame *frame, struct btbb_facts *facts, bool known, uint8_t uap);

#endif
