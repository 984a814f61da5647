/* piconet.h: what is known of each LAP, and since which frame.
 *
 * A LAP of which nothing is known but itself (access codes only) has no entry and costs no memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_PICONET_H
#define BTBB_CORE_PICONET_H

#include <stddef.h>

#include "learn/address.h"

#define BTBB_SENDERS  5u /* direction unknown, to Peripheral, to Central; own, other where it is unknown */
#define BTBB_LT_ADDRS 8u

/* "From this frame on the best-known address is this." */
struct btbb_change {
    uint32_t frame;
    struct btbb_address address;
};

/* What few of them have: made when the first of it is known. */
struct btbb_piconet_more {
    /* The best-known address as it changed, oldest first, at most one change a frame; none as long as there was but one
     * change, which is in the piconet. */
    struct btbb_change *changes;
    uint32_t change_count, change_capacity;

    /* For learning: the last rival of the address held, the packets that were good with it, and votes. */
    uint32_t rival_good;
    struct btbb_address rival;
    struct btbb_ballot ballot;

    /* Frame numbers, 0 = never. */
    uint32_t disputed_at;        /* HECs and CRCs outvoted the UAP that the file names */
    uint32_t role_from;          /* a POLL showed who the capturing device is */
    uint32_t role_withheld_from; /* another POLL contradicted */
    uint8_t disputed_uap;
    uint8_t central; /* enum btbb_own of packets that the Central sends; valid from role_from on */

    uint64_t *last_sent; /* [BTBB_SENDERS][BTBB_LT_ADDRS], once there is a second sender; see repeats.c */
};

/* Small: there may be a million that send one packet. */
struct btbb_piconet {
    uint32_t lap;
    uint32_t good;                  /* packets whose HEC or CRC was good with the address held */
    struct btbb_address held;       /* the best-known address */
    uint8_t clk_withheld_reason;    /* enum btbb_dir_reason */
    uint8_t sender;                 /* of `sent`: sender * BTBB_LT_ADDRS + LT_ADDR */
    uint32_t since;                 /* the frame from which on the first address was held; 0 = none */
    uint32_t clk_withheld_from;     /* the frame from which on the clock is not the piconet's; 0 = none */
    uint64_t sent;                  /* digest of the last packet with CRC of the only sender; 0 = none */
    struct btbb_piconet_more *more; /* NULL: nothing */
};

/* Open addressing by LAP. All zero: empty. */
struct btbb_piconets {
    uint32_t *slots; /* number plus one; 0 = empty */
    struct btbb_piconet **blocks;
    uint32_t count, block_count;
    unsigned bits;             /* the number of slots is 1 << bits; 0 = none yet */
    struct btbb_piconet *last; /* the one found last */
};

/* By number, below count. */
struct btbb_piconet *btbb_piconets_at(const struct btbb_piconets *piconets, uint32_t number);

/* Find or make. NULL only when memory is exhausted: then it is not remembered. */
struct btbb_piconet_more *btbb_piconet_need_more(struct btbb_piconet *piconet);

struct btbb_piconet *btbb_piconets_find(const struct btbb_piconets *piconets, uint32_t lap);

/* The same, quick for the LAP that was asked for last. */
static inline struct btbb_piconet *btbb_piconets_look(struct btbb_piconets *piconets, uint32_t lap)
{
    if (!piconets->last || piconets->last->lap != lap) {
        struct btbb_piconet *found = btbb_piconets_find(piconets, lap);

        if (!found)
            return NULL;
        piconets->last = found;
    }
    return piconets->last;
}

/* Find or enter. NULL only when memory is exhausted: then the LAP is not remembered. */
struct btbb_piconet *btbb_piconets_get(struct btbb_piconets *piconets, uint32_t lap);

void btbb_piconets_free(struct btbb_piconets *piconets);

/* The best-known address after frame `number`. `piconet` may be NULL. */
struct btbb_address btbb_piconet_address(const struct btbb_piconet *piconet, uint32_t number);

/* Enter what frame `number` says about the address. `good`: a HEC or CRC was good with it. True: it says what was
 * held already, and no more. */
bool btbb_piconet_consider(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *claim, bool good);

#endif
