/* piconet.h: what is known of each LAP, and from which frame on.
 *
 * A LAP of which only access codes were seen has no entry and costs no memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_PICONET_H
#define BTBB_CORE_PICONET_H

#include <stddef.h>

#include "learn/address.h"
#include "learn/lmp-role.h"

#define BTBB_SENDERS                                                                                                   \
    7u /* direction unknown, to Peripheral, to Central; own, other where it is unknown; found directions */
#define BTBB_LT_ADDRS 8u

/* "From this frame on, the best-known address is this." */
struct btbb_address_change {
    uint32_t frame;
    struct btbb_address address;
};

/* Rarely needed state, allocated on demand. */
struct btbb_piconet_extra {
    /* The changes of the best-known address, oldest first, at most one for each frame. Empty until the second one: the
     * first address is in the piconet. */
    struct btbb_address_change *changes;
    uint32_t change_count, change_capacity;

    /* For learning: the last address that contradicted the best-known one, the packets whose HEC or CRC was good with
     * it, and the votes on the UAP. */
    uint32_t rival_good;
    struct btbb_address rival;
    struct btbb_uap_votes votes;

    /* Frame numbers, 0 = never. */
    uint32_t disputed_at;        /* HECs and CRCs outvoted the UAP of the file */
    uint32_t role_from;          /* a POLL showed the role of the capturing device */
    uint32_t role_withheld_from; /* another POLL contradicted */
    uint8_t disputed_uap;
    uint8_t central; /* enum btbb_own of packets that the Central sends; valid from role_from on */

    struct btbb_lmp_role lmp_role; /* controllers: by LMP */

    uint64_t *last_digests; /* [BTBB_SENDERS][BTBB_LT_ADDRS], from the second sender on; see repeats.c */
};

/* Small: a capture may have a million that send one packet. */
struct btbb_piconet {
    uint32_t lap;
    uint32_t good;                    /* packets whose HEC or CRC was good with `best` */
    struct btbb_address best;         /* the best-known address */
    uint8_t clk_withheld_reason;      /* enum btbb_dir_reason */
    uint8_t last_sender;              /* of `last_digest`: sender * BTBB_LT_ADDRS + LT_ADDR */
    uint32_t known_from;              /* the frame from which on the first address was known; 0 = none */
    uint32_t clk_withheld_from;       /* the frame from which on the clock is not the piconet's; 0 = none */
    uint64_t last_digest;             /* of the last packet with CRC of the only sender; 0 = none */
    struct btbb_piconet_extra *extra; /* NULL: all zero */
};

/* For functions that are called for each packet: left to itself, GCC calls them, which costs a twentieth of the
 * instructions of btbb io --by=lap. */
#define BTBB_HOT_INLINE static inline __attribute__((always_inline))

/* What was looked for lately. */
#define BTBB_PICONET_RECENT_BITS 4u
struct btbb_piconet_recent {
    struct btbb_piconet *piconet; /* NULL: the LAP has none */
    uint32_t key;                 /* the LAP plus one; 0: nothing was looked for */
};

/* A hash table with open addressing by LAP. All zero: empty. */
struct btbb_piconets {
    uint32_t *slots; /* number plus one; 0 = empty */
    struct btbb_piconet **blocks;
    uint32_t count, block_count;
    unsigned bits; /* the number of slots is 1 << bits; 0 = none yet */
    struct btbb_piconet_recent recent[1u << BTBB_PICONET_RECENT_BITS]; /* by the highest bits of the hash of the LAP */
};

/* Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): the highest `bits` bits, 1 to 32, of the LAP times
 * 2^32 divided by the golden ratio. */
static inline uint32_t btbb_piconet_hash(uint32_t lap, unsigned bits)
{
    return lap * 0x9e3779b1u >> (32 - bits);
}

/* Piconet by number, below count. */
struct btbb_piconet *btbb_piconets_at(const struct btbb_piconets *piconets, uint32_t number);

/* The extra state, added where there is none. NULL when memory is exhausted: then it is not remembered. */
struct btbb_piconet_extra *btbb_piconet_get_extra(struct btbb_piconet *piconet);

/* The piconet of a LAP; NULL when there is none. */
struct btbb_piconet *btbb_piconets_find(const struct btbb_piconets *piconets, uint32_t lap);

/* The same, fast for LAPs that were looked for lately. */
BTBB_HOT_INLINE struct btbb_piconet *btbb_piconets_find_fast(struct btbb_piconets *piconets, uint32_t lap)
{
    struct btbb_piconet_recent *recent = &piconets->recent[btbb_piconet_hash(lap, BTBB_PICONET_RECENT_BITS)];

    if (recent->key != lap + 1)
        *recent = (struct btbb_piconet_recent){btbb_piconets_find(piconets, lap), lap + 1};
    return recent->piconet;
}

/* The piconet of a LAP, added where there is none. NULL when memory is exhausted: then the LAP is not remembered. */
struct btbb_piconet *btbb_piconets_get(struct btbb_piconets *piconets, uint32_t lap);

void btbb_piconets_free(struct btbb_piconets *piconets);

/* The best-known address after frame `number`. `piconet` may be NULL. */
struct btbb_address btbb_piconet_address(const struct btbb_piconet *piconet, uint32_t number);

/* Learns an address from frame `number`. `good`: a HEC or CRC was good with it. Returns true when it was known before,
 * with no less detail. */
bool btbb_piconet_learn_address(struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *address,
                                bool good);

#endif
