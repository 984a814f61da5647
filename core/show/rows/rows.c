/* rows.c: totals + options -> rows; shared by all views.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

#include <inttypes.h>
#include <string.h>

#include "count/time-zone.h"
#include "decode/printable.h"

/* Keys of series, of which there may be a million, are allocated in blocks of so many bytes. */
#define WORDS_BYTES 1024

/* The most that a table shows of a name. */
#define TABLE_NAME_CHARACTERS 24

static bool (*const makers[BTBB_VIEW_COUNT])(struct btbb_rows *, char **) = {
    [BTBB_VIEW_SUMMARY] = btbb_rows_summary,
    [BTBB_VIEW_LAP] = btbb_rows_lap,
    [BTBB_VIEW_TYPE] = btbb_rows_type,
    [BTBB_VIEW_LAP_TYPE] = btbb_rows_lap_type,
    [BTBB_VIEW_IO] = btbb_rows_io,
    [BTBB_VIEW_CHANNEL] = btbb_rows_channel,
    [BTBB_VIEW_SIGNAL] = btbb_rows_signal,
    [BTBB_VIEW_VENDORS] = btbb_rows_vendors,
    [BTBB_VIEW_LINKS] = btbb_rows_links,
    [BTBB_VIEW_FINDINGS] = btbb_rows_findings,
    [BTBB_VIEW_TIMELINE] = btbb_rows_timeline,
    [BTBB_VIEW_PICONETS] = btbb_rows_piconets,
};

static void add_column(struct btbb_rows *rows, const struct btbb_column_info *info)
{
    struct btbb_column column = {.key = info->key,
                                 .title = info->title,
                                 .kind = info->kind,
                                 .only = info->only,
                                 .bar = info->bar,
                                 .rare = info->rare,
                                 .rest = info->rest};

    g_array_append_val(rows->state->columns, column);
}

void btbb_rows_column(struct btbb_rows *rows, const char *key)
{
    add_column(rows, btbb_column_find(rows->state->options.view, key));
}

void btbb_rows_columns(struct btbb_rows *rows)
{
    const struct btbb_columns *columns = &btbb_columns[rows->state->options.view];

    for (size_t i = 0; i < columns->count; i++)
        if (strcmp(columns->columns[i].key, BTBB_COLUMN_SERIES) != 0)
            add_column(rows, &columns->columns[i]);
}

void btbb_rows_series(struct btbb_rows *rows, const char *key, uint64_t total)
{
    const char *kept = g_string_chunk_insert(rows->state->words, key);
    struct btbb_column column = {.key = kept, .title = kept, .kind = BTBB_VALUE_COUNT, .series = true, .total = total};

    g_array_append_val(rows->state->columns, column);
}

void btbb_rows_note(struct btbb_rows *rows, uint64_t count, const char *one, const char *many)
{
    if (count > 0)
        g_ptr_array_add(rows->state->notes, g_strdup_printf("%" PRIu64 " %s", count, count == 1 ? one : many));
}

void btbb_rows_note_undecoded(struct btbb_rows *rows, uint64_t undecoded)
{
    btbb_rows_note(rows, rows->state->ids ? 0 : undecoded, "packet is not counted: its header is not decoded",
                   "packets are not counted: their headers are not decoded");
}

const char *btbb_series_name(uint32_t series)
{
    static const char *const type_names[BTBB_TYPES] = BTBB_TYPE_NAMES;

    return series < BTBB_TYPES ? type_names[series] : series == BTBB_SERIES_ID ? "ID" : "undecoded";
}

int64_t btbb_rows_span(int64_t first_ns, int64_t last_ns)
{
    const uint64_t ns = (uint64_t)last_ns - (uint64_t)first_ns;

    return ns > INT64_MAX ? INT64_MAX : (int64_t)ns;
}

void btbb_rows_address(struct btbb_rows_state *state, uint32_t lap, const struct btbb_client_address *address)
{
    btbb_lap_text(lap, state->lap);
    btbb_uap_text(address->uap, state->uap);
    btbb_nap_text(address->nap, state->nap);
}

const char *btbb_rows_client_text(const struct btbb_client *client, char text[BTBB_LAP_TEXT_BYTES])
{
    return btbb_lap_text((uint32_t)client->key, text);
}

static void fill_from_values(struct btbb_rows *rows, size_t row)
{
    const struct btbb_value *values = rows->state->more;

    memcpy(rows->state->values, values + row * rows->column_count, rows->column_count * sizeof *values);
}

void btbb_rows_show(struct btbb_rows *rows, struct btbb_value *values, size_t row_count)
{
    rows->row_count = row_count;
    rows->state->more = values;
    rows->state->free_more = g_free;
    rows->state->fill = fill_from_values;
}

bool btbb_rows_append_name(GString *text, const struct btbb_name *name, size_t most)
{
    char printable[BTBB_PRINTABLE_BYTES(BTBB_LMP_NAME_BYTES)];

    if (!name)
        return false;
    btbb_printable(name->bytes, name->length, most, printable, sizeof printable);
    g_string_append(text, printable);
    return true;
}

