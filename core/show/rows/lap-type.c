/* lap-type.c: the view lap-type: one row per client, one column per TYPE.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

/* Sums that decide which series have a column, and the row of the clients beyond `top`. */
struct lap_type {
    uint64_t total[BTBB_SERIES];
    uint64_t others[BTBB_SERIES];
    struct btbb_table timed; /* struct btbb_sum by client and series: what BTBB_CELLS_TIME_LAP_TYPE has counted for the
                                clients that are shown */
};

static void free_lap_type(void *more)
{
    struct lap_type *sums = more;

    btbb_table_clear(&sums->timed);
    g_free(sums);
}

static uint64_t packets_of(const struct btbb_rows_state *state, uint32_t client, uint32_t series)
{
    const struct btbb_table *cells = &state->totals->cells[BTBB_CELLS_LAP_TYPE];
    const struct btbb_table *timed = &((const struct lap_type *)state->more)->timed;
    const uint64_t key = btbb_cell_key(client, series);
    const uint32_t number = btbb_table_find(cells, key), more = btbb_table_find(timed, key);
    uint64_t packets = 0;

    if (number != BTBB_TABLE_NONE)
        packets += btbb_cell_sum(state->totals, BTBB_CELLS_LAP_TYPE, btbb_table_at(cells, number)).packets;
    if (more != BTBB_TABLE_NONE)
        packets += ((const struct btbb_sum *)btbb_table_at(timed, more))->packets;
    return packets;
}

static void fill_lap_type(struct btbb_rows *rows, size_t row)
{
    struct btbb_rows_state *state = rows->state;
    const struct lap_type *sums = state->more;
    bool others = row == state->chosen.count;
    struct btbb_value *value = state->values;
    uint64_t total = 0;

    if (!others)
        btbb_rows_client_text(btbb_rows_chosen(state, row), state->lap);
    *value++ = btbb_value_text(others ? BTBB_OTHERS : state->lap);
    for (uint32_t series = 0; series < BTBB_SERIES; series++) {
        if (sums->total[series] == 0)
            continue;

        uint64_t packets = others ? sums->others[series] : packets_of(state, state->chosen.numbers[row], series);

        *value++ = btbb_value_count(packets);
        total += packets;
    }
    *value = btbb_value_count(total);
}

/* Where the packets of a client are counted. */
enum { NOWHERE, IN_OTHERS, IN_ITS_ROW };

/* Client and series of a cell of BTBB_CELLS_LAP_TYPE or BTBB_CELLS_TIME_LAP_TYPE, as a key of the former. */
static uint64_t client_and_series(enum btbb_cells cells, uint64_t key)
{
    const uint32_t column = (uint32_t)key;

    if (cells == BTBB_CELLS_LAP_TYPE)
        return key;
    return btbb_cell_key(column >> BTBB_SERIES_BITS, column & BTBB_SERIES_MASK);
}

static void sum_cells(struct btbb_rows_state *state, enum btbb_cells cells, const char *place, struct lap_type *sums,
                      uint64_t *undecoded)
{
    const struct btbb_table *table = &state->totals->cells[cells];

    for (uint32_t i = 0; i < table->count; i++) {
        const struct btbb_cell *cell = btbb_table_at(table, i);
        const uint64_t key = client_and_series(cells, cell->key);
        const uint32_t client = (uint32_t)(key >> 32), series = (uint32_t)key;
        const uint64_t packets = btbb_cell_sum(state->totals, cells, cell).packets;
        struct btbb_sum *sum;

        if (series == BTBB_SERIES_UNDECODED)
            *undecoded += packets;
        if (place[client] == NOWHERE || (series >= BTBB_TYPES && !state->ids))
            continue;
        sums->total[series] += packets;
        if (place[client] == IN_OTHERS)
            sums->others[series] += packets;
        else if (cells == BTBB_CELLS_TIME_LAP_TYPE && (sum = btbb_table_get(&sums->timed, key)))
            sum->packets += packets;
    }
}

/* Sums per series over the clients that are shown or among the others. */
static void sum_series(struct btbb_rows_state *state, struct lap_type *sums, uint64_t *undecoded)
{
    char *place = g_malloc0((gsize)state->totals->clients.count + 1);

    for (uint32_t i = 0; i < state->totals->clients.count; i++) {
        uint64_t packets = btbb_rows_packets(state, btbb_table_at(&state->totals->clients, i));

        place[i] = packets > 0 && packets >= state->options.min ? IN_OTHERS : NOWHERE;
    }
    for (size_t i = 0; i < state->chosen.count; i++)
        place[state->chosen.numbers[i]] = IN_ITS_ROW;
    btbb_table_init(&sums->timed, sizeof(struct btbb_sum));
    sum_cells(state, BTBB_CELLS_LAP_TYPE, place, sums, undecoded);
    sum_cells(state, BTBB_CELLS_TIME_LAP_TYPE, place, sums, undecoded);
    g_free(place);
}

bool btbb_rows_lap_type(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;
    struct lap_type *sums = state->more = g_new0(struct lap_type, 1);
    uint64_t undecoded = 0;

    (void)error;
    state->free_more = free_lap_type;
    btbb_rows_choose(rows);
    sum_series(state, sums, &undecoded);
    btbb_rows_column(rows, "lap");
    for (uint32_t series = 0; series < BTBB_SERIES; series++)
        if (sums->total[series] > 0)
            btbb_rows_series(rows, btbb_series_name(series), sums->total[series]);
    btbb_rows_column(rows, "total");
    btbb_rows_note_undecoded(rows, undecoded);
    rows->row_count = state->chosen.count + state->chosen.has_others;
    state->fill = fill_lap_type;
    return true;
}
