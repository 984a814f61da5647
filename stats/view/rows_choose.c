/* rows_choose.c: which clients are shown, and in what order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rows-int.h"

#include <inttypes.h>
#include <stdlib.h>

/* What clients are ordered by: small first. */
struct rank {
    uint64_t packets; /* negated: most packets first */
    int64_t first_ns;
    uint32_t lap;
    uint32_t number;
    uint64_t key;
};

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_lap(const void *va, const void *vb)
{
    const struct rank *a = va, *b = vb;
    int order = compare(a->lap, b->lap);

    return order ? order : compare(a->key, b->key);
}

static int by_packets(const void *va, const void *vb)
{
    const struct rank *a = va, *b = vb;
    int order = compare(a->packets, b->packets);

    return order ? order : by_lap(va, vb);
}

static int by_first(const void *va, const void *vb)
{
    const struct rank *a = va, *b = vb;

    return a->first_ns < b->first_ns ? -1 : a->first_ns > b->first_ns ? 1 : by_lap(va, vb);
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
            ranks[(*count)++] = (struct rank){.packets = UINT64_MAX - packets,
                                              .first_ns = client->first_ns,
                                              .lap = client->lap,
                                              .number = i,
                                              .key = client->key};
    }
    return ranks;
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
    static int (*const orders[])(const void *, const void *) = {
        [BTBB_SORT_PACKETS] = by_packets, [BTBB_SORT_LAP] = by_lap, [BTBB_SORT_FIRST] = by_first};
    struct btbb_rows_state *state = rows->state;
    struct btbb_chosen *chosen = &state->chosen;
    size_t count, shown;
    struct rank *ranks = rank_clients(state, &count);

    qsort(ranks, count, sizeof *ranks, by_packets);
    shown = state->options.top > 0 && state->options.top < count ? state->options.top : count;
    for (size_t i = shown; i < count; i++)
        add_others(chosen, btbb_table_at(&state->totals->clients, ranks[i].number));
    if (state->options.sort != BTBB_SORT_PACKETS)
        qsort(ranks, shown, sizeof *ranks, orders[state->options.sort]);
    chosen->count = shown;
    chosen->numbers = g_new(uint32_t, shown + 1);
    for (size_t i = 0; i < shown; i++)
        chosen->numbers[i] = ranks[i].number;
    g_free(ranks);
    note_left_out(rows);
}
