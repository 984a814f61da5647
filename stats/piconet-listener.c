/* piconet-listener.c: see piconet-listener.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "piconet-listener.h"

#include "listen.h"

struct btbb_piconet_listener {
    struct btbb_clock_log *log;
    bool listens;
};

static void reset(void *data)
{
    struct btbb_piconet_listener *listener = (struct btbb_piconet_listener *)data;

    btbb_clock_log_free(listener->log);
    listener->log = btbb_clock_log_new();
}

static tap_packet_status take_in(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *packet,
                                 tap_flags_t flags _U_)
{
    const struct btbb_piconet_listener *listener = (const struct btbb_piconet_listener *)data;

    if (listener->log)
        btbb_clock_log_add(listener->log, (const struct btbb_piconet_packet *)packet);
    return TAP_PACKET_DONT_REDRAW;
}

struct btbb_piconet_listener *btbb_piconet_listener_new(const char *filter, char **error)
{
    struct btbb_piconet_listener *listener = g_new0(struct btbb_piconet_listener, 1);

    reset(listener);
    if (!listener->log)
        *error = g_strdup("out of memory");
    else
        listener->listens = btbb_listen(BTBB_PICONET_TAP_NAME, listener, filter, reset, take_in, NULL, NULL, error);
    if (listener->listens)
        return listener;
    btbb_piconet_listener_free(listener);
    return NULL;
}

void btbb_piconet_listener_discard(struct btbb_piconet_listener *listener)
{
    if (listener)
        btbb_clock_log_free(listener->log);
    g_free(listener);
}

void btbb_piconet_listener_free(struct btbb_piconet_listener *listener)
{
    if (!listener)
        return;
    if (listener->listens)
        remove_tap_listener(listener);
    btbb_piconet_listener_discard(listener);
}

const struct btbb_clock_log *btbb_piconet_listener_clocks(const struct btbb_piconet_listener *listener)
{
    if (listener->log)
        btbb_clock_log_finish(listener->log, true);
    return listener->log;
}
