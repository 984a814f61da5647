/* fuzz_decode.c: any bytes as the frames of one capture: decode, learn, recall, record.
 *
 * Input: frames, a byte of flags (bit 0 LINKTYPE 255, bits 1-2 own/other, bit 3 cut, bit 4 InternalBlue addresses),
 * two bytes of length, and as many bytes as there are. Each frame lies in memory of its exact size, so that the address
 * sanitizer sees the first byte read too many.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"

#define FRAMES_MAX 512
#define ADDRESSES  12u

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

static uint8_t *next_frame(struct input *in, struct btbb_frame *frame)
{
    uint8_t head[3], addresses[ADDRESSES];

    take(in, head, sizeof head);
    *frame = (struct btbb_frame){.rf = head[0] & 1, .own = (enum btbb_own)((head[0] >> 1 & 3) % 3)};
    if (!frame->rf) {
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
static void check(const struct btbb_frame *frame, const struct btbb_facts *facts, const struct btbb_tap *record)
{
    const struct btbb_payload *payload = &facts->payload;

    assert(payload->captured == 0 || payload->offset + payload->captured <= frame->captured);
    assert(payload->captured <= payload->reported);
    assert(!payload->has_crc || payload->crc_offset + 2 <= payload->captured);
    assert(!payload->parsed || payload->body_offset + payload->body_bytes <= payload->reported);
    assert(!facts->kind || facts->kind->type == facts->type);
    assert(record->version == BTBB_TAP_VERSION && record->type < BTBB_TYPES && record->lt_addr < 8);
    assert(!(record->id && record->typed));
    assert(record->has_lap == !facts->malformed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct btbb_frame frames[FRAMES_MAX];
    uint8_t *bytes[FRAMES_MAX];
    static struct btbb_tap learned[FRAMES_MAX];
    struct btbb_capture *capture = btbb_capture_new();
    uint32_t count = 0;

    for (; in.left > 0 && count < FRAMES_MAX; count++) {
        struct btbb_facts facts;
        struct btbb_verdict verdict;

        bytes[count] = next_frame(&in, &frames[count]);
        btbb_decode(&frames[count], &facts);
        btbb_capture_learn(capture, count + 1, &frames[count], &facts, &verdict);
        btbb_record(&frames[count], &facts, &verdict, count + 1, 0, NULL, &learned[count]);
        check(&frames[count], &facts, &learned[count]);
    }
    for (uint32_t i = count; i-- > 0;) { /* asked again, last first: the same answers */
        struct btbb_facts facts;
        struct btbb_verdict verdict;
        struct btbb_tap again;

        btbb_decode(&frames[i], &facts);
        btbb_capture_recall(capture, i + 1, &frames[i], &facts, &verdict);
        btbb_record(&frames[i], &facts, &verdict, i + 1, 0, NULL, &again);
        assert(again.uap == learned[i].uap && again.nap == learned[i].nap && again.rank == learned[i].rank);
        assert(again.dir == learned[i].dir && again.hec == learned[i].hec && again.crc == learned[i].crc);
        assert(again.retransmission == learned[i].retransmission && again.kind == learned[i].kind);
        assert(again.typed == learned[i].typed && again.id == learned[i].id && again.taught == learned[i].taught);
        free(bytes[i]);
    }
    btbb_capture_free(capture);
    return 0;
}
