/* link-requests.c: requests that wait for their answers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/links-int.h"

static bool may_answer(const struct btbb_link_request *request, uint16_t code, uint8_t side)
{
    return request->moment.frame != 0 && request->code == code &&
           (request->side == BTBB_SIDE_UNKNOWN || side == BTBB_SIDE_UNKNOWN || request->side != side);
}

/* Of two requests that an answer fits, that of the same transaction, then the older one. */
static bool fits_better(const struct btbb_link_request *a, const struct btbb_link_request *b, uint8_t tid)
{
    if ((a->tid == tid) != (b->tid == tid))
        return a->tid == tid;
    return a->moment.frame < b->moment.frame;
}

/* Whether an answer of unknown sender may belong to a request of the one as well as of the other device. */
static bool is_ambiguous(const struct btbb_acl_link *link, const struct btbb_link_request *best, uint8_t tid)
{
    if (best->tid != tid)
        return true;
    for (uint32_t i = 0; i < BTBB_LINK_PENDING; i++)
        if (may_answer(&link->pending[i], best->code, BTBB_SIDE_UNKNOWN) && link->pending[i].tid == tid &&
            link->pending[i].side != best->side)
            return true;
    return false;
}

struct btbb_link_request btbb_link_answered(struct btbb_acl_link *link, const struct btbb_lmp *pdu, uint8_t side)
{
    const uint16_t code = btbb_lmp_answers(pdu);
    struct btbb_link_request *best = NULL;

    for (uint32_t i = 0; code && i < BTBB_LINK_PENDING; i++) {
        struct btbb_link_request *request = &link->pending[i];

        if (may_answer(request, code, side) && (!best || fits_better(request, best, pdu->tid)))
            best = request;
    }
    if (!best || (side == BTBB_SIDE_UNKNOWN && is_ambiguous(link, best, pdu->tid)))
        return (struct btbb_link_request){0};
    const struct btbb_link_request answered = *best;

    *best = (struct btbb_link_request){0};
    return answered;
}

/* The place of a request: of the same one that was not answered, a free one, or the oldest that is no name request:
 * trackers of names do not see all others, and must remember the same name requests as those that do. */
static struct btbb_link_request *place_of(struct btbb_acl_link *link, uint16_t code, uint8_t side)
{
    struct btbb_link_request *place = &link->pending[0];

    for (uint32_t i = 0; i < BTBB_LINK_PENDING; i++) {
        struct btbb_link_request *request = &link->pending[i];

        if (request->moment.frame != 0 && request->code == code && request->side == side)
            return request;
        if (place->code == BTBB_LMP_NAME_REQ ||
            (request->code != BTBB_LMP_NAME_REQ && request->moment.frame < place->moment.frame))
            place = request;
    }
    return place;
}

void btbb_link_remember(const struct btbb_link_step *step)
{
    const struct btbb_lmp *pdu = step->pdu;

    if (pdu->info->place == BTBB_LMP_BY_RESPONDER || pdu->info->partner == 0)
        return;
    struct btbb_link_request *place = place_of(step->link, pdu->code, step->side);

    *place = (struct btbb_link_request){.moment = step->moment, .code = pdu->code, .side = step->side, .tid = pdu->tid};
    if (pdu->code == BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ)
        place->value = pdu->key_size;
}
