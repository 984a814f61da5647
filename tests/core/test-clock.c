/* test-clock.c: the clock of a piconet found from the hops of its packets. test_clock.py has realistic piconets, and
 * real captures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "clock-scene.h"

/* From the frame on at which it was found, one pass knows the clock; of the whole capture, it is known everywhere. */
static void test_basic(void)
{
    struct scene *scene = scene_new(true);

    scene->clock->high_count = 0; /* all */
    scene_hear_both(scene, 60);
    btbb_clock_finish(scene->clock);
    scene_assert_unknown(&scene->so_far[7], BTBB_CLOCK_TOO_FEW);
    for (uint32_t frame = 1; frame <= 60; frame++) {
        const struct btbb_clock_answer answer = scene_whole(scene, frame);

        scene_assert_right(scene, frame, &answer);
        g_assert_cmpuint(answer.source, ==, BTBB_CLOCK_HOPS);
        if (frame >= 18)
            scene_assert_right(scene, frame, &scene->so_far[frame]);
    }
    g_assert_cmpuint(btbb_clock_segment_count(scene->clock), ==, 1);
    const struct btbb_clock_segment segment = btbb_clock_segment_at(scene->clock, 0);

    g_assert_cmpuint(segment.packets, ==, 60);
    g_assert_cmpuint(segment.explained, ==, 60);
    g_assert_cmpuint(segment.unexplained, ==, 0);
    g_assert_cmpuint(segment.clk, ==, scene->clk[1]);
    g_assert_cmpfloat(fabs(segment.drift_ppm - scene->ppm), <, 3);
    g_assert_cmpfloat(segment.chance, <, 1e-6);
    g_assert_false(segment.adapted);
    g_assert_cmpuint(segment.ended_by, ==, BTBB_CLOCK_END_FILE);
    scene_free(scene);
}

/* The channel map is learned: no channel is taken for the contrary of what it is, and few are unknown. */
static void test_adapted(void)
{
    struct scene *scene = scene_new(true);

    scene_use_channels(scene, 20, 59);
    scene_hear_both(scene, 600);
    btbb_clock_finish(scene->clock);
    scene_assert_all_right(scene, 600);
    const unsigned maps = btbb_clock_map_count(scene->clock, 0);
    unsigned unknown = 0;

    g_assert_true(btbb_clock_segment_at(scene->clock, 0).adapted);
    g_assert_cmpuint(maps, >, 2);
    g_assert_cmpuint(maps, <=, 64);
    const struct btbb_clock_map map = btbb_clock_map_at(scene->clock, 0, maps - 1);

    for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++) {
        unknown += map.use[channel] == BTBB_CLOCK_USE_UNKNOWN;
        g_assert_cmpuint(map.use[channel], !=, scene->map.used[channel] ? BTBB_CLOCK_UNUSED : BTBB_CLOCK_USED);
    }
    g_assert_cmpuint(unknown, <, 3);
    scene_free(scene);
}

/* Another map, and the basic sequence, while the clock is followed. */
static void test_changes(void)
{
    struct scene *scene = scene_new(true);

    scene_hear_both(scene, 60);
    scene_use_channels(scene, 0, 78);
    scene_hear_both(scene, 100);
    scene_use_channels(scene, 30, 78);
    scene_hear_both(scene, 200);
    scene_use_channels(scene, 0, 49);
    scene_hear_both(scene, 200);
    btbb_clock_finish(scene->clock);
    unsigned known = 0;

    for (uint32_t frame = 1; frame <= 560; frame++) {
        const struct btbb_clock_answer answer = scene_whole(scene, frame);

        known += answer.has_clk;
        if (answer.has_clk)
            scene_assert_right(scene, frame, &answer);
        else
            scene_assert_unknown(&answer, BTBB_CLOCK_OFF_HOP);
    }
    g_assert_cmpuint(known, >, 530);
    g_assert_cmpuint(btbb_clock_segment_count(scene->clock), ==, 1);
    scene_free(scene);
}

