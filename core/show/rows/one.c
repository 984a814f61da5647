/* one.c: the row of one client while the totals still grow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

const struct btbb_value *btbb_rows_client(struct btbb_rows *rows, uint32_t number)
{
    struct btbb_rows_state *state = rows->state;
    uint64_t packets = btbb_rows_packets(state, btbb_table_at(&state->totals->clients, number));

    if (packets == 0 || packets < state->options.min)
        return NULL;
    state->chosen.numbers[0] = number; /* allocated with room for one even when no client was chosen */
    state->chosen.count = 1;
    state->fill(rows, 0);
    return state->values;
}
