/* address.c: see address.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/address.h"

#include "decode/layout.h"

#define HEC_VOTES     1u
#define CRC_VOTES     4u /* more than three, so that one stray HEC before it does not stop a CRC */
#define VOTES_NEEDED  3u
#define VOTES_DISPUTE (2 * VOTES_NEEDED)

static bool is_implied(const struct btbb_address *address)
{
    return address->source == BTBB_UAP_HEC || address->source == BTBB_UAP_CRC;
}

bool btbb_address_conflict(const struct btbb_address *a, const struct btbb_address *b)
{
    if (a->rank == BTBB_RANK_LAP || b->rank == BTBB_RANK_LAP || btbb_address_same(a, b))
        return false;
    return a->rank == b->rank || is_implied(a) || is_implied(b);
}

struct btbb_address btbb_address_named(const struct btbb_facts *facts)
{
    const bool rf = facts->encap == BTBB_ENCAP_RF;
    struct btbb_address address = {0};

    if (facts->lap_reserved || !(rf ? facts->uap_known : facts->uap != 0 || facts->nap_known))
        return address;
    address.nap = facts->nap_known ? facts->nap : 0;
    address.uap = facts->uap;
    address.source = rf ? BTBB_UAP_REFERENCE : BTBB_UAP_FILE;
    if (facts->nap_known)
        address.rank = BTBB_RANK_NAP;
    else if (facts->hec_check == BTBB_CHECK_GOOD || facts->crc_check == BTBB_CHECK_GOOD)
        address.rank = BTBB_RANK_UAP_PROVEN;
    else
        address.rank = BTBB_RANK_UAP;
    return address;
}

struct btbb_address btbb_address_taught(const struct btbb_facts *facts, uint8_t uap)
{
    const struct btbb_fhs *fhs = &facts->fhs;
    const bool proven = facts->has_fhs && facts->crc_check == BTBB_CHECK_GOOD && fhs->parity_good;

    if (!proven || btbb_lap_is_reserved(fhs->lap) || (fhs->lap == facts->lap && fhs->uap != uap))
        return (struct btbb_address){0};
    return (struct btbb_address){.nap = fhs->nap, .uap = fhs->uap, .rank = BTBB_RANK_NAP, .source = BTBB_UAP_FHS};
}

static void cast(struct btbb_ballot *ballot, uint8_t uap, uint32_t votes, uint32_t header18)
{
    if (ballot->votes < votes && (ballot->votes == 0 || ballot->uap != uap)) {
        *ballot = (struct btbb_ballot){
            .header18 = header18, .uap = uap, .votes = votes - ballot->votes, .crc = votes == CRC_VOTES};
    } else if (ballot->uap != uap) {
        ballot->votes -= votes;
    } else {
        ballot->votes += votes;
        ballot->crc |= votes == CRC_VOTES;
        ballot->distinct |= header18 != ballot->header18;
    }
}

/* A CRC silences a HEC of the same frame that says otherwise: with a damaged header the payload may still be good. */
void btbb_ballot_cast(struct btbb_ballot *ballot, const struct btbb_facts *facts)
{
    const uint32_t header18 = facts->header10 | (uint32_t)facts->hec << 10;

    if (facts->crc_implies_uap)
        cast(ballot, facts->crc_implied_uap, CRC_VOTES, header18);
    if (btbb_hec_speaks(facts) && (!facts->crc_implies_uap || facts->crc_implied_uap == facts->hec_implied_uap))
        cast(ballot, facts->hec_implied_uap, HEC_VOTES, header18);
}

struct btbb_address btbb_ballot_result(const struct btbb_ballot *ballot)
{
    if (ballot->votes < VOTES_NEEDED || !(ballot->crc || ballot->distinct))
        return (struct btbb_address){0};
    return (struct btbb_address){
        .uap = ballot->uap, .rank = BTBB_RANK_UAP_PROVEN, .source = ballot->crc ? BTBB_UAP_CRC : BTBB_UAP_HEC};
}

bool btbb_ballot_disputes(const struct btbb_ballot *ballot, const struct btbb_address *named, uint32_t good)
{
    return ballot->votes >= VOTES_DISPUTE && ballot->votes > good && ballot->uap != named->uap &&
           btbb_address_weight(named) > 1 && btbb_ballot_result(ballot).rank > BTBB_RANK_LAP;
}
