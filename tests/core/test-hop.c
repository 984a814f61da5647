/* test-hop.c: the hop selection kernel, how it explains packets, and the slots. Values of the kernel were computed with
 * another implementation (sample-captures/sim_piconet.py); test_clock.py compares the specification's sample data.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <math.h>

#include "learn/hop-model.h"
#include "learn/slots.h"

struct hop_value {
    uint32_t lap;
    uint8_t uap;
    uint32_t clk;
    unsigned channel;
};

static void test_basic(void)
{
    static const struct hop_value values[] = {
        {0x44cb63, 0x20, 0x414c343, 12}, {0x3c5fd7, 0xfd, 0x7311d8a, 40}, {0xf1ca20, 0xc2, 0x35bf992, 24},
        {0x300e5d, 0xf9, 0x0741c7a, 40}, {0xc79505, 0xdd, 0x008a05a, 73}, {0xe409ca, 0x88, 0x3a90293, 45},
        {0x34571e, 0xa2, 0x07d4bed, 72}, {0x0b6dcd, 0x0d, 0x025b413, 14}, {0xc32d33, 0x6e, 0x6c0fd4f, 71},
        {0x0ede6f, 0x71, 0x701966a, 18},
    };
    struct btbb_hop hop;

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        btbb_hop_init(&hop, values[i].lap, values[i].uap);
        g_assert_cmpuint(btbb_hop_basic(&hop, values[i].clk), ==, values[i].channel);
        g_assert_cmpuint(btbb_hop_basic(&hop, values[i].clk | 0xf8000000), ==, values[i].channel);
    }
}

/* Channels 3, 6, 9 ... 78 are used; the fourth and fifth value are not remapped. */
static void test_adapted(void)
{
    static const struct hop_value values[] = {
        {0xfddb1a, 0x77, 0x587fd28, 3}, {0x763423, 0x70, 0x75a8929, 75}, {0x945e41, 0x0b, 0x6a8ac4b, 6},
        {0x33333c, 0x5f, 0x4be03db, 9}, {0x3de549, 0xaa, 0x6c0f345, 54}, {0x6133fb, 0x9b, 0x48beab1, 42},
    };
    struct btbb_hop_map map = {0};
    struct btbb_hop hop;

    for (unsigned channel = 3; channel < BTBB_CHANNELS; channel += 3)
        map.used[channel] = 1;
    btbb_hop_map_order(&map);
    g_assert_cmpuint(map.count, ==, 26);
    g_assert_cmpuint(map.order[0], ==, 6);
    g_assert_cmpuint(map.order[13], ==, 3);
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        btbb_hop_init(&hop, values[i].lap, values[i].uap);
        g_assert_cmpuint(btbb_hop_adapted(&hop, values[i].clk, &map), ==, values[i].channel);
        g_assert_cmpuint(btbb_hop_adapted(&hop, values[i].clk ^ 1, &map), ==, values[i].channel);
    }
}

/* The high four bits of the UAP do not matter; in 32 slots of one parity, no channel comes twice. */
static void test_segment(void)
{
    struct btbb_hop hop, other;
    bool seen[BTBB_CHANNELS] = {false};

    btbb_hop_init(&hop, 0x123456, 0x47);
    btbb_hop_init(&other, 0x123456, 0xf7);
    for (uint32_t clk = 0x1234540; clk < 0x1234580; clk++)
        g_assert_cmpuint(btbb_hop_basic(&hop, clk), ==, btbb_hop_basic(&other, clk));
    for (uint32_t clk = 0x1234540; clk < 0x1234580; clk += 2) {
        g_assert_false(seen[btbb_hop_basic(&hop, clk)]);
        seen[btbb_hop_basic(&hop, clk)] = true;
    }
}

static void test_register(void)
{
    for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++)
        g_assert_cmpuint(btbb_hop_channel_at(btbb_hop_index_of(channel)), ==, channel);
    g_assert_cmpuint(btbb_hop_channel_at(39), ==, 78);
    g_assert_cmpuint(btbb_hop_channel_at(40), ==, 1);
}

