/* hci-keys.c: see hci-keys.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "crypt/hci-keys.h"

#include <string.h>

#include "crypt/bluez.h"

#define ADDRESS_BYTES 6u
#define PAIR_BYTES    (ADDRESS_BYTES + BTBB_KEY_BYTES)

/* Opcodes of commands, codes of events. */
#define OPCODE_LINK_KEY_REPLY        0x040bu
#define OPCODE_WRITE_STORED_LINK_KEY 0x0c11u
#define OPCODE_READ_BD_ADDR          0x1009u
#define EVENT_COMMAND_COMPLETE       0x0eu
#define EVENT_RETURN_LINK_KEYS       0x15u
#define EVENT_LINK_KEY_NOTIFICATION  0x18u

#define COMMAND_HEADER 3u /* opcode, length */
#define EVENT_HEADER   2u /* code, length */

/* The keys of one packet. */
struct result {
    struct btbb_hci_key *found;
    struct btbb_masked_address own;
    unsigned count;
};

static struct btbb_masked_address address_at(struct btbb_span packet, uint32_t offset)
{
    const uint64_t address = btbb_le32(packet, offset) | (uint64_t)btbb_le16(packet, offset + 4) << 32;

    return (struct btbb_masked_address){address, BTBB_ADDRESS_MASK};
}

/* An address and a key. */
static void add(struct result *result, struct btbb_span packet, uint32_t offset, enum btbb_hci_source source, int type)
{
    if (!btbb_holds(packet, offset, PAIR_BYTES) || result->count == BTBB_HCI_KEYS_MOST ||
        btbb_all_zero(btbb_part(packet, offset + ADDRESS_BYTES, BTBB_KEY_BYTES)))
        return;
    struct btbb_hci_key *found = &result->found[result->count++];

    *found = (struct btbb_hci_key){.source = source, .hci_type = type};
    found->key.type = BTBB_LINK_KEY;
    found->key.addresses[1] = address_at(packet, offset);
    if (result->own.address != found->key.addresses[1].address) /* a device is not connected with itself */
        found->key.addresses[0] = result->own;
    memcpy(found->key.bytes, packet.bytes + offset + ADDRESS_BYTES, BTBB_KEY_BYTES);
}

/* A number of pairs, and the pairs. */
static void add_list(struct result *result, struct btbb_span packet, uint32_t offset, enum btbb_hci_source source)
{
    const uint8_t count = btbb_u8(packet, offset);

    for (uint8_t i = 0; i < count && i < BTBB_HCI_KEYS_MOST; i++)
        add(result, packet, offset + 1 + i * PAIR_BYTES, source, BTBB_KEY_TYPE_UNKNOWN);
}

static void read_command(struct result *result, struct btbb_span packet)
{
    switch (btbb_le16(packet, 0)) {
    case OPCODE_LINK_KEY_REPLY:
        add(result, packet, COMMAND_HEADER, BTBB_HCI_LINK_KEY_REPLY, BTBB_KEY_TYPE_UNKNOWN);
        break;
    case OPCODE_WRITE_STORED_LINK_KEY:
        add_list(result, packet, COMMAND_HEADER, BTBB_HCI_WRITE_STORED_LINK_KEY);
        break;
    default:
        break;
    }
}

static void read_event(struct result *result, struct btbb_span packet, struct btbb_masked_address *own)
{
    const uint32_t type = EVENT_HEADER + PAIR_BYTES; /* offset of Key_Type */
    const uint32_t opcode = EVENT_HEADER + 1, status = EVENT_HEADER + 3;

    switch (btbb_u8(packet, 0)) {
    case EVENT_LINK_KEY_NOTIFICATION:
        add(result, packet, EVENT_HEADER, BTBB_HCI_LINK_KEY_NOTIFICATION,
            btbb_holds(packet, type, 1) ? btbb_u8(packet, type) : BTBB_KEY_TYPE_UNKNOWN);
        break;
    case EVENT_RETURN_LINK_KEYS:
        add_list(result, packet, EVENT_HEADER, BTBB_HCI_RETURN_LINK_KEYS);
        break;
    case EVENT_COMMAND_COMPLETE:
        if (btbb_le16(packet, opcode) == OPCODE_READ_BD_ADDR && btbb_u8(packet, status) == 0 &&
            btbb_holds(packet, status + 1, ADDRESS_BYTES))
            *own = address_at(packet, status + 1);
        break;
    default:
        break;
    }
}

unsigned btbb_hci_keys_add(struct btbb_hci_keys *state, unsigned adapter, enum btbb_hci kind, struct btbb_span packet,
                           struct btbb_hci_key found[BTBB_HCI_KEYS_MOST])
{
    struct btbb_masked_address unknown = {0, 0};
    struct btbb_masked_address *own = adapter < BTBB_HCI_ADAPTERS ? &state->adapters[adapter] : &unknown;
    struct result result = {.found = found, .own = *own};

    if (kind == BTBB_HCI_COMMAND)
        read_command(&result, packet);
    else if (kind == BTBB_HCI_EVENT)
        read_event(&result, packet, own);
    else if (kind == BTBB_HCI_NEW_INDEX && btbb_holds(packet, 2, ADDRESS_BYTES))
        *own = btbb_all_zero(btbb_part(packet, 2, ADDRESS_BYTES)) ? unknown : address_at(packet, 2);
    return result.count;
}

const char *btbb_hci_source_name(enum btbb_hci_source source)
{
    static const char *const names[BTBB_HCI_SOURCES] = {
        [BTBB_HCI_LINK_KEY_NOTIFICATION] = "Link Key Notification",
        [BTBB_HCI_RETURN_LINK_KEYS] = "Return Link Keys",
        [BTBB_HCI_LINK_KEY_REPLY] = "Link Key Request Reply",
        [BTBB_HCI_WRITE_STORED_LINK_KEY] = "Write Stored Link Key",
    };

    return names[source];
}
