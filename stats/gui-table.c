/* gui-table.c: the tables of the Statistics menu: Clients, Packet Types, Clients x Types.
 *
 * What a table shows are the rows of rows.h, the same that become text, CSV and JSON. Wireshark's table window reads
 * the cells when the last packet has been counted, but tells nobody that it has been. So every packet brings the rows
 * up to date that it changes: those of the one or two clients it speaks of, or those of the sixteen types.
 *
 * The window keeps pointers to rows of cells for as long as it is open, even when another window of the same table has
 * counted anew. A row is therefore not freed before the table is: rows that are not needed any more wait for reuse.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <wsutil/report_message.h>

#include "record.h"
#include "gui.h"
#include "compat/ws-manuf.h"
#include "show/print.h"
#include "show/rows.h"
#include "show/local-time.h"

#define CELL_TEXT_BYTES 48

#define TEXT(title)                                                                                                    \
    {                                                                                                                  \
        TABLE_ITEM_STRING, TAP_ALIGN_LEFT, title, "%s"                                                                 \
    }
#define COUNT(title)                                                                                                   \
    {                                                                                                                  \
        TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, title, "%u"                                                                  \
    }
/* A text, because 4.0 and 4.4 show a TABLE_ITEM_FLOAT with six decimals. */
#define NUMBER(title)                                                                                                  \
    {                                                                                                                  \
        TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, title, "%s"                                                                \
    }

/* Columns of the windows, and the columns of the rows that they show, by their CSV names. */
static stat_tap_table_item lap_columns[] = {TEXT("LAP"),           TEXT("UAP"),   TEXT("NAP"),     TEXT("Vendor"),
                                            COUNT("Packets"),      COUNT("ID"),   COUNT("Non-ID"), COUNT("To Central"),
                                            COUNT("From Central"), TEXT("First"), TEXT("Last")};
static const char *const lap_keys[] = {"lap",    "uap",       "nap",         "vendor", "packets", "id",
                                       "non_id", "to_master", "from_master", "first",  "last",    NULL};

static stat_tap_table_item type_columns[] = {COUNT("Code"), TEXT("Type"), COUNT("Packets"), NUMBER("Percent")};
static const char *const type_keys[] = {"type", "name", "packets", "percent", NULL};

#define TYPE_COLUMN 1 /* of the first TYPE code, in lap_type_columns */
static const char *const type_names[BTBB_TYPES] = BTBB_TYPE_NAMES;
static stat_tap_table_item lap_type_columns[TYPE_COLUMN + BTBB_TYPES + 1] = {TEXT("LAP")};
static const char *lap_type_keys[TYPE_COLUMN + BTBB_TYPES + 2] = {"lap"};

struct table {
    stat_tap_table_ui ui; /* first: Wireshark hands its address to every callback */
    enum btbb_view view;
    const char *const *keys; /* one for each column, then NULL */

    stat_tap_table *table; /* NULL while no window is open */
    GPtrArray *spare;      /* rows that wait for reuse */
    struct btbb_options options;
    struct btbb_totals *totals;
    struct btbb_rows *rows;
    GArray *columns;           /* of the rows -> column of the window, -1 for none; int */
    uint32_t series;           /* bits of the series that have a column in `rows` */
    GArray *places;            /* client number -> row of the window plus one, 0 for none; guint */
    struct btbb_client seldom; /* sums over the clients that `min` leaves out */
    bool has_seldom;           /* the last row of the window shows them */
};

static struct btbb_vendors *vendors;

static struct table *table_of(stat_tap_table_ui *ui)
{
    return (struct table *)(void *)ui;
}

/* --- cells ------------------------------------------------------------------------------------------------------ */

/* A row is one block: its cells, then room for the text of each. */
static char *cell_text(const struct table *t, guint row, size_t column)
{
    stat_tap_table_item_type *cells = t->table->elements[row];

    return (char *)(cells + t->ui.nfields) + column * CELL_TEXT_BYTES;
}

