/* piconet.c: see piconet.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/piconet.h"

#include "learn/by-frame.h"

#include <stdlib.h>

#define FIRST_BITS 6u

/* Piconets are allocated in blocks so large that free() returns them to the system when a capture is closed. */
#ifndef BTBB_PICONET_BLOCK
#define BTBB_PICONET_BLOCK 4096u /* tests may have smaller ones */
#endif

/* Most changes of one best-known address that are kept. More of them mean that the file is damaged: from then on the
 * address does not change. A power of two. */
#define CHANGES_MAX 4096u

struct btbb_piconet *btbb_piconets_at(const struct btbb_piconets *piconets, uint32_t number)
{
    return &piconets->blocks[number / BTBB_PICONET_BLOCK][number % BTBB_PICONET_BLOCK];
}

/* The slot of this LAP, or the empty one where it belongs. There is always an empty slot. */
static uint32_t *find_slot(const struct btbb_piconets *piconets, uint32_t *slots, unsigned bits, uint32_t lap)
{
    const uint32_t mask = (1u << bits) - 1;
    uint32_t i = btbb_piconet_hash(lap, bits);

    while (slots[i] && btbb_piconets_at(piconets, slots[i] - 1)->lap != lap)
        i = (i + 1) & mask;
    return &slots[i];
}

struct btbb_piconet *btbb_piconets_find(const struct btbb_piconets *piconets, uint32_t lap)
{
    const uint32_t slot = piconets->bits ? *find_slot(piconets, piconets->slots, piconets->bits, lap) : 0;

    return slot ? btbb_piconets_at(piconets, slot - 1) : NULL;
}

/* Keeps at least half of the slots empty. The table stops growing at 2^24, the number of LAPs. */
static bool grow_slots(struct btbb_piconets *piconets)
{
    if (piconets->bits && piconets->count < 1u << (piconets->bits - 1))
        return true;
    const unsigned bits = piconets->bits ? piconets->bits + 1 : FIRST_BITS;
    uint32_t *slots = calloc((size_t)1 << bits, sizeof *slots);

    if (!slots)
        return false;
    for (uint32_t i = 0; i < piconets->count; i++)
        *find_slot(piconets, slots, bits, btbb_piconets_at(piconets, i)->lap) = i + 1;
    free(piconets->slots);
    piconets->slots = slots;
    piconets->bits = bits;
    return true;
}

static bool grow_blocks(struct btbb_piconets *piconets)
{
    if (piconets->count < piconets->block_count * BTBB_PICONET_BLOCK)
        return true;
    struct btbb_piconet **blocks =
        realloc(piconets->blocks, (piconets->block_count + 1) * sizeof(struct btbb_piconet *));

    if (!blocks)
        return false;
    piconets->blocks = blocks;
    blocks[piconets->block_count] = calloc(BTBB_PICONET_BLOCK, sizeof **blocks);
    if (!blocks[piconets->block_count])
        return false;
    piconets->block_count++;
    return true;
}

struct btbb_piconet *btbb_piconets_get(struct btbb_piconets *piconets, uint32_t lap)
{
    struct btbb_piconet *piconet = btbb_piconets_find_fast(piconets, lap);

    if (piconet || !grow_blocks(piconets) || !grow_slots(piconets))
        return piconet;
    piconet = btbb_piconets_at(piconets, piconets->count);
    piconet->lap = lap;
    *find_slot(piconets, piconets->slots, piconets->bits, lap) = ++piconets->count;
    piconets->recent[btbb_piconet_hash(lap, BTBB_PICONET_RECENT_BITS)] = (struct btbb_piconet_recent){piconet, lap + 1};
    return piconet;
}

struct btbb_piconet_extra *btbb_piconet_get_extra(struct btbb_piconet *piconet)
{
    if (!piconet->extra)
        piconet->extra = calloc(1, sizeof *piconet->extra);
    return piconet->extra;
}

void btbb_piconets_free(struct btbb_piconets *piconets)
{
    for (uint32_t i = 0; i < piconets->count; i++) {
        struct btbb_piconet_extra *extra = btbb_piconets_at(piconets, i)->extra;

        if (extra) {
            free(extra->changes);
            btbb_lmp_role_free(&extra->lmp_role);
            free(extra->last_digests);
            free(extra);
        }
    }
    for (uint32_t i = 0; i < piconets->block_count; i++)
        free(piconets->blocks[i]);
    free(piconets->blocks);
    free(piconets->slots);
    *piconets = (struct btbb_piconets){0};
}

