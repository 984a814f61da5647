/* listen.c: see listen.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "listen.h"

#include "count/printable-copy.h"

bool btbb_listen(const char *tap, void *listener, const char *filter, tap_reset_cb reset, tap_packet_cb packet,
                 tap_draw_cb draw, tap_finish_cb finish, char **error)
{
    if (find_tap_id(tap) == 0) {
        *error = g_strdup("btbb.so and btbb-stats.so are of different versions: reinstall both");
        return false;
    }
    GString *refused = register_tap_listener(tap, listener, filter, TL_REQUIRES_NOTHING, reset, packet, draw, finish);

    if (!refused)
        return true;
    *error = btbb_printable_copy(refused->str); /* contains the filter */
    g_string_free(refused, TRUE);
    return false;
}