/* The basic sequence in one direction has twins of the other parity, until a POLL proves who sends. */
static void test_one_direction(void)
{
    struct scene *scene = scene_new(true);

    scene->clock->high_count = 0;
    for (unsigned i = 0; i < 40; i++)
        scene_hear(scene, BTBB_DIR_TO_CENTRAL, false);
    scene_assert_unknown(&scene->so_far[40], BTBB_CLOCK_ONE_DIRECTION);
    g_assert_cmpuint(scene->so_far[40].twins, >, 0);
    for (unsigned i = 0; i < 3; i++)
        scene_hear(scene, BTBB_DIR_TO_CENTRAL, true);
    scene_hear(scene, BTBB_DIR_TO_PERIPHERAL, false);
    g_assert_cmpuint(scene->so_far[44].dir, ==, BTBB_DIR_TO_PERIPHERAL);
    btbb_clock_finish(scene->clock);
    for (uint32_t frame = 1; frame <= 44; frame++) {
        const struct btbb_clock_answer answer = scene_whole(scene, frame);

        g_assert_cmpuint(answer.dir, ==, frame < 44 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL);
    }
    scene_free(scene);
}

/* Twins that remain are listed, the right clock among them. */
static void test_candidates(void)
{
    struct scene *scene = scene_new(true);
    uint32_t clks[BTBB_CLOCK_CANDIDATES];

    scene->clock->high_count = 0;
    for (unsigned i = 0; i < 40; i++)
        scene_hear(scene, BTBB_DIR_TO_CENTRAL, false);
    btbb_clock_finish(scene->clock);
    const unsigned count = btbb_clock_candidates(scene->clock, &scene->heard[5], clks);
    bool found = false;

    g_assert_cmpuint(count, >, 1);
    g_assert_cmpuint(count, ==, btbb_clock_segment_at(scene->clock, 0).twins + 1u);
    for (unsigned i = 0; i < count; i++)
        found |= clks[i] == scene->clk[5];
    g_assert_true(found);
    uint32_t first[BTBB_CLOCK_CANDIDATES];

    g_assert_cmpuint(btbb_clock_segment_candidates(scene->clock, 0, first), ==, count);
    for (unsigned i = 0; i < count; i++)
        g_assert_cmpuint(clks[i] - first[i], ==, scene->clk[5] - scene->clk[1]);
    scene_free(scene);
}

static void test_false_packets(void)
{
    struct scene *scene = scene_new(true);

    scene_hear_both(scene, 40);
    scene_hear_false(scene, 10.4, 40);
    const unsigned elsewhere = (scene_channel(scene, SCENE_CLK + scene->slot + 12) + 5) % BTBB_CHANNELS;

    scene_hear_false(scene, 12, elsewhere);
    scene->slot += 20;
    scene_hear_both(scene, 5);
    btbb_clock_finish(scene->clock);
    scene_assert_unknown(&scene->so_far[41], BTBB_CLOCK_OFF_SLOT);
    scene_assert_unknown(&scene->so_far[42], BTBB_CLOCK_OFF_HOP);
    const struct btbb_clock_answer last = scene_whole(scene, 47);

    scene_assert_right(scene, 47, &last);
    g_assert_cmpuint(btbb_clock_segment_at(scene->clock, 0).unexplained, ==, 2);
    scene_free(scene);
}

/* Each part between jumps is searched for itself; the last is too short. */
static void test_jumps(void)
{
    struct scene *scene = scene_new(true);

    scene_hear_both(scene, 40);
    scene->jump_ns -= INT64_C(429000000000);
    scene_hear_both(scene, 40);
    scene->jump_ns += INT64_C(531000000000);
    scene_hear_both(scene, 40);
    scene->jump_ns += 200000; /* too small to be seen, until slots do not fit */
    scene_hear_both(scene, 40);
    scene->jump_ns -= 600000000;
    scene_hear_both(scene, 5);
    btbb_clock_finish(scene->clock);
    g_assert_cmpuint(btbb_clock_segment_count(scene->clock), ==, 5);
    g_assert_cmpuint(btbb_clock_segment_at(scene->clock, 0).ended_by, ==, BTBB_CLOCK_END_BACKWARD);
    g_assert_cmpuint(btbb_clock_segment_at(scene->clock, 1).ended_by, ==, BTBB_CLOCK_END_SILENCE);
    g_assert_cmpuint(btbb_clock_segment_at(scene->clock, 2).ended_by, ==, BTBB_CLOCK_END_LOST);
    for (uint32_t frame = 1; frame <= 160; frame++) {
        const struct btbb_clock_answer answer = scene_whole(scene, frame);

        if (frame <= 120 || frame > 130)
            scene_assert_right(scene, frame, &answer);
        else if (answer.has_clk)
            scene_assert_right(scene, frame, &answer);
    }
    const struct btbb_clock_answer last = scene_whole(scene, 165);

    scene_assert_unknown(&last, BTBB_CLOCK_TOO_FEW);
    scene_free(scene);
}

