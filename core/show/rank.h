/* rank.h: the one order of clients, TYPEs and channels: most packets first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_RANK_H
#define BTBB_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "count/totals.h"

/* Kept small, because there may be millions. */
struct btbb_ranked {
    uint64_t weight; /* packets, or anything else whose largest value comes first */
    uint32_t lap;    /* of clients: decides between equal weights, the smallest first; 0 for anything else */
    uint32_t number; /* of the client, series, channel or column */
};

/* Sort by weight, then by LAP, then by the key of the client (only pairs of devices can share a LAP). `clients` is NULL
 * when no clients are sorted: then the smallest number comes first. */
void btbb_rank_sort(struct btbb_ranked *ranked, size_t count, const struct btbb_table *clients);

/* The clients with at least `least` packets (with `typed`: packets with a header that counts), sorted. Sets *count.
 * Free the array with g_free(). */
struct btbb_ranked *btbb_rank_clients(const struct btbb_totals *totals, bool typed, uint64_t least, size_t *count);

#endif
