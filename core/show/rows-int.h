/* rows-int.h: shared by the files that make rows.
 *
 * Each view has a maker. It adds columns and notes, sets row_count and sets the function that fills row 0, 1, 2, ... in
 * this order (from 0 again after a rewind).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_ROWS_INT_H
#define BTBB_ROWS_INT_H

#include <glib.h>

#include "decode/address-text.h"
#include "show/rows.h"

/* The clients that are shown, in their order, and the sum of those that `top` leaves out. */
struct btbb_chosen {
    uint32_t *numbers;
    size_t count;
    bool has_others;
    struct btbb_client others; /* key and address are not used */
    uint64_t below_min;        /* clients left out by `min` */
    uint64_t uncounted;        /* clients without any counted packet, because access codes are not counted */
};

struct btbb_rows_state {
    struct btbb_options options;      /* `file` and `filter` are NULL */
    const struct btbb_totals *totals; /* those of `source`, as `vendors` */
    const struct btbb_vendors *vendors;
    struct btbb_source source;
    bool ids;
    size_t next;
    struct btbb_value *values;
    void (*fill)(struct btbb_rows *rows, size_t row);
    void (*free_more)(void *more);
    void *more;          /* data of one view */
    GArray *columns;     /* until the rows are made */
    GStringChunk *words; /* keys and titles of the series */
    GPtrArray *notes;    /* until the rows are made */
    struct btbb_chosen chosen;
    /* Texts of the current row. */
    char lap[BTBB_LAP_TEXT_BYTES], uap[BTBB_UAP_TEXT_BYTES], nap[BTBB_NAP_TEXT_BYTES], oui[BTBB_PREFIX_TEXT_BYTES];
    GString *name;
};

/* Makers: they return false and set *error. */
bool btbb_rows_summary(struct btbb_rows *rows, char **error);
bool btbb_rows_lap(struct btbb_rows *rows, char **error);
bool btbb_rows_type(struct btbb_rows *rows, char **error);
bool btbb_rows_lap_type(struct btbb_rows *rows, char **error);
bool btbb_rows_io(struct btbb_rows *rows, char **error);
bool btbb_rows_channel(struct btbb_rows *rows, char **error);
bool btbb_rows_signal(struct btbb_rows *rows, char **error);
bool btbb_rows_vendors(struct btbb_rows *rows, char **error);
bool btbb_rows_links(struct btbb_rows *rows, char **error);
bool btbb_rows_findings(struct btbb_rows *rows, char **error);
bool btbb_rows_timeline(struct btbb_rows *rows, char **error);
bool btbb_rows_piconets(struct btbb_rows *rows, char **error);

/* A set of RF channels as a number of 20 hexadecimal digits, channel 0 in the lowest bit: those that are used, or
 * `known` ones. `use`: enum btbb_clock_use. Returns the text. */
#define BTBB_CHANNEL_SET_BYTES 21u
char *btbb_channel_set_text(const uint8_t use[BTBB_CHANNELS], bool known, char text[BTBB_CHANNEL_SET_BYTES]);

/* The time from which a map of a part holds: that of its instant, where the part has a clock, or that of its packet. */
int64_t btbb_afh_holds_from(const struct btbb_clock_part *part, const struct btbb_afh_map *map);

/* Whether the keys lap, from and to select a part of a piconet. */
bool btbb_rows_select_part(const struct btbb_selection *selection, const struct btbb_clock_part *part);

/* Add the column of the view with this key, which must exist. */
void btbb_rows_column(struct btbb_rows *rows, const char *key);

/* Add all columns of the view but the place of its series. */
void btbb_rows_columns(struct btbb_rows *rows);

/* Add one column of the series of a view: a client, TYPE or channel. */
void btbb_rows_series(struct btbb_rows *rows, const char *key, uint64_t total);

/* "N <one>" or "N <many>"; nothing when N is 0. */
void btbb_rows_note(struct btbb_rows *rows, uint64_t count, const char *one, const char *many);

/* Report how many packets are not counted because nothing proves their header; nothing when they are counted. */
void btbb_rows_note_undecoded(struct btbb_rows *rows, uint64_t undecoded);

/* Fill state->chosen according to the keys min, top, sort and ids, and add notes about what is left out. */
void btbb_rows_choose(struct btbb_rows *rows);

/* The chosen client of this index. */
const struct btbb_client *btbb_rows_chosen(const struct btbb_rows_state *state, size_t index);

/* Packets of a client that count. */
uint64_t btbb_rows_packets(const struct btbb_rows_state *state, const struct btbb_client *client);

/* `values`: rows * columns of them, which the rows own from now on and show one row after the other. */
void btbb_rows_show(struct btbb_rows *rows, struct btbb_value *values, size_t row_count);

/* Nanoseconds from a time to a later one, at most INT64_MAX: time stamps of a damaged file can lie 584 years apart. */
int64_t btbb_rows_span(int64_t first_ns, int64_t last_ns);

/* Write the texts of an address to state->lap, uap and nap: `00` and `00:00` for what is not known. */
void btbb_rows_address(struct btbb_rows_state *state, uint32_t lap, const struct btbb_client_address *address);

/* The LAP of a client as text. */
const char *btbb_rows_client_text(const struct btbb_client *client, char text[BTBB_LAP_TEXT_BYTES]);

/* Name of a series: of the TYPE code, "ID" or "undecoded". */
const char *btbb_series_name(uint32_t series);

/* Append the name of a device to `text`, printable, at most `most` characters (0: all). Returns false
 * when there is none. */
bool btbb_rows_append_name(GString *text, const struct btbb_name *name, size_t most);

/* The name of the device with that LAP: of several captures, the last one that has it. Valid until the next call; NULL:
 * not known. */
const char *btbb_rows_name(struct btbb_rows_state *state, uint32_t lap);

#endif
