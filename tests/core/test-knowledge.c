/* test-knowledge.c: what is known of a capture beyond the single frame, and that recalling a frame gives the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "scene.h"

static void assert_address(const struct scene *s, unsigned i, enum btbb_rank rank, enum btbb_uap_source source,
                           uint16_t nap, uint8_t uap)
{
    g_assert_cmpint(s->verdict[i].rank, ==, rank);
    g_assert_cmpint(s->verdict[i].uap_source, ==, source);
    g_assert_cmphex(s->verdict[i].nap, ==, nap);
    g_assert_cmphex(s->verdict[i].uap, ==, uap);
}

static void assert_dir(const struct scene *s, unsigned i, enum btbb_dir dir, enum btbb_dir_reason reason, bool first)
{
    g_assert_cmpint(s->verdict[i].dir, ==, dir);
    g_assert_cmpint(s->verdict[i].dir_reason, ==, reason);
    g_assert_cmpint(s->verdict[i].contradiction, ==, first);
    g_assert_cmpint(s->record[i].dir, ==, dir);
}

static void assert_conflict(const struct scene *s, unsigned i, bool conflict, uint16_t nap, uint8_t uap)
{
    g_assert_cmpint(s->verdict[i].address_conflict, ==, conflict);
    g_assert_cmphex(s->verdict[i].conflict_nap, ==, nap);
    g_assert_cmphex(s->verdict[i].conflict_uap, ==, uap);
}

static void test_direction_withheld(void)
{
    struct scene *s = scene_new();
    struct recipe bad = legacy(POLL, 5), other = legacy(NULL_, 7);

    bad.hec_error = WRONG_HEC;
    other.lap = 0x123456;
    assert_dir(s, add(s, legacy(POLL, 4)), BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, legacy(NULL_, 5)), BTBB_DIR_TO_CENTRAL, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, bad), BTBB_DIR_TO_CENTRAL, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, legacy(POLL, 9)), BTBB_DIR_UNKNOWN, BTBB_DIR_POLL_CONTRADICTS, true);
    assert_dir(s, add(s, legacy(POLL, 11)), BTBB_DIR_UNKNOWN, BTBB_DIR_POLL_CONTRADICTS, false);
    assert_dir(s, add(s, legacy(NULL_, 12)), BTBB_DIR_UNKNOWN, BTBB_DIR_POLL_CONTRADICTS, false);
    assert_dir(s, add(s, other), BTBB_DIR_TO_CENTRAL, BTBB_DIR_GIVEN, false);
    scene_end(s);
}

static void test_clk_too_wide(void)
{
    struct scene *s = scene_new();
    struct recipe known = legacy(NULL_, 0x4000), wide = legacy(NULL_, 0x40), other = legacy(NULL_, 0x40);

    known.clk_flags = 1;
    other.lap = 0x123456;
    other.hec_error = WRONG_HEC;
    assert_dir(s, add(s, known), BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, legacy(NULL_, 0x3f)), BTBB_DIR_TO_CENTRAL, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, wide), BTBB_DIR_UNKNOWN, BTBB_DIR_CLK_TOO_WIDE, true);
    assert_dir(s, add(s, legacy(POLL, 4)), BTBB_DIR_UNKNOWN, BTBB_DIR_CLK_TOO_WIDE, false);
    assert_dir(s, add(s, other), BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_GIVEN, false);
    scene_end(s);
}

/* Of LINKTYPE 255 a POLL speaks for itself, and shows what own and other mean from then on. */
static void test_own_becomes_direction(void)
{
    struct scene *s = scene_new();
    struct recipe sent = rf(NULL_, UAP), received = rf(NULL_, UAP), poll = rf(POLL, UAP), wrong = rf(POLL, UAP);

    sent.own = poll.own = BTBB_OWN_SENT;
    received.own = wrong.own = BTBB_OWN_RECEIVED;
    assert_dir(s, add(s, sent), BTBB_DIR_UNKNOWN, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, rf(POLL, UAP)), BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, sent), BTBB_DIR_UNKNOWN, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, poll), BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, sent), BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, received), BTBB_DIR_TO_CENTRAL, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, rf(NULL_, UAP)), BTBB_DIR_UNKNOWN, BTBB_DIR_GIVEN, false);
    assert_dir(s, add(s, wrong), BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_POLL_CONTRADICTS, true);
    assert_dir(s, add(s, received), BTBB_DIR_UNKNOWN, BTBB_DIR_POLL_CONTRADICTS, false);
    g_assert_cmpint(s->record[0].own, ==, BTBB_OWN_SENT);
    scene_end(s);
}

