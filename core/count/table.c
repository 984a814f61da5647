/* table.c: a hash table of 64-bit keys: open addressing with linear probing, at most three quarters full.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/table.h"

#include <glib.h>
#include <string.h>

#define FIRST_SLOTS 64u

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

static void grow_slots(struct btbb_table *table)
{
    g_free(table->slots);
    table->slot_count = table->slots ? table->slot_count + table->slot_count / 4 : FIRST_SLOTS;
    table->slots = g_new0(uint32_t, table->slot_count);
    for (uint32_t i = 0; i < table->count; i++)
        table->slots[btbb_table_slot(table, *(const uint64_t *)btbb_table_at(table, i))] = i + 1;
}

/* Room for element number `count`. */
static void grow_chunks(struct btbb_table *table)
{
    uint32_t chunk = table->count >> BTBB_TABLE_CHUNK_BITS;

    if (chunk == table->chunks_room) {
        table->chunks_room = chunk ? chunk * 2 : 4;
        table->chunks = g_renew(char *, table->chunks, table->chunks_room);
    }
    table->chunks[chunk] = g_malloc0_n(BTBB_TABLE_CHUNK, table->element_bytes);
}

uint32_t btbb_table_append(struct btbb_table *table, uint64_t key)
{
    if (table->count == BTBB_TABLE_MAX)
        return BTBB_TABLE_NONE;
    if (!table->slots || table->count >= table->slot_count / 4 * 3)
        grow_slots(table);
    if ((table->count & (BTBB_TABLE_CHUNK - 1)) == 0)
        grow_chunks(table);
    *(uint64_t *)btbb_table_at(table, table->count) = key;
    table->slots[btbb_table_slot(table, key)] = ++table->count;
    return table->count - 1;
}
