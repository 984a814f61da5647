/* link-security.c: what LMP PDUs show of pairing, authentication and encryption.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/links-int.h"

#include <stdlib.h>
#include <string.h>

#define KEY_BYTES_MOST  16u
#define ERROR_COLLISION 0x23u /* LMP Error Transaction Collision (Vol 1 Part F, 2.35) */

/* ------ Pairing (4.2.2, 4.2.7) ------ */

static bool is_pairing(const struct btbb_acl_link *link, enum btbb_pairing_kind kind)
{
    return link->pairing.kind == kind && link->pairing.result == BTBB_PAIRING_UNFINISHED;
}

static void begin_pairing(const struct btbb_link_step *step, enum btbb_pairing_kind kind)
{
    struct btbb_acl_link *link = step->link;

    link->pairing = (struct btbb_pairing){.started = step->moment, .kind = (uint8_t)kind};
    link->pairings++;
}

static void finish_pairing(struct btbb_acl_link *link, struct btbb_moment moment, enum btbb_pairing_result result)
{
    link->pairing.finished = moment;
    link->pairing.result = (uint8_t)result;
}

void btbb_link_fail_pairing(struct btbb_acl_link *link, struct btbb_moment moment, uint8_t error)
{
    if (link->pairing.kind == BTBB_PAIRING_NONE || link->pairing.result != BTBB_PAIRING_UNFINISHED)
        return;
    finish_pairing(link, moment, BTBB_PAIRING_FAILED);
    link->pairing.error = error;
}

/* The responder may answer with LMP_in_rand of its own, to exchange the roles within the pairing. */
static void learn_in_rand(const struct btbb_link_step *step)
{
    if (!is_pairing(step->link, BTBB_PAIRING_LEGACY))
        begin_pairing(step, BTBB_PAIRING_LEGACY);
}

/* Outside of a pairing these PDUs change an existing link key (4.2.3). */
static void learn_key(const struct btbb_link_step *step)
{
    struct btbb_pairing *pairing = &step->link->pairing;

    if (!is_pairing(step->link, BTBB_PAIRING_LEGACY))
        return;
    pairing->keys[step->side]++;
    if (pairing->accepted_frame == 0)
        pairing->accepted_frame = step->moment.frame;
}

static void learn_io_capability(const struct btbb_link_step *step)
{
    const struct btbb_lmp *pdu = step->pdu;

    const bool begun = is_pairing(step->link, BTBB_PAIRING_SIMPLE);

    if (!begun || (pdu->code == BTBB_LMP_IO_CAPABILITY_REQ && step->link->pairing.key_frame != 0))
        begin_pairing(step, BTBB_PAIRING_SIMPLE);
    if (step->side == BTBB_SIDE_UNKNOWN)
        return;
    struct btbb_link_side *side = &step->link->side[step->side];

    side->io_frame = step->moment.frame;
    side->io = pdu->io_capability.io;
    side->oob = pdu->io_capability.oob;
    side->requirements = pdu->io_capability.authentication;
}

static void learn_public_key(const struct btbb_link_step *step)
{
    struct btbb_pairing *pairing = &step->link->pairing;

    if (step->pdu->encapsulated.major != BTBB_LMP_KEY_MAJOR)
        return;
    if (!is_pairing(step->link, BTBB_PAIRING_SIMPLE))
        begin_pairing(step, BTBB_PAIRING_SIMPLE);
    pairing->key_minor = step->pdu->encapsulated.minor;
    pairing->key_frame = step->moment.frame;
}

static void learn_confirm(const struct btbb_link_step *step)
{
    if (!is_pairing(step->link, BTBB_PAIRING_SIMPLE))
        begin_pairing(step, BTBB_PAIRING_SIMPLE);
    step->link->pairing.confirms[step->side]++;
}

static void learn_number(const struct btbb_link_step *step)
{
    if (!is_pairing(step->link, BTBB_PAIRING_SIMPLE))
        begin_pairing(step, BTBB_PAIRING_SIMPLE);
    step->link->pairing.numbers++;
}

