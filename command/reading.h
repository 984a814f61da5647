/* reading.h: one capture file that is being read, and the frames that come out of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_READING_H
#define BTBB_COMMAND_READING_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "decode/facts.h"
#include "decode/layers.h"

/* A baseband frame of a file. */
struct btbb_read_frame {
    struct btbb_frame frame;
    uint32_t number;     /* counts every frame of the file, others too, from 1 */
    uint32_t wire_bytes; /* length before any cutting, link-layer header included */
};

/* Receives baseband frames in file order, as many at a time as are at hand: one call per frame would cost a tenth of
 * all the work done with it. The bytes of the frames are valid during the call. */
typedef void btbb_frames_fn(void *user, const struct btbb_read_frame *frames, unsigned count);

enum btbb_read_result {
    BTBB_READ_WHOLE,   /* every frame was delivered */
    BTBB_READ_STOPPED, /* `stop` was set: the frames up to then were delivered */
    BTBB_READ_FOREIGN, /* read to the end; no link type in the file can hold baseband packets */
    BTBB_READ_PART,    /* cut short or damaged: the frames before that place were delivered */
    BTBB_READ_NOTHING  /* cannot be opened, or is not a capture */
};

/* How many frames had a link type. */
struct btbb_link_count {
    int linktype; /* https://www.tcpdump.org/linktypes.html; -1 where Wireshark's library knows no number */
    int encap;    /* Wireshark's number (WTAP_ENCAP_...); -1: look it up by `linktype` */
    uint32_t frames;
};

/* Link types that are told apart in one file. A file with more of them counts the rest as frames only. */
#define BTBB_LINK_COUNTS 8

/* Aligned, so that threads that read different files never write to the same cache line. */
#define BTBB_CACHE_LINE 64

struct btbb_reading {
    /* Set by the caller. */
    _Alignas(BTBB_CACHE_LINE) const char *name; /* path, or "-" for standard input */
    uint64_t size;                              /* bytes of the file for the progress bar; 0 when not known */
    const atomic_bool *stop;
    btbb_frames_fn *frames_fn;
    void *user;

    /* Set while reading. */
    atomic_uint_fast64_t bytes;   /* read so far */
    atomic_uint_fast64_t learned; /* the same of an earlier pass for the clocks: btbb_learn_clocks() */
    char *message;                /* why the result is PART or NOTHING; free with g_free() */
    uint32_t frames;              /* all frames, baseband or not */
    uint32_t found;               /* baseband frames: those delivered */

    bool follow; /* set by the caller: wait for more at the end of a file, until `stop` */

    uint32_t tunnels[BTBB_TUNNELS]; /* frames of tunnels that were not looked into */
    struct btbb_link_count links[BTBB_LINK_COUNTS];
    unsigned link_count;
};

/* Sets reading->message, printf-like, and returns `result`. */
enum btbb_read_result btbb_read_failed(struct btbb_reading *reading, enum btbb_read_result result, const char *format,
                                       ...) G_GNUC_PRINTF(3, 4);

/* The same for a file that ends inside a record: always BTBB_READ_PART. */
enum btbb_read_result btbb_read_cut(struct btbb_reading *reading);

/* Counts frames of a link type. */
void btbb_count_link(struct btbb_reading *reading, int linktype, int encap, uint32_t frames);

/* Finds the baseband frame of a packet, out of line: for all but the usual ones. Returns whether there is one. */
bool btbb_read_layers(struct btbb_reading *reading, const struct btbb_raw_packet *packet, struct btbb_read_frame *out);

/* Delivers `count` baseband frames. */
static inline void btbb_deliver(struct btbb_reading *reading, const struct btbb_read_frame *frames, unsigned count)
{
    reading->found += count;
    reading->frames_fn(reading->user, frames, count);
}

/* Numbers one packet. Returns whether it is a baseband frame; then `out` is complete but for the time and `own` of its
 * frame. */
static inline G_ALWAYS_INLINE bool btbb_read_packet(struct btbb_reading *reading, const struct btbb_raw_packet *packet,
                                                    struct btbb_read_frame *out)
{
    out->number = ++reading->frames;
    out->wire_bytes = packet->reported;
    if (packet->linktype == BTBB_LINKTYPE_RF) {
        btbb_find_rf_frame(packet, &out->frame);
        return true;
    }
    if (packet->linktype == BTBB_LINKTYPE_ETHERNET && btbb_find_ethernet_frame(packet, &out->frame))
        return true;
    if (packet->linktype == BTBB_LINKTYPE_H4_PHDR && btbb_find_esp32_frame(packet, &out->frame)) {
        out->wire_bytes -= MIN(out->wire_bytes, btbb_pseudo_header_bytes(BTBB_LINKTYPE_H4_PHDR));
        return true;
    }
    const struct btbb_raw_packet unusual = *packet; /* a copy, so that the usual packets stay in registers */
    return btbb_read_layers(reading, &unusual, out);
}

#endif
