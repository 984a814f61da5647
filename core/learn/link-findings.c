/* link-findings.c: see link-findings.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/link-findings.h"

#include <inttypes.h>
#include <stdio.h>

#define KNOB_BYTES 7u /* the least that devices should accept (Erratum 11838) */
#define FULL_BYTES 16u

#define SHORT_KEY_LIMIT "Whether a device or an attacker between them caused the short key is not known."

/* ------ The findings ------ */

static void enter_frames(struct btbb_finding *finding, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t frames[BTBB_FINDING_FRAMES] = {a, b, c};

    for (size_t i = 0; i < BTBB_FINDING_FRAMES; i++)
        if (frames[i] != 0)
            finding->frames[finding->frame_count++] = frames[i];
}

static bool find_key_size(const struct btbb_acl_link *link, uint8_t least, uint8_t below, struct btbb_finding *finding)
{
    if (link->lowest_size < least || link->lowest_size >= below)
        return false;
    finding->value = link->lowest_size;
    enter_frames(finding, link->lowest_size_asked_frame, link->lowest_size_frame, 0);
    return true;
}

static bool find_key_below_7(const struct btbb_acl_link *link, struct btbb_finding *finding)
{
    return find_key_size(link, 1, KNOB_BYTES, finding);
}

static bool find_key_below_16(const struct btbb_acl_link *link, struct btbb_finding *finding)
{
    return find_key_size(link, KNOB_BYTES, FULL_BYTES, finding);
}

/* Data before encryption is usual; here no request for it was ever accepted, or left without answer. */
static bool find_not_encrypted(const struct btbb_acl_link *link, struct btbb_finding *finding)
{
    for (uint32_t i = 0; i < link->session_count; i++)
        if (!link->sessions[i].refused)
            return false;
    if (!link->from_start || link->encryption != BTBB_ENCRYPTION_OFF || link->encrypted_frame != 0 ||
        link->clear_data_packets == 0)
        return false;
    const uint32_t last = link->clear_data_last.frame;

    enter_frames(finding, link->clear_data_first.frame, last != link->clear_data_first.frame ? last : 0, 0);
    return true;
}

static bool find_legacy_authentication(const struct btbb_acl_link *link, struct btbb_finding *finding)
{
    for (uint32_t i = 0; i < link->session_count; i++) {
        const struct btbb_encryption_session *session = &link->sessions[i];
        const struct btbb_authentication *before = &session->authentication;

        if (!btbb_encryption_started(session) || before->response_frame == 0 ||
            before->kind != BTBB_AUTHENTICATION_LEGACY)
            continue;
        enter_frames(finding, before->challenge_frame, before->response_frame, session->asked.frame);
        return true;
    }
    return false;
}

/* Pairing shows both devices that the other one has the key; after it, one authentication is enough. */
static bool find_one_sided(const struct btbb_acl_link *link, struct btbb_finding *finding)
{
    const struct btbb_encryption_session *session = btbb_link_first_encryption(link);

    if (!session || !link->from_start || link->pairings > 0 || session->authentication.response_frame == 0 ||
        session->authentication.kind != BTBB_AUTHENTICATION_LEGACY)
        return false;
    const uint8_t claimant = session->authentication.claimant;

    if (claimant == BTBB_SIDE_UNKNOWN || session->verified_sides != 1u << claimant)
        return false;
    const uint8_t verifier = (uint8_t)(1 - claimant);
    const uint32_t refused = link->side[verifier].refused_frame;

    finding->value = verifier;
    enter_frames(finding, session->authentication.response_frame, refused < session->asked.frame ? refused : 0,
                 session->asked.frame);
    return true;
}

static uint32_t proof_of_e0(const struct btbb_acl_link *link)
{
    for (uint8_t i = 0; i <= BTBB_SIDES; i++)
        if (link->verified[i].response_frame != 0 && link->verified[i].kind == BTBB_AUTHENTICATION_LEGACY)
            return link->verified[i].response_frame;
    return link->pairing.key_minor == BTBB_LMP_KEY_MINOR_P192 ? link->pairing.key_frame : 0;
}

static bool find_secure_connections_not_used(const struct btbb_acl_link *link, struct btbb_finding *finding)
{
    const uint32_t proof = proof_of_e0(link);

    if (proof == 0 || btbb_link_secure_connections(&link->side[0]) != BTBB_YES ||
        btbb_link_secure_connections(&link->side[1]) != BTBB_YES)
        return false;
    enter_frames(finding, link->side[0].features_frame[1], link->side[1].features_frame[1], proof);
    return true;
}

static bool find_legacy_pairing(const struct btbb_acl_link *link, struct btbb_finding *finding)
{
    if (link->pairing.kind != BTBB_PAIRING_LEGACY || link->pairing.accepted_frame == 0)
        return false;
    enter_frames(finding, link->pairing.started.frame, link->pairing.accepted_frame, 0);
    return true;
}