/* After a silence the slots are known but for a few: five packets suffice to find the clock again, without a search. */
static void test_silence(void)
{
    struct scene *scene = scene_new(true);

    scene_hear_both(scene, 60);
    const unsigned searches = scene->clock->searches;

    scene->slot += 160000; /* 100 s */
    scene_hear_both(scene, 7);
    scene->slot += 1600000;
    scene_hear_both(scene, 7);
    btbb_clock_finish(scene->clock);
    g_assert_cmpuint(btbb_clock_segment_count(scene->clock), ==, 3);
    g_assert_cmpuint(btbb_clock_segment_at(scene->clock, 0).ended_by, ==, BTBB_CLOCK_END_SILENCE);
    g_assert_cmpuint(scene->clock->searches, ==, searches);
    scene_assert_all_right(scene, 74);
    scene_assert_unknown(&scene->so_far[61], BTBB_CLOCK_TOO_FEW);
    scene_assert_right(scene, 67, &scene->so_far[67]);
    scene_free(scene);
}

/* The silence was a jump of the time: what was expected is given up, and the clock is searched for. */
static void test_silence_with_jump(void)
{
    struct scene *scene = scene_new(true);

    scene_hear_both(scene, 60);
    scene->slot += 160000;
    scene->jump_ns += 3123456789;
    scene_hear_both(scene, 40);
    btbb_clock_finish(scene->clock);
    scene_assert_all_right(scene, 100);
    scene_free(scene);
}

/* As soon as the UAP is known, it is no longer the reason. */
static void test_late_uap(void)
{
    struct scene *scene = scene_new(false);

    scene_hear_both(scene, 4);
    scene_assert_unknown(&scene->so_far[4], BTBB_CLOCK_NO_UAP);
    btbb_clock_address(scene->clock, SCENE_LAP, SCENE_UAP);
    scene_hear_both(scene, 1);
    scene_assert_unknown(&scene->so_far[5], BTBB_CLOCK_TOO_FEW);
    btbb_clock_finish(scene->clock);
    scene_free(scene);
}

static void test_no_uap(void)
{
    struct scene *scene = scene_new(false);

    scene_hear_both(scene, 40);
    scene_assert_unknown(&scene->so_far[40], BTBB_CLOCK_NO_UAP);
    btbb_clock_address(scene->clock, SCENE_LAP, SCENE_UAP);
    scene_hear_both(scene, 1);
    scene_assert_right(scene, 41, &scene->so_far[41]);
    btbb_clock_finish(scene->clock);
    const struct btbb_clock_answer first = scene_whole(scene, 1);

    scene_assert_right(scene, 1, &first);
    scene_free(scene);
}

/* Another address: what was found before holds up to there. The high bits of the SCENE_UAP do not count. */
static void test_address_changes(void)
{
    struct scene *scene = scene_new(true);

    scene_hear_both(scene, 40);
    btbb_clock_address(scene->clock, SCENE_LAP, 0xf0 | SCENE_UAP);
    scene_hear_both(scene, 1);
    btbb_clock_address(scene->clock, SCENE_LAP ^ 0x781c2a, SCENE_UAP);
    scene_hear_both(scene, 20);
    btbb_clock_finish(scene->clock);
    const struct btbb_clock_answer before = scene_whole(scene, 41), after = scene_whole(scene, 61);

    scene_assert_right(scene, 41, &before);
    scene_assert_unknown(&after, BTBB_CLOCK_NO_MATCH);
    g_assert_cmpuint(btbb_clock_segment_at(scene->clock, 0).ended_by, ==, BTBB_CLOCK_END_ADDRESS);
    scene_free(scene);
}

