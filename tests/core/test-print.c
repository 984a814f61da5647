/* test-print.c: rows and what is printed of them, word for word (tests/golden/views).
 *
 * Argument: the folder of the golden files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _XOPEN_SOURCE 700

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "count/time-zone.h"
#include "link-sample.h"
#include "piconet-sample.h"
#include "records.h"

/* 2012-06-14 01:06:11 UTC. */
#define START 1339635971.0

static const char *golden_folder;

static const char *name_of(void *data, uint16_t nap, uint8_t uap, uint32_t lap)
{
    (void)data;
    (void)lap;
    return nap == 0x0002 && uap == 0x72 ? "Acme, \"Inc\"" : NULL;
}

static void candidates_of(void *data, uint32_t nap, uint8_t uap, uint32_t lap, btbb_vendor_each each, void *context)
{
    const char *name = nap == BTBB_NAP_ANY ? NULL : name_of(data, (uint16_t)nap, uap, lap);

    if (name)
        each(context, (uint64_t)nap << 32 | (uint64_t)uap << 24, 24, name);
    if (nap != BTBB_NAP_ANY)
        return;
    if (uap != 0x61)
        return;
    each(context, UINT64_C(0x000061000000), 24, "One");
    each(context, UINT64_C(0x70b361a00000), 28, "Two");
}

static const char *company_of(void *data, uint16_t identifier)
{
    (void)data;
    return identifier == 15 ? "Sample \"Company\"" : NULL;
}

static const struct btbb_vendors vendors = {.name = name_of, .candidates = candidates_of, .company = company_of};

static void add(struct btbb_totals *totals, struct btbb_record record, unsigned times)
{
    while (times-- > 0)
        g_assert_true(btbb_totals_add(totals, &record));
}

/* Two clients with headers, one of them with a full address; two strays; a frame too short; one without time. */
static struct btbb_totals *sample(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    struct btbb_record record;

    add(totals, id_record(0xed1d9c, START + 0.5), 1);
    record = typed_record(0xed1d9c, START + 1.25, 1, BTBB_DIR_TO_PERIPHERAL);
    record.rank = BTBB_RANK_UAP_PROVEN;
    record.uap = 0x61;
    record.has_channel = record.has_signal = true;
    record.channel = 39;
    record.signal_dbm = -40;
    add(totals, record, 1200);
    record.type = 3;
    record.dir = BTBB_DIR_TO_CENTRAL;
    record.crc = BTBB_CHECK_GOOD;
    record.signal_dbm = -61;
    record.time_ns += 2 * SECOND;
    add(totals, record, 34);
    record = typed_record(0xe05555, START + 3.25, 0, BTBB_DIR_UNKNOWN);
    record.rank = BTBB_RANK_NAP;
    record.nap = 0x0002;
    record.uap = 0x72;
    record.has_channel = true;
    record.channel = 2;
    add(totals, record, 5);
    add(totals, id_record(0x0e8b33, START + 4), 1);
    record = id_record(0x123456, START + 2);
    record.packet_class = BTBB_CLASS_UNDECODED;
    record.hec = BTBB_CHECK_BAD;
    add(totals, record, 1);
    record.malformed = true;
    add(totals, record, 1);
    record = id_record(0xe05555, 0);
    record.has_time = false;
    add(totals, record, 1);
    return totals;
}

