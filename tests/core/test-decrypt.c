/* test-decrypt.c: a payload is decrypted only when its CRC proves it, whatever the bytes are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "crypt/decrypt.h"
#include "decode/crc.h"

#define CENTRAL UINT64_C(0x001161223344)
#define UAP     0x61
#define CLOCK   0x1234567u

static struct btbb_e0 e0;
static const struct btbb_encryption encryption = {.key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
                                                  .central = CENTRAL};

/* A payload with `body` bytes of body and its CRC. Returns its length. */
static uint32_t make_plain(uint8_t header_bytes, uint32_t body, uint8_t *out)
{
    const uint32_t end = header_bytes + body;

    for (uint32_t i = 0; i < end; i++)
        out[i] = (uint8_t)(i * 7 + 3);
    if (header_bytes > 0)
        out[0] = (uint8_t)(2 | 4 | body << 3);
    if (header_bytes > 1)
        out[1] = (uint8_t)(body >> 5);
    const uint16_t crc = btbb_crc_run(btbb_crc_start(UAP), (struct btbb_span){out, end});

    out[end] = (uint8_t)crc;
    out[end + 1] = (uint8_t)(crc >> 8);
    return end + 2;
}

static void encrypt(uint32_t clock, uint8_t *bytes, uint32_t length)
{
    const struct btbb_e0_state state = btbb_e0_start(&e0, encryption.key, encryption.central, clock);

    btbb_e0_crypt(&e0, &state, (struct btbb_span){bytes, length}, bytes);
}

/* Decrypts a copy of exactly its length into memory of exactly its length: a sanitizer sees any access outside. */
static struct btbb_decrypted decrypt(const uint8_t *bytes, uint32_t length, uint8_t header_bytes,
                                     struct btbb_clocks clocks, uint8_t *plain)
{
    uint8_t *copy = length ? g_memdup2(bytes, length) : NULL;
    uint8_t *out = g_malloc(MIN(length, BTBB_E0_BYTES_MAX) + 1);
    const struct btbb_encrypted packet = {{copy, length}, header_bytes};

    memset(out, 0xa5, MIN(length, BTBB_E0_BYTES_MAX) + 1);
    const struct btbb_decrypted decrypted = btbb_decrypt(&e0, &encryption, clocks, packet, out);

    if (decrypted.result == BTBB_DECRYPTION_GOOD) {
        g_assert_cmpuint(decrypted.length, <=, length);
        memcpy(plain, out, decrypted.length);
    } else {
        g_assert_cmpuint(out[0], ==, 0xa5);
    }
    g_free(out);
    g_free(copy);
    return decrypted;
}

static const uint32_t right[] = {CLOCK}, wrong[] = {CLOCK + 1};

static void check_good(uint8_t header_bytes, uint32_t body, uint32_t trailing)
{
    uint8_t plain[BTBB_E0_BYTES_MAX + 64], sent[BTBB_E0_BYTES_MAX + 64], got[BTBB_E0_BYTES_MAX];
    const uint32_t length = make_plain(header_bytes, body, plain);

    memcpy(sent, plain, length);
    encrypt(CLOCK, sent, length);
    memset(sent + length, 0x5a, trailing);
    const struct btbb_decrypted decrypted =
        decrypt(sent, length + trailing, header_bytes, (struct btbb_clocks){right, 1}, got);

    g_assert_cmpint(decrypted.result, ==, BTBB_DECRYPTION_GOOD);
    g_assert_cmpuint(decrypted.clock, ==, CLOCK);
    g_assert_cmpmem(got, decrypted.length, plain, length);
}

static void test_every_length(void)
{
    for (uint32_t body = 0; body < 32; body++)
        check_good(1, body, body % 3);
    for (uint32_t body = 0; body <= 1021; body++)
        check_good(2, body, body % 2 * 5);
    for (uint32_t body = 0; body <= 540; body++)
        check_good(0, body, 0);
    check_good(2, 1021, 60); /* what lies beyond the longest payload is not looked at */
}

