/* options.c: the table of views and keys, and its parser.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/options.h"

#include <glib.h>
#include <string.h>

#include "count/printable-copy.h"

#define KEY(name) (1u << BTBB_KEY_##name)
#define SELECTION (KEY(LAP) | KEY(FROM) | KEY(TO) | KEY(CLOCK))
#define OUTPUT    (SELECTION | KEY(FORMAT) | KEY(FILE))
#define DECRYPTED (KEY(KEYS) | OUTPUT) /* views that show more where payloads are decrypted */

const struct btbb_view_info btbb_views[BTBB_VIEW_COUNT] = {
    [BTBB_VIEW_SUMMARY] = {"summary", "Summary", "counts, first and last time and checks of the whole capture", OUTPUT},
    [BTBB_VIEW_LAP] = {"lap", "Clients", "one row per client: address, vendor, packets, direction, times",
                       KEY(MIN) | KEY(TOP) | KEY(SORT) | KEY(IDS) | DECRYPTED},
    [BTBB_VIEW_TYPE] = {"type", "Packet Types", "one row per TYPE of the packets with a header",
                        KEY(TOP) | KEY(IDS) | OUTPUT},
    [BTBB_VIEW_LAP_TYPE] = {"lap-type", "Clients x Types", "one row per client, one column per TYPE",
                            KEY(MIN) | KEY(TOP) | KEY(SORT) | KEY(IDS) | OUTPUT},
    [BTBB_VIEW_IO] = {"io", "Packets over Time", "packets over time, also by client, TYPE or RF channel",
                      KEY(MIN) | KEY(TOP) | KEY(SORT) | KEY(IDS) | KEY(INTERVAL) | KEY(BY) | KEY(CUMULATIVE) |
                          KEY(VALUE) | OUTPUT},
    [BTBB_VIEW_CHANNEL] = {"channel", "RF Channels",
                           "one row per RF channel: packets, signal level, HEC and CRC checks", OUTPUT},
    [BTBB_VIEW_SIGNAL] = {"signal", "Signal Levels", "signal, noise and their distance per client or RF channel",
                          KEY(MIN) | KEY(TOP) | KEY(SORT) | KEY(BY) | OUTPUT},
    [BTBB_VIEW_VENDORS] = {"vendors", "Vendors", "vendor of each client, or all possible vendors for its UAP",
                           KEY(MIN) | KEY(SORT) | OUTPUT},
    [BTBB_VIEW_LINKS] = {"links", "Connections", "one row per connection: devices, pairing, encryption and more",
                         DECRYPTED},
    [BTBB_VIEW_FINDINGS] = {"findings", "Findings", "what is weak about connections, and what is not known of them",
                            DECRYPTED},
    [BTBB_VIEW_TIMELINE] = {"timeline", "Timeline", "LMP PDUs and changes of state of the connections, in order",
                            DECRYPTED},
    [BTBB_VIEW_PICONETS] = {"piconets", "Piconets", "clocks of the piconets, from the file or hops; AFH channel maps",
                            KEY(MIN) | (DECRYPTED & ~KEY(CLOCK))},
    [BTBB_VIEW_REPORT] = {"report", "Report", "all tables and time series as figures in one HTML file",
                          KEY(MIN) | KEY(TOP) | KEY(INTERVAL) | KEY(KEYS) | SELECTION | KEY(FILE)},
    [BTBB_VIEW_PACKETS] = {"packets", "Packets", "one row per packet, in the order of the capture",
                           KEY(COLUMNS) | DECRYPTED},
};

/* In the order of enum btbb_sort, btbb_by, btbb_show and btbb_output_format. */
static const char *const sort_words[] = {"packets", "lap", "first", NULL};
static const char *const by_words[] = {"none", "lap", "type", "channel", NULL};
static const char *const value_words[] = {"packets", "signal", NULL};
static const char *const format_words[] = {"table", "csv", "json", "ndjson", "sqlite", NULL};
static const char *const clock_words[] = {"off", "auto", NULL};
static const char *const switch_words[] = {"no", "yes", NULL};

