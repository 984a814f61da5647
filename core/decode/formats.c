/* formats.c: see formats.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/formats.h"

#include "decode/format-legacy.h"
#include "decode/format-rf.h"

const struct btbb_format_info btbb_formats[BTBB_CAPTURE_FORMATS] = {
    [BTBB_CAPTURE_LEGACY] = {"BTBB over Ethernet", BTBB_LAYER_ETHERTYPE, BTBB_ETHERTYPE, btbb_decode_legacy},
    [BTBB_CAPTURE_RF] = {"Bluetooth BR/EDR baseband", BTBB_LAYER_LINKTYPE, BTBB_LINKTYPE_RF, btbb_decode_rf},
};
