/* capture.c: what is known of a capture beyond the single frame; see capture.h.
 *
 * btbb_capture_learn() and btbb_capture_recall() both end in set_verdict(), which reads only knowledge that is stored
 * with the number of the frame it holds from. So both give the same verdict.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture-int.h"

#include <stdlib.h>

#include "decode/formats.h"

struct btbb_capture *btbb_capture_new(void)
{
    struct btbb_capture *capture = calloc(1, sizeof *capture);

    if (capture)
        capture->trailing_ns = INT64_MIN;
    return capture;
}

void btbb_capture_free(struct btbb_capture *capture)
{
    if (!capture)
        return;
    btbb_piconets_free(&capture->piconets);
    btbb_repeats_free(&capture->repeats);
    btbb_time_jumps_free(&capture->time_jumps);
    btbb_own_link_free(&capture->own_link);
    btbb_clocks_free(capture->clocks);
    free(capture);
}

static const struct btbb_address no_address;

/* Whether other frames may tell more about the address of this one. InternalBlue has both addresses in full, and a
 * reserved LAP belongs to no device. */
static bool has_piconet(const struct btbb_facts *facts)
{
    return facts->has_lap && !facts->malformed && !facts->lap_reserved && facts->encap != BTBB_ENCAP_INTERNALBLUE;
}

static const struct btbb_piconet *find_piconet(const struct btbb_capture *capture, uint32_t lap)
{
    return capture ? btbb_piconets_find(&capture->piconets, lap) : NULL;
}

static bool is_good_poll(const struct btbb_facts *facts)
{
    return facts->hec_check == BTBB_CHECK_GOOD && facts->type == BTBB_TYPE_POLL;
}

static bool has_good_check(const struct btbb_facts *facts)
{
    return facts->hec_check == BTBB_CHECK_GOOD || facts->crc_check == BTBB_CHECK_GOOD;
}

/* Counts HECs and CRCs that do not fit the UAP of the file. Returns true when they outvote the packets that do: from
 * now on the UAP is disputed. */
static bool learn_dispute(struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts)
{
    if (!btbb_has_uap_vote(facts))
        return false;
    struct btbb_piconet_extra *extra = btbb_piconet_get_extra(piconet);

    if (!extra)
        return false;
    btbb_uap_votes_add(&extra->votes, facts);
    if (extra->disputed_at || !btbb_uap_votes_dispute(&extra->votes, &piconet->best, piconet->good))
        return false;
    extra->disputed_at = number;
    extra->disputed_uap = extra->votes.uap;
    return true;
}

/* Learns the client's address from one of its frames: the one in the file, or the one that the HECs and CRCs up to here
 * imply. Returns true when nothing changed and nothing contradicts. */
static bool learn_address(struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts,
                          const struct btbb_address *in_frame)
{
    const bool good = has_good_check(facts);

    if (in_frame->rank > BTBB_RANK_LAP) {
        const bool unchanged = btbb_piconet_learn_address(piconet, number, in_frame, good);

        return (good || !learn_dispute(piconet, number, facts)) && unchanged;
    }
    if (!btbb_has_uap_vote(facts))
        return true;
    const bool disputed = learn_dispute(piconet, number, facts);
    const struct btbb_address implied = piconet->extra ? btbb_uap_votes_result(&piconet->extra->votes) : no_address;

    return (implied.rank == BTBB_RANK_LAP || btbb_piconet_learn_address(piconet, number, &implied, false)) && !disputed;
}

/* Repeats the checks with the best-known UAP, unless the frame has another one and proves it. */
static void check_with_best_uap(const struct btbb_frame *frame, struct btbb_facts *facts,
                                const struct btbb_address *best)
{
    if (best->rank == BTBB_RANK_LAP || (facts->uap_known && facts->uap == best->uap))
        return;
    if (!has_good_check(facts))
        btbb_check_with_uap(frame, facts, true, best->uap);
}

/* LINKTYPE 255: a POLL shows the role of the capturing device, which sent or received it. */
static void learn_role(struct btbb_piconet *piconet, uint32_t number, enum btbb_own own)
{
    struct btbb_piconet_extra *extra = btbb_piconet_get_extra(piconet);

    if (extra && !extra->role_from) {
        extra->role_from = number;
        extra->central = (uint8_t)own;
    } else if (extra && !extra->role_withheld_from && extra->central != own) {
        extra->role_withheld_from = number;
    }
}

