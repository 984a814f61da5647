/* fuzz-decode.c: any bytes as the frames of one capture: decode, also briefly, judge, learn, also quickly, recall,
 * record.
 *
 * Input: frames, a byte of flags (bit 0 LINKTYPE 255, bits 1-2 own/other, bit 3 cut, bit 4 InternalBlue addresses,
 * bit 5 many other frames before it), two bytes of length, and as many bytes as there are. Each frame lies in memory of
 * its exact size, so that the address sanitizer sees the first byte read too many.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../core/quickly.h"

#define FRAMES_MAX 512
#define ADDRESSES  12u
#define MANY       5000u /* frames of others: more than one page of what is kept for each frame */

struct input {
    const uint8_t *data;
    size_t left;
};

static size_t take(struct input *in, uint8_t *out, size_t wanted)
{
    const size_t got = wanted < in->left ? wanted : in->left;

    memset(out, 0, wanted);
    if (got > 0)
        memcpy(out, in->data, got);
    in->data += got;
    in->left -= got;
    return got;
}

/* A frame, which grows `number`. Free what is returned. */
static uint8_t *next_frame(struct input *in, struct btbb_frame *frame, uint32_t *number)
{
    uint8_t head[3], addresses[ADDRESSES];

    take(in, head, sizeof head);
    *number += head[0] & 32 ? MANY : 1;
    *frame = (struct btbb_frame){.format = head[0] & 1 ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY,
                                 .own = (enum btbb_own)((head[0] >> 1 & 3) % 3)};
    if (frame->format == BTBB_CAPTURE_LEGACY) {
        take(in, addresses, sizeof addresses);
        memcpy(frame->src, addresses, 6);
        if (head[0] & 16)
            memcpy(frame->dst, addresses + 6, 6);
    }
    const size_t length = ((size_t)head[1] | (size_t)head[2] << 8) % 1200;
    uint8_t *bytes = malloc(length < in->left ? length : in->left);

    frame->captured = (uint32_t)(bytes ? take(in, bytes, length < in->left ? length : in->left) : 0);
    frame->reported = frame->captured + (head[0] & 8 ? head[1] : 0u);
    frame->bytes = frame->captured ? bytes : NULL;
    return bytes;
}

/* What must hold of any frame, whatever it is. */
static void check(const struct btbb_frame *frame, const struct btbb_facts *facts, const struct btbb_record *record)
{
    const struct btbb_payload *payload = &facts->payload;

    assert(payload->captured == 0 || payload->offset + payload->captured <= frame->captured);
    assert(payload->captured <= payload->reported);
    assert(!payload->has_crc || payload->crc_offset + 2 <= payload->captured);
    assert(!payload->parsed || payload->body_offset + payload->body_bytes <= payload->reported);
    assert(!facts->kind || facts->kind->type == facts->type);
    assert(record->version == BTBB_RECORD_VERSION && record->type < BTBB_TYPES && record->lt_addr < 8);
    assert(record->packet_class < BTBB_CLASSES && record->malformed == facts->malformed);
    assert(record->lap <= BTBB_LAP_UNKNOWN);
}

/* Judged with any UAP, and again: the same, and what the frame itself says stays. */
static void check_judge(const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    const uint8_t uap = frame->captured > 0 ? frame->bytes[frame->captured - 1] : 0;
    struct btbb_facts once = *facts;

    btbb_check_with_uap(frame, &once, true, uap);
    struct btbb_facts twice = once;

    btbb_check_with_uap(frame, &twice, true, uap);
    assert(once.uap == facts->uap && once.uap_known == facts->uap_known);
    assert(twice.hec_check == once.hec_check && twice.crc_check == once.crc_check && twice.kind == once.kind);
    assert(twice.packet_class == once.packet_class && twice.payload.parsed == once.payload.parsed);
    assert(once.payload.captured == 0 || once.payload.offset + once.payload.captured <= frame->captured);
}

/* Decoded briefly, a capture teaches the same but for what the payload says. */
static void learn_briefly(struct captures *captures, uint32_t number, const struct btbb_frame *frame,
                          const struct btbb_record *learned)
{
    struct btbb_record record, quick;

    learn_fully(captures->brief, number, frame, true, &record);
    learn_quickly(captures->quick_brief, number, frame, true, &quick);
    assert(same_record(&quick, &record));
    learn_quickly(captures->quick, number, frame, false, &quick);
    assert(same_record(&quick, learned));
    assert(record.uap == learned->uap && record.nap == learned->nap && record.rank == learned->rank);
    assert(record.dir == learned->dir && record.hec == learned->hec && record.dir_source == learned->dir_source);
    assert(record.packet_class == learned->packet_class && record.type == learned->type && record.lap == learned->lap);
    assert(record.taught == learned->taught && record.taught_lap == learned->taught_lap);
}

static void recall(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                   const struct btbb_record *learned)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_record again = {.version = BTBB_RECORD_VERSION, .frame = number};

    btbb_decode(frame, &facts);
    btbb_capture_recall(capture, number, frame, &facts, &verdict);
    btbb_record_fill(&facts, &verdict, &again);
    assert(again.uap == learned->uap && again.nap == learned->nap && again.rank == learned->rank);
    assert(again.dir == learned->dir && again.hec == learned->hec && again.crc == learned->crc);
    assert(again.retransmission == learned->retransmission && again.kind == learned->kind);
    assert(again.packet_class == learned->packet_class && again.taught == learned->taught);
    btbb_capture_recall(capture, number + 1, frame, &facts, &verdict); /* whatever it says: no such frame */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct btbb_frame frames[FRAMES_MAX];
    uint8_t *bytes[FRAMES_MAX];
    uint32_t numbers[FRAMES_MAX], number = 0, count = 0;
    static struct btbb_record learned[FRAMES_MAX];
    struct captures captures = captures_new();

    for (; in.left > 0 && count < FRAMES_MAX; count++) {
        struct btbb_facts facts;
        struct btbb_verdict verdict;

        bytes[count] = next_frame(&in, &frames[count], &number);
        numbers[count] = number;
        btbb_decode(&frames[count], &facts);
        check_judge(&frames[count], &facts);
        btbb_capture_learn(captures.full, number, &frames[count], &facts, &verdict);
        learned[count] = (struct btbb_record){.version = BTBB_RECORD_VERSION, .frame = number};
        btbb_record_fill(&facts, &verdict, &learned[count]);
        check(&frames[count], &facts, &learned[count]);
        learn_briefly(&captures, number, &frames[count], &learned[count]);
    }
    for (uint32_t i = count; i-- > 0;) { /* asked again, last first: the same answers */
        recall(captures.full, numbers[i], &frames[i], &learned[i]);
        free(bytes[i]);
    }
    assert(same_capture(captures.quick, captures.full) && same_capture(captures.quick_brief, captures.brief));
    captures_free(&captures);
    return 0;
}
