/* choose.c: which clients are shown, and in what order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

#include <inttypes.h>

/* What clients are ordered by: small first. Short, because there may be millions. */
struct rank {
    uint64_t value; /* see value_of() */
    uint32_t lap;
    uint32_t number;
};

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* By value, then by LAP. Only pairs of devices may share one. */
static gint compare_ranks(gconstpointer va, gconstpointer vb, gpointer clients)
{
    const struct rank *a = va, *b = vb;
    int order = compare(a->value, b->value);

    if (order == 0)
        order = compare(a->lap, b->lap);
    if (order == 0)
        order = compare(((const struct btbb_client *)btbb_table_at(clients, a->number))->key,
                        ((const struct btbb_client *)btbb_table_at(clients, b->number))->key);
    return order;
}

static uint64_t value_of(const struct btbb_rows_state *state, enum btbb_sort sort, const struct btbb_client *client)
{
    switch (sort) {
    case BTBB_SORT_FIRST: /* the sign bit turned over, so that what is before 1970 comes first */
        return (uint64_t)client->first_ns ^ UINT64_C(1) << 63;
    case BTBB_SORT_PACKETS:
        return UINT64_MAX - btbb_rows_packets(state, client);
    default:
        return 0;
    }
}

uint64_t btbb_rows_packets(const struct btbb_rows_state *state, const struct btbb_client *client)
{
    return state->ids ? client->packets : client->typed;
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
    others->first_ns = MIN(others->first_ns, client->first_ns);
    others->last_ns = MAX(others->last_ns, client->last_ns);
}

/* Ranks of the clients with enough packets; the rest is counted. */
static struct rank *rank_clients(struct btbb_rows_state *state, size_t *count)
{
    const struct btbb_table *clients = &state->totals->clients;
    struct rank *ranks = g_new(struct rank, clients->count + 1u);

    *count = 0;
    for (uint32_t i = 0; i < clients->count; i++) {
        const struct btbb_client *client = btbb_table_at(clients, i);
        uint64_t packets = btbb_rows_packets(state, client);

        if (packets == 0)
            state->chosen.headless++;
        else if (packets < state->options.min)
            state->chosen.seldom++;
        else
            ranks[(*count)++] = (struct rank){value_of(state, BTBB_SORT_PACKETS, client), client->address.lap, i};
    }
    return ranks;
}

static void order_ranks(struct rank *ranks, size_t count, const struct btbb_table *clients)
{
    g_qsort_with_data(ranks, (gint)count, sizeof *ranks, compare_ranks, (gpointer)clients);
}

static void note_left_out(struct btbb_rows *rows)
{
    const struct btbb_chosen *chosen = &rows->state->chosen;
    uint64_t min = rows->state->options.min;
    char *one, *many;

    if (min == 2) {
        btbb_rows_note(rows, chosen->seldom, "client seen once is not shown", "clients seen once are not shown");
    } else {
        one = g_strdup_printf("client with fewer than %" PRIu64 " packets is not shown", min);
        many = g_strdup_printf("clients with fewer than %" PRIu64 " packets are not shown", min);
        btbb_rows_note(rows, chosen->seldom, one, many);
        g_free(one);
        g_free(many);
    }
    btbb_rows_note(rows, chosen->headless, "client without packet header is not shown",
                   "clients without packet header are not shown");
}

void btbb_rows_choose(struct btbb_rows *rows)
{
    struct btbb_rows_state *state = rows->state;
    const struct btbb_table *clients = &state->totals->clients;
    struct btbb_chosen *chosen = &state->chosen;
    size_t count, shown;
    struct rank *ranks = rank_clients(state, &count);

    order_ranks(ranks, count, clients);
    shown = state->options.top > 0 && state->options.top < count ? state->options.top : count;
    for (size_t i = shown; i < count; i++)
        add_others(chosen, btbb_table_at(clients, ranks[i].number));
    if (state->options.sort != BTBB_SORT_PACKETS) {
        for (size_t i = 0; i < shown; i++)
            ranks[i].value = value_of(state, state->options.sort, btbb_table_at(clients, ranks[i].number));
        order_ranks(ranks, shown, clients);
    }
    chosen->count = shown;
    chosen->numbers = g_new(uint32_t, shown + 1);
    for (size_t i = 0; i < shown; i++)
        chosen->numbers[i] = ranks[i].number;
    g_free(ranks);
    note_left_out(rows);
}
