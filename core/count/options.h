/* options.h: what a statistic is asked for: a view and its keys, from one table.
 *
 *     VIEW[,key=value]...[,display filter]
 *
 * A key is [a-z]+ directly followed by one '='. The first part that is no key=value, and everything behind it, commas
 * included, is the display filter. Every error is a text for the user, one line without a full stop, which the caller
 * frees with g_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_OPTIONS_H
#define BTBB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum btbb_view {
    BTBB_VIEW_SUMMARY,
    BTBB_VIEW_LAP,
    BTBB_VIEW_TYPE,
    BTBB_VIEW_LAP_TYPE,
    BTBB_VIEW_IO,
    BTBB_VIEW_CHANNEL,
    BTBB_VIEW_VENDORS,
    BTBB_VIEW_REPORT,
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
    BTBB_KEY_FORMAT,
    BTBB_KEY_FILE,
    BTBB_KEY_COUNT
};

/* The values below stand in the order of the words of their key, see btbb_keys. */
enum btbb_sort { BTBB_SORT_PACKETS, BTBB_SORT_LAP, BTBB_SORT_FIRST };
enum btbb_by { BTBB_BY_NONE, BTBB_BY_LAP, BTBB_BY_TYPE, BTBB_BY_CHANNEL };
enum btbb_output_format { BTBB_OUTPUT_TABLE, BTBB_OUTPUT_CSV, BTBB_OUTPUT_JSON };

struct btbb_view_info {
    const char *name;  /* "lap-type", as in `-z btbb,lap-type` */
    const char *title; /* for menus and headings: "BTBB Clients x Types" without the "BTBB " */
    const char *help;  /* one line, no full stop */
    uint32_t keys;     /* the keys it takes: 1u << enum btbb_key */
};

struct btbb_key_info {
    const char *name;
    const char *values;       /* valid values, for people: "yes|no", "N (1 or more)", "seconds, 0.001 or more" */
    const char *fallback;     /* the default, for people */
    const char *help;         /* one line, no full stop */
    const char *const *words; /* the valid words, NULL-terminated; NULL when the value is no word */
};

/* The one table of views and keys: parser, error messages, documentation checks and the companion command use it. */
extern const struct btbb_view_info btbb_views[BTBB_VIEW_COUNT];
extern const struct btbb_key_info btbb_keys[BTBB_KEY_COUNT];

#define BTBB_INTERVAL_DEFAULT_NS INT64_C(1000000000)
#define BTBB_INTERVAL_MIN_NS     INT64_C(1000000)

struct btbb_options {
    enum btbb_view view;
    uint64_t min; /* clients with fewer packets are not shown; 1 or more */
    uint64_t top; /* this many clients (or types, channels) are shown, the rest summed; 0: all */
    enum btbb_sort sort;
    bool ids_given; /* `ids` was set; otherwise btbb_options_ids() knows the default */
    bool ids;
    int64_t interval_ns; /* BTBB_INTERVAL_MIN_NS or more */
    enum btbb_by by;
    bool cumulative;
    enum btbb_output_format format;
    char *file;   /* where to write; NULL: the caller's stream */
    char *filter; /* display filter; NULL: none */

    /* No key sets it; whoever knows it may, with memory that g_free() frees. For the heading of the report. */
    char *capture; /* name of what is counted, for people; NULL: not known */
};

/* The defaults of a view. Frees nothing: meant for a fresh struct. */
void btbb_options_init(struct btbb_options *options, enum btbb_view view);

/* Free what the struct owns. Harmless on an initialised or already cleared one. */
void btbb_options_clear(struct btbb_options *options);

/* Initialise `options` from the text above. On false *error is set and nothing is to be cleared. */
bool btbb_options_parse(struct btbb_options *options, const char *text, char **error);

/* Set one key, as for --key=value. The view must be set. Keeps the old value on false. */
bool btbb_options_set(struct btbb_options *options, const char *key, const char *value, char **error);

/* What must hold between keys (the report needs a file): ask after the last btbb_options_set(); parse asks itself. */
bool btbb_options_check(const struct btbb_options *options, char **error);

/* Whether access codes (and headers that nothing proves) are counted: the key, or the default of view and `by`. */
bool btbb_options_ids(const struct btbb_options *options);

/* View of this name; BTBB_VIEW_COUNT when there is none. `length` bytes are compared. */
enum btbb_view btbb_view_find(const char *name, size_t length);

#endif
