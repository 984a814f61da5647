/* test-options.c: the argument of -z, and the tables that it is read by.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "count/options.h"

#define VIEWS                                                                                                          \
    "summary, lap, type, lap-type, io, channel, signal, vendors, links, findings, timeline, piconets, report, packets"

/* Arguments that are refused, and the whole message. */
static const struct {
    const char *argument;
    const char *message;
} refused[] = {
    {"", "a view is missing; valid: " VIEWS},
    {",min=2", "a view is missing; valid: " VIEWS},
    {"lapx", "there is no view \"lapx\"; valid: " VIEWS},
    {"la", "there is no view \"la\"; valid: " VIEWS},
    {"LAP", "there is no view \"LAP\"; valid: " VIEWS},
    {"lap,mim=2", "lap has no key \"mim\"; valid: min, top, sort, ids, lap, from, to, clock, keys, format, file"},
    {"lap,min=2,x=3,btbb",
     "lap has no key \"x\"; valid: min, top, sort, ids, lap, from, to, clock, keys, format, file"},
    {"lap,interval=1",
     "lap has no key \"interval\"; valid: min, top, sort, ids, lap, from, to, clock, keys, format, file"},
    {"summary,min=2", "summary has no key \"min\"; valid: lap, from, to, clock, format, file"},
    {"report,format=csv,file=x",
     "report has no key \"format\"; valid: min, top, interval, lap, from, to, clock, keys, file"},
    {"report", "report needs file=FILE.html"},
    {"report,btbb", "report needs file=FILE.html"},
    {"lap,min=", "\"\" is not a valid value for min; valid: N (1 or more)"},
    {"lap,min=0", "\"0\" is not a valid value for min; valid: N (1 or more)"},
    {"lap,min=-1", "\"-1\" is not a valid value for min; valid: N (1 or more)"},
    {"lap,min=2x", "\"2x\" is not a valid value for min; valid: N (1 or more)"},
    {"lap,min= 2", "\" 2\" is not a valid value for min; valid: N (1 or more)"},
    {"lap,min=99999999999999999999", "\"99999999999999999999\" is not a valid value for min; valid: N (1 or more)"},
    {"lap,top=0", "\"0\" is not a valid value for top; valid: N (1 or more)"},
    {"lap,sort=LAP", "\"LAP\" is not a valid value for sort; valid: packets|lap|first"},
    {"lap,ids=maybe", "\"maybe\" is not a valid value for ids; valid: yes|no"},
    {"lap,format=xml", "\"xml\" is not a valid value for format; valid: table|csv|json|ndjson|sqlite"},
    {"lap,file=", "\"\" is not a valid value for file; valid: path (without a comma)"},
    {"io,by=uap", "\"uap\" is not a valid value for by; valid: none|lap|type|channel"},
    {"io,interval=0", "\"0\" is not a valid value for interval; valid: seconds (0.001 or more)"},
    {"io,interval=0.0009", "\"0.0009\" is not a valid value for interval; valid: seconds (0.001 or more)"},
    {"io,interval=1e3", "\"1e3\" is not a valid value for interval; valid: seconds (0.001 or more)"},
    {"io,interval=.5", "\".5\" is not a valid value for interval; valid: seconds (0.001 or more)"},
    {"io,interval=-1", "\"-1\" is not a valid value for interval; valid: seconds (0.001 or more)"},
    {"io,interval=0.0010000001", "\"0.0010000001\" is not a valid value for interval; valid: seconds (0.001 or more)"},
    {"io,interval=99999999999", "\"99999999999\" is not a valid value for interval; valid: seconds (0.001 or more)"},
    {"lap,lap=48:31", "\"48:31\" is not a valid value for lap; valid: address (LAP, BD_ADDR, or two joined by /)"},
    {"lap,lap=48:31:dd/",
     "\"48:31:dd/\" is not a valid value for lap; valid: address (LAP, BD_ADDR, or two joined by /)"},
    {"lap,lap=48:31:dg",
     "\"48:31:dg\" is not a valid value for lap; valid: address (LAP, BD_ADDR, or two joined by /)"},
    {"lap,lap=48-31-dd",
     "\"48-31-dd\" is not a valid value for lap; valid: address (LAP, BD_ADDR, or two joined by /)"},
    {"lap,from=noon", "\"noon\" is not a valid value for from; valid: time (seconds since 1970, or ISO 8601)"},
    {"lap,to=99999999999",
     "\"99999999999\" is not a valid value for to; valid: time (seconds since 1970, or ISO 8601)"},
    {"lap,from=2,to=1", "from must be before to"},
    {"lap,from=2,to=2", "from must be before to"},
    {"signal,by=type", "signal has rows by lap or channel only"},
    {"lap,clock=on", "\"on\" is not a valid value for clock; valid: off|auto"},
    {"io,value=signal,by=type", "value=signal has time series by none, lap or channel only"},
    {"io,value=signal,cumulative=yes", "cumulative=yes needs value=packets: signal levels cannot be added up"},
};

