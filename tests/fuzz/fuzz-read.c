/* fuzz-read.c: any bytes as a capture file for the command's own reader: read at once, in pieces of any size, and from
 * a pipe that grows (pump.c), a file is the same frames; and they are those that a plain loop over the bytes finds.
 *
 * Input: a byte for the size of the pieces, then the file. read(2) is answered here (see CMakeLists.txt: --wrap=read).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "decode/formats.h"

#include "../../command/pump.h"
#include "../../command/readers.h"
#include "../../command/read.h"

#define HERE        1000000 /* a descriptor that no system gives: the bytes in `file` */
#define FILE_HEADER 24u
#define RECORD      16u

static struct {
    const uint8_t *bytes;
    size_t left;
    size_t piece; /* 0: all at once */
    bool interrupt;
} file;

ssize_t __real_read(int fd, void *buffer, size_t room);
ssize_t __wrap_read(int fd, void *buffer, size_t room);

ssize_t __wrap_read(int fd, void *buffer, size_t room)
{
    if (fd != HERE)
        return __real_read(fd, buffer, room);
    file.interrupt = !file.interrupt && file.piece > 0;
    if (file.interrupt) {
        errno = EINTR;
        return -1;
    }
    size_t bytes = MIN(file.left, room);

    bytes = file.piece > 0 ? MIN(bytes, file.piece) : bytes;
    memcpy(buffer, file.bytes, bytes);
    file.bytes += bytes;
    file.left -= bytes;
    return (ssize_t)bytes;
}

/* No file here goes to Wireshark's library. */
enum btbb_read_result btbb_read_wiretap(struct btbb_reading *reading, const char *path)
{
    (void)path;
    return btbb_read_failed(reading, BTBB_READ_NOTHING, "not read here");
}

/* What was delivered. */
struct seen {
    uint32_t frames; /* of ours */
    uint32_t number; /* of the last */
    uint64_t digest;
};

static void mix(struct seen *seen, uint64_t value)
{
    seen->digest = (seen->digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    seen->digest ^= seen->digest >> 29;
}

static void see_one(struct seen *seen, const struct btbb_read_frame *in)
{
    const struct btbb_frame *frame = &in->frame;

    assert(in->number > seen->number && frame->has_time && frame->captured <= 262144);
    seen->frames++;
    seen->number = in->number;
    mix(seen, frame->format == BTBB_CAPTURE_RF);
    mix(seen, frame->own);
    for (size_t i = 0; frame->format == BTBB_CAPTURE_LEGACY && i < sizeof frame->dst; i++)
        mix(seen, (uint64_t)frame->dst[i] << 8 | frame->src[i]);
    mix(seen, frame->captured);
    mix(seen, frame->reported);
    mix(seen, in->wire_bytes);
    mix(seen, (uint64_t)in->frame.time_ns);
    for (uint32_t i = 0; i < frame->captured; i++)
        mix(seen, frame->bytes[i]);
}

static void see(void *user, const struct btbb_read_frame *frames, unsigned count)
{
    assert(count > 0);
    for (unsigned i = 0; i < count; i++)
        see_one(user, &frames[i]);
}

static const atomic_bool never;

struct outcome {
    struct seen seen;
    enum btbb_read_result result;
    uint32_t frames;
    char *message;
};

static struct outcome outcome_of(struct btbb_reading *reading, const struct seen *seen, enum btbb_read_result result)
{
    assert((result == BTBB_READ_WHOLE) == !reading->message);
    assert(!reading->message || !strchr(reading->message, '\n'));
    return (struct outcome){*seen, result, reading->frames, reading->message};
}

static struct outcome read_in_pieces(const uint8_t *bytes, size_t size, const struct btbb_pcap *pcap, size_t piece)
{
    struct seen seen = {0};
    struct btbb_reading reading = {.name = "fuzz", .stop = &never, .frames_fn = see, .user = &seen};

    file.bytes = bytes;
    file.left = size;
    file.piece = piece;
    file.interrupt = false;
    return outcome_of(&reading, &seen, btbb_read_pcap(&reading, HERE, pcap));
}

/* As from a pipe: the bytes fit into one, so that nobody need write while it is read. */
static struct outcome read_from_pump(const uint8_t *bytes, size_t size)
{
    struct seen seen = {0};
    struct btbb_reading reading = {.name = "-", .stop = &never, .frames_fn = see, .user = &seen};
    int ends[2];

    assert(pipe(ends) == 0 && write(ends[1], bytes, size) == (ssize_t)size);
    close(ends[1]);
    const int kept = dup(STDIN_FILENO);

    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    const enum btbb_read_result result = btbb_read(&reading);

    dup2(kept, STDIN_FILENO);
    close(kept);
    return outcome_of(&reading, &seen, result);
}

static void check_same(const struct outcome *a, struct outcome *b)
{
    assert(a->seen.frames == b->seen.frames && a->seen.digest == b->seen.digest && a->frames == b->frames);
    assert(a->result == b->result && g_strcmp0(a->message, b->message) == 0);
    g_free(b->message);
}

static uint32_t number_at(const uint8_t *at, bool swapped)
{
    const uint32_t little = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;

    return swapped ? GUINT32_SWAP_LE_BE(little) : little;
}

/* Records that are whole, by a loop of its own, and what ends them. */
static void check_count(const uint8_t *bytes, size_t size, const struct btbb_pcap *pcap, const struct outcome *outcome)
{
    const bool has_pseudo_header = pcap->linktype == BTBB_LINKTYPE_H4_PHDR || pcap->linktype == BTBB_LINKTYPE_MONITOR;
    const uint32_t pseudo_header = has_pseudo_header ? 4 : 0;
    uint32_t frames = 0;
    size_t at = FILE_HEADER;
    bool damaged = false;

    while (!damaged && size - at >= RECORD) {
        const uint32_t captured = number_at(bytes + at + 8, pcap->swapped);

        damaged = captured > 262144 || captured < pseudo_header;
        if (damaged || size - at - RECORD < captured)
            break;
        at += RECORD + captured;
        frames++;
    }
    assert(outcome->frames == frames);
    assert((outcome->result == BTBB_READ_WHOLE) == (!damaged && at == size));
    assert(pcap->linktype != BTBB_LINKTYPE_RF || outcome->seen.frames == frames);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct btbb_pcap pcap;

    if (size < 1 + FILE_HEADER)
        return 0;
    const size_t piece = 1 + data[0];
    const uint8_t *bytes = data + 1;

    size--;
    if (!btbb_pcap_fits(bytes, MIN(size, BTBB_READ_HEAD), &pcap))
        return 0;
    struct outcome whole = read_in_pieces(bytes, size, &pcap, 0);
    struct outcome pieces = read_in_pieces(bytes, size, &pcap, piece);

    check_count(bytes, size, &pcap, &whole);
    check_same(&whole, &pieces);
    if (piece % 16 == 0) { /* takes a thread */
        struct outcome pumped = read_from_pump(bytes, size);

        check_same(&whole, &pumped);
    }
    g_free(whole.message);
    return 0;
}
