/* decode.c: see decode.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/decode.h"

#include <stddef.h>
#include <string.h>

#include "decode/formats.h"
#include "decode/header.h"
#include "decode/layout.h"
#include "decode/payload.h"

/* InternalBlue stores sender and receiver, not which of them is the Central, whose UAP the HEC starts from. It stores
 * zero where it has no HEC. So only a HEC that was captured and fits one of the two devices proves a UAP. */
static bool internalblue_uap_is_proven(const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    return facts->has_hec && facts->hec != 0 &&
           (facts->hec_implied_uap == btbb_mac_uap(frame->src) || facts->hec_implied_uap == btbb_mac_uap(frame->dst));
}

/* Whether the HEC proves the UAP that the frame has: then nothing that is known of other frames depends on the
 * payload, unless it is an FHS packet. */
static bool is_payload_dispensable(const struct btbb_facts *facts)
{
    const bool has_uap = facts->encap == BTBB_ENCAP_RF ? facts->uap_known : facts->uap != 0 || facts->nap_known;

    return has_uap && facts->hec_check == BTBB_CHECK_GOOD && facts->type != BTBB_TYPE_FHS;
}

/* Without a header, a payload was found only where its CRC is good, or where the format has nothing but payloads. */
static enum btbb_class classify(const struct btbb_facts *facts)
{
    if (facts->padded_id)
        return BTBB_CLASS_ID;
    if (facts->header_state == BTBB_HEADER_NONE)
        return facts->payload.parsed ? BTBB_CLASS_UNDECODED : BTBB_CLASS_ID;
    if (!facts->has_type || (facts->encap == BTBB_ENCAP_RF && facts->hec_check == BTBB_CHECK_BAD))
        return BTBB_CLASS_UNDECODED;
    return BTBB_CLASS_HEADER;
}

/* All checks, for facts whose payload is as the format's function left it. */
static inline void check(const struct btbb_frame *frame, struct btbb_facts *facts, bool uap_known, uint8_t uap,
                         bool brief)
{
    if (facts->encap == BTBB_ENCAP_INTERNALBLUE) {
        uap_known = internalblue_uap_is_proven(frame, facts);
        uap = facts->hec_implied_uap;
    }
    if (facts->lap_reserved) { /* default check initialisation, 7.1 */
        uap_known = true;
        uap = 0;
    }
    facts->hec_check = btbb_check_hec(facts, uap_known, uap);
    if ((facts->has_hec || facts->payload.captured > 0) && !(brief && is_payload_dispensable(facts)))
        btbb_resolve_payload(frame, facts, uap_known, uap);
    facts->packet_class = classify(facts);
}

void btbb_check_with_uap(const struct btbb_frame *frame, struct btbb_facts *facts, bool uap_known, uint8_t uap)
{
    if (facts->malformed || !btbb_formats[frame->format].has_checks)
        return;
    btbb_reset_payload(facts);
    check(frame, facts, uap_known, uap, false);
}

/* Clears everything but the FHS, which has a flag of its own. In pieces small enough to become a few wide stores. */
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
    if (btbb_formats[frame->format].has_checks && (facts->has_type || facts->payload.captured > 0))
        check(frame, facts, facts->uap_known, facts->uap, brief);
    else
        facts->packet_class = classify(facts);
}

void btbb_decode(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    decode(frame, facts, false);
}

void btbb_decode_briefly(const struct btbb_frame *frame, struct btbb_facts *facts)
{
    decode(frame, facts, true);
}
