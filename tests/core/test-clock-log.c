/* test-clock-log.c: the clocks of all piconets of a capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "piconet-sample.h"

static void test_parts(void)
{
    struct btbb_clock_log *log = piconet_sample(0);
    const struct btbb_clock_part *first = btbb_clock_log_part(log, 0), *second = btbb_clock_log_part(log, 1);

    g_assert_cmpuint(btbb_clock_log_count(log), ==, 5);
    g_assert_cmphex(first->segment.clk, ==, 0x1234566);
    g_assert_cmpuint(first->segment.ended_by, ==, BTBB_CLOCK_END_LOST);
    g_assert_true(fabs(first->segment.drift_ppm - 40) < 0.01);
    g_assert_false(first->has_jump);
    g_assert_null(first->afh);
    g_assert_true(second->has_jump);
    g_assert_cmpint(second->jump_ns, ==, INT64_C(99996000000));
    g_assert_cmpuint(second->afh_count, ==, 1);
    g_assert_cmphex(second->afh->instant, ==, 0x1234566 + 160000 + 1000);
    g_assert_cmpuint(btbb_clock_log_part(log, 4)->reason, ==, BTBB_CLOCK_CONTRADICTED);
    g_assert_cmpuint(btbb_clock_log_foreign(log), ==, 1);
    g_assert_cmpuint(btbb_clock_log_dropped(log), ==, 0);
    btbb_clock_log_free(log);
}

/* More packets after the parts were made: they count in the next ones. */
static void test_finish_again(void)
{
    struct btbb_clock_log *log = piconet_sample(0);
    struct btbb_piconet_packet packet = piconet_packet(0x222222, 6000, SAMPLE_SLOT_NS * 5);

    packet.sought = true;
    btbb_clock_log_add(log, &packet);
    g_assert_true(btbb_clock_log_finish(log, false)); /* three packets, and one more */
    g_assert_cmpuint(btbb_clock_log_part(log, 2)->segment.packets, ==, 4);
    for (unsigned i = 0; i < 2; i++, packet.heard.frame++, packet.heard.time_ns += SAMPLE_SLOT_NS)
        btbb_clock_log_add(log, &packet);
    g_assert_true(btbb_clock_log_finish(log, true));
    g_assert_cmpuint(btbb_clock_log_count(log), ==, 5);
    g_assert_cmpuint(btbb_clock_log_part(log, 2)->segment.packets, ==, 6);
    btbb_clock_log_free(log);
}

/* The file has a clock, but the channels do not hop: a regular pattern fits a map as well as hops do. */
static void test_channels_that_do_not_hop(void)
{
    struct btbb_clock_log *log = btbb_clock_log_new();
    struct btbb_piconet_packet packet = piconet_packet(0x3d51b7, 0, 0);

    packet.best = (struct btbb_address){.rank = BTBB_RANK_UAP, .uap = 0xc7};
    packet.source = BTBB_CLOCK_FILE;
    packet.heard.has_channel = true;
    for (unsigned i = 0; i < 54; i++) {
        packet.heard.frame++;
        packet.heard.time_ns = i * SAMPLE_SLOT_NS;
        packet.heard.channel = (14 + 7 * i) % BTBB_CHANNELS;
        packet.heard.slots = 1;
        packet.heard.sender = i & 1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL;
        packet.clk = 16777218 + i;
        btbb_clock_log_add(log, &packet);
    }
    g_assert_true(btbb_clock_log_finish(log, true));
    g_assert_cmpuint(btbb_clock_log_count(log), ==, 1);
    const struct btbb_clock_part *part = btbb_clock_log_part(log, 0);

    g_assert_cmpuint(part->segment.clk, ==, 16777218);
    g_assert_cmpfloat(part->segment.evidence, >, 20);
    g_assert_false(part->has_explained);
    g_assert_null(part->clock);
    btbb_clock_log_free(log);
}

