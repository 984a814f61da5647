/* listeners.c: see listeners.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "listeners.h"

#include <epan/plugin_if.h>

#include "record.h"

/* Only the window supports plugin_if_get_ws_info(). */
bool btbb_is_window(void)
{
    ws_info_t *info = NULL;

    plugin_if_get_ws_info(&info);
    return info && info->ws_info_supported;
}

/* Only a tapped packet is found in the queue. */
bool btbb_is_tapped(packet_info *pinfo)
{
    const int tap = find_tap_id(BTBB_CLOCK_TAP_NAME); /* its listeners take no packets */

    tap_queue_packet(tap, pinfo, pinfo);
    return fetch_tapped_data(tap, 0) == pinfo;
}

bool btbb_are_others_listening(const char *const *ours)
{
    GList *names = get_tap_names();
    bool found = false;

    for (const GList *at = names; at && !found; at = at->next)
        found =
            !g_strv_contains(ours, (const char *)at->data) && have_tap_listener(find_tap_id((const char *)at->data));
    g_list_free(names);
    return found;
}
