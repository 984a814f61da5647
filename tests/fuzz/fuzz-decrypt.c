/* fuzz-decrypt.c: any bytes as keys and the frames of one capture: the decryptor, first pass and recall.
 *
 * Input: the length of a key file (two bytes, little-endian), the key file, and frames: heads of three bytes and their
 * bytes.
 *   byte 0      bit 0 LINKTYPE 255, otherwise legacy, whose bytes begin with the Ethernet header; 1 the packet's clock
 *               is among several; 2 it is among too many
 *   bytes 1, 2  number of bytes
 * A frame lies in memory of its exact size, so that the address sanitizer sees the first byte read too many.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/decrypt.h"
#include "learn/decryptor.h"

#define FRAMES_MAX     200u
#define HEAD_BYTES     3u
#define ETHERNET_BYTES 14u

/* A frame, and what the first pass found. */
struct seen {
    struct btbb_frame frame;
    struct btbb_plain plain;
    struct btbb_facts facts;
    uint32_t digest; /* of the payload */
};

static struct seen frames[FRAMES_MAX];

static uint32_t digest_of(const struct btbb_plain *plain, const struct btbb_facts *facts)
{
    uint32_t digest = facts->payload.length;

    for (uint32_t i = 0; i < plain->bytes; i++)
        digest = digest * 31 + plain->frame.bytes[facts->payload.offset + i];
    return digest;
}

static void check(const struct btbb_frame *frame, const struct btbb_plain *plain, const struct btbb_facts *facts)
{
    assert(plain->reason < BTBB_REASONS && plain->status == btbb_decrypt_status_of(plain->reason));
    assert(*btbb_decrypt_reason_text(plain->reason) && *btbb_decrypt_status_name(plain->status));
    assert(plain->frame.captured == frame->captured && plain->frame.reported == frame->reported);
    if (plain->status == BTBB_DECRYPT_GOOD) {
        assert(facts->crc_check == BTBB_CHECK_GOOD && plain->clk < 1u << 26);
        assert(plain->bytes >= 2 && plain->bytes <= facts->payload.captured);
        assert(memcmp(plain->frame.bytes, frame->bytes, facts->payload.offset) == 0);
    } else {
        assert(plain->frame.bytes == frame->bytes);
    }
}

static struct btbb_clk27 clocks_of(uint8_t head, const struct btbb_frame *frame)
{
    static uint32_t clocks[BTBB_CLOCKS_MAX + 1];
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    for (uint32_t i = 0; i <= BTBB_CLOCKS_MAX; i++)
        clocks[i] = btbb_le32(bytes, 0) + i - 3;
    return (struct btbb_clk27){clocks, head & 4 ? BTBB_CLOCKS_MAX + 1 : head & 2 ? 8 : 0};
}

static void learn(struct btbb_capture *capture, struct btbb_decryptor *decryptor, uint32_t number, uint8_t head)
{
    struct seen *seen = &frames[number - 1];
    struct btbb_verdict verdict;

    btbb_decode(&seen->frame, &seen->facts);
    btbb_capture_learn(capture, number, &seen->frame, &seen->facts, &verdict);
    btbb_decryptor_learn(decryptor, capture, number, &seen->frame, clocks_of(head, &seen->frame), &seen->facts,
                         &verdict, &seen->plain);
    check(&seen->frame, &seen->plain, &seen->facts);
    seen->digest = digest_of(&seen->plain, &seen->facts);
}

static void recall(struct btbb_capture *capture, struct btbb_decryptor *decryptor, uint32_t number)
{
    const struct seen *seen = &frames[number - 1];
    struct btbb_verdict verdict;
    struct btbb_facts facts;
    struct btbb_plain plain;

    btbb_decode(&seen->frame, &facts);
    btbb_capture_recall(capture, number, &seen->frame, &facts, &verdict);
    btbb_decryptor_recall(decryptor, number, &seen->frame, &facts, &plain);
    check(&seen->frame, &plain, &facts);
    assert(plain.reason == seen->plain.reason && plain.bytes == seen->plain.bytes);
    assert(plain.status != BTBB_DECRYPT_GOOD || digest_of(&plain, &facts) == seen->digest);
}

static void read_frame(const uint8_t *data, uint32_t length, bool rf, struct btbb_frame *frame)
{
    const uint32_t skipped = rf ? 0 : length < ETHERNET_BYTES ? length : ETHERNET_BYTES;
    uint8_t *bytes = malloc(length - skipped + (length == skipped));

    assert(bytes);
    *frame = (struct btbb_frame){.format = rf ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY,
                                 .bytes = bytes,
                                 .captured = length - skipped,
                                 .reported = length - skipped,
                                 .has_time = true,
                                 .time_ns = INT64_C(1600000000000000000)};
    if (length > skipped)
        memcpy(bytes, data + skipped, length - skipped);
    if (!rf && skipped == ETHERNET_BYTES) {
        memcpy(frame->dst, data, sizeof frame->dst);
        memcpy(frame->src, data + sizeof frame->dst, sizeof frame->src);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct btbb_span input = {data, (uint32_t)size};
    const uint32_t key_bytes = btbb_le16(input, 0);
    struct btbb_span rest = btbb_part(input, 2 + key_bytes, input.length);
    struct btbb_keyring keys = {0};
    struct btbb_key_error error;
    uint32_t count = 0;

    btbb_keyring_add_file(&keys, btbb_part(input, 2, key_bytes), &error);
    struct btbb_capture *capture = btbb_capture_new();
    struct btbb_decryptor *decryptor = btbb_decryptor_new(&keys, true);

    assert(capture && decryptor);
    btbb_keyring_clear(&keys);
    while (rest.length >= HEAD_BYTES && count < FRAMES_MAX) {
        const struct btbb_span frame = btbb_part(rest, HEAD_BYTES, btbb_le16(rest, 1));

        read_frame(frame.bytes, frame.length, rest.bytes[0] & 1, &frames[count++].frame);
        learn(capture, decryptor, count, rest.bytes[0]);
        rest = btbb_part(rest, HEAD_BYTES + frame.length, rest.length);
    }
    for (uint32_t number = count; number > 0; number--)
        recall(capture, decryptor, number);
    for (uint32_t i = 0; i < count; i++)
        free((uint8_t *)frames[i].frame.bytes);
    btbb_decryptor_free(decryptor);
    btbb_capture_free(capture);
    return 0;
}
