/* options.h: the options of a statistic: a view and its keys, from one table.
 *
 *     VIEW[,key=value]...[,display filter]
 *
 * A key is [a-z]+ directly followed by one '='. The first part that is not key=value starts the display filter, which
 * may contain commas. Every error is one printable line without a full stop; the caller frees it with g_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_OPTIONS_H
#define BTBB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "count/selection.h"

enum btbb_view {
    BTBB_VIEW_SUMMARY,
    BTBB_VIEW_LAP,
    BTBB_VIEW_TYPE,
    BTBB_VIEW_LAP_TYPE,
    BTBB_VIEW_IO,
    BTBB_VIEW_CHANNEL,
    BTBB_VIEW_SIGNAL,
    BTBB_VIEW_VENDORS,
    BTBB_VIEW_LINKS, /* this and the next two: no totals, but the connections of each capture */
    BTBB_VIEW_FINDINGS,
    BTBB_VIEW_TIMELINE,
    BTBB_VIEW_PICONETS, /* no totals: see learn/clock-log.h */
    BTBB_VIEW_REPORT,
    BTBB_VIEW_PACKETS, /* no totals: see show/packets.h */
    BTBB_VIEW_COUNT
};

enum btbb_key {
    BTBB_KEY_MIN,
    BTBB_KEY_TOP,
    BTBB_KEY_SORT,
    BTBB_KEY_IDS,
    BTBB_KEY_INTERVAL,
    BTBB_KEY_BY,
    BTBB_KEY_CUMULATIVE,
    BTBB_KEY_VALUE,
    BTBB_KEY_LAP,
    BTBB_KEY_FROM,
    BTBB_KEY_TO,
    BTBB_KEY_CLOCK,
    BTBB_KEY_COLUMNS,
    BTBB_KEY_KEYS,
    BTBB_KEY_FORMAT,
    BTBB_KEY_FILE,
    BTBB_KEY_COUNT
};

/* In the order of the words of their key, see btbb_keys. */
enum btbb_sort { BTBB_SORT_PACKETS, BTBB_SORT_LAP, BTBB_SORT_FIRST };
enum btbb_by { BTBB_BY_NONE, BTBB_BY_LAP, BTBB_BY_TYPE, BTBB_BY_CHANNEL };
enum btbb_show { BTBB_SHOW_PACKETS, BTBB_SHOW_SIGNAL };
enum btbb_output_format {
    BTBB_OUTPUT_TABLE,
    BTBB_OUTPUT_CSV,
    BTBB_OUTPUT_JSON,
    BTBB_OUTPUT_NDJSON,
    BTBB_OUTPUT_SQLITE
};

struct btbb_view_info {
    const char *name;  /* "lap-type", as in `-z btbb,lap-type` */
    const char *title; /* for menus and headings: "BTBB Clients x Types" without the "BTBB " */
    const char *help;  /* one line, no full stop */
    uint32_t keys;     /* its keys: 1u << enum btbb_key */
};

struct btbb_key_info {
    const char *name;
    const char *values;       /* valid values as text: "yes|no", "N (1 or more)" */
    const char *fallback;     /* the default as text */
    const char *help;         /* one line, no full stop */
    const char *const *words; /* the valid words, NULL-terminated; NULL when the value is not a word */
};

/* The one table of views and keys. Parser, error messages, documents and the command line use it. */
extern const struct btbb_view_info btbb_views[BTBB_VIEW_COUNT];
extern const struct btbb_key_info btbb_keys[BTBB_KEY_COUNT];

#define BTBB_INTERVAL_DEFAULT_NS INT64_C(1000000000)
#define BTBB_INTERVAL_MIN_NS     INT64_C(1000000)

struct btbb_options {
    enum btbb_view view;
    uint64_t min; /* clients with fewer packets are not shown; 1 or more */
    uint64_t top; /* this many clients (or types, channels) are shown, the rest summed; 0: all */
    enum btbb_sort sort;
    bool clock;
    bool ids_given; /* `ids` was set; otherwise the default of btbb_options_ids() applies */
    bool ids;
    int64_t interval_ns; /* BTBB_INTERVAL_MIN_NS or more */
    enum btbb_by by;
    bool cumulative;
    enum btbb_show value;            /* io: what is shown per interval */
    struct btbb_selection selection; /* the keys lap, from and to */
    char *columns;                   /* packets: names of columns, joined by ":"; NULL: all */
    char *keys;                      /* path of a key file (crypt/key-file.h); NULL: none */
    enum btbb_output_format format;
    char *file;   /* where to write; NULL: the caller's stream */
    char *filter; /* display filter; NULL: none */

    /* Name of the capture for the heading of the report; NULL: not known. Set by the caller, not by a key; freed by
     * btbb_options_clear(). */
    char *capture;
};

/* Set the defaults of a view. Does not free anything: for a new struct. */
void btbb_options_init(struct btbb_options *options, enum btbb_view view);

/* Free what the struct owns. May be called again. */
void btbb_options_clear(struct btbb_options *options);

/* Initialise `options` from the text above. Returns false and sets *error; nothing needs to be cleared then. */
bool btbb_options_parse(struct btbb_options *options, const char *text, char **error);

/* Set one key, as for --key=value. `lap` adds a client each time. The view must be set. Returns false, sets *error and
 * keeps the old value when the value is not valid. */
bool btbb_options_set(struct btbb_options *options, const char *key, const char *value, char **error);

/* Check what one key alone cannot show: the report needs a file. Call it after the last btbb_options_set();
 * btbb_options_parse() includes it. Sets *error. */
bool btbb_options_check(const struct btbb_options *options, char **error);

/* Whether a view shows connections, not counts. */
static inline bool btbb_view_is_of_links(enum btbb_view view)
{
    return view >= BTBB_VIEW_LINKS && view <= BTBB_VIEW_TIMELINE;
}

/* Whether a view is made of what is learned of each capture, not of counts. */
static inline bool btbb_view_has_no_totals(enum btbb_view view)
{
    return btbb_view_is_of_links(view) || view == BTBB_VIEW_PICONETS;
}

/* Whether access codes and undecoded headers are counted: the key `ids`, or the default of view and `by`. */
bool btbb_options_ids(const struct btbb_options *options);

/* The view whose name is the `length` bytes at `name`; BTBB_VIEW_COUNT when there is none. */
enum btbb_view btbb_view_find(const char *name, size_t length);

#endif
