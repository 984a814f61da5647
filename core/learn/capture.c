/* capture.c: what is known of a capture beyond the single frame; see capture.h.
 *
 * Both ways to ask end in answer(), which reads only what was written with a frame number to it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture-int.h"

#include <stdlib.h>

struct btbb_capture *btbb_capture_new(void)
{
    return calloc(1, sizeof(struct btbb_capture));
}

void btbb_capture_free(struct btbb_capture *capture)
{
    if (!capture)
        return;
    btbb_piconets_free(&capture->piconets);
    btbb_repeats_free(&capture->repeats);
    free(capture);
}

static const struct btbb_address nothing;

/* Frames that belong to a piconet which others may tell something about. InternalBlue names both devices in full. */
static bool has_piconet(const struct btbb_facts *facts)
{
    return !facts->malformed && !facts->lap_reserved && facts->encap != BTBB_ENCAP_INTERNALBLUE;
}

static bool is_good_poll(const struct btbb_facts *facts)
{
    return facts->hec_check == BTBB_CHECK_GOOD && facts->type == BTBB_TYPE_POLL;
}

static bool is_proven(const struct btbb_facts *facts)
{
    return facts->hec_check == BTBB_CHECK_GOOD || facts->crc_check == BTBB_CHECK_GOOD;
}

/* HECs and CRCs that do not fit the UAP of the file: when they outvote the packets that do, it is in dispute. */
static bool learn_dispute(struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts)
{
    if (!btbb_ballot_concerns(facts))
        return false;
    struct btbb_piconet_more *more = btbb_piconet_need_more(piconet);

    if (!more)
        return false;
    btbb_ballot_cast(&more->ballot, facts);
    if (more->disputed_at || !btbb_ballot_disputes(&more->ballot, &piconet->held, piconet->good))
        return false;
    more->disputed_at = number;
    more->disputed_uap = more->ballot.uap;
    return true;
}

/* What the frame says about its own address: named by the file, or implied by the HECs and CRCs up to it.
 * True: nothing changed, and nothing contradicts. */
static bool learn_address(struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts,
                          const struct btbb_address *named)
{
    const bool proven = is_proven(facts);

    if (named->rank > BTBB_RANK_LAP) {
        const bool settled = btbb_piconet_consider(piconet, number, named, proven);

        return (proven || !learn_dispute(piconet, number, facts)) && settled;
    }
    if (!btbb_ballot_concerns(facts))
        return true;
    const bool disputed = learn_dispute(piconet, number, facts);
    const struct btbb_address implied = piconet->more ? btbb_ballot_result(&piconet->more->ballot) : nothing;

    return (implied.rank == BTBB_RANK_LAP || btbb_piconet_consider(piconet, number, &implied, false)) && !disputed;
}

/* Judge with the best-known UAP, unless the one that the frame names is proven by the frame. */
static void judge(const struct btbb_frame *frame, struct btbb_facts *facts, const struct btbb_address *best)
{
    if (best->rank == BTBB_RANK_LAP || (facts->uap_known && facts->uap == best->uap))
        return;
    if (!is_proven(facts))
        btbb_judge(frame, facts, true, best->uap);
}

/* LINKTYPE 255: a POLL that the capturing device sent or received shows its role. */
static void learn_role(struct btbb_piconet *piconet, uint32_t number, enum btbb_own own)
{
    struct btbb_piconet_more *more = btbb_piconet_need_more(piconet);

    if (more && !more->role_from) {
        more->role_from = number;
        more->central = (uint8_t)own;
    } else if (more && !more->role_withheld_from && more->central != own) {
        more->role_withheld_from = number;
    }
}

