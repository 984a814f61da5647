/* decryptor.h: decrypts the payloads of a capture with the user's keys (crypt/key-file.h), and remembers how.
 *
 * The link tracker (learn/links.h) shows when an encryption starts, who authenticated whom, and the key size. From
 * these and a link key follows the key of each encryption, after the link key has been verified by an SRES. A payload
 * counts as decrypted only if its CRC is good afterwards. docs/decryption.md lists what is proven, and by what.
 *
 *     struct btbb_decryptor *decryptor = btbb_decryptor_new(&keyring, true);
 *     for each frame, first pass:   btbb_decode(), btbb_capture_learn(), then
 *                                   btbb_decryptor_learn(decryptor, capture, number, &frame, clocks, &facts, &verdict,
 *                                                        &plain);
 *     for a frame seen before:      btbb_decode(), btbb_capture_recall(), then btbb_decryptor_recall(...)
 *     btbb_decryptor_free(decryptor);
 *
 * Where a payload is decrypted, facts and verdict become those of the plain payload, and plain.frame is the frame with
 * it. Otherwise facts, verdict and frame stay as they are.
 *
 * Encrypted are packets of legacy and LINKTYPE 255 captures. What controllers log is clear already.
 *
 * Memory: 512 bytes for each connection, 32 bytes for each key of an encryption, of which there are at most
 * BTBB_DECRYPTOR_KEYS, and 16 bytes for each payload to be recalled.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later / */
#ifndef BTBB_CORE_DECRYPTOR_H
#define BTBB_CORE_DECRYPTOR_H

#include "crypt/key-file.h"
#include "learn/capture.h"
#include "learn/links.h"

#define BTBB_DECRYPTOR_KEYS 65536u

/* Clocks that the first slot of a packet may have, CLK27..CLK1 of the piconet's Central; no value: not known. At most
 * BTBB_CLOCKS_MAX (crypt/decrypt.h); with more, the clock counts as unknown. */
struct btbb_clk27 {
    const uint32_t *values;
    uint32_t count;
};

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

struct btbb_plain {
    enum btbb_decrypt_status status;
    enum btbb_decrypt_reason reason;
    uint32_t clk;            /* CLK26..CLK1 that was right; this and the next two: valid when GOOD */
    uint32_t bytes;          /* of payload header, body and CRC, from facts->payload.offset on */
    struct btbb_frame frame; /* with the plain payload; its bytes are the decryptor's, valid until the next call */
};

struct btbb_decryptor;

/* A copy of the keys is kept. `remember`: frames will be recalled. NULL only when memory is exhausted; free with
 * btbb_decryptor_free(), which takes NULL. */
struct btbb_decryptor *btbb_decryptor_new(const struct btbb_keyring *keys, bool remember);
void btbb_decryptor_free(struct btbb_decryptor *decryptor);

/* Takes in one frame that btbb_capture_learn() has just learned, decoded in full. `decryptor` may be NULL: then
 * there is nothing to do. `clocks`: without a value, the clock of the verdict is used. `plain` is
 * set. */
void btbb_decryptor_learn(struct btbb_decryptor *decryptor, struct btbb_capture *capture, uint32_t number,
                          const struct btbb_frame *frame, struct btbb_clk27 clocks, struct btbb_facts *facts,
                          struct btbb_verdict *verdict, struct btbb_plain *plain);

/* The same result again, for a frame that btbb_capture_recall() has just recalled. */
void btbb_decryptor_recall(struct btbb_decryptor *decryptor, uint32_t number, const struct btbb_frame *frame,
                           struct btbb_facts *facts, struct btbb_plain *plain);

#endif
