/* test-quick-names.c: a tracker of names that gets of a legacy or LINKTYPE 255 capture only what learn/name-filter.h
 * and the fast path leave to it has the names that a tracker of everything has: over random connections with pages,
 * role switches, names and PDUs of all kinds, every tenth frame with one bit inverted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/crc.h"
#include "decode/hec.h"
#include "learn/name-filter.h"
#include "quickly.h"
#include "random-names.h"

#define CAPTURES 60u
#define FRAMES   4000u
#define BYTES    64u
#define UAP      0x31u

/* TYPE codes. */
#define DM1 3
#define DH1 4
#define DM3 10

/* What is going on on the air. */
struct scene {
    GRand *random;
    bool rf;
    uint32_t central, peer; /* of `laps` */
    uint8_t lt_addr;
    bool seqn[2]; /* of the last packet of Central and Peripheral */
};

/* The payload of an FHS packet, or of one with a payload header, with a CRC that is mostly good. */
static uint32_t make_payload(struct scene *scene, uint8_t type, uint8_t *at)
{
    GRand *random = scene->random;
    uint32_t length = 0;

    if (type < 2)
        return 0;
    if (type == 2) {
        const uint32_t lap = laps[one_of(random, 4) ? scene->peer : scene->central];
        const bool inquiry = one_of(random, 3);

        length = random_fhs(random, lap, inquiry ? 0 : scene->lt_addr, at);
    } else {
        const bool lmp = !one_of(random, 3);
        const uint32_t header = type == DM3 ? 2 : 1;

        length = lmp ? random_pdu(random, &scene->peer, at + header) : below(random, 18);
        put(at, (lmp ? 3 : 1 + below(random, 2)) | length << 3, header);
        length += header;
    }
    put(at + length, btbb_crc_run(btbb_crc_start(UAP), (struct btbb_span){at, length}) ^ one_of(random, 40), 2);
    return length + 2;
}

static uint32_t make_header(struct scene *scene, uint8_t type, bool from_peripheral)
{
    const bool repeated = one_of(scene->random, 10);
    const bool seqn = scene->seqn[from_peripheral] ^= !repeated;
    const uint16_t header10 = (uint16_t)(scene->lt_addr | (uint32_t)type << 3 | (uint32_t)seqn << 9 | 1u << 7);

    return header10 | (uint32_t)btbb_hec(UAP, header10) << 10;
}

/* Which devices are connected, and how. */
static void go_on(struct scene *scene)
{
    GRand *random = scene->random;

    if (one_of(random, 100))
        scene->lt_addr = (uint8_t)(1 + below(random, 3));
    if (one_of(random, 100))
        scene->central = below(random, PEERS + 1);
    if (one_of(random, 200)) {
        const uint32_t peer = scene->peer;

        scene->peer = scene->central % PEERS;
        scene->central = peer;
    }
}

static uint8_t random_type(GRand *random)
{
    static const uint8_t types[] = {0, 1, DM1, DM1, DM1, DM1, DH1, DM3};

    return one_of(random, 30) ? 2 : types[below(random, G_N_ELEMENTS(types))];
}

static struct btbb_frame make(struct scene *scene, uint8_t bytes[BYTES])
{
    GRand *random = scene->random;
    const uint8_t type = random_type(random);
    const bool from_peripheral = type != 1 && one_of(random, 2);
    const uint32_t lap = laps[scene->central], header = make_header(scene, type, from_peripheral);
    struct btbb_frame frame = {.format = scene->rf ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY, .bytes = bytes};

    memset(bytes, 0, BYTES);
    frame.has_time = !one_of(random, 200);
    if (scene->rf) {
        bytes[4] = 0x30;
        put(bytes + 8, lap, 4);
        put(bytes + 12, lap | UAP << 24, 4);
        put(bytes + 16, header, 4);
        frame.captured = 22 + make_payload(scene, type, bytes + 22);
        put(bytes + 20, BTBB_RF_DEWHITENED | BTBB_RF_REF_LAP | BTBB_RF_REF_UAP | (type > 1 ? BTBB_RF_PAYLOAD : 0), 2);
    } else {
        frame.src[2] = UAP;
        for (int i = 0; i < 3; i++)
            frame.src[3 + i] = (uint8_t)(lap >> 8 * (2 - i));
        put(bytes, (below(random, 1u << 27) & ~1u) | from_peripheral, 4);
        bytes[5] = BTBB_LEGACY_CLK27;
        bytes[6] = header & 0x7f;
        bytes[7] = header >> 7 & 7;
        bytes[8] = (uint8_t)(header >> 10);
        frame.captured = 9 + make_payload(scene, type, bytes + 9);
    }
    frame.reported = frame.captured;
    if (one_of(random, 10)) {
        const uint32_t at = below(random, BYTES), bit = 1u << below(random, 8);

        bytes[at] ^= (uint8_t)bit;
    }
    if (one_of(random, 100))
        frame.captured = below(random, frame.captured + 1);
    return frame;
}