static void test_uap_by_hec(void)
{
    struct scene *s = scene_new();
    struct recipe first = rf(POLL, NO_UAP), second = rf(NULL_, NO_UAP), stray = rf(NULL_, NO_UAP),
                  id = rf(NULL_, NO_UAP);

    second.flags = 3;
    stray.uap = 0x99;
    stray.lap = 0x123456;
    id.id = true;
    assert_address(s, add(s, first), BTBB_RANK_LAP, BTBB_UAP_UNKNOWN, 0, 0);
    g_assert_cmpint(s->facts[0].hec_check, ==, BTBB_CHECK_UNVERIFIED);
    assert_address(s, add(s, second), BTBB_RANK_LAP, BTBB_UAP_UNKNOWN, 0, 0);
    assert_address(s, add(s, stray), BTBB_RANK_LAP, BTBB_UAP_UNKNOWN, 0, 0);
    const unsigned third = add(s, first);
    assert_address(s, third, BTBB_RANK_UAP_PROVEN, BTBB_UAP_HEC, 0, UAP);
    g_assert_cmpint(s->facts[third].hec_check, ==, BTBB_CHECK_GOOD);
    assert_dir(s, third, BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_GIVEN, false);
    assert_address(s, add(s, id), BTBB_RANK_UAP_PROVEN, BTBB_UAP_HEC, 0, UAP);
    scene_end(s);
}

/* The same header again and again may be the same error again and again. */
static void test_one_header_is_no_proof(void)
{
    struct scene *s = scene_new();

    for (int i = 0; i < 5; i++)
        assert_address(s, add(s, rf(POLL, NO_UAP)), BTBB_RANK_LAP, BTBB_UAP_UNKNOWN, 0, 0);
    scene_end(s);
}

/* Three HECs agree on one UAP; more than as many on another take its place, and the loser is reported. */
static void test_hecs_change_their_mind(void)
{
    struct scene *s = scene_new();
    struct recipe a = rf(POLL, NO_UAP), b = rf(NULL_, NO_UAP);
    unsigned last = 0, changed = 0;

    for (uint8_t i = 0; i < 3; i++) {
        a.flags = i;
        last = add(s, a);
    }
    assert_address(s, last, BTBB_RANK_UAP_PROVEN, BTBB_UAP_HEC, 0, UAP);
    b.uap = 0x99;
    for (uint8_t i = 0; i < 8 && s->verdict[last].uap != 0x99; i++) {
        b.flags = i;
        changed = last = add(s, b);
    }
    g_assert_cmpuint(changed, ==, 8); /* three to be taken off, three for itself */
    assert_address(s, changed, BTBB_RANK_UAP_PROVEN, BTBB_UAP_HEC, 0, 0x99);
    assert_conflict(s, changed, true, 0, UAP);
    assert_conflict(s, changed - 1, false, 0, 0);
    scene_end(s);
}

