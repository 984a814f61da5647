/* clients.h: one element per client: its packets, times and address.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CLIENTS_H
#define BTBB_CLIENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

#include "count/table.h"

/* The best-known rest of an address. A better rank wins. Of two values of one rank the later one (by time stamp) wins,
 * and `conflict` is set. The result does not depend on the order of records. */
struct btbb_client_address {
    int64_t time_ns; /* of the latest packet with this value; INT64_MIN without time stamp */
    uint16_t nap;    /* valid when rank is BTBB_RANK_NAP, otherwise 0 */
    uint8_t uap;     /* valid when rank is above BTBB_RANK_LAP, otherwise 0 */
    uint8_t rank;    /* enum btbb_rank */
    bool conflict;   /* packets have had two values of one rank */
};

struct btbb_client {
    uint64_t key;          /* btbb_record.lap: a LAP, or BTBB_LAP_UNKNOWN */
    uint64_t packets;      /* all */
    uint64_t id;           /* access codes only */
    uint64_t typed;        /* with a header that counts; packets - id - typed have an undecoded header */
    uint64_t to_central;   /* by physical direction; packets with */
    uint64_t from_central; /* unknown direction are in neither */
    uint32_t bare_to;      /* of them, those without a header that counts (a month of them in every slot) */
    uint32_t bare_from;
    int64_t first_ns; /* valid when last_ns >= first_ns: INT64_MAX and INT64_MIN without any time stamp */
    int64_t last_ns;
    struct btbb_client_address
        address; /* for UAP and NAP use btbb_totals_address(), which knows what other clients taught */
};

/* The address of a LAP that packets of another client contain. */
struct btbb_taught {
    uint64_t key; /* the LAP */
    struct btbb_client_address address;
};

/* Merge two addresses of one LAP into the better one. */
void btbb_client_address_merge(struct btbb_client_address *into, const struct btbb_client_address *from);

/* Count one record that is not malformed. Returns the client's number; BTBB_TABLE_NONE: the table is full. */
uint32_t btbb_clients_add(struct btbb_table *clients, const struct btbb_record *record);

/* Prepare a client that has no packets yet. */
void btbb_client_start(struct btbb_client *client);

/* Add what `from` counted to the client of the same key. Returns its number in `clients`, or BTBB_TABLE_NONE. */
uint32_t btbb_clients_merge(struct btbb_table *clients, const struct btbb_client *from);

#endif
