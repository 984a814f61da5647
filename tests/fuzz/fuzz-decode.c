/* fuzz-decode.c: any bytes as the frames of one capture. They are decoded in full and briefly, checked with another
 * UAP, learned by the slow path and by the fast path, and recalled.
 *
 * Input: frames of four bytes (capture format, flags, length in two bytes), what the flags announce, and as many
 * bytes as the length has or as are left. Flags:
 *     bits 0-1  sent, received or neither         bit 4  many other frames before it
 *     bit 2     cut: more bytes were reported     bit 5  a byte follows that selects a step of the time stamps
 *     bit 3     both Ethernet addresses follow    bit 6  without time stamp
 *                                                 bit 7  a UAP follows: HEC and CRC are made right for it
 * Legacy frames have one Ethernet address without bit 3. Each frame lies in memory of its exact size, so that the
 * address sanitizer finds the first byte that is read beyond it.
 *
 * The number of frames is limited, and large things are compared once: an input takes about 20 microseconds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../core/quickly.h"
#include "decode/crc.h"
#include "decode/hec.h"

#define FRAMES_MAX    48u
#define ADDRESS_BYTES 6u
#define LENGTH_MAX    1200u
#define MANY          5000u /* more frames than one page of repeats.c has */

enum {
    FLAG_OWN = 3,
    FLAG_CUT = 4,
    FLAG_ADDRESSES = 8,
    FLAG_MANY = 16,
    FLAG_STEP = 32,
    FLAG_NO_TIME = 64,
    FLAG_RIGHT_CHECKS = 128
};

struct input {
    const uint8_t *data;
    size_t left;
};

