/* readers.h: the readers of single file formats.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_READERS_H
#define BTBB_COMMAND_READERS_H

#include <stddef.h>

#include "reading.h"

/* Bytes of the file header and the first record header of a classic pcap file. */
#define BTBB_READ_HEAD 40u

struct btbb_pcap {
    bool swapped; /* the most significant byte comes first */
    bool nanoseconds;
    uint32_t linktype; /* one of those that core/decode/layers.h reads */
};

/* Whether a file that starts with `head` (its first bytes, up to BTBB_READ_HEAD) is one for btbb_read_pcap(). */
bool btbb_pcap_fits(const uint8_t *head, size_t bytes, struct btbb_pcap *pcap);

/* Read from the start of the file that is open as `fd`. */
enum btbb_read_result btbb_read_pcap(struct btbb_reading *reading, int fd, const struct btbb_pcap *pcap);
enum btbb_read_result btbb_read_wiretap(struct btbb_reading *reading, const char *path);

/* What Wireshark calls a link type: "Ethernet". The text stays valid for the life of the program. */
const char *btbb_wiretap_describe(const struct btbb_link_count *link);

#endif
