/* read-hci.h: HCI packets of a capture file, read with Wireshark's library: link types 187, 201 and 254, btsnoop, Apple
 * PacketLogger.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_READ_HCI_H
#define BTBB_COMMAND_READ_HCI_H

#include <stdatomic.h>
#include <stdbool.h>

#include "crypt/hci-keys.h"

struct btbb_hci_packet {
    struct btbb_hci_keys *state; /* of this file; all zero at its first packet */
    uint32_t number;             /* of the frame, from 1 */
    unsigned adapter;
    enum btbb_hci kind;
    struct btbb_span bytes; /* valid during the call */
};

typedef void btbb_hci_fn(void *user, const struct btbb_hci_packet *packet);

/* Calls `fn` for every command, event and new index. Returns whether the file was read to its end, otherwise with
 * *error (to be freed with g_free()) unless `stop` was set. */
bool btbb_read_hci(const char *path, const atomic_bool *stop, btbb_hci_fn *fn, void *user, char **error);

#endif