struct btbb_address btbb_piconet_address(const struct btbb_piconet *piconet, uint32_t number)
{
    if (!piconet || piconet->known_from == 0 || number < piconet->known_from)
        return (struct btbb_address){0};
    const struct btbb_piconet_extra *extra = piconet->extra;

    if (!extra || extra->change_count == 0 || extra->changes[extra->change_count - 1].frame <= number)
        return piconet->best;
    const uint32_t count = btbb_count_until(extra->changes, extra->change_count, sizeof *extra->changes,
                                            offsetof(struct btbb_address_change, frame), number);

    return count > 0 ? extra->changes[count - 1].address : (struct btbb_address){0};
}

/* Makes room for two more changes. Returns false where there are too many already, or memory is exhausted. */
static bool grow_changes(struct btbb_piconet_extra *extra)
{
    if (extra->change_count + 2 <= extra->change_capacity)
        return true;
    if (extra->change_capacity >= CHANGES_MAX)
        return false;
    const uint32_t capacity = extra->change_capacity ? 2 * extra->change_capacity : 2;
    struct btbb_address_change *changes = realloc(extra->changes, capacity * sizeof *changes);

    if (!changes)
        return false;
    extra->changes = changes;
    extra->change_capacity = capacity;
    return true;
}

/* Returns false when the change cannot be stored: then the best-known address stays the same. */
static bool set_best(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *address)
{
    struct btbb_piconet_extra *extra = piconet->extra;

    if (piconet->known_from == 0 || piconet->known_from == number) {
        piconet->known_from = number;
    } else if (extra && extra->change_count > 0 && extra->changes[extra->change_count - 1].frame == number) {
        extra->changes[extra->change_count - 1].address = *address;
    } else {
        extra = btbb_piconet_get_extra(piconet);
        if (!extra || !grow_changes(extra))
            return false;
        if (extra->change_count == 0)
            extra->changes[extra->change_count++] = (struct btbb_address_change){piconet->known_from, piconet->best};
        extra->changes[extra->change_count++] = (struct btbb_address_change){number, *address};
    }
    piconet->best = *address;
    return true;
}

/* A rival of which nothing is known stands for no rival. */
static void set_rival(struct btbb_piconet *piconet, const struct btbb_address *rival, uint32_t good)
{
    struct btbb_piconet_extra *extra = rival->rank > BTBB_RANK_LAP ? btbb_piconet_get_extra(piconet) : piconet->extra;

    if (extra) {
        extra->rival = *rival;
        extra->rival_good = good;
    }
}

/* An address that contradicts the best-known one replaces it if it has more weight, or the same weight and at least as
 * many good packets, because it is the later one. Otherwise it becomes the rival. */
static void resolve_conflict(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *address,
                             bool good)
{
    const struct btbb_address best = piconet->best;
    const unsigned weight = btbb_address_weight(address), best_weight = btbb_address_weight(&best);
    const struct btbb_piconet_extra *extra = piconet->extra;
    const uint32_t best_good = piconet->good;
    const uint32_t address_good =
        (extra && btbb_addresses_agree(&extra->rival, address) ? extra->rival_good : 0) + good;
    const bool wins = weight > best_weight || (weight == best_weight && address_good >= best_good);

    if (wins && set_best(piconet, number, address)) {
        piconet->good = address_good;
        set_rival(piconet, &best, best_good);
    } else {
        set_rival(piconet, address, address_good);
    }
}

bool btbb_piconet_learn_address(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *address,
                                bool good)
{
    const struct btbb_address *best = &piconet->best;

    if (!btbb_addresses_agree(best, address)) {
        resolve_conflict(piconet, number, address, good);
        return false;
    }
    piconet->good += good;
    if (btbb_address_weight(address) <= btbb_address_weight(best))
        return true;
    struct btbb_address merged = *address; /* a UAP that was implied before the file had it stays proven */

    if (merged.rank < best->rank && best->rank < BTBB_RANK_NAP)
        merged.rank = best->rank;
    set_best(piconet, number, &merged);
    return false;
}
