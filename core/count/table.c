/* table.c: a hash table of 64-bit keys: open addressing with linear probing, at most three quarters full.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/table.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define FIRST_SLOTS 64u
#define FEW_SLOTS   65536u /* up to this number they are doubled, beyond it a quarter is added */

void btbb_table_init(struct btbb_table *table, size_t element_bytes)
{
    memset(table, 0, sizeof *table);
    table->element_bytes = element_bytes;
}

void btbb_table_clear(struct btbb_table *table)
{
    uint32_t chunks = (table->count + BTBB_TABLE_CHUNK - 1) >> BTBB_TABLE_CHUNK_BITS;

    for (uint32_t i = 0; i < chunks; i++)
        g_free(table->chunks[i]);
    g_free(table->chunks);
    g_free(table->slots);
    btbb_table_init(table, table->element_bytes);
}

/* Returns false, and the table stays as it is, when memory is exhausted. */
static bool grow_slots(struct btbb_table *table)
{
    const uint32_t more = table->slot_count < FEW_SLOTS ? table->slot_count : table->slot_count / 4;
    const uint32_t slot_count = table->slots ? table->slot_count + more : FIRST_SLOTS;
    /* Reallocated although nothing of the old slots is kept: large blocks are then moved without a second copy. */
    uint32_t *slots = g_try_renew(uint32_t, table->slots, slot_count);

    if (!slots)
        return false;
    memset(slots, 0, slot_count * sizeof *slots);
    table->slots = slots;
    table->slot_count = slot_count;
    for (uint32_t i = 0; i < table->count; i++)
        slots[btbb_table_slot(table, *(const uint64_t *)btbb_table_at(table, i))] = i + 1;
    return true;
}

/* Room for element number `count`. Returns false when memory is exhausted. */
static bool grow_chunks(struct btbb_table *table)
{
    uint32_t chunk = table->count >> BTBB_TABLE_CHUNK_BITS;

    if (chunk == table->chunks_room) {
        const uint32_t room = chunk ? chunk * 2 : 4;
        char **chunks = g_try_renew(char *, table->chunks, room);

        if (!chunks)
            return false;
        table->chunks = chunks;
        table->chunks_room = room;
    }
    table->chunks[chunk] = g_try_malloc0_n(BTBB_TABLE_CHUNK, table->element_bytes);
    return table->chunks[chunk] != NULL;
}

static bool is_full(const struct btbb_table *table)
{
    return !table->slots || table->count >= table->slot_count / 4 * 3;
}

uint32_t btbb_table_append(struct btbb_table *table, uint64_t key, uint32_t slot)
{
    if (table->count == BTBB_TABLE_MAX)
        return BTBB_TABLE_NONE;
    if (is_full(table)) {
        if (!grow_slots(table))
            return BTBB_TABLE_NONE;
        slot = btbb_table_slot(table, key);
    }
    if ((table->count & (BTBB_TABLE_CHUNK - 1)) == 0 && !grow_chunks(table))
        return BTBB_TABLE_NONE;
    *(uint64_t *)btbb_table_at(table, table->count) = key;
    table->slots[slot] = ++table->count;
    return table->count - 1;
}