static void test_refused(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        struct btbb_options options;
        char *error = NULL;

        g_assert_false(btbb_options_parse(&options, refused[i].argument, &error));
        g_assert_cmpstr(error, ==, refused[i].message);
        g_free(error);
    }
}

/* What is a display filter, and what a key. */
static const struct {
    const char *argument;
    const char *filter;
} filters[] = {
    {"lap", NULL},
    {"lap,", NULL},
    {"lap, ", NULL},
    {"lap,min=3", NULL},
    {"lap,btbb.lap == 48:31:dd", "btbb.lap == 48:31:dd"},
    {"lap,btbb.lap==48:31:dd", "btbb.lap==48:31:dd"},
    {"lap,min=3,tcp.port=80", "tcp.port=80"},
    {"lap,btbb.type in {1, 3}", "btbb.type in {1, 3}"},
    {"lap,btbb.type in {1,3},min=5", "btbb.type in {1,3},min=5"},
    {"io,by=lap,frame.number <= 300", "frame.number <= 300"},
    {"lap,frame==1", "frame==1"},
    {"lap,frame contains \"a=b,c\"", "frame contains \"a=b,c\""},
    {"lap,min=3,,x", ",x"},
    {"lap,min =3", "min =3"},
    {"lap,2b=3", "2b=3"},
};

static void test_filters(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
        struct btbb_options options;
        char *error = NULL;

        g_assert_true(btbb_options_parse(&options, filters[i].argument, &error));
        g_assert_cmpstr(options.filter, ==, filters[i].filter);
        btbb_options_clear(&options);
    }
}

static void parse(struct btbb_options *options, const char *argument)
{
    char *error = NULL;

    g_assert_true(btbb_options_parse(options, argument, &error));
    g_assert_null(error);
}

static void test_values(void)
{
    struct btbb_options options;

    parse(&options,
          "io,min=3,top=5,sort=first,ids=no,interval=0.25,by=lap,cumulative=yes,format=json,file=a b.json,btbb");
    g_assert_cmpint(options.view, ==, BTBB_VIEW_IO);
    g_assert_cmpuint(options.min, ==, 3);
    g_assert_cmpuint(options.top, ==, 5);
    g_assert_cmpint(options.sort, ==, BTBB_SORT_FIRST);
    g_assert_false(btbb_options_ids(&options));
    g_assert_cmpint(options.interval_ns, ==, 250000000);
    g_assert_cmpint(options.by, ==, BTBB_BY_LAP);
    g_assert_true(options.cumulative);
    g_assert_cmpint(options.format, ==, BTBB_OUTPUT_JSON);
    g_assert_cmpstr(options.file, ==, "a b.json");
    g_assert_cmpstr(options.filter, ==, "btbb");
    btbb_options_clear(&options);
    btbb_options_clear(&options);
    parse(&options, "io,interval=0.001");
    g_assert_cmpint(options.interval_ns, ==, BTBB_INTERVAL_MIN_NS);
    parse(&options, "io,interval=3600.000000001");
    g_assert_cmpint(options.interval_ns, ==, INT64_C(3600000000001));
    parse(&options, "lap,file=a,file=b");
    g_assert_cmpstr(options.file, ==, "b");
    btbb_options_clear(&options);
}

static void test_selection(void)
{
    static const uint32_t laps[] = {0x4831dd, 0x9e8b33, 0xed1d9c, 0xffffff};
    struct btbb_options options;

    parse(&options, "lap,lap=ED:1D:9C,lap=00:11:61:48:31:dd,lap=9e:8b:33/ff:ff:ff,from=1.5,to=1970-01-01T00:00:03Z");
    g_assert_cmpmem(options.selection.laps, options.selection.lap_count * sizeof *laps, laps, sizeof laps);
    g_assert_cmpint(options.selection.from_ns, ==, 1500000000);
    g_assert_cmpint(options.selection.to_ns, ==, INT64_C(3000000000));
    btbb_options_clear(&options);
    /* Local time, which is UTC here; a UTC offset; a fraction. */
    parse(&options, "lap,from=2012-06-13 21:06:11.25,to=2012-06-13T23:06:11+01:00");
    g_assert_cmpint(options.selection.from_ns, ==, INT64_C(1339621571250000000));
    g_assert_cmpint(options.selection.to_ns, ==, INT64_C(1339625171000000000));
    g_assert_null(options.filter);
    btbb_options_clear(&options);
    /* The beginning of a day and of a minute; addresses without colons. */
    parse(&options, "lap,from=2012-06-13,to=2012-06-13T21:06,lap=ed1d9c/0011614831DD");
    g_assert_cmpint(options.selection.from_ns, ==, INT64_C(1339545600000000000));
    g_assert_cmpint(options.selection.to_ns, ==, INT64_C(1339621560000000000));
    g_assert_cmpuint(options.selection.lap_count, ==, 2);
    g_assert_cmpmem(options.selection.laps, sizeof *laps, &laps[0], sizeof *laps);
    g_assert_cmpmem(options.selection.laps + 1, sizeof *laps, &laps[2], sizeof *laps);
    btbb_options_clear(&options);
}

