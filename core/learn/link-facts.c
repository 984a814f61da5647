/* link-facts.c: see link-facts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/link-facts.h"

#include <stddef.h>

#define NAME_OF(names, value) ((size_t)(value) < sizeof(names) / sizeof *(names) ? (names)[value] : NULL)

/* Bits of a page; a device has the feature when it has any of them. */
static const struct {
    const char *name;
    uint8_t page;
    uint64_t bits;
} features[] = {
    [BTBB_FEATURE_3_SLOT] = {"3-slot", 0, UINT64_C(1) << 0},
    [BTBB_FEATURE_5_SLOT] = {"5-slot", 0, UINT64_C(1) << 1},
    [BTBB_FEATURE_ENCRYPTION] = {"encryption", 0, UINT64_C(1) << 2},
    [BTBB_FEATURE_ROLE_SWITCH] = {"role switch", 0, UINT64_C(1) << 5},
    [BTBB_FEATURE_SNIFF] = {"sniff", 0, UINT64_C(1) << 7},
    [BTBB_FEATURE_EDR_2] = {"EDR 2 Mb/s", 0, UINT64_C(1) << 25},
    [BTBB_FEATURE_EDR_3] = {"EDR 3 Mb/s", 0, UINT64_C(1) << 26},
    [BTBB_FEATURE_AFH] = {"AFH", 0, UINT64_C(1) << 35 | UINT64_C(1) << 43},
    [BTBB_FEATURE_PAUSE] = {"pause encryption", 0, UINT64_C(1) << 42},
    [BTBB_FEATURE_SSP] = {"SSP", 0, UINT64_C(1) << 51},
    [BTBB_FEATURE_SSP_HOST] = {"SSP (host)", 1, UINT64_C(1) << 0},
    [BTBB_FEATURE_SC] = {"Secure Connections", 2, UINT64_C(1) << 8},
    [BTBB_FEATURE_SC_HOST] = {"Secure Connections (host)", 1, UINT64_C(1) << 3},
};

const char *btbb_feature_name(enum btbb_feature feature)
{
    return (size_t)feature < BTBB_FEATURE_COUNT ? features[feature].name : NULL;
}

/* A device without extended features (bit 63 of page 0) has none of the other pages. */
enum btbb_tristate btbb_link_feature(const struct btbb_link_side *side, enum btbb_feature feature)
{
    const uint8_t page = features[feature].page;

    if (side->features_frame[page] != 0)
        return (side->features[page] & features[feature].bits) != 0 ? BTBB_YES : BTBB_NO;
    return side->features_frame[0] != 0 && !(side->features[0] >> 63) ? BTBB_NO : BTBB_UNKNOWN;
}

enum btbb_tristate btbb_link_secure_connections(const struct btbb_link_side *side)
{
    const enum btbb_tristate controller = btbb_link_feature(side, BTBB_FEATURE_SC);
    const enum btbb_tristate host = btbb_link_feature(side, BTBB_FEATURE_SC_HOST);

    if (controller == BTBB_NO || host == BTBB_NO)
        return BTBB_NO;
    return controller == BTBB_YES && host == BTBB_YES ? BTBB_YES : BTBB_UNKNOWN;
}

enum btbb_pairing_method btbb_pairing_method_of(const struct btbb_link_side *a, const struct btbb_link_side *b)
{
    /* Symmetric: either device may be the initiator. */
    static const enum btbb_pairing_method by_io[BTBB_IO_NONE + 1][BTBB_IO_NONE + 1] = {
        [BTBB_IO_DISPLAY_ONLY] = {BTBB_METHOD_JUST_WORKS, BTBB_METHOD_JUST_WORKS, BTBB_METHOD_PASSKEY,
                                  BTBB_METHOD_JUST_WORKS},
        [BTBB_IO_DISPLAY_YES_NO] = {BTBB_METHOD_JUST_WORKS, BTBB_METHOD_NUMERIC, BTBB_METHOD_PASSKEY,
                                    BTBB_METHOD_JUST_WORKS},
        [BTBB_IO_KEYBOARD_ONLY] = {BTBB_METHOD_PASSKEY, BTBB_METHOD_PASSKEY, BTBB_METHOD_PASSKEY,
                                   BTBB_METHOD_JUST_WORKS},
        [BTBB_IO_NONE] = {BTBB_METHOD_JUST_WORKS, BTBB_METHOD_JUST_WORKS, BTBB_METHOD_JUST_WORKS,
                          BTBB_METHOD_JUST_WORKS},
    };

