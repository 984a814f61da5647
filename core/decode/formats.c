/* formats.c: see formats.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/formats.h"

#include "decode/format-broadcom.h"
#include "decode/format-esp32.h"
#include "decode/format-legacy.h"
#include "decode/format-rf.h"

const struct btbb_format_info btbb_formats[BTBB_CAPTURE_FORMATS] = {
    [BTBB_CAPTURE_LEGACY] = {"BTBB over Ethernet", BTBB_LAYER_ETHERTYPE, BTBB_ETHERTYPE, btbb_decode_legacy, true},
    [BTBB_CAPTURE_RF] = {"Bluetooth BR/EDR baseband", BTBB_LAYER_LINKTYPE, BTBB_LINKTYPE_RF, btbb_decode_rf, true},
    [BTBB_CAPTURE_ESP32] = {"ESP32 BR/EDR sniffer", BTBB_LAYER_H4, BTBB_H4_ESP32, btbb_decode_esp32, false},
    [BTBB_CAPTURE_BROADCOM] = {"Broadcom diagnostics", BTBB_LAYER_H4, BTBB_H4_BROADCOM, btbb_decode_broadcom, false},
    [BTBB_CAPTURE_MONITOR] = {"Broadcom diagnostics in BlueZ monitor", BTBB_LAYER_MONITOR, BTBB_MONITOR_DIAGNOSTICS,
                              btbb_decode_broadcom, false},
    [BTBB_CAPTURE_LOGGER_SENT] = {"PacketLogger, LMP sent", BTBB_LAYER_LOGGER, BTBB_LOGGER_LMP_SENT, btbb_decode_logger,
                                  false},
    [BTBB_CAPTURE_LOGGER_RECEIVED] = {"PacketLogger, LMP received", BTBB_LAYER_LOGGER, BTBB_LOGGER_LMP_RECEIVED,
                                      btbb_decode_logger, false},
};
