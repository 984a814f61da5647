/* link-sample.h: three made-up connections for the tests of what is shown of connections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TEST_LINK_SAMPLE_H
#define BTBB_TEST_LINK_SAMPLE_H

#include "learn/link-log.h"

#include "link-scene.h"

/* A name to be escaped: U+202E would reverse what follows it, 0x1b controls terminals, 0xff is not UTF-8. */
#define LINK_SAMPLE_NAME "Bad \xe2\x80\xae\x1b\",<b>\xff"

/* 1: from its start; pairing with a PIN, a key of one byte, a detach. */
static inline void sample_weak_link(struct scene *scene)
{
    const uint8_t length = sizeof LINK_SAMPLE_NAME - 1;
    uint8_t response[3 + sizeof LINK_SAMPLE_NAME - 1] = {TID0(2), 0, length};

    memcpy(response + 3, LINK_SAMPLE_NAME, length);
    scene_fhs(scene, 0x333333, SCENE_CLIENT, 1);
    scene_begin(scene);
    LMP(scene, CENTRAL, TID0(37), 9, 15, 0, 1, 0);
    LMP(scene, PERIPHERAL, TID0(38), 6, 10, 0, 2, 0);
    LMP(scene, CENTRAL, TID0(1), 0);
    scene_lmp(scene, PERIPHERAL, response, sizeof response);
    LMP(scene, CENTRAL, TID0(8), SIXTEEN(1));
    LMP(scene, PERIPHERAL, TID0(3), 8);
    scene_legacy(scene, CENTRAL, 2);
    scene_key_size(scene, 1);
    scene_start(scene, 3);
    scene_data(scene, CENTRAL);
    LMP(scene, PERIPHERAL, TID1(7), 0x13);
}

/* 2: from its start; data that nothing encrypts. */
static inline void sample_clear_link(struct scene *scene)
{
    scene->packet.lt_addr = 2;
    scene_set_up(scene);
    scene_data(scene, PERIPHERAL);
}

/* 3: of which little is known. */
static inline void sample_unknown_link(struct scene *scene)
{
    scene->packet.client = 0x222222;
    scene->packet.has_time = scene->packet.has_lt_addr = false;
    LMP(scene, UNSURE, TID1(17), SIXTEEN(4));
}

/* The connections and their timeline. Frames are numbered from 1, 10 ms apart, from `start_ns` on. */
static inline struct btbb_link_log *link_sample(int64_t start_ns)
{
    struct btbb_link_log *log = btbb_link_log_new(true);
    struct scene scene = scene_new();

    g_assert_nonnull(log);
    btbb_links_free(scene.links);
    scene.links = log->links;
    scene.timeline = log->timeline;
    scene.packet.time_ns = start_ns;
    sample_weak_link(&scene);
    sample_clear_link(&scene);
    sample_unknown_link(&scene);
    return log;
}

#endif
