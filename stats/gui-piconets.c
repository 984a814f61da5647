/* gui-piconets.c: the table of piconets and their clocks in the Statistics menu.
 *
 * A clock is known when the last packet is, but Wireshark has no callback at that time. Therefore the dissector marks
 * the last packet (struct btbb_piconet_packet), and a listener without a filter waits for it to fill the table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gui-cells.h"

#include "gui-register.h"
#include "gui.h"
#include "learn/clock-log.h"
#include "show/rows.h"

static const char *const keys[] = {"lap",   "uap", "nap",    "first", "span",  "packets", "explained", "unexplained",
                                   "slots", "clk", "source", "sure",  "drift", "jump",    "details"};

#define COLUMNS     G_N_ELEMENTS(keys)
#define TEXT_BYTES  200u /* of a cell: two maps of 79 channels */
#define TABLE_TITLE BTBB_TABLE_TITLE("Piconets")

static stat_tap_table_item columns[COLUMNS];
static struct btbb_gui_cells cells = {.text_bytes = TEXT_BYTES};
static struct btbb_clock_log *log_of_window;
static bool waits; /* for the last packet; also after a table without rows was freed */

static void show_rows(struct btbb_rows *rows)
{
    const struct btbb_value *values;

    while ((values = btbb_rows_next(rows)) != NULL) {
        const guint row = btbb_gui_row_add(&cells, columns);

        for (guint column = 0; column < COLUMNS; column++)
            for (size_t i = 0; i < rows->column_count; i++)
                if (strcmp(rows->columns[i].key, keys[column]) == 0)
                    btbb_gui_cell_set(&cells, row, column, &values[i]);
    }
}

/* Fills the table anew. */
static void show(void)
{
    struct btbb_options options;
    char *error = NULL;

    btbb_gui_rows_clear(&cells);
    btbb_clock_log_finish(log_of_window, true);
    const struct btbb_capture_links learned = {.clocks = log_of_window};
    const struct btbb_source source = {.captures = &learned, .capture_count = 1};

    btbb_options_init(&options, BTBB_VIEW_PICONETS);
    struct btbb_rows *rows = btbb_rows_new(&options, &source, &error);

    if (rows)
        show_rows(rows);
    btbb_rows_free(rows);
    g_free(error);
}

/* A packet that the filter of the window lets through. It may be passed on after on_last(). */
static tap_packet_status table_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tap,
                                      tap_flags_t flags _U_)
{
    const struct btbb_piconet_packet *packet = (const struct btbb_piconet_packet *)tap;

    if (!log_of_window)
        return TAP_PACKET_DONT_REDRAW;
    btbb_clock_log_add(log_of_window, packet);
    if (packet->version == BTBB_PICONET_PACKET_VERSION && packet->last)
        show();
    return TAP_PACKET_REDRAW;
}

static tap_packet_status on_last(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tap,
                                 tap_flags_t flags _U_)
{
    const struct btbb_piconet_packet *packet = (const struct btbb_piconet_packet *)tap;

    if (log_of_window && btbb_gui_has_table(&cells) && packet->version == BTBB_PICONET_PACKET_VERSION && packet->last)
        show();
    return TAP_PACKET_DONT_REDRAW;
}

/* Called before all packets are read again. */
static void table_reset(stat_tap_table *table _U_)
{
    btbb_gui_rows_clear(&cells);
    btbb_clock_log_free(log_of_window);
    log_of_window = btbb_clock_log_new();
}

static void forget(void)
{
    g_clear_pointer(&log_of_window, btbb_clock_log_free);
}

/* Called for each cell when the last window of the table is closed; never for a table without rows. */
static void table_free(stat_tap_table *table _U_, guint row, guint column, stat_tap_table_item_type *cell)
{
    if (column > 0)
        return;
    btbb_gui_cell_free(cell);
    if (row > 0)
        return;
    btbb_gui_cells_free_removed(&cells);
    forget();
    if (waits)
        remove_tap_listener(&waits);
    waits = false;
}

static void wait_for_last(void)
{
    GString *refused = waits ? NULL
                             : register_tap_listener(BTBB_PICONET_TAP_NAME, &waits, NULL, TL_REQUIRES_NOTHING, NULL,
                                                     on_last, NULL, NULL);

    waits = !refused;
    if (refused)
        g_string_free(refused, TRUE);
}

/* Called when a window is opened and whenever its filter is applied. */
static void table_init(stat_tap_table_ui *ui)
{
    wait_for_last();
    if (btbb_gui_table_add(&cells, ui))
        table_reset(cells.table);
}

static stat_tap_table_ui table = {.title = TABLE_TITLE,
                                  .cli_string = "btbb,piconets",
                                  .stat_tap_init_cb = table_init,
                                  .packet_func = table_packet,
                                  .stat_tap_reset_table_cb = table_reset,
                                  .stat_tap_free_table_item_cb = table_free};

/* Called after all windows are closed, just before the plugin is unloaded. */
static void shut_down(void)
{
    forget();
    btbb_gui_cells_free_removed(&cells);
    g_ptr_array_free(cells.removed, TRUE);
    btbb_gui_free_table(&table);
}

void btbb_gui_register_piconets(void)
{
    if (find_tap_id(BTBB_PICONET_TAP_NAME) == 0)
        return;
    register_shutdown_routine(shut_down);
    cells.removed = g_ptr_array_new();
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = btbb_gui_column(btbb_column_find(BTBB_VIEW_PICONETS, keys[i]));
    btbb_gui_register_table(&table, BTBB_PICONET_TAP_NAME, columns, COLUMNS);
}
