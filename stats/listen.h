/* listen.h: a listener to a tap of the dissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_LISTEN_H
#define BTBB_LISTEN_H

#include "compat/ws-compat.h"

#include <epan/tap.h>

/* register_tap_listener() without flags. Returns false and sets *error (free with g_free()) when the tap is missing, or
 * the filter is not valid. */
bool btbb_listen(const char *tap, void *listener, const char *filter, tap_reset_cb reset, tap_packet_cb packet,
                 tap_draw_cb draw, tap_finish_cb finish, char **error);

#endif
