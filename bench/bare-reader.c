/* bare-reader.c: the baseline of docs/performance.md: the least that a C program must do to count a capture.
 *
 *     bare-reader FILE        classic pcap, little-endian, microseconds; link type 1 (ethertype 0xfff0), 255 or 201
 *                             (ESP32)
 *
 * Reads into one buffer with read(2), and counts packets per LAP and TYPE (access codes separately) and per second. It
 * checks nothing and has no directions, no addresses and no other format. The ratio of a program to it shows the rest.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER  (1u << 20)
#define COLUMNS 17u /* sixteen TYPE codes and access codes */

struct client {
    uint32_t lap_plus_one; /* 0: empty slot */
    uint32_t counts[COLUMNS];
};

static struct client *clients;
static uint32_t client_slots, client_count;
static uint32_t *seconds;
static uint32_t first_second, second_room;

static void *need(void *memory)
{
    if (!memory)
        exit(2);
    return memory;
}

static struct client *slot_of(uint32_t lap)
{
    uint32_t at = (lap * 2654435761u >> 8) & (client_slots - 1);
    while (clients[at].lap_plus_one && clients[at].lap_plus_one != lap + 1)
        at = (at + 1) & (client_slots - 1);
    return &clients[at];
}

static void grow_clients(void)
{
    struct client *old = clients;
    uint32_t old_slots = client_slots;
    client_slots = old_slots ? old_slots * 2 : 1024;
    clients = need(calloc(client_slots, sizeof *clients));
    for (uint32_t i = 0; i < old_slots; i++)
        if (old[i].lap_plus_one)
            *slot_of(old[i].lap_plus_one - 1) = old[i];
    free(old);
}

static void count(uint32_t second, uint32_t lap, uint32_t column)
{
    struct client *client = slot_of(lap);
    if (!client->lap_plus_one) {
        client->lap_plus_one = lap + 1;
        if (++client_count > client_slots / 2) {
            grow_clients();
            client = slot_of(lap);
        }
    }
    client->counts[column]++;

    if (!seconds)
        first_second = second;
    uint32_t at = second - first_second;
    if (at >= second_room) {
        uint32_t room = at * 2 + 1024;
        seconds = need(realloc(seconds, room * sizeof *seconds));
        memset(seconds + second_room, 0, (room - second_room) * sizeof *seconds);
        second_room = room;
    }
    seconds[at]++;
}

static inline uint32_t get32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Records of an ESP32 have the LAP in FHS packets only; those that follow belong to it. */
static void record(uint32_t second, const uint8_t *bytes, uint32_t length)
{
    static uint32_t lap;
    if (length < 13 || bytes[4] != 9)
        return;
    uint32_t type = bytes[11] >> 3 & 15;
    if (type == 2 && length >= 31)
        lap = get32(bytes + 17) >> 2 & 0xffffff;
    count(second, lap, type);
}

static void packet(uint32_t second, const uint8_t *bytes, uint32_t length, uint32_t linktype)
{
    if (linktype == 255) {
        if (length >= 22)
            count(second, get32(bytes + 8) & 0xffffff, get32(bytes + 16) ? get32(bytes + 16) >> 3 & 15 : 16);
    } else if (linktype == 1 && length >= 14 && bytes[12] == 0xff && bytes[13] == 0xf0) {
        uint32_t lap = (uint32_t)bytes[9] << 16 | (uint32_t)bytes[10] << 8 | bytes[11];
        count(second, lap, length > 20 ? bytes[20] >> 3 & 15 : 16);
    } else if (linktype == 201) {
        record(second, bytes, length);
    }
}

static void print(void)
{
    uint64_t total = 0, busy = 0;
    uint64_t columns[COLUMNS] = {0};
    for (uint32_t i = 0; i < client_slots; i++)
        for (uint32_t c = 0; c < COLUMNS; c++)
            columns[c] += clients[i].lap_plus_one ? clients[i].counts[c] : 0;
    for (uint32_t c = 0; c < COLUMNS; c++)
        total += columns[c];
    for (uint32_t i = 0; i < second_room; i++)
        busy += seconds[i] != 0;
    printf("%llu packets, %u LAPs, %llu seconds with packets, %llu access codes\n", (unsigned long long)total,
           client_count, (unsigned long long)busy, (unsigned long long)columns[COLUMNS - 1]);
}

int main(int argc, char **argv)
{
    int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    uint8_t *buffer = need(malloc(BUFFER));
    ssize_t n = file < 0 ? -1 : read(file, buffer, BUFFER);
    if (n < 24 || get32(buffer) != 0xa1b2c3d4u) {
        fprintf(stderr, "usage: bare-reader FILE (classic pcap, little-endian, microseconds)\n");
        return 1;
    }
    uint32_t linktype = get32(buffer + 20);
    grow_clients();
    size_t end = (size_t)n, at = 24;
    for (;;) {
        while (end - at >= 16 && end - at - 16 >= get32(buffer + at + 8)) {
            uint32_t length = get32(buffer + at + 8);
            packet(get32(buffer + at), buffer + at + 16, length, linktype);
            at += 16 + length;
        }
        memmove(buffer, buffer + at, end - at);
        end -= at;
        at = 0;
        n = read(file, buffer + end, BUFFER - end);
        if (n <= 0)
            break;
        end += (size_t)n;
    }
    print();
    return 0;
}
