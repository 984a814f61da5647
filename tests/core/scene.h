/* scene.h: captures made frame by frame, for the tests of what a capture knows.
 *
 * Frames are learned in the order in which they are added, with the numbers 10, 20, 30 ... At the end every frame is
 * recalled in two other orders, and each answer must be the one given first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TESTS_SCENE_H
#define BTBB_TESTS_SCENE_H

#include <glib.h>
#include <string.h>

#include "learn/capture.h"

#define SCENE_FRAMES 40u
#define LAP          0x4831ddu
#define UAP          0x61u
#define NO_UAP       0x100u /* the file does not name it */
#define WRONG_HEC    1

/* The times of frames whose recipe has none. */
#define SCENE_START_NS INT64_C(1600000000500000000)
#define SCENE_STEP_NS  INT64_C(100000000)

enum { NULL_ = 0, POLL = 1, FHS = 2, DM1 = 3 };

/* How a frame is to be made. */
struct recipe {
    bool rf;
    uint32_t lap;
    uint16_t nap;
    unsigned named; /* the UAP in the file, or NO_UAP */
    uint8_t uap;    /* the UAP of HEC and CRC */
    uint32_t clk;
    uint8_t clk_flags;
    uint8_t type, lt_addr, flags;
    uint8_t hec_error;
    enum btbb_own own;
    const char *body; /* of a DM1 (LLID 2), or 18 bytes of FHS; NULL: no payload */
    size_t body_bytes;
    bool id;
    bool zero_crc;
    bool no_time;
    int64_t time_ns; /* 0: SCENE_STEP_NS after the frame before */
};

struct scene {
    struct btbb_capture *capture;
    unsigned count;
    struct btbb_frame frame[SCENE_FRAMES];
    uint8_t bytes[SCENE_FRAMES][128];
    struct btbb_facts facts[SCENE_FRAMES];
    struct btbb_verdict verdict[SCENE_FRAMES];
    struct btbb_record record[SCENE_FRAMES];
};

struct scene *scene_new(void);

/* Learn one frame more; its index is returned. */
unsigned add(struct scene *s, struct recipe recipe);

/* A legacy frame that is not in a scene; `bytes` has room for 128. */
struct btbb_frame scene_legacy_frame(const struct recipe *recipe, uint8_t *bytes);

/* Recall, compare and free. */
void scene_end(struct scene *s);

/* Frames of LAP with LT_ADDR 1 and good HEC: legacy with UAP; LINKTYPE 255; legacy DM1 with a body. */
struct recipe legacy(uint8_t type, uint32_t clk);
struct recipe rf(uint8_t type, unsigned named);
struct recipe data(uint32_t clk, uint8_t seqn, const char *body);

#endif