/* The same frames, learned by the slow path, and by the fast path where names do not need them. */
struct both {
    struct btbb_capture *full, *quick;
    struct btbb_link_log *all, *rest;
    unsigned pdus; /* that the fast path has taken */
};

static void learn_slowly(struct btbb_capture *capture, struct btbb_link_log *log, uint32_t number,
                         const struct btbb_frame *frame, struct btbb_facts *facts)
{
    struct btbb_verdict verdict;

    btbb_decode(frame, facts);
    btbb_capture_learn(capture, number, frame, facts, &verdict);
    track(log, number, frame, facts, &verdict);
}

static void learn(struct both *both, uint32_t number, const struct btbb_frame *frame)
{
    struct btbb_record record = new_record(number, frame);
    struct btbb_facts facts;

    learn_slowly(both->full, both->all, number, frame, &facts);
    if (!btbb_may_show_name(frame, both->rest->links) &&
        btbb_capture_learn_fast(both->quick, frame, BTBB_FAST_BRIEF, &record))
        both->pdus += facts.payload.llid == BTBB_LLID_LMP;
    else
        learn_slowly(both->quick, both->rest, number, frame, &facts);
}

/* Adds to `pdus` and `named`. */
static void learn_capture(struct scene *scene, unsigned *pdus, unsigned *named)
{
    struct both both = {btbb_capture_new(), btbb_capture_new(), btbb_link_log_new(true), btbb_link_log_new(false), 0};
    int64_t time_ns = INT64_C(1600000000000000000);
    uint8_t bytes[BYTES];

    btbb_links_only_names(both.rest->links);
    for (uint32_t number = 1; number <= FRAMES; number++) {
        struct btbb_frame frame;

        go_on(scene);
        frame = make(scene, bytes);
        time_ns += one_of(scene->random, 50) ? 1500000000 : below(scene->random, 10000000);
        frame.time_ns = time_ns;
        learn(&both, number, &frame);
        if (number % 10 == 0)
            compare_names(both.all, both.rest);
    }
    *pdus += both.pdus;
    *named += compare_names(both.all, both.rest);
    btbb_capture_free(both.full);
    btbb_capture_free(both.quick);
    btbb_link_log_free(both.all);
    btbb_link_log_free(both.rest);
}

static void test_format(bool rf, unsigned expected_pdus, unsigned expected_named)
{
    struct scene scene = {.random = g_rand_new_with_seed(rf ? 255 : 1), .rf = rf, .peer = 1, .lt_addr = 1};
    unsigned pdus = 0, named = 0;

    for (unsigned i = 0; i < CAPTURES; i++)
        learn_capture(&scene, &pdus, &named);
    g_rand_free(scene.random);
    g_assert_cmpuint(pdus, ==, expected_pdus);
    g_assert_cmpuint(named, ==, expected_named);
}

static void test_payload_headers(void)
{
    uint8_t expected[BTBB_TYPES] = {0};

    for (size_t i = 0; i < BTBB_KIND_COUNT; i++) {
        const struct btbb_packet_type *type = &btbb_packet_types[i];

        if (type->crc && type->header_bytes > 0)
            expected[type->type] |=
                type->voice_bytes > 0 ? BTBB_HEADER_OF_DV : (uint8_t)(1u << (type->header_bytes - 1));
    }
    for (size_t i = 0; i < BTBB_TYPES; i++)
        g_assert_cmpuint(btbb_payload_headers[i], ==, expected[i]);
}

static void test_legacy(void)
{
    test_format(false, 27232, 240);
}

static void test_rf(void)
{
    test_format(true, 19789, 212);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quick/names/payload-headers", test_payload_headers);
    g_test_add_func("/quick/names/legacy", test_legacy);
    g_test_add_func("/quick/names/rf", test_rf);
    return g_test_run();
}
