/* signal.c: the view signal: levels of signal and noise, one row per client or RF channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rank.h"
#include "show/rows-int.h"

static void fill_levels(struct btbb_value *value, const struct btbb_levels *levels)
{
    const bool known = levels->signals > 0;

    *value++ = btbb_value_count(levels->packets);
    *value++ = known ? btbb_value_real(levels->signal_min) : btbb_value_none();
    *value++ = btbb_value_ratio((double)levels->signal_sum, levels->signals, 1);
    *value++ = known ? btbb_value_real(levels->signal_max) : btbb_value_none();
    *value++ = btbb_value_ratio((double)levels->noise_sum, levels->noises, 1);
    *value = btbb_value_ratio((double)levels->snr_sum, levels->both, 1);
}

static void add_levels(struct btbb_levels *sum, const struct btbb_table *table, uint64_t key)
{
    const uint32_t number = btbb_table_find(table, key);

    if (number != BTBB_TABLE_NONE)
        btbb_levels_sum(sum, btbb_table_at(table, number));
}

/* Levels of the clients that `top` leaves out. */
static void sum_others(const struct btbb_rows_state *state, struct btbb_levels *sum)
{
    const struct btbb_table *clients = &state->totals->clients;
    char *shown = g_malloc0((gsize)clients->count + 1);

    for (size_t i = 0; i < state->chosen.count; i++)
        shown[state->chosen.numbers[i]] = 1;
    for (uint32_t i = 0; i < clients->count; i++) {
        const struct btbb_client *client = btbb_table_at(clients, i);

        if (!shown[i] && client->packets >= state->options.min)
            add_levels(sum, &state->totals->levels_of_client, client->key);
    }
    g_free(shown);
}

static void fill_client(struct btbb_rows *rows, size_t row)
{
    struct btbb_rows_state *state = rows->state;
    struct btbb_levels sum = {0};

    if (row < state->chosen.count) {
        const struct btbb_client *client = btbb_rows_chosen(state, row);

        add_levels(&sum, &state->totals->levels_of_client, client->key);
        state->values[0] = btbb_value_text(btbb_rows_client_text(client, state->lap));
    } else {
        sum_others(state, &sum);
        state->values[0] = btbb_value_text(BTBB_OTHERS);
    }
    fill_levels(state->values + 1, &sum);
}

/* Channels beyond `top` are not shown: their number says nothing about them together. */
static void make_channels(struct btbb_rows *rows)
{
    enum { COLUMNS = 7 };
    const struct btbb_table *table = &rows->state->totals->levels_of_channel;
    struct btbb_ranked *ranked = g_new(struct btbb_ranked, (gsize)table->count + 1);
    struct btbb_value *values = g_new(struct btbb_value, ((gsize)table->count + 1) * COLUMNS), *value = values;
    const uint64_t top = rows->state->options.top;
    const size_t shown = top > 0 && top < table->count ? (size_t)top : table->count;

    for (uint32_t i = 0; i < table->count; i++) {
        const struct btbb_levels *levels = btbb_table_at(table, i);

        ranked[i] = (struct btbb_ranked){levels->packets, (uint32_t)levels->key, i};
    }
    btbb_rank_sort(ranked, table->count);
    for (size_t i = 0; i < shown; i++, value += COLUMNS) {
        const struct btbb_levels *levels = btbb_table_at(table, ranked[i].number);

        value[0] = btbb_value_count(levels->key);
        fill_levels(value + 1, levels);
    }
    g_free(ranked);
    btbb_rows_note(rows, rows->state->totals->no_channel, "packet without RF channel is not shown",
                   "packets without RF channel are not shown");
    btbb_rows_note(rows, table->count - shown, "channel is not shown", "channels are not shown");
    btbb_rows_show(rows, values, shown);
}

bool btbb_rows_signal(struct btbb_rows *rows, char **error)
{
    static const char *const levels[] = {"packets",    "signal_min", "signal_mean",
                                         "signal_max", "noise_mean", "snr_mean"};
    struct btbb_rows_state *state = rows->state;
    const bool by_lap = state->options.by == BTBB_BY_LAP;

    (void)error;
    btbb_rows_column(rows, by_lap ? "lap" : "channel");
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
        btbb_rows_column(rows, levels[i]);
    if (!by_lap) {
        make_channels(rows);
        return true;
    }
    btbb_rows_choose(rows);
    rows->row_count = state->chosen.count + state->chosen.has_others;
    state->fill = fill_client;
    return true;
}
