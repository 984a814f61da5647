/* clients.c: the views with one row per client: lap, lap-type, vendors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

#include <string.h>

static const struct btbb_client *client_at(const struct btbb_rows_state *state, size_t row)
{
    return btbb_table_at(&state->totals->clients, state->chosen.numbers[row]);
}

/* The texts of an address, `00` and `00:00` for what is not known. */
static void address_texts(struct btbb_rows_state *state, uint32_t lap, const struct btbb_client_address *address)
{
    btbb_lap_text(lap, state->lap);
    g_snprintf(state->uap, sizeof state->uap, "%02x", address->uap);
    g_snprintf(state->nap, sizeof state->nap, "%02x:%02x", address->nap >> 8, address->nap & 0xff);
}

static const char *vendor_name(const struct btbb_rows_state *state, uint32_t lap,
                               const struct btbb_client_address *address)
{
    if (!state->vendors || address->rank != BTBB_RANK_NAP)
        return NULL;
    return state->vendors->name(state->vendors->data, address->nap, address->uap, lap);
}

static void fill_lap(struct btbb_rows *rows, size_t row)
{
    struct btbb_rows_state *state = rows->state;
    bool others = row == state->chosen.count;
    const struct btbb_client *client = others ? &state->chosen.others : client_at(state, row);
    bool timed = client->last_ns >= client->first_ns;
    struct btbb_value *value = state->values;

    if (others) {
        *value++ = btbb_value_text("others");
        *value++ = btbb_value_none();
        *value++ = btbb_value_none();
        *value++ = btbb_value_none();
    } else {
        struct btbb_client_address address = btbb_totals_address(state->totals, client);

        address_texts(state, client->address.lap, &address);
        *value++ = btbb_value_text(state->lap);
        *value++ = btbb_value_text(state->uap);
        *value++ = btbb_value_text(state->nap);
        *value++ = btbb_value_text(vendor_name(state, client->address.lap, &address));
    }
    *value++ = btbb_value_count(btbb_rows_packets(state, client));
    *value++ = btbb_value_count(state->ids ? client->id : 0);
    *value++ = btbb_value_count(client->typed);
    *value++ = btbb_value_count(client->to_central);
    *value++ = btbb_value_count(client->from_central);
    *value++ = timed ? btbb_value_ns(BTBB_VALUE_EPOCH, client->first_ns) : btbb_value_none();
    *value++ = timed ? btbb_value_ns(BTBB_VALUE_EPOCH, client->last_ns) : btbb_value_none();
}

/* Packets that are more than an access code and have no known direction. */
static uint64_t undirected(const struct btbb_client *client)
{
    uint64_t more = client->packets - client->id, directed = client->to_central + client->from_central;

    return more > directed ? more - directed : 0;
}

static void note_doubts(struct btbb_rows *rows)
{
    const struct btbb_rows_state *state = rows->state;
    uint64_t conflicts = 0, no_direction = state->chosen.has_others ? undirected(&state->chosen.others) : 0;

    for (size_t i = 0; i < state->chosen.count; i++) {
        conflicts += btbb_totals_address(state->totals, client_at(state, i)).conflict;
        no_direction += undirected(client_at(state, i));
    }
    btbb_rows_note(rows, no_direction, "packet with header has no known direction",
                   "packets with header have no known direction");
    btbb_rows_note(rows, conflicts, "client was given two addresses: the one named later is shown",
                   "clients were given two addresses: the one named later is shown");
}

bool btbb_rows_lap(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;

    (void)error;
    btbb_rows_column(rows, "lap", "LAP", BTBB_VALUE_TEXT);
    btbb_rows_column(rows, "uap", "UAP", BTBB_VALUE_TEXT);
    btbb_rows_column(rows, "nap", "NAP", BTBB_VALUE_TEXT);
    btbb_rows_column(rows, "vendor", "Vendor", BTBB_VALUE_TEXT);
    btbb_rows_column(rows, "packets", "Packets", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "id", "ID", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "non_id", "Header", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "to_master", "To Central", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "from_master", "From Central", BTBB_VALUE_COUNT);
    btbb_rows_column(rows, "first", "First", BTBB_VALUE_EPOCH);
    btbb_rows_column(rows, "last", "Last", BTBB_VALUE_EPOCH);
    btbb_rows_choose(rows);
    note_doubts(rows);
    rows->row_count = state->chosen.count + state->chosen.has_others;
    state->fill = fill_lap;
    return true;
}