static char *contents(const char *path)
{
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* Compare what the views print with a golden file: "$ ARGUMENT" lines, each followed by what is printed. Each view is
 * printed twice, because printing must change nothing. With BTBB_UPDATE_GOLDEN in the environment the file is
 * rewritten. Returns the set of views: 1u << enum btbb_view. */
static uint32_t compare_with_golden(const char *name, const struct btbb_source *source)
{
    char *path = g_build_filename(golden_folder, name, NULL), *text = contents(path), *arguments = text;
    GString *printed = g_string_new(NULL);
    uint32_t views = 0;

    while ((arguments = strstr(arguments, "$ "))) {
        const size_t length = strcspn(arguments += 2, "\n");
        char *argument = g_strndup(arguments, length);
        char *once = print_source(argument, source), *again = print_source(argument, source);

        g_assert_cmpstr(once, ==, again);
        g_string_append_printf(printed, "$ %s\n%s", argument, once);
        views |= 1u << btbb_view_find(argument, strcspn(argument, ","));
        g_free(once);
        g_free(again);
        g_free(argument);
    }
    if (g_getenv("BTBB_UPDATE_GOLDEN"))
        g_assert_true(g_file_set_contents(path, printed->str, -1, NULL));
    else
        g_assert_cmpstr(printed->str, ==, text);
    g_string_free(printed, TRUE);
    g_free(text);
    g_free(path);
    return views;
}

/* The views of counts. */
#define COUNTS ((1u << BTBB_VIEW_LINKS) - 1)

static void test_prints(void)
{
    struct btbb_totals *totals = sample();

    g_assert_cmphex(compare_with_golden("sample.txt", &(struct btbb_source){.totals = totals, .vendors = &vendors}), ==,
                    COUNTS);
    btbb_totals_free(totals);
}

/* A table without rows when nothing was counted. */
static void test_empty(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);

    g_assert_cmphex(compare_with_golden("empty.txt", &(struct btbb_source){.totals = totals, .vendors = &vendors}), ==,
                    COUNTS);
    btbb_totals_free(totals);
}

/* The views of connections, of one capture, of two and of none. */
static void test_links(void)
{
    struct btbb_link_log *log = link_sample((int64_t)START * SECOND), *none = btbb_link_log_new(true);
    const struct btbb_capture_links captures[] = {
        {.file = "one.pcap", .log = log, .names = btbb_links_names(log->links)},
        {.file = "none.pcap", .log = none, .names = btbb_links_names(none->links)},
        {.file = "two.pcap", .log = log}};
    struct btbb_capture_links alone = captures[0];
    struct btbb_source source = {.captures = &alone, .capture_count = 1, .vendors = &vendors};
    const uint32_t views = (1u << BTBB_VIEW_PICONETS) - 1 - COUNTS;

    alone.file = NULL;
    g_assert_cmphex(compare_with_golden("links.txt", &source), ==, views);
    source.captures = captures;
    source.capture_count = G_N_ELEMENTS(captures);
    g_assert_cmphex(compare_with_golden("links-of-files.txt", &source), ==, views);
    source.captures = captures + 1;
    source.capture_count = 1;
    g_assert_cmphex(compare_with_golden("links-empty.txt", &source), ==, views);
    btbb_link_log_free(log);
    btbb_link_log_free(none);
}

/* The view of clocks, of one capture, of two and of none. */
static void test_piconets(void)
{
    struct btbb_clock_log *log = piconet_sample((int64_t)START * SECOND), *none = btbb_clock_log_new();
    const struct btbb_capture_links captures[] = {{.file = "none.pcap", .clocks = none},
                                                  {.file = "one.pcap", .clocks = log}};
    const struct btbb_capture_links alone = {.clocks = log};
    struct btbb_source source = {.captures = &alone, .capture_count = 1};
    const uint32_t views = 1u << BTBB_VIEW_PICONETS;

    g_assert_cmphex(compare_with_golden("piconets.txt", &source), ==, views);
    source.captures = captures;
    source.capture_count = G_N_ELEMENTS(captures);
    g_assert_cmphex(compare_with_golden("piconets-of-files.txt", &source), ==, views);
    source.capture_count = 1;
    g_assert_cmphex(compare_with_golden("piconets-empty.txt", &source), ==, views);
    btbb_clock_log_free(log);
    btbb_clock_log_free(none);
}

