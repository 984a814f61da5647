/* io.c: the view io: packets over time. Every interval from the first to the last packet is a row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rank.h"
#include "show/rows-int.h"

#include <inttypes.h>
#include <string.h>

#define FIRST_SERIES 2 /* after the columns epoch and time */

/* Most clients that a text table has columns for. Each takes ten characters, so there is room for fewer. Signal levels
 * of clients without a column cannot be summed up, so all columns must fit. */
#define TABLE_CLIENTS        10
#define TABLE_SIGNAL_COLUMNS 6

/* Values of series.numbered that are no column. */
#define NOT_SHOWN UINT32_MAX
#define IN_OTHERS (UINT32_MAX - 1)

struct mean;

struct series {
    uint32_t *steps; /* numbers of its cells that are shown and not zero, ordered by interval */
    size_t count;
    size_t next;        /* the first step of the next row or a later one */
    int64_t first;      /* interval of the first row */
    uint64_t undecoded; /* packets whose header is undecoded */
    uint32_t columns;   /* possible clients, series or channels */
    uint64_t *totals;   /* packets of each */
    uint32_t *numbered; /* column of each, or NOT_SHOWN */
    struct mean *means; /* value=signal: of the current row, per column of `numbered`; otherwise NULL */
};

/* Signal levels of one cell or more. */
struct mean {
    uint64_t signals;
    uint64_t sum; /* above BTBB_SIGNAL_ZERO_DBM */
};

static void free_series(void *more)
{
    struct series *series = more;

    g_free(series->steps);
    g_free(series->totals);
    g_free(series->numbered);
    g_free(series->means);
    g_free(series);
}

static int64_t interval_at(const struct btbb_totals *totals, uint32_t number)
{
    return (int64_t)((const struct btbb_cell *)btbb_table_at(&totals->cells[BTBB_CELLS_TIME], number))->key;
}

/* The table of cells that `by` shows. */
static enum btbb_cells cells_of(const struct btbb_options *options)
{
    static const enum btbb_cells by[] = {[BTBB_BY_NONE] = BTBB_CELLS_TIME,
                                         [BTBB_BY_LAP] = BTBB_CELLS_TIME_LAP,
                                         [BTBB_BY_TYPE] = BTBB_CELLS_TIME_TYPE,
                                         [BTBB_BY_CHANNEL] = BTBB_CELLS_TIME_CHANNEL};

    return by[options->by];
}

/* One cell as a step. */
struct step {
    uint32_t interval; /* its number */
    uint32_t column;   /* client, series or channel */
    uint64_t packets;  /* value=signal: packets with a signal level */
    uint64_t typed;    /* value=signal: sum of the levels */
};

static bool shows_signal(const struct btbb_rows_state *state)
{
    return state->options.value == BTBB_SHOW_SIGNAL;
}

/* What cells are read by. A copy in each loop over them, which writes nothing that might be a part of it. */
struct reader {
    const struct btbb_totals *totals;
    enum btbb_cells cells;
    bool all; /* packets without header count, too */
};

static struct reader reader_of(const struct btbb_rows_state *state)
{
    return (struct reader){state->totals, cells_of(&state->options), state->ids || shows_signal(state)};
}

static inline struct step step_at(const struct reader reader, uint32_t number)
{
    const struct btbb_cell *cell = btbb_table_at(&reader.totals->cells[reader.cells], number);
    const struct btbb_sum sum = btbb_cell_sum(reader.totals, reader.cells, cell);
    const bool plain = reader.cells == BTBB_CELLS_TIME;

    return (struct step){.interval = plain ? number : (uint32_t)(cell->key >> 32),
                         .column = plain ? 0 : (uint32_t)cell->key,
                         .packets = reader.all ? sum.packets : sum.typed,
                         .typed = sum.typed};
}

static void collect(struct btbb_rows_state *state, struct series *series)
{
    const struct reader reader = reader_of(state);
    const enum btbb_cells cells = reader.cells;
    const struct btbb_table *table = &state->totals->cells[cells];

    series->columns = cells == BTBB_CELLS_TIME           ? 1
                      : cells == BTBB_CELLS_TIME_LAP     ? state->totals->clients.count
                      : cells == BTBB_CELLS_TIME_CHANNEL ? BTBB_CHANNEL_VALUES
                                                         : BTBB_SERIES;
    series->totals = g_new0(uint64_t, (size_t)series->columns + 1);
    series->numbered = g_new(uint32_t, (size_t)series->columns + 1);
    memset(series->numbered, 0xff, ((size_t)series->columns + 1) * sizeof *series->numbered);
    for (uint32_t i = 0; i < table->count; i++) {
        struct step step = step_at(reader, i);

        if (cells == BTBB_CELLS_TIME_TYPE && step.column == BTBB_SERIES_UNDECODED)
            series->undecoded += btbb_cell_sum(state->totals, cells, btbb_table_at(table, i)).packets;
        series->totals[step.column] += step.packets;
    }
}

