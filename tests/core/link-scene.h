/* link-scene.h: made-up connections for the tests of the link tracker.
 *
 * A scene is a capture: its packets have ascending frame numbers from 1 and times 10 ms apart. Unless a test changes
 * `packet`, they are of the client 0x111111, LT_ADDR 1, with known direction.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TEST_LINK_SCENE_H
#define BTBB_TEST_LINK_SCENE_H

#include <glib.h>
#include <string.h>

#include "learn/link-findings.h"
#include "learn/timeline.h"

#define SCENE_CLIENT 0x111111u
#define SCENE_STEP   INT64_C(10000000) /* nanoseconds */

struct scene {
    struct btbb_links *links;
    struct btbb_link_packet packet; /* template of the next packet */
    struct btbb_link_event event;   /* of the last packet */
    struct btbb_timeline *timeline; /* keeps the events; NULL: none does */
};

#define CENTRAL    BTBB_DIR_TO_PERIPHERAL /* who sends */
#define PERIPHERAL BTBB_DIR_TO_CENTRAL
#define UNSURE     BTBB_DIR_UNKNOWN

static inline struct scene scene_new(void)
{
    struct scene scene = {.links = btbb_links_new()};

    g_assert_nonnull(scene.links);
    scene.packet = (struct btbb_link_packet){
        .client = SCENE_CLIENT, .has_client = true, .lt_addr = 1, .has_lt_addr = true, .has_time = true, .exact = true};
    return scene;
}

static inline void scene_free(struct scene *scene)
{
    btbb_links_free(scene->links);
}

static inline const struct btbb_acl_link *scene_link(const struct scene *scene, uint32_t number)
{
    g_assert_cmpuint(number, <, btbb_links_count(scene->links));
    return btbb_links_at(scene->links, number);
}

/* Hand in the template as it is, as the next frame. */
static inline void scene_add(struct scene *scene)
{
    scene->packet.frame++;
    scene->packet.time_ns += SCENE_STEP;
    btbb_links_add(scene->links, &scene->packet, &scene->event);
    if (scene->timeline)
        btbb_timeline_add(scene->timeline, &scene->event);
}

static inline void scene_lmp(struct scene *scene, enum btbb_dir dir, const uint8_t *bytes, uint32_t length)
{
    btbb_link_packet_set_lmp(&scene->packet, (struct btbb_span){bytes, length}, scene->packet.exact);
    scene->packet.dir = dir;
    scene_add(scene);
}

#define LMP(scene, dir, ...)                                                                                           \
    scene_lmp(scene, dir, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* The first byte of a PDU in a transaction that the Central (TID 0) or the Peripheral (TID 1) started. */
#define TID0(opcode) (uint8_t)((opcode) << 1)
#define TID1(opcode) (uint8_t)((opcode) << 1 | 1)

#define SIXTEEN(x) x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x

static inline void scene_data(struct scene *scene, enum btbb_dir dir)
{
    scene->packet.kind = BTBB_LINK_PACKET_DATA;
    scene->packet.dir = dir;
    scene_add(scene);
}

static inline void scene_fhs(struct scene *scene, uint64_t access_code, uint32_t lap, uint8_t lt_addr)
{
    const struct btbb_fhs fhs = {
        .lap = lap, .uap = 0x61, .nap = 0x1234, .class_of_device = 0x240404, .lt_addr = lt_addr, .parity_good = true};
    const struct btbb_link_packet template = scene->packet;

    scene->packet.kind = BTBB_LINK_PACKET_FHS;
    scene->packet.client = access_code;
    scene->packet.fhs = fhs;
    scene_add(scene);
    const uint32_t frame = scene->packet.frame;
    const int64_t time_ns = scene->packet.time_ns;

    scene->packet = template;
    scene->packet.frame = frame;
    scene->packet.time_ns = time_ns;
}

/* ------ Procedures ------ */

static inline enum btbb_dir scene_other(enum btbb_dir dir)
{
    return dir == CENTRAL ? PERIPHERAL : dir == PERIPHERAL ? CENTRAL : UNSURE;
}

/* LMP_host_connection_req and its answer: the connection is known from its start. */
static inline void scene_begin(struct scene *scene)
{
    LMP(scene, CENTRAL, TID0(51));
    LMP(scene, PERIPHERAL, TID0(3), 51);
}

static inline void scene_set_up(struct scene *scene)
{
    scene_begin(scene);
    LMP(scene, CENTRAL, TID0(49));
    LMP(scene, PERIPHERAL, TID1(49));
}

/* Extended features of both devices. `host`: of both; bit 3 is Secure Connections. */
static inline void scene_features(struct scene *scene, uint8_t host_central, uint8_t host_peripheral)
{
    LMP(scene, CENTRAL, TID0(39), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    LMP(scene, PERIPHERAL, TID0(40), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    LMP(scene, CENTRAL, TID0(127), 3, 1, 2, host_central, 0, 0, 0, 0, 0, 0, 0);
    LMP(scene, PERIPHERAL, TID0(127), 4, 1, 2, host_peripheral, 0, 0, 0, 0, 0, 0, 0);
    LMP(scene, CENTRAL, TID0(127), 3, 2, 2, 0, 1, 0, 0, 0, 0, 0, 0);
    LMP(scene, PERIPHERAL, TID0(127), 4, 2, 2, 0, 1, 0, 0, 0, 0, 0, 0);
}

/* `verifier` challenges the other device. */
static inline void scene_legacy(struct scene *scene, enum btbb_dir verifier, uint8_t au_rand)
{
    const uint8_t tid = verifier == PERIPHERAL;

    LMP(scene, verifier, TID0(11) | tid, SIXTEEN(au_rand));
    LMP(scene, scene_other(verifier), TID0(12) | tid, 1, 2, 3, 4);
}

static inline void scene_secure(struct scene *scene)
{
    LMP(scene, CENTRAL, TID0(11), SIXTEEN(7));
    LMP(scene, PERIPHERAL, TID0(11), SIXTEEN(8));
    LMP(scene, PERIPHERAL, TID0(12), 1, 1, 1, 1);
    LMP(scene, CENTRAL, TID0(12), 2, 2, 2, 2);
}

static inline void scene_key_size(struct scene *scene, uint8_t bytes)
{
    LMP(scene, CENTRAL, TID0(16), bytes);
    LMP(scene, PERIPHERAL, TID0(3), 16);
}

static inline void scene_start(struct scene *scene, uint8_t en_rand)
{
    LMP(scene, CENTRAL, TID0(17), SIXTEEN(en_rand));
    LMP(scene, PERIPHERAL, TID0(3), 17);
}

static inline void scene_stop(struct scene *scene)
{
    LMP(scene, CENTRAL, TID0(18));
    LMP(scene, PERIPHERAL, TID0(3), 18);
}

static inline void scene_detach(struct scene *scene)
{
    LMP(scene, CENTRAL, TID0(7), 0x13);
}

#endif