static void learn_pairing_failed(const struct btbb_link_step *step)
{
    btbb_link_fail_pairing(step->link, step->moment, 0);
}

static void learn_check_accepted(const struct btbb_link_step *step)
{
    if (is_pairing(step->link, BTBB_PAIRING_SIMPLE) && ++step->link->pairing.checks == BTBB_SIDES)
        finish_pairing(step->link, step->moment, BTBB_PAIRING_DONE);
}

static void learn_in_rand_accepted(const struct btbb_link_step *step)
{
    if (is_pairing(step->link, BTBB_PAIRING_LEGACY) && step->link->pairing.accepted_frame == 0)
        step->link->pairing.accepted_frame = step->moment.frame;
}

/* ------ Authentication (4.2.1) ------ */

static void learn_challenge(const struct btbb_link_step *step)
{
    struct btbb_link_challenge *challenge = &step->link->challenge[step->side];

    *challenge = (struct btbb_link_challenge){.frame = step->moment.frame, .tid = step->pdu->tid};
    memcpy(challenge->random, step->pdu->bytes + 1, sizeof challenge->random);
    if (step->side == BTBB_SIDE_UNKNOWN)
        return;
    struct btbb_link_challenge *other = &step->link->challenge[btbb_other_side(step->side)];

    if (other->frame != 0 && other->tid == challenge->tid)
        other->both = challenge->both = true;
}

/* The challenge that a response of `side` belongs to: of the other device, or of one that is not known. NULL
 * without one. */
static struct btbb_link_challenge *challenge_for(struct btbb_acl_link *link, uint8_t side)
{
    struct btbb_link_challenge *of_other = &link->challenge[btbb_other_side(side)];
    struct btbb_link_challenge *of_unknown = &link->challenge[BTBB_SIDE_UNKNOWN];

    return of_other->frame != 0 ? of_other : of_unknown->frame != 0 ? of_unknown : NULL;
}

/* Secure authentication is proven by its second response. Before it, the first one is of unknown kind. */
static enum btbb_authentication_kind kind_of(struct btbb_acl_link *link, const struct btbb_link_challenge *challenge,
                                             uint8_t claimant)
{
    if (!challenge->both)
        return BTBB_AUTHENTICATION_LEGACY;
    struct btbb_authentication *other = &link->verified[btbb_other_side(claimant)];

    if (other->response_frame == 0 || other->tid != challenge->tid || link->challenge[claimant].frame != 0 ||
        other->kind != BTBB_AUTHENTICATION_UNKNOWN)
        return BTBB_AUTHENTICATION_UNKNOWN;
    other->kind = BTBB_AUTHENTICATION_SECURE;
    return BTBB_AUTHENTICATION_SECURE;
}

/* A response without challenge: one is missing, and the authentication before it may have been a secure one. */
static void learn_unmatched_response(struct btbb_acl_link *link, const struct btbb_link_step *step)
{
    if (step->side == BTBB_SIDE_UNKNOWN)
        return;
    struct btbb_authentication *other = &link->verified[btbb_other_side(step->side)];

    if (other->kind == BTBB_AUTHENTICATION_LEGACY && other->tid == step->pdu->tid)
        other->kind = BTBB_AUTHENTICATION_UNKNOWN;
}

static void learn_response(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;
    struct btbb_link_challenge *challenge = challenge_for(link, step->side);
    const uint8_t claimant = step->side;

    if (!challenge) {
        learn_unmatched_response(link, step);
        return;
    }
    struct btbb_authentication authentication = {.challenge_frame = challenge->frame,
                                                 .response_frame = step->moment.frame,
                                                 .claimant = claimant,
                                                 .tid = challenge->tid};

    memcpy(authentication.au_rand, challenge->random, sizeof authentication.au_rand);
    memcpy(authentication.sres, step->pdu->bytes + 1, sizeof authentication.sres);
    const struct btbb_link_challenge answered = *challenge;

    challenge->frame = 0;
    if (claimant != BTBB_SIDE_UNKNOWN)
        authentication.kind = (uint8_t)kind_of(link, &answered, claimant);
    link->verified[claimant] = authentication;
    link->last_verified = claimant;
    if (is_pairing(link, BTBB_PAIRING_LEGACY) &&
        link->pairing.keys[0] + link->pairing.keys[1] + link->pairing.keys[BTBB_SIDE_UNKNOWN] >= BTBB_SIDES)
        finish_pairing(link, step->moment, BTBB_PAIRING_DONE);
}

