/* hci-keys.h: link keys in what a host and its controller exchange (Core Specification Vol 4 Part E). C library only.
 *
 * A key goes with the address of the other device. The host's own address is that of the last Read_BD_ADDR or New Index
 * on the same controller, or unknown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_HCI_KEYS_H
#define BTBB_CORE_HCI_KEYS_H

#include "crypt/key-file.h"

/* What a packet is. */
enum btbb_hci {
    BTBB_HCI_COMMAND = 1, /* from the opcode on */
    BTBB_HCI_EVENT = 4,   /* from the event code on */
    BTBB_HCI_NEW_INDEX    /* BlueZ monitor: controller type, bus, BD_ADDR, name */
};

/* Where a key was found. */
enum btbb_hci_source {
    BTBB_HCI_LINK_KEY_NOTIFICATION, /* event 0x18 (7.7.24) */
    BTBB_HCI_RETURN_LINK_KEYS,      /* event 0x15 (7.7.21) */
    BTBB_HCI_LINK_KEY_REPLY,        /* command 0x040b, Link_Key_Request_Reply (7.1.10) */
    BTBB_HCI_WRITE_STORED_LINK_KEY, /* command 0x0c11 (7.3.9) */
    BTBB_HCI_SOURCES
};

struct btbb_hci_key {
    struct btbb_user_key key; /* addresses: the host's own, the other device's */
    enum btbb_hci_source source;
    int hci_type; /* Key_Type of the notification, otherwise BTBB_KEY_TYPE_UNKNOWN (bluez.h) */
};

#define BTBB_HCI_ADAPTERS 16u

/* The addresses of the host's controllers. All zero: none is known. */
struct btbb_hci_keys {
    struct btbb_masked_address adapters[BTBB_HCI_ADAPTERS];
};

/* The most keys in one packet: those of Return_Link_Keys and Write_Stored_Link_Key, 22 bytes each in 254. */
#define BTBB_HCI_KEYS_MOST 11u

/* Takes in one packet of a controller, numbered as in BlueZ monitor captures; 0 where there is only one. Returns the
 * number of keys in it. Keys of zero bytes, which controllers return in place of stored ones, are left out. */
unsigned btbb_hci_keys_add(struct btbb_hci_keys *state, unsigned adapter, enum btbb_hci kind, struct btbb_span packet,
                           struct btbb_hci_key found[BTBB_HCI_KEYS_MOST]);

/* "Link Key Notification"; static text. */
const char *btbb_hci_source_name(enum btbb_hci_source source);

#endif
