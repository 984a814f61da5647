/* decode.c: see decode.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/decode.h"

#include <stddef.h>
#include <string.h>

#include "decode/formats.h"
#include "decode/header.h"
#include "decode/payload.h"

#define TYPE_FHS 2u

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
    facts->hec_check = btbb_check_hec(facts, known, uap);
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
    btbb_formats[frame->format].decode(frame, facts);
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
