/* learn-capture.c: learn a pcap file and print one line a frame, for test_capture.py.
 *
 *     learn_capture FILE      legacy (Ethernet) or LINKTYPE 255 pcap, either byte order
 *
 * A second capture learns from brief decoding; its knowledge must be the same. Two more learn by the fast path; their
 * records and knowledge must be the same. After learning, every frame is recalled twice, backwards and
 * in a scattered order; any line that differs from the one given when the frame was learned is an error.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quickly.h"

#define ETHERNET_HEADER 14u
#define LINE_BYTES      640

struct file {
    uint8_t *bytes;
    size_t length;
    bool swapped;
    bool rf;
    int64_t unit_ns; /* of the time stamps' second word */
};

struct entry {
    struct btbb_frame frame;
    char line[LINE_BYTES];
};

static uint32_t word(const struct file *file, size_t offset)
{
    const uint8_t *b = file->bytes + offset;

    return file->swapped ? (uint32_t)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]
                         : (uint32_t)b[3] << 24 | b[2] << 16 | b[1] << 8 | b[0];
}

static void fail(const char *why)
{
    fprintf(stderr, "learn_capture: %s\n", why);
    exit(1);
}

static struct file load(const char *name)
{
    struct file file = {0};
    FILE *in = fopen(name, "rb");

    if (!in || fseek(in, 0, SEEK_END) != 0)
        fail("cannot open the file");
    file.length = (size_t)ftell(in);
    rewind(in);
    file.bytes = malloc(file.length + 1);
    if (!file.bytes || fread(file.bytes, 1, file.length, in) != file.length || file.length < 24)
        fail("cannot read the file");
    fclose(in);
    file.swapped = file.bytes[0] == 0xa1;
    file.rf = word(&file, 20) == 255;
    file.unit_ns = word(&file, 0) == 0xa1b23c4d ? 1 : 1000;
    return file;
}

static void show(const struct btbb_facts *f, const struct btbb_verdict *v, const struct btbb_record *r, char *line)
{
    const struct btbb_payload *p = &f->payload;

    snprintf(line, LINE_BYTES,
             "frame=%u\tlap=%06x\tnap=%04x\tuap=%02x\trank=%u\tsource=%u\tconflict=%u\tconflict_uap=%02x\t"
             "class=%u\ttype=%u\tkind=%s\tconfidence=%u\thec=%u\tcrc=%u\tdir=%u\treason=%u\t"
             "contradiction=%u\town=%u\tretransmission=%u\ttaught=%u\ttaught_lap=%06x\tparsed=%u\theader_bytes=%u\t"
             "llid=%u\tlength=%u\ttrailing=%u\tpayload=%u\tencap=%u\tdir_source=%u\tjump=%lld\tnotes=%x",
             r->frame, r->lap, r->nap, r->uap, r->rank, r->uap_source, v->address_conflict, v->conflict_uap,
             r->packet_class, r->type, f->kind ? f->kind->name : "", (unsigned)f->confidence, r->hec, r->crc, r->dir,
             (unsigned)v->dir_reason, v->contradiction, r->own, r->retransmission, r->taught, r->taught_lap, p->parsed,
             p->header_bytes, p->llid, p->length, p->trailing_bytes, r->payload_bytes, r->encap, r->dir_source,
             (long long)r->time_jump_ns, v->notes);
}

/* Other frames keep their number, but are nothing to us. */
static bool is_btbb(const struct file *file, size_t offset, uint32_t captured)
{
    return file->rf ||
           (captured >= ETHERNET_HEADER && file->bytes[offset + 12] == 0xff && file->bytes[offset + 13] == 0xf0);
}

static struct btbb_frame frame_at(const struct file *file, size_t offset, uint32_t captured, uint32_t reported)
{
    struct btbb_frame frame = {.format = file->rf ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY};
    const uint32_t skip = file->rf ? 0 : ETHERNET_HEADER;

    if (!file->rf) {
        memcpy(frame.dst, file->bytes + offset, 6);
        memcpy(frame.src, file->bytes + offset + 6, 6);
    }
    frame.bytes = file->bytes + offset + skip;
    frame.captured = captured - skip;
    frame.reported = reported - skip;
    frame.has_time = true;
    frame.time_ns = (int64_t)word(file, offset - 16) * 1000000000 + (int64_t)word(file, offset - 12) * file->unit_ns;
    return frame;
}

