/* vendors.c: the view vendors: one row per vendor that a client can be of.
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

static const struct btbb_client *client_at(const struct btbb_rows_state *state, size_t index)
{
    return btbb_table_at(&state->totals->clients, state->chosen.numbers[index]);
}

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

/* Every candidate when only the UAP is known; the vendor when the NAP is; none when nothing is. */
static void each_candidate(const struct btbb_rows_state *state, size_t index, btbb_vendor_each each, void *context)
{
    const struct btbb_client *client = client_at(state, index);
    struct btbb_client_address address = btbb_totals_address(state->totals, client);
    const struct btbb_vendors *vendors = state->vendors;
    const char *name;

    if (!vendors || address.rank == BTBB_RANK_LAP)
        return;
    if (address.rank < BTBB_RANK_NAP) {
        vendors->candidates(vendors->data, address.uap, client->address.lap, each, context);
    } else if ((name = vendors->name(vendors->data, address.nap, address.uap, client->address.lap))) {
        each(context, (uint64_t)address.nap << 32 | (uint64_t)address.uap << 24, 24, name);
    }
}

static void oui_text(const struct candidate *candidate, char *text, size_t size)
{
    uint32_t oui = (uint32_t)(candidate->prefix >> 24), rest = (uint32_t)(candidate->prefix & 0xffffff);
    char low[BTBB_LAP_TEXT];

    btbb_lap_text(oui, text);
    if (candidate->bits > 24) {
        btbb_lap_text(rest, low);
        g_snprintf(text + BTBB_LAP_TEXT - 1, size - (BTBB_LAP_TEXT - 1), ":%s/%u", low, candidate->bits);
    }
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
    client = client_at(state, at->client);
    address = btbb_totals_address(state->totals, client);
    candidate = at->row < at->candidates->len ? &g_array_index(at->candidates, struct candidate, at->row) : NULL;
    btbb_lap_text(client->address.lap, state->lap);
    g_snprintf(state->nap, sizeof state->nap, "%02x:%02x", address.nap >> 8, address.nap & 0xff);
    g_snprintf(state->uap, sizeof state->uap, "%02x", address.uap);
    if (candidate)
        oui_text(candidate, state->oui, sizeof state->oui);
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
    btbb_rows_column(rows, "lap", "LAP", BTBB_VALUE_TEXT);
    btbb_rows_column(rows, "nap", "NAP", BTBB_VALUE_TEXT);
    btbb_rows_column(rows, "uap", "UAP", BTBB_VALUE_TEXT);
    btbb_rows_column(rows, "oui", "OUI", BTBB_VALUE_TEXT);
    btbb_rows_column(rows, "vendor", "Vendor", BTBB_VALUE_TEXT);
    btbb_rows_choose(rows);
    for (size_t i = 0; i < state->chosen.count; i++) {
        size_t candidates = 0;

        each_candidate(state, i, count_candidate, &candidates);
        rows->row_count += candidates > 0 ? candidates : 1;
    }
    state->fill = fill_vendors;
    return true;
}