    if (a->io_frame == 0 || b->io_frame == 0 || a->io > BTBB_IO_NONE || b->io > BTBB_IO_NONE)
        return BTBB_METHOD_UNKNOWN;
    if (a->oob == 1 || b->oob == 1)
        return BTBB_METHOD_OOB;
    if (!((a->requirements | b->requirements) & BTBB_LMP_AUTH_MITM))
        return BTBB_METHOD_JUST_WORKS;
    return by_io[a->io][b->io];
}

/* What the PDUs of Authentication stage 1 show by themselves. */
static enum btbb_pairing_method method_seen(const struct btbb_pairing *pairing)
{
    const uint32_t confirms = pairing->confirms[0] + pairing->confirms[1] + pairing->confirms[BTBB_SIDE_UNKNOWN];

    if (confirms > 1)
        return BTBB_METHOD_PASSKEY;
    if (confirms == 1 && pairing->result == BTBB_PAIRING_DONE)
        return BTBB_METHOD_UNCLEAR;
    if (confirms == 0 && pairing->numbers == BTBB_SIDES && pairing->key_frame != 0)
        return BTBB_METHOD_OOB;
    return BTBB_METHOD_UNKNOWN;
}

enum btbb_pairing_method btbb_link_pairing_method(const struct btbb_acl_link *link)
{
    if (link->pairing.kind == BTBB_PAIRING_NONE)
        return BTBB_METHOD_NONE;
    if (link->pairing.kind == BTBB_PAIRING_LEGACY)
        return BTBB_METHOD_PIN;
    const enum btbb_pairing_method seen = method_seen(&link->pairing);
    const enum btbb_pairing_method announced = btbb_pairing_method_of(&link->side[0], &link->side[1]);

    if (seen == BTBB_METHOD_UNKNOWN)
        return announced;
    if (seen == BTBB_METHOD_UNCLEAR && (announced == BTBB_METHOD_NUMERIC || announced == BTBB_METHOD_JUST_WORKS))
        return announced;
    return seen;
}

const char *btbb_pairing_method_name(enum btbb_pairing_method method)
{
    static const char *const names[] = {
        "none",          "unknown",    "PIN", "Just Works", "numeric comparison", "numeric comparison or Just Works",
        "passkey entry", "out of band"};

    return NAME_OF(names, method);
}

enum btbb_cipher btbb_link_cipher(const struct btbb_acl_link *link, const struct btbb_encryption_session *session)
{
    const bool secure =
        session->authentication.response_frame != 0 && session->authentication.kind == BTBB_AUTHENTICATION_SECURE;
    const bool legacy =
        session->authentication.response_frame != 0 && session->authentication.kind == BTBB_AUTHENTICATION_LEGACY;
    const bool aes = secure || link->aes_frame != 0;
    const bool e0 = legacy || btbb_link_secure_connections(&link->side[0]) == BTBB_NO ||
                    btbb_link_secure_connections(&link->side[1]) == BTBB_NO;

    return aes == e0 ? BTBB_CIPHER_UNKNOWN : aes ? BTBB_CIPHER_AES_CCM : BTBB_CIPHER_E0;
}

const char *btbb_cipher_name(enum btbb_cipher cipher)
{
    static const char *const names[] = {"unknown", "E0", "AES-CCM"};

    return NAME_OF(names, cipher);
}

const struct btbb_encryption_session *btbb_link_last_request(const struct btbb_acl_link *link)
{
    for (uint32_t i = link->session_count; i > 0; i--)
        if (!link->sessions[i - 1].refused)
            return &link->sessions[i - 1];
    return NULL;
}

const char *btbb_link_encryption_name(const struct btbb_acl_link *link)
{
    const struct btbb_encryption_session *session = btbb_link_last_encryption(link);

    if (session) {
        const enum btbb_cipher cipher = btbb_link_cipher(link, session);

        return cipher == BTBB_CIPHER_UNKNOWN ? "E0 or AES-CCM" : btbb_cipher_name(cipher);
    }
    if (link->encrypted_frame != 0)
        return "encrypted";
    if (!link->from_start || link->encryption != BTBB_ENCRYPTION_OFF || btbb_link_last_request(link))
        return "unknown";
    return link->refused.frame != 0 ? "refused" : "none";
}

bool btbb_encryption_started(const struct btbb_encryption_session *session)
{
    return session->accepted.frame != 0 || (!session->refused && session->stopped.frame != 0);
}

const struct btbb_encryption_session *btbb_link_first_encryption(const struct btbb_acl_link *link)
{
    for (uint32_t i = 0; i < link->session_count; i++)
        if (btbb_encryption_started(&link->sessions[i]))
            return &link->sessions[i];
    return NULL;
}

