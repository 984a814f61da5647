/* plugin.c: the symbols that Wireshark requires of a plugin: version and registration.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include "packet-btbb.h"

BTBB_EXPORT extern const char plugin_version[];
BTBB_EXPORT extern const int plugin_want_major;
BTBB_EXPORT extern const int plugin_want_minor;
BTBB_EXPORT void plugin_register(void);
BTBB_EXPORT uint32_t plugin_describe(void);

const char plugin_version[] = BTBB_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

void plugin_register(void)
{
    static proto_plugin plugin = {.register_protoinfo = btbb_register_protocol,
                                  .register_handoff = btbb_register_handoff};

    /* The dialog that opens capture files lists files with this extension. */
    static const struct file_extension_info extension = {"Ubertooth, Kismet: Bluetooth baseband", true, "pcapbtbb"};

    proto_register_plugin(&plugin);
    wtap_register_file_type_extension(&extension);
}

uint32_t plugin_describe(void)
{
    return 1u; /* WS_PLUGIN_DESC_DISSECTOR, which 4.0 does not have */
}
