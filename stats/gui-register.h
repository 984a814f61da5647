/* gui-register.h: what all tables of the Statistics menu have in common.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_GUI_REGISTER_H
#define BTBB_GUI_REGISTER_H

#include "compat/ws-compat.h"

#include <epan/stat_tap_ui.h>

#include "vendors/vendors.h"

/* Manufacturers for all tables; loaded with the first call, which must be before the window opens, and freed when
 * Wireshark ends. */
struct btbb_vendors *btbb_gui_vendors(void);

/* Registers a table of `count` columns that listens to `tap`. Its callbacks, title and cli_string must be set. */
void btbb_gui_register_table(stat_tap_table_ui *ui, const char *tap, stat_tap_table_item *columns, guint count);

/* "-z btbb,lap, -z btbb,type": all tables that are registered. Valid until Wireshark ends. */
const char *btbb_gui_table_names(void);

/* Frees what Wireshark keeps of a table for its next window. To be called when Wireshark ends. */
void btbb_gui_free_table(stat_tap_table_ui *ui);

#endif