static void learn_challenge_refused(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;
    struct btbb_link_challenge *challenge = challenge_for(link, step->side);

    if (challenge)
        challenge->frame = 0;
    if (step->side == BTBB_SIDE_UNKNOWN)
        return;
    link->side[step->side].refused_frame = step->moment.frame;
    link->side[step->side].refused_error = step->pdu->answer.error;
}

/* ------ Encryption (4.2.5) ------ */

static void learn_mode(const struct btbb_link_step *step)
{
    if (step->pdu->mode != BTBB_LMP_MODE_OFF)
        btbb_moment_first(&step->link->mode_asked, step->moment);
}

static void learn_size(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;

    link->sizes_asked++;
    if (link->asked_size_frame != 0)
        return;
    link->asked_size_frame = step->moment.frame;
    link->asked_size = step->pdu->key_size;
    link->asked_side = step->side;
}

static void learn_size_accepted(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;
    const uint8_t size = step->request.value;
    const bool known = step->request.moment.frame != 0 && size >= 1 && size <= KEY_BYTES_MOST;

    link->agreed_size = known ? size : 0;
    link->agreed_size_frame = step->moment.frame;
    if (!known || (link->lowest_size != 0 && link->lowest_size <= size))
        return;
    link->lowest_size = size;
    link->lowest_size_frame = step->moment.frame;
    link->lowest_size_asked_frame = step->request.moment.frame;
}

static struct btbb_encryption_session *current_session(struct btbb_acl_link *link)
{
    return link->session_count > 0 ? &link->sessions[link->session_count - 1] : NULL;
}

/* Compare with the encryptions before it of the same devices, and remember it for those after it. */
static void compare_diversifiers(const struct btbb_link_step *step, struct btbb_encryption_session *session)
{
    struct btbb_links *links = step->links;
    struct btbb_link_diversifier pair = {
        .client = step->link->client, .link = step->link->number, .frame = step->moment.frame};

    if (session->authentication.response_frame == 0)
        return;
    memcpy(pair.au_rand, session->authentication.au_rand, sizeof pair.au_rand);
    memcpy(pair.en_rand, session->en_rand, sizeof pair.en_rand);
    for (uint32_t i = 0; i < BTBB_LINK_DIVERSIFIERS; i++) {
        const struct btbb_link_diversifier *before = &links->diversifiers[i];
        const bool same_devices = step->link->has_client ? before->client == pair.client : before->link == pair.link;

        if (before->frame != 0 && same_devices && memcmp(before->au_rand, pair.au_rand, sizeof pair.au_rand) == 0 &&
            memcmp(before->en_rand, pair.en_rand, sizeof pair.en_rand) == 0 && before->frame > session->repeats_frame)
            session->repeats_frame = before->frame;
    }
    links->diversifiers[links->next_diversifier++ % BTBB_LINK_DIVERSIFIERS] = pair;
}

/* The same EN_RAND while the encryption before it has not ended: the request was sent again. */
static bool is_repeated(struct btbb_acl_link *link, const struct btbb_lmp *pdu)
{
    const struct btbb_encryption_session *session = current_session(link);

    return session && session->stopped.frame == 0 &&
           memcmp(session->en_rand, pdu->bytes + 1, sizeof session->en_rand) == 0;
}