static void learn_direction(struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts)
{
    if (facts->hec_check != BTBB_CHECK_GOOD)
        return;
    if (facts->has_clk1 && !piconet->clk_withheld_from) {
        piconet->clk_withheld_reason =
            (uint8_t)btbb_clk_doubt(facts->type, facts->clk, facts->has_meta_flags && facts->clk_bits == 6);
        if (piconet->clk_withheld_reason != BTBB_DIR_GIVEN)
            piconet->clk_withheld_from = number;
    }
    if (facts->encap == BTBB_ENCAP_RF && facts->own != BTBB_OWN_UNKNOWN && facts->type == BTBB_TYPE_POLL)
        learn_role(piconet, number, facts->own);
}

static bool is_since(uint32_t from, uint32_t number)
{
    return from != 0 && number >= from;
}

/* Legacy: CLK1 of the piconet's clock. */
static void answer_clk1(const struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts,
                        struct btbb_verdict *verdict)
{
    if (piconet && is_since(piconet->clk_withheld_from, number)) {
        verdict->dir_reason = (enum btbb_dir_reason)piconet->clk_withheld_reason;
        verdict->contradiction = number == piconet->clk_withheld_from;
    } else {
        verdict->dir = facts->clk1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL;
    }
}

/* LINKTYPE 255: a POLL speaks for itself; own and other say more once a POLL has shown the own device's role. */
static void answer_role(const struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts,
                        struct btbb_verdict *verdict)
{
    const struct btbb_piconet_more *more = piconet ? piconet->more : NULL;

    if (is_good_poll(facts))
        verdict->dir = BTBB_DIR_TO_PERIPHERAL;
    if (!more || facts->own == BTBB_OWN_UNKNOWN || !is_since(more->role_from, number))
        return;
    if (is_since(more->role_withheld_from, number)) {
        verdict->dir_reason = BTBB_DIR_POLL_CONTRADICTS;
        verdict->contradiction = number == more->role_withheld_from;
    } else {
        verdict->dir = facts->own == more->central ? BTBB_DIR_TO_PERIPHERAL : BTBB_DIR_TO_CENTRAL;
    }
}

static void answer_direction(const struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts,
                             struct btbb_verdict *verdict)
{
    if (facts->has_clk1)
        answer_clk1(piconet, number, facts, verdict);
    else if (facts->encap == BTBB_ENCAP_RF && !facts->id)
        answer_role(piconet, number, facts, verdict);
}

static void report_conflict(const struct btbb_address *loser, struct btbb_verdict *verdict)
{
    verdict->address_conflict = true;
    verdict->conflict_nap = loser->nap;
    verdict->conflict_uap = loser->uap;
}

/* Frame `number` claims an address of this piconet: which one lost, if they differ? */
static void answer_conflict(const struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *claim,
                            struct btbb_verdict *verdict)
{
    const struct btbb_address before = btbb_piconet_address(piconet, number - 1);
    const struct btbb_address now = btbb_piconet_address(piconet, number);

    if (btbb_address_conflict(&before, &now))
        report_conflict(&before, verdict);
    else if (btbb_address_conflict(claim, &now))
        report_conflict(claim, verdict);
    else if (piconet && piconet->more && piconet->more->disputed_at == number)
        report_conflict(&(struct btbb_address){.uap = piconet->more->disputed_uap}, verdict);
}

static void enter_address(const struct btbb_address *best, struct btbb_verdict *verdict)
{
    verdict->nap = best->nap;
    verdict->uap = best->uap;
    verdict->rank = (enum btbb_rank)best->rank;
    verdict->uap_source = (enum btbb_uap_source)best->source;
}

static void answer_taught(const struct btbb_capture *capture, uint32_t number, const struct btbb_facts *facts,
                          struct btbb_verdict *verdict)
{
    const struct btbb_address taught = btbb_address_taught(facts, verdict->uap);

    verdict->taught = taught.rank > BTBB_RANK_LAP;
    if (verdict->taught && !verdict->address_conflict)
        answer_conflict(btbb_piconets_find(&capture->piconets, facts->fhs.lap), number, &taught, verdict);
}

