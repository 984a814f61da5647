/* key-table.c: see key-table.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/key-table.h"

#include <stdlib.h>

#define FIRST_BITS 6u

/* The slot of the key, or the free one where it belongs. There is always a free one. */
static struct btbb_key_slot *slot_of(const struct btbb_key_table *table, uint64_t key)
{
    const uint32_t mask = (UINT32_C(1) << table->bits) - 1;
    uint32_t at = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - table->bits));

    while (table->slots[at].used && table->slots[at].key != key)
        at = (at + 1) & mask;
    return &table->slots[at];
}

static bool grow(struct btbb_key_table *table)
{
    struct btbb_key_table larger = {.bits = table->bits ? table->bits + 1 : FIRST_BITS, .used = table->used};

    larger.slots = calloc((size_t)1 << larger.bits, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; table->slots && i < (size_t)1 << table->bits; i++)
        if (table->slots[i].used)
            *slot_of(&larger, table->slots[i].key) = table->slots[i];
    free(table->slots);
    *table = larger;
    return true;
}

uint32_t btbb_key_find(const struct btbb_key_table *table, uint64_t key)
{
    if (!table->slots)
        return BTBB_KEY_NONE;
    const struct btbb_key_slot *slot = slot_of(table, key);

    return slot->used ? slot->number : BTBB_KEY_NONE;
}

bool btbb_key_set(struct btbb_key_table *table, uint64_t key, uint32_t number)
{
    if ((!table->slots || (uint64_t)table->used * 4 >= (UINT64_C(3) << table->bits)) && !grow(table))
        return false;
    struct btbb_key_slot *slot = slot_of(table, key);

    table->used += !slot->used;
    *slot = (struct btbb_key_slot){.key = key, .number = number, .used = true};
    return true;
}

void btbb_key_table_free(struct btbb_key_table *table)
{
    free(table->slots);
    *table = (struct btbb_key_table){0};
}