/* Names of devices in the views of clients. */
static void test_names(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    struct btbb_link_log *log = link_sample((int64_t)START * SECOND);
    const struct btbb_capture_links names = {.names = btbb_links_names(log->links)};
    const struct btbb_eir eir = {.name = {(const uint8_t *)LINK_SAMPLE_NAME, sizeof LINK_SAMPLE_NAME - 1},
                                 .has_name = true,
                                 .name_complete = true};

    btbb_device_names_add_eir(btbb_links_names(log->links), 0xed1d9c, 1, &eir);
    add(totals, id_record(0xed1d9c, START), 2);
    compare_with_golden("names.txt", &(struct btbb_source){.totals = totals, .captures = &names, .capture_count = 1});
    btbb_link_log_free(log);
    btbb_totals_free(totals);
}

/* Wide tables: none of the lines has more than 100 characters, and nothing is lost: each row's parts make its total. */
static void test_width(void)
{
    static const char *const wide[] = {"lap,min=1",  "lap-type",         "io,by=lap",
                                       "io,by=type", "io,by=lap,top=20", "io,by=lap,cumulative=yes"};
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);

    for (uint32_t i = 0; i < 3000; i++) {
        struct btbb_record record = typed_record(0x100000 + i % 60, START + (i % 7) * 40000000.0, i % 16,
                                                 i % 2 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL);

        record.rank = BTBB_RANK_NAP;
        record.nap = 0x0002;
        record.uap = 0x72;
        add(totals, record, i % 60 == 0 ? 5000 : 1);
    }
    totals->interval_ns = SECOND;
    for (size_t v = 0; v < 2; v++) {
        char *text = print_view(wide[v], totals, &vendors), **lines = g_strsplit(text, "\n", -1);

        g_assert_cmpuint(g_strv_length(lines), >, 60);
        for (char **line = lines; *line; line++)
            g_assert_cmpuint(strlen(*line), <=, 100);
        g_strfreev(lines);
        g_free(text);
    }
    btbb_totals_free(totals);
    totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    for (uint32_t i = 0; i < 3000; i++)
        add(totals, typed_record(0x100000 + i % 60, START + i % 7, i % 16, BTBB_DIR_UNKNOWN), 1 + i % 60);
    for (size_t v = 2; v < G_N_ELEMENTS(wide); v++) {
        char *text = print_view(wide[v], totals, &vendors), **lines = g_strsplit(text, "\n", -1);
        uint64_t sum = 0;

        g_assert_cmpint(lines[0][0], ==, 'T');
        g_assert_nonnull(strstr(lines[0], "  others"));
        for (int row = 0; row <= 7; row++)
            g_assert_cmpuint(strlen(lines[row]), <=, 100);
        for (int row = 1; row <= 7 && !strstr(wide[v], "cumulative"); row++) {
            char **cells = g_strsplit(lines[row], " ", -1);

            for (char **cell = cells + 1; *cell; cell++) {
                char **digits = g_strsplit(*cell, ",", -1), *number = g_strjoinv("", digits);

                sum += g_ascii_strtoull(number, NULL, 10);
                g_free(number);
                g_strfreev(digits);
            }
            g_strfreev(cells);
        }
        if (!strstr(wide[v], "cumulative"))
            g_assert_cmpuint(sum, ==, 91500);
        g_strfreev(lines);
        g_free(text);
    }
    btbb_totals_free(totals);
}

