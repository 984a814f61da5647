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

static gint compare_ranked(gconstpointer va, gconstpointer vb, gpointer unused)
{
    const struct btbb_ranked *a = va, *b = vb;

    (void)unused;
    if (a->weight != b->weight)
        return compare(b->weight, a->weight);
    return a->lap != b->lap ? compare(a->lap, b->lap) : compare(a->number, b->number);
}

void btbb_rank_sort(struct btbb_ranked *ranked, size_t count)
{
    g_qsort_with_data(ranked, (gint)count, sizeof *ranked, compare_ranked, NULL);
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
            ranked[(*count)++] = (struct btbb_ranked){packets, (uint32_t)client->key, i};
    }
    btbb_rank_sort(ranked, *count);
    return ranked;
}
