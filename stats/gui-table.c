/* gui-table.c: registers the tables of the Statistics menu.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gui-rows.h"

#include <wsutil/report_message.h>

#include "count/printable-copy.h"
#include "gui-register.h"
#include "gui.h"

struct table {
    stat_tap_table_ui ui; /* first: Wireshark passes its address to every callback */
    enum btbb_view view;
    struct btbb_gui_rows rows;
};

static struct table tables[] = {
    {.view = BTBB_VIEW_LAP, .ui = {.title = BTBB_TABLE_TITLE("Clients"), .cli_string = "btbb,lap"}},
    {.view = BTBB_VIEW_TYPE, .ui = {.title = BTBB_TABLE_TITLE("Packet Types"), .cli_string = "btbb,type"}},
    {.view = BTBB_VIEW_LAP_TYPE, .ui = {.title = BTBB_TABLE_TITLE("Clients x Types"), .cli_string = "btbb,lap-type"}},
    {.view = BTBB_VIEW_SIGNAL, .ui = {.title = BTBB_TABLE_TITLE("Signal Levels"), .cli_string = "btbb,signal"}},
};

static struct table *table_of(stat_tap_table_ui *ui)
{
    return (struct table *)(void *)ui;
}

static struct table *table_titled(const char *title)
{
    struct table *t = tables;

    while (t->ui.title != title)
        t++;
    return t;
}

static tap_packet_status table_packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tap,
                                      tap_flags_t flags _U_)
{
    struct table *t = table_of(((const stat_data_t *)data)->stat_tap_data);

    return btbb_gui_rows_count(&t->rows, (const struct btbb_record *)tap) ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

/* Called before all packets are counted again. */
static void table_reset(stat_tap_table *table)
{
    btbb_gui_rows_restart(&table_titled(table->title)->rows);
}

/* Called for each cell when the last window of the table is closed; never for a table without rows. */
static void table_free(stat_tap_table *table, guint row, guint column, stat_tap_table_item_type *cell)
{
    struct table *t = table_titled(table->title);

    if (column > 0)
        return;
    btbb_gui_cell_free(cell);
    if (row > 0)
        return;
    btbb_gui_cells_free_removed(&t->rows.cells);
    btbb_gui_rows_forget(&t->rows);
    g_clear_pointer(&t->rows.names, btbb_link_listener_free);
}

/* Called when a window is opened and whenever its filter is applied. */
static void table_init(stat_tap_table_ui *ui)
{
    struct table *t = table_of(ui);

    if (!btbb_gui_table_add(&t->rows.cells, ui))
        return;
    btbb_gui_rows_learn_names(&t->rows);
    table_reset(t->rows.cells.table);
}

/* Called after all windows are closed, just before the plugin is unloaded. */
static void shut_down(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        btbb_gui_rows_clear_all(&tables[i].rows);
        btbb_gui_free_table(&tables[i].ui);
    }
}

/* Called for each -z btbb... that is no table. Reporting a failure to Wireshark would end the program. */
static btbb_init_result refuse(const char *argument, void *userdata _U_)
{
    char *shown = btbb_printable_copy(argument);

    report_failure(
        "-z %s: the Wireshark window has %s, each with an optional display filter. For other views use tshark.", shown,
        btbb_gui_table_names());
    g_free(shown);
    BTBB_INIT_OK;
}

static void register_table(struct table *t)
{
    btbb_gui_rows_init(&t->rows, t->view, btbb_gui_vendors());
    t->ui.stat_tap_init_cb = table_init;
    t->ui.packet_func = table_packet;
    t->ui.stat_tap_reset_table_cb = table_reset;
    t->ui.stat_tap_free_table_item_cb = table_free;
    btbb_gui_register_table(&t->ui, BTBB_TAP_NAME, t->rows.columns, (guint)t->rows.column_count);
}

void btbb_gui_register_tables(void)
{
    static stat_tap_ui others = {.group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
                                 .title = "Bluetooth Baseband",
                                 .cli_string = BTBB_TAP_NAME,
                                 .tap_init_cb = refuse};

    register_stat_tap_ui(&others, NULL);
    register_shutdown_routine(shut_down);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        register_table(&tables[i]);
}