static guint add_row(struct table *t)
{
    stat_tap_table *table = t->table;
    void *cells;

    if (t->spare->len > 0)
        cells = g_ptr_array_steal_index(t->spare, t->spare->len - 1);
    else
        cells = g_malloc(t->ui.nfields * (sizeof(stat_tap_table_item_type) + CELL_TEXT_BYTES));
    memset(cells, 0, t->ui.nfields * (sizeof(stat_tap_table_item_type) + CELL_TEXT_BYTES));
    if ((table->num_elements & (table->num_elements - 1)) == 0) /* room grows at powers of two */
        table->elements = g_renew(stat_tap_table_item_type *, table->elements, MAX(table->num_elements * 2, 1));
    table->elements[table->num_elements] = (stat_tap_table_item_type *)cells;
    for (size_t i = 0; i < t->ui.nfields; i++) {
        table->elements[table->num_elements][i].type = t->ui.fields[i].type;
        if (t->ui.fields[i].type == TABLE_ITEM_STRING)
            table->elements[table->num_elements][i].value.string_value = cell_text(t, table->num_elements, i);
    }
    return table->num_elements++;
}

/* Seconds since 1970 tell people nothing: local time, as everywhere in the window. */
static char *time_text(int64_t ns)
{
    uint32_t fraction;
    const int64_t seconds = btbb_seconds_of(ns, &fraction);
    char whole[BTBB_TIME_TEXT];
    GString *text;

    btbb_local_time(seconds, whole);
    text = g_string_new(whole);
    btbb_fraction_append(text, fraction, btbb_fraction_digits(fraction));
    return g_string_free(text, FALSE);
}

/* Text of a value as people read it, to be freed. Texts of one column sort as their values do. */
static char *value_text(const struct btbb_value *value)
{
    switch (value->kind) {
    case BTBB_VALUE_REAL:
        return g_strdup_printf("%6.2f", value->real); /* up to 100.00 */
    case BTBB_VALUE_EPOCH:
        return time_text(value->ns);
    default:
        return btbb_value_to_text(value);
    }
}

static void set_text(const struct table *t, guint row, size_t column, const struct btbb_value *value)
{
    char *cell = cell_text(t, row, column), *text = value_text(value);
    const char *end;

    g_strlcpy(cell, text, CELL_TEXT_BYTES);
    g_free(text);
    if (!g_utf8_validate(cell, -1, &end))
        cell[end - cell] = '\0'; /* cut within a character */
}

static void set_cell(const struct table *t, guint row, size_t column, const struct btbb_value *value)
{
    stat_tap_table_item_type *cell = &t->table->elements[row][column];

    switch (cell->type) {
    case TABLE_ITEM_UINT:
        cell->value.uint_value = value->kind == BTBB_VALUE_COUNT ? (guint)MIN(value->count, G_MAXUINT) : 0;
        break;
    default:
        set_text(t, row, column, value);
    }
}

/* --- rows ------------------------------------------------------------------------------------------------------- */

static void make_rows(struct table *t)
{
    char *error = NULL;

    btbb_rows_free(t->rows);
    t->rows = btbb_rows_new(&t->options, t->totals, vendors, &error);
    g_free(error);
    g_array_set_size(t->columns, 0);
    for (size_t i = 0; t->rows && i < t->rows->column_count; i++) {
        int column = 0;

        while (t->keys[column] && strcmp(t->keys[column], t->rows->columns[i].key) != 0)
            column++;
        column = t->keys[column] ? column : -1;
        g_array_append_val(t->columns, column);
    }
}

static void set_row(const struct table *t, guint row, const struct btbb_value *values)
{
    for (guint i = 0; i < t->columns->len; i++) {
        const int column = g_array_index(t->columns, int, i);

        if (column >= 0)
            set_cell(t, row, (size_t)column, &values[i]);
    }
}

static void show_types(struct table *t)
{
    const struct btbb_value *values;
    guint row = 0;

    make_rows(t);
    while (t->rows && (values = btbb_rows_next(t->rows)) != NULL) {
        if (row == t->table->num_elements)
            add_row(t);
        set_row(t, row++, values);
    }
}

static void show_client(struct table *t, uint64_t key)
{
    const uint32_t number = btbb_table_find(&t->totals->clients, key);
    const struct btbb_value *values;
    guint *place;

    if (number == BTBB_TABLE_NONE || !t->rows || (values = btbb_rows_client(t->rows, number)) == NULL)
        return;
    if (number >= t->places->len)
        g_array_set_size(t->places, number + 1); /* new elements are zero */
    place = &g_array_index(t->places, guint, number);
    if (*place == 0)
        *place = add_row(t) + 1;
    set_row(t, *place - 1, values);
}

