/* key-file.c: see key-file.h. The grammar is that of Wireshark's reader of such tables, epan/uat_load.l.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "crypt/key-file.h"

#include <stdlib.h>
#include <string.h>

#include "crypt/text-int.h"
#include "decode/address-text.h"

#define FIELDS 5u

const char *const btbb_key_type_names[BTBB_KEY_TYPES] = {
    [BTBB_LINK_KEY] = "link key", [BTBB_ENCRYPTION_KEY] = "encryption key"};

static bool parse_masked(struct btbb_span text, struct btbb_masked_address *masked)
{
    *masked = (struct btbb_masked_address){0, 0};
    if (btbb_equals(text, "*"))
        return true;
    masked->mask = BTBB_ADDRESS_MASK;
    return btbb_parse_address(text, &masked->address);
}

const char *btbb_key_make(struct btbb_key_fields fields, struct btbb_user_key *key)
{
    struct btbb_user_key made = {.type = BTBB_LINK_KEY};

    for (int i = 0; i < 2; i++)
        if (!parse_masked(fields.addresses[i], &made.addresses[i]))
            return "an address must be six pairs of hexadecimal digits with colons between them, or *";
    if (made.addresses[0].mask && made.addresses[0].mask == made.addresses[1].mask &&
        made.addresses[0].address == made.addresses[1].address)
        return "the two addresses must differ";
    while (made.type < BTBB_KEY_TYPES && !btbb_equals(fields.type, btbb_key_type_names[made.type]))
        made.type++;
    if (made.type == BTBB_KEY_TYPES)
        return "the type must be \"link key\" or \"encryption key\"";
    if (!btbb_parse_hex(fields.key, made.bytes, BTBB_KEY_BYTES))
        return "a key must be 32 hexadecimal digits";
    *key = made;
    return NULL;
}

/* The length of a field with its quotes; 0: not closed. A backslash takes away the meaning of what follows it. */
static uint32_t quoted_length(struct btbb_span line)
{
    for (uint32_t i = 1; i < line.length; i++) {
        if (line.bytes[i] == '"')
            return i + 1;
        if (line.bytes[i] == '\\')
            i++;
    }
    return 0;
}

/* Takes the fields of a record apart. Returns NULL, or what is wrong. */
static const char *split(struct btbb_span line, struct btbb_span fields[FIELDS])
{
    for (uint32_t i = 0; i < FIELDS; i++) {
        if (line.length == 0 || line.bytes[0] != '"')
            return i > 0 && line.length == 0 ? "a record must have five fields: address, address, type, key, comment"
                                             : "a field must begin with a double quote";
        const uint32_t length = quoted_length(line);

        if (length == 0)
            return "a field must end with a double quote";
        fields[i] = btbb_part(line, 1, length - 2);
        line = btbb_trim(btbb_part(line, length, line.length));
        if (i == FIELDS - 1)
            break;
        if (line.length > 0 && line.bytes[0] != ',')
            return "fields must be separated by commas";
        line = btbb_trim(btbb_part(line, 1, line.length));
    }
    return line.length > 0 ? "a record must have five fields: address, address, type, key, comment" : NULL;
}

static const char *parse_record(struct btbb_span line, struct btbb_user_key *key)
{
    struct btbb_span fields[FIELDS];
    const char *problem = split(line, fields);

    if (problem)
        return problem;
    return btbb_key_make((struct btbb_key_fields){{fields[0], fields[1]}, fields[2], fields[3]}, key);
}

bool btbb_keyring_add(struct btbb_keyring *keyring, const struct btbb_user_key *key)
{
    const uint32_t count = keyring->count;

    if (count >= BTBB_KEYS_MAX)
        return false;
    if ((count & (count - 1)) == 0) { /* room for the next power of two */
        struct btbb_user_key *keys = realloc(keyring->keys, (count ? 2 * (size_t)count : 1) * sizeof *keys);

        if (!keys)
            return false;
        keyring->keys = keys;
    }
    keyring->keys[keyring->count++] = *key;
    return true;
}

