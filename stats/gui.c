/* gui.c: decides which parts of the Wireshark window are registered where.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include "record.h"
#include "gui.h"

/* Programs set this name themselves, so a link under another name does not mislead. */
static bool in_wireshark(void)
{
    return g_strcmp0(g_get_prgname(), "wireshark") == 0;
}

void btbb_gui_register(void)
{
    if (find_tap_id(BTBB_TAP_NAME) == 0)
        return; /* btbb.so is not loaded: nothing would ever be counted */
    btbb_gui_register_endpoints();
    btbb_gui_register_tree();
    if (!in_wireshark())
        return;
    btbb_gui_register_tables();
    btbb_gui_register_report();
}
