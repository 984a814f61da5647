/* keys.h: authentication and encryption keys of legacy security (Core Specification Vol 2 Part H, 4.5 and 6). Pure.
 *
 * All keys and random numbers are arrays in the order of LMP PDUs and HCI packets, which is also the order in which
 * BlueZ and Wireshark print them. Octet 0 of an encryption key holds the coefficients of x^0 .. x^7. BD_ADDRs are
 * numbers, as in e0.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_KEYS_H
#define BTBB_CORE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "crypt/e0.h"

#define BTBB_RAND_BYTES 16u
#define BTBB_SRES_BYTES 4u
#define BTBB_COF_BYTES  12u /* of ACO and COF */

/* E1 (6.1): the response to a challenge, and the authenticated ciphering offset. `claimant`: BD_ADDR of the device that
 * sends the response, not of the one that sent the challenge. */
void btbb_e1(const uint8_t link_key[BTBB_KEY_BYTES], const uint8_t au_rand[BTBB_RAND_BYTES], uint64_t claimant,
             uint8_t sres[BTBB_SRES_BYTES], uint8_t aco[BTBB_COF_BYTES]);

/* E3 (6.4): the encryption key Kc of 16 bytes. `cof`: the ACO of the last authentication or, for a temporary link key
 * (broadcast), btbb_cof_of_central(). */
void btbb_e3(const uint8_t link_key[BTBB_KEY_BYTES], const uint8_t en_rand[BTBB_RAND_BYTES],
             const uint8_t cof[BTBB_COF_BYTES], uint8_t kc[BTBB_KEY_BYTES]);

/* The BD_ADDR of the Central twice (6.4). */
void btbb_cof_of_central(uint64_t central, uint8_t cof[BTBB_COF_BYTES]);

/* K'C (4.5): Kc reduced to `size` bytes of entropy, and spread over 16 bytes again. `size`: encryption key size
 * that LMP has negotiated, 1 to 16. False for another size; `shortened` is then not written. */
bool btbb_shorten_key(const uint8_t kc[BTBB_KEY_BYTES], uint8_t size, uint8_t shortened[BTBB_KEY_BYTES]);

#endif
