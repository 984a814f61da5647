/* key-file.h: keys that the user has, as text. C library only; nothing is read from disk here.
 *
 * A key file is what Wireshark writes for a table of its preferences (UAT): a record a line, five fields in double
 * quotes, separated by commas. Lines that begin with # and empty lines count for nothing.
 *
 *     "00:11:22:33:44:55","66:77:88:99:aa:bb","link key","97773ca35380352aebb317027c360bee","headset"
 *     "00:11:22:33:44:55","*","encryption key","61d97e3717259fa931a45741ebc4010f",""
 *
 * The two addresses are those of Central and Peripheral in either order; * stands for any. A link key is written as
 * BlueZ, HCI traces and Wireshark do. An encryption key is the shortened one, K'C, octet 0 first. The comment is for
 * people; \x22 and \x5c in it are a quote and a backslash, as Wireshark writes them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_KEY_FILE_H
#define BTBB_CORE_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypt/e0.h"

#define BTBB_KEYS_MAX 4096u

#define BTBB_ADDRESS_MASK UINT64_C(0xffffffffffff)
#define BTBB_UAP_LAP_MASK UINT64_C(0x0000ffffffff)
#define BTBB_LAP_MASK     UINT64_C(0x000000ffffff)

/* As written in the third field: see btbb_key_type_names. */
enum btbb_key_type { BTBB_LINK_KEY, BTBB_ENCRYPTION_KEY, BTBB_KEY_TYPES };

extern const char *const btbb_key_type_names[BTBB_KEY_TYPES];

/* A BD_ADDR, or what is known of it: the bits of `mask`. A mask of 0 means any device, or an unknown one. */
struct btbb_masked_address {
    uint64_t address; /* NAP << 32 | UAP << 24 | LAP; zero outside the mask */
    uint64_t mask;
};

struct btbb_user_key {
    struct btbb_masked_address addresses[2];
    enum btbb_key_type type;
    uint8_t bytes[BTBB_KEY_BYTES];
    uint32_t line; /* where it stands in its file, from 1; 0: not from a file */
};

/* What is wrong with a text. `problem` is a constant, a part of a sentence without a full stop. */
struct btbb_key_error {
    uint32_t line; /* from 1 */
    const char *problem;
};

/* The first four fields of a record. */
struct btbb_key_fields {
    struct btbb_span addresses[2], type, key;
};

/* Makes a key of the fields of a record; line is 0. Returns NULL, or what is wrong; the key is then not written. */
const char *btbb_key_make(struct btbb_key_fields fields, struct btbb_user_key *key);

/* Keys in the order of their file. All zero: none. */
struct btbb_keyring {
    struct btbb_user_key *keys; /* owned */
    uint32_t count;
};

/* Adds the keys of a file. On an error, or when there are more than BTBB_KEYS_MAX in all, returns false, and the
 * keyring is as before. */
bool btbb_keyring_add_file(struct btbb_keyring *keyring, struct btbb_span text, struct btbb_key_error *error);

/* Adds a key. False when there are BTBB_KEYS_MAX already, or without memory. */
bool btbb_keyring_add(struct btbb_keyring *keyring, const struct btbb_user_key *key);

void btbb_keyring_clear(struct btbb_keyring *keyring);

/* The next key of a type that may belong to two devices, in either order; NULL: no more. `after`: the one that was
 * returned before, NULL for the first. */
const struct btbb_user_key *btbb_keyring_next(const struct btbb_keyring *keyring, enum btbb_key_type type,
                                              const struct btbb_masked_address devices[2],
                                              const struct btbb_user_key *after);

/* Which of the key's addresses is that of a device: 0 or 1, -1 if neither may be. If both may be, the one of which
 * more is written. For the NAP, which E0 needs, of a Central of which the capture shows less. */
int btbb_key_side(const struct btbb_user_key *key, struct btbb_masked_address device);

/* The record of a key, with a line feed and a terminating zero, as Wireshark would write it. `comment` ends with a
 * zero; what is not printable ASCII is escaped. Returns false when it does not fit into `size` bytes. */
bool btbb_key_write(const struct btbb_user_key *key, const char *comment, char *text, size_t size);

#endif