/* A table has so many columns at most. */
static void limit_columns(struct btbb_rows_state *state, uint64_t most)
{
    uint64_t *top = &state->options.top;

    if (state->options.format == BTBB_OUTPUT_TABLE && (*top == 0 || *top > most))
        *top = most;
}

/* A column for each chosen client, and one for the others. A table chooses few: a million columns, of which nine fit,
 * would have to be filled for every row. */
static void name_clients(struct btbb_rows *rows, struct series *series)
{
    struct btbb_rows_state *state = rows->state;
    const struct btbb_chosen *chosen = &state->chosen;
    char name[BTBB_LAP_TEXT_BYTES];
    uint64_t others = 0;

    limit_columns(state, shows_signal(state) ? TABLE_SIGNAL_COLUMNS : TABLE_CLIENTS);
    btbb_rows_choose(rows);
    for (size_t i = 0; i < chosen->count; i++) {
        const uint32_t number = chosen->numbers[i];

        btbb_rows_series(rows, btbb_rows_client_text(btbb_rows_chosen(state, i), name), series->totals[number]);
        series->numbered[number] = (uint32_t)i;
    }
    if (!chosen->has_others)
        return;
    for (uint32_t i = 0; i < series->columns; i++) {
        uint64_t packets = btbb_rows_packets(state, btbb_table_at(&state->totals->clients, i));

        if (series->numbered[i] == NOT_SHOWN && packets > 0 && packets >= state->options.min) {
            series->numbered[i] = (uint32_t)chosen->count;
            others += series->totals[i];
        }
    }
    btbb_rows_series(rows, BTBB_OTHERS, others);
}

/* A column for each TYPE or channel that occurs, in the order of their numbers. Those beyond `top` share one. */
static void name_numbers(struct btbb_rows *rows, struct series *series)
{
    struct btbb_rows_state *state = rows->state;
    struct btbb_ranked *ranked = g_new(struct btbb_ranked, series->columns);
    size_t count = 0;
    uint32_t column = 0;
    uint64_t others = 0;

    if (shows_signal(state))
        limit_columns(state, TABLE_SIGNAL_COLUMNS);
    for (uint32_t i = 0; i < series->columns; i++)
        if (series->totals[i] > 0)
            ranked[count++] = (struct btbb_ranked){series->totals[i], 0, i};
    btbb_rank_sort(ranked, count);
    for (size_t i = state->options.top > 0 ? (size_t)MIN(state->options.top, count) : count; i < count; i++) {
        series->numbered[ranked[i].number] = IN_OTHERS;
        others += ranked[i].weight;
    }
    for (uint32_t i = 0; i < series->columns; i++) {
        char number[12];

        if (series->totals[i] == 0 || series->numbered[i] == IN_OTHERS)
            continue;
        g_snprintf(number, sizeof number, "%u", i);
        btbb_rows_series(rows, state->options.by == BTBB_BY_CHANNEL ? number : btbb_series_name(i), series->totals[i]);
        series->numbered[i] = column++;
    }
    for (uint32_t i = 0; i < series->columns; i++)
        if (series->numbered[i] == IN_OTHERS)
            series->numbered[i] = column;
    if (others > 0)
        btbb_rows_series(rows, BTBB_OTHERS, others);
    g_free(ranked);
}

static gint compare_intervals(gconstpointer va, gconstpointer vb, gpointer data)
{
    const struct btbb_totals *totals = data;
    int64_t a = interval_at(totals, *(const uint32_t *)va), b = interval_at(totals, *(const uint32_t *)vb);

    return a < b ? -1 : a > b;
}

static bool is_shown(const struct series *series, const struct step *step)
{
    return step->packets > 0 && series->numbered[step->column] != NOT_SHOWN;
}

/* Order the steps that have a column by time. A counting sort, because there may be millions. */
static void order_steps(const struct btbb_rows_state *state, struct series *series)
{
    const struct reader reader = reader_of(state);
    uint32_t cells = state->totals->cells[reader.cells].count;
    uint32_t intervals = state->totals->cells[BTBB_CELLS_TIME].count;
    uint32_t *order = g_new(uint32_t, intervals + 1u), *start = g_new0(uint32_t, intervals + 1u);

    for (uint32_t i = 0; i < cells; i++) {
        struct step step = step_at(reader, i);

        start[step.interval] += is_shown(series, &step);
    }
    for (uint32_t i = 0; i < intervals; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)intervals, sizeof *order, compare_intervals, (gpointer)state->totals);
    for (uint32_t i = 0; i < intervals; i++) {
        uint32_t count = start[order[i]];

        start[order[i]] = (uint32_t)series->count;
        series->count += count;
    }
    series->steps = g_new0(uint32_t, series->count + 1);
    for (uint32_t i = 0; i < cells; i++) {
        struct step step = step_at(reader, i);

        if (is_shown(series, &step))
            series->steps[start[step.interval]++] = i;
    }
    g_free(order);
    g_free(start);
}

