/* crypt-vectors.c: what core/crypt makes of inputs, for tests/test_crypt.py.
 *
 * Standard input holds a line for each question, standard output one for each result; bytes are hexadecimal.
 *
 *     e1 LINK_KEY AU_RAND BD_ADDR        SRES and ACO; BD_ADDR least significant byte first
 *     e3 LINK_KEY EN_RAND COF            Kc
 *     shorten KC SIZE                    K'C, or "refused"
 *     e0 KEY BD_ADDR CLOCK DATA          DATA with the keystream added; CLOCK is CLK26-1, a decimal number
 *     ar KEY DATA, ar' KEY DATA          SAFER+
 *     speed COUNT                        nanoseconds of processor time to decrypt a DH5 packet, mean of COUNT packets
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypt/decrypt.h"
#include "crypt/safer.h"
#include "decode/crc.h"

#define WORDS 5
#define BYTES 1100u

static char line[4 * BYTES];

/* The bytes of a hexadecimal text, or the end of the program. */
static unsigned parse(const char *text, uint8_t *bytes, unsigned most)
{
    const size_t count = text ? strlen(text) / 2 : 0;

    if (!text || count > most) {
        fprintf(stderr, "crypt-vectors: a word is missing or too long\n");
        exit(2);
    }
    for (size_t i = 0; i < count; i++) {
        unsigned byte = 0;

        sscanf(text + 2 * i, "%2x", &byte);
        bytes[i] = (uint8_t)byte;
    }
    return (unsigned)count;
}

static void print(const uint8_t *bytes, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        printf("%02x", bytes[i]);
}

static uint64_t parse_address(const char *text)
{
    uint8_t bytes[6];
    uint64_t address = 0;

    for (unsigned i = parse(text, bytes, sizeof bytes); i-- > 0;)
        address = address << 8 | bytes[i];
    return address;
}

static void run_e1(char **words)
{
    uint8_t key[BTBB_KEY_BYTES], rand[BTBB_RAND_BYTES], sres[BTBB_SRES_BYTES], aco[BTBB_COF_BYTES];

    parse(words[1], key, sizeof key);
    parse(words[2], rand, sizeof rand);
    btbb_e1(key, rand, parse_address(words[3]), sres, aco);
    print(sres, sizeof sres);
    printf(" ");
    print(aco, sizeof aco);
}

static void run_e3(char **words)
{
    uint8_t key[BTBB_KEY_BYTES], rand[BTBB_RAND_BYTES], cof[BTBB_COF_BYTES], kc[BTBB_KEY_BYTES];

    parse(words[1], key, sizeof key);
    parse(words[2], rand, sizeof rand);
    parse(words[3], cof, sizeof cof);
    btbb_e3(key, rand, cof, kc);
    print(kc, sizeof kc);
}

static void run_shorten(char **words)
{
    uint8_t kc[BTBB_KEY_BYTES];

    parse(words[1], kc, sizeof kc);
    if (words[2] && btbb_shorten_key(kc, (uint8_t)strtoul(words[2], NULL, 10), kc))
        print(kc, sizeof kc);
    else
        printf("refused");
}

static void run_e0(char **words)
{
    static struct btbb_e0 e0;
    uint8_t key[BTBB_KEY_BYTES], data[BYTES];
    const uint32_t length = parse(words[4], data, BTBB_E0_BYTES_MAX);

    btbb_e0_build(&e0);
    parse(words[1], key, sizeof key);
    const struct btbb_e0_state state =
        btbb_e0_start(&e0, key, parse_address(words[2]), (uint32_t)strtoul(words[3], NULL, 10));

    btbb_e0_crypt(&e0, &state, (struct btbb_span){data, length}, data);
    print(data, length);
}

static void run_safer(char **words)
{
    uint8_t key[BTBB_SAFER_BYTES], data[BTBB_SAFER_BYTES];

    parse(words[1], key, sizeof key);
    parse(words[2], data, sizeof data);
    btbb_safer(words[0][2] ? BTBB_SAFER_AR_PRIME : BTBB_SAFER_AR, key, data, data);
    print(data, sizeof data);
}

static void run_speed(char **words)
{
    static const uint32_t clock26 = 1;
    static struct btbb_e0 e0;
    const struct btbb_encryption encryption = {.key = {1}, .central = UINT64_C(0x001122334455)};
    uint8_t sent[2 + 339 + 2] = {2 | (339 & 31) << 3, 339 >> 5}, plain[sizeof sent];
    const struct btbb_span body = {sent, sizeof sent - 2}, all = {sent, sizeof sent};
    const uint16_t crc = btbb_crc_run(btbb_crc_start(0x22), body);
    const unsigned long count = words[1] ? strtoul(words[1], NULL, 10) : 0;
    unsigned long good = 0;

    sent[sizeof sent - 2] = (uint8_t)crc;
    sent[sizeof sent - 1] = (uint8_t)(crc >> 8);
    btbb_e0_build(&e0);
    const struct btbb_e0_state state = btbb_e0_start(&e0, encryption.key, encryption.central, clock26);

    btbb_e0_crypt(&e0, &state, all, sent);
    const clock_t start = clock();

    for (unsigned long i = 0; i < count; i++)
        good +=
            btbb_decrypt(&e0, &encryption, (struct btbb_clocks){&clock26, 1}, (struct btbb_encrypted){all, 2}, plain)
                .result == BTBB_DECRYPTION_GOOD;
    printf("%.0f %lu", (double)(clock() - start) / CLOCKS_PER_SEC * 1e9 / (double)(count ? count : 1), good);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(char **words);
    } questions[] = {{"e1", run_e1},    {"e3", run_e3},     {"shorten", run_shorten}, {"e0", run_e0},
                     {"ar", run_safer}, {"ar'", run_safer}, {"speed", run_speed}};

    while (fgets(line, sizeof line, stdin)) {
        char *words[WORDS + 1] = {NULL};
        unsigned count = 0;

        for (char *word = strtok(line, " \n"); word && count < WORDS; word = strtok(NULL, " \n"))
            words[count++] = word;
        for (unsigned i = 0; i < sizeof questions / sizeof *questions; i++)
            if (count && strcmp(words[0], questions[i].name) == 0)
                questions[i].run(words);
        printf("\n");
    }
    return 0;
}