bool btbb_keyring_add_file(struct btbb_keyring *keyring, struct btbb_span text, struct btbb_key_error *error)
{
    const uint32_t before = keyring->count;
    struct btbb_span line;

    for (uint32_t number = 1; btbb_next_line(&text, &line); number++) {
        struct btbb_user_key key;

        line = btbb_trim(line);
        if (line.length == 0 || line.bytes[0] == '#')
            continue;
        const char *problem = parse_record(line, &key);

        key.line = number;
        if (!problem && !btbb_keyring_add(keyring, &key))
            problem = keyring->count >= BTBB_KEYS_MAX ? "there are more than 4096 keys" : "out of memory";
        if (problem) {
            *error = (struct btbb_key_error){number, problem};
            keyring->count = before;
            return false;
        }
    }
    return true;
}

void btbb_keyring_clear(struct btbb_keyring *keyring)
{
    free(keyring->keys);
    *keyring = (struct btbb_keyring){0};
}

static bool may_be_same(struct btbb_masked_address a, struct btbb_masked_address b)
{
    return ((a.address ^ b.address) & a.mask & b.mask) == 0;
}

const struct btbb_user_key *btbb_keyring_next(const struct btbb_keyring *keyring, enum btbb_key_type type,
                                              const struct btbb_masked_address devices[2],
                                              const struct btbb_user_key *after)
{
    for (uint32_t i = after ? (uint32_t)(after - keyring->keys) + 1 : 0; i < keyring->count; i++) {
        const struct btbb_user_key *key = &keyring->keys[i];

        for (int turned = 0; turned < 2; turned++)
            if (key->type == type && may_be_same(key->addresses[0], devices[turned]) &&
                may_be_same(key->addresses[1], devices[1 - turned]))
                return key;
    }
    return NULL;
}

int btbb_key_side(const struct btbb_user_key *key, struct btbb_masked_address device)
{
    const bool first = may_be_same(key->addresses[0], device), second = may_be_same(key->addresses[1], device);

    if (first && second)
        return key->addresses[1].mask > key->addresses[0].mask;
    return first ? 0 : second ? 1 : -1;
}

/* What has been written, and the room that is left. */
struct output {
    char *at;
    size_t left;
    bool full;
};

static void put(struct output *out, const char *text)
{
    const size_t length = strlen(text);

    if (out->full || length >= out->left) {
        out->full = true;
        return;
    }
    memcpy(out->at, text, length + 1);
    out->at += length;
    out->left -= length;
}

static void put_byte(struct output *out, const char *before, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    const char text[] = {digits[byte >> 4], digits[byte & 15], '\0'};

    put(out, before);
    put(out, text);
}

static void put_comment(struct output *out, const char *comment)
{
    for (; *comment; comment++) {
        const char text[] = {*comment, '\0'};

        if (*comment < ' ' || *comment > '~' || *comment == '"' || *comment == '\\')
            put_byte(out, "\\x", (uint8_t)*comment);
        else
            put(out, text);
    }
}

bool btbb_key_write(const struct btbb_user_key *key, const char *comment, char *text, size_t size)
{
    struct output out = {.left = size};

    out.at = text;
    for (int i = 0; i < 2; i++) {
        char address[BTBB_BD_ADDR_TEXT_BYTES];

        put(&out, "\"");
        put(&out, key->addresses[i].mask ? btbb_octets_text(key->addresses[i].address, 6, address) : "*");
        put(&out, "\",");
    }
    put(&out, "\"");
    put(&out, btbb_key_type_names[key->type]);
    put(&out, "\",\"");
    for (unsigned i = 0; i < BTBB_KEY_BYTES; i++)
        put_byte(&out, "", key->bytes[i]);
    put(&out, "\",\"");
    put_comment(&out, comment);
    put(&out, "\"\n");
    return !out.full;
}