const struct btbb_key_info btbb_keys[BTBB_KEY_COUNT] = {
    [BTBB_KEY_MIN] = {"min", "N (1 or more)", "2 for lap, piconets and report, otherwise 1",
                      "leave out clients with fewer packets", NULL},
    [BTBB_KEY_TOP] = {"top", "N (1 or more)", "all; 10 curves in a report; in a table as many columns as fit",
                      "show the N with most packets, sum the rest", NULL},
    [BTBB_KEY_SORT] = {"sort", "packets|lap|first", "packets", "order of the clients", sort_words},
    [BTBB_KEY_IDS] = {"ids", "yes|no", "no for type, lap-type and io,by=type, otherwise yes",
                      "count access codes and undecoded headers too", switch_words},
    [BTBB_KEY_INTERVAL] = {"interval", "seconds (0.001 or more)", "1", "length of an interval of a time series", NULL},
    [BTBB_KEY_BY] = {"by", "none|lap|type|channel", "none for io, lap for signal",
                     "one time series or row for each of these", by_words},
    [BTBB_KEY_CUMULATIVE] = {"cumulative", "yes|no", "no", "running sums", switch_words},
    [BTBB_KEY_VALUE] = {"value", "packets|signal", "packets", "count packets, or mean signal level in dBm",
                        value_words},
    [BTBB_KEY_LAP] = {"lap", "address (LAP, BD_ADDR, or two joined by /)", "all clients",
                      "only this client; may be repeated", NULL},
    [BTBB_KEY_FROM] = {"from", "time (seconds since 1970, or ISO 8601)", "the first packet",
                       "only packets at or after this time", NULL},
    [BTBB_KEY_TO] = {"to", "time (seconds since 1970, or ISO 8601)", "no limit", "only packets before this time", NULL},
    [BTBB_KEY_CLOCK] = {"clock", "off|auto", "off", "find clocks that the capture lacks", clock_words},
    [BTBB_KEY_COLUMNS] = {"columns", "names (joined by :, or notebook)", "all; in a table a selection",
                          "these columns in this order", NULL},
    [BTBB_KEY_KEYS] = {"keys", "path (without a comma)", "none", "decrypt payloads with the keys of this file", NULL},
    [BTBB_KEY_FORMAT] = {"format", "table|csv|json|ndjson|sqlite", "table", "a table, or data for programs",
                         format_words},
    [BTBB_KEY_FILE] = {"file", "path (without a comma)", "standard output", "file to write to", NULL},
};

enum btbb_view btbb_view_find(const char *name, size_t length)
{
    int view = 0;

    while (view < BTBB_VIEW_COUNT &&
           (strlen(btbb_views[view].name) != length || memcmp(btbb_views[view].name, name, length) != 0))
        view++;
    return (enum btbb_view)view;
}

void btbb_options_init(struct btbb_options *options, enum btbb_view view)
{
    memset(options, 0, sizeof *options);
    options->view = view;
    options->min = view == BTBB_VIEW_LAP || view == BTBB_VIEW_PICONETS || view == BTBB_VIEW_REPORT ? 2 : 1;
    options->by = view == BTBB_VIEW_SIGNAL ? BTBB_BY_LAP : BTBB_BY_NONE;
    options->interval_ns = BTBB_INTERVAL_DEFAULT_NS;
}

void btbb_options_clear(struct btbb_options *options)
{
    g_clear_pointer(&options->file, g_free);
    g_clear_pointer(&options->filter, g_free);
    g_clear_pointer(&options->capture, g_free);
    g_clear_pointer(&options->columns, g_free);
    g_clear_pointer(&options->keys, g_free);
    btbb_selection_clear(&options->selection);
}

/* "min, top, sort": the keys of a view. */
static char *names_of_keys(enum btbb_view view)
{
    GString *names = g_string_new(NULL);

    for (int key = 0; key < BTBB_KEY_COUNT; key++)
        if (btbb_views[view].keys & 1u << key)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", btbb_keys[key].name);
    return g_string_free(names, FALSE);
}

