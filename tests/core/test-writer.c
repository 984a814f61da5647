/* test-writer.c: peculiarities of writers that are noted once, CRCs of 0 that were not captured, and jumps of the time
 * stamps.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "learn/remarks.h"
#include "learn/time-jumps.h"
#include "scene.h"

#define SECOND INT64_C(1000000000)

#define NOTE(name) (1u << BTBB_NOTE_##name)

static struct recipe access_code(void)
{
    return (struct recipe){.lap = LAP, .named = NO_UAP, .id = true};
}

static struct recipe rf_data(uint8_t seqn, bool zero_crc)
{
    struct recipe r = rf(DM1, UAP);

    r.flags = (uint8_t)(1 | seqn << 2);
    r.body = "body";
    r.body_bytes = 4;
    r.zero_crc = zero_crc;
    return r;
}

static void assert_notes(const struct scene *s, unsigned i, uint32_t notes)
{
    g_assert_cmphex(s->verdict[i].notes, ==, notes);
}

/* Only where the capture begins with an access code, and only once. */
static void test_access_codes(void)
{
    struct scene *s = scene_new();

    assert_notes(s, add(s, access_code()), NOTE(ACCESS_CODES));
    assert_notes(s, add(s, access_code()), 0);
    g_assert_cmphex(btbb_remarks(&s->facts[0], &s->verdict[0]), ==, 1u << BTBB_REMARK_ACCESS_CODES);
    g_assert_cmphex(btbb_remarks(&s->facts[1], &s->verdict[1]), ==, 0);
    scene_end(s);

    s = scene_new();
    assert_notes(s, add(s, legacy(POLL, 2)), 0);
    assert_notes(s, add(s, access_code()), 0);
    scene_end(s);
}

static void assert_crc(const struct scene *s, unsigned i, enum btbb_check check, enum btbb_confidence confidence,
                       uint32_t notes)
{
    g_assert_cmpint(s->record[i].crc, ==, check);
    g_assert_cmpint(s->facts[i].confidence, ==, confidence);
    g_assert_cmpint(s->record[i].kind, ==, BTBB_KIND_DM1 + 1);
    assert_notes(s, i, notes);
}

/* A writer that stores no CRC: unverified, with one note. From the first other CRC on, a CRC of 0 is a bad one. */
static void test_zero_crc(void)
{
    struct scene *s = scene_new();

    assert_crc(s, add(s, rf_data(0, true)), BTBB_CHECK_UNVERIFIED, BTBB_CONFIDENCE_EXACT, NOTE(CRC_ZERO));
    g_assert_cmphex(btbb_remarks(&s->facts[0], &s->verdict[0]), ==, 1u << BTBB_REMARK_CRC_ZERO);
    assert_crc(s, add(s, rf_data(1, true)), BTBB_CHECK_UNVERIFIED, BTBB_CONFIDENCE_EXACT, 0);
    g_assert_cmphex(btbb_remarks(&s->facts[1], &s->verdict[1]), ==, 0);
    assert_crc(s, add(s, rf_data(0, false)), BTBB_CHECK_GOOD, BTBB_CONFIDENCE_PROVEN, 0);
    assert_crc(s, add(s, rf_data(1, true)), BTBB_CHECK_BAD, BTBB_CONFIDENCE_BAD_CRC, 0);
    g_assert_cmphex(btbb_remarks(&s->facts[3], &s->verdict[3]), ==, 1u << BTBB_REMARK_CRC);
    scene_end(s);
}

/* A CRC of 0 votes for no UAP, whatever the UAP that it would fit. */
static void test_zero_crc_is_no_vote(void)
{
    struct scene *s = scene_new();
    struct recipe r = rf_data(0, true);

    r.named = NO_UAP;
    for (int i = 0; i < 6; i++) {
        r.body = (const char *)&(const char[4]){(char)i, 1, 2, 3};
        const unsigned at = add(s, r);

        g_assert_false(s->facts[at].crc_implies_uap);
        g_assert_cmpint(s->verdict[at].rank, ==, BTBB_RANK_LAP);
        g_assert_cmpint(s->record[at].crc, ==, BTBB_CHECK_UNVERIFIED);
        assert_notes(s, at, 0);
    }
    scene_end(s);
}

/* A body of zeros with a CRC of 0 was not decoded: bad, as any other wrong CRC. */
static void test_undecoded_body(void)
{
    struct scene *s = scene_new();
    struct recipe r = rf_data(0, true);

    r.body = "\0\0\0\0";
    assert_crc(s, add(s, r), BTBB_CHECK_BAD, BTBB_CONFIDENCE_BAD_CRC, 0);
    scene_end(s);
}

static void test_lap_cut(void)
{
    struct scene *s = scene_new();
    struct recipe cut = rf(POLL, UAP), other = rf(POLL, UAP), legacy_cut = legacy(POLL, 2);

    cut.lap = 0x55;
    other.lap = 0x100;
    legacy_cut.lap = 0x55;
    assert_notes(s, add(s, other), 0);
    assert_notes(s, add(s, legacy_cut), 0);
    assert_notes(s, add(s, cut), NOTE(LAP_CUT));
    g_assert_cmphex(s->record[2].lap, ==, 0x55);
    assert_notes(s, add(s, cut), 0);
    scene_end(s);
}

static void add_at(struct scene *s, int64_t time_ns, uint32_t notes)
{
    struct recipe r = rf(POLL, UAP);

    r.time_ns = time_ns;
    assert_notes(s, add(s, r), notes);
}