/* One CRC of exactly fitting length is enough, and its own frame profits. */
static void test_uap_by_crc(void)
{
    struct scene *s = scene_new();
    struct recipe data = rf(DM1, NO_UAP);

    data.body = "abcdef";
    data.body_bytes = 6;
    data.id = false;
    const unsigned first = add(s, data);
    assert_address(s, first, BTBB_RANK_UAP_PROVEN, BTBB_UAP_CRC, 0, UAP);
    g_assert_cmpint(s->facts[first].crc_check, ==, BTBB_CHECK_GOOD);
    g_assert_cmpint(s->facts[first].hec_check, ==, BTBB_CHECK_GOOD);
    g_assert_cmpint(s->record[first].kind, ==, BTBB_KIND_DM1 + 1);
    scene_end(s);
}

/* What the file names outranks what HECs imply; a disagreement is reported. */
static void test_reference_outranks(void)
{
    struct scene *s = scene_new();
    struct recipe a = rf(POLL, NO_UAP), named = rf(NULL_, 0x77), same = rf(NULL_, UAP);

    for (uint8_t i = 0; i < 3; i++) {
        a.flags = i;
        add(s, a);
    }
    named.id = true;
    same.lap = 0x123456;
    const unsigned i = add(s, named);
    assert_address(s, i, BTBB_RANK_UAP, BTBB_UAP_REFERENCE, 0, 0x77);
    assert_conflict(s, i, true, 0, UAP);
    assert_address(s, add(s, a), BTBB_RANK_UAP, BTBB_UAP_REFERENCE, 0, 0x77);
    g_assert_cmpint(s->facts[i + 1].hec_check, ==, BTBB_CHECK_BAD);
    assert_address(s, add(s, same), BTBB_RANK_UAP_PROVEN, BTBB_UAP_REFERENCE, 0, UAP);
    scene_end(s);
}

/* HECs that outvote the named UAP do not replace it, but are reported, once. */
static void test_named_uap_disputed(void)
{
    struct scene *s = scene_new();
    struct recipe wrong = rf(POLL, 0x77);
    unsigned reports = 0;

    for (uint8_t i = 0; i < 8; i++) {
        wrong.flags = i;
        const unsigned at = add(s, wrong);

        assert_address(s, at, BTBB_RANK_UAP, BTBB_UAP_REFERENCE, 0, 0x77);
        reports += s->verdict[at].address_conflict;
        if (s->verdict[at].address_conflict) {
            g_assert_cmpuint(at, ==, 5);
            assert_conflict(s, at, true, 0, UAP);
        }
    }
    g_assert_cmpuint(reports, ==, 1);
    scene_end(s);
}

/* NAP known > UAP proven > UAP > nothing; a lower rank never replaces a higher one. */
static void test_ranks(void)
{
    struct scene *s = scene_new();
    struct recipe id = legacy(NULL_, 0), bad = legacy(NULL_, 2), good = legacy(NULL_, 2), nap = legacy(NULL_, 2);

    id.id = true;
    id.named = NO_UAP;
    bad.hec_error = WRONG_HEC;
    nap.nap = 0x0002;
    assert_address(s, add(s, id), BTBB_RANK_LAP, BTBB_UAP_UNKNOWN, 0, 0);
    assert_address(s, add(s, bad), BTBB_RANK_UAP, BTBB_UAP_FILE, 0, UAP);
    assert_address(s, add(s, id), BTBB_RANK_UAP, BTBB_UAP_FILE, 0, UAP);
    assert_address(s, add(s, good), BTBB_RANK_UAP_PROVEN, BTBB_UAP_FILE, 0, UAP);
    assert_address(s, add(s, bad), BTBB_RANK_UAP_PROVEN, BTBB_UAP_FILE, 0, UAP);
    assert_address(s, add(s, nap), BTBB_RANK_NAP, BTBB_UAP_FILE, 0x0002, UAP);
    assert_address(s, add(s, good), BTBB_RANK_NAP, BTBB_UAP_FILE, 0x0002, UAP);
    assert_address(s, add(s, id), BTBB_RANK_NAP, BTBB_UAP_FILE, 0x0002, UAP);
    for (unsigned i = 0; i < s->count; i++)
        assert_conflict(s, i, false, 0, 0);
    scene_end(s);
}

