/* test-print.c: rows and what is printed of them, word for word.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _XOPEN_SOURCE 700

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "records.h"

/* 2012-06-14 01:06:11 UTC. */
#define START 1339635971.0

static const char *name_of(void *data, uint16_t nap, uint8_t uap, uint32_t lap)
{
    (void)data;
    (void)lap;
    return nap == 0x0002 && uap == 0x72 ? "Acme, \"Inc\"" : NULL;
}

static void candidates_of(void *data, uint8_t uap, uint32_t lap, btbb_vendor_each each, void *context)
{
    (void)data;
    (void)lap;
    if (uap != 0x61)
        return;
    each(context, UINT64_C(0x000061000000), 24, "One");
    each(context, UINT64_C(0x70b361a00000), 28, "Two");
}

static const struct btbb_vendors vendors = {.name = name_of, .candidates = candidates_of};

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
    record.id = false;
    record.hec = BTBB_CHECK_BAD;
    add(totals, record, 1);
    record.has_lap = false;
    add(totals, record, 1);
    record = id_record(0xe05555, 0);
    record.has_time = false;
    add(totals, record, 1);
    return totals;
}

/* What views print of the sample. */
static const struct {
    const char *argument;
    const char *text;
} prints[] = {
    {"summary", "Summary                                Value\n"
                "Packets                                1,243\n"
                "Access codes only (ID)                 3\n"
                "With packet header                     1,239\n"
                "With a header that nothing proves      1\n"
                "Retransmissions                        0\n"
                "LAPs                                   4\n"
                "LAPs seen once                         2\n"
                "LAPs with packet header                2\n"
                "First packet                           2012-06-14T01:06:11.500+00:00\n"
                "Last packet                            2012-06-14T01:06:15+00:00\n"
                "Duration (s)                           3.500\n"
                "HEC good                               1,239\n"
                "HEC bad                                1\n"
                "HEC not verified                       0\n"
                "CRC good                               34\n"
                "CRC bad                                0\n"
                "CRC not verified                       0\n"
                "Without time stamp                     1\n"
                "Too short to name a LAP (not counted)  1\n"},
    {"lap", "LAP       UAP  NAP    Vendor       Packets  ID  Header  To Central  From Central  First     Last\n"
            "ed:1d:9c  61   00:00                 1,235   1   1,234          34         1,200  01:06:11  01:06:14\n"
            "e0:55:55  72   00:02  Acme, \"Inc\"        6   1       5           0             0  01:06:14  01:06:14\n"
            "2 clients seen once are not shown\n"
            "5 packets with header have no known direction\n"
            "1 frame too short to name its LAP is not counted\n"
            "Local time, 2012-06-14, UTC+00:00\n"},
    {"lap,format=csv", "lap,uap,nap,vendor,packets,id,non_id,to_master,from_master,first,last\n"
                       "ed:1d:9c,61,00:00,,1235,1,1234,34,1200,1339635971.500,1339635974.250\n"
                       "e0:55:55,72,00:02,\"Acme, \"\"Inc\"\"\",6,1,5,0,0,1339635974.250,1339635974.250\n"},
    {"lap,format=json,min=1,top=2,sort=lap",
     "[\n"
     "{\"lap\": \"e0:55:55\", \"uap\": \"72\", \"nap\": \"00:02\", \"vendor\": \"Acme, \\\"Inc\\\"\", \"packets\": 6, "
     "\"id\": 1, "
     "\"non_id\": 5, \"to_master\": 0, \"from_master\": 0, \"first\": 1339635974.250, \"last\": 1339635974.250},\n"
     "{\"lap\": \"ed:1d:9c\", \"uap\": \"61\", \"nap\": \"00:00\", \"vendor\": null, \"packets\": 1235, \"id\": 1, "
     "\"non_id\": 1234, \"to_master\": 34, \"from_master\": 1200, \"first\": 1339635971.500, \"last\": "
     "1339635974.250},\n"
     "{\"lap\": \"others\", \"uap\": null, \"nap\": null, \"vendor\": null, \"packets\": 2, \"id\": 1, \"non_id\": 0, "
     "\"to_master\": 0, \"from_master\": 0, \"first\": 1339635973, \"last\": 1339635975}\n"
     "]\n"},
    {"lap,min=1,sort=first,ids=no,format=csv",
     "lap,uap,nap,vendor,packets,id,non_id,to_master,from_master,first,last\n"
     "ed:1d:9c,61,00:00,,1234,0,1234,34,1200,1339635971.500,1339635974.250\n"
     "e0:55:55,72,00:02,\"Acme, \"\"Inc\"\"\",5,0,5,0,0,1339635974.250,1339635974.250\n"},
    {"type", "TYPE  Name  Packets     %\n"
             "   1  POLL    1,200  96.9  ##################################################\n"
             "   3  DM1        34   2.7  #\n"
             "   0  NULL        5   0.4\n"
             "1 packet is not counted: nothing proves its header\n"
             "1 frame too short to name its LAP is not counted\n"},
    {"type,ids=yes,top=2,format=csv", "type,name,packets,percent\n"
                                      "1,POLL,1200,96.5406\n"
                                      "3,DM1,34,2.73532\n"
                                      ",others,9,0.724055\n"},
    {"type,ids=yes,format=csv", "type,name,packets,percent\n"
                                "1,POLL,1200,96.5406\n"
                                "3,DM1,34,2.73532\n"
                                "0,NULL,5,0.402253\n"
                                ",ID,3,0.241352\n"
                                ",unproven,1,0.0804505\n"},
    {"lap-type", "LAP       NULL   POLL  DM1  Total\n"
                 "ed:1d:9c     0  1,200   34  1,234\n"
                 "e0:55:55     5      0    0      5\n"
                 "2 clients without packet header are not shown\n"
                 "1 packet is not counted: nothing proves its header\n"
                 "1 frame too short to name its LAP is not counted\n"},
    {"lap-type,ids=yes,min=2,top=1,format=csv", "lap,NULL,POLL,DM1,ID,total\n"
                                                "ed:1d:9c,0,1200,34,1,1235\n"
                                                "others,5,0,0,1,6\n"},
    {"lap-type,min=6,format=json", "[\n{\"lap\": \"ed:1d:9c\", \"POLL\": 1200, \"DM1\": 34, \"total\": 1234}\n]\n"},
    {"io", "Time      Packets\n"
           "01:06:11        1\n"
           "01:06:12    1,200  ##################################################\n"
           "01:06:13        1\n"
           "01:06:14       39  ##\n"
           "01:06:15        1\n"
           "1 packet without time stamp is not shown\n"
           "1 frame too short to name its LAP is not counted\n"
           "Local time, 2012-06-14, UTC+00:00\n"},
    {"io,format=csv,ids=no,cumulative=yes", "epoch,time,packets\n"
                                            "1339635972,2012-06-14T01:06:12+00:00,1200\n"
                                            "1339635973,2012-06-14T01:06:13+00:00,1200\n"
                                            "1339635974,2012-06-14T01:06:14+00:00,1239\n"},
    {"io,by=lap,format=csv,min=5", "epoch,time,ed:1d:9c,e0:55:55\n"
                                   "1339635971,2012-06-14T01:06:11+00:00,1,0\n"
                                   "1339635972,2012-06-14T01:06:12+00:00,1200,0\n"
                                   "1339635973,2012-06-14T01:06:13+00:00,0,0\n"
                                   "1339635974,2012-06-14T01:06:14+00:00,34,5\n"},
    {"io,by=lap,format=csv,top=1,cumulative=yes", "epoch,time,ed:1d:9c,others\n"
                                                  "1339635971,2012-06-14T01:06:11+00:00,1,0\n"
                                                  "1339635972,2012-06-14T01:06:12+00:00,1201,0\n"
                                                  "1339635973,2012-06-14T01:06:13+00:00,1201,1\n"
                                                  "1339635974,2012-06-14T01:06:14+00:00,1235,6\n"
                                                  "1339635975,2012-06-14T01:06:15+00:00,1235,7\n"},
    {"io,by=type,format=json",
     "[\n"
     "{\"epoch\": 1339635972, \"time\": \"2012-06-14T01:06:12+00:00\", \"NULL\": 0, \"POLL\": "
     "1200, \"DM1\": 0},\n"
     "{\"epoch\": 1339635973, \"time\": \"2012-06-14T01:06:13+00:00\", \"NULL\": 0, \"POLL\": 0, "
     "\"DM1\": 0},\n"
     "{\"epoch\": 1339635974, \"time\": \"2012-06-14T01:06:14+00:00\", \"NULL\": 5, \"POLL\": 0, "
     "\"DM1\": 34}\n]\n"},
    {"io,by=type,top=1,format=csv", "epoch,time,POLL,others\n"
                                    "1339635972,2012-06-14T01:06:12+00:00,1200,0\n"
                                    "1339635973,2012-06-14T01:06:13+00:00,0,0\n"
                                    "1339635974,2012-06-14T01:06:14+00:00,0,39\n"},
    {"io,by=channel,format=csv", "epoch,time,2,39\n"
                                 "1339635972,2012-06-14T01:06:12+00:00,0,1200\n"
                                 "1339635973,2012-06-14T01:06:13+00:00,0,0\n"
                                 "1339635974,2012-06-14T01:06:14+00:00,5,34\n"},
    {"channel,format=csv", "channel,packets,percent,signal_mean,signal_max,hec_good,hec_bad,crc_good,crc_bad\n"
                           "39,1234,99.5964,-40.5786,-40,1234,0,34,0\n"
                           "2,5,0.403551,,,5,0,0,0\n"},
    {"vendors,format=csv,min=2", "lap,nap,uap,oui,vendor\n"
                                 "ed:1d:9c,00:00,61,00:00:61,One\n"
                                 "ed:1d:9c,00:00,61,70:b3:61:a0:00:00/28,Two\n"
                                 "e0:55:55,00:02,72,00:02:72,\"Acme, \"\"Inc\"\"\"\n"},
    {"vendors,format=csv,sort=lap", "lap,nap,uap,oui,vendor\n"
                                    "0e:8b:33,00:00,00,,\n"
                                    "12:34:56,00:00,00,,\n"
                                    "e0:55:55,00:02,72,00:02:72,\"Acme, \"\"Inc\"\"\"\n"
                                    "ed:1d:9c,00:00,61,00:00:61,One\n"
                                    "ed:1d:9c,00:00,61,70:b3:61:a0:00:00/28,Two\n"},
};

