/* clients.c: one element per client.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/clients.h"

#include <glib.h>

static bool same_value(const struct btbb_client_address *a, const struct btbb_client_address *b)
{
    return a->rank == b->rank && a->uap == b->uap && a->nap == b->nap;
}

/* Whether `a` is better than `b`, which has another value. With equal time stamps the larger number wins: an arbitrary
 * rule that does not depend on the order of records. */
static bool wins(const struct btbb_client_address *a, const struct btbb_client_address *b)
{
    if (a->rank != b->rank)
        return a->rank > b->rank;
    if (a->time_ns != b->time_ns)
        return a->time_ns > b->time_ns;
    return a->nap != b->nap ? a->nap > b->nap : a->uap > b->uap;
}

void btbb_client_address_merge(struct btbb_client_address *into, const struct btbb_client_address *from)
{
    if (same_value(into, from)) {
        if (from->time_ns > into->time_ns)
            into->time_ns = from->time_ns;
        into->conflict |= from->conflict;
        return;
    }
    const bool same_rank = from->rank == into->rank;

    if (wins(from, into))
        *into = *from;
    into->conflict |= same_rank;
}

/* Out of line, so that packets with the known address avoid the cost. */
static G_GNUC_NO_INLINE void merge_record(struct btbb_client_address *address, const struct btbb_record *record)
{
    const struct btbb_client_address named = {.time_ns = record->has_time ? record->time_ns : INT64_MIN,
                                              .nap = record->rank == BTBB_RANK_NAP ? record->nap : 0,
                                              .uap = record->rank > BTBB_RANK_LAP ? record->uap : 0,
                                              .rank = record->rank};

    btbb_client_address_merge(address, &named);
}

/* The usual packet has the known address and needs no call. */
static inline void learn_address(struct btbb_client_address *address, const struct btbb_record *record)
{
    if (record->rank == address->rank && record->uap == address->uap &&
        (record->nap == address->nap || record->rank < BTBB_RANK_NAP) && record->has_time)
        address->time_ns = MAX(address->time_ns, record->time_ns);
    else if (record->rank >= address->rank)
        merge_record(address, record);
}

void btbb_client_start(struct btbb_client *client)
{
    client->first_ns = INT64_MAX;
    client->last_ns = INT64_MIN;
}

uint32_t btbb_clients_add(struct btbb_table *clients, const struct btbb_record *record)
{
    struct btbb_client *client = btbb_table_get(clients, record->lap);

    if (!client)
        return BTBB_TABLE_NONE;
    if (client->packets++ == 0)
        btbb_client_start(client);
    client->id += record->packet_class == BTBB_CLASS_ID;
    client->typed += btbb_record_has_header(record);
    if (record->dir != BTBB_DIR_UNKNOWN) {
        const bool bare = !btbb_record_has_header(record);

        client->to_central += record->dir == BTBB_DIR_TO_CENTRAL;
        client->from_central += record->dir == BTBB_DIR_TO_PERIPHERAL;
        client->bare_to += bare && record->dir == BTBB_DIR_TO_CENTRAL;
        client->bare_from += bare && record->dir == BTBB_DIR_TO_PERIPHERAL;
    }
    if (record->has_time) {
        if (record->time_ns < client->first_ns)
            client->first_ns = record->time_ns;
        if (record->time_ns > client->last_ns)
            client->last_ns = record->time_ns;
    }
    if (record->rank > BTBB_RANK_LAP)
        learn_address(&client->address, record);
    return clients->last_number;
}

uint32_t btbb_clients_merge(struct btbb_table *clients, const struct btbb_client *from)
{
    uint32_t number = btbb_table_add(clients, from->key);
    struct btbb_client *client;

    if (number == BTBB_TABLE_NONE)
        return number;
    client = btbb_table_at(clients, number);
    if (client->packets == 0)
        btbb_client_start(client);
    client->packets += from->packets;
    client->id += from->id;
    client->typed += from->typed;
    client->to_central += from->to_central;
    client->from_central += from->from_central;
    client->bare_to += from->bare_to;
    client->bare_from += from->bare_from;
    if (from->first_ns < client->first_ns)
        client->first_ns = from->first_ns;
    if (from->last_ns > client->last_ns)
        client->last_ns = from->last_ns;
    btbb_client_address_merge(&client->address, &from->address);
    return number;
}
