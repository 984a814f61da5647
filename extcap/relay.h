/* relay.h: passes the packets that ubertooth-rx writes on to Wireshark, whole records only.
 *
 * ubertooth-rx -q writes a pcap file with nanoseconds and LINKTYPE_BLUETOOTH_BREDR_BB, in the byte order of the machine
 * (libbtbb, lib/src/pcap.c), but flushes the file's header only with the first packet. Wireshark reads nothing else and
 * cannot stop properly before it has a header. So the relay writes a header of its own at once, and drops the other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_EXTCAP_RELAY_H
#define BTBB_EXTCAP_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BTBB_RELAY_HEADER 24u /* bytes of a pcap file's header */

enum btbb_relay_state {
    BTBB_RELAY_OPEN,
    BTBB_RELAY_FINISHED, /* the source has ended */
    BTBB_RELAY_CLOSED,   /* nobody reads any more */
    BTBB_RELAY_FOREIGN,  /* the source is not a capture as described above */
};

struct btbb_relay {
    int from, to; /* non-blocking; they belong to the caller */
    enum btbb_relay_state state;
    uint8_t header[BTBB_RELAY_HEADER]; /* of the source */
    size_t header_length;
    size_t sent, whole, filled; /* of `bytes`: written, whole records, read. sent <= whole <= filled */
    uint8_t bytes[65536];
};

/* The relay wants to write its header first. */
void btbb_relay_init(struct btbb_relay *relay, int from, int to);

/* Is there room to read into, is there something to write? */
bool btbb_relay_can_read(const struct btbb_relay *relay);
bool btbb_relay_can_write(const struct btbb_relay *relay);

/* Reads and writes once, as much as is possible without waiting. */
void btbb_relay_read(struct btbb_relay *relay);
void btbb_relay_write(struct btbb_relay *relay);

#endif
