/* test-quick.c: the fast path gives the records and the knowledge that the slow path gives: over captures of random
 * frames, made so that most of them are nearly usual, every tenth with one bit inverted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "decode/crc.h"
#include "decode/hec.h"
#include "learn/remarks.h"
#include "quickly.h"

#define CAPTURES 60u
#define FRAMES   6000u
#define BYTES    64u
#define DEVICES  12u

/* How often the fast path took a frame. */
struct taken {
    unsigned ids, packets, plain_ids, plain_packets; /* the plain ones in full, the others briefly */
};

/* Drawn once in an expression only: the order of operands is the compiler's. */
static uint32_t below(GRand *random, uint32_t end)
{
    return (uint32_t)g_rand_int_range(random, 0, (gint32)end);
}

static bool one_of(GRand *random, uint32_t n)
{
    return below(random, n) == 0;
}

/* A device's address: the last has a reserved LAP, some no UAP or NAP. */
struct device {
    uint32_t lap;
    uint16_t nap;
    uint8_t uap;
};

static struct device device_at(uint32_t i)
{
    return (struct device){.lap = i == DEVICES - 1 ? 0x9e8b33 : 0x123400 + i * 0x010203,
                           .uap = i % 4 == 3 ? 0 : (uint8_t)(0x31 + 5 * i),
                           .nap = i % 2 ? (uint16_t)(0x0100 + i) : 0};
}

/* A DM1 or an FHS with a CRC that is mostly good, or anything. */
static uint32_t make_payload(GRand *random, uint8_t type, uint8_t uap, uint8_t *at)
{
    uint32_t length = type == 2 ? 18 : 1 + below(random, 18);

    if (type < 2 && !one_of(random, 8))
        return 0;
    for (uint32_t i = 0; i < length; i++)
        at[i] = (uint8_t)below(random, one_of(random, 3) ? 256 : 2);
    if (type > 2)
        at[0] = (uint8_t)((length - 1) << 3 | 2);
    const uint16_t crc = btbb_crc_run(btbb_crc_start(uap), (struct btbb_span){at, length}) ^ one_of(random, 5);

    at[length] = (uint8_t)crc;
    at[length + 1] = (uint8_t)(crc >> 8);
    return length + 2;
}

static uint32_t make_header(GRand *random, uint8_t type, uint8_t uap)
{
    const uint32_t lt_addr = below(random, 8), flags = below(random, 8);
    const uint16_t header10 = (uint16_t)(lt_addr | (uint32_t)type << 3 | flags << 7);
    const uint8_t error = one_of(random, 20) ? (uint8_t)below(random, 256) : 0;

    return header10 | (uint32_t)(btbb_hec(uap, header10) ^ error) << 10;
}

