/* own-link.c: see own-link.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/own-link.h"

#include "learn/by-frame.h"

#include <stdlib.h>

#include "decode/layout.h"
#include "decode/lmp.h"

/* Changes that are kept. A connection has a handful. */
#define STATES_MAX 4096u

/* A role switch that has not happened by then has failed: twice newconnectionTO (Core Specification Vol 2 Part B,
 * appendix B). */
#define SWITCH_FAILED_SLOTS 64u

/* A clock is past an instant for half of its range. */
#define HALF_RANGE ((BTBB_CLK27_1_MASK + 1) / 2)

static const struct btbb_own_state nothing = {.central_lap = BTBB_LAP_UNKNOWN};

/* A good FHS packet of a page; one of an inquiry assigns no LT_ADDR. What the capturing device sends is a template that
 * the firmware prepares, not proof of a transmission. */
static bool is_page(const struct btbb_facts *facts)
{
    return facts->has_fhs && facts->own == BTBB_OWN_RECEIVED && facts->fhs.parity_good && facts->fhs.lt_addr != 0 &&
           !btbb_lap_is_reserved(facts->fhs.lap);
}

bool btbb_is_of_connection(const struct btbb_facts *facts)
{
    if (facts->type == BTBB_TYPE_FHS)
        return is_page(facts);
    return !facts->eir;
}

/* Whether a PDU may teach something, by its first two bytes: reading a PDU costs as much as all else that is done with
 * most packets. */
static bool may_teach(struct btbb_span pdu)
{
    switch (btbb_u8(pdu, 0) >> 1) {
    case BTBB_LMP_SLOT_OFFSET:
    case BTBB_LMP_SWITCH_REQ:
    case BTBB_LMP_DETACH:
        return true;
    case BTBB_LMP_ACCEPTED:
    case BTBB_LMP_NOT_ACCEPTED:
        return btbb_u8(pdu, 1) == BTBB_LMP_SWITCH_REQ;
    default:
        return false;
    }
}

static void read_lmp(const struct btbb_frame *frame, const struct btbb_facts *facts, struct btbb_lmp *pdu)
{
    const struct btbb_payload *payload = &facts->payload;
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    pdu->fault = BTBB_LMP_EMPTY;
    if (!payload->parsed || payload->llid != BTBB_LLID_LMP || facts->eir || facts->type == BTBB_TYPE_FHS)
        return;
    const struct btbb_span body = btbb_part(bytes, payload->offset + payload->body_offset, payload->body_bytes);

    if (may_teach(body))
        btbb_lmp_read(body, true, pdu);
}

static bool is_pdu(const struct btbb_lmp *pdu, enum btbb_lmp_code code)
{
    return pdu->fault == BTBB_LMP_OK && pdu->code == code;
}

static struct btbb_address taught_by_fhs(const struct btbb_fhs *fhs, uint32_t *lap)
{
    if (!fhs->parity_good || btbb_lap_is_reserved(fhs->lap))
        return (struct btbb_address){0};
    *lap = fhs->lap;
    return (struct btbb_address){.nap = fhs->nap, .uap = fhs->uap, .rank = BTBB_RANK_NAP, .source = BTBB_UAP_FHS};
}

struct btbb_address btbb_own_link_taught(const struct btbb_frame *frame, const struct btbb_facts *facts, uint32_t *lap)
{
    struct btbb_lmp pdu;

    if (facts->has_fhs)
        return taught_by_fhs(&facts->fhs, lap);
    read_lmp(frame, facts, &pdu);
    if (!is_pdu(&pdu, BTBB_LMP_SLOT_OFFSET) || btbb_lap_is_reserved(pdu.slot_offset.lap))
        return (struct btbb_address){0};
    *lap = pdu.slot_offset.lap;
    return (struct btbb_address){
        .nap = pdu.slot_offset.nap, .uap = pdu.slot_offset.uap, .rank = BTBB_RANK_NAP, .source = BTBB_UAP_LMP};
}

/* The state from which the next one is made. */
static struct btbb_own_state newest(const struct btbb_own_link *link)
{
    return link->count > 0 ? link->states[link->count - 1] : nothing;
}

static bool is_same(const struct btbb_own_state *a, const struct btbb_own_state *b)
{
    return a->central_lap == b->central_lap && a->role == b->role && a->switching == b->switching &&
           a->has_clk_offset == b->has_clk_offset && (!a->has_clk_offset || a->clk_offset == b->clk_offset);
}