/* The shortest interval that fits, in milliseconds: 1, 2 or 5 times a power of ten. */
static uint64_t fitting_ms(uint64_t intervals, int64_t interval_ns)
{
    /* Two intervals less, because the range may fill its first and last interval only in part. */
    double need = (double)intervals / (BTBB_ROWS_MAX - 2) * ((double)interval_ns / 1e6);
    uint64_t power = 1;

    while (need > (double)power * 5)
        power *= 10;
    return need <= (double)power ? power : need <= (double)power * 2 ? power * 2 : power * 5;
}

static int64_t step_interval(const struct btbb_rows_state *state, const struct series *series, size_t index)
{
    return interval_at(state->totals, step_at(reader_of(state), series->steps[index]).interval);
}

static bool set_range(struct btbb_rows *rows, struct series *series, char **error)
{
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];
    uint64_t intervals;

    if (series->count == 0)
        return true;
    series->first = step_interval(rows->state, series, 0);
    intervals = (uint64_t)step_interval(rows->state, series, series->count - 1) - (uint64_t)series->first + 1;
    if (intervals > BTBB_ROWS_MAX) {
        uint64_t ms = fitting_ms(intervals, rows->state->options.interval_ns);

        g_ascii_formatd(seconds, sizeof seconds, "%.15g", (double)ms / 1000);
        *error = g_strdup_printf("the time from first to last packet gives %" PRIu64
                                 " rows, more than %d; interval=%s would fit",
                                 intervals, BTBB_ROWS_MAX, seconds);
        return false;
    }
    rows->row_count = intervals;
    return true;
}

/* Add a step to its column of the current row. */
static void add_step(struct btbb_rows_state *state, struct series *series, const struct step *step)
{
    const uint32_t column = series->numbered[step->column];
    struct btbb_value *value = &state->values[FIRST_SERIES + column];

    if (!series->means) {
        value->count += step->packets;
        return;
    }
    struct mean *mean = &series->means[column];

    mean->signals += step->packets;
    mean->sum += step->typed;
    *value = btbb_value_real((double)mean->sum / (double)mean->signals + BTBB_SIGNAL_ZERO_DBM);
}

/* Set the series of a row to nothing: no packets, or no level. */
static void clear_series(const struct btbb_rows *rows, struct series *series)
{
    struct btbb_value *values = rows->state->values;

    for (size_t i = FIRST_SERIES; i < rows->column_count; i++)
        values[i] = series->means ? btbb_value_none() : btbb_value_count(0);
    if (series->means)
        memset(series->means, 0, rows->column_count * sizeof *series->means);
}

static void fill_io(struct btbb_rows *rows, size_t row)
{
    struct btbb_rows_state *state = rows->state;
    struct series *series = state->more;
    const struct reader reader = reader_of(state);
    int64_t interval = series->first + (int64_t)row;
    int64_t time_ns = btbb_interval_start(interval, state->options.interval_ns);

    if (row == 0)
        series->next = 0;
    if (shows_signal(state) && !series->means)
        series->means = g_new0(struct mean, rows->column_count);
    if (row == 0 || !state->options.cumulative)
        clear_series(rows, series);
    state->values[0] = btbb_value_ns(BTBB_VALUE_EPOCH, time_ns);
    state->values[1] = btbb_value_ns(BTBB_VALUE_TIME, time_ns);
    for (uint32_t now = BTBB_TABLE_NONE; series->next < series->count; series->next++) {
        struct step step = step_at(reader, series->steps[series->next]);

        if (step.interval != now && interval_at(state->totals, step.interval) != interval)
            break;
        now = step.interval;
        add_step(state, series, &step);
    }
}

bool btbb_rows_io(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;
    struct series *series = g_new0(struct series, 1);

    state->more = series;
    state->free_more = free_series;
    state->fill = fill_io;
    collect(state, series);
    btbb_rows_column(rows, "epoch");
    btbb_rows_column(rows, "time");
    if (state->options.by == BTBB_BY_NONE) {
        btbb_rows_column(rows, shows_signal(state) ? "signal" : "packets");
        series->numbered[0] = 0;
    } else if (state->options.by == BTBB_BY_LAP) {
        name_clients(rows, series);
    } else {
        name_numbers(rows, series);
        btbb_rows_note_undecoded(rows, series->undecoded);
    }
    order_steps(state, series);
    btbb_rows_note(rows, state->totals->no_time, "packet without time stamp is not shown",
                   "packets without time stamp are not shown");
    if (state->options.by == BTBB_BY_CHANNEL)
        btbb_rows_note(rows, state->totals->no_channel, "packet without RF channel is not shown",
                       "packets without RF channel are not shown");
    return set_range(rows, series, error);
}
