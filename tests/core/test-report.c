/* test-report.c: the report as text: escaping, the grid of its time series, its size.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "show/report/report.h"

#define SECOND INT64_C(1000000000)
#define START  (INT64_C(1339621571) * SECOND)

static struct btbb_record record_at(int64_t time_ns, uint32_t lap, int type)
{
    return (struct btbb_record){.version = BTBB_RECORD_VERSION,
                                .time_ns = time_ns,
                                .has_time = true,
                                .lap = lap,
                                .packet_class = type < 0 ? BTBB_CLASS_ID : BTBB_CLASS_HEADER,
                                .type = (uint8_t)(type < 0 ? 0 : type)};
}

static struct btbb_totals *new_totals(struct btbb_options *options)
{
    btbb_options_init(options, BTBB_VIEW_REPORT);
    return btbb_totals_for(options);
}

/* The report as text; frees options and totals. */
static char *written(struct btbb_options *options, struct btbb_totals *totals)
{
    FILE *out = tmpfile();
    char *error = NULL, *text;
    size_t length;

    g_assert_nonnull(out);
    g_assert_true(btbb_report_write(options, &(struct btbb_source){.totals = totals}, out, &error));
    g_assert_null(error);
    length = (size_t)ftell(out);
    rewind(out);
    text = g_malloc(length + 1);
    g_assert_cmpuint(fread(text, 1, length, out), ==, length);
    text[length] = '\0';
    fclose(out);
    btbb_totals_free(totals);
    btbb_options_clear(options);
    return text;
}

/* What stands in the element with the numbers. */
static char *numbers_of(const char *report)
{
    const char *mark = "id=\"data\">", *start = strstr(report, mark);

    g_assert_nonnull(start);
    start += strlen(mark);
    return g_strndup(start, (gsize)(strstr(start, "</script>") - start));
}

#define assert_has(text, part)                                                                                         \
    do {                                                                                                               \
        if (!strstr(text, part))                                                                                       \
            g_error("\"%s\" is not in: %.600s", part, text);                                                           \
    } while (0)

static void test_hostile_names(void)
{
    struct btbb_options options;
    struct btbb_totals *totals = new_totals(&options);
    char *report, *numbers;

    options.capture = g_strdup("a</script><script>alert(1)</script>\"\\\n\xff.pcap");
    options.filter = g_strdup("frame.comment == \"<!--\" && 1");
    report = written(&options, totals);
    numbers = numbers_of(report);
    assert_has(numbers, "\"capture\":\"a\\u003c/script\\u003e\\u003cscript\\u003ealert(1)\\u003c/script\\u003e"
                        "\\\"\\\\\\u000a\xef\xbf\xbd.pcap\"");
    assert_has(numbers, "\"filter\":\"frame.comment == \\\"\\u003c!--\\\" \\u0026\\u0026 1\"");
    g_assert_null(strpbrk(numbers, "<>&"));
    g_assert_true(g_utf8_validate(report, -1, NULL));
    g_assert_true(g_str_has_prefix(report, "<!DOCTYPE html>"));
    g_assert_true(g_str_has_suffix(report, "</html>\n"));
    g_free(numbers);
    g_free(report);
}

static void test_no_packets(void)
{
    struct btbb_options options;
    struct btbb_totals *totals = new_totals(&options);
    char *report = written(&options, totals), *numbers = numbers_of(report);

    assert_has(numbers, "\"time\":null}");
    assert_has(numbers, "\"clients\":{\"columns\":[\"lap\",");
    g_free(numbers);
    g_free(report);
}

/* Seconds 0, 1, 1 and 4: counts are stored as steps forward and values. */
static void test_series(void)
{
    static const struct {
        int second, type;
        uint32_t lap;
    } packets[] = {{0, 1, 0x4831dd}, {1, -1, 0x4831dd}, {1, 3, 0x4831dd}, {4, 1, 0x9e8b33}, {4, -1, 0x9e8b33}};
    struct btbb_options options;
    struct btbb_totals *totals = new_totals(&options);
    char *report, *numbers;

    for (size_t i = 0; i < G_N_ELEMENTS(packets); i++) {
        struct btbb_record record = record_at(START + packets[i].second * SECOND, packets[i].lap, packets[i].type);

        record.has_channel = packets[i].type >= 0;
        record.channel = 39;
        record.has_signal = record.has_channel;
        record.signal_dbm = (int8_t)(-40 - 10 * packets[i].second);
        btbb_totals_add(totals, &record);
    }
    report = written(&options, totals);
    numbers = numbers_of(report);
    assert_has(numbers, "\"time\":{\"start\":1339621571,\"step\":1,\"interval\":1,\"count\":5,\"factor\":1,"
                        "\"all\":[0,1,1,2,3,2],"
                        "\"clients\":[[\"48:31:dd\",[0,1,1,2]],[\"9e:8b:33\",[4,2]]],\"others\":[],"
                        "\"types\":[[1,[0,1,4,1]],[3,[1,1]]],"
                        "\"clientTypes\":[[\"48:31:dd\",[[1,[0,1]],[3,[1,1]]]],[\"9e:8b:33\",[[1,[4,1]]]]],"
                        "\"unchosen\":0,\"channels\":[[39,[0,1,1,1,3,1]]],\"signalZero\":-128,"
                        "\"signals\":[[\"48:31:dd\",[0,1,1,1],[0,88,1,78]],[\"9e:8b:33\",[4,1],[4,48]]]}");
    g_free(numbers);
    g_free(report);
}