/* A frame and what was learned of it. */
struct learned {
    struct btbb_frame frame;
    uint32_t number;
    uint8_t *bytes; /* allocated */
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_record record;
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

static int64_t take_step(struct input *in)
{
    static const int64_t steps[] = {0,
                                    -1000000000,
                                    -1000000001,
                                    -429496729600,
                                    101816729600,
                                    429496729600,
                                    531313459200,
                                    -INT64_C(9000000000000000000),
                                    INT64_C(9000000000000000000)};
    uint8_t which;

    take(in, &which, 1);
    return steps[which % (sizeof steps / sizeof *steps)];
}

/* The sum, or the nearest that fits. */
static int64_t add(int64_t a, int64_t b)
{
    if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
        return b > 0 ? INT64_MAX : INT64_MIN;
    return a + b;
}

/* Makes the HEC right, and the CRC at the end of the payload. */
static void make_checks_right(const struct btbb_frame *frame, uint8_t *bytes, uint8_t uap)
{
    const struct btbb_span span = {bytes, frame->captured};
    uint32_t payload;

    if (frame->format == BTBB_CAPTURE_LEGACY && frame->captured >= BTBB_LEGACY_HEADER_BYTES) {
        payload = BTBB_LEGACY_HEADER_BYTES;
        bytes[payload - 1] = btbb_hec(uap, btbb_header_bits(btbb_legacy_header(span)));
    } else if (frame->format == BTBB_CAPTURE_RF && frame->captured >= BTBB_RF_HEADER_BYTES) {
        const uint32_t header10 = btbb_header_bits(btbb_le32(span, BTBB_RF_HEADER));
        const uint32_t header18 = header10 | (uint32_t)btbb_hec(uap, (uint16_t)header10) << 10;

        payload = BTBB_RF_HEADER_BYTES;
        for (unsigned i = 0; i < 3; i++)
            bytes[BTBB_RF_HEADER + i] = (uint8_t)(header18 >> 8 * i);
    } else {
        return;
    }
    if (frame->captured < payload + 2)
        return;
    const uint32_t crc_at = frame->captured - 2;
    const uint16_t crc = btbb_crc_run(btbb_crc_start(uap), (struct btbb_span){bytes + payload, crc_at - payload});

    bytes[crc_at] = (uint8_t)crc;
    bytes[crc_at + 1] = (uint8_t)(crc >> 8);
}

static void take_frame(struct input *in, const struct learned *before, struct learned *out)
{
    uint8_t head[4], uap = 0;

    take(in, head, sizeof head);
    const uint8_t flags = head[1];
    const size_t length = ((size_t)head[2] | (size_t)head[3] << 8) % LENGTH_MAX;
    struct btbb_frame frame = {.format = (enum btbb_capture_format)(head[0] % BTBB_CAPTURE_FORMATS),
                               .own = (enum btbb_own)((flags & FLAG_OWN) % 3),
                               .has_time = !(flags & FLAG_NO_TIME),
                               .time_ns = add(before ? before->frame.time_ns : 0, 1000000)};

    if (flags & FLAG_STEP)
        frame.time_ns = add(frame.time_ns, take_step(in));
    if (frame.format == BTBB_CAPTURE_LEGACY)
        take(in, frame.src, ADDRESS_BYTES);
    if (flags & FLAG_ADDRESSES)
        take(in, frame.dst, ADDRESS_BYTES);
    if (flags & FLAG_RIGHT_CHECKS)
        take(in, &uap, 1);
    frame.captured = (uint32_t)(length < in->left ? length : in->left);
    out->bytes = frame.captured ? malloc(frame.captured) : NULL;
    if (!out->bytes)
        frame.captured = 0;
    take(in, out->bytes ? out->bytes : head, frame.captured);
    if (flags & FLAG_RIGHT_CHECKS)
        make_checks_right(&frame, out->bytes, uap);
    frame.bytes = out->bytes;
    frame.reported = frame.captured + (flags & FLAG_CUT ? head[2] : 0u);
    out->frame = frame;
    out->number = (before ? before->number : 0) + (flags & FLAG_MANY ? MANY : 1);
}

/* What must hold of any frame. */
static void check_facts(const struct learned *it)
{
    const struct btbb_facts *facts = &it->facts;
    const struct btbb_payload *payload = &facts->payload;
    const struct btbb_record *record = &it->record;

    assert(payload->captured == 0 || payload->offset + payload->captured <= it->frame.captured);
    assert(payload->captured <= payload->reported);
    assert(!payload->has_crc || payload->crc_offset + 2 <= payload->captured);
    assert(!payload->parsed || payload->body_offset + payload->body_bytes <= payload->reported);
    assert(!facts->kind || facts->kind->type == facts->type);
    assert(record->version == BTBB_RECORD_VERSION && record->type < BTBB_TYPES && record->lt_addr < 8);
    assert(record->packet_class < BTBB_CLASSES && record->malformed == facts->malformed);
    assert(record->lap <= BTBB_LAP_UNKNOWN && (record->dir == BTBB_DIR_UNKNOWN) == (record->dir_source == 0));
}

/* Checking with any UAP, and again, gives the same; the facts of the frame itself stay. */
static void check_with_another_uap(const struct learned *it)
{
    const uint8_t uap = it->frame.captured > 0 ? it->frame.bytes[it->frame.captured - 1] : 0;
    struct btbb_facts once = it->facts;

    btbb_check_with_uap(&it->frame, &once, true, uap);
    struct btbb_facts twice = once;

    btbb_check_with_uap(&it->frame, &twice, true, uap);
    assert(once.uap == it->facts.uap && once.uap_known == it->facts.uap_known);
    assert(twice.hec_check == once.hec_check && twice.crc_check == once.crc_check && twice.kind == once.kind);
    assert(twice.packet_class == once.packet_class && twice.payload.parsed == once.payload.parsed);
    assert(once.payload.captured == 0 || once.payload.offset + once.payload.captured <= it->frame.captured);
}

static void learn(struct captures *captures, struct learned *it)
{
    btbb_decode(&it->frame, &it->facts);
    check_with_another_uap(it);
    btbb_capture_learn(captures->full, it->number, &it->frame, &it->facts, &it->verdict);
    it->record = new_record(it->number, &it->frame);
    btbb_record_fill(&it->facts, &it->verdict, &it->record);
    check_facts(it);
}

/* Decoded briefly, a frame teaches the same, apart from what depends on the payload. */
static void learn_otherwise(struct captures *captures, const struct learned *it)
{
    const struct btbb_record *learned = &it->record;
    struct btbb_record record, quick;

    learn_fully(captures->brief, it->number, &it->frame, true, &record);
    learn_quickly(captures->quick_brief, it->number, &it->frame, true, &quick);
    assert(same_record(&quick, &record));
    learn_quickly(captures->quick, it->number, &it->frame, false, &quick);
    assert(same_record(&quick, learned));
    assert(record.uap == learned->uap && record.nap == learned->nap && record.rank == learned->rank);
    assert(record.dir == learned->dir && record.hec == learned->hec && record.dir_source == learned->dir_source);
    assert(record.packet_class == learned->packet_class && record.type == learned->type && record.lap == learned->lap);
    assert(record.taught == learned->taught && record.taught_lap == learned->taught_lap);
}

static void recall(const struct btbb_capture *capture, const struct learned *it)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_record again = new_record(it->number, &it->frame);

    btbb_decode(&it->frame, &facts);
    btbb_capture_recall(capture, it->number, &it->frame, &facts, &verdict);
    btbb_record_fill(&facts, &verdict, &again);
    assert(same_record(&again, &it->record));
    assert(verdict.notes == it->verdict.notes && verdict.address_conflict == it->verdict.address_conflict);
    assert(verdict.dir_reason == it->verdict.dir_reason && verdict.contradiction == it->verdict.contradiction);
    btbb_capture_recall(capture, it->number + 1, &it->frame, &facts, &verdict); /* any verdict: no such frame */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct learned learned[FRAMES_MAX];
    struct input in = {data, size};
    struct captures captures = captures_new();
    uint32_t count = 0;

    for (; in.left > 0 && count < FRAMES_MAX; count++) {
        take_frame(&in, count > 0 ? &learned[count - 1] : NULL, &learned[count]);
        learn(&captures, &learned[count]);
        learn_otherwise(&captures, &learned[count]);
    }
    for (uint32_t i = count; i-- > 0;) {
        recall(captures.full, &learned[i]);
        free(learned[i].bytes);
    }
    assert(same_capture(captures.quick, captures.full) && same_capture(captures.quick_brief, captures.brief));
    captures_free(&captures);
    return 0;
}
