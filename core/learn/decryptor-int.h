/* decryptor-int.h: what decryptor.c and decryptor-keys.c share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_DECRYPTOR_INT_H
#define BTBB_CORE_DECRYPTOR_INT_H

#include "crypt/decrypt.h"
#include "learn/decryptor.h"
#include "learn/grow.h"
#include "learn/key-table.h"

/* Keys that are tried for one encryption. A link key must be verified first, so that there is hardly ever a second one;
 * encryption keys of the user are not. */
#define BTBB_CIPHER_KEYS 4u

/* Encryptions of which keys are tried: the newest one and the one before it. */
#define BTBB_CIPHER_SESSIONS 2u

/* What is in force in one direction: a number of a key, or one of these. */
#define BTBB_CIPHER_UNKNOWN_KEY UINT32_MAX
#define BTBB_CIPHER_CLEAR       (UINT32_MAX - 1u)

/* A key of one encryption. */
struct btbb_cipher_key {
    struct btbb_encryption encryption;
    bool proven; /* it has given a good CRC */
};

/* Numbers of keys: of one encryption, or of the user's encryption keys. */
struct btbb_ciphering_keys {
    uint32_t numbers[BTBB_CIPHER_KEYS];
    uint32_t count;
    enum btbb_decrypt_reason missing; /* why there is none; valid when count is 0 */
};

/* A connection, as long as it stays in its piconet. */
struct btbb_ciphering {
    uint64_t client;
    uint8_t lt_addr;
    uint32_t link;     /* number of the tracker; UINT32_MAX: the tracker has none */
    uint32_t sessions; /* of the link, up to which keys are derived */
    struct btbb_ciphering_keys session[BTBB_CIPHER_SESSIONS]; /* newest first */
    struct btbb_ciphering_keys given;
    uint32_t in_force[3];     /* by enum btbb_dir */
    uint64_t peripheral_mask; /* what was known of the Peripheral when `given` was looked up; valid when looked_up */
    bool looked_up;
};

/* What the first pass found out about a payload. */
struct btbb_decrypted_frame {
    uint32_t number;
    uint32_t clk;
    uint32_t key;
    uint8_t reason;
    uint8_t header_bytes;
};

/* A frame that was kept; `frame.bytes` is memory of its own. */
struct btbb_kept_frame {
    uint32_t number;
    struct btbb_frame frame;
};

/* Frames to be decrypted anew. */
struct btbb_kept {
    struct btbb_kept_frame *frames;
    uint32_t count, capacity;
    uint32_t redone; /* of them, those that were decrypted anew */
    uint64_t bytes;
    uint32_t without_clock; /* payloads of which the clock was not known */
    bool on;
};

struct btbb_decryptor {
    struct btbb_kept kept;
    struct btbb_e0 e0;
    struct btbb_keyring keys;
    struct btbb_links *links;
    struct btbb_ciphering *ciphers;
    struct btbb_cipher_key *derived;
    struct btbb_decrypted_frame *frames; /* ascending; NULL unless `remember` */
    uint8_t *bytes;                      /* of the plain frame */
    struct btbb_key_table by_link;       /* the last cipher by client and LT_ADDR */
    uint32_t cipher_count, cipher_capacity, derived_count, derived_capacity, frame_count, frame_capacity, byte_capacity;
    bool remember;
    bool is_redone; /* frames are decrypted anew: the capture knows all of them */
};

/* decryptor-again.c: keep a frame before it is decrypted, count a payload without clock, forget the frames. */
void btbb_decryptor_keep_frame(struct btbb_decryptor *decryptor, uint32_t number, const struct btbb_frame *frame,
                               const struct btbb_facts *facts);
void btbb_decryptor_forget_frames(struct btbb_kept *kept);

/* The cipher of the connection that a packet belongs to, with the keys that are known now. NULL: it has none. */
struct btbb_ciphering *btbb_ciphering_of(struct btbb_decryptor *decryptor, const struct btbb_facts *facts,
                                         const struct btbb_verdict *verdict);

/* Whether a payload with a bad CRC may be encrypted. False: the connection is in the clear, so the CRC is bad for other
 * reasons. After LMP_start_encryption_req, a connection counts as encrypted until the end of the encryption is seen.
 * That PDU may be missing once a key size was agreed on, or during a pause. */
bool btbb_may_be_encrypted(const struct btbb_decryptor *decryptor, const struct btbb_ciphering *cipher,
                           enum btbb_dir dir);

/* Whether a connection of the piconet has got a temporary link key, with which broadcast packets may be encrypted. */
bool btbb_uses_temporary_key(const struct btbb_decryptor *decryptor, uint64_t client);

/* Why there is no key for a connection that may be encrypted. */
enum btbb_decrypt_reason btbb_missing_key(const struct btbb_decryptor *decryptor, const struct btbb_ciphering *cipher);

#endif