/* Times of a damaged file, at any place and in any order. */
static void test_damaged_times(void)
{
    static const int64_t times[] = {INT64_MIN, INT64_MAX, 0, -1, INT64_MAX / 2, INT64_MIN / 2, INT64_MAX / 2 - 1, 1};
    struct btbb_clock_log *log = btbb_clock_log_new();

    for (uint32_t i = 0; i < 4000; i++) {
        struct btbb_piconet_packet packet = piconet_packet(i % 3, i + 1, times[i * 7 % G_N_ELEMENTS(times)]);

        packet.source = i % 3 == 0 ? BTBB_CLOCK_FILE : BTBB_CLOCK_UNKNOWN;
        packet.clk = i * 0x10001;
        packet.sought = i % 3 == 1;
        packet.reason = BTBB_CLOCK_NO_MEANING;
        packet.heard.has_channel = true;
        packet.heard.channel = (uint8_t)i;
        packet.best = (struct btbb_address){.rank = BTBB_RANK_UAP, .uap = (uint8_t)(i / 1000)};
        btbb_clock_log_add(log, &packet);
    }
    g_assert_true(btbb_clock_log_finish(log, true));
    for (unsigned i = 0; i < btbb_clock_log_count(log); i++) {
        const struct btbb_clock_part *part = btbb_clock_log_part(log, i);

        g_assert_cmpuint(part->number, >=, 1);
        g_assert_cmpuint(part->number, <=, 256);
        g_assert_cmpint(part->segment.last_ns, >=, part->segment.first_ns);
    }
    btbb_clock_log_free(log);
}

/* More piconets, and more maps, than there is room for. */
static void test_bounds(void)
{
    struct btbb_clock_log *log = btbb_clock_log_new();
    struct btbb_piconet_packet packet = piconet_packet(0, 0, 0);

    packet.source = BTBB_CLOCK_FILE;
    packet.has_afh = true;
    for (uint32_t i = 0; i < 2 * BTBB_AFH_MAPS; i++) {
        packet.heard.frame = packet.afh.frame = i + 1;
        packet.afh.instant = i / 2 * 2;
        memset(packet.afh.use, BTBB_CLOCK_USED, sizeof packet.afh.use);
        btbb_clock_log_add(log, &packet); /* each of them twice */
        packet.afh.lt_addr ^= i & 1;
    }
    for (uint32_t i = 1; i < BTBB_CLOCKS_PICONETS + 7; i++) {
        packet = piconet_packet(i, 1000 + i, 0);
        packet.reason = BTBB_CLOCK_NO_MEANING;
        btbb_clock_log_add(log, &packet);
    }
    g_assert_true(btbb_clock_log_finish(log, true));
    g_assert_cmpuint(btbb_clock_log_count(log), ==, BTBB_CLOCKS_PICONETS);
    g_assert_cmpuint(btbb_clock_log_dropped(log), ==, 7);
    g_assert_cmpuint(btbb_clock_log_part(log, 0)->afh_count, ==, BTBB_AFH_MAPS);
    g_assert_cmpuint(btbb_clock_log_part(log, 0)->afh->instant, ==, 2 * BTBB_AFH_MAPS - 2);
    btbb_clock_log_free(log);
}

/* Clocks and time stamps that jump all the time: no packet is missing, and the last part has the reason. */
static void test_too_many_jumps(void)
{
    struct btbb_clock_log *log = btbb_clock_log_new();

    for (uint32_t i = 0; i < 200; i++) {
        struct btbb_piconet_packet packet = piconet_packet(1, 2 * i + 1, -2 * i * INT64_C(1000000000));

        packet.source = BTBB_CLOCK_FILE;
        btbb_clock_log_add(log, &packet);
        packet.source = BTBB_CLOCK_UNKNOWN;
        packet.sought = true;
        packet.lap = 2;
        packet.heard.frame++;
        btbb_clock_log_add(log, &packet);
    }
    g_assert_true(btbb_clock_log_finish(log, true));
    g_assert_cmpuint(btbb_clock_log_count(log), ==, 128 + 1 + 1);
    const struct btbb_clock_part *known = btbb_clock_log_part(log, 127), *rest = btbb_clock_log_part(log, 128),
                                 *joined = btbb_clock_log_part(log, 129);

    g_assert_cmpuint(known->segment.packets, ==, 1);
    g_assert_cmpuint(known->reason, ==, BTBB_CLOCK_KNOWN);
    g_assert_cmpuint(rest->number, ==, 129);
    g_assert_cmpuint(rest->segment.packets, ==, 200 - 128);
    g_assert_cmpuint(rest->segment.first_frame, ==, 2 * 128 + 1);
    g_assert_cmpuint(rest->reason, ==, BTBB_CLOCK_LIMIT);
    g_assert_cmpuint(joined->segment.packets, ==, 200);
    g_assert_cmpuint(joined->segment.last_frame, ==, 400);
    g_assert_cmpuint(joined->reason, ==, BTBB_CLOCK_LIMIT);
    btbb_clock_log_free(log);
}

