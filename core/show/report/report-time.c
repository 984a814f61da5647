/* report-time.c: the time series of the report, added up for display.
 *
 * All series are sums of the cells (interval, client, series) and (interval, channel). A counting sort groups the cells
 * by client, so that only one dense array, of a single client, is needed at a time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/report/report-int.h"

#include <glib.h>
#include <inttypes.h>

#include "show/rank.h"
#include "show/rows-int.h"

#define POINTS_MAX 3000u   /* most intervals on a time axis: a screen has fewer pixels */
#define POINTS_FEW 300u    /* the size of the file never reduces them below this */
#define CELLS_MAX  500000u /* most counts in the file, of about five bytes each */

/* Factors by which intervals are added up; after the last one the factor is doubled. With intervals of one second they
 * give round times. */
static const int64_t factors[] = {1,   2,   5,    10,   15,   20,   30,    60,    120,   300,
                                  600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400};

struct grid {
    int64_t factor;    /* intervals per step */
    int64_t first;     /* number of the first step: floor(interval / factor) */
    uint32_t count;    /* steps */
    uint32_t *step_of; /* by element number of BTBB_CELLS_TIME */
};

/* Cells of one table, grouped by their row: those of row r are order[start[r]] .. order[start[r + 1] - 1]. */
struct groups {
    uint32_t *start;
    uint32_t *order;
};

struct work {
    const struct btbb_totals *totals;
    struct grid grid;
    struct groups clients;  /* of BTBB_CELLS_TIME_LAP_TYPE */
    struct groups channels; /* of BTBB_CELLS_TIME_CHANNEL */
    struct groups signals;  /* of BTBB_CELLS_TIME_SIGNAL, by client */
    uint64_t *counts;       /* BTBB_TYPES x POINTS_MAX, all zero between uses */
    FILE *out;
};

static const struct btbb_cell *cell_at(const struct work *work, enum btbb_cells cells, uint32_t number)
{
    return btbb_table_at(&work->totals->cells[cells], number);
}

static uint64_t cell_packets(const struct work *work, enum btbb_cells cells, const struct btbb_cell *cell)
{
    return btbb_cell_sum(work->totals, cells, cell).packets;
}

static uint32_t cell_step(const struct work *work, const struct btbb_cell *cell)
{
    return work->grid.step_of[cell->key >> 32];
}

static int64_t next_factor(int64_t factor)
{
    for (size_t i = 0; i < G_N_ELEMENTS(factors); i++)
        if (factors[i] > factor)
            return factors[i];
    return factor * 2;
}

/* Range of the interval numbers. */
static void interval_range(const struct btbb_totals *totals, int64_t *first, int64_t *last)
{
    const struct btbb_table *table = &totals->cells[BTBB_CELLS_TIME];

    *first = INT64_MAX;
    *last = INT64_MIN;
    for (uint32_t i = 0; i < table->count; i++) {
        int64_t interval = (int64_t)((const struct btbb_cell *)btbb_table_at(table, i))->key;

        *first = MIN(*first, interval);
        *last = MAX(*last, interval);
    }
}

/* Set the grid with this factor, or with the next one that needs at most POINTS_MAX steps. */
static void grid_set(struct grid *grid, const struct btbb_totals *totals, int64_t factor)
{
    const struct btbb_table *table = &totals->cells[BTBB_CELLS_TIME];
    int64_t first, last;

    interval_range(totals, &first, &last);
    while (btbb_interval_of(last, factor) - btbb_interval_of(first, factor) >= POINTS_MAX)
        factor = next_factor(factor);
    grid->factor = factor;
    grid->first = btbb_interval_of(first, factor);
    grid->count = (uint32_t)(btbb_interval_of(last, factor) - grid->first + 1);
    for (uint32_t i = 0; i < table->count; i++) {
        int64_t interval = (int64_t)((const struct btbb_cell *)btbb_table_at(table, i))->key;

        grid->step_of[i] = (uint32_t)(btbb_interval_of(interval, factor) - grid->first);
    }
}

