/* address-text.h: device addresses as text, the same in the dissector, the statistics and the command.
 *
 * A BD_ADDR is NAP, UAP and LAP (Core Specification Vol 2 Part B, 1.2). Each part is written as two lower-case
 * hexadecimal digits per byte, most significant byte first, joined by colons: NAP "00:11", UAP "61", LAP "48:31:dd",
 * BD_ADDR "00:11:61:48:31:dd". These are also the values that the display filters btbb.nap, btbb.uap and btbb.lap take.
 *
 * Every function writes the text and its terminating zero into the caller's buffer and returns that buffer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_ADDRESS_TEXT_H
#define BTBB_CORE_ADDRESS_TEXT_H

#include <stdint.h>
#include <string.h>

#include "record.h"

/* Bytes of the buffers, terminating zero included. */
#define BTBB_UAP_TEXT_BYTES     3u
#define BTBB_NAP_TEXT_BYTES     6u
#define BTBB_LAP_TEXT_BYTES     9u
#define BTBB_BD_ADDR_TEXT_BYTES 18u
#define BTBB_PREFIX_TEXT_BYTES  (BTBB_BD_ADDR_TEXT_BYTES + 3u)

/* The lowest `count` bytes (1 to 8) of `value`. `text` has room for 3 * count bytes. */
static inline char *btbb_octets_text(uint64_t value, unsigned count, char *text)
{
    static const char digits[] = "0123456789abcdef";
    char *at = text;

    for (unsigned i = count; i > 0; i--) {
        const uint8_t octet = (uint8_t)(value >> 8 * (i - 1));

        *at++ = digits[octet >> 4];
        *at++ = digits[octet & 15];
        *at++ = i > 1 ? ':' : '\0';
    }
    return text;
}

static inline char *btbb_uap_text(uint8_t uap, char text[BTBB_UAP_TEXT_BYTES])
{
    return btbb_octets_text(uap, 1, text);
}

static inline char *btbb_nap_text(uint16_t nap, char text[BTBB_NAP_TEXT_BYTES])
{
    return btbb_octets_text(nap, 2, text);
}

/* "unknown" for BTBB_LAP_UNKNOWN; otherwise bits of `lap` above the 24th are ignored. */
static inline char *btbb_lap_text(uint32_t lap, char text[BTBB_LAP_TEXT_BYTES])
{
    return lap == BTBB_LAP_UNKNOWN ? (char *)memcpy(text, "unknown", sizeof "unknown") : btbb_octets_text(lap, 3, text);
}

static inline char *btbb_bd_addr_text(uint16_t nap, uint8_t uap, uint32_t lap, char text[BTBB_BD_ADDR_TEXT_BYTES])
{
    return btbb_octets_text((uint64_t)nap << 32 | (uint64_t)uap << 24 | (lap & 0xffffff), 6, text);
}

/* The first `bits` (24, 28 or 36) of a BD_ADDR, which a vendor was assigned; the rest of `prefix` is zero. "70:b3:d5",
 * or "70:b3:d5:a0:00:00/28" where it is longer. */
static inline char *btbb_prefix_text(uint64_t prefix, unsigned bits, char text[BTBB_PREFIX_TEXT_BYTES])
{
    if (bits <= 24)
        return btbb_octets_text(prefix >> 24, 3, text);
    btbb_octets_text(prefix, 6, text);
    text[BTBB_BD_ADDR_TEXT_BYTES - 1] = '/';
    text[BTBB_BD_ADDR_TEXT_BYTES] = (char)('0' + bits / 10 % 10);
    text[BTBB_BD_ADDR_TEXT_BYTES + 1] = (char)('0' + bits % 10);
    text[BTBB_BD_ADDR_TEXT_BYTES + 2] = '\0';
    return text;
}

#endif
