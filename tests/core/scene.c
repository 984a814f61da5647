/* scene.c: see scene.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "scene.h"

#include "decode/crc.h"
#include "decode/hec.h"

struct scene *scene_new(void)
{
    struct scene *scene = g_new0(struct scene, 1);

    scene->capture = btbb_capture_new();
    g_assert_nonnull(scene->capture);
    return scene;
}

static uint32_t make_payload(const struct recipe *r, uint8_t *at)
{
    uint32_t length = 0;

    if (!r->body)
        return 0;
    if (r->type == DM1)
        at[length++] = (uint8_t)(2 | r->body_bytes << 3);
    memcpy(at + length, r->body, r->body_bytes);
    length += (uint32_t)r->body_bytes;
    const uint16_t crc = r->zero_crc ? 0 : btbb_crc_run(btbb_crc_start(r->uap), (struct btbb_span){at, length});

    at[length++] = (uint8_t)crc;
    at[length++] = (uint8_t)(crc >> 8);
    return length;
}

static uint32_t header_of(const struct recipe *r)
{
    const uint16_t header10 = (uint16_t)(r->lt_addr | r->type << 3 | r->flags << 7);

    return header10 | (uint32_t)(uint8_t)(btbb_hec(r->uap, header10) ^ r->hec_error) << 10;
}

static void make_rf(const struct recipe *r, struct btbb_frame *frame, uint8_t *b)
{
    const uint32_t header = r->id ? 0 : header_of(r);

    b[0] = 39;
    b[4] = r->id ? 0xff : 0;
    for (int i = 0; i < 3; i++)
        b[8 + i] = b[12 + i] = (uint8_t)(r->lap >> 8 * i);
    b[15] = (uint8_t)r->named;
    for (int i = 0; i < 4; i++)
        b[16 + i] = (uint8_t)(header >> 8 * i);
    b[20] = (uint8_t)(0x13 | (r->body ? 0x20 : 0) | (r->named == NO_UAP ? 0 : 0x80));
    frame->format = BTBB_CAPTURE_RF;
    frame->captured = 22 + make_payload(r, b + 22);
}

static void make_legacy(const struct recipe *r, struct btbb_frame *frame, uint8_t *b)
{
    const uint32_t header = header_of(r);
    const uint8_t src[6] = {(uint8_t)(r->nap >> 8),  (uint8_t)r->nap,        r->named == NO_UAP ? 0 : (uint8_t)r->named,
                            (uint8_t)(r->lap >> 16), (uint8_t)(r->lap >> 8), (uint8_t)r->lap};

    memcpy(frame->src, src, 6);
    if (r->id)
        return;
    for (int i = 0; i < 4; i++)
        b[i] = (uint8_t)(r->clk >> 8 * i);
    b[4] = 39;
    b[5] = r->clk_flags;
    b[6] = header & 0x7f;
    b[7] = header >> 7 & 7;
    b[8] = (uint8_t)(header >> 10);
    frame->captured = 9 + make_payload(r, b + 9);
}

unsigned add(struct scene *s, struct recipe recipe)
{
    const unsigned i = s->count++;
    struct btbb_frame *frame = &s->frame[i];

    g_assert_cmpuint(i, <, SCENE_FRAMES);
    (recipe.rf ? make_rf : make_legacy)(&recipe, frame, s->bytes[i]);
    frame->own = recipe.own;
    frame->has_time = !recipe.no_time;
    frame->time_ns = recipe.time_ns ? recipe.time_ns : SCENE_START_NS + i * SCENE_STEP_NS;
    frame->bytes = s->bytes[i];
    frame->reported = frame->captured;
    btbb_decode(frame, &s->facts[i]);
    btbb_capture_learn(s->capture, 10 * (i + 1), frame, &s->facts[i], &s->verdict[i]);
    s->record[i] = (struct btbb_record){.version = BTBB_RECORD_VERSION,
                                        .frame = 10 * (i + 1),
                                        .wire_bytes = 14 + frame->captured,
                                        .has_time = frame->has_time,
                                        .time_ns = frame->time_ns};
    btbb_record_fill(&s->facts[i], &s->verdict[i], &s->record[i]);
    return i;
}

static void recall(const struct scene *s, unsigned i)
{
    const struct btbb_verdict *was = &s->verdict[i];
    struct btbb_facts facts;
    struct btbb_verdict verdict;

    btbb_decode(&s->frame[i], &facts);
    btbb_capture_recall(s->capture, 10 * (i + 1), &s->frame[i], &facts, &verdict);
    g_assert_cmpint(facts.hec_check, ==, s->facts[i].hec_check);
    g_assert_cmpint(facts.crc_check, ==, s->facts[i].crc_check);
    g_assert_true(facts.kind == s->facts[i].kind);
    g_assert_cmpint(verdict.rank, ==, was->rank);
    g_assert_cmphex(verdict.uap, ==, was->uap);
    g_assert_cmphex(verdict.nap, ==, was->nap);
    g_assert_cmpint(verdict.uap_source, ==, was->uap_source);
    g_assert_cmpint(verdict.address_conflict, ==, was->address_conflict);
    g_assert_cmphex(verdict.conflict_uap, ==, was->conflict_uap);
    g_assert_cmphex(verdict.conflict_nap, ==, was->conflict_nap);
    g_assert_cmpint(verdict.dir, ==, was->dir);
    g_assert_cmpint(verdict.dir_reason, ==, was->dir_reason);
    g_assert_cmpint(verdict.contradiction, ==, was->contradiction);
    g_assert_cmpint(verdict.retransmission, ==, was->retransmission);
    g_assert_cmpint(verdict.taught, ==, was->taught);
    g_assert_cmpint(verdict.lap, ==, was->lap);
    g_assert_cmpint(verdict.dir_source, ==, was->dir_source);
    g_assert_cmpint(verdict.time_jump_ns, ==, was->time_jump_ns);
    g_assert_cmphex(verdict.notes, ==, was->notes);
    g_assert_cmpint(facts.packet_class, ==, s->facts[i].packet_class);
}

void scene_end(struct scene *s)
{
    for (unsigned i = s->count; i > 0; i--)
        recall(s, i - 1);
    for (unsigned i = 0; i < 3 * s->count; i++)
        recall(s, i * 7 % s->count);
    btbb_capture_free(s->capture);
    g_free(s);
}

struct recipe legacy(uint8_t type, uint32_t clk)
{
    return (struct recipe){.lap = LAP, .named = UAP, .uap = UAP, .type = type, .lt_addr = 1, .clk = clk, .flags = 1};
}

struct recipe rf(uint8_t type, unsigned named)
{
    return (struct recipe){.rf = true, .lap = LAP, .named = named, .uap = UAP, .type = type, .lt_addr = 1, .flags = 1};
}

struct recipe data(uint32_t clk, uint8_t seqn, const char *body)
{
    struct recipe r = legacy(DM1, clk);

    r.flags = (uint8_t)(1 | seqn << 2);
    r.body = body;
    r.body_bytes = strlen(body);
    return r;
}

struct btbb_frame scene_legacy_frame(const struct recipe *recipe, uint8_t *bytes)
{
    struct btbb_frame frame = {.bytes = bytes};

    make_legacy(recipe, &frame, bytes);
    frame.reported = frame.captured;
    return frame;
}
