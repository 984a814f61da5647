/* payload.h: the kind of a packet and the parts of its payload.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_PAYLOAD_H
#define BTBB_CORE_PAYLOAD_H

#include "decode/facts.h"

/* Resolves the packet kind, finds the parts of the payload and checks the CRC with a UAP (valid when `uap_known`). The
 * HEC must have been checked before. The payload's facts must be as the format's function or btbb_reset_payload() left
 * them. */
void btbb_resolve_payload(const struct btbb_frame *frame, struct btbb_facts *facts, bool uap_known, uint8_t uap);

/* Resets the facts of the payload, but not its place in the frame. */
void btbb_reset_payload(struct btbb_facts *facts);

#endif
