/* decode.h: one frame -> facts. Pure functions: no state, no allocation, no Wireshark. They read only captured bytes.
 *
 * There are two steps, because the UAP that the checks need may be known only from other frames:
 *   btbb_decode()          reads every field, and checks HEC and CRC with the UAP that the frame itself has;
 *   btbb_check_with_uap()  repeats the checks with a UAP from elsewhere. Calling it twice changes nothing.
 * What is remembered from frame to frame is in learn/capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_DECODE_H
#define BTBB_CORE_DECODE_H

#include "decode/facts.h"

/* Reads `frame` into `facts`. Never fails: facts that the frame does not contain are marked as absent. */
void btbb_decode(const struct btbb_frame *frame, struct btbb_facts *facts);

/* The same for callers that need neither packet kind nor CRC nor retransmissions. The payload is left unread where the
 * HEC proves the UAP that the frame has, and no FHS packet follows. btbb_capture_learn() learns the same addresses. */
void btbb_decode_briefly(const struct btbb_frame *frame, struct btbb_facts *facts);

/* Repeats the HEC check, the resolution of the payload and the CRC check with `uap` (valid when `uap_known`).
 * facts->uap and facts->uap_known keep the values of the frame itself. */
void btbb_check_with_uap(const struct btbb_frame *frame, struct btbb_facts *facts, bool uap_known, uint8_t uap);

#endif