/* Each twice: printing changes nothing. */
static void test_prints(void)
{
    struct btbb_totals *totals = sample();

    for (size_t i = 0; i < G_N_ELEMENTS(prints); i++) {
        for (int again = 0; again < 2; again++) {
            char *text = print_view(prints[i].argument, totals, &vendors);

            g_assert_cmpstr(text, ==, prints[i].text);
            g_free(text);
        }
    }
    btbb_totals_free(totals);
}

/* A table, and no row, when nothing was counted. */
static void test_empty(void)
{
    static const struct {
        const char *argument;
        const char *text;
    } empty[] = {
        {"lap", "LAP  UAP  NAP  Vendor  Packets  ID  Header  To Central  From Central  First  Last\n"},
        {"lap,format=csv", "lap,uap,nap,vendor,packets,id,non_id,to_master,from_master,first,last\n"},
        {"lap,format=json", "[\n]\n"},
        {"type", "TYPE  Name  Packets  %\n"},
        {"lap-type,format=csv", "lap,total\n"},
        {"io", "Time  Packets\n"},
        {"io,by=lap,format=csv", "epoch,time\n"},
        {"io,by=type,format=csv", "epoch,time\n"},
        {"channel,format=csv", "channel,packets,percent,signal_mean,signal_max,hec_good,hec_bad,crc_good,crc_bad\n"},
        {"vendors,format=csv", "lap,nap,uap,oui,vendor\n"},
    };
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);

    for (size_t i = 0; i < G_N_ELEMENTS(empty); i++) {
        char *text = print_view(empty[i].argument, totals, &vendors);

        g_assert_cmpstr(text, ==, empty[i].text);
        g_free(text);
    }
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
        rows = btbb_rows_new(&options, totals, NULL, &error);
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

