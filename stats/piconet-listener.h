/* piconet-listener.h: collects the clocks of a capture's piconets for a statistic.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PICONET_LISTENER_H
#define BTBB_PICONET_LISTENER_H

#include "compat/ws-compat.h"

#include "learn/clock-log.h"

struct btbb_piconet_listener;

/* Listen to the tap of the dissector. `filter`: display filter or NULL. Returns NULL and sets *error (free with
 * g_free()) when the tap or memory is missing, or the filter is not valid. */
struct btbb_piconet_listener *btbb_piconet_listener_new(const char *filter, char **error);

/* Stop listening and free everything; accepts NULL. */
void btbb_piconet_listener_free(struct btbb_piconet_listener *listener);

/* The same where Wireshark has already freed its listeners: while the program ends. */
void btbb_piconet_listener_discard(struct btbb_piconet_listener *listener);

/* The clocks so far, finished: may search. Another one after packets are read again; NULL when memory is exhausted. */
const struct btbb_clock_log *btbb_piconet_listener_clocks(const struct btbb_piconet_listener *listener);

#endif