static char *names_of_views(void)
{
    GString *names = g_string_new(NULL);

    for (int view = 0; view < BTBB_VIEW_COUNT; view++)
        g_string_append_printf(names, "%s%s", view ? ", " : "", btbb_views[view].name);
    return g_string_free(names, FALSE);
}

static bool read_count(const char *text, uint64_t *count)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &value, NULL))
        return false;
    *count = value;
    return true;
}

/* Read seconds in decimal digits, at most nine of them after the point, as nanoseconds. */
static bool read_interval(const char *text, int64_t *interval_ns)
{
    static const int64_t second = INT64_C(1000000000);
    int64_t ns = 0, unit = second;
    const char *at = text;

    for (; g_ascii_isdigit(*at); at++) {
        if (ns > INT64_C(100000000) * second)
            return false;
        ns = ns * 10 + (*at - '0') * second;
    }
    if (at == text)
        return false;
    if (*at == '.')
        for (at++; g_ascii_isdigit(*at) && unit > 1; at++)
            ns += (*at - '0') * (unit /= 10);
    if (*at != '\0' || ns < BTBB_INTERVAL_MIN_NS)
        return false;
    *interval_ns = ns;
    return true;
}

static bool read_word(const char *const *words, const char *text, int *word)
{
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0) {
            *word = i;
            return true;
        }
    }
    return false;
}

static bool read_time(const char *text, bool *given, int64_t *time_ns)
{
    if (!btbb_selection_read_time(text, time_ns))
        return false;
    *given = true;
    return true;
}

static bool read_text(const char *text, char **path)
{
    if (*text == '\0')
        return false;
    g_free(*path);
    *path = g_strdup(text);
    return true;
}

static bool set_value(struct btbb_options *options, enum btbb_key key, const char *value)
{
    int word = 0;

    if (btbb_keys[key].words && !read_word(btbb_keys[key].words, value, &word))
        return false;
    switch (key) {
    case BTBB_KEY_MIN:
        return read_count(value, &options->min);
    case BTBB_KEY_TOP:
        return read_count(value, &options->top);
    case BTBB_KEY_SORT:
        options->sort = (enum btbb_sort)word;
        return true;
    case BTBB_KEY_IDS:
        options->ids_given = true;
        options->ids = word;
        return true;
    case BTBB_KEY_INTERVAL:
        return read_interval(value, &options->interval_ns);
    case BTBB_KEY_BY:
        options->by = (enum btbb_by)word;
        return true;
    case BTBB_KEY_CUMULATIVE:
        options->cumulative = word;
        return true;
    case BTBB_KEY_VALUE:
        options->value = (enum btbb_show)word;
        return true;
    case BTBB_KEY_LAP:
        return btbb_selection_add(&options->selection, value);
    case BTBB_KEY_FROM:
        return read_time(value, &options->selection.has_from, &options->selection.from_ns);
    case BTBB_KEY_TO:
        return read_time(value, &options->selection.has_to, &options->selection.to_ns);
    case BTBB_KEY_CLOCK:
        options->clock = word;
        return true;
    case BTBB_KEY_COLUMNS:
        return read_text(value, &options->columns);
    case BTBB_KEY_KEYS:
        return read_text(value, &options->keys);
    case BTBB_KEY_FORMAT:
        options->format = (enum btbb_output_format)word;
        return true;
    case BTBB_KEY_FILE:
        return read_text(value, &options->file);
    case BTBB_KEY_COUNT:
        break;
    }
    return false;
}

bool btbb_options_set(struct btbb_options *options, const char *key, const char *value, char **error)
{
    const struct btbb_view_info *view = &btbb_views[options->view];

    for (int k = 0; k < BTBB_KEY_COUNT; k++) {
        if (!(view->keys & 1u << k) || strcmp(btbb_keys[k].name, key) != 0)
            continue;
        if (set_value(options, (enum btbb_key)k, value))
            return true;

        char *shown = btbb_printable_copy(value);

        *error = g_strdup_printf("\"%s\" is not a valid value for %s; valid: %s", shown, key, btbb_keys[k].values);
        g_free(shown);
        return false;
    }

    char *names = names_of_keys(options->view), *shown = btbb_printable_copy(key);

    *error = g_strdup_printf("%s has no key \"%s\"; valid: %s", view->name, shown, names);
    g_free(shown);
    g_free(names);
    return false;
}

