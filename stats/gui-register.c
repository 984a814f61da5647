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

void btbb_gui_register_table(stat_tap_table_ui *ui, const char *tap, stat_tap_table_item *columns, guint count)
{
    ui->group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
    ui->tap_name = tap;
    ui->nfields = count;
    ui->fields = columns;
    register_stat_tap_table_ui(ui);
}

void btbb_gui_free_table(stat_tap_table_ui *ui)
{
    if (ui->tables)
        g_array_free(ui->tables, TRUE);
}