static void test_time_base(void)
{
    struct scene *scene = scene_new(true);

    scene->clock->high_count = 0;
    for (unsigned i = 0; i < 60; i++) {
        scene->slot += (uint32_t)g_rand_int_range(scene->random, 20, 100);
        scene_hear_packet(
            scene, (struct btbb_clock_packet){.time_ns = scene_time(scene, scene->slot) / 400000 * 400000,
                                              .has_channel = true,
                                              .channel = (uint8_t)scene_channel(scene, SCENE_CLK + scene->slot)});
    }
    btbb_clock_finish(scene->clock);
    const struct btbb_clock_answer answer = scene_whole(scene, 30);

    scene_assert_unknown(&answer, BTBB_CLOCK_TIME_BASE);
    scene_free(scene);
}

/* Searching only at the end gives for the whole capture what searching now and then gives. */
static void test_deferred(void)
{
    struct scene *scene = scene_new(true);

    btbb_clock_defer(scene->clock);
    scene_hear_both(scene, 60);
    scene_assert_unknown(&scene->so_far[60], BTBB_CLOCK_TOO_FEW);
    btbb_clock_finish(scene->clock);
    scene_assert_all_right(scene, 60);
    scene_free(scene);
}

/* Of a long capture, the packets that are kept for the search limit what is known of the time before. */
static void test_deferred_long(void)
{
    struct scene *scene = scene_new(true);

    btbb_clock_defer(scene->clock);
    scene_hear_both(scene, 1000);
    btbb_clock_finish(scene->clock);
    g_assert_cmpuint(scene->clock->searches, ==, 1);
    scene_assert_all_right(scene, 1000);
    scene_free(scene);
}

static bool stop_at_second(void *data, double done)
{
    unsigned *calls = data;

    g_assert_cmpfloat(done, >=, 0);
    g_assert_cmpfloat(done, <, 1);
    ++*calls;
    return *calls < 2;
}

static void test_stopped(void)
{
    struct scene *scene = scene_new(true);
    unsigned calls = 0;

    scene->clock->high_count = 0;
    btbb_clock_defer(scene->clock);
    btbb_clock_progress(scene->clock, stop_at_second, &calls);
    scene_hear_both(scene, 40);
    btbb_clock_finish(scene->clock);
    const struct btbb_clock_answer answer = scene_whole(scene, 40);

    scene_assert_unknown(&answer, BTBB_CLOCK_NO_MATCH);
    g_assert_cmpuint(calls, ==, 2);
    scene_free(scene);
}

/* Time that jumps all the time: memory is bounded, and the end of what is remembered has its own reason. */
static void test_bounded(void)
{
    struct scene *scene = scene_new(true);

    for (unsigned i = 0; i < 300; i++) {
        scene->jump_ns -= INT64_C(1000000000000);
        scene_hear(scene, BTBB_DIR_TO_CENTRAL, false);
    }
    btbb_clock_finish(scene->clock);
    g_assert_cmpuint(btbb_clock_segment_count(scene->clock), ==, 128);
    for (uint32_t frame = 1; frame <= 300; frame++) {
        const struct btbb_clock_answer answer = scene_whole(scene, frame);

        scene_assert_unknown(&answer, frame <= 128 ? BTBB_CLOCK_TOO_FEW : BTBB_CLOCK_LIMIT);
    }
    const struct btbb_clock_segment *rest = btbb_clock_rest(scene->clock);

    g_assert_cmpuint(rest->packets, ==, 300 - 128);
    g_assert_cmpuint(rest->first_frame, ==, 129);
    g_assert_cmpuint(rest->last_frame, ==, 300);
    g_assert_cmpint(rest->first_ns, ==, scene->heard[300].time_ns);
    g_assert_cmpint(rest->last_ns, ==, scene->heard[129].time_ns);
    scene_free(scene);
}

