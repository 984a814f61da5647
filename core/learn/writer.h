/* writer.h: peculiarities of the program that wrote the capture, by evidence in the file.
 *
 * Each is noted once, at the frame where the evidence is complete.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_WRITER_H
#define BTBB_CORE_WRITER_H

#include "decode/facts.h"

enum btbb_note {
    BTBB_NOTE_ACCESS_CODES, /* the capture begins with an access code; it may have nothing else */
    BTBB_NOTE_CRC_ZERO,     /* a CRC of 0 where another one was computed, and no CRC but 0 before: the writer does not
                               store CRCs. Such a CRC is not wrong, but not captured */
    BTBB_NOTE_LAP_CUT,      /* LINKTYPE 255: a LAP below 256. One device in 65,536 has one; some writers cut LAPs to
                               their lowest byte */
    BTBB_NOTE_TIME_UNITS,   /* LINKTYPE 255: the first four time stamps are less than a millisecond after a full
                               second, and not exact seconds: the writer stores milliseconds as microseconds */
    BTBB_NOTES
};

/* All zero: no frame yet. */
struct btbb_writer {
    uint32_t note_at[BTBB_NOTES]; /* the frame of each note; 0 = none */
    uint32_t crc_from;            /* the first frame with a CRC other than 0; 0 = none */
    uint32_t small_fractions;     /* time stamps up to here that are less than a millisecond after a full second */
    bool started;                 /* a frame was learned */
    bool timed;                   /* a frame with a time stamp was learned */
    bool settled;                 /* further frames with a time stamp, without payload, and with a LAP of more than 8
                                     bits add nothing */
};

/* Learns frame `number`, before its CRC is corrected. */
void btbb_writer_learn(struct btbb_writer *writer, uint32_t number, const struct btbb_frame *frame,
                       const struct btbb_facts *facts);

/* Changes the facts of a frame whose CRC is 0 because the writer does not store CRCs: it becomes unverified.
 * `number` of a frame that was learned. */
void btbb_writer_correct_crc(const struct btbb_writer *writer, uint32_t number, const struct btbb_frame *frame,
                             struct btbb_facts *facts);

/* The notes at a frame that was learned: bits 1u << enum btbb_note. */
uint32_t btbb_writer_notes(const struct btbb_writer *writer, uint32_t number);

/* Whether a LAP of LINKTYPE 255 may have been cut to its lowest byte. */
static inline bool btbb_lap_is_short(uint32_t lap)
{
    return lap < 0x100 && lap > 0;
}

#endif