/* More rows than are printed: refused, with an interval that does fit. */
static void test_refused(void)
{
    static const struct {
        double first, last, interval;
        const char *text;
    } cases[] = {
        {0, 5 * 365.0 * 86400, 1,
         "the time from first to last packet gives 157680001 rows, more than 1000000; interval=200 would fit"},
        {0, 1000, 0.001,
         "the time from first to last packet gives 1000001 rows, more than 1000000; interval=0.002 would fit"},
        {0, 4000, 0.001,
         "the time from first to last packet gives 4000001 rows, more than 1000000; interval=0.005 would fit"},
        {0, 999999, 1, NULL},
        {0, 1000000, 1,
         "the time from first to last packet gives 1000001 rows, more than 1000000; interval=2 would fit"},
        /* 1000001 rows of two seconds, because the first begins at 0 and the last at 2000000. */
        {1, 2000000, 1,
         "the time from first to last packet gives 2000000 rows, more than 1000000; interval=5 would fit"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct btbb_options options;
        struct btbb_totals *totals =
            btbb_totals_new(BTBB_NEED_ALL, (int64_t)(cases[i].interval * 1000) * (SECOND / 1000));
        struct btbb_rows *rows;
        char *error = NULL;

        add(totals, id_record(1, cases[i].first), 1);
        add(totals, id_record(1, cases[i].last), 1);
        btbb_options_init(&options, BTBB_VIEW_IO);
        options.interval_ns = totals->interval_ns;
        rows = btbb_rows_new(&options, &(struct btbb_source){.totals = totals}, &error);
        g_assert_cmpstr(error, ==, cases[i].text);
        if (!cases[i].text)
            g_assert_cmpuint(rows->row_count, ==, 1000000);
        btbb_rows_free(rows);
        g_free(error);
        btbb_totals_free(totals);
    }
}

/* What totals do not hold is refused, not shown as zero. */
static void test_not_collected(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_CLIENTS, SECOND);
    char *text = print_view("io", totals, NULL);

    g_assert_cmpstr(text, ==, "the totals do not hold what io shows");
    g_free(text);
    btbb_totals_free(totals);
    totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    text = print_view("io,interval=2", totals, NULL);
    g_assert_cmpstr(text, ==, "the totals were collected over another interval");
    g_free(text);
    btbb_totals_free(totals);
}

/* Local time with its UTC offset, on both sides of a change to summer time. */
static void test_local_time(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, 3600 * SECOND);
    char *text;

    g_setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
    tzset();
    add(totals, id_record(1, 1332636300), 1); /* 2012-03-25 00:45 UTC */
    add(totals, id_record(1, 1332639900.5), 1);
    text = print_view("io,interval=3600,format=csv", totals, NULL);
    g_assert_cmpstr(text, ==,
                    "epoch,time,packets\n"
                    "1332633600,2012-03-25T01:00:00+01:00,1\n"
                    "1332637200,2012-03-25T03:00:00+02:00,1\n");
    g_free(text);
    text = print_view("lap", totals, NULL);
    g_assert_nonnull(strstr(text, "2012-03-25 01:45:00"));
    g_assert_nonnull(strstr(text, "2012-03-25 03:45:00\nLocal time\n"));
    g_free(text);
    g_setenv("TZ", "UTC", TRUE);
    tzset();
    btbb_totals_free(totals);
}

/* Zones that no file describes: POSIX rules, and a name with the rules of the USA by default, as in TZ=EST5EDT. */
static void test_time_zones(void)
{
    static const struct {
        const char *zone;
        int64_t utc;
        int32_t offset;
        int64_t back; /* of the local time */
    } times[] = {
        {"UTC", 0, 0, 0},
        {"XYZ5ABC", 1332636300, -14400, 1332636300},                           /* March 25: daylight saving time */
        {"XYZ5ABC", 1332636300 - 86400 * 60, -18000, 1332636300 - 86400 * 60}, /* January */
        {"ABC-3:30", -86400, 12600, -86400},
        {"CET-1CEST,M3.5.0,M10.5.0/3", 1332637199, 3600,
         1332637199}, /* the last second before clocks are set forward */
        {"CET-1CEST,M3.5.0,M10.5.0/3", 1332637200, 7200, 1332637200},
        {"CET-1CEST,M3.5.0,M10.5.0/3", 1351385999, 7200, 1351389599}, /* 02:59:59 is twice: the later of both */
        {"CET-1CEST,M3.5.0,M10.5.0/3", 1351386000, 3600, 1351386000},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        g_setenv("TZ", times[i].zone, TRUE);
        btbb_time_zone_refresh();
        g_assert_cmpint(btbb_time_zone_offset(times[i].utc), ==, times[i].offset);
        g_assert_cmpint(btbb_time_zone_to_utc(times[i].utc + times[i].offset), ==, times[i].back);
    }
    g_setenv("TZ", "UTC", TRUE);
    btbb_time_zone_refresh();
}

