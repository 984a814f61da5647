/* read.h: capture file -> frames.
 *
 * Classic pcap files are read by read-pcap.c, everything else that Wireshark knows (pcapng, compressed files, other
 * programs' formats) by its wiretap library in read-wiretap.c; the first bytes decide. Standard input, named pipes
 * and files that still grow come through pump.c, so that both readers see an ordinary stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_READ_H
#define BTBB_COMMAND_READ_H

#include "reading.h"

enum btbb_read_result btbb_read(struct btbb_reading *reading);

#endif
