/* choose.c: which clients are shown, and in what order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rank.h"
#include "show/rows-int.h"

#include <inttypes.h>

uint64_t btbb_rows_packets(const struct btbb_rows_state *state, const struct btbb_client *client)
{
    return state->ids ? client->packets : client->typed;
}

const struct btbb_client *btbb_rows_chosen(const struct btbb_rows_state *state, size_t index)
{
    return btbb_table_at(&state->totals->clients, state->chosen.numbers[index]);
}

static void add_others(struct btbb_chosen *chosen, const struct btbb_client *client)
{
    struct btbb_client *others = &chosen->others;

    if (!chosen->has_others) {
        others->first_ns = INT64_MAX;
        others->last_ns = INT64_MIN;
    }
    chosen->has_others = true;
    others->packets += client->packets;
    others->id += client->id;
    others->typed += client->typed;
    others->to_central += client->to_central;
    others->from_central += client->from_central;
    others->bare_to += client->bare_to;
    others->bare_from += client->bare_from;
    others->first_ns = MIN(others->first_ns, client->first_ns);
    others->last_ns = MAX(others->last_ns, client->last_ns);
}

static void count_left_out(struct btbb_rows_state *state)
{
    const struct btbb_table *clients = &state->totals->clients;

    for (uint32_t i = 0; i < clients->count; i++) {
        uint64_t packets = btbb_rows_packets(state, btbb_table_at(clients, i));

        state->chosen.uncounted += packets == 0;
        state->chosen.below_min += packets > 0 && packets < state->options.min;
    }
}

/* Sort clients that are ranked by packets by the key `sort`. */
static void sort_again(const struct btbb_rows_state *state, struct btbb_ranked *ranked, size_t count)
{
    const struct btbb_table *clients = &state->totals->clients;

    if (state->options.sort == BTBB_SORT_PACKETS)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct btbb_client *client = btbb_table_at(clients, ranked[i].number);
        /* The sign bit is inverted to sort times before 1970 first, then all bits, because large weights are first. */
        uint64_t earliness = ~((uint64_t)client->first_ns ^ UINT64_C(1) << 63);

        ranked[i].weight = state->options.sort == BTBB_SORT_FIRST ? earliness : 0;
    }
    btbb_rank_sort(ranked, count);
}

static void note_left_out(struct btbb_rows *rows)
{
    const struct btbb_chosen *chosen = &rows->state->chosen;
    uint64_t min = rows->state->options.min;

    if (min == 2) {
        btbb_rows_note(rows, chosen->below_min, "client seen once is not shown", "clients seen once are not shown");
    } else {
        char *one = g_strdup_printf("client with fewer than %" PRIu64 " packets is not shown", min);
        char *many = g_strdup_printf("clients with fewer than %" PRIu64 " packets are not shown", min);

        btbb_rows_note(rows, chosen->below_min, one, many);
        g_free(one);
        g_free(many);
    }
    btbb_rows_note(rows, chosen->uncounted, "client without packet header is not shown",
                   "clients without packet header are not shown");
}

void btbb_rows_choose(struct btbb_rows *rows)
{
    struct btbb_rows_state *state = rows->state;
    struct btbb_chosen *chosen = &state->chosen;
    size_t count;
    struct btbb_ranked *ranked = btbb_rank_clients(state->totals, !state->ids, MAX(state->options.min, 1), &count);
    size_t shown = state->options.top > 0 && state->options.top < count ? (size_t)state->options.top : count;

    for (size_t i = shown; i < count; i++)
        add_others(chosen, btbb_table_at(&state->totals->clients, ranked[i].number));
    sort_again(state, ranked, shown);
    chosen->count = shown;
    chosen->numbers = g_new(uint32_t, shown + 1);
    for (size_t i = 0; i < shown; i++)
        chosen->numbers[i] = ranked[i].number;
    g_free(ranked);
    count_left_out(state);
    note_left_out(rows);
}
