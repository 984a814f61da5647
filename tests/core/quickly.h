/* quickly.h: the same frames learned in full and quickly (btbb_capture_quick()), decoded in full and briefly, and
 * compared in everything: records, and all that is known of the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TEST_QUICKLY_H
#define BTBB_TEST_QUICKLY_H

#include <string.h>

#include "learn/capture-int.h"

struct captures {
    struct btbb_capture *full, *brief; /* decoded so, without the quick path */
    struct btbb_capture *quick, *quick_brief;
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

static inline void learn_fully(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                               bool brief, struct btbb_record *record)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;

    (brief ? btbb_decode_briefly : btbb_decode)(frame, &facts);
    btbb_capture_learn(capture, number, frame, &facts, &verdict);
    *record = (struct btbb_record){.version = BTBB_RECORD_VERSION, .frame = number};
    btbb_record_fill(frame, &facts, &verdict, record);
}

/* True: the frame was a usual one. */
static inline bool learn_quickly(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                                 bool brief, struct btbb_record *record)
{
    *record = (struct btbb_record){.version = BTBB_RECORD_VERSION, .frame = number};
    if (btbb_capture_quick(capture, frame, brief, record))
        return true;
    learn_fully(capture, number, frame, brief, record);
    return false;
}

#define SAME(member) (a->member == b->member)

static inline bool same_record(const struct btbb_record *a, const struct btbb_record *b)
{
    return SAME(version) && SAME(frame) && SAME(time_ns) && SAME(client) && SAME(lap) && SAME(wire_bytes) &&
           SAME(payload_bytes) && SAME(nap) && SAME(uap) && SAME(rank) && SAME(uap_source) && SAME(taught) &&
           SAME(taught_uap) && SAME(taught_nap) && SAME(taught_lap) && SAME(encap) && SAME(has_time) && SAME(has_lap) &&
           SAME(id) && SAME(typed) && SAME(type) && SAME(kind) && SAME(lt_addr) && SAME(hec) && SAME(crc) &&
           SAME(dir) && SAME(own) && SAME(retransmission) && SAME(has_channel) && SAME(has_signal) && SAME(has_noise) &&
           SAME(channel) && SAME(signal_dbm) && SAME(noise_dbm);
}

static inline bool same_address(const struct btbb_address *a, const struct btbb_address *b)
{
    return SAME(nap) && SAME(uap) && SAME(rank) && SAME(source);
}

static inline bool same_changes(const struct btbb_piconet_more *a, const struct btbb_piconet_more *b)
{
    bool same = SAME(change_count);

    for (uint32_t i = 0; same && i < a->change_count; i++)
        same = SAME(changes[i].frame) && same_address(&a->changes[i].address, &b->changes[i].address);
    return same;
}

static inline bool same_more(const struct btbb_piconet_more *a, const struct btbb_piconet_more *b)
{
    const size_t sent = BTBB_SENDERS * BTBB_LT_ADDRS * sizeof(uint64_t);

    if (!a || !b)
        return a == b;
    return SAME(rival_good) && SAME(disputed_at) && SAME(role_from) && SAME(role_withheld_from) && SAME(disputed_uap) &&
           SAME(central) && SAME(ballot.header18) && SAME(ballot.votes) && SAME(ballot.uap) && SAME(ballot.crc) &&
           SAME(ballot.distinct) && same_address(&a->rival, &b->rival) && same_changes(a, b) &&
           !a->last_sent == !b->last_sent && (!a->last_sent || memcmp(a->last_sent, b->last_sent, sent) == 0);
}

static inline bool same_piconet(const struct btbb_piconet *a, const struct btbb_piconet *b)
{
    return SAME(lap) && SAME(good) && SAME(since) && SAME(clk_withheld_from) && SAME(clk_withheld_reason) &&
           SAME(sent) && SAME(sender) && same_address(&a->held, &b->held) && same_more(a->more, b->more);
}

static inline bool same_capture(const struct btbb_capture *a, const struct btbb_capture *b)
{
    bool same = SAME(newest) && SAME(piconets.count);

    for (uint32_t i = 0; same && i < a->piconets.count; i++)
        same = same_piconet(btbb_piconets_at(&a->piconets, i), btbb_piconets_at(&b->piconets, i));
    for (uint32_t number = 0; same && number <= a->newest && number < 1u << 20; number++)
        same = btbb_repeats_recall(&a->repeats, number) == btbb_repeats_recall(&b->repeats, number);
    return same;
}

#undef SAME

#endif