static bool grow(struct btbb_own_link *link)
{
    if (link->count < link->capacity)
        return true;
    const uint32_t capacity = link->capacity ? 2 * link->capacity : 8;
    struct btbb_own_state *states = capacity <= STATES_MAX ? realloc(link->states, capacity * sizeof *states) : NULL;

    if (!states)
        return false;
    link->states = states;
    link->capacity = capacity;
    return true;
}

/* When there is no room, the last state is replaced by one in which nothing is known, for good. */
static void add_state(struct btbb_own_link *link, uint32_t number, struct btbb_own_state state)
{
    struct btbb_own_state *last = link->count > 0 ? &link->states[link->count - 1] : NULL;

    if (link->full || (last ? is_same(last, &state) : is_same(&nothing, &state)))
        return;
    state.frame = number;
    if (last && last->frame == number) {
        *last = state;
    } else if (grow(link)) {
        link->states[link->count++] = state;
    } else {
        link->full = true;
    }
}

static uint32_t central_lap(const struct btbb_own_link *link, uint8_t role)
{
    const struct btbb_own_address *central = role == BTBB_ROLE_CENTRAL ? &link->own : &link->other;

    return role != BTBB_ROLE_UNKNOWN && central->known ? central->lap : BTBB_LAP_UNKNOWN;
}

/* The role switch has happened, or it has failed. */
static void end_switch(struct btbb_own_link *link, struct btbb_own_state *state)
{
    link->switch_by = BTBB_OWN_UNKNOWN;
    state->switching = false;
}

static void set_role(struct btbb_own_link *link, struct btbb_own_state *state, uint8_t role)
{
    if (state->role != role) {
        state->has_clk_offset = false; /* of the other Central */
        end_switch(link, state);
    }
    state->role = role;
}

/* The other device pages this one: a new connection. Its clock is that of the piconet. */
static void learn_page(struct btbb_own_link *link, const struct btbb_facts *facts, struct btbb_own_state *state)
{
    set_role(link, state, BTBB_ROLE_PERIPHERAL);
    end_switch(link, state);
    state->has_clk_offset = true;
    state->clk_offset = (2 * facts->fhs.clk27_2 - facts->clk) & BTBB_CLK27_1_MASK;
}

static void learn_address(struct btbb_own_link *link, const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    uint32_t lap;

    if (btbb_own_link_taught(frame, facts, &lap).rank == BTBB_RANK_LAP || facts->own == BTBB_OWN_UNKNOWN)
        return;
    const struct btbb_own_address address = {true, lap};

    if (facts->own == BTBB_OWN_SENT)
        link->own = address;
    else if (!facts->has_fhs || is_page(facts))
        link->other = address;
}

/* Whether the instant of a role switch that was accepted was `slots` ago. */
static bool is_switch_due(const struct btbb_own_link *link, const struct btbb_own_state *state,
                          const struct btbb_facts *facts, uint32_t slots)
{
    uint32_t clk;

    return state->switching && btbb_own_clock(state, facts, &clk) &&
           ((clk - link->switch_instant - slots) & BTBB_CLK27_1_MASK) < HALF_RANGE;
}

/* The state after the PDU. */
static void learn_lmp(struct btbb_own_link *link, const struct btbb_lmp *pdu, const struct btbb_facts *facts,
                      struct btbb_own_state *state)
{
    if (is_pdu(pdu, BTBB_LMP_DETACH)) {
        link->other = (struct btbb_own_address){0};
        end_switch(link, state);
        *state = nothing;
    } else if (is_pdu(pdu, BTBB_LMP_SWITCH_REQ)) {
        link->switch_by = (uint8_t)facts->own;
        link->switch_instant = pdu->change.instant & BTBB_CLK27_1_MASK;
        state->switching = false;
    } else if (is_pdu(pdu, BTBB_LMP_ACCEPTED) && pdu->answer.code == BTBB_LMP_SWITCH_REQ) {
        state->switching = link->switch_by != BTBB_OWN_UNKNOWN && link->switch_by != facts->own;
    } else if (is_pdu(pdu, BTBB_LMP_NOT_ACCEPTED) && pdu->answer.code == BTBB_LMP_SWITCH_REQ) {
        end_switch(link, state);
    }
}