/* An access code alone, whose clock is sought, after packets with the clock of the file. */
static void test_access_code_of_a_known_piconet(void)
{
    struct btbb_clock_log *log = btbb_clock_log_new();
    struct btbb_piconet_packet packet = piconet_packet(1, 1, 0);

    packet.source = BTBB_CLOCK_FILE;
    btbb_clock_log_add(log, &packet);
    packet = piconet_packet(1, 2, SAMPLE_SLOT_NS);
    packet.has_header = false;
    packet.sought = true;
    btbb_clock_log_add(log, &packet);
    g_assert_true(btbb_clock_log_finish(log, true));
    g_assert_cmpuint(btbb_clock_log_count(log), ==, 2);
    g_assert_cmpuint(btbb_clock_log_part(log, 1)->segment.packets, ==, 1);
    g_assert_cmpuint(btbb_clock_log_part(log, 1)->reason, ==, BTBB_CLOCK_NO_UAP);
    btbb_clock_log_free(log);
}

/* A packet of RF with a time of a damaged file is one without a time. */
static void test_unusable_time(void)
{
    const struct btbb_facts facts = {
        .encap = BTBB_ENCAP_RF, .packet_class = BTBB_CLASS_HEADER, .has_lap = true, .lap = 7};
    const struct btbb_frame frame = {.has_time = true, .time_ns = INT64_C(5000000000000000000)};
    const struct btbb_verdict verdict = {0};
    struct btbb_clock_log *log = btbb_clock_log_new();
    struct btbb_piconet_packet packet;

    btbb_piconet_packet_fill(1, &frame, &facts, &verdict, &packet);
    btbb_clock_log_add(log, &packet);
    g_assert_true(btbb_clock_log_finish(log, true));
    g_assert_cmpuint(btbb_clock_log_count(log), ==, 1);
    g_assert_cmpuint(btbb_clock_log_part(log, 0)->segment.packets, ==, 1);
    g_assert_cmpuint(btbb_clock_log_part(log, 0)->reason, ==, BTBB_CLOCK_NO_TIME);
    btbb_clock_log_free(log);
}

/* Every reason has words. */
static void test_reasons(void)
{
    for (unsigned reason = BTBB_CLOCK_KNOWN + 1; reason < BTBB_CLOCK_LOG_REASONS; reason++)
        g_assert_cmpuint(strlen(btbb_clock_reason_text(reason)), >, 10);
    g_assert_cmpstr(btbb_clock_reason_text(BTBB_CLOCK_KNOWN), ==, "");
    g_assert_cmpstr(btbb_clock_reason_text(BTBB_CLOCK_LOG_REASONS), ==, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock-log/parts", test_parts);
    g_test_add_func("/clock-log/finish-again", test_finish_again);
    g_test_add_func("/clock-log/no-hops", test_channels_that_do_not_hop);
    g_test_add_func("/clock-log/damaged-times", test_damaged_times);
    g_test_add_func("/clock-log/bounds", test_bounds);
    g_test_add_func("/clock-log/too-many-jumps", test_too_many_jumps);
    g_test_add_func("/clock-log/access-code", test_access_code_of_a_known_piconet);
    g_test_add_func("/clock-log/unusable-time", test_unusable_time);
    g_test_add_func("/clock-log/reasons", test_reasons);
    return g_test_run();
}