/* `named` is what the frame named before it was judged with anything else, `best` what is held from this frame on.
 * A settled address need not be compared. */
static void answer(const struct btbb_capture *capture, const struct btbb_piconet *piconet, uint32_t number,
                   const struct btbb_facts *facts, const struct btbb_address *named, const struct btbb_address *best,
                   bool settled, struct btbb_verdict *verdict)
{
    *verdict = (struct btbb_verdict){0};
    enter_address(best->rank > BTBB_RANK_LAP ? best : named, verdict);
    if (facts->lap_reserved)
        verdict->uap_source = BTBB_UAP_RESERVED;
    if (piconet && !settled)
        answer_conflict(piconet, number, named, verdict);
    answer_direction(piconet, number, facts, verdict);
    if (facts->has_fhs)
        answer_taught(capture, number, facts, verdict);
}

static void learn_taught(struct btbb_capture *capture, uint32_t number, const struct btbb_facts *facts, uint8_t uap)
{
    const struct btbb_address taught = btbb_address_taught(facts, uap);
    struct btbb_piconet *piconet =
        taught.rank > BTBB_RANK_LAP ? btbb_piconets_get(&capture->piconets, facts->fhs.lap) : NULL;

    if (piconet)
        btbb_piconet_consider(piconet, number, &taught, true);
}

/* An access code without anything else: all there is to say is what others told of its LAP. */
static bool is_bare(const struct btbb_facts *facts)
{
    return facts->id && !facts->uap_known && facts->payload.captured == 0;
}

static bool confirms(const struct btbb_piconet *piconet, const struct btbb_facts *facts)
{
    return facts->hec_check == BTBB_CHECK_GOOD && facts->uap_known &&
           btbb_piconet_confirms(piconet, facts->uap, facts->nap_known, facts->nap);
}

void btbb_capture_learn(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                        struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    if (number <= capture->newest) {
        btbb_capture_recall(capture, number, frame, facts, verdict);
        return;
    }
    capture->newest = number;
    struct btbb_piconet *piconet = has_piconet(facts) ? btbb_piconets_look(&capture->piconets, facts->lap) : NULL;
    bool settled = false;

    if (is_bare(facts) && !facts->lap_reserved) {
        *verdict = (struct btbb_verdict){0};
        enter_address(piconet ? &piconet->held : &nothing, verdict);
        return;
    }
    struct btbb_address named = nothing;

    if (piconet && confirms(piconet, facts)) {
        piconet->good++;
        settled = true;
        learn_direction(piconet, number, facts);
    } else {
        named = btbb_address_named(facts);
        if (!piconet && has_piconet(facts) && (named.rank > BTBB_RANK_LAP || btbb_ballot_concerns(facts)))
            piconet = btbb_piconets_get(&capture->piconets, facts->lap);
        if (piconet) {
            settled = learn_address(piconet, number, facts, &named);
            judge(frame, facts, &piconet->held);
            learn_direction(piconet, number, facts);
        }
    }
    const struct btbb_address *best = piconet ? &piconet->held : &nothing;

    if (facts->has_fhs)
        learn_taught(capture, number, facts, best->rank > BTBB_RANK_LAP ? best->uap : named.uap);
    answer(capture, piconet, number, facts, &named, best, settled, verdict);
    if (piconet && facts->crc_check == BTBB_CHECK_GOOD)
        verdict->retransmission = btbb_repeats_learn(&capture->repeats, piconet, number, frame, facts, verdict->dir);
}

void btbb_capture_recall(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                         struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    const struct btbb_address named = btbb_address_named(facts);
    const struct btbb_piconet *piconet = has_piconet(facts) ? btbb_piconets_find(&capture->piconets, facts->lap) : NULL;
    const struct btbb_address best = btbb_piconet_address(piconet, number);

    judge(frame, facts, &best);
    answer(capture, piconet, number, facts, &named, &best, false, verdict);
    verdict->retransmission = btbb_repeats_recall(&capture->repeats, number);
}
