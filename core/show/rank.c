/* rank.c: the one order of clients, TYPEs and channels.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rank.h"

#include <glib.h>

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static uint64_t tie_of(const struct btbb_ranked *ranked, const struct btbb_table *clients)
{
    return clients ? ((const struct btbb_client *)btbb_table_at(clients, ranked->number))->key : ranked->number;
}

static gint compare_ranked(gconstpointer va, gconstpointer vb, gpointer clients)
{
    const struct btbb_ranked *a = va, *b = vb;

    if (a->weight != b->weight)
        return compare(b->weight, a->weight);
    if (a->lap != b->lap)
        return compare(a->lap, b->lap);
    return compare(tie_of(a, clients), tie_of(b, clients));
}

void btbb_rank_sort(struct btbb_ranked *ranked, size_t count, const struct btbb_table *clients)
{
    g_qsort_with_data(ranked, (gint)count, sizeof *ranked, compare_ranked, (gpointer)clients);
}

struct btbb_ranked *btbb_rank_clients(const struct btbb_totals *totals, bool typed, uint64_t least, size_t *count)
{
    const struct btbb_table *clients = &totals->clients;
    struct btbb_ranked *ranked = g_new(struct btbb_ranked, (size_t)clients->count + 1);

    *count = 0;
    for (uint32_t i = 0; i < clients->count; i++) {
        const struct btbb_client *client = btbb_table_at(clients, i);
        uint64_t packets = typed ? client->typed : client->packets;

        if (packets >= least)
            ranked[(*count)++] = (struct btbb_ranked){packets, client->address.lap, i};
    }
    btbb_rank_sort(ranked, *count, clients);
    return ranked;
}
