/* test-clock-sources.c: the clock, or the direction alone, from what is not hops: six bits of the clock in the file, an
 * FHS packet, slots and proven senders, the clock of an ESP32.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "clock-scene.h"

/* Six bits of the clock make up for times that are milliseconds off. */
static void test_clk6(void)
{
    struct scene *scene = scene_new(true);

    for (unsigned i = 0; i < 40; i++) {
        scene->slot += (uint32_t)g_rand_int_range(scene->random, 20, 400);
        scene_hear_packet(scene,
                          (struct btbb_clock_packet){.time_ns = scene_time(scene, scene->slot) +
                                                                g_rand_int_range(scene->random, 0, 3000000),
                                                     .has_channel = true,
                                                     .channel = (uint8_t)scene_channel(scene, SCENE_CLK + scene->slot),
                                                     .has_clk6 = true,
                                                     .clk6 = (SCENE_CLK + scene->slot) & 63});
    }
    btbb_clock_finish(scene->clock);
    scene_assert_all_right(scene, 40);
    scene->heard[20].has_clk6 = false;
    const struct btbb_clock_answer coarse = scene_whole(scene, 20);

    scene_assert_unknown(&coarse, BTBB_CLOCK_TIME_BASE);
    scene->so_far[20] = coarse;
    scene_free(scene);
}

/* Channels that do not hop: the direction follows from slots and proven senders; a wrong proof contradicts it. */
static void test_phase(void)
{
    struct scene *scene = scene_new(true);

    for (unsigned i = 0; i < 60; i++) {
        const bool odd = i % 3 == 1;

        scene->slot += (uint32_t)g_rand_int_range(scene->random, 10, 50);
        scene->slot += ((SCENE_CLK + scene->slot) & 1) != odd;
        scene_hear_packet(scene, (struct btbb_clock_packet){.time_ns = scene_time(scene, scene->slot),
                                                            .has_channel = true,
                                                            .channel = 7,
                                                            .sender = i % 6 == 3 ? BTBB_DIR_TO_PERIPHERAL : 0,
                                                            .proven = true});
    }
    btbb_clock_finish(scene->clock);
    for (uint32_t frame = 1; frame <= 60; frame++) {
        const struct btbb_clock_answer answer = scene_whole(scene, frame);

        g_assert_false(answer.has_clk);
        g_assert_cmpuint(answer.source, ==, BTBB_CLOCK_PHASE);
        g_assert_cmpuint(answer.dir, ==, (frame - 1) % 3 == 1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL);
        g_assert_false(answer.contradiction);
    }
    scene_assert_unknown(&scene->so_far[5], BTBB_CLOCK_TOO_FEW);
    g_assert_cmpuint(scene->so_far[60].dir, ==, BTBB_DIR_TO_PERIPHERAL);
    struct btbb_clock_packet wrong = scene->heard[60];
    struct btbb_clock_answer answer;

    wrong.sender = BTBB_DIR_TO_CENTRAL;
    btbb_clock_at(scene->clock, &wrong, BTBB_CLOCK_WHOLE, &answer);
    g_assert_true(answer.contradiction);
    scene_free(scene);
}

/* A scene that begins with an FHS packet of the Central. */
static struct scene *scene_after_fhs(uint32_t slot, bool may_be_odd)
{
    struct scene *scene = scene_new(true);

    scene->slot = slot;
    scene_hear_packet(scene, (struct btbb_clock_packet){.time_ns = scene_time(scene, slot),
                                                        .proven = true,
                                                        .has_fhs = true,
                                                        .fhs_may_be_odd = may_be_odd,
                                                        .fhs_clk27_2 = (SCENE_CLK + slot) >> 1});
    return scene;
}

/* Hears 30 packets more. The clock is right, in one pass from frame `known_from` on. Frees the scene. */
static void check_fhs(struct scene *scene, uint32_t known_from)
{
    scene_hear_both(scene, 30);
    btbb_clock_finish(scene->clock);
    for (uint32_t frame = 1; frame <= 31; frame++) {
        const struct btbb_clock_answer answer = scene_whole(scene, frame);

        scene_assert_right(scene, frame, &answer);
        if (frame >= known_from)
            scene_assert_right(scene, frame, &scene->so_far[frame]);
        g_assert_cmpuint(answer.source, ==, BTBB_CLOCK_FHS);
    }
    scene_free(scene);
}

static void test_fhs(void)
{
    check_fhs(scene_after_fhs((-SCENE_CLK & 1) + 2, false), 1);
}

/* CLK1 is not in the packet: here it is 1. Two packets of the piconet on channels of hops show that. */
static void test_fhs_of_a_role_switch(void)
{
    struct scene *scene = scene_after_fhs((-SCENE_CLK & 1) + 3, true);

    scene_assert_unknown(&scene->so_far[1], BTBB_CLOCK_TIED);
    check_fhs(scene, 6);
}

static void test_no_channel(void)
{
    struct scene *scene = scene_new(true);

    for (unsigned i = 0; i < 40; i++) {
        scene->slot += 50;
        scene_hear_packet(scene, (struct btbb_clock_packet){.time_ns = scene_time(scene, scene->slot)});
    }
    btbb_clock_finish(scene->clock);
    const struct btbb_clock_answer answer = scene_whole(scene, 40);

    scene_assert_unknown(&answer, BTBB_CLOCK_NO_CHANNEL);
    scene_free(scene);
}

/* The start slots of capture-sources: the record is up to a slot late, and longer by the packet's slots. */
static void test_start_slot(void)
{
    g_assert_cmpuint(btbb_clock_start_slot(20080, 1, BTBB_DIR_TO_CENTRAL), ==, 20079);
    g_assert_cmpuint(btbb_clock_start_slot(20079, 1, BTBB_DIR_TO_CENTRAL), ==, 20079);
    g_assert_cmpuint(btbb_clock_start_slot(9694462, 1, BTBB_DIR_TO_PERIPHERAL), ==, 9694462);
    g_assert_cmpuint(btbb_clock_start_slot(9694463, 1, BTBB_DIR_TO_PERIPHERAL), ==, 9694462);
    g_assert_cmpuint(btbb_clock_start_slot(105, 3, BTBB_DIR_TO_CENTRAL), ==, 103);
    g_assert_cmpuint(btbb_clock_start_slot(0, 5, BTBB_DIR_TO_CENTRAL), ==, BTBB_CLOCK_MASK - 4);
    g_assert_cmphex(btbb_clock_offset(4847225, 19590), ==, 0x93a06c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/clk6", test_clk6);
    g_test_add_func("/clock/phase", test_phase);
    g_test_add_func("/clock/fhs", test_fhs);
    g_test_add_func("/clock/fhs-of-a-role-switch", test_fhs_of_a_role_switch);
    g_test_add_func("/clock/no-channel", test_no_channel);
    g_test_add_func("/clock/start-slot", test_start_slot);
    return g_test_run();
}
