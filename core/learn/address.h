/* address.h: which address of a LAP is the best known, and what HECs and CRCs say about its UAP. Pure.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_ADDRESS_H
#define BTBB_CORE_ADDRESS_H

#include "decode/facts.h"

/* What somebody says about the address of a LAP. All zero: nothing. */
struct btbb_address {
    uint16_t nap;   /* valid when rank is BTBB_RANK_NAP */
    uint8_t uap;    /* valid when rank > BTBB_RANK_LAP */
    uint8_t rank;   /* enum btbb_rank */
    uint8_t source; /* enum btbb_uap_source */
};

/* Two addresses that may both be meant: the UAP is the same, and no known NAP contradicts. */
static inline bool btbb_address_same(const struct btbb_address *a, const struct btbb_address *b)
{
    if (a->rank == BTBB_RANK_LAP || b->rank == BTBB_RANK_LAP || a->uap != b->uap)
        return false;
    return a->rank != BTBB_RANK_NAP || b->rank != BTBB_RANK_NAP || a->nap == b->nap;
}

/* How much an address counts. By rank, but what the file names counts more than what HECs and CRCs imply: a reader
 * who named the piconet knows it, while chance makes HECs agree now and then. */
static inline unsigned btbb_address_weight(const struct btbb_address *address)
{
    const bool implied = address->source == BTBB_UAP_HEC || address->source == BTBB_UAP_CRC;

    return address->rank == BTBB_RANK_LAP ? 0 : implied ? 1 : address->rank + 1u;
}

/* Two different addresses whose difference is worth reporting: of one rank, or one named and one implied. */
bool btbb_address_conflict(const struct btbb_address *a, const struct btbb_address *b);

/* What the file itself says in this frame, judged with its own UAP. Rank BTBB_RANK_LAP: nothing. */
struct btbb_address btbb_address_named(const struct btbb_facts *facts);

/* What an FHS packet says about its sender, if it is proven: good CRC, parity of the LAP it names, not a reserved
 * LAP, and no contradiction to the UAP with which it was itself checked. */
struct btbb_address btbb_address_taught(const struct btbb_facts *facts, uint8_t uap);

/* A vote on the UAP of a LAP that holds one candidate: agreeing votes add up, others are taken off, and who outvotes
 * the candidate takes its place. A HEC is one vote, a CRC of exactly fitting length four. All zero: no votes. */
struct btbb_ballot {
    uint32_t header18; /* the first header that voted for the candidate */
    uint32_t votes;
    uint8_t uap;   /* the candidate */
    bool crc;      /* a CRC is among its votes */
    bool distinct; /* two different headers are: the same header again may be the same error again */
};

/* Whether the frame has something to say, by HEC or CRC. A header of zero with a HEC of zero is no header at all. */
static inline bool btbb_hec_speaks(const struct btbb_facts *facts)
{
    return facts->has_hec && !facts->padded_id && (facts->header10 | facts->hec) != 0;
}

static inline bool btbb_ballot_concerns(const struct btbb_facts *facts)
{
    return facts->crc_implies_uap || btbb_hec_speaks(facts);
}

void btbb_ballot_cast(struct btbb_ballot *ballot, const struct btbb_facts *facts);

/* The candidate, once three votes agree, as an implied address; before, rank BTBB_RANK_LAP. */
struct btbb_address btbb_ballot_result(const struct btbb_ballot *ballot);

/* Whether the votes are enough to dispute a UAP that the file names: six, and more than the packets that prove it. */
bool btbb_ballot_disputes(const struct btbb_ballot *ballot, const struct btbb_address *named, uint32_t good);

#endif
