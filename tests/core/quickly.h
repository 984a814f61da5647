/* quickly.h: learns the same frames by the slow path and by the fast path (btbb_capture_learn_fast()), decoded in full
 * and briefly, and compares the records and everything that is known of the captures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TEST_QUICKLY_H
#define BTBB_TEST_QUICKLY_H

#include <string.h>

#include "learn/capture-int.h"

struct captures {
    struct btbb_capture *full, *brief;        /* decoded in full and briefly, by the slow path */
    struct btbb_capture *quick, *quick_brief; /* by the fast path where it takes the frame */
};

static inline struct captures captures_new(void)
{
    return (struct captures){btbb_capture_new(), btbb_capture_new(), btbb_capture_new(), btbb_capture_new()};
}

static inline void captures_free(struct captures *captures)
{
    btbb_capture_free(captures->full);
    btbb_capture_free(captures->brief);
    btbb_capture_free(captures->quick);
    btbb_capture_free(captures->quick_brief);
}

static inline struct btbb_record new_record(uint32_t number, const struct btbb_frame *frame)
{
    return (struct btbb_record){.version = BTBB_RECORD_VERSION,
                                .frame = number,
                                .has_time = frame->has_time,
                                .time_ns = frame->has_time ? frame->time_ns : 0};
}

static inline void learn_fully(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                               bool brief, struct btbb_record *record)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;

    (brief ? btbb_decode_briefly : btbb_decode)(frame, &facts);
    btbb_capture_learn(capture, number, frame, &facts, &verdict);
    *record = new_record(number, frame);
    btbb_record_fill(&facts, &verdict, record);
}

/* Returns whether the fast path took the frame. */
static inline bool learn_quickly(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                                 bool brief, struct btbb_record *record)
{
    *record = new_record(number, frame);
    if (btbb_capture_learn_fast(capture, frame, brief ? BTBB_FAST_BRIEF : BTBB_FAST_RECORD, record))
        return true;
    learn_fully(capture, number, frame, brief, record);
    return false;
}

#define SAME(member) (a->member == b->member)

static inline bool same_record(const struct btbb_record *a, const struct btbb_record *b)
{
    return SAME(version) && SAME(frame) && SAME(time_ns) && SAME(lap) && SAME(wire_bytes) && SAME(payload_bytes) &&
           SAME(nap) && SAME(uap) && SAME(rank) && SAME(uap_source) && SAME(taught) && SAME(taught_uap) &&
           SAME(taught_nap) && SAME(taught_lap) && SAME(encap) && SAME(has_time) && SAME(malformed) &&
           SAME(packet_class) && SAME(type) && SAME(kind) && SAME(lt_addr) && SAME(hec) && SAME(crc) && SAME(dir) &&
           SAME(dir_source) && SAME(own) && SAME(retransmission) && SAME(plain_retransmission) && SAME(has_channel) &&
           SAME(has_signal) && SAME(has_noise) && SAME(channel) && SAME(signal_dbm) && SAME(noise_dbm) &&
           SAME(time_jump_ns);
}

static inline bool same_address(const struct btbb_address *a, const struct btbb_address *b)
{
    return SAME(nap) && SAME(uap) && SAME(rank) && SAME(source);
}

static inline bool same_changes(const struct btbb_piconet_extra *a, const struct btbb_piconet_extra *b)
{
    bool same = SAME(change_count);

    for (uint32_t i = 0; same && i < a->change_count; i++)
        same = SAME(changes[i].frame) && same_address(&a->changes[i].address, &b->changes[i].address);
    return same;
}

static inline bool same_extra(const struct btbb_piconet_extra *a, const struct btbb_piconet_extra *b)
{
    const size_t sent = BTBB_SENDERS * BTBB_LT_ADDRS * sizeof(uint64_t);

    if (!a || !b)
        return a == b;
    return SAME(rival_good) && SAME(disputed_at) && SAME(role_from) && SAME(role_withheld_from) && SAME(disputed_uap) &&
           SAME(central) && SAME(votes.header18) && SAME(votes.votes) && SAME(votes.uap) && SAME(votes.crc) &&
           SAME(votes.distinct) && same_address(&a->rival, &b->rival) && same_changes(a, b) &&
           !a->last_digests == !b->last_digests &&
           (!a->last_digests || memcmp(a->last_digests, b->last_digests, sent) == 0);
}

static inline bool same_piconet(const struct btbb_piconet *a, const struct btbb_piconet *b)
{
    return SAME(lap) && SAME(good) && SAME(known_from) && SAME(clk_withheld_from) && SAME(clk_withheld_reason) &&
           SAME(last_digest) && SAME(last_sender) && same_address(&a->best, &b->best) && same_extra(a->extra, b->extra);
}

static inline bool same_time_jumps(const struct btbb_time_jumps *a, const struct btbb_time_jumps *b)
{
    bool same = SAME(last_ns) && SAME(frames) && SAME(first_ns) && SAME(before_ns) && SAME(count);

    for (uint32_t i = 0; same && i < a->count; i++)
        same = SAME(list[i].frame) && SAME(list[i].ns);
    return same;
}

/* The pages are compared as a whole. */
static inline bool same_frame_bits(const struct btbb_frame_bits *a, const struct btbb_frame_bits *b)
{
    bool same = SAME(page_count);

    for (uint32_t i = 0; same && i < a->page_count; i++)
        same = !a->pages[i] == !b->pages[i] &&
               (!a->pages[i] || memcmp(a->pages[i], b->pages[i], BTBB_REPEATS_PAGE_BYTES) == 0);
    return same;
}

static inline bool same_repeats(const struct btbb_repeats *a, const struct btbb_repeats *b)
{
    return same_frame_bits(&a->plain, &b->plain) && same_frame_bits(&a->changed, &b->changed);
}

static inline bool same_capture(const struct btbb_capture *a, const struct btbb_capture *b)
{
    bool same = SAME(newest) && SAME(piconets.count) && same_time_jumps(&a->time_jumps, &b->time_jumps) &&
                memcmp(&a->writer, &b->writer, sizeof a->writer) == 0;

    for (uint32_t i = 0; same && i < a->piconets.count; i++)
        same = same_piconet(btbb_piconets_at(&a->piconets, i), btbb_piconets_at(&b->piconets, i));
    return same && same_repeats(&a->repeats, &b->repeats);
}

#undef SAME

#endif
