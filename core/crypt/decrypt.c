/* decrypt.c: see decrypt.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "crypt/decrypt.h"

#include <string.h>

#include "decode/crc.h"

#define CRC_BYTES 2u

bool btbb_verify_link_key(const uint8_t link_key[BTBB_KEY_BYTES], const uint8_t au_rand[BTBB_RAND_BYTES],
                          uint64_t claimant, const uint8_t sres[BTBB_SRES_BYTES], uint8_t aco[BTBB_COF_BYTES])
{
    uint8_t expected[BTBB_SRES_BYTES];

    btbb_e1(link_key, au_rand, claimant, expected, aco);
    return memcmp(expected, sres, sizeof expected) == 0;
}

bool btbb_encryption_key(const uint8_t link_key[BTBB_KEY_BYTES], const uint8_t en_rand[BTBB_RAND_BYTES],
                         const uint8_t cof[BTBB_COF_BYTES], uint8_t size, uint8_t key[BTBB_KEY_BYTES])
{
    uint8_t kc[BTBB_KEY_BYTES];

    btbb_e3(link_key, en_rand, cof, kc);
    return btbb_shorten_key(kc, size, key);
}

/* The length of payload header, body and CRC, by the decrypted payload header. 0: they do not fit into the payload. */
static uint32_t packet_length(const struct btbb_encrypted *packet, struct btbb_span header)
{
    if (packet->header_bytes == 0)
        return packet->payload.length;
    const uint32_t body = packet->header_bytes == 1 ? btbb_u8(header, 0) >> 3 : btbb_le16(header, 0) >> 3 & 0x3ff;
    const uint32_t length = packet->header_bytes + body + CRC_BYTES;

    return length <= packet->payload.length ? length : 0;
}

/* Decrypts with one clock. Returns the length of the packet, or 0 if its CRC is wrong. */
static uint32_t try_clock(const struct btbb_e0 *e0, const struct btbb_encryption *encryption, uint32_t clock,
                          const struct btbb_encrypted *packet, uint8_t *plain)
{
    const struct btbb_e0_state state = btbb_e0_start(e0, encryption->key, encryption->central, clock);

    btbb_e0_crypt(e0, &state, btbb_part(packet->payload, 0, packet->header_bytes), plain);
    const uint32_t length = packet_length(packet, (struct btbb_span){plain, packet->header_bytes});

    if (length == 0)
        return 0;
    btbb_e0_crypt(e0, &state, btbb_part(packet->payload, 0, length), plain);
    const struct btbb_span all = {plain, length}, covered = {plain, length - CRC_BYTES};
    const uint16_t crc = btbb_crc_run(btbb_crc_start((uint8_t)(encryption->central >> 24)), covered);

    return crc == btbb_le16(all, length - CRC_BYTES) ? length : 0;
}

struct btbb_decrypted btbb_decrypt(const struct btbb_e0 *e0, const struct btbb_encryption *encryption,
                                   struct btbb_clocks clocks, struct btbb_encrypted packet, uint8_t *plain)
{
    struct btbb_decrypted decrypted = {.result = BTBB_DECRYPTION_WRONG};
    uint8_t found[BTBB_E0_BYTES_MAX], tried[BTBB_E0_BYTES_MAX];

    if (packet.header_bytes > 0)
        packet.payload = btbb_part(packet.payload, 0, BTBB_E0_BYTES_MAX);
    if (packet.payload.length < packet.header_bytes + CRC_BYTES || packet.payload.length > BTBB_E0_BYTES_MAX)
        return (struct btbb_decrypted){.result = BTBB_DECRYPTION_NO_CRC};
    if (clocks.count == 0 || clocks.count > BTBB_CLOCKS_MAX)
        return (struct btbb_decrypted){.result = BTBB_DECRYPTION_CLOCK_UNKNOWN};
    for (uint32_t i = 0; i < clocks.count; i++) {
        const uint32_t length = try_clock(e0, encryption, clocks.clocks[i], &packet, tried);

        if (length == 0)
            continue;
        if (decrypted.result == BTBB_DECRYPTION_GOOD) {
            if (length != decrypted.length || memcmp(found, tried, length) != 0)
                return (struct btbb_decrypted){.result = BTBB_DECRYPTION_AMBIGUOUS};
            continue;
        }
        decrypted = (struct btbb_decrypted){BTBB_DECRYPTION_GOOD, clocks.clocks[i], length};
        memcpy(found, tried, length);
    }
    if (decrypted.result == BTBB_DECRYPTION_GOOD)
        memcpy(plain, found, decrypted.length);
    return decrypted;
}
