/* format-rf.h: reads a frame of LINKTYPE_BLUETOOTH_BREDR_BB; a row of formats.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_FORMAT_RF_H
#define BTBB_CORE_FORMAT_RF_H

#include "decode/facts.h"

void btbb_decode_rf(const struct btbb_frame *frame, struct btbb_facts *facts);

#endif
