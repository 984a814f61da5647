/* gui-rows.c: a table of the Statistics menu that is brought up to date with every packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gui-rows.h"

static const char *const type_names[BTBB_TYPES] = BTBB_TYPE_NAMES;

/* --- columns ---------------------------------------------------------------------------------------------------- */

static void add_column(struct btbb_gui_rows *t, const struct btbb_column_info *column, const char *key,
                       const char *title)
{
    t->keys[t->column_count] = key;
    t->columns[t->column_count] = btbb_gui_column(column);
    t->columns[t->column_count++].column_name = title;
}

/* The window has a column for each TYPE from the start: its columns cannot change later. */
static void add_columns(struct btbb_gui_rows *t)
{
    const struct btbb_columns *columns = &btbb_columns[t->view];

    for (size_t i = 0; i < columns->count; i++) {
        const struct btbb_column_info *column = &columns->columns[i];

        if (t->view == BTBB_VIEW_SIGNAL && strcmp(column->key, "channel") == 0)
            continue; /* the window shows clients */
        if (strcmp(column->key, BTBB_COLUMN_SERIES) != 0) {
            add_column(t, column, column->key, column->title);
            continue;
        }
        for (guint type = 0; type < BTBB_TYPES; type++)
            add_column(t, column, type_names[type], type_names[type]);
    }
}

static int column_of(const struct btbb_gui_rows *t, const char *key)
{
    for (guint column = 0; column < t->column_count; column++)
        if (strcmp(t->keys[column], key) == 0)
            return (int)column;
    return -1;
}

static void make_rows(struct btbb_gui_rows *t)
{
    char *error = NULL;

    btbb_rows_free(t->rows);
    const struct btbb_source source = {.totals = t->totals,
                                       .captures = t->names ? btbb_link_listener_links(t->names) : NULL,
                                       .capture_count = t->names ? 1 : 0,
                                       .vendors = t->vendors};

    t->rows = btbb_rows_new(&t->options, &source, &error);
    g_free(error);
    g_array_set_size(t->shown_in, 0);
    for (size_t i = 0; t->rows && i < t->rows->column_count; i++) {
        const int column = column_of(t, t->rows->columns[i].key);

        g_array_append_val(t->shown_in, column);
    }
}

/* --- rows ------------------------------------------------------------------------------------------------------- */

static void set_row(struct btbb_gui_rows *t, guint row, const struct btbb_value *values)
{
    for (guint i = 0; i < t->shown_in->len; i++) {
        const int column = g_array_index(t->shown_in, int, i);

        if (column >= 0)
            btbb_gui_cell_set(&t->cells, row, (guint)column, &values[i]);
    }
}

static void show_types(struct btbb_gui_rows *t)
{
    const struct btbb_value *values;
    guint row = 0;

    make_rows(t);
    while (t->rows && (values = btbb_rows_next(t->rows)) != NULL) {
        if (row == t->cells.table->num_elements)
            btbb_gui_row_add(&t->cells, t->columns);
        set_row(t, row++, values);
    }
}

/* Bring the row of a client up to date, if it has one. */
static void update_client(struct btbb_gui_rows *t, uint32_t number)
{
    const guint place = number < t->places->len ? g_array_index(t->places, guint, number) : 0;
    const struct btbb_value *values = place && t->rows ? btbb_rows_client(t->rows, number) : NULL;

    if (values)
        set_row(t, place - 1, values);
}

static void show_client(struct btbb_gui_rows *t, uint64_t key)
{
    const uint32_t number = btbb_table_find(&t->totals->clients, key);
    const struct btbb_value *values;

    if (number == BTBB_TABLE_NONE || !t->rows || (values = btbb_rows_client(t->rows, number)) == NULL)
        return;
    if (number >= t->places->len)
        g_array_set_size(t->places, number + 1); /* new elements are zero */

    guint *place = &g_array_index(t->places, guint, number);

    if (*place == 0)
        *place = btbb_gui_row_add(&t->cells, t->columns) + 1;
    set_row(t, *place - 1, values);
}

/* A device may have got a name: that of an LMP packet, or of an Extended Inquiry Response, which makes no event. */
static void show_name(void *user, const struct btbb_link_event *event)
{
    struct btbb_gui_rows *t = (struct btbb_gui_rows *)user;
    const struct btbb_links *links = btbb_link_listener_links(t->names)->log->links;

    if (!t->totals || !btbb_gui_has_table(&t->cells) ||
        (event->kind != BTBB_EVENT_NONE && event->link >= btbb_links_count(links)))
        return;
    for (uint32_t i = 0; event->kind == BTBB_EVENT_NONE && i < t->totals->clients.count; i++)
        update_client(t, i);
    for (uint8_t side = 0; event->kind != BTBB_EVENT_NONE && side < BTBB_SIDES; side++)
        update_client(t, btbb_table_find(&t->totals->clients, btbb_links_at(links, event->link)->side[side].name_key));
}

void btbb_gui_rows_learn_names(struct btbb_gui_rows *t)
{
    char *error = NULL;

    if (t->view != BTBB_VIEW_LAP || t->names)
        return;
    t->names = btbb_link_listener_new(BTBB_LISTEN_NAMES, true, NULL, show_name, t, &error);
    g_free(error); /* the table has no names then */
}

