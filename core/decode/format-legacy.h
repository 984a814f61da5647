/* format-legacy.h: reads the frame of Ubertooth, Kismet and InternalBlue; a row of formats.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_FORMAT_LEGACY_H
#define BTBB_CORE_FORMAT_LEGACY_H

#include "decode/facts.h"

void btbb_decode_legacy(const struct btbb_frame *frame, struct btbb_facts *facts);

#endif
