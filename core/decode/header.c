/* header.c: see header.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/header.h"

#include "decode/hec.h"
#include "decode/layout.h"

void btbb_read_header(struct btbb_facts *facts, uint32_t header18)
{
    facts->lt_addr = btbb_header_lt_addr(header18);
    facts->type = btbb_header_type(header18);
    facts->flow = header18 >> 7 & 1;
    facts->arqn = header18 >> 8 & 1;
    facts->seqn = header18 >> 9 & 1;
    facts->header10 = btbb_header_bits(header18);
    facts->hec = btbb_header_hec(header18);
    facts->hec_implied_uap = btbb_hec_implied_uap(facts->header10, facts->hec);
}

/* The HEC of an all-zero header with UAP 0 is 0: zero bytes in place of a header pass the check and prove nothing. */
enum btbb_check btbb_check_hec(struct btbb_facts *facts, bool uap_known, uint8_t uap)
{
    if (!facts->has_hec || facts->padded_id)
        return BTBB_CHECK_ABSENT;
    if (!uap_known || (uap == 0 && facts->header10 == 0 && facts->hec == 0))
        return BTBB_CHECK_UNVERIFIED;
    const bool good = facts->hec_implied_uap == uap;

    facts->hec_computed = good ? facts->hec : btbb_hec(uap, facts->header10);
    return good ? BTBB_CHECK_GOOD : BTBB_CHECK_BAD;
}