/* The clients seen once, which `min` leaves out, share a row after all others. */
static void hide_seen_once(struct btbb_gui_rows *t)
{
    if (t->has_seen_once)
        btbb_gui_row_remove(&t->cells);
    t->has_seen_once = false;
}

static void show_seen_once(struct btbb_gui_rows *t)
{
    const struct btbb_client *sum = &t->seen_once;
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {{"packets", sum->packets},      {"id", sum->id},
                  {"non_id", sum->typed},         {"undecoded", sum->packets - sum->id - sum->typed},
                  {"to_master", sum->to_central}, {"from_master", sum->from_central}};
    char name[32];

    if (sum->packets == 0)
        return;

    const guint row = btbb_gui_row_add(&t->cells, t->columns);
    const struct btbb_value label = btbb_value_text(name);

    snprintf(name, sizeof name, "(%u seen once)", (guint)sum->packets);
    btbb_gui_cell_set(&t->cells, row, 0, &label);
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        const int column = column_of(t, counts[i].key);
        const struct btbb_value value = btbb_value_count(counts[i].count);

        if (column >= 0)
            btbb_gui_cell_set(&t->cells, row, (guint)column, &value);
    }
    t->has_seen_once = true;
}

/* Add what a client of one packet counts; with UINT64_MAX times: subtract it. */
static void count_seen_once(struct btbb_client *sum, const struct btbb_client *client, uint64_t times)
{
    sum->packets += times * client->packets;
    sum->id += times * client->id;
    sum->typed += times * client->typed;
    sum->to_central += times * client->to_central;
    sum->from_central += times * client->from_central;
}

/* --- counting --------------------------------------------------------------------------------------------------- */

static const struct btbb_client *find_client(const struct btbb_gui_rows *t, uint64_t key)
{
    const uint32_t number = btbb_table_find(&t->totals->clients, key);

    return number == BTBB_TABLE_NONE ? NULL : (const struct btbb_client *)btbb_table_at(&t->totals->clients, number);
}

static bool count_types(struct btbb_gui_rows *t, const struct btbb_record *record)
{
    if (!btbb_totals_add(t->totals, record))
        return false;
    show_types(t);
    return true;
}

static bool count_clients(struct btbb_gui_rows *t, const struct btbb_record *record)
{
    const uint32_t series = 1u << btbb_series_of(record);
    const struct btbb_client *client = record->malformed ? NULL : find_client(t, record->lap);

    if (client && client->packets == 1)
        count_seen_once(&t->seen_once, client, UINT64_MAX);
    if (!btbb_totals_add(t->totals, record) || record->malformed || (client = find_client(t, record->lap)) == NULL)
        return false;
    if (client->packets == 1)
        count_seen_once(&t->seen_once, client, 1);
    if ((t->series & series) == 0)
        make_rows(t); /* the columns of Clients x Types are the TYPEs seen so far */
    t->series |= series;

    const bool changed = t->options.min == 2 && client->packets <= 2;

    if (changed)
        hide_seen_once(t); /* its row must stay the last one */
    show_client(t, record->lap);
    if (record->taught)
        show_client(t, record->taught_lap);
    if (changed)
        show_seen_once(t);
    return true;
}

bool btbb_gui_rows_count(struct btbb_gui_rows *t, const struct btbb_record *record)
{
    return t->view == BTBB_VIEW_TYPE ? count_types(t, record) : count_clients(t, record);
}

/* --- life ------------------------------------------------------------------------------------------------------- */

void btbb_gui_rows_init(struct btbb_gui_rows *t, enum btbb_view view, const struct btbb_vendors *vendors)
{
    t->view = view;
    t->vendors = vendors;
    add_columns(t);
    btbb_options_init(&t->options, view);
    t->cells.removed = g_ptr_array_new();
    t->shown_in = g_array_new(FALSE, FALSE, sizeof(int));
    t->places = g_array_new(FALSE, TRUE, sizeof(guint));
}

void btbb_gui_rows_clear_all(struct btbb_gui_rows *t)
{
    btbb_gui_rows_forget(t);
    btbb_link_listener_discard(t->names);
    btbb_options_clear(&t->options);
    btbb_gui_cells_free_removed(&t->cells);
    g_ptr_array_free(t->cells.removed, TRUE);
    g_array_free(t->shown_in, TRUE);
    g_array_free(t->places, TRUE);
}

void btbb_gui_rows_forget(struct btbb_gui_rows *t)
{
    g_clear_pointer(&t->rows, btbb_rows_free);
    g_clear_pointer(&t->totals, btbb_totals_free);
    t->series = 0;
    t->has_seen_once = false;
    memset(&t->seen_once, 0, sizeof t->seen_once);
    g_array_set_size(t->places, 0);
}

void btbb_gui_rows_restart(struct btbb_gui_rows *t)
{
    btbb_gui_rows_clear(&t->cells);
    btbb_gui_rows_forget(t);
    t->totals = btbb_totals_for(&t->options);
    make_rows(t);
}