const char *btbb_rows_name(struct btbb_rows_state *state, uint32_t lap)
{
    const size_t most = state->options.format == BTBB_OUTPUT_TABLE ? TABLE_NAME_CHARACTERS : BTBB_PRINTABLE_ALL;

    g_string_truncate(state->name, 0);
    for (size_t i = state->source.capture_count; i > 0; i--) {
        const struct btbb_device_names *names = state->source.captures[i - 1].names;

        if (names && btbb_rows_append_name(state->name, btbb_device_names_best(names, lap), most))
            return state->name->str;
    }
    return NULL;
}

static bool has_connections(const struct btbb_options *options, const struct btbb_source *source)
{
    bool all = source->captures != NULL;

    for (size_t i = 0; i < source->capture_count; i++)
        all = all && source->captures[i].log &&
              (source->captures[i].log->timeline || options->view != BTBB_VIEW_TIMELINE);
    return all;
}

static bool has_clocks(const struct btbb_source *source)
{
    bool all = source->captures != NULL;

    for (size_t i = 0; i < source->capture_count; i++)
        all = all && source->captures[i].clocks;
    return all;
}

/* Returns false and sets *error when `source` does not have what the view needs. */
static bool is_collected(const struct btbb_options *options, const struct btbb_source *source, char **error)
{
    const struct btbb_totals *totals = source->totals;
    uint32_t needs = btbb_totals_needs(options);

    if (btbb_view_is_of_links(options->view)) {
        if (has_connections(options, source))
            return true;
        *error = g_strdup_printf("%s shows connections, which were not collected", btbb_views[options->view].name);
        return false;
    }
    if (options->view == BTBB_VIEW_PICONETS) {
        if (has_clocks(source))
            return true;
        *error = g_strdup("piconets shows clocks, which were not collected");
        return false;
    }
    if (!totals || (totals->needs & needs) != needs)
        *error = g_strdup_printf("the totals do not hold what %s shows", btbb_views[options->view].name);
    else if ((totals->needs ^ needs) & BTBB_NEED_SIGNAL_CELLS && options->view == BTBB_VIEW_IO)
        *error = g_strdup("the totals do not hold what io shows: signal levels and packets are collected apart");
    else if (options->view == BTBB_VIEW_IO && options->interval_ns != totals->interval_ns)
        *error = g_strdup("the totals were collected over another interval");
    else if (!makers[options->view])
        *error = g_strdup_printf("%s has no rows", btbb_views[options->view].name);
    else
        return true;
    return false;
}

static struct btbb_rows *new_rows(const struct btbb_options *options, const struct btbb_source *source)
{
    struct btbb_rows *rows = g_new0(struct btbb_rows, 1);
    struct btbb_rows_state *state = g_new0(struct btbb_rows_state, 1);

    rows->title = btbb_views[options->view].title;
    rows->state = state;
    state->options = *options;
    state->options.file = state->options.filter = NULL;
    state->source = *source;
    state->totals = source->totals;
    state->vendors = source->vendors;
    state->name = g_string_new(NULL);
    state->ids = btbb_options_ids(options);
    state->words = g_string_chunk_new(WORDS_BYTES);
    state->columns = g_array_new(FALSE, FALSE, sizeof(struct btbb_column));
    state->notes = g_ptr_array_new();
    return rows;
}

/* What is left out of all views of counts. */
static void note_lost(struct btbb_rows *rows)
{
    const struct btbb_totals *totals = rows->state->totals;

    btbb_rows_note(rows, rows->state->options.view == BTBB_VIEW_SUMMARY ? 0 : totals->no_lap,
                   "frame too short to name its LAP is not counted",
                   "frames too short to name their LAP are not counted");
    btbb_rows_note(rows, totals->lost, "packet is not counted: a table is full",
                   "packets are not counted: a table is full");
}

struct btbb_rows *btbb_rows_new(const struct btbb_options *options, const struct btbb_source *source, char **error)
{
    if (!is_collected(options, source, error))
        return NULL;
    btbb_time_zone_refresh();

    struct btbb_rows *rows = new_rows(options, source);
    struct btbb_rows_state *state = rows->state;
    bool made = makers[options->view](rows, error);

    if (!btbb_view_has_no_totals(options->view))
        note_lost(rows);
    rows->column_count = state->columns->len;
    rows->columns = (struct btbb_column *)(void *)g_array_free(state->columns, FALSE);
    rows->note_count = state->notes->len;
    rows->notes = (char **)g_ptr_array_free(state->notes, FALSE);
    state->values = g_new0(struct btbb_value, rows->column_count);
    if (made)
        return rows;
    btbb_rows_free(rows);
    return NULL;
}

void btbb_rows_free(struct btbb_rows *rows)
{
    if (!rows)
        return;
    g_free(rows->columns);
    g_string_chunk_free(rows->state->words);
    for (size_t i = 0; i < rows->note_count; i++)
        g_free(rows->notes[i]);
    g_free(rows->notes);
    if (rows->state->free_more)
        rows->state->free_more(rows->state->more);
    g_string_free(rows->state->name, TRUE);
    g_free(rows->state->chosen.numbers);
    g_free(rows->state->values);
    g_free(rows->state);
    g_free(rows);
}

const struct btbb_value *btbb_rows_next(struct btbb_rows *rows)
{
    struct btbb_rows_state *state = rows->state;

    if (state->next == rows->row_count)
        return NULL;
    state->fill(rows, state->next++);
    return state->values;
}

void btbb_rows_rewind(struct btbb_rows *rows)
{
    rows->state->next = 0;
}
