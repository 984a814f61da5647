/* decrypt-reason.c: see decrypt-reason.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/decrypt-reason.h"

static const struct {
    enum btbb_decrypt_status status;
    const char *text;
} reasons[BTBB_REASONS] = {
    [BTBB_REASON_NONE] = {BTBB_DECRYPT_NONE, "not known to be encrypted"},
    [BTBB_REASON_CLEAR] = {BTBB_DECRYPT_CLEAR, "the CRC is good without decryption"},
    [BTBB_REASON_GOOD] = {BTBB_DECRYPT_GOOD, "the CRC is good after decryption"},
    [BTBB_REASON_NO_KEY] = {BTBB_DECRYPT_NO_KEY, "there is no key for these devices"},
    [BTBB_REASON_NO_START] = {BTBB_DECRYPT_NO_KEY, "the start of the encryption was not captured"},
    [BTBB_REASON_NO_AUTHENTICATION] = {BTBB_DECRYPT_NO_KEY,
                                       "the authentication before the encryption was not captured"},
    [BTBB_REASON_NO_ADDRESS] = {BTBB_DECRYPT_NO_KEY,
                                "the whole address of a device is in neither the capture nor the key's entry"},
    [BTBB_REASON_WRONG_SRES] = {BTBB_DECRYPT_WRONG_KEY, "the link key does not give the SRES of the authentication"},
    [BTBB_REASON_NO_SIZE] = {BTBB_DECRYPT_NO_SIZE, "the negotiation of the key size was not captured"},
    [BTBB_REASON_AES_CCM] = {BTBB_DECRYPT_AES_CCM, "AES-CCM (Secure Connections) is not supported"},
    [BTBB_REASON_TEMPORARY] = {BTBB_DECRYPT_NO_KEY, "a temporary link key, for broadcast, is in use, which is not "
                                                    "supported"},
    [BTBB_REASON_STALE] = {BTBB_DECRYPT_NO_KEY,
                           "the link key is right, but no payload can be decrypted: an authentication "
                           "or a key size before the encryption was not captured"},
    [BTBB_REASON_WRONG_CRC] = {BTBB_DECRYPT_WRONG_KEY, "no key gives a good CRC"},
    [BTBB_REASON_DAMAGED] =
        {BTBB_DECRYPT_DAMAGED,
         "the CRC is bad, although the key decrypts other packets of this connection: bit errors, or "
         "the start of another encryption was not captured"},
    [BTBB_REASON_CUT] = {BTBB_DECRYPT_DAMAGED, "the payload was not captured completely"},
    [BTBB_REASON_NO_CLOCK] = {BTBB_DECRYPT_NO_CLOCK, "the piconet's clock is not known at this packet"},
    [BTBB_REASON_CLOCKS_DIFFER] = {BTBB_DECRYPT_NO_CLOCK, "two clocks give different payloads with good CRCs"},
    [BTBB_REASON_NO_CRC] = {BTBB_DECRYPT_UNPROVEN, "packets of this type have no CRC, which alone proves decryption"},
};

enum btbb_decrypt_status btbb_decrypt_status_of(enum btbb_decrypt_reason reason)
{
    return reasons[reason].status;
}

const char *btbb_decrypt_reason_text(enum btbb_decrypt_reason reason)
{
    return reasons[reason].text;
}

const char *btbb_decrypt_status_name(enum btbb_decrypt_status status)
{
    static const char *const names[BTBB_DECRYPT_STATUSES] = {
        [BTBB_DECRYPT_NONE] = "not known to be encrypted",
        [BTBB_DECRYPT_CLEAR] = "not encrypted",
        [BTBB_DECRYPT_GOOD] = "good",
        [BTBB_DECRYPT_WRONG_KEY] = "wrong key",
        [BTBB_DECRYPT_DAMAGED] = "damaged",
        [BTBB_DECRYPT_NO_CLOCK] = "clock unknown",
        [BTBB_DECRYPT_NO_KEY] = "key unknown",
        [BTBB_DECRYPT_NO_SIZE] = "key size unknown",
        [BTBB_DECRYPT_AES_CCM] = "AES-CCM: not supported",
        [BTBB_DECRYPT_UNPROVEN] = "no CRC",
    };

    return names[status];
}