static bool find_repeated(const struct btbb_acl_link *link, struct btbb_finding *finding)
{
    for (uint32_t i = 0; i < link->session_count; i++) {
        const struct btbb_encryption_session *session = &link->sessions[i];

        if (session->repeats_frame == 0)
            continue;
        enter_frames(finding, session->repeats_frame, session->authentication.challenge_frame, session->asked.frame);
        return true;
    }
    return false;
}

static const struct {
    const char *key;
    bool (*find)(const struct btbb_acl_link *link, struct btbb_finding *finding);
    const char *text;
    const char *after_value; /* the rest of the text, which follows the value in words; NULL: no value */
    const char *limit;
} kinds[] = {
    [BTBB_FINDING_KEY_BELOW_7] = {"key-below-7", find_key_below_7, "A key of ",
                                  " was agreed: short enough to try all of them (KNOB)", SHORT_KEY_LIMIT},
    [BTBB_FINDING_KEY_BELOW_16] = {"key-below-16", find_key_below_16, "A key of ",
                                   " was agreed; a full one has 16 bytes", SHORT_KEY_LIMIT},
    [BTBB_FINDING_NOT_ENCRYPTED] = {"not-encrypted", find_not_encrypted,
                                    "Data was sent in clear, and encryption was not started", NULL,
                                    "The capture may have missed the start of encryption, or end before it."},
    [BTBB_FINDING_LEGACY_AUTHENTICATION] =
        {"legacy-authentication", find_legacy_authentication,
         "Encryption followed legacy authentication, which an attacker without the link key can evade (BIAS)", NULL,
         "That an attacker did so is not shown."},
    [BTBB_FINDING_ONE_SIDED_AUTHENTICATION] =
        {"one-sided-authentication", find_one_sided, "Encryption was started, but the ",
         " had not proven that it has the link key (BIAS)",
         "The capture may have missed an authentication. That the device does not have the key is not shown."},
    [BTBB_FINDING_SECURE_CONNECTIONS_NOT_USED] =
        {"secure-connections-not-used", find_secure_connections_not_used,
         "Both devices support Secure Connections but did not use them", NULL,
         "The link key may be older than this support; otherwise it is a downgrade (BLUFFS)."},
    [BTBB_FINDING_LEGACY_PAIRING] =
        {"legacy-pairing", find_legacy_pairing,
         "Legacy pairing: with a capture of it, all PINs can be tried until the link key fits", NULL,
         "The PIN and its length are not known."},
    [BTBB_FINDING_REPEATED_DIVERSIFIERS] =
        {"repeated-diversifiers", find_repeated,
         "EN_RAND and AU_RAND are those of an earlier encryption: with the same link key, the encryption key is the "
         "same again (BLUFFS)",
         NULL, "Whether the link key is the same is not known."},
};

size_t btbb_link_findings(const struct btbb_acl_link *link, struct btbb_finding findings[BTBB_FINDING_COUNT])
{
    size_t count = 0;

    for (unsigned kind = 0; kind < BTBB_FINDING_COUNT; kind++) {
        struct btbb_finding finding = {.kind = (uint8_t)kind};

        if (kinds[kind].find(link, &finding))
            findings[count++] = finding;
    }
    return count;
}

const char *btbb_finding_key(enum btbb_finding_kind kind)
{
    return (size_t)kind < BTBB_FINDING_COUNT ? kinds[kind].key : NULL;
}

const char *btbb_finding_limit(enum btbb_finding_kind kind)
{
    return (size_t)kind < BTBB_FINDING_COUNT ? kinds[kind].limit : NULL;
}

/* ------ Words ------ */

/* " (frames 33, 35 and 37)." */
static void write_frames(const struct btbb_finding *finding, char *text, size_t size)
{
    const uint32_t *frames = finding->frames;

    if (finding->frame_count == 3)
        snprintf(text, size, " (frames %" PRIu32 ", %" PRIu32 " and %" PRIu32 ").", frames[0], frames[1], frames[2]);
    else if (finding->frame_count == 2)
        snprintf(text, size, " (frames %" PRIu32 " and %" PRIu32 ").", frames[0], frames[1]);
    else
        snprintf(text, size, " (frame %" PRIu32 ").", frames[0]);
}

static void write_value(const struct btbb_acl_link *link, const struct btbb_finding *finding, char *text, size_t size)
{
    if (finding->kind == BTBB_FINDING_ONE_SIDED_AUTHENTICATION)
        snprintf(text, size, "%s", btbb_link_side_name(link, finding->value));
    else
        snprintf(text, size, "%u byte%s", finding->value, finding->value == 1 ? "" : "s");
}

size_t btbb_finding_text(const struct btbb_acl_link *link, const struct btbb_finding *finding, char *out, size_t size)
{
    const char *after_value = kinds[finding->kind].after_value;
    char value[32] = "", frames[64];

    if (after_value)
        write_value(link, finding, value, sizeof value);
    write_frames(finding, frames, sizeof frames);
    const int length =
        snprintf(out, size, "%s%s%s%s", kinds[finding->kind].text, value, after_value ? after_value : "", frames);

    return length < 0 ? 0 : (size_t)length;
}