static void learn_start(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;

    if (is_repeated(link, step->pdu))
        return;
    struct btbb_encryption_session *grown = link->session_count < BTBB_LINK_SESSIONS
                                                ? realloc(link->sessions, (link->session_count + 1) * sizeof *grown)
                                                : NULL;

    if (!grown) {
        link->sessions_dropped++;
        return;
    }
    link->sessions = grown;
    struct btbb_encryption_session *session = &grown[link->session_count++];

    *session = (struct btbb_encryption_session){.asked = step->moment,
                                                .authentication = link->verified[link->last_verified],
                                                .key_size = link->agreed_size,
                                                .key_size_frame = link->agreed_size_frame,
                                                .central = link->central,
                                                .resumed = link->encryption == BTBB_ENCRYPTION_PAUSED};
    memcpy(session->en_rand, step->pdu->bytes + 1, sizeof session->en_rand);
    for (unsigned side = 0; side <= BTBB_SIDES; side++)
        session->verified_sides |= (uint8_t)((link->verified[side].response_frame != 0) << side);
    compare_diversifiers(step, session);
}

static void learn_start_accepted(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;
    struct btbb_encryption_session *session = current_session(link);

    if (step->request.moment.frame != 0 && session && session->stopped.frame == 0)
        btbb_moment_first(&session->accepted, step->moment);
    if (link->encryption == BTBB_ENCRYPTION_PAUSED) {
        link->resumed = step->moment;
        link->resumptions++;
    }
    link->encryption = BTBB_ENCRYPTION_ON;
}

static void learn_stop(const struct btbb_link_step *step)
{
    struct btbb_encryption_session *session = current_session(step->link);

    if (session)
        btbb_moment_first(&session->stopped, step->moment);
    if (step->link->encryption != BTBB_ENCRYPTION_PAUSED)
        step->link->encryption = BTBB_ENCRYPTION_OFF;
}

/* Both devices send a request to pause: one pause. */
static void learn_pause(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;

    if (step->pdu->code == BTBB_LMP_PAUSE_ENCRYPTION_AES_REQ && link->aes_frame == 0)
        link->aes_frame = step->moment.frame;
    if (link->encryption == BTBB_ENCRYPTION_PAUSED)
        return;
    link->paused = step->moment;
    link->pauses++;
    link->encryption = BTBB_ENCRYPTION_PAUSED;
}

static void learn_temporary_key(const struct btbb_link_step *step)
{
    step->link->temporary_frame = step->moment.frame;
}

static void learn_key_restored(const struct btbb_link_step *step)
{
    step->link->temporary_frame = 0;
}

static void learn_refused(const struct btbb_link_step *step)
{
    step->link->refused = step->moment;
    step->link->refused_code = step->pdu->answer.code;
    step->link->refused_error = step->pdu->answer.error;
}

static void learn_start_refused(const struct btbb_link_step *step)
{
    struct btbb_encryption_session *session = current_session(step->link);

    learn_refused(step);
    if (session && session->accepted.frame == 0 && session->stopped.frame == 0) {
        session->refused = true;
        session->stopped = step->moment;
    }
}

void btbb_link_learn_protection(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;
    const uint8_t protection = step->packet->protection;
    const bool encrypted = protection == BTBB_PROTECTION_ENCRYPTED || protection == BTBB_PROTECTION_AES_CCM;

    if (encrypted && link->encrypted_frame == 0)
        link->encrypted_frame = step->moment.frame;
    if (protection == BTBB_PROTECTION_AES_CCM && link->aes_frame == 0)
        link->aes_frame = step->moment.frame;
    if (link->encryption == BTBB_ENCRYPTION_UNKNOWN && protection != BTBB_PROTECTION_UNKNOWN)
        link->encryption = encrypted ? BTBB_ENCRYPTION_ON : BTBB_ENCRYPTION_OFF;
}

/* ------ Which PDU, or the answer to which ------ */

struct handler {
    uint16_t code;
    void (*learn)(const struct btbb_link_step *step);
};