/* lap-type: the series that have a column, and the sums of the clients beyond `top`. */
struct lap_type {
    uint64_t total[BTBB_SERIES];
    uint64_t others[BTBB_SERIES];
    struct btbb_table timed; /* struct btbb_sum by client and series: of the clients that are shown, what is in
                                BTBB_CELLS_TIME_LAP_TYPE */
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
        btbb_lap_text(client_at(state, row)->address.lap, state->lap);
    *value++ = btbb_value_text(others ? "others" : state->lap);
    for (uint32_t series = 0; series < BTBB_SERIES; series++) {
        uint64_t packets;

        if (sums->total[series] == 0)
            continue;
        packets = others ? sums->others[series] : packets_of(state, state->chosen.numbers[row], series);
        *value++ = btbb_value_count(packets);
        total += packets;
    }
    *value = btbb_value_count(total);
}

/* What becomes of a client. */
enum { LEFT_OUT, OTHER, SHOWN };

/* Client and series of a cell of BTBB_CELLS_LAP_TYPE or BTBB_CELLS_TIME_LAP_TYPE, as a key of the former. */
static uint64_t client_and_series(enum btbb_cells cells, uint64_t key)
{
    const uint32_t column = (uint32_t)key;

    return cells == BTBB_CELLS_LAP_TYPE ? key : btbb_cell_key(column >> 5, column & 31);
}

static void sum_cells(struct btbb_rows_state *state, enum btbb_cells cells, const char *fate, struct lap_type *sums,
                      uint64_t *unproven)
{
    const struct btbb_table *table = &state->totals->cells[cells];

    for (uint32_t i = 0; i < table->count; i++) {
        const struct btbb_cell *cell = btbb_table_at(table, i);
        const uint64_t key = client_and_series(cells, cell->key);
        const uint32_t client = (uint32_t)(key >> 32), series = (uint32_t)key;
        const uint64_t packets = btbb_cell_sum(state->totals, cells, cell).packets;
        struct btbb_sum *sum;

        if (series == BTBB_SERIES_UNPROVEN)
            *unproven += packets;
        if (fate[client] == LEFT_OUT || (series >= BTBB_TYPES && !state->ids))
            continue;
        sums->total[series] += packets;
        if (fate[client] == OTHER)
            sums->others[series] += packets;
        else if (cells == BTBB_CELLS_TIME_LAP_TYPE && (sum = btbb_table_get(&sums->timed, key)))
            sum->packets += packets;
    }
}

/* Sums per series over the clients that are shown or among the others. */
static void sum_series(struct btbb_rows_state *state, struct lap_type *sums, uint64_t *unproven)
{
    char *fate = g_malloc0(state->totals->clients.count + 1u);

    for (uint32_t i = 0; i < state->totals->clients.count; i++) {
        uint64_t packets = btbb_rows_packets(state, btbb_table_at(&state->totals->clients, i));

        fate[i] = packets > 0 && packets >= state->options.min ? OTHER : LEFT_OUT;
    }
    for (size_t i = 0; i < state->chosen.count; i++)
        fate[state->chosen.numbers[i]] = SHOWN;
    btbb_table_init(&sums->timed, sizeof(struct btbb_sum));
    sum_cells(state, BTBB_CELLS_LAP_TYPE, fate, sums, unproven);
    sum_cells(state, BTBB_CELLS_TIME_LAP_TYPE, fate, sums, unproven);
    g_free(fate);
}

bool btbb_rows_lap_type(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;
    struct lap_type *sums = state->more = g_new0(struct lap_type, 1);
    uint64_t unproven = 0;

    (void)error;
    state->free_more = free_lap_type;
    btbb_rows_choose(rows);
    sum_series(state, sums, &unproven);
    btbb_rows_column(rows, "lap", "LAP", BTBB_VALUE_TEXT);
    for (uint32_t series = 0; series < BTBB_SERIES; series++)
        if (sums->total[series] > 0)
            btbb_rows_series(rows, btbb_series_name(series), sums->total[series]);
    btbb_rows_column(rows, "total", "Total", BTBB_VALUE_COUNT);
    btbb_rows_note_unproven(rows, unproven);
    rows->row_count = state->chosen.count + state->chosen.has_others;
    state->fill = fill_lap_type;
    return true;
}