static char *contents(const char *path)
{
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
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
    g_assert_true(btbb_print_probe(&options, &error));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_set_contents(path, "old", -1, NULL));
    g_assert_cmpint(g_chmod(path, 0604), ==, 0);
    g_assert_true(btbb_print(&options, totals, NULL, stdout, &error));
    text = contents(path);
    g_assert_true(g_str_has_prefix(text, "type,name,packets,percent\n1,POLL,1200,"));
    g_free(text);
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0604);
    /* A link stays a link. */
    g_assert_cmpint(symlink("out.csv", link), ==, 0);
    g_free(options.file);
    options.file = g_strdup(link);
    g_assert_true(btbb_print(&options, totals, NULL, stdout, &error));
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    /* A view that cannot be shown leaves the old file alone. */
    g_assert_true(g_file_set_contents(path, "old", -1, NULL));
    options.view = BTBB_VIEW_IO;
    options.interval_ns = 2 * SECOND;
    g_assert_false(btbb_print(&options, totals, NULL, stdout, &error));
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
        g_assert_false(btbb_print_probe(&options, &error));
        g_assert_cmpstr(error, ==, cases[i].error);
        g_clear_pointer(&error, g_free);
        btbb_options_clear(&options);
    }
    options.file = g_strdup("/dev/full");
    g_assert_true(btbb_print_probe(&options, &error));
    g_assert_false(btbb_print(&options, totals, NULL, stdout, &error));
    g_assert_cmpstr(error, ==, "cannot write: No space left on device");
    g_free(error);
    btbb_options_clear(&options);
    btbb_totals_free(totals);
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "UTC", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/print/views", test_prints);
    g_test_add_func("/print/empty", test_empty);
    g_test_add_func("/print/width", test_width);
    g_test_add_func("/print/refused", test_refused);
    g_test_add_func("/print/not_collected", test_not_collected);
    g_test_add_func("/print/local_time", test_local_time);
    g_test_add_func("/print/file", test_file);
    g_test_add_func("/print/file_errors", test_file_errors);
    return g_test_run();
}
