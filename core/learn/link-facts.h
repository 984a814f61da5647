/* link-facts.h: what follows from one connection (learn/link.h), for rows and fields. Pure.
 *
 * Functions that return text return static text, and NULL for a value that is out of range.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LINK_FACTS_H
#define BTBB_CORE_LINK_FACTS_H

#include "learn/link.h"

enum btbb_tristate { BTBB_UNKNOWN = 0, BTBB_NO, BTBB_YES };

/* Features that matter for what a link can do (Core Specification Vol 2 Part C, 3.3). */
enum btbb_feature {
    BTBB_FEATURE_3_SLOT = 0, /* 3-slot packets */
    BTBB_FEATURE_5_SLOT,     /* 5-slot packets */
    BTBB_FEATURE_ENCRYPTION,
    BTBB_FEATURE_ROLE_SWITCH,
    BTBB_FEATURE_SNIFF, /* sniff mode */
    BTBB_FEATURE_EDR_2, /* Enhanced Data Rate ACL, 2 Mb/s */
    BTBB_FEATURE_EDR_3, /* Enhanced Data Rate ACL, 3 Mb/s */
    BTBB_FEATURE_AFH,   /* AFH capable, as Central or as Peripheral */
    BTBB_FEATURE_PAUSE, /* pause encryption */
    BTBB_FEATURE_SSP,   /* Secure Simple Pairing, controller */
    BTBB_FEATURE_SSP_HOST,
    BTBB_FEATURE_SC, /* Secure Connections, controller: AES-CCM */
    BTBB_FEATURE_SC_HOST,
    BTBB_FEATURE_COUNT
};

/* "SSP", "Secure Connections (host)". */
const char *btbb_feature_name(enum btbb_feature feature);

/* Whether a device announces a feature. BTBB_UNKNOWN: the page with it was not seen. */
enum btbb_tristate btbb_link_feature(const struct btbb_link_side *side, enum btbb_feature feature);

/* Whether a device can use Secure Connections: controller and host support them. */
enum btbb_tristate btbb_link_secure_connections(const struct btbb_link_side *side);

enum btbb_pairing_method {
    BTBB_METHOD_NONE = 0, /* no pairing was seen */
    BTBB_METHOD_UNKNOWN,  /* too little of it was seen */
    BTBB_METHOD_PIN,      /* legacy pairing */
    BTBB_METHOD_JUST_WORKS,
    BTBB_METHOD_NUMERIC, /* numeric comparison */
    BTBB_METHOD_UNCLEAR, /* numeric comparison or Just Works: the IO capabilities are missing or contradict the PDUs */
    BTBB_METHOD_PASSKEY,
    BTBB_METHOD_OOB /* out of band */
};

/* By the IO capabilities of both devices (Vol 3 Part C, 5.2.2.6) and by the PDUs that were seen, which decide where
 * both disagree: numeric comparison and Just Works need one LMP_simple_pairing_confirm, passkey entry needs two for
 * each digit, out of band needs none (Vol 2 Part C, 4.2.7.3). */
enum btbb_pairing_method btbb_link_pairing_method(const struct btbb_acl_link *link);
const char *btbb_pairing_method_name(enum btbb_pairing_method method);

/* The method that the IO capabilities of two devices lead to; BTBB_METHOD_UNKNOWN for reserved values. */
enum btbb_pairing_method btbb_pairing_method_of(const struct btbb_link_side *a, const struct btbb_link_side *b);

enum btbb_cipher { BTBB_CIPHER_UNKNOWN = 0, BTBB_CIPHER_E0, BTBB_CIPHER_AES_CCM };

/* The cipher of an encryption of this link. AES-CCM is used when the link key comes from Secure Connections, which is
 * also when authentication is secure (Vol 2 Part C, 4.2.1 and 4.2.5): secure authentication, a MIC or
 * LMP_pause_encryption_aes_req prove it. Legacy authentication, or a device that does not support Secure Connections,
 * proves E0. Unknown when nothing does, or both. */
enum btbb_cipher btbb_link_cipher(const struct btbb_acl_link *link, const struct btbb_encryption_session *session);
const char *btbb_cipher_name(enum btbb_cipher cipher);

/* The encryption of a link in one word or two, for rows: the cipher of its last encryption, "E0 or AES-CCM" where that
 * is not known; "encrypted" where packets are and its start was not seen; "refused" and "none" where the link was seen
 * from its start, and was not encrypted; "unknown", also where it is not known whether a start was accepted. */
const char *btbb_link_encryption_name(const struct btbb_acl_link *link);

/* Whether an encryption was in force: it was accepted, or it was neither accepted nor refused but stopped later. */
bool btbb_encryption_started(const struct btbb_encryption_session *session);

/* The first encryption of the link that was in force, the last one; NULL: none. */
const struct btbb_encryption_session *btbb_link_first_encryption(const struct btbb_acl_link *link);
const struct btbb_encryption_session *btbb_link_last_encryption(const struct btbb_acl_link *link);

/* The last encryption that was asked for and not refused; NULL: none. Its acceptance is encrypted, so that it may not
 * be known. */
const struct btbb_encryption_session *btbb_link_last_request(const struct btbb_acl_link *link);

/* Payloads that were encrypted, or may have been; and of them, those that were decrypted. Both count what the decryptor
 * reported: 0 unless link->has_keys. */
uint32_t btbb_link_encrypted(const struct btbb_acl_link *link);
uint32_t btbb_link_decrypted(const struct btbb_acl_link *link);

/* Whether the payloads of a link could be decrypted: "good", "partly", or why not: the status of most payloads
 * (btbb_decrypt_status_name()). Where no payload was tried: "not encrypted", "AES-CCM: not supported", "by controller"
 * where the capturing device takes part and logs plain payloads, "no keys given", "no encrypted payloads". NULL:
 * nothing shows whether the link was encrypted. */
const char *btbb_link_decryption_name(const struct btbb_acl_link *link);

/* Who has proven to whom that it has the link key, on this link. */
enum btbb_authenticated {
    BTBB_AUTHENTICATED_NONE = 0, /* no authentication was seen */
    BTBB_AUTHENTICATED_UNCLEAR,  /* one was seen; not of whom */
    BTBB_AUTHENTICATED_ONE_SIDED,
    BTBB_AUTHENTICATED_MUTUAL
};

enum btbb_authenticated btbb_link_authenticated(const struct btbb_acl_link *link);
const char *btbb_authenticated_name(enum btbb_authenticated authenticated);

/* The kind of the last authentication; valid unless BTBB_AUTHENTICATED_NONE. */
enum btbb_authentication_kind btbb_link_authentication_kind(const struct btbb_acl_link *link);
const char *btbb_authentication_kind_name(enum btbb_authentication_kind kind);

const char *btbb_encryption_state_name(enum btbb_encryption_state state);
const char *btbb_pairing_result_name(enum btbb_pairing_result result);
const char *btbb_link_end_name(enum btbb_link_end end);

/* The role or identity of a side, for text: "Central", "Peripheral", "capturing device", "other device", "unknown". */
const char *btbb_link_side_name(const struct btbb_acl_link *link, uint8_t side);

#endif