static void put(uint8_t *at, uint32_t value, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void make_legacy(GRand *random, struct device device, struct btbb_frame *frame, uint8_t *b)
{
    const uint8_t type = (uint8_t)(one_of(random, 3) ? below(random, 16) : below(random, 4));
    const uint32_t header = make_header(random, type, device.uap);
    const bool id = one_of(random, 2), named = id ? one_of(random, 6) : !one_of(random, 10);

    frame->src[0] = (uint8_t)(named ? device.nap >> 8 : 0);
    frame->src[1] = (uint8_t)(named ? device.nap : 0);
    frame->src[2] = named ? device.uap : 0;
    for (int i = 0; i < 3; i++)
        frame->src[3 + i] = (uint8_t)(device.lap >> 8 * (2 - i));
    if (one_of(random, 60))
        frame->dst[below(random, 6)] = 1;
    if (id)
        return;
    /* CLK1 is clear in a POLL, and a clock of six bits has no more: mostly. */
    const bool wide = device.lap & 1, odd = (type != 1 && one_of(random, 2)) || one_of(random, 400);

    put(b, (below(random, wide ? 1u << 27 : 64) & ~1u) | odd, 4);
    b[4] = (uint8_t)below(random, 79);
    b[5] = (uint8_t)((wide && !one_of(random, 400)) | (device.nap && named ? 2 : 0));
    b[6] = header & 0x7f;
    b[7] = header >> 7 & 7;
    b[8] = (uint8_t)(header >> 10);
    frame->captured = 9 + make_payload(random, type, device.uap, b + 9);
}

static void make_rf(GRand *random, struct device device, struct btbb_frame *frame, uint8_t *b)
{
    const uint8_t type = (uint8_t)(one_of(random, 3) ? below(random, 16) : below(random, 4));
    const bool id = one_of(random, 2), named = id ? one_of(random, 6) : !one_of(random, 4);
    const uint32_t radio = below(random, 4) << 1, whitened = one_of(random, 30), ref_lap = below(random, 2) << 4;
    const uint32_t flags = (whitened ? 0 : 1u) | radio | (named ? 0x80 : 0) | ref_lap;

    for (int i = 0; i < 8; i++)
        b[i] = (uint8_t)below(random, 256);
    b[0] %= one_of(random, 20) ? 256 : 79;
    b[4] = id ? 0xff : one_of(random, 10) ? (uint8_t)below(random, 256) : 0;
    put(b + 8, device.lap | (one_of(random, 20) ? below(random, 256) << 24 : 0), 4);
    put(b + 12, (one_of(random, 30) ? 1 : device.lap) | (uint32_t)device.uap << 24, 4);
    put(b + 16, id || one_of(random, 20) ? 0 : make_header(random, type, device.uap), 4);
    frame->captured = 22 + (id ? 0 : make_payload(random, type, device.uap, b + 22));
    put(b + 20, flags | (frame->captured > 22 ? 0x20 : 0) | (one_of(random, 40) ? 0x4000 : 0), 2);
}

/* One frame of some device, every tenth damaged. */
static struct btbb_frame make(GRand *random, bool rf, uint8_t bytes[BYTES])
{
    struct btbb_frame frame = {.format = rf ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY, .bytes = bytes};

    memset(bytes, 0, BYTES);
    (rf ? make_rf : make_legacy)(random, device_at(below(random, DEVICES)), &frame, bytes);
    frame.own = (enum btbb_own)(one_of(random, 10) ? below(random, 3) : 0);
    frame.has_time = !one_of(random, 200);
    frame.reported = frame.captured + (one_of(random, 40) ? below(random, 4) : 0);
    if (one_of(random, 10)) {
        const uint32_t at = below(random, BYTES), bit = 1u << below(random, 8);

        bytes[at] ^= (uint8_t)bit;
        if (one_of(random, 4))
            frame.src[at % 6] ^= (uint8_t)bit;
        if (one_of(random, 4))
            frame.captured = below(random, BYTES + 1);
    }
    return frame;
}

/* Whether there is neither a payload nor a remark on a frame that was learned before. */
static bool is_plain(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;

    btbb_decode(frame, &facts);
    btbb_capture_recall(capture, number, frame, &facts, &verdict);
    return facts.payload.reported == 0 && btbb_remarks(&facts, &verdict) == 0;
}

static void learn(struct captures *captures, uint32_t number, const struct btbb_frame *frame, struct taken *taken)
{
    struct btbb_record full, quick;

    learn_fully(captures->full, number, frame, false, &full);
    if (learn_quickly(captures->quick, number, frame, false, &quick)) {
        g_assert_true(is_plain(captures->full, number, frame));
        (*(quick.packet_class == BTBB_CLASS_ID ? &taken->plain_ids : &taken->plain_packets))++;
    }
    g_assert_true(same_record(&full, &quick));
    learn_fully(captures->brief, number, frame, true, &full);
    if (learn_quickly(captures->quick_brief, number, frame, true, &quick))
        (*(quick.packet_class == BTBB_CLASS_ID ? &taken->ids : &taken->packets))++;
    g_assert_true(same_record(&full, &quick));
}

/* A step of the time stamps that may be a jump. */
static int64_t random_jump(GRand *random)
{
    static const int64_t steps[] = {-429496729600, 101816729600, 429496729600, 531313459200, -1000000000,
                                    -1000000001,   100000000000, 100000000001, 3600000000000};

    return steps[below(random, G_N_ELEMENTS(steps))] + below(random, 1000);
}

/* Frame numbers grow, but now and then a frame is repeated. */
static struct taken learn_random(bool rf)
{
    GRand *random = g_rand_new_with_seed(rf ? 255 : 1);
    struct taken taken = {0};
    uint8_t bytes[BYTES];

    for (unsigned i = 0; i < CAPTURES; i++) {
        struct captures captures = captures_new();
        int64_t time_ns = INT64_C(1600000000000000000) + below(random, 2) * 500000000;
        uint32_t number = 0;

        for (unsigned k = 0; k < FRAMES; k++) {
            struct btbb_frame frame = make(random, rf, bytes);

            time_ns += one_of(random, 300) ? random_jump(random) : below(random, 10000000);
            frame.time_ns = time_ns;
            number += one_of(random, 100) ? below(random, 3) : 1;
            learn(&captures, number, &frame, &taken);
        }
        g_assert_true(same_capture(captures.full, captures.quick));
        g_assert_true(same_capture(captures.brief, captures.quick_brief));
        captures_free(&captures);
    }
    g_rand_free(random);
    return taken;
}

static void test_legacy(void)
{
    const struct taken taken = learn_random(false);

    g_assert_cmpuint(taken.ids, ==, 126783);
    g_assert_cmpuint(taken.packets, ==, 78132);
    g_assert_cmpuint(taken.plain_ids, ==, 126783);
    g_assert_cmpuint(taken.plain_packets, ==, 30442);
}

static void test_rf(void)
{
    const struct taken taken = learn_random(true);

    g_assert_cmpuint(taken.ids, ==, 131351);
    g_assert_cmpuint(taken.packets, ==, 77449);
    g_assert_cmpuint(taken.plain_ids, ==, 123610);
    g_assert_cmpuint(taken.plain_packets, ==, 26488);
}

/* Frames whose whole record is known. */
static void test_records(void)
{
    struct btbb_capture *capture = btbb_capture_new();
    const uint16_t poll = 1 | 1 << 3; /* LT_ADDR 1 */
    const uint8_t hec = btbb_hec(0x61, poll);
    const uint8_t bytes[] = {0x06, 0, 0, 0, 39, 0, poll, 0, hec};
    struct btbb_frame frame = {.src = {0, 0, 0x61, 0x48, 0x31, 0xdd},
                               .bytes = bytes,
                               .captured = 9,
                               .reported = 9,
                               .own = BTBB_OWN_SENT,
                               .has_time = true,
                               .time_ns = 7};
    const struct btbb_record device = {.version = BTBB_RECORD_VERSION,
                                       .has_time = true,
                                       .time_ns = 7,
                                       .lap = 0x4831dd,
                                       .uap = 0x61,
                                       .rank = BTBB_RANK_UAP_PROVEN,
                                       .uap_source = BTBB_UAP_FILE};
    struct btbb_record packet = device, id = device;
    struct btbb_record record;

    packet.frame = 3;
    packet.packet_class = BTBB_CLASS_HEADER;
    packet.type = 1;
    packet.lt_addr = 1;
    packet.hec = BTBB_CHECK_GOOD;
    packet.dir = BTBB_DIR_TO_PERIPHERAL;
    packet.dir_source = BTBB_DIR_SOURCE_CLOCK;
    packet.own = BTBB_OWN_SENT;
    packet.has_channel = true;
    packet.channel = 39;
    id.frame = 4;
    id.packet_class = BTBB_CLASS_ID;
    g_assert_false(learn_quickly(capture, 1, &frame, true, &record)); /* names the UAP */
    g_assert_true(learn_quickly(capture, 2, &frame, true, &record));
    g_assert_true(learn_quickly(capture, 3, &frame, true, &record));
    g_assert_true(same_record(&record, &packet));
    g_assert_false(learn_quickly(capture, 3, &frame, true, &record)); /* is known */
    g_assert_cmpuint(btbb_piconets_find(&capture->piconets, 0x4831dd)->good, ==, 3);
    frame = (struct btbb_frame){.src = {0, 0, 0, 0x48, 0x31, 0xdd}, .has_time = true, .time_ns = 7};
    g_assert_true(learn_quickly(capture, 4, &frame, false, &record));
    g_assert_true(same_record(&record, &id));
    btbb_capture_free(capture);
}

/* The first frame with a time stamp is learned by the slow path, even at 1970-01-01: it begins the first stretch. */
static void test_first_time(void)
{
    struct btbb_capture *capture = btbb_capture_new();
    struct btbb_frame frame = {.src = {0, 0, 0, 0x48, 0x31, 0xdd}};
    struct btbb_record record;

    g_assert_false(learn_quickly(capture, 1, &frame, false, &record));
    frame.has_time = true;
    frame.time_ns = 2;
    g_assert_false(learn_quickly(capture, 2, &frame, false, &record));
    g_assert_cmpint(capture->time_jumps.first_ns, ==, 2);
    g_assert_true(learn_quickly(capture, 3, &frame, false, &record));
    frame.has_time = false;
    g_assert_false(learn_quickly(capture, 4, &frame, false, &record));
    btbb_capture_free(capture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quick/records", test_records);
    g_test_add_func("/quick/first-time", test_first_time);
    g_test_add_func("/quick/legacy", test_legacy);
    g_test_add_func("/quick/rf", test_rf);
    return g_test_run();
}