/* `shift`: number of low bits of a cell's column that are not part of its row in this grouping. */
static void group(struct groups *groups, const struct btbb_table *table, uint32_t rows, unsigned shift)
{
    uint32_t *fill;

    groups->start = g_new0(uint32_t, (size_t)rows + 2);
    groups->order = g_new(uint32_t, (size_t)table->count + 1);
    fill = groups->start + 1; /* counts are stored two places further, so that filling moves them into place */
    for (uint32_t i = 0; i < table->count; i++)
        fill[((uint32_t)((const struct btbb_cell *)btbb_table_at(table, i))->key >> shift) + 1]++;
    for (uint32_t row = 0; row < rows; row++)
        fill[row + 1] += fill[row];
    for (uint32_t i = 0; i < table->count; i++)
        groups->order[fill[(uint32_t)((const struct btbb_cell *)btbb_table_at(table, i))->key >> shift]++] = i;
}

/* Write the non-zero ones of `counts` as [step, count, step, count ...], each step relative to the one before, and zero
 * them. */
static void put_counts(uint64_t *counts, uint32_t steps, FILE *out)
{
    uint32_t before = 0;
    const char *comma = "";

    putc('[', out);
    for (uint32_t step = 0; step < steps; step++) {
        if (counts[step] == 0)
            continue;
        fprintf(out, "%s%" PRIu32 ",%" PRIu64, comma, step - before, counts[step]);
        counts[step] = 0;
        before = step;
        comma = ",";
    }
    putc(']', out);
}

/* Add up all cells of a client in the first row of the counts. */
static void add_client(const struct work *work, uint32_t client)
{
    for (uint32_t k = work->clients.start[client]; k < work->clients.start[client + 1]; k++) {
        const struct btbb_cell *cell = cell_at(work, BTBB_CELLS_TIME_LAP_TYPE, work->clients.order[k]);

        work->counts[cell_step(work, cell)] += cell_packets(work, BTBB_CELLS_TIME_LAP_TYPE, cell);
    }
}

/* Add a client's packets with header to the row of their TYPE. Returns the set of types: 1u << code. */
static uint32_t add_client_types(const struct work *work, uint32_t client)
{
    uint32_t types = 0;

    for (uint32_t k = work->clients.start[client]; k < work->clients.start[client + 1]; k++) {
        const struct btbb_cell *cell = cell_at(work, BTBB_CELLS_TIME_LAP_TYPE, work->clients.order[k]);
        uint32_t series = (uint32_t)cell->key & BTBB_SERIES_MASK;

        if (series >= BTBB_TYPES)
            continue;
        work->counts[series * POINTS_MAX + cell_step(work, cell)] += cell_packets(work, BTBB_CELLS_TIME_LAP_TYPE, cell);
        types |= 1u << series;
    }
    return types;
}

/* Number of counts of the clients with headers and the channels in the file. */
static uint64_t file_cells(const struct work *work)
{
    uint32_t *seen = g_new0(uint32_t, (size_t)BTBB_CHANNEL_VALUES * POINTS_MAX), mark = 0;
    uint64_t cells = 0;

    for (uint32_t client = 0; client < work->totals->clients.count; client++) {
        mark++;
        for (uint32_t k = work->clients.start[client]; k < work->clients.start[client + 1]; k++) {
            const struct btbb_cell *cell = cell_at(work, BTBB_CELLS_TIME_LAP_TYPE, work->clients.order[k]);
            uint32_t *place = &seen[((uint32_t)cell->key & BTBB_SERIES_MASK) * POINTS_MAX + cell_step(work, cell)];

            if (btbb_cell_sum(work->totals, BTBB_CELLS_TIME_LAP_TYPE, cell).typed > 0 && *place != mark) {
                *place = mark;
                cells++;
            }
        }
    }
    mark++;
    for (uint32_t i = 0; i < work->totals->cells[BTBB_CELLS_TIME_CHANNEL].count; i++) {
        const struct btbb_cell *cell = cell_at(work, BTBB_CELLS_TIME_CHANNEL, i);
        uint32_t *place = &seen[(uint32_t)cell->key * POINTS_MAX + cell_step(work, cell)];

        if (*place != mark) {
            *place = mark;
            cells++;
        }
    }
    g_free(seen);
    return cells;
}

