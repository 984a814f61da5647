/* vendors.c: the view vendors: one row per possible vendor of a client.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

#include <inttypes.h>

struct candidate {
    uint64_t prefix; /* first bits of a 48-bit address */
    unsigned bits;
    char *name;
};

/* The client whose rows are being filled, and its candidates. */
struct vendors_at {
    size_t client; /* index in chosen */
    guint row;     /* row of this client */
    GArray *candidates;
};

static void clear_candidate(void *candidate)
{
    g_free(((struct candidate *)candidate)->name);
}

static void add_candidate(void *context, uint64_t prefix, unsigned bits, const char *name)
{
    struct candidate candidate = {prefix, bits, g_strdup(name)};

    g_array_append_val((GArray *)context, candidate);
}

static void count_candidate(void *context, uint64_t prefix, unsigned bits, const char *name)
{
    (void)prefix;
    (void)bits;
    (void)name;
    ++*(size_t *)context;
}

/* Call `each` for the vendor when the NAP is known, for every possible vendor when only the UAP is known, and not at
 * all when neither is known. */
static void each_candidate(const struct btbb_rows_state *state, size_t index, btbb_vendor_each each, void *context)
{
    const struct btbb_client *client = btbb_rows_chosen(state, index);
    const struct btbb_client_address address = btbb_totals_address(state->totals, client);
    const struct btbb_vendors *vendors = state->vendors;

    if (vendors && address.rank != BTBB_RANK_LAP)
        vendors->candidates(vendors->data, address.rank == BTBB_RANK_NAP ? address.nap : BTBB_NAP_ANY, address.uap,
                            (uint32_t)client->key, each, context);
}

/* Step to the next row. */
static void advance(struct btbb_rows_state *state, struct vendors_at *at, bool first)
{
    if (first)
        at->client = 0;
    else if (++at->row < at->candidates->len)
        return;
    else
        at->client++;
    at->row = 0;
    g_array_set_size(at->candidates, 0);
    each_candidate(state, at->client, add_candidate, at->candidates);
}

static void fill_vendors(struct btbb_rows *rows, size_t row)
{
    struct btbb_rows_state *state = rows->state;
    struct vendors_at *at = state->more;
    const struct btbb_client *client;
    struct btbb_client_address address;
    const struct candidate *candidate;

    advance(state, at, row == 0);
    client = btbb_rows_chosen(state, at->client);
    address = btbb_totals_address(state->totals, client);
    candidate = at->row < at->candidates->len ? &g_array_index(at->candidates, struct candidate, at->row) : NULL;
    btbb_rows_address(state, (uint32_t)client->key, &address);
    if (candidate)
        btbb_prefix_text(candidate->prefix, candidate->bits, state->oui);
    state->values[0] = btbb_value_text(state->lap);
    state->values[1] = btbb_value_text(state->nap);
    state->values[2] = btbb_value_text(state->uap);
    state->values[3] = btbb_value_text(candidate ? state->oui : NULL);
    state->values[4] = btbb_value_text(candidate ? candidate->name : NULL);
}

static void free_vendors_at(void *more)
{
    struct vendors_at *at = more;

    g_array_free(at->candidates, TRUE);
    g_free(at);
}

bool btbb_rows_vendors(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;
    struct vendors_at *at = g_new0(struct vendors_at, 1);

    (void)error;
    at->candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
    g_array_set_clear_func(at->candidates, clear_candidate);
    state->more = at;
    state->free_more = free_vendors_at;
    btbb_rows_columns(rows);
    btbb_rows_choose(rows);
    for (size_t i = 0; i < state->chosen.count; i++) {
        size_t candidates = 0;

        each_candidate(state, i, count_candidate, &candidates);
        rows->row_count += candidates > 0 ? candidates : 1;
    }
    state->fill = fill_vendors;
    return true;
}
