/* link-listener.h: collects the connections of a capture, or the names of its devices, for a statistic.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_LINK_LISTENER_H
#define BTBB_LINK_LISTENER_H

#include "compat/ws-compat.h"

#include "show/rows.h"

enum btbb_link_listening {
    BTBB_LISTEN_NAMES, /* names of devices only: avoids the cost of data packets and of the timeline */
    BTBB_LISTEN_LINKS
};

struct btbb_link_listener;

/* Called after each packet of connections was taken in. */
typedef void (*btbb_link_listener_fn)(void *user, const struct btbb_link_event *event);

/* Listen to the taps of the dissector. `clocks`: use clocks that the dissector found, too; `filter`: display filter or
 * NULL; `fn` may be NULL. Returns NULL and sets *error (free with g_free()) when the taps or memory are missing, or the
 * filter is not valid. */
struct btbb_link_listener *btbb_link_listener_new(enum btbb_link_listening what, bool clocks, const char *filter,
                                                  btbb_link_listener_fn fn, void *user, char **error);

/* Stop listening and free everything; accepts NULL. */
void btbb_link_listener_free(struct btbb_link_listener *listener);

/* The same where Wireshark has already freed its listeners: while the program ends. */
void btbb_link_listener_discard(struct btbb_link_listener *listener);

/* The connections and names so far; changes with every packet, and is another one after packets are read again. Its log
 * is NULL when memory is exhausted. */
const struct btbb_capture_links *btbb_link_listener_links(const struct btbb_link_listener *listener);

#endif