static void recall(const struct btbb_capture *capture, const struct entry *entry, uint32_t number)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_record record = {.frame = number};
    char line[LINE_BYTES];

    if (entry->line[0] == '\0')
        return;
    btbb_decode(&entry->frame, &facts);
    btbb_capture_recall(capture, number, &entry->frame, &facts, &verdict);
    btbb_record_fill(&facts, &verdict, &record);
    show(&facts, &verdict, &record, line);
    if (strcmp(line, entry->line) != 0) {
        fprintf(stderr, "learned: %s\nrecalled: %s\n", entry->line, line);
        exit(1);
    }
}

/* All that does not hang on the payload must come out alike. */
static void learn_briefly(struct btbb_capture *capture, const struct btbb_frame *frame, uint32_t number,
                          const struct btbb_verdict *want)
{
    struct btbb_facts facts;
    struct btbb_verdict got;

    btbb_decode_briefly(frame, &facts);
    btbb_capture_learn(capture, number, frame, &facts, &got);
    if (got.nap != want->nap || got.uap != want->uap || got.rank != want->rank || got.uap_source != want->uap_source ||
        got.address_conflict != want->address_conflict || got.conflict_uap != want->conflict_uap ||
        got.dir != want->dir || got.dir_reason != want->dir_reason || got.taught != want->taught) {
        fprintf(stderr, "frame %u: brief decoding taught something else\n", number);
        exit(1);
    }
}

/* Decoded in full or briefly, with and without the quick path: the same records. */
static void learn_usual(struct captures *captures, const struct btbb_frame *frame, uint32_t number)
{
    struct btbb_record record, quick;
    bool same;

    learn_fully(captures->full, number, frame, false, &record);
    learn_quickly(captures->quick, number, frame, false, &quick);
    same = same_record(&record, &quick);
    learn_fully(captures->brief, number, frame, true, &record);
    learn_quickly(captures->quick_brief, number, frame, true, &quick);
    if (!same || !same_record(&record, &quick)) {
        fprintf(stderr, "frame %u: another record where it was learned quickly\n", number);
        exit(1);
    }
}

static void learn(struct btbb_capture *capture, struct btbb_capture *brief, struct entry *entry, uint32_t number)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_record record = {.frame = number};

    btbb_decode(&entry->frame, &facts);
    btbb_capture_learn(capture, number, &entry->frame, &facts, &verdict);
    btbb_record_fill(&facts, &verdict, &record);
    show(&facts, &verdict, &record, entry->line);
    puts(entry->line);
    learn_briefly(brief, &entry->frame, number, &verdict);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        fail("one argument: a pcap file");
    const struct file file = load(argv[1]);
    struct btbb_capture *capture = btbb_capture_new(), *brief = btbb_capture_new();
    struct captures captures = captures_new();
    struct entry *entries = calloc(file.length / 16 + 1, sizeof *entries);
    uint32_t count = 0;

    if (!capture || !brief || !entries)
        fail("out of memory");
    for (size_t at = 24; at + 16 <= file.length; at += 16 + word(&file, at + 8)) {
        if (word(&file, at + 8) > file.length - at - 16)
            break;
        count++;
        if (!is_btbb(&file, at + 16, word(&file, at + 8)))
            continue;
        entries[count - 1].frame = frame_at(&file, at + 16, word(&file, at + 8), word(&file, at + 12));
        learn(capture, brief, &entries[count - 1], count);
        learn_usual(&captures, &entries[count - 1].frame, count);
    }
    if (!same_capture(captures.full, captures.quick) || !same_capture(captures.brief, captures.quick_brief))
        fail("what is known differs where frames were learned quickly");
    for (uint32_t i = count; i > 0; i--)
        recall(capture, &entries[i - 1], i);
    for (uint32_t i = 0, at = 0; i < count; i++, at = (at + 7919) % count)
        recall(capture, &entries[at], at + 1);
    btbb_capture_free(capture);
    btbb_capture_free(brief);
    captures_free(&captures);
    free(entries);
    free(file.bytes);
    return 0;
}
