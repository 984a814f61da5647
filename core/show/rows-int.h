/* rows-int.h: what the files that make rows share. Nobody else includes it.
 *
 * A view has a maker: it adds its columns and notes, sets row_count and the function that fills row 0, 1, 2, ... in
 * this order (again from 0 after a rewind).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_ROWS_INT_H
#define BTBB_ROWS_INT_H

#include <glib.h>

#include "show/rows.h"

#define BTBB_LAP_TEXT 9 /* "48:31:dd" and its NUL */

/* Clients to be shown, in their order, and the sum of those beyond `top`. */
struct btbb_chosen {
    uint32_t *numbers;
    size_t count;
    bool has_others;
    struct btbb_client others; /* key and address mean nothing */
    uint64_t seldom;           /* clients left out by `min` */
    uint64_t headless;         /* clients without any counted packet, because access codes are not */
};

struct btbb_rows_state {
    struct btbb_options options; /* `file` and `filter` are not used and not owned */
    const struct btbb_totals *totals;
    const struct btbb_vendors *vendors;
    bool ids;
    size_t next;
    struct btbb_value *values;
    void (*fill)(struct btbb_rows *rows, size_t row);
    void (*free_more)(void *more);
    void *more;          /* what only one view needs */
    GArray *columns;     /* while columns are added */
    GStringChunk *words; /* their keys and titles */
    GPtrArray *notes;
    struct btbb_chosen chosen;
    char lap[BTBB_LAP_TEXT], uap[3], nap[6], oui[24];
};

/* Makers: false with *error. */
bool btbb_rows_summary(struct btbb_rows *rows, char **error);
bool btbb_rows_lap(struct btbb_rows *rows, char **error);
bool btbb_rows_type(struct btbb_rows *rows, char **error);
bool btbb_rows_lap_type(struct btbb_rows *rows, char **error);
bool btbb_rows_io(struct btbb_rows *rows, char **error);
bool btbb_rows_channel(struct btbb_rows *rows, char **error);
bool btbb_rows_vendors(struct btbb_rows *rows, char **error);

/* The column is valid until the next one is added. */
struct btbb_column *btbb_rows_column(struct btbb_rows *rows, const char *key, const char *title,
                                     enum btbb_value_kind kind);
struct btbb_column *btbb_rows_series(struct btbb_rows *rows, const char *key, uint64_t total);

/* "N <one>" or "N <many>"; nothing when N is 0. */
void btbb_rows_note(struct btbb_rows *rows, uint64_t count, const char *one, const char *many);

/* Say how many packets with an unproven header are not counted; nothing when they are. */
void btbb_rows_note_unproven(struct btbb_rows *rows, uint64_t unproven);

/* Fill state->chosen by the keys min, top, sort and ids, and note what is left out. */
void btbb_rows_choose(struct btbb_rows *rows);

/* Packets of a client that count. */
uint64_t btbb_rows_packets(const struct btbb_rows_state *state, const struct btbb_client *client);

/* Name of a series: of the TYPE code, "ID" or "unproven". */
const char *btbb_series_name(uint32_t series);
void btbb_lap_text(uint32_t lap, char text[BTBB_LAP_TEXT]);

static inline struct btbb_value btbb_value_none(void)
{
    return (struct btbb_value){.kind = BTBB_VALUE_NONE};
}

static inline struct btbb_value btbb_value_count(uint64_t count)
{
    return (struct btbb_value){.kind = BTBB_VALUE_COUNT, .count = count};
}

static inline struct btbb_value btbb_value_text(const char *text)
{
    return (struct btbb_value){.kind = text ? BTBB_VALUE_TEXT : BTBB_VALUE_NONE, .text = text};
}

static inline struct btbb_value btbb_value_ns(enum btbb_value_kind kind, int64_t ns)
{
    return (struct btbb_value){.kind = kind, .ns = ns};
}

/* part / whole * factor; not known when the whole is 0. */
static inline struct btbb_value btbb_value_ratio(double part, uint64_t whole, double factor)
{
    return whole ? (struct btbb_value){.kind = BTBB_VALUE_REAL, .real = part * factor / (double)whole}
                 : btbb_value_none();
}

#endif
