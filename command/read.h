/* read.h: capture file -> frames.
 *
 * The first bytes of a file choose its reader: read-pcap.c for classic pcap files, read-wiretap.c for everything else
 * that Wireshark's wiretap library reads (pcapng, compressed files, formats of other programs). Standard input, named
 * pipes and followed files pass through pump.c, so that both readers get an ordinary stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_READ_H
#define BTBB_COMMAND_READ_H

#include "reading.h"

enum btbb_read_result btbb_read(struct btbb_reading *reading);

#endif
