/* lap.c: the view lap: one row per client.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

static const char *vendor_name(const struct btbb_rows_state *state, uint32_t lap,
                               const struct btbb_client_address *address)
{
    if (!state->vendors || address->rank != BTBB_RANK_NAP)
        return NULL;
    return state->vendors->name(state->vendors->data, address->nap, address->uap, lap);
}

static struct btbb_value *fill_address(struct btbb_rows_state *state, const struct btbb_client *client,
                                       struct btbb_value *value)
{
    struct btbb_client_address address = btbb_totals_address(state->totals, client);

    btbb_rows_address(state, (uint32_t)client->key, &address);
    *value++ = btbb_value_text(state->lap);
    *value++ = client->key == BTBB_LAP_UNKNOWN ? btbb_value_none() : btbb_value_text(state->uap);
    *value++ = client->key == BTBB_LAP_UNKNOWN ? btbb_value_none() : btbb_value_text(state->nap);
    *value++ = btbb_value_text(vendor_name(state, (uint32_t)client->key, &address));
    *value++ = btbb_value_text(btbb_rows_name(state, (uint32_t)client->key));
    return value;
}

static struct btbb_value *fill_others(struct btbb_value *value)
{
    *value++ = btbb_value_text(BTBB_OTHERS);
    *value++ = btbb_value_none();
    *value++ = btbb_value_none();
    *value++ = btbb_value_none();
    *value++ = btbb_value_none();
    return value;
}

static void fill_lap(struct btbb_rows *rows, size_t row)
{
    struct btbb_rows_state *state = rows->state;
    bool others = row == state->chosen.count;
    const struct btbb_client *client = others ? &state->chosen.others : btbb_rows_chosen(state, row);
    bool timed = client->last_ns >= client->first_ns;
    struct btbb_value *value = others ? fill_others(state->values) : fill_address(state, client, state->values);

    *value++ = btbb_value_count(btbb_rows_packets(state, client));
    *value++ = btbb_value_count(state->ids ? client->id : 0);
    *value++ = btbb_value_count(client->typed);
    *value++ = btbb_value_count(state->ids ? client->packets - client->id - client->typed : 0);
    *value++ = btbb_value_count(client->to_central - (state->ids ? 0 : client->bare_to));
    *value++ = btbb_value_count(client->from_central - (state->ids ? 0 : client->bare_from));
    *value++ = timed ? btbb_value_ns(BTBB_VALUE_EPOCH, client->first_ns) : btbb_value_none();
    *value++ = timed ? btbb_value_ns(BTBB_VALUE_EPOCH, client->last_ns) : btbb_value_none();
}

/* Packets with a header and without a known direction. */
static uint64_t undirected(const struct btbb_client *client)
{
    return client->typed - (client->to_central - client->bare_to) - (client->from_central - client->bare_from);
}

static void note_doubts(struct btbb_rows *rows)
{
    const struct btbb_rows_state *state = rows->state;
    uint64_t conflicts = 0, no_direction = state->chosen.has_others ? undirected(&state->chosen.others) : 0;

    for (size_t i = 0; i < state->chosen.count; i++) {
        conflicts += btbb_totals_address(state->totals, btbb_rows_chosen(state, i)).conflict;
        no_direction += undirected(btbb_rows_chosen(state, i));
    }
    btbb_rows_note(rows, no_direction, "packet with header has no known direction",
                   "packets with header have no known direction");
    btbb_rows_note(rows, conflicts, "client was given two addresses: the later one is shown",
                   "clients were given two addresses: the later one is shown");
}

bool btbb_rows_lap(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;

    (void)error;
    btbb_rows_columns(rows);
    btbb_rows_choose(rows);
    note_doubts(rows);
    rows->row_count = state->chosen.count + state->chosen.has_others;
    state->fill = fill_lap;
    return true;
}
