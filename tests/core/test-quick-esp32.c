/* test-quick-esp32.c: the fast path and the slow path give the same records, knowledge and names of devices for ESP32
 * captures: over random connections with pages, role switches, names and PDUs of all kinds, every tenth record with one
 * bit inverted. What the fast path takes is kept from a tracker of names, which must give the names that a tracker of
 * everything gives.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quickly.h"
#include "random-names.h"

#define CAPTURES 60u
#define FRAMES   4000u
#define BYTES    64u

/* What is going on in the connection. */
struct scene {
    GRand *random;
    uint32_t peer;
    bool central; /* the ESP32 is */
    bool no_own;  /* the capture does not have who sent a record: link type 187 */
    uint8_t lt_addr;
};

static uint32_t make_fhs(struct scene *scene, uint8_t *at)
{
    const bool inquiry = one_of(scene->random, 3);
    const uint32_t lap = laps[one_of(scene->random, 4) ? PEERS : scene->peer];

    return random_fhs(scene->random, lap, inquiry ? 0 : scene->lt_addr, at);
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
        length = random_pdu(scene->random, &scene->peer, at + 2);
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
                compare_names(both.all, both.rest);
        }
        g_assert_true(same_capture(both.full, both.quick));
        records += both.records;
        pdus += both.pdus;
        named += compare_names(both.all, both.rest);
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
