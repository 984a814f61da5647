/* format-broadcom.h: reads LMP records of Broadcom controllers and of Apple PacketLogger; rows of formats.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_FORMAT_BROADCOM_H
#define BTBB_CORE_FORMAT_BROADCOM_H

#include "decode/facts.h"

/* Types of diagnostics. The first two are BR/EDR packets. */
enum btbb_diagnostic { BTBB_DIAGNOSTIC_LMP_SENT = 0x00, BTBB_DIAGNOSTIC_LMP_RECEIVED = 0x01 };

/* The name of a type of diagnostics, for people; NULL for one that is not known. */
const char *btbb_diagnostic_name(uint8_t type);

/* Broadcom diagnostics. A record of another type than the two above is foreign: its name is all there is to show. */
void btbb_decode_broadcom(const struct btbb_frame *frame, struct btbb_facts *facts);

/* Apple PacketLogger: an LMP PDU alone. */
void btbb_decode_logger(const struct btbb_frame *frame, struct btbb_facts *facts);

#endif
