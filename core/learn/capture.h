/* capture.h: what is known of a capture beyond the single frame.
 *
 * Frames are learned once, in file order. Later they may be recalled at any time and in any order, and the verdict on a
 * frame is always the one given when it was learned. Therefore knowledge is stored as changes: "from frame N on, LAP L
 * has UAP U". Memory grows with LAPs and changes, not with frames, except one bit for each retransmission.
 *
 *     struct btbb_capture *c = btbb_capture_new();
 *     for each frame, first pass:   btbb_decode(&frame, &facts);
 *                                   btbb_capture_learn(c, number, &frame, &facts, &verdict);
 *     for a frame seen before:      btbb_decode(&frame, &facts);
 *                                   btbb_capture_recall(c, number, &frame, &facts, &verdict);
 *     btbb_record_fill(&facts, &verdict, &record);
 *     btbb_capture_free(c);
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CAPTURE_H
#define BTBB_CORE_CAPTURE_H

#include "decode/decode.h"
#include "learn/clock.h"

struct btbb_capture;

/* Why a direction that the file seems to have is withheld. */
enum btbb_dir_reason {
    BTBB_DIR_GIVEN = 0,        /* not withheld, or nothing to withhold */
    BTBB_DIR_POLL_CONTRADICTS, /* a POLL with good HEC came in the Peripheral's slot: not the piconet's clock */
    BTBB_DIR_CLK_TOO_WIDE      /* six clock bits announced, a larger CLK stored: not a piconet's clock */
};

struct btbb_verdict {
    /* The client, see btbb_record.lap: what the field btbb.lap shows and the statistics count by. */
    uint32_t lap; /* 24 bits, or BTBB_LAP_UNKNOWN */

    /* Best-known rest of its address, this frame included. */
    uint16_t nap; /* valid when rank is BTBB_RANK_NAP */
    uint8_t uap;  /* valid when rank > BTBB_RANK_LAP */
    enum btbb_rank rank;
    enum btbb_uap_source uap_source;
    bool address_conflict; /* this frame has another address than the one known before, of equal rank */
    uint16_t conflict_nap; /* the address that lost; valid when address_conflict */
    uint8_t conflict_uap;

    enum btbb_dir dir;
    enum btbb_dir_source dir_source;
    enum btbb_dir_reason dir_reason;
    bool contradiction; /* this frame is the piconet's first contradiction: report it here only */

    bool retransmission;
    bool plain_retransmission; /* the same without directions that follow from clocks that were found */

    /* The piconet's clock. Where no clock is sought: that of the file, or an empty answer. Where it gives `dir`,
     * dir_source is BTBB_DIR_SOURCE_FOUND or BTBB_DIR_SOURCE_PHASE. */
    struct btbb_clock_answer clock;

    bool taught; /* the frame has a proven address, of an FHS packet or LMP_slot_offset, that was learned for its LAP */
    uint8_t taught_uap;
    uint16_t taught_nap;
    uint32_t taught_lap;

    int64_t time_jump_ns; /* see btbb_record.time_jump_ns */
    uint32_t notes;       /* what is noted once in a capture, at this frame: bits 1u << enum btbb_note (writer.h) */
};

/* NULL when memory is exhausted. Free with btbb_capture_free(), which accepts NULL. */
struct btbb_capture *btbb_capture_new(void);
void btbb_capture_free(struct btbb_capture *capture);

/* To be called before the first frame: seek the clock of piconets whose file does not hold it (clocks.h). Then the fast
 * path is not taken, and a verdict that is recalled may have a clock and a direction that it had not when the frame was
 * learned: what all frames so far have shown. Everything else in it stays the same. */
void btbb_capture_seek_clocks(struct btbb_capture *capture);

/* Seek no clocks any longer, and forget those that were found. `capture` may be NULL. */
void btbb_capture_skip_clocks(struct btbb_capture *capture);

/* The clocks, for tables and for btbb_capture_candidates(). NULL where they are not sought; valid as the capture. */
struct btbb_clock_set *btbb_capture_clocks(const struct btbb_capture *capture);

/* CLK27-1 values that the start slot of a frame may have, most probable first, for callers that can check them, for
 * example by the CRC of a decrypted payload. One value if verdict->clock.has_clk; otherwise the twins that hops do not
 * tell apart, as far as they are known after the last frame learned; nothing where nothing is known. `facts` and
 * `verdict` as btbb_capture_recall() leaves them. Returns their number. */
unsigned btbb_capture_candidates(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                                 const struct btbb_facts *facts, const struct btbb_verdict *verdict,
                                 uint32_t clks[BTBB_CLOCK_CANDIDATES]);

/* The number of the last frame that was learned; 0: none. `capture` may be NULL. */
uint32_t btbb_capture_newest(const struct btbb_capture *capture);

/* Whether the last call of btbb_capture_learn() was for a frame learned before. `capture` may be NULL. */
bool btbb_capture_recalls(const struct btbb_capture *capture);

/* Learns one frame. `capture` may be NULL, where memory was exhausted: then each frame is on its own. `number` must
 * grow from call to call; a frame learned before is recalled instead. On return the facts are checked with the
 * best-known UAP. */
void btbb_capture_learn(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                        struct btbb_facts *facts, struct btbb_verdict *verdict);

/* The payload of the frame that was learned last was decrypted, and `frame` and `facts` are those of the plain
 * packet: finds out whether it was sent again. `capture` may be NULL. After btbb_capture_forget_repeats(), callers hand
 * in all frames again, in file order: each one as it was recalled, and again once it is decrypted. */
void btbb_capture_forget_repeats(struct btbb_capture *capture);
void btbb_capture_learn_plain(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                              const struct btbb_facts *facts, struct btbb_verdict *verdict);

/* The same verdict and facts again. For a number that was never learned: those of the knowledge up to it. */
void btbb_capture_recall(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                         struct btbb_facts *facts, struct btbb_verdict *verdict);

/* What callers of the fast path need of a packet. */
enum btbb_fast {
    BTBB_FAST_ALL,    /* everything: a usual frame has no payload and no remark (remarks.h) */
    BTBB_FAST_RECORD, /* the record as with btbb_decode(), not the payload */
    BTBB_FAST_BRIEF   /* the record as with btbb_decode_briefly() */
};

/* Of a record of an ESP32, the fast path reads no more bytes: two of an LMP PDU, and what is before it. */
#define BTBB_FAST_ESP32_BYTES 12u

/* The fast path: learns a usual frame and completes its record as decoding, btbb_capture_learn() and
 * btbb_record_fill() do, without facts and verdict. Returns false, with nothing learned or written, for any other
 * frame. ESP32: of the packets of a connection that are LMP, all that a tracker of names must have are such other
 * frames (link-packet.h). */
bool btbb_capture_learn_fast(struct btbb_capture *capture, const struct btbb_frame *frame, enum btbb_fast need,
                             struct btbb_record *record);

/* Completes a record that has version, frame number, wire_bytes and time, and is zero otherwise. */
void btbb_record_fill(const struct btbb_facts *facts, const struct btbb_verdict *verdict, struct btbb_record *record);

/* Completes the details of a packet whose record is complete: `details` is zero but for its record. */
void btbb_details_fill(const struct btbb_facts *facts, const struct btbb_verdict *verdict,
                       struct btbb_details *details);

/* The same for a frame that btbb_capture_learn_fast() has learned with BTBB_FAST_ALL: an access code, or a packet
 * without payload. */
void btbb_details_fill_fast(const struct btbb_frame *frame, struct btbb_details *details);

#endif