/* Too many frames to remember while a clock is followed: it holds up to there. */
static void test_full(void)
{
    struct scene *scene = scene_new(true);

    scene_hear_both(scene, 40);
    g_assert_null(btbb_clock_rest(scene->clock));
    scene->clock->odd_left = 0;
    scene_hear_false(scene, 10.4, 40);
    scene->slot += 20;
    scene_hear_both(scene, 9);
    btbb_clock_finish(scene->clock);
    g_assert_cmpuint(btbb_clock_segment_count(scene->clock), ==, 1);
    g_assert_cmpuint(btbb_clock_segment_at(scene->clock, 0).packets, ==, 41);
    g_assert_cmpuint(btbb_clock_segment_at(scene->clock, 0).ended_by, ==, BTBB_CLOCK_END_LIMIT);
    g_assert_cmpuint(btbb_clock_rest(scene->clock)->packets, ==, 9);
    scene_assert_all_right(scene, 40);
    const struct btbb_clock_answer answer = scene_whole(scene, 42);

    scene_assert_unknown(&answer, BTBB_CLOCK_LIMIT);
    scene_free(scene);
}

/* Times at the edges of 64 bits, senders and channels that do not exist. */
static void test_hostile(void)
{
    struct scene *scene = scene_new(true);
    static const int64_t times[] = {INT64_MAX, INT64_MIN, 0, -1, INT64_MAX, INT64_MAX - 1, INT64_MIN + 1};

    for (unsigned i = 0; i < 700; i++)
        scene_hear_packet(scene, (struct btbb_clock_packet){.time_ns = times[i % G_N_ELEMENTS(times)],
                                                            .has_channel = true,
                                                            .channel = (uint8_t)i,
                                                            .sender = (uint8_t)(i * 7),
                                                            .has_clk6 = i % 3 == 0,
                                                            .clk6 = (uint8_t)i,
                                                            .has_fhs = i % 50 == 49,
                                                            .fhs_clk27_2 = UINT32_MAX});
    btbb_clock_finish(scene->clock);
    scene_free(scene);
}

static void test_nothing(void)
{
    struct btbb_clock *clock = btbb_clock_new();
    struct btbb_clock_packet packet = {.frame = 1};
    struct btbb_clock_answer answer;

    btbb_clock_at(NULL, &packet, BTBB_CLOCK_WHOLE, &answer);
    scene_assert_unknown(&answer, BTBB_CLOCK_TOO_FEW);
    btbb_clock_finish(clock);
    btbb_clock_at(clock, &packet, BTBB_CLOCK_WHOLE, &answer);
    scene_assert_unknown(&answer, BTBB_CLOCK_TOO_FEW);
    g_assert_cmpuint(btbb_clock_segment_count(clock), ==, 0);
    btbb_clock_free(clock);
    btbb_clock_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/basic", test_basic);
    g_test_add_func("/clock/adapted", test_adapted);
    g_test_add_func("/clock/changes", test_changes);
    g_test_add_func("/clock/one-direction", test_one_direction);
    g_test_add_func("/clock/candidates", test_candidates);
    g_test_add_func("/clock/false-packets", test_false_packets);
    g_test_add_func("/clock/jumps", test_jumps);
    g_test_add_func("/clock/silence", test_silence);
    g_test_add_func("/clock/silence-with-jump", test_silence_with_jump);
    g_test_add_func("/clock/late-uap", test_late_uap);
    g_test_add_func("/clock/no-uap", test_no_uap);
    g_test_add_func("/clock/address-changes", test_address_changes);
    g_test_add_func("/clock/time-base", test_time_base);
    g_test_add_func("/clock/deferred", test_deferred);
    g_test_add_func("/clock/deferred-long", test_deferred_long);
    g_test_add_func("/clock/stopped", test_stopped);
    g_test_add_func("/clock/bounded", test_bounded);
    g_test_add_func("/clock/full", test_full);
    g_test_add_func("/clock/hostile", test_hostile);
    g_test_add_func("/clock/nothing", test_nothing);
    return g_test_run();
}
