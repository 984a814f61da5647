/* bluez.c: see bluez.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "crypt/bluez.h"

#include "crypt/text-int.h"

bool btbb_bluez_addresses(const char *path, uint64_t addresses[2])
{
    const char *end = strrchr(path, '/');

    for (int i = 1; i >= 0; i--) {
        const char *start = end;

        if (!end)
            return false;
        while (start > path && start[-1] != '/')
            start--;
        if (!btbb_parse_address((struct btbb_span){(const uint8_t *)start, (uint32_t)(end - start)}, &addresses[i]))
            return false;
        end = start > path ? start - 1 : NULL;
    }
    return true;
}

/* The value of a line NAME=VALUE; false if the line has another name. */
static bool value_of(struct btbb_span line, const char *name, struct btbb_span *value)
{
    uint32_t at = 0;

    while (at < line.length && line.bytes[at] != '=')
        at++;
    *value = btbb_trim(btbb_part(line, at + 1, line.length));
    return at < line.length && btbb_equals(btbb_trim(btbb_part(line, 0, at)), name);
}

static bool parse_number(struct btbb_span text, int *number)
{
    int value = 0;

    if (text.length < 1 || text.length > 3)
        return false;
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
        value = 10 * value + text.bytes[i] - '0';
    }
    *number = value;
    return true;
}

/* Reads one line of the group [LinkKey]. Returns NULL, or what is wrong. */
static const char *read_line(struct btbb_span line, struct btbb_user_key *key, bool *has_key, int *hci_type)
{
    struct btbb_span value;

    if (value_of(line, "Key", &value)) {
        if (value.length == 34 && value.bytes[0] == '0' && value.bytes[1] == 'x')
            value = btbb_part(value, 2, 32);
        *has_key = btbb_parse_hex(value, key->bytes, BTBB_KEY_BYTES);
        return *has_key ? NULL : "Key must be 32 hexadecimal digits";
    }
    if (value_of(line, "Type", &value) && !parse_number(value, hci_type))
        return "Type must be a number";
    return NULL;
}

enum btbb_bluez btbb_bluez_link_key(struct btbb_span text, const uint64_t addresses[2], struct btbb_user_key *key,
                                    int *hci_type, struct btbb_key_error *error)
{
    struct btbb_user_key found = {.type = BTBB_LINK_KEY};
    struct btbb_span line;
    bool inside = false, has_key = false;
    uint32_t group = 0;

    *hci_type = BTBB_KEY_TYPE_UNKNOWN;
    for (int i = 0; i < 2; i++)
        found.addresses[i] = (struct btbb_masked_address){addresses[i] & BTBB_ADDRESS_MASK, BTBB_ADDRESS_MASK};
    for (uint32_t number = 1; btbb_next_line(&text, &line); number++) {
        const char *problem = NULL;

        line = btbb_trim(line);
        if (line.length > 0 && line.bytes[0] == '[') {
            inside = btbb_equals(line, "[LinkKey]");
            group = inside ? number : group;
        } else if (inside) {
            problem = read_line(line, &found, &has_key, hci_type);
        }
        if (problem) {
            *error = (struct btbb_key_error){number, problem};
            return BTBB_BLUEZ_FAULTY;
        }
    }
    if (group > 0 && !has_key)
        *error = (struct btbb_key_error){group, "[LinkKey] must have a Key"};
    if (has_key)
        *key = found;
    return has_key ? BTBB_BLUEZ_KEY : group > 0 ? BTBB_BLUEZ_FAULTY : BTBB_BLUEZ_NONE;
}