/* The clients seen once, which `min` leaves out, have one row together, behind all others. */
static void hide_seldom(struct table *t)
{
    if (t->has_seldom)
        g_ptr_array_add(t->spare, t->table->elements[--t->table->num_elements]);
    t->has_seldom = false;
}

static void show_seldom(struct table *t)
{
    const struct btbb_client *sum = &t->seldom;
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {{"packets", sum->packets},
                  {"id", sum->id},
                  {"non_id", sum->typed},
                  {"to_master", sum->to_central},
                  {"from_master", sum->from_central}};
    guint row;

    if (sum->packets == 0)
        return;
    row = add_row(t);
    t->has_seldom = true;
    g_snprintf(cell_text(t, row, 0), CELL_TEXT_BYTES, "(%u seen once)", (guint)sum->packets);
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        for (size_t column = 0; t->keys[column]; column++)
            if (strcmp(t->keys[column], counts[i].key) == 0)
                t->table->elements[row][column].value.uint_value = (guint)counts[i].count;
}

/* Add what a client of one packet counts, or take it away. */
static void count_seldom(struct btbb_client *sum, const struct btbb_client *client, uint64_t times)
{
    sum->packets += times * client->packets;
    sum->id += times * client->id;
    sum->typed += times * client->typed;
    sum->to_central += times * client->to_central;
    sum->from_central += times * client->from_central;
}

/* --- counting --------------------------------------------------------------------------------------------------- */

static const struct btbb_client *find_client(const struct table *t, uint64_t key)
{
    const uint32_t number = btbb_table_find(&t->totals->clients, key);

    return number == BTBB_TABLE_NONE ? NULL : (const struct btbb_client *)btbb_table_at(&t->totals->clients, number);
}

static bool count_types(struct table *t, const struct btbb_record *record)
{
    if (!btbb_totals_add(t->totals, record))
        return false;
    show_types(t);
    return true;
}

static bool count_clients(struct table *t, const struct btbb_record *record)
{
    const uint32_t series = 1u << btbb_series_of(record);
    const struct btbb_client *client = record->has_lap ? find_client(t, record->client) : NULL;
    bool seldom;

    if (client && client->packets == 1)
        count_seldom(&t->seldom, client, UINT64_MAX);
    if (!btbb_totals_add(t->totals, record) || !record->has_lap || (client = find_client(t, record->client)) == NULL)
        return false;
    if (client->packets == 1)
        count_seldom(&t->seldom, client, 1);
    if ((t->series & series) == 0)
        make_rows(t); /* the columns of Clients x Types are the types seen so far */
    t->series |= series;
    seldom = t->options.min == 2 && client->packets <= 2;
    if (seldom)
        hide_seldom(t); /* its row must stay the last one */
    show_client(t, record->client);
    if (record->taught)
        show_client(t, record->taught_lap);
    if (seldom)
        show_seldom(t);
    return true;
}

