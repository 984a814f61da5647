/* read_format.h: what the readers of single file formats share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_READ_FORMAT_H
#define BTBB_COMMAND_READ_FORMAT_H

#include <glib.h>
#include <stddef.h>
#include <string.h>

#include "decode/formats.h"

#include "reading.h"

/* Link types with BTBB frames (https://www.tcpdump.org/linktypes.html). */
enum btbb_link { BTBB_LINK_OTHER = 0, BTBB_LINK_ETHERNET = 1, BTBB_LINK_RF = 255 };

#define BTBB_ETHERNET_HEADER 14u

/* File header and first record header of a classic pcap file. */
#define BTBB_READ_HEAD 40u

struct btbb_pcap {
    bool swapped; /* the most significant byte comes first */
    bool nanoseconds;
    enum btbb_link link;
};

/* True when a file that starts with `head` (its first bytes, up to BTBB_READ_HEAD) is one for btbb_read_pcap(). */
bool btbb_pcap_fits(const uint8_t *head, size_t bytes, struct btbb_pcap *pcap);

/* Read from the start of the file that is open as `fd`. */
enum btbb_read_result btbb_read_pcap(struct btbb_reading *reading, int fd, const struct btbb_pcap *pcap);
enum btbb_read_result btbb_read_wiretap(struct btbb_reading *reading, const char *path);

/* Bytes before the payload of an Ethernet frame with VLAN tags (IEEE 802.1Q) behind which the ethertype is 0xfff0;
 * 0 for any other frame. */
uint32_t btbb_read_behind_tags(const uint8_t *bytes, uint32_t captured);

/* Bytes before the payload of a BTBB frame; 0: it is none. The ethertype must have been captured. */
static inline uint32_t btbb_ethernet_header(const uint8_t *bytes, uint32_t captured)
{
    if (captured < BTBB_ETHERNET_HEADER)
        return 0;
    if (bytes[12] == BTBB_ETHERTYPE >> 8 && bytes[13] == (BTBB_ETHERTYPE & 0xff))
        return BTBB_ETHERNET_HEADER;
    return btbb_read_behind_tags(bytes, captured);
}

/* One packet of any link type, numbered. True: it is a BTBB frame, and `out` has it but for its time and frame.own;
 * frame.format is expected there. `fcs` bytes at the end of an Ethernet frame are its frame check sequence, which
 * Wireshark's Ethernet dissector takes off. */
static inline G_ALWAYS_INLINE bool btbb_read_packet(struct btbb_reading *reading, enum btbb_link link,
                                                    const uint8_t *bytes, uint32_t captured, uint32_t wire_bytes,
                                                    uint32_t fcs, struct btbb_read_frame *out)
{
    struct btbb_frame *frame = &out->frame;
    uint32_t header = 0;
    out->number = ++reading->frames;
    if (link == BTBB_LINK_ETHERNET) {
        header = btbb_ethernet_header(bytes, captured);
        if (header == 0)
            return false;
        memcpy(frame->dst, bytes, 6);
        memcpy(frame->src, bytes + 6, 6);
    } else if (link != BTBB_LINK_RF) {
        return false;
    }
    uint32_t around = header + fcs;
    frame->bytes = bytes + header;
    frame->captured = captured - header;
    frame->reported = wire_bytes > around ? wire_bytes - around : 0;
    if (fcs > 0 && frame->captured > frame->reported)
        frame->captured = frame->reported;
    out->wire_bytes = wire_bytes;
    return true;
}

#endif
