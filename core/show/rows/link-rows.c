/* link-rows.c: what the views of connections share; see link-rows.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows/link-rows.h"

#include <string.h>

#include "decode/lmp-names.h"

#define TEXT_BYTES 512 /* texts of a row are allocated in blocks of so many bytes */

/* What `more` of the state points at. */
struct link_rows {
    const struct btbb_link_view *view;
    const struct btbb_link_column **columns; /* by column of the rows; NULL: `file` */
    GArray *places;
    GStringChunk *texts;
};

/* --- selection -------------------------------------------------------------------------------------------------- */

static bool has_lap(const struct btbb_selection *selection, const struct btbb_acl_link *link)
{
    if (!selection->laps || (link->has_client && link->client < BTBB_LAP_UNKNOWN &&
                             btbb_selection_has_client(selection, (uint32_t)link->client)))
        return true;
    for (uint8_t side = 0; side < BTBB_SIDES; side++) {
        const struct btbb_device_address *address = &link->side[side].address;

        if (address->parts != BTBB_ADDRESS_NONE && btbb_selection_has_client(selection, address->lap))
            return true;
    }
    return false;
}

bool btbb_link_rows_select(const struct btbb_rows_state *state, const struct btbb_acl_link *link)
{
    const struct btbb_selection *selection = &state->options.selection;

    if (selection->has_from && (!link->last.has_time || link->last.time_ns < selection->from_ns))
        return false;
    if (selection->has_to && (!link->first.has_time || link->first.time_ns >= selection->to_ns))
        return false;
    return has_lap(selection, link);
}

/* --- rows ------------------------------------------------------------------------------------------------------- */

const struct btbb_value *btbb_link_rows_fill(struct btbb_rows *rows, const struct btbb_link_place *place)
{
    struct btbb_rows_state *state = rows->state;
    struct link_rows *more = state->more;
    struct btbb_link_row row = {.capture = &state->source.captures[place->capture],
                                .vendors = state->vendors,
                                .texts = more->texts,
                                .item = place->item};

    g_string_chunk_clear(more->texts);
    more->view->open(place, &row);
    for (size_t i = 0; i < rows->column_count; i++) {
        const struct btbb_link_column *column = more->columns[i];

        state->values[i] = column ? column->cell(&row, column->device) : btbb_value_text(row.capture->file);
    }
    return state->values;
}

static void fill_row(struct btbb_rows *rows, size_t row)
{
    const struct link_rows *more = rows->state->more;

    btbb_link_rows_fill(rows, &g_array_index(more->places, struct btbb_link_place, row));
}

const struct btbb_value *btbb_rows_at(struct btbb_rows *rows, uint32_t number)
{
    return btbb_link_rows_fill(rows, &(struct btbb_link_place){.number = number});
}

static void free_link_rows(void *data)
{
    struct link_rows *more = data;

    g_free(more->columns);
    g_array_free(more->places, TRUE);
    g_string_chunk_free(more->texts);
    g_free(more);
}

/* The row of a column in the view's table; NULL for `file`. */
static const struct btbb_link_column *find_column(const struct btbb_link_view *view, const char *key)
{
    for (size_t i = 0; i < view->column_count; i++)
        if (strcmp(view->columns[i].key, key) == 0)
            return &view->columns[i];
    return NULL;
}

/* Packets that are missing in all captures. */
static void note_dropped(struct btbb_rows *rows)
{
    uint64_t dropped = 0;

    for (size_t i = 0; i < rows->state->source.capture_count; i++)
        dropped += btbb_link_log_dropped(rows->state->source.captures[i].log);
    btbb_rows_note(rows, dropped, "packet of connections is missing: a table is full",
                   "packets of connections are missing: a table is full");
}

void btbb_link_rows_make(struct btbb_rows *rows, const struct btbb_link_view *view)
{
    struct btbb_rows_state *state = rows->state;
    const struct btbb_columns *all = &btbb_columns[state->options.view];
    struct link_rows *more = g_new0(struct link_rows, 1);
    size_t count = 0;

    more->view = view;
    more->columns = g_new(const struct btbb_link_column *, all->count);
    more->places = g_array_new(FALSE, FALSE, sizeof(struct btbb_link_place));
    more->texts = g_string_chunk_new(TEXT_BYTES);
    for (size_t i = 0; i < all->count; i++) {
        const struct btbb_link_column *column = find_column(view, all->columns[i].key);

        if (!column && (state->source.capture_count == 0 || !state->source.captures[0].file))
            continue;
        btbb_rows_column(rows, all->columns[i].key);
        more->columns[count++] = column;
    }
    for (uint32_t i = 0; i < state->source.capture_count; i++)
        view->find(state, i, more->places);
    state->more = more;
    state->free_more = free_link_rows;
    state->fill = fill_row;
    rows->row_count = more->places->len;
    note_dropped(rows);
}

/* --- values ----------------------------------------------------------------------------------------------------- */

uint8_t btbb_link_rows_side(const struct btbb_acl_link *link, unsigned device)
{
    const uint8_t first = link->central == BTBB_SIDE_UNKNOWN ? 0 : link->central;

    return device == 0 ? first : (uint8_t)(1 - first);
}

struct btbb_value btbb_link_rows_text(const struct btbb_link_row *row, const char *text)
{
    return btbb_value_text(*text ? g_string_chunk_insert(row->texts, text) : NULL);
}

struct btbb_value btbb_link_rows_moment(struct btbb_moment moment)
{
    return moment.frame != 0 && moment.has_time ? btbb_value_ns(BTBB_VALUE_EPOCH, moment.time_ns) : btbb_value_none();
}

bool btbb_link_rows_append_address(GString *text, const struct btbb_device_address *address)
{
    static const unsigned octets[] = {
        [BTBB_ADDRESS_NONE] = 0, [BTBB_ADDRESS_LAP] = 3, [BTBB_ADDRESS_UAP] = 4, [BTBB_ADDRESS_ALL] = 6};
    const uint64_t value = (uint64_t)address->nap << 32 | (uint64_t)address->uap << 24 | address->lap;
    char written[BTBB_BD_ADDR_TEXT_BYTES];

    if (address->parts == BTBB_ADDRESS_NONE)
        return false;
    g_string_append(text, btbb_octets_text(value, octets[address->parts], written));
    return true;
}

void btbb_link_rows_append_error(GString *text, uint8_t error)
{
    const char *name = btbb_lmp_error_name(error);

    if (name)
        g_string_append_printf(text, "%s (0x%02x)", name, error);
    else
        g_string_append_printf(text, "error 0x%02x", error);
}

bool btbb_link_rows_append_name(GString *text, const struct btbb_link_row *row, uint8_t side, size_t most)
{
    const struct btbb_device_names *names = row->capture->names;

    return names && btbb_rows_append_name(text, btbb_device_names_best(names, row->link->side[side].name_key), most);
}

void btbb_link_rows_append_company(GString *text, const struct btbb_link_row *row, uint8_t side)
{
    const uint16_t company = row->link->side[side].company;
    const struct btbb_vendors *vendors = row->vendors;
    const char *name = vendors && vendors->company ? vendors->company(vendors->data, company) : NULL;

    if (name)
        g_string_append(text, name);
    else
        g_string_append_printf(text, "0x%04x", company);
}
