/* piconet.c: see piconet.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "piconet.h"

#include <stdlib.h>

#define FIRST_BITS 6u

static uint32_t slot_of(uint32_t lap, unsigned bits)
{
    return lap * 0x9e3779b1u >> (32 - bits);
}

/* The slot of this LAP, or the empty one where it would go. There is always an empty one. */
static struct btbb_piconet **find_slot(struct btbb_piconet **slots, unsigned bits, uint32_t lap)
{
    const uint32_t mask = (1u << bits) - 1;
    uint32_t i = slot_of(lap, bits);

    while (slots[i] && slots[i]->lap != lap)
        i = (i + 1) & mask;
    return &slots[i];
}

struct btbb_piconet *btbb_piconets_find(const struct btbb_piconets *piconets, uint32_t lap)
{
    return piconets->bits ? *find_slot(piconets->slots, piconets->bits, lap) : NULL;
}

/* Keep at least half of the slots empty. LAPs have 24 bits, so this ends. */
static bool make_room(struct btbb_piconets *piconets)
{
    if (piconets->bits && piconets->count < 1u << (piconets->bits - 1))
        return true;
    const unsigned bits = piconets->bits ? piconets->bits + 1 : FIRST_BITS;
    struct btbb_piconet **slots = calloc((size_t)1 << bits, sizeof(struct btbb_piconet *));

    if (!slots)
        return false;
    for (uint32_t i = 0; piconets->bits && i < 1u << piconets->bits; i++)
        if (piconets->slots[i])
            *find_slot(slots, bits, piconets->slots[i]->lap) = piconets->slots[i];
    free(piconets->slots);
    piconets->slots = slots;
    piconets->bits = bits;
    return true;
}

struct btbb_piconet *btbb_piconets_get(struct btbb_piconets *piconets, uint32_t lap)
{
    struct btbb_piconet *piconet = btbb_piconets_look(piconets, lap);

    if (piconet)
        return piconet;
    if (make_room(piconets) && (piconet = calloc(1, sizeof *piconet))) {
        piconet->lap = lap;
        *find_slot(piconets->slots, piconets->bits, lap) = piconet;
        piconets->count++;
        piconets->last = piconet;
    }
    return piconet;
}

void btbb_piconets_free(struct btbb_piconets *piconets)
{
    for (uint32_t i = 0; piconets->bits && i < 1u << piconets->bits; i++) {
        if (piconets->slots[i]) {
            free(piconets->slots[i]->changes);
            free(piconets->slots[i]->last_sent);
            free(piconets->slots[i]);
        }
    }
    free(piconets->slots);
}

struct btbb_address btbb_piconet_address(const struct btbb_piconet *piconet, uint32_t number)
{
    uint32_t low = 0, high = piconet ? piconet->change_count : 0; /* the last change up to `number` is below high */

    if (high > 0 && piconet->changes[high - 1].frame <= number)
        return piconet->changes[high - 1].address;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (piconet->changes[middle].frame <= number)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? piconet->changes[low - 1].address : (struct btbb_address){0};
}

/* False when memory is exhausted: then the address stays what it was. */
static bool change(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *address)
{
    uint32_t *count = &piconet->change_count;

    if (*count > 0 && piconet->changes[*count - 1].frame == number) {
        piconet->changes[*count - 1].address = piconet->held = *address;
        return true;
    }
    if (*count == piconet->change_capacity) {
        const uint32_t capacity = *count ? 2 * *count : 2;
        struct btbb_change *changes = realloc(piconet->changes, capacity * sizeof *changes);

        if (!changes)
            return false;
        piconet->changes = changes;
        piconet->change_capacity = capacity;
    }
    piconet->held = *address;
    piconet->changes[(*count)++] = (struct btbb_change){.frame = number, .address = *address};
    return true;
}

/* Another address than the best known: it wins by weight, then by good packets, then because it is the later one. */
static void challenge(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *claim, bool good)
{
    const struct btbb_address held = piconet->held;
    const unsigned weight = btbb_address_weight(claim), held_weight = btbb_address_weight(&held);
    const uint32_t claim_good = (btbb_address_same(&piconet->rival, claim) ? piconet->rival_good : 0) + good;

    if ((weight > held_weight || (weight == held_weight && claim_good >= piconet->good)) &&
        change(piconet, number, claim)) {
        piconet->rival = held;
        piconet->rival_good = piconet->good;
        piconet->good = claim_good;
    } else {
        piconet->rival = *claim;
        piconet->rival_good = claim_good;
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