static tap_packet_status table_packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tap,
                                      tap_flags_t flags _U_)
{
    struct table *t = table_of(((const stat_data_t *)data)->stat_tap_data);
    const struct btbb_record *record = (const struct btbb_record *)tap;
    const bool counted = t->view == BTBB_VIEW_TYPE ? count_types(t, record) : count_clients(t, record);

    return counted ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

/* --- life ------------------------------------------------------------------------------------------------------- */

static void forget(struct table *t)
{
    btbb_rows_free(t->rows);
    btbb_totals_free(t->totals);
    t->rows = NULL;
    t->totals = NULL;
    t->series = 0;
    t->has_seldom = false;
    memset(&t->seldom, 0, sizeof t->seldom);
    g_array_set_size(t->places, 0);
}

static struct table tables[] = {
    {.view = BTBB_VIEW_LAP,
     .keys = lap_keys,
     .ui = {.title = BTBB_TABLE_TITLE("Clients"),
            .cli_string = "btbb,lap",
            .nfields = G_N_ELEMENTS(lap_columns),
            .fields = lap_columns}},
    {.view = BTBB_VIEW_TYPE,
     .keys = type_keys,
     .ui = {.title = BTBB_TABLE_TITLE("Packet Types"),
            .cli_string = "btbb,type",
            .nfields = G_N_ELEMENTS(type_columns),
            .fields = type_columns}},
    {.view = BTBB_VIEW_LAP_TYPE,
     .keys = lap_type_keys,
     .ui = {.title = BTBB_TABLE_TITLE("Clients x Types"),
            .cli_string = "btbb,lap-type",
            .nfields = G_N_ELEMENTS(lap_type_columns),
            .fields = lap_type_columns}},
};

static struct table *table_named(const char *title)
{
    struct table *t = tables;

    while (t->ui.title != title)
        t++;
    return t;
}

/* Called before packets are counted from the first one on. */
static void table_reset(stat_tap_table *table)
{
    struct table *t = table_named(table->title);

    while (table->num_elements > 0)
        g_ptr_array_add(t->spare, table->elements[--table->num_elements]);
    forget(t);
    t->totals = btbb_totals_new(btbb_totals_needs(&t->options), t->options.interval_ns);
    make_rows(t);
}

/* Called for every cell when the last window of the table is closed; not at all for a table without rows. */
static void table_free(stat_tap_table *table, guint row, guint column, stat_tap_table_item_type *cell _U_)
{
    struct table *t = table_named(table->title);

    if (row > 0 || column > 0)
        return;
    g_ptr_array_set_size(t->spare, 0);
    forget(t);
}

/* Called when a window is opened and whenever its filter is applied. */
static void table_init(stat_tap_table_ui *ui)
{
    struct table *t = table_of(ui);

    if (stat_tap_find_table(ui, ui->title) != NULL)
        return;
    t->table = stat_tap_init_table(ui->title, (int)ui->nfields, 0, NULL);
    stat_tap_add_table(ui, t->table);
    table_reset(t->table);
}

static void name_type_columns(void)
{
    static const stat_tap_table_item count = COUNT(NULL);

    for (size_t i = TYPE_COLUMN; i < G_N_ELEMENTS(lap_type_columns); i++) {
        const bool total = i == TYPE_COLUMN + BTBB_TYPES;

        lap_type_columns[i] = count;
        lap_type_columns[i].column_name = total ? "Total" : type_names[i - TYPE_COLUMN];
        lap_type_keys[i] = total ? "total" : type_names[i - TYPE_COLUMN];
    }
}

/* Called when all windows are gone, just before the plugin is. */
static void shut_down(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        struct table *t = &tables[i];

        forget(t);
        btbb_options_clear(&t->options);
        g_ptr_array_free(t->spare, TRUE);
        g_array_free(t->columns, TRUE);
        g_array_free(t->places, TRUE);
        if (t->ui.tables != NULL)
            g_array_free(t->ui.tables, TRUE); /* Wireshark empties it, and keeps it for the next window */
    }
    btbb_vendors_free(vendors);
}

/* Called for each -z btbb... that names no table. To call it a failure would end the program. */
static btbb_init_result refuse(const char *argument, void *userdata _U_)
{
    GString *names = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        g_string_append_printf(names, "%s-z %s", i > 0 ? ", " : "", tables[i].ui.cli_string);
    report_failure("-z %s: the window knows %s, each with a display filter behind it; tshark knows all views.",
                   argument, names->str);
    g_string_free(names, TRUE);
    BTBB_INIT_OK;
}

void btbb_gui_register_tables(void)
{
    static stat_tap_ui others = {.group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
                                 .title = "Bluetooth Baseband",
                                 .cli_string = BTBB_TAP_NAME,
                                 .tap_init_cb = refuse};

    register_stat_tap_ui(&others, NULL);
    register_shutdown_routine(shut_down);
    name_type_columns();
    vendors = btbb_vendors_new(&btbb_ws_manuf);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        struct table *t = &tables[i];

        btbb_options_init(&t->options, t->view);
        t->spare = g_ptr_array_new_with_free_func(g_free);
        t->columns = g_array_new(FALSE, FALSE, sizeof(int));
        t->places = g_array_new(FALSE, TRUE, sizeof(guint));
        t->ui.group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
        t->ui.tap_name = BTBB_TAP_NAME;
        t->ui.stat_tap_init_cb = table_init;
        t->ui.packet_func = table_packet;
        t->ui.stat_tap_reset_table_cb = table_reset;
        t->ui.stat_tap_free_table_item_cb = table_free;
        register_stat_tap_table_ui(&t->ui);
    }
}
