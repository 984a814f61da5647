/* key-table.h: numbers by 64-bit key. Open addressing; grows with the number of different keys.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_KEY_TABLE_H
#define BTBB_CORE_KEY_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#define BTBB_KEY_NONE UINT32_MAX /* no number */

struct btbb_key_slot {
    uint64_t key;
    uint32_t number; /* BTBB_KEY_NONE: it was removed; valid when used */
    bool used;
};

/* All zero: empty. 16 bytes a slot, at most 3 of 4 slots are used. */
struct btbb_key_table {
    struct btbb_key_slot *slots;
    uint32_t used;
    unsigned bits; /* the number of slots is 1 << bits; 0 = none yet */
};

/* The number of a key, or BTBB_KEY_NONE. */
uint32_t btbb_key_find(const struct btbb_key_table *table, uint64_t key);

/* Give a key a number; BTBB_KEY_NONE removes it. False, nothing changed: memory is exhausted. */
bool btbb_key_set(struct btbb_key_table *table, uint64_t key, uint32_t number);

void btbb_key_table_free(struct btbb_key_table *table);

#endif
