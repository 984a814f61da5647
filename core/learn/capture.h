/* capture.h: what is known of a capture beyond the single frame.
 *
 * Frames are learned once, in file order; they may be asked about again at any time and in any order, and the
 * answer about a frame is always the one given when it was learned. To that end knowledge is kept as changes:
 * "from frame N on, LAP L has UAP U". Memory grows with LAPs and changes, not with frames (but one bit for
 * a frame that was a retransmission).
 *
 *     struct btbb_capture *c = btbb_capture_new();
 *     for each frame, first pass:   btbb_decode(&frame, &facts);
 *                                   btbb_capture_learn(c, number, &frame, &facts, &verdict);
 *     for a frame seen before:      btbb_decode(&frame, &facts);
 *                                   btbb_capture_recall(c, number, &frame, &facts, &verdict);
 *     btbb_record_fill(&frame, &facts, &verdict, &record);
 *     btbb_capture_free(c);
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CAPTURE_H
#define BTBB_CORE_CAPTURE_H

#include "decode/decode.h"

struct btbb_capture;

/* Why a direction that the clock would give is withheld. */
enum btbb_dir_reason {
    BTBB_DIR_GIVEN = 0,        /* not withheld, or nothing to withhold */
    BTBB_DIR_POLL_CONTRADICTS, /* a POLL with good HEC came in the Peripheral's slot: not the piconet's clock */
    BTBB_DIR_CLK_TOO_WIDE      /* six clock bits announced, a larger CLK stored: not a piconet's clock */
};

struct btbb_verdict {
    /* Best-known address of facts->lap (InternalBlue: of the transmitter), this frame included. */
    uint16_t nap; /* valid when rank is BTBB_RANK_NAP */
    uint8_t uap;  /* valid when rank > BTBB_RANK_LAP */
    enum btbb_rank rank;
    enum btbb_uap_source uap_source;
    bool address_conflict; /* this frame names another address of equal rank than the one held before */
    uint16_t conflict_nap; /* the address that lost; valid when address_conflict */
    uint8_t conflict_uap;

    enum btbb_dir dir;
    enum btbb_dir_reason dir_reason;
    bool contradiction; /* this very frame is the piconet's first contradiction: report it here only */

    bool retransmission;

    bool taught; /* a proven FHS: the address in facts->fhs was entered for its LAP */
};

/* NULL only when memory is exhausted; free with btbb_capture_free(), which takes NULL. */
struct btbb_capture *btbb_capture_new(void);
void btbb_capture_free(struct btbb_capture *capture);

/* Take in one frame. `number` must grow from call to call. On return the facts are judged with the best-known UAP. */
void btbb_capture_learn(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                        struct btbb_facts *facts, struct btbb_verdict *verdict);

/* The same answer again. A number that was never learned is answered from what was known up to it. */
void btbb_capture_recall(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                         struct btbb_facts *facts, struct btbb_verdict *verdict);

/* A usual frame learned at once: completes the record as decoding, learning and btbb_record_fill() would; decoding with
 * btbb_decode_briefly() where `brief`, otherwise with btbb_decode(). Not brief, a usual frame has no payload, and
 * nothing about it is worth a remark: no bit is reserved, no byte missing, no channel above 78. False, nothing learned
 * or written: no usual frame, do all that. */
bool btbb_capture_quick(struct btbb_capture *capture, const struct btbb_frame *frame, bool brief,
                        struct btbb_record *record);

/* Complete the tap record of a frame: it has version, number, wire_bytes and time, and is zero otherwise. */
void btbb_record_fill(const struct btbb_frame *frame, const struct btbb_facts *facts,
                      const struct btbb_verdict *verdict, struct btbb_record *record);

#endif