/* Defaults: of `min`, and of counting access codes, also when `by` comes behind `ids`. */
static void test_defaults(void)
{
    static const struct {
        const char *argument;
        uint64_t min;
        bool ids;
    } defaults[] = {
        {"summary", 1, true},
        {"lap", 2, true},
        {"type", 1, false},
        {"lap-type", 1, false},
        {"io", 1, true},
        {"io,by=lap", 1, true},
        {"io,by=type", 1, false},
        {"io,by=channel", 1, true},
        {"vendors", 1, true},
        {"channel", 1, true},
        {"io,ids=yes,by=type", 1, true},
        {"io,by=type,ids=yes", 1, true},
        {"lap,ids=no", 2, false},
        {"report,file=x", 2, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++) {
        struct btbb_options options;

        parse(&options, defaults[i].argument);
        g_assert_cmpuint(options.min, ==, defaults[i].min);
        g_assert_cmpint(btbb_options_ids(&options), ==, defaults[i].ids);
        g_assert_cmpuint(options.top, ==, 0);
        g_assert_cmpint(options.interval_ns, ==, BTBB_INTERVAL_DEFAULT_NS);
        g_assert_cmpint(options.format, ==, BTBB_OUTPUT_TABLE);
        btbb_options_clear(&options);
    }
}

/* One key at a time, as the companion command sets them; a refused value leaves the old one. */
static void test_set(void)
{
    struct btbb_options options;
    char *error = NULL;

    btbb_options_init(&options, BTBB_VIEW_LAP);
    g_assert_true(btbb_options_set(&options, "min", "7", &error));
    g_assert_false(btbb_options_set(&options, "min", "x", &error));
    g_assert_cmpstr(error, ==, "\"x\" is not a valid value for min; valid: N (1 or more)");
    g_free(error);
    g_assert_cmpuint(options.min, ==, 7);
    g_assert_true(btbb_options_set(&options, "file", "with,comma", &error));
    g_assert_cmpstr(options.file, ==, "with,comma");
    btbb_options_clear(&options);
}

static bool has_text(const char *text)
{
    return text && *text;
}

/* The tables are complete, every key is taken by a view, and every word of a key is accepted where it is valid. */
static void test_tables(void)
{
    uint32_t taken = 0;

    for (int view = 0; view < BTBB_VIEW_COUNT; view++) {
        g_assert_true(has_text(btbb_views[view].name));
        g_assert_true(has_text(btbb_views[view].title));
        g_assert_true(has_text(btbb_views[view].help));
        g_assert_cmpint(btbb_view_find(btbb_views[view].name, strlen(btbb_views[view].name)), ==, view);
        taken |= btbb_views[view].keys;
    }
    g_assert_cmpuint(taken, ==, (1u << BTBB_KEY_COUNT) - 1);
    for (int key = 0; key < BTBB_KEY_COUNT; key++) {
        g_assert_true(has_text(btbb_keys[key].name) && has_text(btbb_keys[key].values));
        g_assert_true(has_text(btbb_keys[key].fallback) && has_text(btbb_keys[key].help));
        for (int word = 0; btbb_keys[key].words && btbb_keys[key].words[word]; word++) {
            struct btbb_options options;
            char *error = NULL;

            g_assert_nonnull(strstr(btbb_keys[key].values, btbb_keys[key].words[word]));
            btbb_options_init(&options, BTBB_VIEW_IO);
            g_assert_true(btbb_options_set(&options, btbb_keys[key].name, btbb_keys[key].words[word], &error));
        }
    }
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "UTC", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/options/refused", test_refused);
    g_test_add_func("/options/filters", test_filters);
    g_test_add_func("/options/values", test_values);
    g_test_add_func("/options/selection", test_selection);
    g_test_add_func("/options/defaults", test_defaults);
    g_test_add_func("/options/set", test_set);
    g_test_add_func("/options/tables", test_tables);
    return g_test_run();
}
