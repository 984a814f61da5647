/* clocks.c: see clocks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "clocks.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "decode/decode.h"
#include "learn/clocks.h"

#include "read.h"

/* So many packets with a clock show that the file has clocks, if none is without. */
#define PACKETS_WITH_CLOCK 1000u

struct learning {
    struct btbb_reading first;
    struct btbb_reading *reading; /* the pass that follows */
    struct btbb_capture *capture;
    const atomic_bool *stop;
    atomic_bool enough;
    unsigned with_clock; /* packets whose clock the file holds */
};

static void learn_frames(void *user, const struct btbb_read_frame *frames, unsigned count)
{
    struct learning *learning = user;
    for (const struct btbb_read_frame *in = frames; in < frames + count; in++) {
        struct btbb_facts facts;
        struct btbb_verdict verdict;
        btbb_decode(&in->frame, &facts);
        btbb_capture_learn(learning->capture, in->number, &in->frame, &facts, &verdict);
        learning->with_clock += verdict.clock.source == BTBB_CLOCK_FILE;
    }
    atomic_store_explicit(&learning->reading->learned, atomic_load(&learning->first.bytes), memory_order_relaxed);
    const bool none_without = btbb_clocks_count(btbb_capture_clocks(learning->capture)) == 0;
    if (atomic_load(learning->stop) || (learning->with_clock >= PACKETS_WITH_CLOCK && none_without))
        atomic_store(&learning->enough, true);
}

bool btbb_is_read_twice(const struct btbb_reading *reading)
{
    GStatBuf status;
    return !reading->follow && strcmp(reading->name, "-") != 0 && g_stat(reading->name, &status) == 0 &&
           S_ISREG(status.st_mode);
}

void btbb_learn_clocks(struct btbb_capture **capture, struct btbb_reading *reading)
{
    struct learning learning = {.capture = *capture, .reading = reading, .stop = reading->stop};
    learning.first = (struct btbb_reading){
        .name = reading->name, .stop = &learning.enough, .frames_fn = learn_frames, .user = &learning};
    btbb_capture_seek_clocks(*capture);
    if (!btbb_is_read_twice(reading))
        return;
    btbb_read(&learning.first);
    g_free(learning.first.message);
    atomic_store(&reading->learned, reading->size);
    if (btbb_clocks_count(btbb_capture_clocks(*capture)) > 0)
        return;
    struct btbb_capture *fresh = btbb_capture_new();
    if (!fresh)
        return;
    btbb_capture_free(*capture);
    *capture = fresh;
}
