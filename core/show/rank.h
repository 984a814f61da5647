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
    uint32_t lap;    /* of clients: the smallest of equal weights comes first; 0 for anything else */
    uint32_t number; /* of the client, series, channel or column */
};

/* Sort by weight, then by LAP, then by number. */
void btbb_rank_sort(struct btbb_ranked *ranked, size_t count);

/* The clients with at least `least` packets (with `typed`: packets with a header that counts), sorted. Sets *count.
 * Free the array with g_free(). */
struct btbb_ranked *btbb_rank_clients(const struct btbb_totals *totals, bool typed, uint64_t least, size_t *count);

#endif
