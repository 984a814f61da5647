/* relay.c: whole pcap records from one descriptor to another.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "relay.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define MAGIC_NANOSECONDS 0xa1b23c4du /* pcap-savefile(5) */
#define LINKTYPE_BREDR_BB 255u        /* LINKTYPE_BLUETOOTH_BREDR_BB */
#define RECORD_HEADER     16u
/* libbtbb writes at most 400 bytes of payload and 22 before them. */
#define RECORD_MOST 4096u

struct file_header {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t zone, accuracy, snap_length, link_type;
};

_Static_assert(sizeof(struct file_header) == BTBB_RELAY_HEADER, "the header has no padding");

void btbb_relay_init(struct btbb_relay *relay, int from, int to)
{
    struct file_header header = {MAGIC_NANOSECONDS, 2, 4, 0, 0, RECORD_MOST, LINKTYPE_BREDR_BB};
    relay->from = from;
    relay->to = to;
    relay->state = BTBB_RELAY_OPEN;
    relay->header_length = relay->sent = 0;
    relay->whole = relay->filled = sizeof header;
    memcpy(relay->bytes, &header, sizeof header);
}

bool btbb_relay_can_read(const struct btbb_relay *relay)
{
    return relay->state == BTBB_RELAY_OPEN && relay->filled < sizeof relay->bytes;
}

bool btbb_relay_can_write(const struct btbb_relay *relay)
{
    return relay->state != BTBB_RELAY_CLOSED && relay->sent < relay->whole;
}

static void check_header(struct btbb_relay *relay)
{
    struct file_header header;
    memcpy(&header, relay->header, sizeof header);
    if (header.magic != MAGIC_NANOSECONDS || header.link_type != LINKTYPE_BREDR_BB)
        relay->state = BTBB_RELAY_FOREIGN;
}

/* Moves `whole` over every record that has been read completely. */
static void find_records(struct btbb_relay *relay)
{
    while (relay->filled - relay->whole >= RECORD_HEADER) {
        uint32_t length;
        memcpy(&length, relay->bytes + relay->whole + 8, sizeof length);
        if (length > RECORD_MOST) {
            relay->state = BTBB_RELAY_FOREIGN;
            return;
        }
        if (relay->filled - relay->whole < RECORD_HEADER + length)
            return;
        relay->whole += RECORD_HEADER + length;
    }
}

void btbb_relay_read(struct btbb_relay *relay)
{
    bool in_header = relay->header_length < BTBB_RELAY_HEADER;
    uint8_t *target = in_header ? relay->header + relay->header_length : relay->bytes + relay->filled;
    size_t room = in_header ? BTBB_RELAY_HEADER - relay->header_length : sizeof relay->bytes - relay->filled;
    ssize_t count = read(relay->from, target, room);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        relay->state = BTBB_RELAY_FINISHED;
        return;
    }
    if (in_header) {
        relay->header_length += (size_t)count;
        if (relay->header_length == BTBB_RELAY_HEADER)
            check_header(relay);
    } else {
        relay->filled += (size_t)count;
        find_records(relay);
    }
}

void btbb_relay_write(struct btbb_relay *relay)
{
    ssize_t count = write(relay->to, relay->bytes + relay->sent, relay->whole - relay->sent);
    if (count < 0) {
        if (errno != EAGAIN && errno != EINTR)
            relay->state = BTBB_RELAY_CLOSED;
        return;
    }
    relay->sent += (size_t)count;
    if (relay->sent == relay->whole) {
        relay->filled -= relay->whole;
        memmove(relay->bytes, relay->bytes + relay->whole, relay->filled);
        relay->sent = relay->whole = 0;
    }
}
