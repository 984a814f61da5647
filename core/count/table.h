/* table.h: a hash table of 64-bit keys whose elements never move.
 *
 * Elements are stored in chunks and numbered from 0 in the order of their first appearance. Each begins with its
 * uint64_t key. An array of slots, which hold element numbers, finds them by key and grows in small steps once it is
 * large. Memory: the elements, and at most 7 bytes for each of a large table. Nothing is ever removed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TABLE_H
#define BTBB_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define BTBB_TABLE_CHUNK_BITS 8u
#define BTBB_TABLE_CHUNK      (1u << BTBB_TABLE_CHUNK_BITS)
#define BTBB_TABLE_MAX        (1u << 27) /* most elements; adding another one fails */
#define BTBB_TABLE_NONE       UINT32_MAX

/* Elements that were used lately are found without the slots: one for each value of the highest bits of the hash. */
#define BTBB_TABLE_RECENT_BITS 4u

struct btbb_table {
    uint32_t *slots; /* element number plus one; 0 = empty */
    uint32_t slot_count;
    uint32_t count; /* elements */
    uint32_t chunks_room;
    size_t element_bytes;
    char **chunks;
    struct btbb_table_recent {
        void *element; /* a result of btbb_table_get(), and its number; NULL: none */
        uint32_t number;
    } recent[1u << BTBB_TABLE_RECENT_BITS];
    uint32_t last_number; /* of the last result of btbb_table_get() */
};

/* `element_bytes`: size of an element, its key included; a multiple of 8. Allocates nothing. */
void btbb_table_init(struct btbb_table *table, size_t element_bytes);
void btbb_table_clear(struct btbb_table *table);

/* Element by number, 0 to count - 1. Its address stays valid until the table is cleared. */
static inline void *btbb_table_at(const struct btbb_table *table, uint32_t number)
{
    return table->chunks[number >> BTBB_TABLE_CHUNK_BITS] + (number & (BTBB_TABLE_CHUNK - 1)) * table->element_bytes;
}

/* Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): 2^64 divided by the golden ratio spreads
 * neighbouring keys over the high bits. */
static inline uint64_t btbb_table_hash(uint64_t key)
{
    return key * UINT64_C(0x9e3779b97f4a7c15);
}

/* The slot with the key, or the empty one for it. The table must have slots. The hash is scaled to their number. */
static inline uint32_t btbb_table_slot(const struct btbb_table *table, uint64_t key)
{
    uint32_t slot = (uint32_t)((btbb_table_hash(key) >> 32) * table->slot_count >> 32);

    while (table->slots[slot] && *(const uint64_t *)btbb_table_at(table, table->slots[slot] - 1) != key)
        slot = slot + 1 == table->slot_count ? 0 : slot + 1;
    return slot;
}

/* Number of the element with this key, or BTBB_TABLE_NONE. */
static inline uint32_t btbb_table_find(const struct btbb_table *table, uint64_t key)
{
    if (!table->slots)
        return BTBB_TABLE_NONE;
    return table->slots[btbb_table_slot(table, key)] - 1; /* 0, the empty slot, becomes BTBB_TABLE_NONE */
}

/* Adds an element with a key that is not there; `slot` is the empty one for it, if the table has slots. BTBB_TABLE_NONE
 * when the table is full or memory is exhausted. */
uint32_t btbb_table_append(struct btbb_table *table, uint64_t key, uint32_t slot);

/* Number of the element with this key. A missing one is added, zero but for its key. BTBB_TABLE_NONE: the table is
 * full. */
static inline uint32_t btbb_table_add(struct btbb_table *table, uint64_t key)
{
    const uint32_t slot = table->slots ? btbb_table_slot(table, key) : 0;
    const uint32_t taken = table->slots ? table->slots[slot] : 0;

    return taken > 0 ? taken - 1 : btbb_table_append(table, key, slot);
}

/* The element with this key, added if it is missing; NULL: the table is full. Sets last_number. */
static inline void *btbb_table_get(struct btbb_table *table, uint64_t key)
{
    struct btbb_table_recent *recent = &table->recent[btbb_table_hash(key) >> (64 - BTBB_TABLE_RECENT_BITS)];

    if (!recent->element || *(const uint64_t *)recent->element != key) {
        const uint32_t number = btbb_table_add(table, key);

        if (number == BTBB_TABLE_NONE)
            return NULL;
        *recent = (struct btbb_table_recent){btbb_table_at(table, number), number};
    }
    table->last_number = recent->number;
    return recent->element;
}

#endif