static enum btbb_hop_fit fit_of(struct btbb_hop_model *model, const struct btbb_hop *hop, uint32_t clk,
                                unsigned channel, int64_t since, unsigned slots)
{
    const struct btbb_hop_packet packet = btbb_hop_packet_after(clk, channel, BTBB_DIR_UNKNOWN, since, slots);

    return btbb_hop_model_add(model, hop, &packet);
}

/* An answer to a packet of three slots is on that packet's channel; to one of one slot, it is not explained so. */
static void test_late_answers(void)
{
    const uint32_t clk = 0x1234560;
    struct btbb_hop hop;
    struct btbb_hop_model model;

    btbb_hop_init(&hop, 0x60a53a, 0x70);
    btbb_hop_model_init(&model);
    for (uint32_t i = 0; i < 40; i += 2) { /* the adapted sequence is in use */
        g_assert_cmpint(fit_of(&model, &hop, clk + i, btbb_hop_basic(&hop, clk + i), 1, 0), ==, BTBB_HOP_DIRECT);
        g_assert_cmpint(fit_of(&model, &hop, clk + i + 1, btbb_hop_basic(&hop, clk + i), 1, 0), ==, BTBB_HOP_DIRECT);
    }
    g_assert_cmpfloat(model.adapted, >, 0.99);
    const unsigned channel = btbb_hop_basic(&hop, clk + 100);
    struct btbb_hop_model other = model;
    const double before = model.log_ratio;

    g_assert_cmpint(fit_of(&model, &hop, clk + 103, channel, 3, 3), ==, BTBB_HOP_LATE);
    g_assert_cmpfloat(model.log_ratio - before, >, 4);
    g_assert_cmpint(fit_of(&other, &hop, clk + 103, channel, 3, 1), ==, BTBB_HOP_LATE);
    g_assert_cmpfloat(other.log_ratio - before, <, 2);
    g_assert_cmpuint(model.hits[0], ==, 20);
    g_assert_cmpuint(model.hits[1], ==, 21);
}

/* Whatever was learned: over all possible hops, the ratios of a packet average to 1. No clock gains by chance. */
static void test_fair(void)
{
    struct btbb_hop hop;
    struct btbb_hop_model model;

    btbb_hop_init(&hop, 0x60a53a, 0x70);
    btbb_hop_model_init(&model);
    for (uint32_t i = 0; i < 300; i++) {
        const uint32_t clk = 0x1234560 + 38 * i;
        const unsigned hopped = btbb_hop_central(&hop, clk), channel = hopped % 3 ? (hopped + 7) % 40 : hopped;
        double sum = 0;

        for (uint32_t k = 0; k < 4096; k++) { /* other clocks, thus other hops */
            struct btbb_hop_model copy = model;

            if (i % 60 == 59) {
                fit_of(&copy, &hop, 0x4321000 + 2 * k, channel, 0, 0);
                sum += exp(copy.log_ratio - model.log_ratio);
            }
        }
        if (i % 60 == 59)
            g_assert_cmpfloat(fabs(sum / 4096 - 1), <, 0.1);
        fit_of(&model, &hop, clk, channel, 0, 0);
    }
}

/* Heard 8, 16 or 32 MHz away: not explained by the hop, yet no contradiction. */
static void test_off_channel(void)
{
    const uint32_t clk = 0x1234560;
    struct btbb_hop hop;
    struct btbb_hop_model model;

    btbb_hop_init(&hop, 0x4831dd, 0x61);
    btbb_hop_model_init(&model);
    for (uint32_t i = 0; i < 40; i++)
        fit_of(&model, &hop, clk + 37 * i, btbb_hop_basic(&hop, clk + 37 * i), 0, 0);
    for (uint32_t i = 40; i < 45; i++) {
        const unsigned hopped = btbb_hop_basic(&hop, clk + 37 * i), away = i % 2 ? 16 : 32;
        const unsigned heard = hopped >= away ? hopped - away : hopped + away;

        g_assert_cmpint(fit_of(&model, &hop, clk + 37 * i, heard, 0, 0), ==, BTBB_HOP_OFF_CHANNEL);
    }
    const unsigned far_away = (btbb_hop_basic(&hop, clk + 37 * 45) + 41) % BTBB_CHANNELS;

    g_assert_cmpint(fit_of(&model, &hop, clk + 37 * 45, far_away, 0, 0), ==, BTBB_HOP_CONTRADICTS);
    g_assert_cmpfloat(model.adapted, <, 0.5);
}

