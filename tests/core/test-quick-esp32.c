/* test-quick-esp32.c: the fast path and the slow path give the same records, knowledge and names of devices for ESP32
 * captures: over random connections with pages, role switches, names and PDUs of all kinds, every tenth record with one
 * bit inverted. What the fast path takes is kept from a tracker of names, which must give the names that a tracker of
 * everything gives.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "decode/fhs.h"
#include "learn/link-feed.h"
#include "learn/link-log.h"
#include "quickly.h"

#define CAPTURES 60u
#define FRAMES   4000u
#define BYTES    64u
#define PEERS    3u

static const uint32_t laps[PEERS + 1] = {0x123456, 0x23ab00, 0x77cc01, 0x0abcde}; /* the last is the ESP32's own */

/* What is going on in the connection. */
struct scene {
    GRand *random;
    uint32_t peer;
    bool central; /* the ESP32 is */
    bool no_own;  /* the capture does not have who sent a record: link type 187 */
    uint8_t lt_addr;
};

static uint32_t below(GRand *random, uint32_t end)
{
    return (uint32_t)g_rand_int_range(random, 0, (gint32)end);
}

static bool one_of(GRand *random, uint32_t n)
{
    return below(random, n) == 0;
}

static void put(uint8_t *at, uint64_t value, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t make_fhs(struct scene *scene, uint8_t *at)
{
    const bool inquiry = one_of(scene->random, 3);
    const uint32_t lap = laps[one_of(scene->random, 4) ? PEERS : scene->peer];
    const uint64_t parity = btbb_sync_word(lap) & ((UINT64_C(1) << 34) - 1);

    put(at, parity | (uint64_t)lap << 34 | UINT64_C(1) << 58, 8);
    at[8] = (uint8_t)lap;
    put(at + 9, 0x0102, 2);
    put(at + 11, 0x5a020c, 3);
    put(at + 14, (inquiry ? 0 : scene->lt_addr) | below(scene->random, 1 << 20) << 3, 4);
    return 18;
}

/* PDUs that matter are frequent enough to meet in any order. */
static uint32_t make_pdu(struct scene *scene, uint8_t *at)
{
    static const uint8_t codes[] = {1,  2,  2,  2,  3,  4,  5,  7,  19, 37, 39, 49,
                                    51, 52, 11, 12, 31, 32, 35, 36, 45, 47, 127};
    static const uint8_t sizes[] = {2, 17, 17, 17, 2, 3, 1, 2, 5, 6, 9, 1, 1, 9, 17, 5, 2, 2, 1, 2, 2, 1, 3};
    const uint32_t i = one_of(scene->random, 3) ? below(scene->random, 14) : 14 + below(scene->random, 9);

    for (uint32_t k = 1; k < sizes[i]; k++)
        at[k] = (uint8_t)below(scene->random, one_of(scene->random, 4) ? 256 : 4);
    at[0] = (uint8_t)(codes[i] << 1 | below(scene->random, 2));
    if (codes[i] == 2) { /* one fragment of one of two names */
        at[1] = 0;
        at[2] = 3;
        memcpy(at + 3, one_of(scene->random, 2) ? "ear" : "arm", 3);
    } else if (codes[i] == 3 || codes[i] == 4) {
        at[1] = one_of(scene->random, 2) ? 19 : 51;
    } else if (codes[i] == 52) {
        put(at + 3, laps[one_of(scene->random, 2) ? PEERS : scene->peer], 3);
        put(at + 6, 0x010233, 3);
    } else if (codes[i] == 7 && one_of(scene->random, 2)) {
        scene->peer = below(scene->random, PEERS);
    }
    return one_of(scene->random, 30) ? below(scene->random, 18) : sizes[i];
}

static uint32_t make_payload(struct scene *scene, uint8_t type, uint8_t *at)
{
    const bool lmp = one_of(scene->random, 2);
    uint32_t length = below(scene->random, 18);

    if (type == 2)
        return make_fhs(scene, at);
    if (type < 2)
        return one_of(scene->random, 10) ? 2 : 0;
    if (lmp)
        length = make_pdu(scene, at + 2);
    put(at, (lmp ? 3 : 1 + below(scene->random, 2)) | length << 3, 2);
    return 2 + length + (one_of(scene->random, 30) ? 1 : 0);
}

static struct btbb_frame make(struct scene *scene, uint8_t bytes[BYTES])
{
    GRand *random = scene->random;
    const uint8_t type = (uint8_t)(one_of(random, 30)   ? 2
                                   : one_of(random, 20) ? below(random, 16)
                                                        : 3 + below(random, 2));
    struct btbb_frame frame = {.format = BTBB_CAPTURE_ESP32, .bytes = bytes, .has_time = !one_of(random, 200)};

    memset(bytes, 0, BYTES);
    frame.own = scene->no_own ? BTBB_OWN_UNKNOWN : (enum btbb_own)(1 + below(random, 2));
    if (one_of(random, 100))
        scene->central = !scene->central;
    if (one_of(random, 100))
        scene->lt_addr = (uint8_t)below(random, 4);
    put(bytes, below(random, 1 << 28), 4);
    bytes[4] = (uint8_t)below(random, one_of(random, 10) ? 256 : 79);
    bytes[5] = (uint8_t)((scene->central ? 0 : 2) | (one_of(random, 2) ? 1 : 0) | (one_of(random, 20) ? 8 : 0) |
                         (one_of(random, 60) ? 0x80 : 0) | (below(random, 4) << 5));
    bytes[6] = (uint8_t)(scene->lt_addr | type << 3 | below(random, 2) << 7);
    bytes[7] = (uint8_t)below(random, one_of(random, 20) ? 256 : 4);
    frame.captured = 8 + make_payload(scene, type, bytes + 8);
    frame.reported = frame.captured + (one_of(random, 40) ? below(random, 4) : 0);
    if (one_of(random, 10))
        bytes[below(random, BYTES)] ^= (uint8_t)(1u << below(random, 8));
    if (one_of(random, 40))
        frame.captured = below(random, frame.captured + 1);
    return frame;
}

/* What the dissector and the command pass on to the tracker of names. */
static void track(struct btbb_link_log *log, uint32_t number, const struct btbb_frame *frame,
                  const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    const enum btbb_link_packet_kind kind = btbb_link_packet_kind_of(facts, verdict);
    struct btbb_link_packet packet = {.frame = number, .time_ns = frame->time_ns, .has_time = frame->has_time};

    if (kind == BTBB_LINK_PACKET_NONE || kind == BTBB_LINK_PACKET_DATA)
        return;
    btbb_link_packet_fill(kind, frame, facts, verdict, &packet);
    btbb_link_log_add(log, &packet, NULL);
}

/* One capture, or one log, for each path. */
struct both {
    struct btbb_capture *full, *quick;
    struct btbb_link_log *all, *rest;
    unsigned records, pdus; /* that the fast path has taken */
};

static void learn(struct both *both, uint32_t number, const struct btbb_frame *frame, enum btbb_fast need)
{
    struct btbb_record full = new_record(number, frame), quick = full;
    struct btbb_facts facts;
    struct btbb_verdict verdict;

    btbb_decode(frame, &facts);
    btbb_capture_learn(both->full, number, frame, &facts, &verdict);
    btbb_record_fill(&facts, &verdict, &full);
    track(both->all, number, frame, &facts, &verdict);
    g_assert_false(btbb_capture_learn_fast(both->quick, frame, BTBB_FAST_ALL, &quick));
    if (btbb_capture_learn_fast(both->quick, frame, need, &quick)) {
        both->records++;
        both->pdus += facts.payload.llid == BTBB_LLID_LMP;
    } else {
        btbb_decode(frame, &facts);
        btbb_capture_learn(both->quick, number, frame, &facts, &verdict);
        btbb_record_fill(&facts, &verdict, &quick);
        track(both->rest, number, frame, &facts, &verdict);
    }
    g_assert_true(same_record(&full, &quick));
}

static bool same_name(const struct btbb_name *a, const struct btbb_name *b)
{
    if (!a || !b)
        return a == b;
    return a->source == b->source && a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Returns how many devices have a name. */
static unsigned compare_names(const struct both *both)
{
    const struct btbb_device_names *all = btbb_links_names(both->all->links);
    const struct btbb_device_names *rest = btbb_links_names(both->rest->links);
    unsigned named = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(laps); i++) {
        const struct btbb_name *name = btbb_device_names_best(all, laps[i]);

        g_assert_true(same_name(name, btbb_device_names_best(rest, laps[i])));
        named += name != NULL;
    }
    return named;
}

static void test_random(void)
{
    struct scene scene = {.random = g_rand_new_with_seed(201), .lt_addr = 1};
    unsigned records = 0, pdus = 0, named = 0;
    uint8_t bytes[BYTES];

    for (unsigned i = 0; i < CAPTURES; i++) {
        struct both both = {
            btbb_capture_new(), btbb_capture_new(), btbb_link_log_new(true), btbb_link_log_new(false), 0, 0};
        int64_t time_ns = INT64_C(1600000000000000000);

        btbb_links_only_names(both.rest->links);
        scene.no_own = i % 20 == 19;
        for (uint32_t number = 1; number <= FRAMES; number++) {
            struct btbb_frame frame = make(&scene, bytes);

            time_ns += one_of(scene.random, 50) ? 1500000000 : below(scene.random, 10000000);
            frame.time_ns = time_ns;
            learn(&both, number, &frame, one_of(scene.random, 2) ? BTBB_FAST_RECORD : BTBB_FAST_BRIEF);
            if (number % 10 == 0)
                compare_names(&both);
        }
        g_assert_true(same_capture(both.full, both.quick));
        records += both.records;
        pdus += both.pdus;
        named += compare_names(&both);
        btbb_capture_free(both.full);
        btbb_capture_free(both.quick);
        btbb_link_log_free(both.all);
        btbb_link_log_free(both.rest);
    }
    g_rand_free(scene.random);
    g_assert_cmpuint(records, ==, 116871);
    g_assert_cmpuint(pdus, ==, 20583);
    g_assert_cmpuint(named, ==, 225);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quick/esp32", test_random);
    return g_test_run();
}
