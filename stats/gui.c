/* gui.c: decides which parts of the Wireshark window are registered where.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include <epan/plugin_if.h>

#include "gui.h"
#include "record.h"

/* Only the window supports plugin_if_get_ws_info(). */
bool btbb_in_window(void)
{
    ws_info_t *info = NULL;

    plugin_if_get_ws_info(&info);
    return info && info->ws_info_supported;
}

void btbb_gui_register(void)
{
    if (find_tap_id(BTBB_TAP_NAME) == 0)
        return; /* btbb.so is not loaded: there would be nothing to count */
    btbb_gui_register_endpoints();
    btbb_gui_register_tree();
    if (!btbb_in_window())
        return;
    btbb_gui_register_tables();
    btbb_gui_register_links();
    btbb_gui_register_piconets();
    btbb_gui_register_report();
}
