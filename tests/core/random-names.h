/* random-names.h: random LMP PDUs and FHS bodies that show names and addresses of a few devices, and the comparison of
 * what two trackers learned of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TEST_RANDOM_NAMES_H
#define BTBB_TEST_RANDOM_NAMES_H

#include <glib.h>
#include <string.h>

#include "decode/fhs.h"
#include "learn/link-feed.h"
#include "learn/link-log.h"

#define PEERS 3u

static const uint32_t laps[PEERS + 1] = {0x123456, 0x23ab00, 0x77cc01, 0x0abcde}; /* the last is the ESP32's own */

/* Drawn once in an expression only: the order of operands is the compiler's. */
static inline uint32_t below(GRand *random, uint32_t end)
{
    return (uint32_t)g_rand_int_range(random, 0, (gint32)end);
}

static inline bool one_of(GRand *random, uint32_t n)
{
    return below(random, n) == 0;
}

static inline void put(uint8_t *at, uint64_t value, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* The body of an FHS packet (Core Specification Vol 2 Part B, 6.5.1.4). Returns its length. */
static inline uint32_t random_fhs(GRand *random, uint32_t lap, uint8_t lt_addr, uint8_t *at)
{
    const uint64_t parity = btbb_sync_word(lap) & ((UINT64_C(1) << 34) - 1);

    put(at, parity | (uint64_t)lap << 34 | UINT64_C(1) << 58, 8);
    at[8] = (uint8_t)lap;
    put(at + 9, 0x0102, 2);
    put(at + 11, 0x5a020c, 3);
    put(at + 14, lt_addr | below(random, 1 << 20) << 3, 4);
    return 18;
}

/* PDUs that matter are frequent enough to meet in any order. */
static inline uint32_t random_pdu(GRand *random, uint32_t *peer, uint8_t *at)
{
    static const uint8_t codes[] = {1,  2,  2,  2,  3,  4,  5,  7,  19, 37, 39, 49,
                                    51, 52, 11, 12, 31, 32, 35, 36, 45, 47, 127};
    static const uint8_t sizes[] = {2, 17, 17, 17, 2, 3, 1, 2, 5, 6, 9, 1, 1, 9, 17, 5, 2, 2, 1, 2, 2, 1, 3};
    const uint32_t i = one_of(random, 3) ? below(random, 14) : 14 + below(random, 9);

    for (uint32_t k = 1; k < sizes[i]; k++)
        at[k] = (uint8_t)below(random, one_of(random, 4) ? 256 : 4);
    at[0] = (uint8_t)(codes[i] << 1 | below(random, 2));
    if (codes[i] == 2) { /* one fragment of one of two names */
        at[1] = 0;
        at[2] = 3;
        memcpy(at + 3, one_of(random, 2) ? "ear" : "arm", 3);
    } else if (codes[i] == 3 || codes[i] == 4) {
        at[1] = one_of(random, 2) ? 19 : 51;
    } else if (codes[i] == 52) {
        put(at + 3, laps[one_of(random, 2) ? PEERS : *peer], 3);
        put(at + 6, 0x010233, 3);
    } else if (codes[i] == 7 && one_of(random, 2)) {
        *peer = below(random, PEERS);
    }
    return one_of(random, 30) ? below(random, 18) : sizes[i];
}

/* What the dissector and the command pass on to the tracker of names. */
static inline void track(struct btbb_link_log *log, uint32_t number, const struct btbb_frame *frame,
                         const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    const enum btbb_link_packet_kind kind = btbb_link_packet_kind_of(facts, verdict);
    struct btbb_link_packet packet = {.frame = number, .time_ns = frame->time_ns, .has_time = frame->has_time};

    if (kind == BTBB_LINK_PACKET_NONE || kind == BTBB_LINK_PACKET_DATA)
        return;
    btbb_link_packet_fill(kind, frame, facts, verdict, &packet);
    btbb_link_log_add(log, &packet, NULL);
}

static inline bool same_name(const struct btbb_name *a, const struct btbb_name *b)
{
    if (!a || !b)
        return a == b;
    return a->source == b->source && a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Returns how many devices have a name. */
static inline unsigned compare_names(const struct btbb_link_log *all, const struct btbb_link_log *rest)
{
    unsigned named = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(laps); i++) {
        const struct btbb_name *name = btbb_device_names_best(btbb_links_names(all->links), laps[i]);

        g_assert_true(same_name(name, btbb_device_names_best(btbb_links_names(rest->links), laps[i])));
        named += name != NULL;
    }
    return named;
}

#endif