static const struct handler handlers[] = {
    {BTBB_LMP_IN_RAND, learn_in_rand},
    {BTBB_LMP_COMB_KEY, learn_key},
    {BTBB_LMP_UNIT_KEY, learn_key},
    {BTBB_LMP_TEMP_KEY, learn_temporary_key},
    {BTBB_LMP_AU_RAND, learn_challenge},
    {BTBB_LMP_SRES, learn_response},
    {BTBB_LMP_ENCRYPTION_MODE_REQ, learn_mode},
    {BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ, learn_size},
    {BTBB_LMP_START_ENCRYPTION_REQ, learn_start},
    {BTBB_LMP_STOP_ENCRYPTION_REQ, learn_stop},
    {BTBB_LMP_ENCAPSULATED_HEADER, learn_public_key},
    {BTBB_LMP_SIMPLE_PAIRING_CONFIRM, learn_confirm},
    {BTBB_LMP_SIMPLE_PAIRING_NUMBER, learn_number},
    {BTBB_LMP_PAUSE_ENCRYPTION_AES_REQ, learn_pause},
    {BTBB_LMP_PAUSE_ENCRYPTION_REQ, learn_pause},
    {BTBB_LMP_IO_CAPABILITY_REQ, learn_io_capability},
    {BTBB_LMP_IO_CAPABILITY_RES, learn_io_capability},
    {BTBB_LMP_NUMERIC_COMPARISON_FAILED, learn_pairing_failed},
    {BTBB_LMP_PASSKEY_FAILED, learn_pairing_failed},
    {BTBB_LMP_OOB_FAILED, learn_pairing_failed},
};

/* When both devices ask at once, one of the requests is refused, and the pairing goes on. */
static void learn_pairing_refused(const struct btbb_link_step *step)
{
    if (step->pdu->answer.error != ERROR_COLLISION)
        btbb_link_fail_pairing(step->link, step->moment, step->pdu->answer.error);
}

static const struct handler accepted[] = {
    {BTBB_LMP_IN_RAND, learn_in_rand_accepted},
    {BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ, learn_size_accepted},
    {BTBB_LMP_START_ENCRYPTION_REQ, learn_start_accepted},
    {BTBB_LMP_DHKEY_CHECK, learn_check_accepted},
    {BTBB_LMP_USE_SEMI_PERMANENT_KEY, learn_key_restored},
};

static const struct handler not_accepted[] = {
    {BTBB_LMP_IN_RAND, learn_pairing_refused},
    {BTBB_LMP_AU_RAND, learn_challenge_refused},
    {BTBB_LMP_ENCRYPTION_MODE_REQ, learn_refused},
    {BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ, learn_refused},
    {BTBB_LMP_START_ENCRYPTION_REQ, learn_start_refused},
    {BTBB_LMP_ENCAPSULATED_HEADER, learn_pairing_refused},
    {BTBB_LMP_ENCAPSULATED_PAYLOAD, learn_pairing_refused},
    {BTBB_LMP_SIMPLE_PAIRING_CONFIRM, learn_pairing_refused},
    {BTBB_LMP_SIMPLE_PAIRING_NUMBER, learn_pairing_refused},
    {BTBB_LMP_DHKEY_CHECK, learn_pairing_refused},
    {BTBB_LMP_IO_CAPABILITY_REQ, learn_pairing_refused},
};

static void run(const struct handler *table, size_t count, uint16_t code, const struct btbb_link_step *step)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].code == code)
            table[i].learn(step);
}

#define RUN(table, code, step) run(table, sizeof(table) / sizeof *(table), code, step)

void btbb_link_learn_security(const struct btbb_link_step *step)
{
    const struct btbb_lmp *pdu = step->pdu;

    if (pdu->code == BTBB_LMP_ACCEPTED || pdu->code == BTBB_LMP_ACCEPTED_EXT)
        RUN(accepted, pdu->answer.code, step);
    else if (pdu->code == BTBB_LMP_NOT_ACCEPTED || pdu->code == BTBB_LMP_NOT_ACCEPTED_EXT)
        RUN(not_accepted, pdu->answer.code, step);
    else
        RUN(handlers, pdu->code, step);
}
