/* bluez.h: link keys that BlueZ stores, /var/lib/bluetooth/ADAPTER/DEVICE/info. C library only; nothing is read from
 * disk here.
 *
 * The file is a list of groups. The group [LinkKey] holds Key= (32 hexadecimal digits, the order of HCI), Type= (the
 * Key_Type of the HCI event Link Key Notification) and PINLength=.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_BLUEZ_H
#define BTBB_CORE_BLUEZ_H

#include "crypt/key-file.h"

/* The addresses of adapter and device in the path of an info file: the names of the last two folders. False if they
 * are no addresses. `path` ends with a zero. */
bool btbb_bluez_addresses(const char *path, uint64_t addresses[2]);

enum btbb_bluez {
    BTBB_BLUEZ_KEY,   /* `key` is written */
    BTBB_BLUEZ_NONE,  /* no group [LinkKey]: not paired, or paired for LE only */
    BTBB_BLUEZ_FAULTY /* `error` is written */
};

/* Key_Type: a link key that was made with P-256 (Secure Connections) may belong to a link that uses AES-CCM. */
#define BTBB_KEY_TYPE_P256_UNAUTHENTICATED 7
#define BTBB_KEY_TYPE_P256_AUTHENTICATED   8
#define BTBB_KEY_TYPE_UNKNOWN              (-1)

/* The link key of an info file. `hci_type` receives its Key_Type, or BTBB_KEY_TYPE_UNKNOWN if the file has none. */
enum btbb_bluez btbb_bluez_link_key(struct btbb_span text, const uint64_t addresses[2], struct btbb_user_key *key,
                                    int *hci_type, struct btbb_key_error *error);

#endif