/* Equal rank, different values: more good packets win, then the later one. */
static void test_equal_rank(void)
{
    struct scene *s = scene_new();
    struct recipe one = legacy(NULL_, 2), two = legacy(NULL_, 2);

    two.named = two.uap = 0x62;
    add(s, one);
    add(s, one);
    const unsigned first = add(s, two);
    assert_address(s, first, BTBB_RANK_UAP_PROVEN, BTBB_UAP_FILE, 0, UAP);
    assert_conflict(s, first, true, 0, 0x62);
    g_assert_cmpint(s->facts[first].hec_check, ==, BTBB_CHECK_GOOD); /* with the UAP that it names itself */
    const unsigned second = add(s, two);
    assert_address(s, second, BTBB_RANK_UAP_PROVEN, BTBB_UAP_FILE, 0, 0x62);
    assert_conflict(s, second, true, 0, UAP);
    scene_end(s);
}

/* The FHS of the page response: checked with the UAP of the paged device, teaches the address of its sender. */
static void test_fhs_teaches(void)
{
    static const char fhs[] = "\x6e\x6d\x7d\xa2\xcf\x88\x44\x90\x44\x66\x55\x04\x04\x24\xab\x52\xad\x0a";
    struct scene *s = scene_new();
    struct recipe page = legacy(FHS, 2), id = legacy(NULL_, 0), broken = legacy(FHS, 2);
    char other[18];

    page.body = fhs;
    page.body_bytes = broken.body_bytes = 18;
    memcpy(other, fhs, 18);
    other[0] ^= 1; /* parity of another LAP, with a good CRC */
    broken.body = other;
    id.id = true;
    id.named = NO_UAP;
    id.lap = 0x112233;
    g_assert_false(s->verdict[add(s, broken)].taught);
    assert_address(s, add(s, id), BTBB_RANK_LAP, BTBB_UAP_UNKNOWN, 0, 0);
    const unsigned i = add(s, page);
    g_assert_true(s->verdict[i].taught);
    g_assert_true(s->record[i].taught);
    g_assert_cmphex(s->record[i].taught_lap, ==, 0x112233);
    g_assert_cmphex(s->record[i].taught_uap, ==, 0x44);
    g_assert_cmphex(s->record[i].taught_nap, ==, 0x5566);
    assert_address(s, i, BTBB_RANK_UAP_PROVEN, BTBB_UAP_FILE, 0, UAP);
    assert_address(s, add(s, id), BTBB_RANK_NAP, BTBB_UAP_FHS, 0x5566, 0x44);
    scene_end(s);
}

/* A reserved LAP is nobody's: checks start from 0, nothing is learned, there is no direction. */
static void test_reserved_lap(void)
{
    struct scene *s = scene_new();
    struct recipe inquiry = legacy(POLL, 3);

    inquiry.lap = 0x9e8b33;
    inquiry.uap = 0;
    inquiry.named = NO_UAP;
    const unsigned i = add(s, inquiry);
    assert_address(s, i, BTBB_RANK_LAP, BTBB_UAP_RESERVED, 0, 0);
    g_assert_cmpint(s->facts[i].hec_check, ==, BTBB_CHECK_GOOD);
    assert_dir(s, i, BTBB_DIR_UNKNOWN, BTBB_DIR_GIVEN, false);
    scene_end(s);
}

static void test_retransmission(void)
{
    struct scene *s = scene_new();
    struct recipe third = data(2, 0, "one");

    third.lt_addr = 2;
    g_assert_false(s->verdict[add(s, data(2, 0, "one"))].retransmission);
    g_assert_true(s->verdict[add(s, data(4, 0, "one"))].retransmission);
    add(s, legacy(POLL, 6));
    g_assert_true(s->verdict[add(s, data(8, 0, "one"))].retransmission);
    g_assert_false(s->verdict[add(s, data(9, 0, "one"))].retransmission);  /* from the other side */
    g_assert_false(s->verdict[add(s, third)].retransmission);              /* to another Peripheral */
    g_assert_false(s->verdict[add(s, data(12, 1, "one"))].retransmission); /* SEQN changed */
    g_assert_false(
        s->verdict[add(s, data(14, 1, "two"))].retransmission); /* SEQN kept, another packet between was lost */
    g_assert_false(s->verdict[add(s, data(16, 0, "two"))].retransmission);
    g_assert_true(s->verdict[add(s, data(11, 0, "one"))].retransmission);
    g_assert_true(s->record[1].retransmission);
    scene_end(s);
}