static void learn_direction(struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts)
{
    if (facts->hec_check != BTBB_CHECK_GOOD)
        return;
    if (facts->has_clk1 && !piconet->clk_withheld_from) {
        piconet->clk_withheld_reason =
            (uint8_t)btbb_clk_contradiction(facts->type, facts->clk, facts->has_meta_flags && facts->clk_bits == 6);
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
static void set_direction_by_clock(const struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts,
                                   struct btbb_verdict *verdict)
{
    if (piconet && is_since(piconet->clk_withheld_from, number)) {
        verdict->dir_reason = (enum btbb_dir_reason)piconet->clk_withheld_reason;
        verdict->contradiction = number == piconet->clk_withheld_from;
    } else {
        verdict->dir = facts->clk1 ? BTBB_DIR_TO_CENTRAL : BTBB_DIR_TO_PERIPHERAL;
        verdict->dir_source = BTBB_DIR_SOURCE_CLOCK;
    }
}

/* LINKTYPE 255: a POLL has its direction by itself. For other packets, who sent it gives the direction once a POLL has
 * shown the role of the capturing device. */
static void set_direction_by_poll(const struct btbb_piconet *piconet, uint32_t number, const struct btbb_facts *facts,
                                  struct btbb_verdict *verdict)
{
    const struct btbb_piconet_extra *extra = piconet ? piconet->extra : NULL;
    const bool poll = is_good_poll(facts);

    if (poll) {
        verdict->dir = BTBB_DIR_TO_PERIPHERAL;
        verdict->dir_source = BTBB_DIR_SOURCE_POLL;
    }
    if (!extra || facts->own == BTBB_OWN_UNKNOWN || !is_since(extra->role_from, number))
        return;
    if (is_since(extra->role_withheld_from, number)) {
        verdict->dir_reason = BTBB_DIR_POLL_CONTRADICTS;
        verdict->contradiction = number == extra->role_withheld_from;
    } else if (!poll) {
        verdict->dir = facts->own == extra->central ? BTBB_DIR_TO_PERIPHERAL : BTBB_DIR_TO_CENTRAL;
        verdict->dir_source = BTBB_DIR_SOURCE_FLAGS;
    }
}

/* ESP32: what is known of the capturing device's own link. */
static void set_own_link(const struct btbb_capture *capture, uint32_t number, const struct btbb_facts *facts,
                         struct btbb_verdict *verdict)
{
    const struct btbb_own_state state = btbb_own_link_at(&capture->own_link, number);

    verdict->dir = btbb_own_direction(&state, facts);
    if (verdict->dir != BTBB_DIR_UNKNOWN)
        verdict->dir_source = BTBB_DIR_SOURCE_ROLE;
    verdict->clock.dir = (uint8_t)verdict->dir;
    verdict->clock.has_clk = btbb_own_start_slot(&state, facts, &verdict->clock.clk);
    if (verdict->clock.has_clk) {
        verdict->clock.source = BTBB_CLOCK_OFFSET;
        verdict->clock.confidence = 1;
    }
    verdict->retransmission = verdict->plain_retransmission = facts->link_flags & BTBB_ESP32_RETRY;
}

/* Controllers without roles: who sent the packet gives the direction once LMP has shown who is Central. */
static void set_direction_by_lmp(const struct btbb_capture *capture, uint32_t number, const struct btbb_facts *facts,
                                 struct btbb_verdict *verdict)
{
    const struct btbb_piconet *link = facts->has_lap ? find_piconet(capture, facts->lap) : NULL;
    const uint8_t central =
        link && link->extra ? btbb_lmp_role_central(&link->extra->lmp_role, number) : BTBB_OWN_UNKNOWN;

    if (central == BTBB_OWN_UNKNOWN || facts->own == BTBB_OWN_UNKNOWN)
        return;
    verdict->dir = facts->own == central ? BTBB_DIR_TO_PERIPHERAL : BTBB_DIR_TO_CENTRAL;
    verdict->dir_source = BTBB_DIR_SOURCE_LMP;
}

static void set_direction(const struct btbb_capture *capture, const struct btbb_piconet *piconet, uint32_t number,
                          const struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    if (facts->has_clk1)
        set_direction_by_clock(piconet, number, facts, verdict);
    else if (facts->encap == BTBB_ENCAP_ESP32 && capture)
        set_own_link(capture, number, facts, verdict);
    else if (facts->encap == BTBB_ENCAP_INTERNALBLUE || facts->encap == BTBB_ENCAP_BROADCOM)
        set_direction_by_lmp(capture, number, facts, verdict);
    else if (facts->encap == BTBB_ENCAP_RF && facts->packet_class != BTBB_CLASS_ID)
        set_direction_by_poll(piconet, number, facts, verdict);
}

static void set_conflict(const struct btbb_address *loser, struct btbb_verdict *verdict)
{
    verdict->address_conflict = true;
    verdict->conflict_nap = loser->nap;
    verdict->conflict_uap = loser->uap;
}

/* Frame `number` has an address of this piconet. Finds the one that lost, where there are two. */
static void find_conflict(const struct btbb_piconet *piconet, uint32_t number, const struct btbb_address *address,
                          struct btbb_verdict *verdict)
{
    const struct btbb_address before = btbb_piconet_address(piconet, number - 1);
    const struct btbb_address now = btbb_piconet_address(piconet, number);

    if (btbb_addresses_conflict(&before, &now))
        set_conflict(&before, verdict);
    else if (btbb_addresses_conflict(address, &now))
        set_conflict(address, verdict);
    else if (piconet && piconet->extra && piconet->extra->disputed_at == number)
        set_conflict(&(struct btbb_address){.uap = piconet->extra->disputed_uap}, verdict);
}

static void set_address(const struct btbb_facts *facts, const struct btbb_address *address,
                        struct btbb_verdict *verdict)
{
    verdict->lap = facts->malformed || !facts->has_lap ? BTBB_LAP_UNKNOWN : facts->lap;
    verdict->nap = address->nap;
    verdict->uap = address->uap;
    verdict->rank = (enum btbb_rank)address->rank;
    verdict->uap_source = (enum btbb_uap_source)address->source;
}

/* The address that the frame has for some LAP. `uap`: of the client. */
static struct btbb_address find_taught(const struct btbb_frame *frame, const struct btbb_facts *facts, uint8_t uap,
                                       uint32_t *lap)
{
    if (!btbb_formats[frame->format].has_checks)
        return btbb_own_link_taught(frame, facts, lap);
    *lap = facts->fhs.lap;
    return btbb_address_of_fhs_sender(facts, uap);
}

static void set_taught(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                       const struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    uint32_t lap;
    const struct btbb_address taught = find_taught(frame, facts, verdict->uap, &lap);

    if (taught.rank == BTBB_RANK_LAP)
        return;
    verdict->taught = true;
    verdict->taught_lap = lap;
    verdict->taught_uap = taught.uap;
    verdict->taught_nap = taught.nap;
    if (!verdict->address_conflict)
        find_conflict(find_piconet(capture, lap), number, &taught, verdict);
}

/* Whether a frame may have an address of some LAP. */
static bool may_teach(const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    return facts->has_fhs || !btbb_formats[frame->format].has_checks;
}

/* `in_frame` is the address of the frame before it was checked with another one, `best` the best known from this frame
 * on. `unchanged`: learning has found no conflict. */
static void set_verdict(const struct btbb_capture *capture, const struct btbb_piconet *piconet, uint32_t number,
                        const struct btbb_frame *frame, const struct btbb_facts *facts,
                        const struct btbb_address *in_frame, const struct btbb_address *best, bool unchanged,
                        struct btbb_verdict *verdict)
{
    *verdict = (struct btbb_verdict){0};
    set_address(facts, best->rank > BTBB_RANK_LAP ? best : in_frame, verdict);
    if (facts->lap_reserved)
        verdict->uap_source = BTBB_UAP_RESERVED;
    if (piconet && !unchanged)
        find_conflict(piconet, number, in_frame, verdict);
    set_direction(capture, piconet, number, facts, verdict);
    if (may_teach(frame, facts))
        set_taught(capture, number, frame, facts, verdict);
}

static void learn_taught(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                         const struct btbb_facts *facts, uint8_t uap)
{
    uint32_t lap;
    const struct btbb_address taught = find_taught(frame, facts, uap, &lap);
    struct btbb_piconet *piconet = taught.rank > BTBB_RANK_LAP ? btbb_piconets_get(&capture->piconets, lap) : NULL;

    if (piconet)
        btbb_piconet_learn_address(piconet, number, &taught, true);
}

/* ESP32: the client is the Central of the capturing device's own link. */
static void set_client(const struct btbb_capture *capture, uint32_t number, struct btbb_facts *facts)
{
    if (facts->encap != BTBB_ENCAP_ESP32 || facts->malformed || !capture)
        return;
    const struct btbb_own_state state = btbb_own_link_at(&capture->own_link, number);

    facts->lap = btbb_own_central_lap(&state, facts);
    facts->has_lap = facts->lap != BTBB_LAP_UNKNOWN;
}

/* Formats without HEC and CRC: the controller has checked the packet. */
static void learn_unchecked(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                            struct btbb_facts *facts)
{
    if (facts->malformed)
        return;
    if (facts->encap == BTBB_ENCAP_ESP32)
        btbb_own_link_learn(&capture->own_link, number, frame, facts);
    set_client(capture, number, facts);
    learn_taught(capture, number, frame, facts, 0);
}

static void learn_lmp_role(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                           const struct btbb_facts *facts)
{
    struct btbb_piconet *link = btbb_piconets_get(&capture->piconets, facts->lap);
    struct btbb_piconet_extra *extra = link ? btbb_piconet_get_extra(link) : NULL;

    if (extra)
        btbb_lmp_role_learn(&extra->lmp_role, number, frame, facts);
}

/* Returns the jump of the time stamps before this frame, 0 for none. */
static int64_t learn_time(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                          const struct btbb_facts *facts)
{
    if (!frame->has_time)
        return 0;
    return btbb_time_jumps_learn(&capture->time_jumps, number, frame->time_ns, facts->encap == BTBB_ENCAP_RF);
}

/* An access code of which the file has the LAP alone. */
static bool is_lap_only(const struct btbb_facts *facts)
{
    return facts->packet_class == BTBB_CLASS_ID && !facts->uap_known && facts->payload.captured == 0 &&
           !facts->lap_reserved;
}

static bool confirms_address(const struct btbb_piconet *piconet, const struct btbb_facts *facts)
{
    return facts->hec_check == BTBB_CHECK_GOOD && facts->uap_known &&
           btbb_confirms_address(piconet, facts->uap, facts->nap_known, facts->nap);
}

uint32_t btbb_capture_newest(const struct btbb_capture *capture)
{
    return capture ? capture->newest : 0;
}

/* Nothing is learned from the frame: it was learned before, or there is no memory. */
static bool is_recalled(struct btbb_capture *capture, uint32_t number)
{
    if (!capture)
        return true;
    capture->recalls = number <= capture->newest;
    return capture->recalls;
}

static void begin(struct btbb_capture *capture, uint32_t number)
{
    capture->newest = number;
    capture->usual.is_known = false;
}

/* Learns what depends on the rest of the verdict. */
static void finish(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                   const struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    verdict->notes = btbb_writer_notes(&capture->writer, number);
    if (facts->encap == BTBB_ENCAP_ESP32)
        btbb_usual_learn(capture, number, frame, facts, verdict);
}

static void set_repeat(struct btbb_repeated repeated, struct btbb_verdict *verdict)
{
    verdict->retransmission |= repeated.by_clock;
    verdict->plain_retransmission |= repeated.plain;
}

static void learn_repeat(struct btbb_capture *capture, struct btbb_piconet *piconet, uint32_t number,
                         const struct btbb_frame *frame, const struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    const bool is_found = verdict->dir_source >= BTBB_DIR_SOURCE_FOUND;

    set_repeat(btbb_repeats_learn(&capture->repeats, piconet, number, frame, facts, verdict->dir, is_found), verdict);
}

void btbb_capture_learn(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                        struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    if (is_recalled(capture, number)) {
        btbb_capture_recall(capture, number, frame, facts, verdict);
        return;
    }
    const int64_t time_jump = learn_time(capture, number, frame, facts);
    const bool has_checks = btbb_formats[frame->format].has_checks;

    if (!has_checks)
        learn_unchecked(capture, number, frame, facts);
    struct btbb_piconet *piconet = has_piconet(facts) ? btbb_piconets_find_fast(&capture->piconets, facts->lap) : NULL;
    bool unchanged = false;

    begin(capture, number);
    if (is_lap_only(facts)) { /* early return for the most frequent frames of surveys */
        *verdict = (struct btbb_verdict){.time_jump_ns = time_jump};
        set_address(facts, piconet ? &piconet->best : &no_address, verdict);
        btbb_learn_clock(capture, piconet, number, frame, facts, verdict);
        btbb_writer_learn(&capture->writer, number, frame, facts);
        verdict->notes = btbb_writer_notes(&capture->writer, number);
        return;
    }
    struct btbb_address in_frame = no_address;

    if (piconet && confirms_address(piconet, facts)) {
        piconet->good++;
        unchanged = true;
        learn_direction(piconet, number, facts);
    } else {
        in_frame = btbb_address_in_frame(facts);
        if (!piconet && has_piconet(facts) && (in_frame.rank > BTBB_RANK_LAP || btbb_has_uap_vote(facts)))
            piconet = btbb_piconets_get(&capture->piconets, facts->lap);
        if (piconet) {
            unchanged = learn_address(piconet, number, facts, &in_frame);
            check_with_best_uap(frame, facts, &piconet->best);
            learn_direction(piconet, number, facts);
        }
    }
    btbb_writer_learn(&capture->writer, number, frame, facts);
    btbb_writer_correct_crc(&capture->writer, number, frame, facts);
    const struct btbb_address *best = piconet ? &piconet->best : &no_address;
    if (facts->has_fhs && has_checks)
        learn_taught(capture, number, frame, facts, best->rank > BTBB_RANK_LAP ? best->uap : in_frame.uap);
    if (btbb_lmp_role_concerns(facts))
        learn_lmp_role(capture, number, frame, facts);
    set_verdict(capture, piconet, number, frame, facts, &in_frame, best, unchanged, verdict);
    btbb_learn_clock(capture, piconet, number, frame, facts, verdict); /* which may show the sender */
    if (piconet && facts->crc_check == BTBB_CHECK_GOOD)
        learn_repeat(capture, piconet, number, frame, facts, verdict);
    verdict->time_jump_ns = time_jump;
    finish(capture, number, frame, facts, verdict);
}

void btbb_capture_forget_repeats(struct btbb_capture *capture)
{
    if (!capture)
        return;
    btbb_repeats_free(&capture->repeats);
    capture->repeats = (struct btbb_repeats){0};
    for (uint32_t i = 0; i < capture->piconets.count; i++)
        btbb_repeats_forget_last(btbb_piconets_at(&capture->piconets, i));
}

void btbb_capture_learn_plain(struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                              const struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    struct btbb_piconet *piconet = capture ? btbb_piconets_find_fast(&capture->piconets, facts->lap) : NULL;

    if (piconet && facts->crc_check == BTBB_CHECK_GOOD)
        learn_repeat(capture, piconet, number, frame, facts, verdict);
}

void btbb_capture_recall(const struct btbb_capture *capture, uint32_t number, const struct btbb_frame *frame,
                         struct btbb_facts *facts, struct btbb_verdict *verdict)
{
    set_client(capture, number, facts);
    const struct btbb_address in_frame = btbb_address_in_frame(facts);
    const struct btbb_piconet *piconet = has_piconet(facts) ? find_piconet(capture, facts->lap) : NULL;
    const struct btbb_address best = btbb_piconet_address(piconet, number);

    check_with_best_uap(frame, facts, &best);
    if (capture)
        btbb_writer_correct_crc(&capture->writer, number, frame, facts);
    set_verdict(capture, piconet, number, frame, facts, &in_frame, &best, false, verdict);
    if (!capture)
        return;
    btbb_recall_clock(capture, number, frame, facts, verdict);
    set_repeat(btbb_repeats_recall(&capture->repeats, number), verdict);
    verdict->time_jump_ns = btbb_time_jumps_recall(&capture->time_jumps, number);
    verdict->notes = btbb_writer_notes(&capture->writer, number);
}