/* A record that was received has the role; the older one long after the instant of a role switch means that it failed.
 * A record that was sent has the role if it is the new one and the instant has come. */
static void learn_role(struct btbb_own_link *link, const struct btbb_facts *facts, struct btbb_own_state *state)
{
    const uint8_t switched = state->role == BTBB_ROLE_CENTRAL ? BTBB_ROLE_PERIPHERAL : BTBB_ROLE_CENTRAL;

    if (facts->own == BTBB_OWN_RECEIVED) {
        set_role(link, state, (uint8_t)facts->own_role);
        if (is_switch_due(link, state, facts, SWITCH_FAILED_SLOTS))
            end_switch(link, state);
    } else if (facts->own == BTBB_OWN_SENT && state->role != BTBB_ROLE_UNKNOWN && facts->own_role == switched &&
               is_switch_due(link, state, facts, 0)) {
        set_role(link, state, switched);
    }
}

void btbb_own_link_learn(struct btbb_own_link *link, uint32_t number, const struct btbb_frame *frame,
                         const struct btbb_facts *facts)
{
    struct btbb_own_state state = newest(link);
    struct btbb_lmp pdu;

    learn_address(link, frame, facts);
    if (is_page(facts))
        learn_page(link, facts, &state);
    else if (btbb_is_of_connection(facts))
        learn_role(link, facts, &state);
    state.central_lap = central_lap(link, state.role);
    add_state(link, number, state);

    read_lmp(frame, facts, &pdu);
    learn_lmp(link, &pdu, facts, &state);
    add_state(link, number + 1, state);
}

struct btbb_own_state btbb_own_link_at(const struct btbb_own_link *link, uint32_t number)
{
    if (link->count > 0 && link->states[link->count - 1].frame <= number) /* as always in file order */
        return link->states[link->count - 1];
    const uint32_t count = btbb_count_until(link->states, link->count, sizeof *link->states,
                                            offsetof(struct btbb_own_state, frame), number);

    return count > 0 ? link->states[count - 1] : nothing;
}

void btbb_own_link_free(struct btbb_own_link *link)
{
    free(link->states);
    *link = (struct btbb_own_link){0};
}

/* Whether the role holds for a record. */
static bool has_role(const struct btbb_own_state *state, const struct btbb_facts *facts)
{
    return btbb_is_of_connection(facts) && !(state->switching && facts->own != BTBB_OWN_RECEIVED);
}

enum btbb_dir btbb_own_direction(const struct btbb_own_state *state, const struct btbb_facts *facts)
{
    const bool central = state->role == BTBB_ROLE_CENTRAL;

    if (!has_role(state, facts) || facts->own == BTBB_OWN_UNKNOWN || state->role == BTBB_ROLE_UNKNOWN)
        return BTBB_DIR_UNKNOWN;
    return (facts->own == BTBB_OWN_SENT) == central ? BTBB_DIR_TO_PERIPHERAL : BTBB_DIR_TO_CENTRAL;
}

uint32_t btbb_own_central_lap(const struct btbb_own_state *state, const struct btbb_facts *facts)
{
    return btbb_is_of_connection(facts) ? state->central_lap : BTBB_LAP_UNKNOWN;
}

bool btbb_own_clock(const struct btbb_own_state *state, const struct btbb_facts *facts, uint32_t *clk27_1)
{
    const bool central = state->role == BTBB_ROLE_CENTRAL;

    if (!facts->native_clk || !(central || state->has_clk_offset))
        return false;
    *clk27_1 = (facts->clk + (central ? 0 : state->clk_offset)) & BTBB_CLK27_1_MASK;
    return true;
}

bool btbb_own_start_slot(const struct btbb_own_state *state, const struct btbb_facts *facts, uint32_t *clk27_1)
{
    const uint32_t parity = state->role == BTBB_ROLE_CENTRAL ? 1 : 0; /* of the slots of the other device */

    if (facts->own != BTBB_OWN_RECEIVED || !facts->kind || facts->kind->kind == BTBB_KIND_FHS ||
        !btbb_is_of_connection(facts) || !btbb_own_clock(state, facts, clk27_1))
        return false;
    const uint32_t last = *clk27_1 - (facts->kind->slots - 1u);

    *clk27_1 = (last - ((last ^ parity) & 1)) & BTBB_CLK27_1_MASK;
    return true;
}
