/* read-pcap.c: the classic pcap file format (draft-ietf-opsawg-pcap), as Ubertooth, Kismet and libbtbb write it.
 *
 * Both libraries that read it cost more per packet than all the counting (docs/performance.md): libpcap two locked
 * fread() calls, wiretap several allocations. Unusual files are left to wiretap: see btbb_pcap_fits().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "readers.h"

#include <errno.h>
#include <glib.h>
#include <unistd.h>

#define MAGIC_MICROSECONDS 0xa1b2c3d4u
#define MAGIC_NANOSECONDS  0xa1b23c4du

#define NS_PER_SECOND INT64_C(1000000000)

#define FILE_HEADER   24u
#define RECORD_HEADER 16u

/* The longest packet of libpcap and Wireshark: a larger length is damage. */
#define PACKET_MAX 262144u

/* Frames delivered at a time: they fit into the L1 cache. */
#define BATCH 64u

/* A few packets of the largest size; usually some thousands. */
#define CHUNK (2u * (PACKET_MAX + RECORD_HEADER))

static inline uint32_t get32(const uint8_t *bytes, bool swapped)
{
    uint32_t b0 = bytes[0], b1 = bytes[1], b2 = bytes[2], b3 = bytes[3];
    return swapped ? b0 << 24 | b1 << 16 | b2 << 8 | b3 : b3 << 24 | b2 << 16 | b1 << 8 | b0;
}

bool btbb_pcap_fits(const uint8_t *head, size_t bytes, struct btbb_pcap *pcap)
{
    if (bytes != FILE_HEADER && bytes < FILE_HEADER + RECORD_HEADER)
        return false;
    uint32_t magic = get32(head, false);
    pcap->swapped = magic != MAGIC_MICROSECONDS && magic != MAGIC_NANOSECONDS;
    magic = get32(head, pcap->swapped);
    if (magic != MAGIC_MICROSECONDS && magic != MAGIC_NANOSECONDS)
        return false;
    pcap->nanoseconds = magic == MAGIC_NANOSECONDS;

    /* Version 2.4; the upper bits of the link type must not announce a frame check sequence. */
    uint32_t version = get32(head + 4, pcap->swapped), link = get32(head + 20, pcap->swapped);
    if (version != (pcap->swapped ? 0x00020004u : 0x00040002u))
        return false;
    if (!btbb_linktype_is_read(link))
        return false;
    pcap->linktype = link;

    /* A first record that makes no sense: one of the variants of the format. */
    return bytes == FILE_HEADER || get32(head + FILE_HEADER + 8, pcap->swapped) <= PACKET_MAX;
}

/* Delivers the whole records in `data` and returns the bytes taken. *damaged is set when the next record is too long to
 * be one, or shorter than its pseudo-header, where wiretap ends as well. The product of microseconds is kept to 32 bits
 * as in wiretap, which tshark reads with: the two differ only where the file holds a million microseconds and more. */
static inline G_ALWAYS_INLINE size_t read_records(struct btbb_reading *reading, bool swapped, uint32_t ns_per_unit,
                                                  uint32_t linktype, const uint8_t *data, size_t bytes, bool *damaged)
{
    struct btbb_read_frame frames[BATCH], *frame = frames;
    size_t at = 0;
    for (unsigned i = 0; i < BATCH; i++)
        frames[i] = (struct btbb_read_frame){.frame = {.has_time = true}};
    while (bytes - at >= RECORD_HEADER) {
        const uint8_t *record = data + at;
        uint32_t captured = get32(record + 8, swapped);
        if (captured > PACKET_MAX || captured < btbb_pseudo_header_bytes(linktype)) {
            *damaged = true;
            break;
        }
        if (bytes - at - RECORD_HEADER < captured)
            break;
        const struct btbb_raw_packet packet = {
            .linktype = linktype, .bytes = {record + RECORD_HEADER, captured}, .reported = get32(record + 12, swapped)};
        frame->frame.time_ns =
            get32(record, swapped) * NS_PER_SECOND + (int32_t)(get32(record + 4, swapped) * ns_per_unit);
        frame += btbb_read_packet(reading, &packet, frame);
        at += RECORD_HEADER + captured;
        if (frame == frames + BATCH) {
            btbb_deliver(reading, frames, BATCH);
            frame = frames;
        }
    }
    if (frame > frames)
        btbb_deliver(reading, frames, (unsigned)(frame - frames));
    return at;
}

/* Byte order and the usual link types are constants in each call, so that no record tests them. */
static size_t read_chunk(struct btbb_reading *reading, const struct btbb_pcap *pcap, const uint8_t *data, size_t bytes,
                         bool *damaged)
{
    const uint32_t unit = pcap->nanoseconds ? 1 : 1000, linktype = pcap->linktype;
    if (pcap->swapped)
        return read_records(reading, true, unit, linktype, data, bytes, damaged);
    if (linktype == BTBB_LINKTYPE_RF)
        return read_records(reading, false, unit, BTBB_LINKTYPE_RF, data, bytes, damaged);
    if (linktype == BTBB_LINKTYPE_ETHERNET)
        return read_records(reading, false, unit, BTBB_LINKTYPE_ETHERNET, data, bytes, damaged);
    if (linktype == BTBB_LINKTYPE_H4_PHDR)
        return read_records(reading, false, unit, BTBB_LINKTYPE_H4_PHDR, data, bytes, damaged);
    return read_records(reading, false, unit, linktype, data, bytes, damaged);
}

/* Reads more bytes after those in the buffer. Returns false at the end, and on errors with *err. */
static bool fill(struct btbb_reading *reading, int fd, uint8_t *buffer, size_t *bytes, int *err)
{
    ssize_t more;
    do
        more = read(fd, buffer + *bytes, CHUNK - *bytes);
    while (more < 0 && errno == EINTR && !atomic_load(reading->stop));
    *err = more < 0 ? errno : 0;
    if (more <= 0)
        return false;
    *bytes += (size_t)more;
    atomic_fetch_add_explicit(&reading->bytes, (uint_fast64_t)more, memory_order_relaxed);
    return true;
}

enum btbb_read_result btbb_read_pcap(struct btbb_reading *reading, int fd, const struct btbb_pcap *pcap)
{
    uint8_t *buffer = g_try_malloc(CHUNK);
    if (!buffer)
        return btbb_read_failed(reading, BTBB_READ_NOTHING, "out of memory");
    size_t bytes = 0, skip = FILE_HEADER;
    bool damaged = false;
    int err = 0;
    while (!damaged && !atomic_load_explicit(reading->stop, memory_order_relaxed) &&
           fill(reading, fd, buffer, &bytes, &err)) {
        if (bytes < skip)
            continue;
        size_t taken = skip + read_chunk(reading, pcap, buffer + skip, bytes - skip, &damaged);
        skip = 0;
        bytes -= taken;
        memmove(buffer, buffer + taken, bytes);
    }
    g_free(buffer);
    btbb_count_link(reading, (int)pcap->linktype, -1, reading->frames);
    if (damaged)
        return btbb_read_failed(reading, BTBB_READ_PART, "damaged: the length of frame %u is impossible",
                                reading->frames + 1);
    if (atomic_load(reading->stop))
        return BTBB_READ_STOPPED;
    if (err)
        return btbb_read_failed(reading, BTBB_READ_PART, "%s", g_strerror(err));
    return bytes > skip ? btbb_read_cut(reading) : BTBB_READ_WHOLE;
}
