/* decrypt-capture.c: what core/learn/decryptor.h makes of a capture, for tests/core/test_decryptor.py.
 *
 *     decrypt-capture KEYS < FRAMES
 *
 * Standard input holds a line for each frame: "legacy DST SRC TIME BYTES" or "rf - - TIME BYTES", addresses and bytes
 * in hexadecimal, the time in nanoseconds. Standard output has a line for each of them:
 *
 *     STATUS|REASON|retransmission 0 or 1|payload as far as it was captured, plain where it was decrypted
 *
 * After the last frame, all frames are recalled, last one first. The program fails when the result differs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later / */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learn/decryptor.h"

#define FRAMES_MAX 4096u
#define LINE_BYTES 9000u

static struct btbb_frame frames[FRAMES_MAX];
static char *results[FRAMES_MAX];

static void fail(const char *message)
{
    fprintf(stderr, "decrypt-capture: %s\n", message);
    exit(2);
}

static uint32_t parse(const char *text, uint8_t *bytes)
{
    const uint32_t count = (uint32_t)strlen(text) / 2;

    for (uint32_t i = 0; i < count; i++) {
        unsigned byte = 0;

        sscanf(text + 2 * (size_t)i, "%2x", &byte);
        bytes[i] = (uint8_t)byte;
    }
    return count;
}

static bool read_frame(struct btbb_frame *frame)
{
    static char line[LINE_BYTES];
    char *words[5], *rest = line;

    if (!fgets(line, sizeof line, stdin))
        return false;
    for (int i = 0; i < 5; i++) {
        words[i] = strtok(i ? NULL : line, " \n");
        if (!words[i] && i < 4)
            fail("a line has too few words");
    }
    rest = words[4] ? words[4] : "";
    uint8_t *bytes = malloc(strlen(rest) / 2 + 1);

    if (!bytes)
        fail("out of memory");
    *frame = (struct btbb_frame){.format = strcmp(words[0], "rf") == 0 ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY,
                                 .bytes = bytes,
                                 .captured = parse(rest, bytes),
                                 .has_time = true,
                                 .time_ns = strtoll(words[3], NULL, 10)};
    frame->reported = frame->captured;
    if (frame->format == BTBB_CAPTURE_LEGACY) {
        parse(words[1], frame->dst);
        parse(words[2], frame->src);
    }
    return true;
}

/* The line of a frame; free it with free(). */
static char *describe(const struct btbb_plain *plain, const struct btbb_facts *facts,
                      const struct btbb_verdict *verdict)
{
    const struct btbb_payload *payload = &facts->payload;
    char *text = malloc(2 * (size_t)payload->captured + 200);

    if (!text)
        fail("out of memory");
    int at = sprintf(text, "%s|%s|%d|", btbb_decrypt_status_name(plain->status),
                     btbb_decrypt_reason_text(plain->reason), verdict->retransmission);

    for (uint32_t i = 0; i < payload->captured; i++)
        at += sprintf(text + at, "%02x", plain->frame.bytes[payload->offset + i]);
    return text;
}

static struct btbb_keyring read_keys(const char *path)
{
    static uint8_t text[1u << 20];
    struct btbb_keyring keys = {0};
    struct btbb_key_error error;
    FILE *file = fopen(path, "rb");

    if (!file)
        fail("cannot open the key file");
    const struct btbb_span span = {text, (uint32_t)fread(text, 1, sizeof text, file)};

    fclose(file);
    if (!btbb_keyring_add_file(&keys, span, &error))
        fail(error.problem);
    return keys;
}

static void recall(struct btbb_capture *capture, struct btbb_decryptor *decryptor, uint32_t number)
{
    const struct btbb_frame *frame = &frames[number - 1];
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_plain plain;

    btbb_decode(frame, &facts);
    btbb_capture_recall(capture, number, frame, &facts, &verdict);
    btbb_decryptor_recall(decryptor, number, frame, &facts, &plain);
    char *again = describe(&plain, &facts, &verdict);

    if (strcmp(again, results[number - 1]) != 0) {
        fprintf(stderr, "frame %" PRIu32 "\nfirst   %s\nrecalled %s\n", number, results[number - 1], again);
        exit(1);
    }
    free(again);
}

int main(int argc, char **argv)
{
    struct btbb_keyring keys = argc == 2 ? read_keys(argv[1]) : (struct btbb_keyring){0};
    struct btbb_capture *capture = btbb_capture_new();
    struct btbb_decryptor *decryptor = btbb_decryptor_new(&keys, true);
    uint32_t count = 0;

    btbb_keyring_clear(&keys);
    while (count < FRAMES_MAX && read_frame(&frames[count])) {
        const struct btbb_frame *frame = &frames[count++];
        struct btbb_facts facts;
        struct btbb_verdict verdict;
        struct btbb_plain plain;

        btbb_decode(frame, &facts);
        btbb_capture_learn(capture, count, frame, &facts, &verdict);
        btbb_decryptor_learn(decryptor, capture, count, frame, (struct btbb_clk27){NULL, 0}, &facts, &verdict, &plain);
        results[count - 1] = describe(&plain, &facts, &verdict);
        puts(results[count - 1]);
    }
    for (uint32_t number = count; number > 0; number--)
        recall(capture, decryptor, number);
    for (uint32_t i = 0; i < count; i++) {
        free(results[i]);
        free((uint8_t *)frames[i].bytes);
    }
    btbb_decryptor_free(decryptor);
    btbb_capture_free(capture);
    return 0;
}