static void test_wrong_key_clock_and_bits(void)
{
    struct btbb_encryption other = encryption;
    uint8_t sent[64], got[64];
    const uint32_t length = make_plain(1, 17, sent);

    encrypt(CLOCK, sent, length);
    g_assert_cmpint(decrypt(sent, length, 1, (struct btbb_clocks){wrong, 1}, got).result, ==, BTBB_DECRYPTION_WRONG);
    other.key[15] ^= 0x80;
    const struct btbb_encrypted packet = {{sent, length}, 1};
    const struct btbb_clocks clocks = {right, 1};

    g_assert_cmpint(btbb_decrypt(&e0, &other, clocks, packet, got).result, ==, BTBB_DECRYPTION_WRONG);
    other = encryption;
    other.central ^= UINT64_C(1) << 47; /* the NAP counts */
    g_assert_cmpint(btbb_decrypt(&e0, &other, clocks, packet, got).result, ==, BTBB_DECRYPTION_WRONG);
    for (uint32_t bit = 0; bit < 8 * length; bit++) {
        sent[bit / 8] ^= (uint8_t)(1 << bit % 8);
        g_assert_cmpint(decrypt(sent, length, 1, clocks, got).result, ==, BTBB_DECRYPTION_WRONG);
        sent[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    g_assert_cmpint(decrypt(sent, length, 1, clocks, got).result, ==, BTBB_DECRYPTION_GOOD);
}

/* A cut packet: its LENGTH and CRC lie beyond the end. */
static void test_cut(void)
{
    uint8_t sent[64], got[64];
    const uint32_t length = make_plain(2, 40, sent);
    const struct btbb_clocks clocks = {right, 1};

    encrypt(CLOCK, sent, length);
    for (uint32_t cut = 0; cut < length; cut++) {
        g_assert_cmpint(decrypt(sent, length, 2, clocks, got).result, ==, BTBB_DECRYPTION_GOOD);
        g_assert_cmpint(decrypt(sent, cut, 2, clocks, got).result, ==,
                        cut < 4 ? BTBB_DECRYPTION_NO_CRC : BTBB_DECRYPTION_WRONG);
    }
}

static void test_candidates(void)
{
    uint32_t clocks[BTBB_CLOCKS_MAX + 1];
    uint8_t sent[64], got[64];
    const uint32_t length = make_plain(1, 17, sent);

    encrypt(CLOCK, sent, length);
    for (uint32_t i = 0; i <= BTBB_CLOCKS_MAX; i++)
        clocks[i] = CLOCK - BTBB_CLOCKS_MAX + 1 + i; /* the last but one is right */
    const struct btbb_decrypted found = decrypt(sent, length, 1, (struct btbb_clocks){clocks, BTBB_CLOCKS_MAX}, got);

    g_assert_cmpint(found.result, ==, BTBB_DECRYPTION_GOOD);
    g_assert_cmpuint(found.clock, ==, CLOCK);
    g_assert_cmpint(decrypt(sent, length, 1, (struct btbb_clocks){clocks, BTBB_CLOCKS_MAX + 1}, got).result, ==,
                    BTBB_DECRYPTION_CLOCK_UNKNOWN);
    g_assert_cmpint(decrypt(sent, length, 1, (struct btbb_clocks){NULL, 0}, got).result, ==,
                    BTBB_DECRYPTION_CLOCK_UNKNOWN);

    /* Bits above the 26th do not count, nor do bits 16 and 25 together: the same bytes, so no contradiction. */
    const uint32_t same[] = {CLOCK, CLOCK | 1u << 26, CLOCK ^ (1u << 16 | 1u << 25)};

    g_assert_cmpint(decrypt(sent, length, 1, (struct btbb_clocks){same, 3}, got).result, ==, BTBB_DECRYPTION_GOOD);
}

/* A second clock that gives a right CRC by chance. It is right for every eSCO packet of this length: the CRC is linear,
 * so only the sum of the two keystreams counts. */
static void test_ambiguous(void)
{
    uint8_t sent[5], got[5];
    const uint32_t length = make_plain(0, 3, sent);
    uint32_t clocks[2] = {CLOCK, CLOCK};

    encrypt(CLOCK, sent, length);
    do
        clocks[1]++;
    while (clocks[1] < CLOCK + 2000000 &&
           decrypt(sent, length, 0, (struct btbb_clocks){clocks + 1, 1}, got).result != BTBB_DECRYPTION_GOOD);
    g_assert_cmpuint(clocks[1], <, CLOCK + 2000000);
    g_assert_cmpint(decrypt(sent, length, 0, (struct btbb_clocks){clocks, 1}, got).result, ==, BTBB_DECRYPTION_GOOD);
    g_assert_cmpint(decrypt(sent, length, 0, (struct btbb_clocks){clocks, 2}, got).result, ==,
                    BTBB_DECRYPTION_AMBIGUOUS);
}

static void test_hostile_lengths(void)
{
    const struct btbb_clocks clocks = {right, 1};
    uint8_t bytes[2 * BTBB_E0_BYTES_MAX], got[BTBB_E0_BYTES_MAX];

    memset(bytes, 0xff, sizeof bytes);
    for (uint8_t header_bytes = 0; header_bytes <= 2; header_bytes++)
        for (uint32_t length = 0; length <= sizeof bytes; length++) {
            const enum btbb_decryption result = decrypt(bytes, length, header_bytes, clocks, got).result;
            const bool no_crc = length < header_bytes + 2u || (header_bytes == 0 && length > BTBB_E0_BYTES_MAX);

            g_assert_true(no_crc ? result == BTBB_DECRYPTION_NO_CRC
                                 : result == BTBB_DECRYPTION_WRONG || result == BTBB_DECRYPTION_GOOD);
        }
}

/* Random bytes and keys: about one of 65,536 passes. */
static void test_false_matches(void)
{
    const struct btbb_clocks clocks = {right, 1};
    uint8_t bytes[20], got[20];
    unsigned good = 0;

    for (int i = 0; i < 200000; i++) {
        for (size_t at = 0; at < sizeof bytes; at++)
            bytes[at] = (uint8_t)g_test_rand_int();
        good += decrypt(bytes, sizeof bytes, 0, clocks, got).result == BTBB_DECRYPTION_GOOD;
    }
    g_assert_cmpuint(good, <=, 25); /* 3 are expected */
}

static void test_link_key(void)
{
    static const uint8_t link_key[BTBB_KEY_BYTES] = {0xd5, 0xf2, 0x07, 0x44, 0xc0, 0x5d, 0x08, 0x60,
                                                     0x1d, 0x28, 0xfa, 0x1d, 0xd7, 0x9c, 0xdc, 0x27};
    static const uint8_t au_rand[BTBB_RAND_BYTES] = {0x72, 0x2e, 0x6e, 0xcd, 0x32, 0xed, 0x43, 0xb7,
                                                     0xf3, 0xcd, 0xbd, 0xc2, 0x10, 0x0f, 0xf6, 0xe0};
    static const uint8_t en_rand[BTBB_RAND_BYTES] = {0xd7, 0x2f, 0xb4, 0x21, 0x7d, 0xcd, 0xc3, 0x14,
                                                     0x50, 0x56, 0xba, 0x48, 0x8b, 0xea, 0x90, 0x76};
    static const uint8_t kc[BTBB_KEY_BYTES] = {0xa3, 0xfc, 0xce, 0xf2, 0x2a, 0xd2, 0x23, 0x2c,
                                               0x7a, 0xcb, 0x01, 0xe9, 0xb9, 0xed, 0x67, 0x27};
    uint8_t sres[BTBB_SRES_BYTES] = {0xb0, 0xa3, 0xf4, 0x1f}, aco[BTBB_COF_BYTES], key[BTBB_KEY_BYTES] = {0};
    static const uint8_t unwritten[BTBB_KEY_BYTES] = {0};

    g_assert_true(btbb_verify_link_key(link_key, au_rand, UINT64_C(0x24da9b669f82), sres, aco));
    g_assert_true(btbb_encryption_key(link_key, en_rand, aco, 16, key));
    g_assert_cmpmem(key, sizeof key, kc, sizeof kc);
    g_assert_false(btbb_verify_link_key(link_key, au_rand, UINT64_C(0x24da9b669f83), sres, aco));
    sres[3] ^= 1;
    g_assert_false(btbb_verify_link_key(link_key, au_rand, UINT64_C(0x24da9b669f82), sres, aco));
    memset(key, 0, sizeof key);
    g_assert_false(btbb_encryption_key(link_key, en_rand, aco, 0, key));
    g_assert_false(btbb_encryption_key(link_key, en_rand, aco, 17, key));
    g_assert_cmpmem(key, sizeof key, unwritten, sizeof unwritten);
    btbb_cof_of_central(CENTRAL, aco);
    g_assert_cmpmem(aco, sizeof aco, "\x44\x33\x22\x61\x11\x00\x44\x33\x22\x61\x11\x00", 12);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    btbb_e0_build(&e0);
    g_test_add_func("/decrypt/every length", test_every_length);
    g_test_add_func("/decrypt/wrong key, clock and bits", test_wrong_key_clock_and_bits);
    g_test_add_func("/decrypt/cut", test_cut);
    g_test_add_func("/decrypt/candidates", test_candidates);
    g_test_add_func("/decrypt/ambiguous", test_ambiguous);
    g_test_add_func("/decrypt/hostile lengths", test_hostile_lengths);
    g_test_add_func("/decrypt/false matches", test_false_matches);
    g_test_add_func("/decrypt/link key", test_link_key);
    return g_test_run();
}