const struct btbb_encryption_session *btbb_link_last_encryption(const struct btbb_acl_link *link)
{
    for (uint32_t i = link->session_count; i > 0; i--)
        if (btbb_encryption_started(&link->sessions[i - 1]))
            return &link->sessions[i - 1];
    return NULL;
}

uint32_t btbb_link_encrypted(const struct btbb_acl_link *link)
{
    uint32_t encrypted = 0;

    for (int reason = 0; reason < BTBB_REASONS; reason++)
        if (btbb_decrypt_is_encrypted((enum btbb_decrypt_reason)reason))
            encrypted += link->payloads[reason];
    return encrypted;
}

uint32_t btbb_link_decrypted(const struct btbb_acl_link *link)
{
    return link->payloads[BTBB_REASON_GOOD];
}

/* Of a link of which no payload was tried. */
static const char *untried_name(const struct btbb_acl_link *link)
{
    const struct btbb_encryption_session *session = btbb_link_last_request(link);
    const bool marked = link->encrypted_frame != 0 || link->aes_frame != 0;

    if (!session && !marked && link->encryption <= BTBB_ENCRYPTION_OFF)
        return link->encryption == BTBB_ENCRYPTION_OFF ? "not encrypted" : NULL;
    if (link->own && (link->encrypted_frame != 0 || (session && session->accepted.frame != 0)))
        return "by controller";
    if (link->aes_frame != 0 || (session && btbb_link_cipher(link, session) == BTBB_CIPHER_AES_CCM))
        return btbb_decrypt_status_name(BTBB_DECRYPT_AES_CCM);
    return link->has_keys ? "no encrypted payloads" : "no keys given";
}

const char *btbb_link_decryption_name(const struct btbb_acl_link *link)
{
    const uint32_t encrypted = btbb_link_encrypted(link), decrypted = btbb_link_decrypted(link);
    uint32_t statuses[BTBB_DECRYPT_STATUSES] = {0};
    int most = BTBB_DECRYPT_WRONG_KEY;

    if (encrypted == 0)
        return untried_name(link);
    if (decrypted > 0)
        return decrypted == encrypted ? "good" : "partly";
    for (int reason = 0; reason < BTBB_REASONS; reason++)
        statuses[btbb_decrypt_status_of((enum btbb_decrypt_reason)reason)] += link->payloads[reason];
    for (int status = most; status < BTBB_DECRYPT_STATUSES; status++)
        if (statuses[status] > statuses[most])
            most = status;
    return btbb_decrypt_status_name((enum btbb_decrypt_status)most);
}

enum btbb_authenticated btbb_link_authenticated(const struct btbb_acl_link *link)
{
    const unsigned known = (link->verified[0].response_frame != 0) + (link->verified[1].response_frame != 0);

    if (known == BTBB_SIDES)
        return BTBB_AUTHENTICATED_MUTUAL;
    if (link->verified[BTBB_SIDE_UNKNOWN].response_frame != 0)
        return BTBB_AUTHENTICATED_UNCLEAR;
    return known > 0 ? BTBB_AUTHENTICATED_ONE_SIDED : BTBB_AUTHENTICATED_NONE;
}

const char *btbb_authenticated_name(enum btbb_authenticated authenticated)
{
    static const char *const names[] = {"none seen", "not known which", "one-sided", "mutual"};

    return NAME_OF(names, authenticated);
}

enum btbb_authentication_kind btbb_link_authentication_kind(const struct btbb_acl_link *link)
{
    return link->verified[link->last_verified].kind;
}

const char *btbb_authentication_kind_name(enum btbb_authentication_kind kind)
{
    static const char *const names[] = {"unknown", "legacy", "secure"};

    return NAME_OF(names, kind);
}

const char *btbb_encryption_state_name(enum btbb_encryption_state state)
{
    static const char *const names[] = {"unknown", "off", "on", "paused"};

    return NAME_OF(names, state);
}

const char *btbb_pairing_result_name(enum btbb_pairing_result result)
{
    static const char *const names[] = {"unfinished", "done", "failed"};

    return NAME_OF(names, result);
}

const char *btbb_link_end_name(enum btbb_link_end end)
{
    static const char *const names[] = {"open", "detached", "replaced"};

    return NAME_OF(names, end);
}

const char *btbb_link_side_name(const struct btbb_acl_link *link, uint8_t side)
{
    if (side == BTBB_SIDE_UNKNOWN)
        return "unknown";
    if (link->central != BTBB_SIDE_UNKNOWN)
        return side == link->central ? "Central" : "Peripheral";
    return side == 0 ? "capturing device" : "other device";
}