static void put_client_name(const struct work *work, uint32_t client)
{
    const struct btbb_client *element = btbb_table_at(&work->totals->clients, client);
    char name[BTBB_LAP_TEXT_BYTES];

    btbb_report_text(btbb_rows_client_text(element, name), work->out);
}

/* "clients": [[name, counts] ...], "others": counts; every packet of the clients with `least` packets or more. */
static void put_clients(const struct work *work, uint64_t least, uint32_t curves)
{
    size_t count;
    struct btbb_ranked *ranked = btbb_rank_clients(work->totals, false, least, &count);

    fputs(",\"clients\":[", work->out);
    for (size_t i = 0; i < MIN(count, curves); i++) {
        fputs(i ? ",[" : "[", work->out);
        put_client_name(work, ranked[i].number);
        putc(',', work->out);
        add_client(work, ranked[i].number);
        put_counts(work->counts, work->grid.count, work->out);
        putc(']', work->out);
    }
    fputs("],\"others\":", work->out);
    for (size_t i = curves; i < count; i++)
        add_client(work, ranked[i].number);
    put_counts(work->counts, work->grid.count, work->out);
    g_free(ranked);
}

/* [[TYPE code, counts] ...] of a set of types, whose counts are zeroed. */
static void put_types(const struct work *work, uint32_t types)
{
    const char *comma = "";

    putc('[', work->out);
    for (uint32_t type = 0; type < BTBB_TYPES; type++) {
        if (!(types & 1u << type))
            continue;
        fprintf(work->out, "%s[%" PRIu32 ",", comma, type);
        put_counts(work->counts + (size_t)type * POINTS_MAX, work->grid.count, work->out);
        putc(']', work->out);
        comma = ",";
    }
    putc(']', work->out);
}

/* Write "types": see put_types(); "clientTypes": [[name, types] ...] of as many clients with headers as the file may
 * hold; "unchosen": the number of the others. */
static void put_client_types(const struct work *work)
{
    size_t count, shown = 0;
    uint32_t types = 0;
    uint64_t cells = 0;
    struct btbb_ranked *ranked = btbb_rank_clients(work->totals, true, 1, &count);

    fputs(",\"types\":", work->out);
    for (uint32_t client = 0; client < work->totals->clients.count; client++)
        types |= add_client_types(work, client);
    put_types(work, types);
    fputs(",\"clientTypes\":[", work->out);
    for (; shown < count; shown++) {
        uint32_t client = ranked[shown].number;

        cells += work->clients.start[client + 1] - work->clients.start[client];
        if (cells > CELLS_MAX && work->grid.count <= POINTS_FEW)
            break;
        fputs(shown ? ",[" : "[", work->out);
        put_client_name(work, client);
        putc(',', work->out);
        put_types(work, add_client_types(work, client));
        putc(']', work->out);
    }
    fprintf(work->out, "],\"unchosen\":%zu", count - shown);
    g_free(ranked);
}

/* "channels": [[channel, counts] ...] */
static void put_channels(const struct work *work)
{
    const char *comma = "";

    fputs(",\"channels\":[", work->out);
    for (uint32_t channel = 0; channel < BTBB_CHANNEL_VALUES; channel++) {
        uint32_t from = work->channels.start[channel], to = work->channels.start[channel + 1];

        if (from == to)
            continue;
        for (uint32_t k = from; k < to; k++) {
            const struct btbb_cell *cell = cell_at(work, BTBB_CELLS_TIME_CHANNEL, work->channels.order[k]);

            work->counts[cell_step(work, cell)] += cell_packets(work, BTBB_CELLS_TIME_CHANNEL, cell);
        }
        fprintf(work->out, "%s[%" PRIu32 ",", comma, channel);
        put_counts(work->counts, work->grid.count, work->out);
        putc(']', work->out);
        comma = ",";
    }
    putc(']', work->out);
}

/* "signals": [[name, counts, sums] ...] of the first `curves` clients with `least` packets or
 * more that have signal levels: packets with a level, and
 * the sums of their levels above BTBB_SIGNAL_ZERO_DBM. */
