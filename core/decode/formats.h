/* formats.h: the table of capture formats.
 *
 * Each row is one way in which capture files hold baseband packets: how its frames are recognised and which function
 * reads them. The dissector registers every row with Wireshark, and the command finds frames by the same rows. A new
 * format is a file format-NAME.c, a member of enum btbb_capture_format and a row in formats.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_FORMATS_H
#define BTBB_CORE_FORMATS_H

#include "decode/facts.h"

/* What announces a frame: what btbb_format_info.number counts. */
enum btbb_layer {
    BTBB_LAYER_ETHERTYPE, /* the ethertype of an Ethernet frame, or of what carries one (IEEE 802) */
    BTBB_LAYER_LINKTYPE   /* the link type of the file or interface (https://www.tcpdump.org/linktypes.html) */
};

struct btbb_format_info {
    const char *name; /* for people: "BTBB over Ethernet" */
    enum btbb_layer layer;
    uint32_t number; /* in that layer: 0xfff0, 255 */

    /* Reads the fields of `frame` into facts that are all zero. HEC and CRC are checked afterwards, see decode.c. */
    void (*decode)(const struct btbb_frame *frame, struct btbb_facts *facts);
};

extern const struct btbb_format_info btbb_formats[BTBB_CAPTURE_FORMATS];

/* Private ethertype of the legacy format: no registered number (libbtbb, `BTBB_ETHERTYPE`). */
#define BTBB_ETHERTYPE 0xfff0u

/* LINKTYPE_BLUETOOTH_BREDR_BB. */
#define BTBB_LINKTYPE_RF 255u

#endif
