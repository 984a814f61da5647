/* address.h: which of several addresses of a LAP is the best known, and which UAP the HECs and CRCs imply. Pure
 * functions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_ADDRESS_H
#define BTBB_CORE_ADDRESS_H

#include "decode/facts.h"

/* An address that some source gives for a LAP. All zero: none. */
struct btbb_address {
    uint16_t nap;   /* valid when rank is BTBB_RANK_NAP */
    uint8_t uap;    /* valid when rank > BTBB_RANK_LAP */
    uint8_t rank;   /* enum btbb_rank */
    uint8_t source; /* enum btbb_uap_source */
};

/* Whether two addresses may be the same one: the UAP is the same, and the NAPs do not differ where both are known. */
static inline bool btbb_addresses_agree(const struct btbb_address *a, const struct btbb_address *b)
{
    if (a->rank == BTBB_RANK_LAP || b->rank == BTBB_RANK_LAP || a->uap != b->uap)
        return false;
    return a->rank != BTBB_RANK_NAP || b->rank != BTBB_RANK_NAP || a->nap == b->nap;
}

/* How much an address counts, 0 for none. The rank decides, but an address in the file counts more than one that HECs
 * and CRCs imply: a user who named the piconet knows it, while HECs agree by chance now and then. */
static inline unsigned btbb_address_weight(const struct btbb_address *known)
{
    const bool implied = known->source == BTBB_UAP_HEC || known->source == BTBB_UAP_CRC;

    return known->rank == BTBB_RANK_LAP ? 0 : implied ? 1 : known->rank + 1u;
}

/* Whether two addresses differ so that it is worth reporting: they have one rank, or one of them is implied. */
bool btbb_addresses_conflict(const struct btbb_address *a, const struct btbb_address *b);

/* The address that the frame itself has, checked with its own UAP. Rank BTBB_RANK_LAP: none. */
struct btbb_address btbb_address_in_frame(const struct btbb_facts *facts);

/* The sender's address in an FHS packet, if it is proven: the CRC is good, the parity bits are those of its LAP, the
 * LAP is not reserved, and its UAP is not another than the one that the packet was checked with, `uap`. */
struct btbb_address btbb_address_of_fhs_sender(const struct btbb_facts *facts, uint8_t uap);

/* Votes of HECs and CRCs on the UAP of a LAP. Only one candidate is kept: votes for it are added, votes for another UAP
 * are subtracted, and a UAP with more votes than are left replaces it. A HEC is one vote, a CRC of exactly fitting
 * length is four. All zero: no votes. */
struct btbb_uap_votes {
    uint32_t header18; /* the first header that voted for the candidate */
    uint32_t votes;
    uint8_t uap;   /* the candidate */
    bool crc;      /* a CRC is among its votes */
    bool distinct; /* two different headers are: the same header again may be the same error again */
};

/* Whether the HEC of a frame is a vote. A header of zero with a HEC of zero is no header at all. */
static inline bool btbb_hec_is_vote(const struct btbb_facts *facts)
{
    return facts->has_hec && !facts->padded_id && (facts->header10 | facts->hec) != 0;
}

static inline bool btbb_has_uap_vote(const struct btbb_facts *facts)
{
    return facts->crc_implies_uap || btbb_hec_is_vote(facts);
}

/* Counts the votes of one frame. */
void btbb_uap_votes_add(struct btbb_uap_votes *votes, const struct btbb_facts *facts);

/* The candidate as an implied address, once three votes agree. Before, rank BTBB_RANK_LAP. */
struct btbb_address btbb_uap_votes_result(const struct btbb_uap_votes *votes);

/* Whether the votes dispute an address of the file: there are six of them, and more than the `good` packets whose
 * HEC or CRC fits that address. */
bool btbb_uap_votes_dispute(const struct btbb_uap_votes *votes, const struct btbb_address *address, uint32_t good);

#endif
