/* fuzz-keys.c: any text as a key file, as an info file of BlueZ and as its path: read, or refused with a line.
 *
 * What was read is written and read again. Input: the text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/bluez.h"
#include "crypt/hci-keys.h"
#include "crypt/key-file.h"

static void check_error(const struct btbb_key_error *error, struct btbb_span text)
{
    assert(error->line >= 1 && error->line <= text.length);
    assert(error->problem && *error->problem && !strchr(error->problem, '\n'));
}

static void check_key(const struct btbb_user_key *key)
{
    struct btbb_keyring again = {0};
    struct btbb_key_error error;
    char text[256];

    assert(key->type < BTBB_KEY_TYPES);
    for (int i = 0; i < 2; i++)
        assert((key->addresses[i].address & ~key->addresses[i].mask) == 0);
    assert(btbb_key_write(key, "\"\\\n", text, sizeof text));
    assert(btbb_keyring_add_file(&again, (struct btbb_span){(const uint8_t *)text, (uint32_t)strlen(text)}, &error));
    assert(again.count == 1 && again.keys[0].type == key->type);
    assert(memcmp(again.keys[0].bytes, key->bytes, sizeof key->bytes) == 0);
    assert(memcmp(again.keys[0].addresses, key->addresses, sizeof key->addresses) == 0);
    btbb_keyring_clear(&again);
}

static void read_key_file(struct btbb_span text)
{
    struct btbb_keyring keyring = {0};
    struct btbb_key_error error = {0};

    if (!btbb_keyring_add_file(&keyring, text, &error)) {
        check_error(&error, text);
        assert(keyring.count == 0);
    }
    for (uint32_t i = 0; i < keyring.count; i++) {
        assert(keyring.keys[i].line >= 1 && (i == 0 || keyring.keys[i].line > keyring.keys[i - 1].line));
        check_key(&keyring.keys[i]);
    }
    btbb_keyring_clear(&keyring);
}

static void read_info(struct btbb_span text)
{
    struct btbb_key_error error = {0};
    struct btbb_user_key key;
    int type;

    switch (btbb_bluez_link_key(text, (const uint64_t[]){1, 2}, &key, &type, &error)) {
    case BTBB_BLUEZ_KEY:
        assert(type >= BTBB_KEY_TYPE_UNKNOWN && type <= 999);
        check_key(&key);
        break;
    case BTBB_BLUEZ_FAULTY:
        check_error(&error, text);
        break;
    case BTBB_BLUEZ_NONE:
        break;
    }
}

/* The same bytes as one packet of HCI of each kind. */
static void read_packet(struct btbb_span packet)
{
    static const enum btbb_hci kinds[] = {BTBB_HCI_NEW_INDEX, BTBB_HCI_COMMAND, BTBB_HCI_EVENT};
    struct btbb_hci_key found[BTBB_HCI_KEYS_MOST];
    struct btbb_hci_keys state = {0};

    for (unsigned i = 0; i < 3; i++) {
        const unsigned count = btbb_hci_keys_add(&state, packet.length % 18, kinds[i], packet, found);

        assert(count <= BTBB_HCI_KEYS_MOST);
        for (unsigned k = 0; k < count; k++) {
            assert(*btbb_hci_source_name(found[k].source));
            check_key(&found[k].key);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct btbb_span text = {data, (uint32_t)size};
    char *path = malloc(size + 1);
    uint64_t addresses[2];

    assert(path);
    memcpy(path, data, size);
    path[size] = '\0';
    read_key_file(text);
    read_info(text);
    read_packet(text);
    if (btbb_bluez_addresses(path, addresses))
        assert(((addresses[0] | addresses[1]) & ~BTBB_ADDRESS_MASK) == 0);
    free(path);
    return 0;
}