#define START_NS INT64_C(1441375734512728284)

/* Packets in every 37th slot, by a clock that is so many ppm fast, each up to 12 us early or late. */
static int64_t packet_time(unsigned number, double ppm)
{
    return START_NS + (int64_t)(37.0 * number * BTBB_SLOT_NS * (1 + ppm * 1e-6)) + (int)(number * 7919 % 25) * 1000 -
           12000;
}

static void find(struct btbb_slots *slots, double ppm, unsigned expected)
{
    int64_t times[200];
    unsigned inside;

    for (unsigned i = 0; i < 200; i++)
        times[i] = packet_time(i, ppm);
    btbb_slots_find(slots, times, 200, &inside);
    g_assert_cmpuint(inside, ==, expected);
}

static void test_slots_find(void)
{
    static const double drifts[] = {0, 3.5, -40, 61.25, 74};
    struct btbb_slots slots;

    for (size_t i = 0; i < G_N_ELEMENTS(drifts); i++) {
        find(&slots, drifts[i], 200);
        g_assert_cmpfloat(fabs(btbb_slots_drift(&slots) - drifts[i]), <, 1.0);
        const struct btbb_slots_place first = btbb_slots_at(&slots, packet_time(0, drifts[i]));

        for (unsigned k = 0; k < 200; k++) {
            const struct btbb_slots_place place = btbb_slots_at(&slots, packet_time(k, drifts[i]));

            g_assert_cmpint(place.slot - first.slot, ==, 37 * k);
            g_assert_cmpfloat(fabs(place.residual_ns), <, 15e3);
        }
    }
}

/* 400 us steps: no more packets fit than chance and the search of the rate explain. */
static void test_slots_coarse(void)
{
    struct btbb_slots slots;
    int64_t times[100];
    unsigned inside;

    for (unsigned i = 0; i < 100; i++)
        times[i] = packet_time(i * i % 97 + 97 * i / 2, 20) / 400000 * 400000;
    btbb_slots_find(&slots, times, 100, &inside);
    g_assert_cmpuint(inside, <, 55);
}

static void test_slots_follow(void)
{
    struct btbb_slots slots;

    btbb_slots_start(&slots, packet_time(0, 30));
    for (unsigned i = 1; i < 2000; i++) {
        const int64_t time_ns = packet_time(i, 30);
        const struct btbb_slots_place place = btbb_slots_at(&slots, time_ns);

        g_assert_cmpint(place.slot, ==, 37 * i);
        g_assert_cmpfloat(fabs(place.residual_ns), <, place.gate_ns);
        btbb_slots_follow(&slots, time_ns, place.slot);
    }
    g_assert_cmpfloat(fabs(btbb_slots_drift(&slots) - 30), <, 1.0);
    g_assert_true(btbb_slots_reach(&slots, packet_time(2000, 30) + INT64_C(30000000000)));
    g_assert_false(btbb_slots_reach(&slots, packet_time(2000, 30) + INT64_C(600000000000)));
    g_assert_false(btbb_slots_reach(&slots, packet_time(2000, 30) - INT64_C(600000000000)));
}

/* After one packet the rate is not known: the slots are lost within seconds. */
static void test_slots_start(void)
{
    struct btbb_slots slots;

    btbb_slots_start(&slots, START_NS);
    g_assert_true(btbb_slots_reach(&slots, START_NS + INT64_C(1000000000)));
    g_assert_false(btbb_slots_reach(&slots, START_NS + INT64_C(10000000000)));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hop/basic", test_basic);
    g_test_add_func("/hop/adapted", test_adapted);
    g_test_add_func("/hop/segment", test_segment);
    g_test_add_func("/hop/register", test_register);
    g_test_add_func("/hop/late-answers", test_late_answers);
    g_test_add_func("/hop/fair", test_fair);
    g_test_add_func("/hop/off-channel", test_off_channel);
    g_test_add_func("/slots/find", test_slots_find);
    g_test_add_func("/slots/coarse", test_slots_coarse);
    g_test_add_func("/slots/follow", test_slots_follow);
    g_test_add_func("/slots/start", test_slots_start);
    return g_test_run();
}
