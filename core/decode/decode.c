/* decode.c: one frame -> facts; see decode.h. The encapsulations are in legacy.c and rf.c, the payload in payload.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stddef.h>
#include <string.h>

#include "decode/decode-int.h"
#include "decode/hec.h"

#define TYPE_FHS 2u

void btbb_enter_header(struct btbb_facts *facts, uint32_t header18)
{
    facts->lt_addr = header18 & 7;
    facts->type = header18 >> 3 & 15;
    facts->flow = header18 >> 7 & 1;
    facts->arqn = header18 >> 8 & 1;
    facts->seqn = header18 >> 9 & 1;
    facts->header10 = header18 & 0x3ff;
    facts->hec = (uint8_t)(header18 >> 10);
    facts->hec_implied_uap = btbb_hec_implied_uap(facts->header10, facts->hec);
}

/* The HEC of an all-zero header with UAP 0 is 0: zero bytes in place of a header pass, and prove nothing. */
static enum btbb_check check_hec(struct btbb_facts *facts, bool known, uint8_t uap)
{
    if (!facts->has_hec || facts->padded_id)
        return BTBB_CHECK_ABSENT;
    if (!known || (uap == 0 && facts->header10 == 0 && facts->hec == 0))
        return BTBB_CHECK_UNVERIFIED;
    const bool good = facts->hec_implied_uap == uap;

    facts->hec_computed = good ? facts->hec : btbb_hec(uap, facts->header10);
    return good ? BTBB_CHECK_GOOD : BTBB_CHECK_BAD;
}

/* InternalBlue names sender and receiver, not which of them is the Central, whose UAP counts; and it writes zeros where
 * it has no HEC and CRC. Only a HEC that was captured and fits one of the two tells. */
static bool internalblue_uap(const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    return facts->has_hec && facts->hec != 0 &&
           (facts->hec_implied_uap == frame->src[2] || facts->hec_implied_uap == frame->dst[2]);
}

/* Nothing that is known of other frames can depend on the payload: the HEC has proven the UAP that the frame names. */
static bool is_proven(const struct btbb_facts *facts)
{
    const bool named = facts->encap == BTBB_ENCAP_RF ? facts->uap_known : facts->uap != 0 || facts->nap_known;

    return named && facts->hec_check == BTBB_CHECK_GOOD && facts->type != TYPE_FHS;
}

/* Judge facts that no judgement has touched yet. */
static inline void judge(const struct btbb_frame *frame, struct btbb_facts *facts, bool known, uint8_t uap, bool brief)
{
    if (facts->encap == BTBB_ENCAP_INTERNALBLUE) {
        known = internalblue_uap(frame, facts);
        uap = facts->hec_implied_uap;
    }
    if (facts->lap_reserved) { /* default check initialisation, 7.1 */
        known = true;
        uap = 0;
    }
    facts->hec_check = check_hec(facts, known, uap);
    facts->typed =
        facts->has_type && !facts->id && (facts->encap != BTBB_ENCAP_RF || facts->hec_check != BTBB_CHECK_BAD);
    if ((facts->has_hec || facts->payload.captured > 0) && !(brief && is_proven(facts)))
        btbb_resolve_payload(frame, facts, known, uap);
}

void btbb_judge(const struct btbb_frame *frame, struct btbb_facts *facts, bool known, uint8_t uap)
{
    if (facts->malformed)
        return;
    btbb_forget_payload(facts);
    judge(frame, facts, known, uap, false);
}

/* Everything but the FHS, which has a flag of its own. In pieces small enough to become a few wide stores. */
static void clear(struct btbb_facts *facts)
{
    enum { PIECE = 64, WHOLE = offsetof(struct btbb_facts, fhs) };
    unsigned char *bytes = (unsigned char *)facts;

    _Static_assert(WHOLE > 2 * PIECE && WHOLE <= 3 * PIECE, "three pieces");
    memset(bytes, 0, PIECE);
    memset(bytes + PIECE, 0, PIECE);
    memset(bytes + 2 * PIECE, 0, WHOLE - 2 * PIECE);
}

static inline void decode(const struct btbb_frame *frame, struct btbb_facts *facts, bool brief)
{
    clear(facts);
    if (frame->rf)
        btbb_decode_rf(frame, facts);
    else
        btbb_decode_legacy(frame, facts);
    if (facts->has_type || facts->payload.captured > 0)
        judge(frame, facts, facts->uap_known, facts->uap, brief);
}

void btbb_decode(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    decode(frame, facts, false);
}

void btbb_decode_briefly(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    decode(frame, facts, true);
}
