/* clock-scene.h: a simple piconet, and what the module of its clock knows of it, packet by packet. Every packet has one
 * slot and is heard at a time that the test chooses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TESTS_CLOCK_SCENE_H
#define BTBB_TESTS_CLOCK_SCENE_H

#include <glib.h>

#include "learn/clock-int.h"

#define SCENE_LAP    0x60a53au
#define SCENE_UAP    0x70
#define SCENE_CLK    0x2345678u /* at slot 0 */
#define SCENE_FRAMES 2000u

/* Most tests search one in 256 clocks, for the sake of slow builds: sanitizers, emulators. */
#define SCENE_HIGHS 8192u

struct scene {
    struct btbb_clock *clock;
    struct btbb_hop hop;
    GRand *random;
    struct btbb_hop_map map; /* count 0: the basic sequence */
    double ppm;              /* drift of the capturing device's clock */
    uint32_t frame, slot;    /* of the latest packet */
    int64_t jump_ns;         /* what is added to all times */

    /* By frame. */
    struct btbb_clock_packet heard[SCENE_FRAMES + 1];
    uint32_t clk[SCENE_FRAMES + 1]; /* the right one */
    struct btbb_clock_answer so_far[SCENE_FRAMES + 1];
};

struct scene *scene_new(bool with_address);

/* Checks that a second pass gives the answers of the first. */
void scene_free(struct scene *scene);

/* Use these channels by the adapted sequence from now on. */
void scene_use_channels(struct scene *scene, unsigned first, unsigned last);

/* When a slot starts, up to 15 us early or late. */
int64_t scene_time(const struct scene *scene, double slot);

unsigned scene_channel(const struct scene *scene, uint32_t clk);

/* A packet as given, but for its frame, in slot scene->slot. */
void scene_hear_packet(struct scene *scene, struct btbb_clock_packet packet);

/* A packet of the sender, 20 to 400 slots later. It proves its sender only if `proves`. */
void scene_hear(struct scene *scene, enum btbb_dir sender, bool proves);

/* Packets of both directions. */
void scene_hear_both(struct scene *scene, unsigned count);

/* A false packet, on a slot or between two. */
void scene_hear_false(struct scene *scene, double slots_later, unsigned channel);

/* What is known of a frame when all is read. */
struct btbb_clock_answer scene_whole(const struct scene *scene, uint32_t frame);

void scene_assert_right(const struct scene *scene, uint32_t frame, const struct btbb_clock_answer *answer);
void scene_assert_unknown(const struct btbb_clock_answer *answer, enum btbb_clock_reason reason);

/* That the clock of all frames from 1 to `last` is right, when all is read. */
void scene_assert_all_right(const struct scene *scene, uint32_t last);

#endif
