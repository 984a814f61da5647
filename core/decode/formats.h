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
    BTBB_LAYER_LINKTYPE,  /* the link type of the file or interface (https://www.tcpdump.org/linktypes.html) */
    BTBB_LAYER_H4,        /* the type of an HCI H4 packet (link types 187 and 201) */
    BTBB_LAYER_MONITOR,   /* the opcode of a BlueZ monitor packet (link type 254) */
    BTBB_LAYER_LOGGER     /* the type of a record of Apple PacketLogger (.pklg) */
};

struct btbb_format_info {
    const char *name; /* for people: "BTBB over Ethernet" */
    enum btbb_layer layer;
    uint32_t number; /* in that layer: 0xfff0, 255 */

    /* Reads the fields of `frame` into facts that are all zero. */
    void (*decode)(const struct btbb_frame *frame, struct btbb_facts *facts);

    /* Frames may have HEC and CRC: after reading, they are checked and the packet kind is resolved (decode.c).
     * Otherwise the function above does it all. */
    bool has_checks;
};

extern const struct btbb_format_info btbb_formats[BTBB_CAPTURE_FORMATS];

/* Private ethertype of the legacy format: no registered number (libbtbb, `BTBB_ETHERTYPE`). */
#define BTBB_ETHERTYPE 0xfff0u

/* LINKTYPE_BLUETOOTH_BREDR_BB. */
#define BTBB_LINKTYPE_RF 255u

/* Types of HCI H4 packets that are not of the specification. */
#define BTBB_H4_BROADCOM 0x07u
#define BTBB_H4_ESP32    0x09u

/* BlueZ monitor: vendor diagnostics (monitor/bt.h). */
#define BTBB_MONITOR_DIAGNOSTICS 11u

/* Apple PacketLogger: LMP. */
#define BTBB_LOGGER_LMP_SENT     0x0au
#define BTBB_LOGGER_LMP_RECEIVED 0x0bu

#endif
