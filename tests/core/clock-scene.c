/* clock-scene.c: see clock-scene.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "clock-scene.h"

#define START_NS INT64_C(1441375734512728284)

struct scene *scene_new(bool with_address)
{
    struct scene *scene = g_new0(struct scene, 1);

    scene->clock = btbb_clock_new();
    scene->random = g_rand_new_with_seed(18);
    scene->clock->first_high = (SCENE_CLK >> BTBB_CLOCK_LOW_BITS) - SCENE_HIGHS / 2;
    scene->clock->high_count = SCENE_HIGHS;
    scene->ppm = 29;
    btbb_hop_init(&scene->hop, SCENE_LAP, SCENE_UAP);
    if (with_address)
        btbb_clock_address(scene->clock, SCENE_LAP, SCENE_UAP);
    return scene;
}

void scene_free(struct scene *scene)
{
    for (uint32_t frame = scene->frame; frame > 0; frame--) {
        struct btbb_clock_answer again;

        btbb_clock_at(scene->clock, &scene->heard[frame], BTBB_CLOCK_SO_FAR, &again);
        g_assert_cmpuint(again.has_clk, ==, scene->so_far[frame].has_clk);
        g_assert_cmpuint(again.clk, ==, scene->so_far[frame].clk);
        g_assert_cmpuint(again.dir, ==, scene->so_far[frame].dir);
        g_assert_cmpuint(again.source, ==, scene->so_far[frame].source);
        g_assert_cmpuint(again.reason, ==, scene->so_far[frame].reason);
        g_assert_cmpfloat(again.confidence, ==, scene->so_far[frame].confidence);
    }
    btbb_clock_free(scene->clock);
    g_rand_free(scene->random);
    g_free(scene);
}

int64_t scene_time(const struct scene *scene, double slot)
{
    return START_NS + scene->jump_ns + (int64_t)(slot * 625e3 * (1 + scene->ppm * 1e-6)) +
           g_rand_int_range(scene->random, -15000, 15000);
}

unsigned scene_channel(const struct scene *scene, uint32_t clk)
{
    return scene->map.count ? btbb_hop_adapted(&scene->hop, clk - (clk & 1), &scene->map)
                            : btbb_hop_basic(&scene->hop, clk);
}

void scene_hear_packet(struct scene *scene, struct btbb_clock_packet packet)
{
    g_assert_cmpuint(scene->frame, <, SCENE_FRAMES);
    packet.frame = ++scene->frame;
    scene->heard[packet.frame] = packet;
    scene->clk[packet.frame] = (SCENE_CLK + scene->slot) & BTBB_CLOCK_MASK;
    btbb_clock_hear(scene->clock, &packet);
    btbb_clock_at(scene->clock, &packet, BTBB_CLOCK_SO_FAR, &scene->so_far[packet.frame]);
}

void scene_hear(struct scene *scene, enum btbb_dir sender, bool proves)
{
    scene->slot += (uint32_t)g_rand_int_range(scene->random, 20, 400);
    if (((SCENE_CLK + scene->slot) & 1) != (sender == BTBB_DIR_TO_CENTRAL))
        scene->slot++;
    scene_hear_packet(scene,
                      (struct btbb_clock_packet){.time_ns = scene_time(scene, scene->slot),
                                                 .has_channel = true,
                                                 .channel = (uint8_t)scene_channel(scene, SCENE_CLK + scene->slot),
                                                 .sender = (uint8_t)(proves ? sender : BTBB_DIR_UNKNOWN)});
}

void scene_hear_both(struct scene *scene, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        scene_hear(scene, i % 3 == 1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL, false);
}

void scene_hear_false(struct scene *scene, double slots_later, unsigned channel)
{
    scene_hear_packet(scene, (struct btbb_clock_packet){.time_ns = scene_time(scene, scene->slot + slots_later),
                                                        .has_channel = true,
                                                        .channel = (uint8_t)channel});
}

struct btbb_clock_answer scene_whole(const struct scene *scene, uint32_t frame)
{
    struct btbb_clock_answer answer;

    btbb_clock_at(scene->clock, &scene->heard[frame], BTBB_CLOCK_WHOLE, &answer);
    return answer;
}

void scene_assert_right(const struct scene *scene, uint32_t frame, const struct btbb_clock_answer *answer)
{
    g_assert_true(answer->has_clk);
    g_assert_cmpuint(answer->clk, ==, scene->clk[frame]);
    g_assert_cmpuint(answer->dir, ==, answer->clk & 1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL);
    g_assert_cmpuint(answer->reason, ==, BTBB_CLOCK_KNOWN);
    g_assert_cmpuint(answer->twins, ==, 0);
    g_assert_cmpfloat(answer->confidence, >, 0.999);
    g_assert_cmpfloat(answer->confidence, <=, 1);
}

void scene_assert_unknown(const struct btbb_clock_answer *answer, enum btbb_clock_reason reason)
{
    g_assert_false(answer->has_clk);
    g_assert_cmpuint(answer->dir, ==, BTBB_DIR_UNKNOWN);
    g_assert_cmpuint(answer->reason, ==, reason);
    g_assert_cmpfloat(answer->confidence, ==, 0);
}

void scene_use_channels(struct scene *scene, unsigned first, unsigned last)
{
    scene->map = (struct btbb_hop_map){0};
    for (unsigned channel = first; channel <= last; channel++)
        scene->map.used[channel] = 1;
    btbb_hop_map_order(&scene->map);
}

void scene_assert_all_right(const struct scene *scene, uint32_t last)
{
    for (uint32_t frame = 1; frame <= last; frame++) {
        const struct btbb_clock_answer answer = scene_whole(scene, frame);

        scene_assert_right(scene, frame, &answer);
    }
}
