/* learn-capture.c: learn a pcap file and print one line a frame, for test_capture.py.
 *
 *     learn_capture FILE      pcap of a link type that decode/layers.h reads, either byte order
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

#include "decode/layers.h"

#include "quickly.h"

#define LINE_BYTES 2048
#define BODY_MAX   256u

struct file {
    uint8_t *bytes;
    size_t length;
    bool swapped;
    uint32_t linktype;
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
    file.linktype = word(&file, 20);
    file.unit_ns = word(&file, 0) == 0xa1b23c4d ? 1 : 1000;
    return file;
}

/* Facts that only the formats of controllers have. */
static void show_more(const struct btbb_facts *f, const struct btbb_verdict *v, const uint8_t *bytes, char *line)
{
    const struct btbb_payload *p = &f->payload;
    const uint32_t captured = p->captured > p->body_offset ? p->captured - p->body_offset : 0;
    const uint32_t body = captured < p->body_bytes ? captured : p->body_bytes;

    line += sprintf(line,
                    "\tclk=%u\tchannel=%d\tflags=%u\trole=%u\teir=%u\tlt_addr=%u\tflow=%u\tarqn=%u\tseqn=%u\t"
                    "payload_flow=%u\tclk27=%d\ttaught_uap=%02x\ttaught_nap=%04x\tforeign=%u",
                    f->clk, f->has_channel ? f->channel : -1, f->link_flags, (unsigned)f->own_role, f->eir, f->lt_addr,
                    f->flow, f->arqn, f->seqn, p->flow, v->clock.has_clk ? (int)v->clock.clk : -1, v->taught_uap,
                    v->taught_nap, f->foreign);
    if (f->has_fhs)
        line += sprintf(line, "\tfhs=%06x %02x %04x %06x %u %u %u", f->fhs.lap, f->fhs.uap, f->fhs.nap,
                        f->fhs.class_of_device, f->fhs.lt_addr, f->fhs.clk27_2, f->fhs.parity_good);
    line += sprintf(line, "\tbody=");
    for (uint32_t i = 0; i < body && i < BODY_MAX; i++)
        line += sprintf(line, "%02x", bytes[p->offset + p->body_offset + i]);
}

static void show(const struct btbb_facts *f, const struct btbb_verdict *v, const struct btbb_record *r,
                 const uint8_t *bytes, char *line)
{
    const struct btbb_payload *p = &f->payload;
    const int used = snprintf(
        line, LINE_BYTES,
        "frame=%u\tlap=%06x\tnap=%04x\tuap=%02x\trank=%u\tsource=%u\tconflict=%u\tconflict_uap=%02x\t"
        "class=%u\ttype=%u\tkind=%s\tconfidence=%u\thec=%u\tcrc=%u\tdir=%u\treason=%u\t"
        "contradiction=%u\town=%u\tretransmission=%u\ttaught=%u\ttaught_lap=%06x\tparsed=%u\theader_bytes=%u\t"
        "llid=%u\tlength=%u\ttrailing=%u\tpayload=%u\tencap=%u\tdir_source=%u\tjump=%lld\tnotes=%x",
        r->frame, r->lap, r->nap, r->uap, r->rank, r->uap_source, v->address_conflict, v->conflict_uap, r->packet_class,
        r->type, f->kind ? f->kind->name : "", (unsigned)f->confidence, r->hec, r->crc, r->dir, (unsigned)v->dir_reason,
        v->contradiction, r->own, r->retransmission, r->taught, r->taught_lap, p->parsed, p->header_bytes, p->llid,
        p->length, p->trailing_bytes, r->payload_bytes, r->encap, r->dir_source, (long long)r->time_jump_ns, v->notes);

    if (f->encap > BTBB_ENCAP_RF)
        show_more(f, v, bytes, line + used);
}

/* Returns false for other frames, which keep their number. */
static bool find_frame(const struct file *file, size_t offset, struct btbb_frame *frame)
{
    const struct btbb_raw_packet packet = {.linktype = file->linktype,
                                           .bytes = {file->bytes + offset, word(file, offset - 8)},
                                           .reported = word(file, offset - 4)};
    enum btbb_tunnel tunnel;

    frame->has_time = true;
    frame->time_ns = (int64_t)word(file, offset - 16) * 1000000000 + (int64_t)word(file, offset - 12) * file->unit_ns;
    return btbb_find_frame(&packet, frame, &tunnel) == BTBB_FOUND_FRAME;
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
    show(&facts, &verdict, &record, entry->frame.bytes, line);
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
    show(&facts, &verdict, &record, entry->frame.bytes, entry->line);
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
        if (!find_frame(&file, at + 16, &entries[count - 1].frame))
            continue;
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