/* 5, 9, 999 and 3 ms, stored as microseconds. */
static void test_time_units(void)
{
    struct scene *s = scene_new();

    add_at(s, 1600000000 * SECOND + 5000, 0);
    add_at(s, 1600000000 * SECOND + 9000, 0);
    add_at(s, 1600000000 * SECOND + 999000, 0);
    add_at(s, 1600000001 * SECOND + 3000, NOTE(TIME_UNITS));
    add_at(s, 1600000001 * SECOND + 4000, 0);
    scene_end(s);

    static const int64_t others[] = {0, 1000000, 500000000}; /* exact seconds, a millisecond, half a second */

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        s = scene_new();
        for (int frame = 0; frame < 3; frame++)
            add_at(s, (1600000000 + frame) * SECOND + 5000, 0);
        add_at(s, 1600000004 * SECOND + others[i], 0);
        add_at(s, 1600000005 * SECOND + 5000, 0);
        scene_end(s);
    }
}

static void add_jump(struct scene *s, bool is_rf, int64_t time_ns, int64_t jump_ns)
{
    struct recipe r = is_rf ? rf(POLL, UAP) : legacy(POLL, 2);

    r.time_ns = time_ns;
    const unsigned i = add(s, r);

    g_assert_cmpint(s->verdict[i].time_jump_ns, ==, jump_ns);
    g_assert_cmpint(s->record[i].time_jump_ns, ==, jump_ns);
    g_assert_cmpint(btbb_remarks(&s->facts[i], &s->verdict[i]) >> BTBB_REMARK_TIME_JUMP & 1, ==, jump_ns != 0);
}

/* Frames every 33 s, as in a report of Ubertooth's clock: forward by 531.3 s, back by 429.5 s, each with a usual
 * gap. */
static void test_clock_wraps(void)
{
    struct scene *s = scene_new();
    int64_t now = 1607000033 * SECOND;

    for (int i = 0; i < 10; i++, now += 33 * SECOND)
        add_jump(s, true, now, 0);
    now += INT64_C(531300000000);
    add_jump(s, true, now + 20000000, INT64_C(531313459200));
    for (int i = 0; i < 7; i++)
        add_jump(s, true, now += 33 * SECOND, 0);
    now += 33 * SECOND - INT64_C(429400000000);
    add_jump(s, true, now, -INT64_C(429496729600));
    for (int i = 0; i < 4; i++)
        add_jump(s, true, now += 33 * SECOND, 0);
    now += 20 * SECOND + INT64_C(429500000000);
    add_jump(s, true, now, INT64_C(429496729600));
    scene_end(s);
}

/* A pause that is not Ubertooth's amount, that the capture often has, or of another writer, is no jump. */
static void test_pauses(void)
{
    struct scene *s = scene_new();
    int64_t now = 1607000033 * SECOND;

    for (int i = 0; i < 10; i++, now += SECOND)
        add_jump(s, true, now, 0);
    add_jump(s, true, now += 3600 * SECOND, 0);
    add_jump(s, true, now += INT64_C(101900000000), 0); /* the mean gap is now 5 minutes */
    scene_end(s);

    s = scene_new();
    for (int i = 0; i < 10; i++, now += SECOND)
        add_jump(s, false, now, 0);
    add_jump(s, false, now += INT64_C(429600000000), 0);
    scene_end(s);

    s = scene_new();
    for (int i = 0; i < 7; i++, now += SECOND)
        add_jump(s, true, now, 0);
    add_jump(s, true, now += INT64_C(429600000000), 0); /* too few frames before */
    scene_end(s);
}

/* Any step back of more than a second, of any writer; frames without time are left out. */
static void test_steps_back(void)
{
    struct scene *s = scene_new();
    struct recipe untimed = legacy(POLL, 2);

    untimed.no_time = true;
    add_jump(s, false, 1600000000 * SECOND, 0);
    add_jump(s, false, 1599999999 * SECOND, 0);
    g_assert_cmpint(s->verdict[add(s, untimed)].time_jump_ns, ==, 0);
    add_jump(s, false, 1599999998 * SECOND - 1, -SECOND - 1);
    add_jump(s, false, 1599999999 * SECOND, 0);
    add_jump(s, false, -9223372033 * SECOND, INT64_MIN);
    add_jump(s, false, 9223372033 * SECOND, 0);
    add_jump(s, false, 1, 1 - 9223372033 * SECOND);
    scene_end(s);
}

/* Memory is bounded: of a capture that goes back at every second frame, some jumps are reported. */
static void test_many_steps_back(void)
{
    struct btbb_time_jumps jumps = {0};
    uint32_t reported = 0;

    for (uint32_t number = 1; number < 100000; number++) {
        const int64_t jump = btbb_time_jumps_learn(&jumps, number, number % 2 * 5 * SECOND, false);

        g_assert_cmpint(jump, ==, btbb_time_jumps_recall(&jumps, number));
        reported += jump != 0;
    }
    g_assert_cmpuint(reported, ==, 4096);
    g_assert_cmpint(btbb_time_jumps_recall(&jumps, 2), ==, -5 * SECOND);
    btbb_time_jumps_free(&jumps);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/writer/access-codes", test_access_codes);
    g_test_add_func("/writer/zero-crc", test_zero_crc);
    g_test_add_func("/writer/zero-crc-is-no-vote", test_zero_crc_is_no_vote);
    g_test_add_func("/writer/undecoded-body", test_undecoded_body);
    g_test_add_func("/writer/lap-cut", test_lap_cut);
    g_test_add_func("/writer/time-units", test_time_units);
    g_test_add_func("/time-jumps/clock-wraps", test_clock_wraps);
    g_test_add_func("/time-jumps/pauses", test_pauses);
    g_test_add_func("/time-jumps/steps-back", test_steps_back);
    g_test_add_func("/time-jumps/many", test_many_steps_back);
    return g_test_run();
}
