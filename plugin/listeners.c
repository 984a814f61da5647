/* listeners.c: see listeners.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "listeners.h"

#include <epan/plugin_if.h>

/* Only the window supports plugin_if_get_ws_info(). */
bool btbb_is_window(void)
{
    ws_info_t *info = NULL;

    plugin_if_get_ws_info(&info);
    return info && info->ws_info_supported;
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
