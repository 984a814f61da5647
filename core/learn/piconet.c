/* piconet.c: see piconet.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/piconet.h"

#include <stdlib.h>

#define FIRST_BITS 6u

/* Piconets are made in blocks, large enough for the system to have them back when a capture is closed. */
#define BLOCK 4096u

static uint32_t slot_of(uint32_t lap, unsigned bits)
{
    return lap * 0x9e3779b1u >> (32 - bits);
}

struct btbb_piconet *btbb_piconets_at(const struct btbb_piconets *piconets, uint32_t number)
{
    return &piconets->blocks[number / BLOCK][number % BLOCK];
}

/* The slot of this LAP, or the empty one where it would go. There is always an empty one. */
static uint32_t *find_slot(const struct btbb_piconets *piconets, uint32_t *slots, unsigned bits, uint32_t lap)
{
    const uint32_t mask = (1u << bits) - 1;
    uint32_t i = slot_of(lap, bits);

    while (slots[i] && btbb_piconets_at(piconets, slots[i] - 1)->lap != lap)
        i = (i + 1) & mask;
    return &slots[i];
}

struct btbb_piconet *btbb_piconets_find(const struct btbb_piconets *piconets, uint32_t lap)
{
    const uint32_t slot = piconets->bits ? *find_slot(piconets, piconets->slots, piconets->bits, lap) : 0;

    return slot ? btbb_piconets_at(piconets, slot - 1) : NULL;
}

/* Keep at least half of the slots empty. LAPs have 24 bits, so this ends. */
static bool make_slots(struct btbb_piconets *piconets)
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

static bool make_block(struct btbb_piconets *piconets)
{
    if (piconets->count < piconets->block_count * BLOCK)
        return true;
    struct btbb_piconet **blocks =
        realloc(piconets->blocks, (piconets->block_count + 1) * sizeof(struct btbb_piconet *));

    if (!blocks)
        return false;
    piconets->blocks = blocks;
    blocks[piconets->block_count] = calloc(BLOCK, sizeof **blocks);
    if (!blocks[piconets->block_count])
        return false;
    piconets->block_count++;
    return true;
}

struct btbb_piconet *btbb_piconets_get(struct btbb_piconets *piconets, uint32_t lap)
{
    struct btbb_piconet *piconet = btbb_piconets_look(piconets, lap);

    if (piconet || !make_block(piconets) || !make_slots(piconets))
        return piconet;
    piconet = btbb_piconets_at(piconets, piconets->count);
    piconet->lap = lap;
    *find_slot(piconets, piconets->slots, piconets->bits, lap) = ++piconets->count;
    piconets->last = piconet;
    return piconet;
}

struct btbb_piconet_more *btbb_piconet_need_more(struct btbb_piconet *piconet)
{
    if (!piconet->more)
        piconet->more = calloc(1, sizeof *piconet->more);
    return piconet->more;
}

void btbb_piconets_free(struct btbb_piconets *piconets)
{
    for (uint32_t i = 0; i < piconets->count; i++) {
        struct btbb_piconet_more *more = btbb_piconets_at(piconets, i)->more;

        if (more) {
            free(more->changes);
            free(more->last_sent);
            free(more);
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
    if (!piconet || piconet->since == 0 || number < piconet->since)
        return (struct btbb_address){0};
    const struct btbb_piconet_more *more = piconet->more;
    uint32_t low = 0, high = more ? more->change_count : 0;

    if (high == 0 || more->changes[high - 1].frame <= number)
        return piconet->held;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (more->changes[middle].frame <= number)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? more->changes[low - 1].address : (struct btbb_address){0};
}

/* Room for two changes more. */
static bool make_changes(struct btbb_piconet_more *more)
{
    if (more->change_count + 2 <= more->change_capacity)
        return true;
    const uint32_t capacity = more->change_capacity ? 2 * more->change_capacity : 2;
    struct btbb_change *changes = realloc(more->changes, capacity * sizeof *changes);

    if (!changes)
        return false;
    more->changes = changes;
    more->change_capacity = capacity;
    return true;
}

/* False when memory is exhausted: then the address stays what it was. */
static bool change(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *address)
{
    struct btbb_piconet_more *more = piconet->more;

    if (piconet->since == 0 || piconet->since == number) {
        piconet->since = number;
    } else if (more && more->change_count > 0 && more->changes[more->change_count - 1].frame == number) {
        more->changes[more->change_count - 1].address = *address;
    } else {
        more = btbb_piconet_need_more(piconet);
        if (!more || !make_changes(more))
            return false;
        if (more->change_count == 0)
            more->changes[more->change_count++] = (struct btbb_change){piconet->since, piconet->held};
        more->changes[more->change_count++] = (struct btbb_change){number, *address};
    }
    piconet->held = *address;
    return true;
}

/* A rival that nothing is known of is none. */
static void set_rival(struct btbb_piconet *piconet, const struct btbb_address *rival, uint32_t good)
{
    struct btbb_piconet_more *more = rival->rank > BTBB_RANK_LAP ? btbb_piconet_need_more(piconet) : piconet->more;

    if (more) {
        more->rival = *rival;
        more->rival_good = good;
    }
}

/* Another address than the best known: it wins by weight, then by good packets, then because it is the later one. */
static void challenge(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *claim, bool good)
{
    const struct btbb_address held = piconet->held;
    const unsigned weight = btbb_address_weight(claim), held_weight = btbb_address_weight(&held);
    const struct btbb_piconet_more *more = piconet->more;
    const uint32_t before = piconet->good;
    const uint32_t claim_good = (more && btbb_address_same(&more->rival, claim) ? more->rival_good : 0) + good;

    if ((weight > held_weight || (weight == held_weight && claim_good >= before)) && change(piconet, number, claim)) {
        piconet->good = claim_good;
        set_rival(piconet, &held, before);
    } else {
        set_rival(piconet, claim, claim_good);
    }
}

bool btbb_piconet_consider(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *claim, bool good)
{
    const struct btbb_address *held = &piconet->held;

    if (!btbb_address_same(held, claim)) {
        challenge(piconet, number, claim, good);
        return false;
    }
    piconet->good += good;
    if (btbb_address_weight(claim) <= btbb_address_weight(held))
        return true;
    struct btbb_address merged = *claim; /* a UAP that was implied before the file named it stays proven */

    if (merged.rank < held->rank && held->rank < BTBB_RANK_NAP)
        merged.rank = held->rank;
    change(piconet, number, &merged);
    return false;
}
