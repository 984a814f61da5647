/* decryptor-again.c: frames whose clock becomes known later are decrypted anew; see decryptor.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/decryptor-int.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(BTBB_CLOCK_CANDIDATES <= BTBB_CLOCKS_MAX, "all candidates are tried");
_Static_assert(sizeof(struct btbb_kept_frame) <= 64, "decryptor.h states the bound");

void btbb_decryptor_keep(struct btbb_decryptor *decryptor)
{
    if (decryptor)
        decryptor->kept.on = true;
}

void btbb_decryptor_forget_frames(struct btbb_kept *kept)
{
    for (uint32_t i = 0; i < kept->count; i++)
        free((uint8_t *)kept->frames[i].frame.bytes);
    free(kept->frames);
    *kept = (struct btbb_kept){0};
}

/* Returns false when there is no room. */
static bool add_frame(struct btbb_kept *kept, uint32_t number, const struct btbb_frame *frame)
{
    if (kept->bytes + frame->captured + sizeof *kept->frames > BTBB_DECRYPTOR_KEPT_BYTES)
        return false;
    struct btbb_kept_frame *grown = btbb_grow(kept->frames, sizeof *grown, kept->count, &kept->capacity);

    if (!grown)
        return false;
    kept->frames = grown;
    uint8_t *bytes = malloc(frame->captured);

    if (!bytes)
        return false;
    memcpy(bytes, frame->bytes, frame->captured);
    grown[kept->count] = (struct btbb_kept_frame){number, *frame};
    grown[kept->count++].frame.bytes = bytes;
    kept->bytes += frame->captured + sizeof *grown;
    return true;
}

void btbb_decryptor_keep_frame(struct btbb_decryptor *decryptor, uint32_t number, const struct btbb_frame *frame,
                               const struct btbb_facts *facts)
{
    if (facts->malformed || facts->payload.captured == 0 || frame->captured == 0)
        return;
    if (!add_frame(&decryptor->kept, number, frame))
        btbb_decryptor_forget_frames(&decryptor->kept);
}

/* Whether decrypting anew may give more than before. */
static bool is_worthwhile(const struct btbb_kept *kept)
{
    const uint32_t more = kept->count - kept->redone;

    return kept->on && kept->without_clock > 0 && more > 0 && more >= kept->redone / 2;
}

static void redo_frame(struct btbb_decryptor *decryptor, struct btbb_capture *capture,
                       const struct btbb_kept_frame *kept, btbb_decryptor_redone redone, void *user)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_plain plain;

    btbb_decode(&kept->frame, &facts);
    btbb_capture_recall(capture, kept->number, &kept->frame, &facts, &verdict);
    btbb_capture_learn_plain(capture, kept->number, &kept->frame, &facts, &verdict);
    btbb_decryptor_learn(decryptor, capture, kept->number, &kept->frame, (struct btbb_clk27){NULL, 0}, &facts, &verdict,
                         &plain);
    if (redone)
        redone(user, kept->number, &facts, &verdict, &plain);
}

bool btbb_decryptor_redo(struct btbb_decryptor **decryptor, struct btbb_capture *capture, btbb_decryptor_redone redone,
                         void *user)
{
    struct btbb_decryptor *old = *decryptor;

    if (!old || !is_worthwhile(&old->kept))
        return false;
    struct btbb_decryptor *anew = btbb_decryptor_new(&old->keys, old->remember);

    if (!anew)
        return false;
    struct btbb_kept kept = old->kept;

    old->kept = (struct btbb_kept){0};
    anew->is_redone = true;
    btbb_capture_forget_repeats(capture);
    for (uint32_t i = 0; i < kept.count; i++)
        redo_frame(anew, capture, &kept.frames[i], redone, user);
    anew->is_redone = false;
    kept.without_clock = anew->kept.without_clock;
    kept.redone = kept.count;
    anew->kept = kept;
    btbb_decryptor_free(old);
    *decryptor = anew;
    return true;
}