/* Steps begin at multiples of their length on the clock; the first packet here is a second behind one. */
static void test_added_up(void)
{
    static const struct {
        int64_t span_s;
        const char *grid;
    } spans[] = {
        {2999, "\"start\":1339621571,\"step\":1,\"interval\":1,\"count\":3000,\"factor\":1,\"all\":[0,1,2999,1]"},
        {3000, "\"start\":1339621570,\"step\":2,\"interval\":1,\"count\":1501,\"factor\":2,\"all\":[0,1,1500,1]"},
        {86400, "\"start\":1339621560,\"step\":30,\"interval\":1,\"count\":2881,\"factor\":30,\"all\":[0,1,2880,1]"},
        {INT64_C(3000000000),
         "\"start\":1339545600,\"step\":1382400,\"interval\":1,\"count\":2171,\"factor\":1382400,"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
        struct btbb_options options;
        struct btbb_totals *totals = new_totals(&options);
        struct btbb_record first = record_at(START, 0x4831dd, 1);
        struct btbb_record last = record_at(START + spans[i].span_s * SECOND, 0x4831dd, 1);
        char *report, *numbers;

        btbb_totals_add(totals, &first);
        btbb_totals_add(totals, &last);
        report = written(&options, totals);
        numbers = numbers_of(report);
        assert_has(numbers, spans[i].grid);
        g_free(numbers);
        g_free(report);
    }
}

/* Clocks that were never set, or an offset in the file, give times before 1970. */
static void test_before_1970(void)
{
    struct btbb_options options;

    btbb_options_init(&options, BTBB_VIEW_REPORT);
    options.interval_ns = SECOND / 2;
    struct btbb_totals *totals = btbb_totals_for(&options);
    const struct btbb_record first = record_at(-SECOND - SECOND / 4, 0x4831dd, 1), last = record_at(-1, 0x4831dd, 1);

    btbb_totals_add(totals, &first);
    btbb_totals_add(totals, &last);
    char *report = written(&options, totals), *numbers = numbers_of(report);

    assert_has(numbers,
               "\"start\":-1.500,\"step\":0.500,\"interval\":0.500,\"count\":3,\"factor\":1,\"all\":[0,1,2,1]");
    g_free(numbers);
    g_free(report);
}

/* 4,000 clients with headers, all over a day: more than a file may hold. It stays small and says what it leaves out. */
static void test_size(void)
{
    struct btbb_options options;
    struct btbb_totals *totals = new_totals(&options);
    char *report, *numbers, *place;
    uint32_t state = 1;

    for (int i = 0; i < 2000000; i++) {
        struct btbb_record record;

        state = state * 1664525u + 1013904223u;
        record = record_at(START + i * (86400 * SECOND / 2000000), (state >> 8) % 4000, (int)(state >> 28));
        btbb_totals_add(totals, &record);
    }
    report = written(&options, totals);
    g_assert_cmpuint(strlen(report), <, 5000000);
    numbers = numbers_of(report);
    place = strstr(numbers, "\"unchosen\":");
    g_assert_nonnull(place);
    g_assert_cmpuint(g_ascii_strtoull(place + strlen("\"unchosen\":"), NULL, 10), >, 0);
    g_free(numbers);
    g_free(report);
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "UTC", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/hostile-names", test_hostile_names);
    g_test_add_func("/report/no-packets", test_no_packets);
    g_test_add_func("/report/series", test_series);
    g_test_add_func("/report/added-up", test_added_up);
    g_test_add_func("/report/before-1970", test_before_1970);
    g_test_add_func("/report/size", test_size);
    return g_test_run();
}
