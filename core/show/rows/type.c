/* type.c: the view type: one row per TYPE of the packets with header.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rank.h"
#include "show/rows-int.h"

/* One row; `type` is BTBB_VALUE_NONE when the name is that of no TYPE. */
static struct btbb_value *add_row(struct btbb_value *value, struct btbb_value type, const char *name, uint64_t packets,
                                  uint64_t total)
{
    *value++ = type;
    *value++ = btbb_value_text(name);
    *value++ = btbb_value_count(packets);
    *value++ = btbb_value_ratio((double)packets, total, 100);
    return value;
}

bool btbb_rows_type(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;
    const uint64_t *types = state->totals->types;
    struct btbb_ranked ranked[BTBB_SERIES] = {{0, 0, 0}};
    struct btbb_value *values = g_new(struct btbb_value, (BTBB_SERIES + 1u) * 4u), *value = values;
    uint64_t total = 0, others = 0;
    size_t count = 0;

    (void)error;
    for (uint32_t series = 0; series < (state->ids ? BTBB_SERIES : BTBB_TYPES); series++) {
        if (types[series] > 0)
            ranked[count++] = (struct btbb_ranked){types[series], 0, series};
        total += types[series];
    }
    btbb_rank_sort(ranked, count);

    size_t shown = state->options.top > 0 && state->options.top < count ? (size_t)state->options.top : count;

    for (size_t i = 0; i < shown; i++) {
        uint32_t series = ranked[i].number;

        value = add_row(value, series < BTBB_TYPES ? btbb_value_count(series) : btbb_value_none(),
                        btbb_series_name(series), types[series], total);
    }
    for (size_t i = shown; i < count; i++)
        others += ranked[i].weight;
    if (others > 0)
        add_row(value, btbb_value_none(), BTBB_OTHERS, others, total);
    btbb_rows_columns(rows);
    btbb_rows_note_undecoded(rows, types[BTBB_SERIES_UNDECODED]);
    btbb_rows_show(rows, values, shown + (others > 0));
    return true;
}
