/* plugin.c: the symbols that Wireshark looks for in btbb-stats.so: version and registration.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include "gui.h"
#include "tap-btbb.h"

BTBB_EXPORT extern const char plugin_version[];
BTBB_EXPORT extern const int plugin_want_major;
BTBB_EXPORT extern const int plugin_want_minor;
BTBB_EXPORT void plugin_register(void);
BTBB_EXPORT uint32_t plugin_describe(void);

const char plugin_version[] = BTBB_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

static void register_listeners(void)
{
    btbb_tap_register();
    btbb_gui_register();
}

void plugin_register(void)
{
    static const tap_plugin plugin = {.register_tap_listener = register_listeners};

    tap_register_plugin(&plugin);
}

uint32_t plugin_describe(void)
{
    return 16u; /* WS_PLUGIN_DESC_TAP_LISTENER, which Wireshark 4.0 does not have */
}