/* ------ Gaps ------ */

static bool lacks_features(const struct btbb_acl_link *link)
{
    return btbb_link_secure_connections(&link->side[0]) == BTBB_UNKNOWN ||
           btbb_link_secure_connections(&link->side[1]) == BTBB_UNKNOWN;
}

static bool lacks_method(const struct btbb_acl_link *link)
{
    const enum btbb_pairing_method method = btbb_link_pairing_method(link);

    return method == BTBB_METHOD_UNKNOWN || method == BTBB_METHOD_UNCLEAR;
}

static bool is_without_answer(const struct btbb_encryption_session *session)
{
    return session->accepted.frame == 0 && session->stopped.frame == 0;
}

static bool lacks_cipher(const struct btbb_acl_link *link, const struct btbb_encryption_session *session)
{
    return btbb_encryption_started(session) && btbb_link_cipher(link, session) == BTBB_CIPHER_UNKNOWN;
}

static void find_encryption_gaps(const struct btbb_acl_link *link, bool found[BTBB_GAP_COUNT])
{
    found[BTBB_GAP_ENCRYPTION] = link->encrypted_frame != 0 && !btbb_link_first_encryption(link);
    for (uint32_t i = 0; i < link->session_count; i++) {
        const struct btbb_encryption_session *session = &link->sessions[i];

        found[BTBB_GAP_ACCEPTANCE] |= is_without_answer(session);
        found[BTBB_GAP_CIPHER] |= lacks_cipher(link, session);
        found[BTBB_GAP_KEY_SIZE] |= btbb_encryption_started(session) && session->key_size == 0;
    }
}

size_t btbb_link_gaps(const struct btbb_acl_link *link, enum btbb_gap gaps[BTBB_GAP_COUNT])
{
    bool found[BTBB_GAP_COUNT] = {
        [BTBB_GAP_START] = !link->from_start,
        [BTBB_GAP_ROLES] = link->central == BTBB_SIDE_UNKNOWN,
        [BTBB_GAP_FEATURES] = lacks_features(link),
        [BTBB_GAP_PAIRING] = lacks_method(link),
        [BTBB_GAP_SENDERS] = btbb_link_authenticated(link) == BTBB_AUTHENTICATED_UNCLEAR,
        [BTBB_GAP_END] = link->end != BTBB_LINK_DETACHED,
    };
    size_t count = 0;

    find_encryption_gaps(link, found);
    for (int gap = 0; gap < BTBB_GAP_COUNT; gap++)
        if (found[gap])
            gaps[count++] = (enum btbb_gap)gap;
    return count;
}

const char *btbb_gap_text(enum btbb_gap gap)
{
    static const char *const texts[] = {
        [BTBB_GAP_START] = "The capture starts in the middle of this connection: pairing, authentication and the start "
                           "of encryption may have come before it.",
        [BTBB_GAP_ROLES] = "Which device is Central is not known: fewer than two PDUs prove it.",
        [BTBB_GAP_FEATURES] = "Whether both devices support Secure Connections is not known: feature pages are "
                              "missing.",
        [BTBB_GAP_PAIRING] = "The method of the pairing is not known: IO capabilities are missing, or the pairing did "
                             "not go on.",
        [BTBB_GAP_SENDERS] = "Which device was authenticated is not known: the direction of its packets is not known.",
        [BTBB_GAP_ENCRYPTION] = "Packets are encrypted, but the start of encryption is missing.",
        [BTBB_GAP_ACCEPTANCE] = "Whether encryption was started is not known: LMP_start_encryption_req has no answer.",
        [BTBB_GAP_CIPHER] = "Whether E0 or AES-CCM is used is not known: nothing proves either.",
        [BTBB_GAP_KEY_SIZE] = "The size of an encryption key is not known: its negotiation is missing.",
        [BTBB_GAP_END] = "How the connection ended is not known: there is no LMP_detach.",
    };

    return (size_t)gap < BTBB_GAP_COUNT ? texts[gap] : NULL;
}

const char *btbb_gap_key(enum btbb_gap gap)
{
    static const char *const keys[] = {
        [BTBB_GAP_START] = "start",           [BTBB_GAP_ROLES] = "roles",
        [BTBB_GAP_FEATURES] = "features",     [BTBB_GAP_PAIRING] = "pairing",
        [BTBB_GAP_SENDERS] = "senders",       [BTBB_GAP_ENCRYPTION] = "encryption",
        [BTBB_GAP_ACCEPTANCE] = "acceptance", [BTBB_GAP_CIPHER] = "cipher",
        [BTBB_GAP_KEY_SIZE] = "key-size",     [BTBB_GAP_END] = "end",
    };

    return (size_t)gap < BTBB_GAP_COUNT ? keys[gap] : NULL;
}
