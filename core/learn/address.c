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

bool btbb_addresses_conflict(const struct btbb_address *a, const struct btbb_address *b)
{
    if (a->rank == BTBB_RANK_LAP || b->rank == BTBB_RANK_LAP || btbb_addresses_agree(a, b))
        return false;
    return a->rank == b->rank || is_implied(a) || is_implied(b);
}

struct btbb_address btbb_address_in_frame(const struct btbb_facts *facts)
{
    const bool rf = facts->encap == BTBB_ENCAP_RF;
    const bool has_uap =
        rf || facts->encap == BTBB_ENCAP_BROADCOM ? facts->uap_known : facts->uap != 0 || facts->nap_known;
    struct btbb_address address = {0};

    if (facts->lap_reserved || !has_uap)
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

struct btbb_address btbb_address_of_fhs_sender(const struct btbb_facts *facts, uint8_t uap)
{
    const struct btbb_fhs *fhs = &facts->fhs;
    const bool proven = facts->has_fhs && facts->crc_check == BTBB_CHECK_GOOD && fhs->parity_good;

    if (!proven || btbb_lap_is_reserved(fhs->lap) || (fhs->lap == facts->lap && fhs->uap != uap))
        return (struct btbb_address){0};
    return (struct btbb_address){.nap = fhs->nap, .uap = fhs->uap, .rank = BTBB_RANK_NAP, .source = BTBB_UAP_FHS};
}

static void add_votes(struct btbb_uap_votes *votes, uint8_t uap, uint32_t count, uint32_t header18)
{
    if (votes->votes < count && (votes->votes == 0 || votes->uap != uap)) {
        *votes = (struct btbb_uap_votes){
            .header18 = header18, .uap = uap, .votes = count - votes->votes, .crc = count == CRC_VOTES};
    } else if (votes->uap != uap) {
        votes->votes -= count;
    } else {
        votes->votes += count;
        votes->crc |= count == CRC_VOTES;
        votes->distinct |= header18 != votes->header18;
    }
}

/* A HEC that contradicts the CRC of the same frame does not vote: a payload may be good beside a damaged header. */
void btbb_uap_votes_add(struct btbb_uap_votes *votes, const struct btbb_facts *facts)
{
    const uint32_t header18 = facts->header10 | (uint32_t)facts->hec << 10;

    if (facts->crc_implies_uap)
        add_votes(votes, facts->crc_implied_uap, CRC_VOTES, header18);
    if (btbb_hec_is_vote(facts) && (!facts->crc_implies_uap || facts->crc_implied_uap == facts->hec_implied_uap))
        add_votes(votes, facts->hec_implied_uap, HEC_VOTES, header18);
}

struct btbb_address btbb_uap_votes_result(const struct btbb_uap_votes *votes)
{
    if (votes->votes < VOTES_NEEDED || !(votes->crc || votes->distinct))
        return (struct btbb_address){0};
    return (struct btbb_address){
        .uap = votes->uap, .rank = BTBB_RANK_UAP_PROVEN, .source = votes->crc ? BTBB_UAP_CRC : BTBB_UAP_HEC};
}

bool btbb_uap_votes_dispute(const struct btbb_uap_votes *votes, const struct btbb_address *address, uint32_t good)
{
    return votes->votes >= VOTES_DISPUTE && votes->votes > good && votes->uap != address->uap &&
           btbb_address_weight(address) > 1 && btbb_uap_votes_result(votes).rank > BTBB_RANK_LAP;
}
