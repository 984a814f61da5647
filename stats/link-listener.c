/* link-listener.c: see link-listener.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link-listener.h"

#include "listen.h"

struct btbb_link_listener {
    enum btbb_link_listening what;
    struct btbb_link_log *log;
    struct btbb_capture_links links;
    btbb_link_listener_fn fn;
    void *user;
    bool clocks;
    bool listens;
};

static void start(struct btbb_link_listener *listener)
{
    btbb_link_log_free(listener->log);
    listener->log = btbb_link_log_new(listener->what == BTBB_LISTEN_LINKS);
    if (listener->log && listener->what == BTBB_LISTEN_NAMES)
        btbb_links_only_names(listener->log->links);
    listener->links.log = listener->log;
    listener->links.names = listener->log ? btbb_links_names(listener->log->links) : NULL;
}

static void reset(void *data)
{
    start((struct btbb_link_listener *)data);
}

/* Takes back what follows from a clock that was found. */
static void forget_clock(struct btbb_link_packet *packet)
{
    if (packet->found_clk)
        packet->has_clk = false;
    if (packet->found_dir)
        packet->dir = BTBB_DIR_UNKNOWN;
    packet->retransmission = packet->plain_retransmission;
}

static tap_packet_status take_in(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *packet,
                                 tap_flags_t flags _U_)
{
    struct btbb_link_listener *listener = (struct btbb_link_listener *)data;
    struct btbb_link_packet taken = *(const struct btbb_link_packet *)packet;
    struct btbb_link_event event;

    if (!listener->log)
        return TAP_PACKET_DONT_REDRAW;
    if (!listener->clocks)
        forget_clock(&taken);
    btbb_link_log_add(listener->log, &taken, &event);
    if (listener->fn)
        listener->fn(listener->user, &event);
    return TAP_PACKET_REDRAW;
}

struct btbb_link_listener *btbb_link_listener_new(enum btbb_link_listening what, bool clocks, const char *filter,
                                                  btbb_link_listener_fn fn, void *user, char **error)
{
    struct btbb_link_listener *listener = g_new0(struct btbb_link_listener, 1);
    const char *tap = what == BTBB_LISTEN_NAMES ? BTBB_NAME_TAP_NAME : BTBB_LINK_TAP_NAME;

    listener->what = what;
    listener->clocks = clocks;
    listener->fn = fn;
    listener->user = user;
    start(listener);
    if (!listener->log)
        *error = g_strdup("out of memory");
    else
        listener->listens = btbb_listen(tap, listener, filter, reset, take_in, NULL, NULL, error);
    if (listener->listens)
        return listener;
    btbb_link_listener_free(listener);
    return NULL;
}

void btbb_link_listener_discard(struct btbb_link_listener *listener)
{
    if (listener)
        btbb_link_log_free(listener->log);
    g_free(listener);
}

void btbb_link_listener_free(struct btbb_link_listener *listener)
{
    if (!listener)
        return;
    if (listener->listens)
        remove_tap_listener(listener);
    btbb_link_listener_discard(listener);
}

const struct btbb_capture_links *btbb_link_listener_links(const struct btbb_link_listener *listener)
{
    return &listener->links;
}
