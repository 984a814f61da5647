/* decrypt-reason.h: what became of the payload of a packet, when the user has given keys (learn/decryptor.h), and why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_DECRYPT_REASON_H
#define BTBB_CORE_DECRYPT_REASON_H

#include <stdbool.h>

/* What became of a payload. */
enum btbb_decrypt_status {
    BTBB_DECRYPT_NONE =
        0,              /* nothing is known to be encrypted: no keys, no payload of a connection, or a plain bad CRC */
    BTBB_DECRYPT_CLEAR, /* not encrypted */
    BTBB_DECRYPT_GOOD,  /* decrypted */
    BTBB_DECRYPT_WRONG_KEY,
    BTBB_DECRYPT_DAMAGED,  /* the key is right, the payload has bit errors or is cut */
    BTBB_DECRYPT_NO_CLOCK, /* clock unknown */
    BTBB_DECRYPT_NO_KEY,   /* key unknown */
    BTBB_DECRYPT_NO_SIZE,  /* key size unknown */
    BTBB_DECRYPT_AES_CCM,  /* AES-CCM is not supported */
    BTBB_DECRYPT_UNPROVEN, /* the packet has no CRC, so nothing could prove decryption */
    BTBB_DECRYPT_STATUSES
};

/* Why. A reason implies the status. */
enum btbb_decrypt_reason {
    BTBB_REASON_NONE = 0,
    BTBB_REASON_CLEAR,
    BTBB_REASON_GOOD,
    BTBB_REASON_NO_KEY,   /* none for these devices */
    BTBB_REASON_NO_START, /* the start of the encryption was not captured */
    BTBB_REASON_NO_AUTHENTICATION,
    BTBB_REASON_NO_ADDRESS, /* of a device, in full */
    BTBB_REASON_WRONG_SRES, /* the link key does not give the SRES */
    BTBB_REASON_NO_SIZE,
    BTBB_REASON_AES_CCM,
    BTBB_REASON_TEMPORARY, /* a temporary link key (LMP_temp_key) is in use */
    BTBB_REASON_STALE,     /* the link key is verified, and nothing can be decrypted */
    BTBB_REASON_WRONG_CRC, /* no key gives a good CRC */
    BTBB_REASON_DAMAGED,
    BTBB_REASON_CUT,
    BTBB_REASON_NO_CLOCK,
    BTBB_REASON_CLOCKS_DIFFER, /* two clocks give different payloads with good CRCs */
    BTBB_REASON_NO_CRC,
    BTBB_REASONS
};

enum btbb_decrypt_status btbb_decrypt_status_of(enum btbb_decrypt_reason reason);

/* "good", "wrong key", "clock unknown"; static text. */
const char *btbb_decrypt_status_name(enum btbb_decrypt_status status);

/* The reason in words, without a full stop; static text. */
const char *btbb_decrypt_reason_text(enum btbb_decrypt_reason reason);

/* Whether the payload is encrypted, or may be. */
static inline bool btbb_decrypt_is_encrypted(enum btbb_decrypt_reason reason)
{
    return reason > BTBB_REASON_CLEAR;
}

#endif