/* Frames are learned anew, one of them decrypted now: the last of the frames before is not the one before the first. */
static void test_retransmission_anew(void)
{
    struct scene *s = scene_new();

    add(s, data(2, 0, "one"));
    add(s, data(4, 1, "two"));
    add(s, data(6, 1, "two"));
    add(s, data(8, 0, "one"));
    g_assert_true(s->verdict[2].retransmission);
    btbb_capture_forget_repeats(s->capture);
    for (unsigned i = 0; i < 4; i++) {
        struct btbb_facts facts = s->facts[i];
        struct btbb_verdict verdict;

        if (i == 1)
            continue;
        btbb_capture_recall(s->capture, 10 * (i + 1), &s->frame[i], &facts, &verdict);
        g_assert_false(verdict.retransmission);
        btbb_capture_learn_plain(s->capture, 10 * (i + 1), &s->frame[i], &facts, &verdict);
        g_assert_false(verdict.retransmission);
        s->verdict[i] = verdict;
        s->record[i].retransmission = s->record[i].plain_retransmission = false;
    }
    scene_end(s);
}

static void make_internalblue(struct btbb_frame *frame, const uint8_t *bytes, bool received)
{
    static const uint8_t own[6] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55}, peer[6] = {0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f};

    *frame = (struct btbb_frame){.bytes = bytes, .captured = 16, .reported = 16};
    memcpy(frame->src, received ? peer : own, 6);
    memcpy(frame->dst, received ? own : peer, 6);
}

/* InternalBlue: no direction, nothing verified, one client for both directions, named by the peer. */
static void test_internalblue(void)
{
    uint8_t bytes[16] = {0, 0, 0, 0, 0, 0, 0x19, 0, 0, 0x27, 0x52, 0x28, 0x00, 0x01};
    struct btbb_capture *capture = btbb_capture_new();

    for (unsigned received = 0; received < 2; received++) {
        struct btbb_frame frame;
        struct btbb_facts facts;
        struct btbb_verdict verdict;
        struct btbb_record record = {0};

        bytes[0] = (uint8_t)received;
        make_internalblue(&frame, bytes, received);
        btbb_decode(&frame, &facts);
        btbb_capture_learn(capture, received + 1, &frame, &facts, &verdict);
        btbb_record_fill(&facts, &verdict, &record);
        g_assert_cmpint(record.encap, ==, BTBB_ENCAP_INTERNALBLUE);
        g_assert_cmpint(record.own, ==, received ? BTBB_OWN_RECEIVED : BTBB_OWN_SENT);
        g_assert_cmpint(record.dir, ==, BTBB_DIR_UNKNOWN);
        g_assert_cmpint(record.hec, ==, BTBB_CHECK_UNVERIFIED);
        g_assert_cmpint(record.crc, ==, BTBB_CHECK_UNVERIFIED);
        g_assert_cmpint(record.kind, ==, BTBB_KIND_DM1 + 1);
        g_assert_cmphex(record.lap, ==, 0x3d4e5f);
        g_assert_cmphex(record.uap, ==, 0x2c);
        g_assert_cmphex(record.nap, ==, 0x0a1b);
        g_assert_cmpint(record.rank, ==, BTBB_RANK_NAP);
        g_assert_false(record.has_time);
    }
    btbb_capture_free(capture);
}

