/* format-esp32.h: reads a record of the ESP32 BR/EDR sniffer; a row of formats.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_FORMAT_ESP32_H
#define BTBB_CORE_FORMAT_ESP32_H

#include "decode/facts.h"

void btbb_decode_esp32(const struct btbb_frame *frame, struct btbb_facts *facts);

/* The packet that a TYPE means on an asynchronous link, for one of the two packet type tables. NULL: none. */
const struct btbb_packet_type *btbb_esp32_kind(uint8_t type, bool edr);

#endif