/* file=: whole or untouched, its permissions kept; errors name the file. */
static void test_file(void)
{
    struct btbb_totals *totals = sample();
    char *folder = g_dir_make_tmp("btbb-print-XXXXXX", NULL), *path = g_build_filename(folder, "out.csv", NULL);
    char *link = g_build_filename(folder, "link.csv", NULL), *error = NULL, *text;
    struct btbb_options options;
    struct stat status;

    btbb_options_init(&options, BTBB_VIEW_TYPE);
    options.format = BTBB_OUTPUT_CSV;
    options.file = g_strdup(path);
    g_assert_true(btbb_print_probe(&options, NULL, &error));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_set_contents(path, "old", -1, NULL));
    g_assert_cmpint(g_chmod(path, 0604), ==, 0);
    g_assert_true(btbb_print(&options, &(struct btbb_source){.totals = totals}, stdout, &error));
    text = contents(path);
    g_assert_true(g_str_has_prefix(text, "type,name,packets,percent\n1,POLL,1200,"));
    g_free(text);
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0604);
    /* A link stays a link. */
    g_assert_cmpint(symlink("out.csv", link), ==, 0);
    g_free(options.file);
    options.file = g_strdup(link);
    g_assert_true(btbb_print(&options, &(struct btbb_source){.totals = totals}, stdout, &error));
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    /* A view that cannot be shown leaves the old file alone. */
    g_assert_true(g_file_set_contents(path, "old", -1, NULL));
    options.view = BTBB_VIEW_IO;
    options.interval_ns = 2 * SECOND;
    g_assert_false(btbb_print(&options, &(struct btbb_source){.totals = totals}, stdout, &error));
    g_clear_pointer(&error, g_free);
    text = contents(path);
    g_assert_cmpstr(text, ==, "old");
    g_free(text);
    g_assert_cmpint(g_remove(link), ==, 0);
    g_assert_cmpint(g_remove(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0); /* empty: no temporary file was left */
    btbb_options_clear(&options);
    g_free(link);
    g_free(path);
    g_free(folder);
    btbb_totals_free(totals);
}

static void test_file_errors(void)
{
    static const struct {
        const char *path;
        const char *error;
    } cases[] = {
        {"/nonexistent/x.csv", "cannot write \"/nonexistent/x.csv\": No such file or directory"},
        {"/", "cannot write \"/\": Is a directory"},
    };
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    struct btbb_options options;
    char *error = NULL;

    btbb_options_init(&options, BTBB_VIEW_LAP);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        options.file = g_strdup(cases[i].path);
        g_assert_false(btbb_print_probe(&options, NULL, &error));
        g_assert_cmpstr(error, ==, cases[i].error);
        g_clear_pointer(&error, g_free);
        btbb_options_clear(&options);
    }
    options.file = g_strdup("/dev/full");
    g_assert_true(btbb_print_probe(&options, NULL, &error));
    g_assert_false(btbb_print(&options, &(struct btbb_source){.totals = totals}, stdout, &error));
    g_assert_cmpstr(error, ==, "cannot write \"/dev/full\": No space left on device");
    g_free(error);
    btbb_options_clear(&options);
    btbb_totals_free(totals);
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "UTC", TRUE);
    g_test_init(&argc, &argv, NULL);
    if (argc != 2) {
        g_printerr("usage: test-print GOLDEN_FOLDER\n");
        return 2;
    }
    golden_folder = argv[1];
    g_test_add_func("/print/views", test_prints);
    g_test_add_func("/print/empty", test_empty);
    g_test_add_func("/print/links", test_links);
    g_test_add_func("/print/piconets", test_piconets);
    g_test_add_func("/print/names", test_names);
    g_test_add_func("/print/width", test_width);
    g_test_add_func("/print/refused", test_refused);
    g_test_add_func("/print/not_collected", test_not_collected);
    g_test_add_func("/print/local_time", test_local_time);
    g_test_add_func("/print/time-zones", test_time_zones);
    g_test_add_func("/print/file", test_file);
    g_test_add_func("/print/file_errors", test_file_errors);
    return g_test_run();
}
