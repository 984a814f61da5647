/* decrypt.h: from a link key to the plain bytes of a payload, each step with its proof. Pure.
 *
 * The proof of a link key is an SRES, the proof of a decrypted payload is its CRC. BD_ADDRs are numbers, and keys are
 * arrays in the order of LMP PDUs, as in keys.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_DECRYPT_H
#define BTBB_CORE_DECRYPT_H

#include "crypt/e0.h"
#include "crypt/keys.h"

/* The most clocks that are tried for one packet. A wrong clock or key gives a right CRC by chance once in 65,536
 * tries, so the chance that a packet is taken for decrypted wrongly is at most clocks / 65,536: 0.1 % at this bound. */
#define BTBB_CLOCKS_MAX 64u

/* Whether the link key gives the SRES that the claimant sent. `aco` is written in both cases, and is of use only when
 * the link key is right. */
bool btbb_verify_link_key(const uint8_t link_key[BTBB_KEY_BYTES], const uint8_t au_rand[BTBB_RAND_BYTES],
                          uint64_t claimant, const uint8_t sres[BTBB_SRES_BYTES], uint8_t aco[BTBB_COF_BYTES]);

/* K'C of an encryption that LMP_start_encryption_req begins: E3, then shortened to the negotiated size. False for a
 * size that is not 1 to 16; `key` is then not written. */
bool btbb_encryption_key(const uint8_t link_key[BTBB_KEY_BYTES], const uint8_t en_rand[BTBB_RAND_BYTES],
                         const uint8_t cof[BTBB_COF_BYTES], uint8_t size, uint8_t key[BTBB_KEY_BYTES]);

struct btbb_encrypted {
    struct btbb_span payload; /* payload header, body and CRC as received, and whatever follows them */
    uint8_t header_bytes;     /* 1 or 2. 0: a packet without payload header (eSCO), the payload ends with its CRC */
};

/* What decrypts the packets of a piconet until the next change of the key. */
struct btbb_encryption {
    uint8_t key[BTBB_KEY_BYTES]; /* K'C */
    uint64_t central;            /* BD_ADDR of the Central, NAP included; its UAP starts the CRC */
};

/* CLK26-1 of the Central in the packet's first slot. Two clocks that differ in bits 16 and 25, and in no other, have
 * the same keystream. */
struct btbb_clocks {
    const uint32_t *clocks;
    uint32_t count;
};

enum btbb_decryption {
    BTBB_DECRYPTION_GOOD,          /* the CRC is right */
    BTBB_DECRYPTION_WRONG,         /* no clock gives a right CRC: wrong key, wrong clock or a bit error */
    BTBB_DECRYPTION_AMBIGUOUS,     /* two clocks give different bytes with right CRCs */
    BTBB_DECRYPTION_CLOCK_UNKNOWN, /* no clock, or more than BTBB_CLOCKS_MAX */
    BTBB_DECRYPTION_NO_CRC         /* the payload is too short for a CRC or, without payload header, longer than any */
};

struct btbb_decrypted {
    enum btbb_decryption result;
    uint32_t clock;  /* the clock that was right; valid when GOOD */
    uint32_t length; /* of payload header, body and CRC; valid when GOOD */
};

/* Tries all clocks. `plain`, of the payload's length or BTBB_E0_BYTES_MAX bytes if that is less, receives `length`
 * bytes when the result is GOOD, and is otherwise left as it is. It must not be the memory of the payload. */
struct btbb_decrypted btbb_decrypt(const struct btbb_e0 *e0, const struct btbb_encryption *encryption,
                                   struct btbb_clocks clocks, struct btbb_encrypted packet, uint8_t *plain);

#endif