static void put_signals(const struct work *work, uint64_t least, uint32_t curves)
{
    size_t count;
    uint32_t shown = 0;
    struct btbb_ranked *ranked = btbb_rank_clients(work->totals, false, least, &count);
    uint64_t *sums = work->counts + POINTS_MAX;

    fprintf(work->out, ",\"signalZero\":%d,\"signals\":[", BTBB_SIGNAL_ZERO_DBM);
    for (size_t i = 0; i < count && shown < curves; i++) {
        const uint32_t client = ranked[i].number;
        const uint32_t from = work->signals.start[client], to = work->signals.start[client + 1];

        if (from == to)
            continue;
        for (uint32_t k = from; k < to; k++) {
            const struct btbb_cell *cell = cell_at(work, BTBB_CELLS_TIME_SIGNAL, work->signals.order[k]);
            const struct btbb_sum sum = btbb_cell_sum(work->totals, BTBB_CELLS_TIME_SIGNAL, cell);

            work->counts[cell_step(work, cell)] += sum.packets;
            sums[cell_step(work, cell)] += sum.typed;
        }
        fputs(shown++ ? ",[" : "[", work->out);
        put_client_name(work, client);
        putc(',', work->out);
        put_counts(work->counts, work->grid.count, work->out);
        putc(',', work->out);
        put_counts(sums, work->grid.count, work->out);
        putc(']', work->out);
    }
    putc(']', work->out);
    g_free(ranked);
}

/* "start", "step" and "interval" in seconds, "count" of steps, "factor": intervals per step, "all": counts. */
static void put_grid(const struct work *work)
{
    const struct btbb_table *table = &work->totals->cells[BTBB_CELLS_TIME];
    int64_t interval_ns = work->totals->interval_ns;

    fputs("{\"start\":", work->out);
    btbb_report_seconds(work->grid.first * work->grid.factor * interval_ns, work->out);
    fputs(",\"step\":", work->out);
    btbb_report_seconds(work->grid.factor * interval_ns, work->out);
    fputs(",\"interval\":", work->out);
    btbb_report_seconds(interval_ns, work->out);
    fprintf(work->out, ",\"count\":%" PRIu32 ",\"factor\":%" PRId64 ",\"all\":", work->grid.count, work->grid.factor);
    for (uint32_t i = 0; i < table->count; i++)
        work->counts[work->grid.step_of[i]] += cell_packets(work, BTBB_CELLS_TIME, cell_at(work, BTBB_CELLS_TIME, i));
    put_counts(work->counts, work->grid.count, work->out);
}

void btbb_report_time(const struct btbb_options *options, const struct btbb_totals *totals, uint32_t curves, FILE *out)
{
    struct work work = {.totals = totals, .out = out};

    if (totals->cells[BTBB_CELLS_TIME].count == 0) {
        fputs("null", out);
        return;
    }
    work.grid.step_of = g_new(uint32_t, totals->cells[BTBB_CELLS_TIME].count);
    work.counts = g_new0(uint64_t, (size_t)BTBB_TYPES * POINTS_MAX);
    group(&work.clients, &totals->cells[BTBB_CELLS_TIME_LAP_TYPE], totals->clients.count, BTBB_SERIES_BITS);
    group(&work.channels, &totals->cells[BTBB_CELLS_TIME_CHANNEL], BTBB_CHANNEL_VALUES, 0);
    group(&work.signals, &totals->cells[BTBB_CELLS_TIME_SIGNAL], totals->clients.count, 0);
    grid_set(&work.grid, totals, 1);
    while (work.grid.count > POINTS_FEW && file_cells(&work) > CELLS_MAX)
        grid_set(&work.grid, totals, next_factor(work.grid.factor));
    put_grid(&work);
    put_clients(&work, options->min, curves);
    put_client_types(&work);
    put_channels(&work);
    put_signals(&work, options->min, curves);
    putc('}', out);
    g_free(work.grid.step_of);
    g_free(work.counts);
    g_free(work.clients.start);
    g_free(work.clients.order);
    g_free(work.channels.start);
    g_free(work.channels.order);
    g_free(work.signals.start);
    g_free(work.signals.order);
}
