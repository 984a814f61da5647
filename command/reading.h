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

#include "decode/decode.h"

/* A BTBB frame of a file. */
struct btbb_read_frame {
    struct btbb_frame frame;
    uint32_t number;     /* counts all frames of the file, others too, from 1 */
    uint32_t wire_bytes; /* length before any cutting, link layer header included */
    int64_t time_ns;     /* 0 unless has_time */
    bool has_time;
};

/* Called for all BTBB frames in file order, for as many at a time as are there: a call for each would cost a tenth of
 * all that is done with it. Their bytes are gone afterwards. */
typedef void btbb_frames_fn(void *user, const struct btbb_read_frame *frames, unsigned count);

enum btbb_read_result {
    BTBB_READ_WHOLE,   /* every frame was delivered */
    BTBB_READ_STOPPED, /* `stop` was set: the frames up to then were delivered */
    BTBB_READ_PART,    /* cut short or damaged: the frames before that place were delivered */
    BTBB_READ_NOTHING  /* could not be opened, or is no capture */
};

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
    atomic_uint_fast64_t bytes; /* read so far */
    char *message;              /* why PART or NOTHING; free with g_free() */
    uint32_t frames;            /* delivered or not */

    bool follow; /* by the caller: wait for more at the end of a file, until `stop` */
};

/* Note why reading failed, printf-like, and return `result`. */
enum btbb_read_result btbb_read_failed(struct btbb_reading *reading, enum btbb_read_result result, const char *format,
                                       ...) G_GNUC_PRINTF(3, 4);

/* The file ends inside a record. */
enum btbb_read_result btbb_read_cut(struct btbb_reading *reading);

#endif