static void test_record(void)
{
    struct scene *s = scene_new();
    struct recipe id = legacy(NULL_, 0);

    id.id = true;
    id.named = NO_UAP;
    const struct btbb_record *poll = &s->record[add(s, legacy(POLL, 2))], *bare = &s->record[add(s, id)];

    g_assert_cmpuint(poll->version, ==, BTBB_RECORD_VERSION);
    g_assert_cmpuint(poll->frame, ==, 10);
    g_assert_cmpuint(poll->wire_bytes, ==, 23);
    g_assert_true(poll->has_time && poll->time_ns == SCENE_START_NS && !poll->malformed &&
                  poll->packet_class == BTBB_CLASS_HEADER);
    g_assert_cmphex(poll->lap, ==, LAP);
    g_assert_cmpuint(poll->type, ==, POLL);
    g_assert_cmpuint(poll->lt_addr, ==, 1);
    g_assert_true(poll->has_channel && poll->channel == 39 && !poll->has_signal);
    g_assert_true(bare->packet_class == BTBB_CLASS_ID && !bare->malformed && !bare->has_channel);
    g_assert_cmphex(bare->uap, ==, UAP);
    g_assert_cmpuint(bare->kind, ==, 0);
    scene_end(s);
}

/* Numbers that do not grow are questions, not lessons; NULL may be freed. */
static void test_learning_twice(void)
{
    struct scene *s = scene_new();
    struct btbb_facts facts;
    struct btbb_verdict verdict;

    add(s, data(2, 0, "one"));
    btbb_decode(&s->frame[0], &facts);
    btbb_capture_learn(s->capture, 10, &s->frame[0], &facts, &verdict);
    g_assert_false(verdict.retransmission);
    btbb_capture_free(NULL);
    scene_end(s);
}

/* Many LAPs, each with its own UAP: all are found again. */
static void test_many_laps(void)
{
    struct btbb_capture *capture = btbb_capture_new();
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    uint8_t bytes[128];

    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 5000; i++) {
            struct recipe r = legacy(NULL_, 2);

            r.lap = i * 2503 & 0xffffff;
            r.named = r.uap = (uint8_t)(1 + i % 255);
            r.id = round == 1;
            r.named = r.id ? NO_UAP : r.named;
            const struct btbb_frame frame = scene_legacy_frame(&r, bytes);

            btbb_decode(&frame, &facts);
            btbb_capture_learn(capture, 1 + round * 5000 + i, &frame, &facts, &verdict);
            g_assert_cmphex(verdict.uap, ==, 1 + i % 255);
            g_assert_cmpint(verdict.rank, ==, BTBB_RANK_UAP_PROVEN);
        }
    }
    btbb_capture_free(capture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/direction/withheld", test_direction_withheld);
    g_test_add_func("/direction/clk-too-wide", test_clk_too_wide);
    g_test_add_func("/direction/own", test_own_becomes_direction);
    g_test_add_func("/address/hec", test_uap_by_hec);
    g_test_add_func("/address/one-header", test_one_header_is_no_proof);
    g_test_add_func("/address/hecs-change", test_hecs_change_their_mind);
    g_test_add_func("/address/crc", test_uap_by_crc);
    g_test_add_func("/address/reference", test_reference_outranks);
    g_test_add_func("/address/disputed", test_named_uap_disputed);
    g_test_add_func("/address/ranks", test_ranks);
    g_test_add_func("/address/equal-rank", test_equal_rank);
    g_test_add_func("/address/fhs", test_fhs_teaches);
    g_test_add_func("/address/reserved", test_reserved_lap);
    g_test_add_func("/address/many-laps", test_many_laps);
    g_test_add_func("/retransmission", test_retransmission);
    g_test_add_func("/retransmission-anew", test_retransmission_anew);
    g_test_add_func("/internalblue", test_internalblue);
    g_test_add_func("/record", test_record);
    g_test_add_func("/learning-twice", test_learning_twice);
    return g_test_run();
}