bool btbb_options_check(const struct btbb_options *options, char **error)
{
    const char *problem = NULL;

    if (options->view == BTBB_VIEW_REPORT && !options->file)
        problem = "report needs file=FILE.html";
    else if (options->view == BTBB_VIEW_SIGNAL && options->by != BTBB_BY_LAP && options->by != BTBB_BY_CHANNEL)
        problem = "signal has rows by lap or channel only";
    else if (options->value == BTBB_SHOW_SIGNAL && options->by == BTBB_BY_TYPE)
        problem = "value=signal has time series by none, lap or channel only";
    else if (options->value == BTBB_SHOW_SIGNAL && options->cumulative)
        problem = "cumulative=yes needs value=packets: signal levels cannot be added up";
    else if (options->selection.has_from && options->selection.has_to &&
             options->selection.from_ns >= options->selection.to_ns)
        problem = "from must be before to";
    else if (options->format == BTBB_OUTPUT_SQLITE && options->view != BTBB_VIEW_PACKETS)
        problem = "format=sqlite is for packets only, which writes clients and channels too";
    else if (options->format == BTBB_OUTPUT_SQLITE && !options->file)
        problem = "format=sqlite needs a file, such as file=packets.db";
    else if (options->format == BTBB_OUTPUT_SQLITE && options->columns)
        problem = "format=sqlite always writes all columns: leave out columns";
    *error = problem ? g_strdup(problem) : *error;
    return !problem;
}

bool btbb_options_ids(const struct btbb_options *options)
{
    if (options->ids_given)
        return options->ids;
    return options->view != BTBB_VIEW_TYPE && options->view != BTBB_VIEW_LAP_TYPE &&
           !(options->view == BTBB_VIEW_IO && options->by == BTBB_BY_TYPE);
}

/* Length of the key when `text` starts with key=, otherwise 0: "a==b" and "a.b=1" are display filters. */
static size_t key_length(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz");

    return length > 0 && text[length] == '=' && text[length + 1] != '=' ? length : 0;
}

/* One part "key=value" of `length` bytes. */
static bool set_part(struct btbb_options *options, const char *part, size_t length, size_t key_bytes, char **error)
{
    char *key = g_strndup(part, key_bytes);
    char *value = g_strndup(part + key_bytes + 1, length - key_bytes - 1);
    bool good = btbb_options_set(options, key, value, error);

    g_free(key);
    g_free(value);
    return good;
}

/* The error for a view that does not exist; `name` may be empty. Frees it. */
static char *view_error(char *name)
{
    char *names = names_of_views(), *shown = btbb_printable_copy(name);
    char *error = *name ? g_strdup_printf("there is no view \"%s\"; valid: %s", shown, names)
                        : g_strdup_printf("a view is missing; valid: %s", names);

    g_free(shown);
    g_free(names);
    g_free(name);
    return error;
}

bool btbb_options_parse(struct btbb_options *options, const char *text, char **error)
{
    size_t length = strcspn(text, ",");
    enum btbb_view view = btbb_view_find(text, length);
    bool good = true;

    if (view == BTBB_VIEW_COUNT) {
        *error = view_error(g_strndup(text, length));
        return false;
    }
    btbb_options_init(options, view);
    for (text += length; good && *text == ','; text += length) {
        size_t key_bytes = key_length(++text);

        if (!key_bytes)
            break;
        length = strcspn(text, ",");
        good = set_part(options, text, length, key_bytes, error);
    }
    if (good && text[strspn(text, " ")] != '\0')
        options->filter = g_strdup(text);
    good = good && btbb_options_check(options, error);
    if (!good)
        btbb_options_clear(options);
    return good;
}
