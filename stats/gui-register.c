/* gui-register.c: see gui-register.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gui-register.h"

#include "compat/ws-manuf.h"

static struct btbb_vendors *vendors;

static void free_vendors(void)
{
    btbb_vendors_free(vendors);
    vendors = NULL;
}

struct btbb_vendors *btbb_gui_vendors(void)
{
    if (!vendors) {
        vendors = btbb_vendors_new(&btbb_ws_manuf);
        register_shutdown_routine(free_vendors);
    }
    return vendors;
}

static GString *names; /* of the tables that are registered */

static void free_names(void)
{
    g_string_free(names, TRUE);
}

const char *btbb_gui_table_names(void)
{
    return names ? names->str : "";
}

static void add_name(const char *name)
{
    if (!names) {
        names = g_string_new(NULL);
        register_shutdown_routine(free_names);
    }
    g_string_append_printf(names, "%s-z %s", names->len > 0 ? ", " : "", name);
}

void btbb_gui_register_table(stat_tap_table_ui *ui, const char *tap, stat_tap_table_item *columns, guint count)
{
    ui->group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
    ui->tap_name = tap;
    ui->nfields = count;
    ui->fields = columns;
    register_stat_tap_table_ui(ui);
    add_name(ui->cli_string);
}

void btbb_gui_free_table(stat_tap_table_ui *ui)
{
    if (ui->tables)
        g_array_free(ui->tables, TRUE);
}
