/* test-names.c: Extended Inquiry Responses, and the names of devices.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "learn/key-table.h"
#include "learn/names.h"

#define PHONE 0x123456u
#define EAR   0xabcdefu

/* The response lies in an allocation of exactly its length, so that a sanitizer sees any read outside; the caller frees
 * `copy`, into which the name points. */
static struct btbb_eir read_eir(const uint8_t *bytes, uint32_t length, uint8_t **copy)
{
    struct btbb_eir eir;

    *copy = length ? g_memdup2(bytes, length) : NULL;
    btbb_eir_read((struct btbb_span){*copy, length}, &eir);
    return eir;
}

#define EIR(copy, ...)                                                                                                 \
    read_eir((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), (g_free(copy), &(copy)))

static void test_eir(void)
{
    uint8_t *copy = NULL;
    struct btbb_eir eir = EIR(copy, 4, 0x09, 'E', 'a', 'r', 2, 0x0a, 0xf8, 5, 0x03, 0x0b, 0x11, 0x1e, 0x11, 4, 0x0d, 4,
                              4, 0x24, 3, 0xff, 0xe0, 0, 0, 9, 9);

    g_assert_true(eir.has_name && eir.name_complete);
    g_assert_cmpmem(eir.name.bytes, eir.name.length, "Ear", 3);
    g_assert_true(eir.has_tx_power);
    g_assert_cmpint(eir.tx_power_dbm, ==, -8);
    g_assert_true(eir.uuids_complete);
    g_assert_cmpuint(eir.uuid_count, ==, 2);
    g_assert_cmphex(eir.uuids[0], ==, 0x110b);
    g_assert_cmphex(eir.uuids[1], ==, 0x111e);
    g_assert_true(eir.has_class);
    g_assert_cmphex(eir.class_of_device, ==, 0x240404);
    g_assert_false(eir.cut);

    eir = EIR(copy, 3, 0x08, 'a', 'b', 3, 0x08, 'c', 'd', 3, 0x02, 1, 2); /* the first of a kind counts */
    g_assert_true(eir.has_name && !eir.name_complete);
    g_assert_cmpmem(eir.name.bytes, eir.name.length, "ab", 2);
    g_assert_false(eir.uuids_complete);
    g_assert_cmpuint(eir.uuid_count, ==, 1);

    eir = EIR(copy, 3, 0x08, 'a', 'b', 5, 0x09, 'c', 'd', 0, 0); /* but a complete name replaces a shortened one */
    g_assert_cmpmem(eir.name.bytes, eir.name.length, "cd", 2);
    g_free(copy);
}

static void test_eir_hostile(void)
{
    uint8_t *copy = NULL, response[300] = {2, 0x09, 'x', 255, 0x09, 'y'};
    struct btbb_eir eir = EIR(copy, 5, 0x09, 'a', 'b', 'c'); /* one byte is missing */

    g_assert_true(eir.cut && !eir.has_name);
    eir = EIR(copy, 4);
    g_assert_true(eir.cut && !eir.has_name);
    eir = EIR(copy, 1, 0x09, 3, 0x0a, 1, 2, 2, 0x0d, 4, 4, 0x03, 1, 2, 3, 1, 0x03); /* wrong lengths for their types */
    g_assert_true(eir.has_name);
    g_assert_cmpuint(eir.name.length, ==, 0);
    g_assert_false(eir.has_tx_power || eir.has_class || eir.uuid_count || eir.cut);
    eir = read_eir(NULL, 0, (g_free(copy), &copy));
    g_assert_false(eir.has_name || eir.cut);

    eir = read_eir(response, sizeof response, &copy); /* 255 bytes announced, the response ends after 240 */
    g_assert_true(eir.cut);
    g_assert_cmpuint(eir.name.length, ==, 1);
    g_free(copy);
    memset(response, 1, sizeof response);
    response[0] = 239;
    response[1] = 0x03;
    eir = read_eir(response, sizeof response, &copy); /* 238 bytes: as many UUIDs as fit */
    g_assert_cmpuint(eir.uuid_count, ==, BTBB_EIR_UUIDS);
    g_assert_false(eir.cut);
    g_free(copy);
}

static void add_fragment(struct btbb_device_names *names, uint64_t key, uint32_t frame, uint8_t offset, uint8_t length,
                         const char *text)
{
    uint8_t bytes[BTBB_LMP_BYTES] = {BTBB_LMP_NAME_RES << 1, offset, length};
    struct btbb_lmp pdu;

    memcpy(bytes + 3, text, MIN(strlen(text), BTBB_LMP_FRAGMENT_BYTES));
    btbb_lmp_read((struct btbb_span){bytes, sizeof bytes}, true, &pdu);
    btbb_device_names_add_lmp(names, key, frame, &pdu);
}

static void add_eir(struct btbb_device_names *names, uint64_t key, uint32_t frame, const char *text, bool complete)
{
    const struct btbb_eir eir = {
        .name = {(const uint8_t *)text, (uint32_t)strlen(text)}, .has_name = true, .name_complete = complete};

    btbb_device_names_add_eir(names, key, frame, &eir);
}

static void check_name(const struct btbb_name *name, const char *text, enum btbb_name_source source, uint32_t frame)
{
    g_assert_nonnull(name);
    g_assert_cmpmem(name->bytes, name->length, text, strlen(text));
    g_assert_cmpuint(name->source, ==, source);
    g_assert_cmpuint(name->frame, ==, frame);
}

static void test_fragments(void)
{
    struct btbb_device_names *names = btbb_device_names_new();

    add_fragment(names, EAR, 10, 0, 30, "Pixel Buds A-S");
    check_name(btbb_device_names_best(names, EAR), "Pixel Buds A-S", BTBB_NAME_LMP_PART, 10);
    g_assert_null(btbb_device_names_at(names, EAR, 10)); /* only a beginning */
    add_fragment(names, EAR, 12, 28, 30, "le");
    check_name(btbb_device_names_best(names, EAR), "Pixel Buds A-S", BTBB_NAME_LMP_PART, 12);
    add_fragment(names, EAR, 14, 14, 30, "eries id Danie");
    check_name(btbb_device_names_best(names, EAR), "Pixel Buds A-Series id Daniele", BTBB_NAME_LMP, 14);
    check_name(btbb_device_names_at(names, EAR, 14), "Pixel Buds A-Series id Daniele", BTBB_NAME_LMP, 14);
    g_assert_null(btbb_device_names_at(names, EAR, 13));
    g_assert_null(btbb_device_names_best(names, PHONE));
    g_assert_true(btbb_device_names_best(names, EAR)->utf8);

    add_fragment(names, EAR, 20, 0, 30, "Pixel Buds A-S"); /* the same again: no change */
    check_name(btbb_device_names_best(names, EAR), "Pixel Buds A-Series id Daniele", BTBB_NAME_LMP, 14);
    add_fragment(names, EAR, 30, 0, 5, "Other"); /* renamed */
    check_name(btbb_device_names_best(names, EAR), "Other", BTBB_NAME_LMP, 30);
    check_name(btbb_device_names_at(names, EAR, 29), "Pixel Buds A-Series id Daniele", BTBB_NAME_LMP, 14);
    g_assert_cmpuint(btbb_device_names_dropped(names), ==, 0);
    btbb_device_names_free(names);
}

static void test_fragments_hostile(void)
{
    struct btbb_device_names *names = btbb_device_names_new();
    struct btbb_lmp pdu;

    add_fragment(names, EAR, 1, 0, 255, "too long, ever"); /* names have at most 248 bytes */
    add_fragment(names, EAR, 2, 40, 30, "beyond the end");
    g_assert_null(btbb_device_names_best(names, EAR));
    add_fragment(names, EAR, 3, 244, 248, "the last bytes");
    g_assert_null(btbb_device_names_best(names, EAR)); /* no beginning */
    add_fragment(names, EAR, 4, 0, 0, "empty");
    g_assert_null(btbb_device_names_best(names, EAR));
    add_fragment(names, EAR, 5, 0, 20, "first fragment");
    add_fragment(names, EAR, 6, 0, 20, "other fragment");  /* contradicts: anew */
    add_fragment(names, EAR, 7, 40, 30, "beyond the end"); /* changes nothing */
    add_fragment(names, EAR, 7, 14, 20, " other");
    check_name(btbb_device_names_best(names, EAR), "other fragment other", BTBB_NAME_LMP, 7);
    add_fragment(names, EAR, 8, 0, 3, "\xff\xfe!");
    g_assert_false(btbb_device_names_best(names, EAR)->utf8);

    btbb_lmp_read((struct btbb_span){(const uint8_t *)"\x04\x00\x03xyz", 6}, true, &pdu); /* cut short */
    btbb_device_names_add_lmp(names, PHONE, 9, &pdu);
    g_assert_null(btbb_device_names_best(names, PHONE));
    btbb_lmp_read((struct btbb_span){(const uint8_t *)"\x02\x00", 2}, true, &pdu); /* LMP_name_req */
    btbb_device_names_add_lmp(names, PHONE, 9, &pdu);
    g_assert_null(btbb_device_names_best(names, PHONE));
    btbb_device_names_free(names);
}

static void test_sources(void)
{
    struct btbb_device_names *names = btbb_device_names_new();
    uint32_t class_of_device = 0;

    add_eir(names, EAR, 1, "Ea", false);
    check_name(btbb_device_names_best(names, EAR), "Ea", BTBB_NAME_EIR_SHORT, 1);
    add_fragment(names, EAR, 2, 0, 20, "Ear of corn in");
    check_name(btbb_device_names_best(names, EAR), "Ea", BTBB_NAME_EIR_SHORT, 1); /* a beginning is worse */
    add_eir(names, EAR, 3, "Ear", true);
    add_eir(names, EAR, 4, "E", false);
    check_name(btbb_device_names_best(names, EAR), "Ear", BTBB_NAME_EIR, 3);
    add_fragment(names, EAR, 5, 0, 3, "Ear");
    check_name(btbb_device_names_best(names, EAR), "Ear", BTBB_NAME_EIR, 3);
    add_fragment(names, EAR, 6, 0, 4, "Left");
    add_eir(names, EAR, 7, "Right", true);
    check_name(btbb_device_names_best(names, EAR), "Right", BTBB_NAME_EIR, 7);
    g_assert_cmpuint(btbb_device_names_dropped(names), ==, 0);
    add_eir(names, EAR, 8, "Fifth", true);
    check_name(btbb_device_names_best(names, EAR), "Right", BTBB_NAME_EIR, 7);
    g_assert_cmpuint(btbb_device_names_dropped(names), ==, 1); /* no more than four names */

    g_assert_false(btbb_device_names_class(names, EAR, &class_of_device));
    btbb_device_names_add_class(names, EAR, 0x240404);
    g_assert_true(btbb_device_names_class(names, EAR, &class_of_device));
    g_assert_cmphex(class_of_device, ==, 0x240404);
    g_assert_cmpstr(btbb_name_source_text(BTBB_NAME_EIR_SHORT), ==, "EIR, shortened");
    btbb_device_names_free(names);
    btbb_device_names_free(NULL);
}

static void test_move(void)
{
    const uint64_t unknown = BTBB_NAMES_KEY_LAPS + 5;
    struct btbb_device_names *names = btbb_device_names_new();

    add_fragment(names, unknown, 1, 0, 3, "one");
    btbb_device_names_move(names, unknown, EAR, 20);
    g_assert_null(btbb_device_names_at(names, EAR, 19)); /* its LAP was not known */
    check_name(btbb_device_names_at(names, EAR, 20), "one", BTBB_NAME_LMP, 20);
    g_assert_null(btbb_device_names_best(names, unknown));

    add_fragment(names, PHONE, 2, 0, 3, "two");
    add_fragment(names, unknown, 4, 0, 4, "four");
    add_fragment(names, PHONE, 6, 0, 3, "six");
    add_fragment(names, unknown, 7, 0, 5, "seven");
    btbb_device_names_add_class(names, unknown, 7);
    btbb_device_names_move(names, unknown, PHONE, 9);
    check_name(btbb_device_names_at(names, PHONE, 5), "two", BTBB_NAME_LMP, 2);
    check_name(btbb_device_names_at(names, PHONE, 8), "six", BTBB_NAME_LMP, 6);
    check_name(btbb_device_names_at(names, PHONE, 9), "seven", BTBB_NAME_LMP, 9);
    check_name(btbb_device_names_best(names, PHONE), "seven", BTBB_NAME_LMP, 9);

    add_fragment(names, unknown, 10, 0, 5, "older");
    add_fragment(names, PHONE, 11, 0, 5, "newer");
    btbb_device_names_move(names, unknown, PHONE, 12);
    check_name(btbb_device_names_best(names, PHONE), "newer", BTBB_NAME_LMP, 11);
    uint32_t class_of_device = 0;
    g_assert_true(btbb_device_names_class(names, PHONE, &class_of_device));
    g_assert_cmpuint(class_of_device, ==, 7);
    btbb_device_names_move(names, unknown, EAR, 30); /* nothing there */
    btbb_device_names_move(names, EAR, EAR, 30);
    check_name(btbb_device_names_best(names, EAR), "one", BTBB_NAME_LMP, 20);
    btbb_device_names_free(names);
}

/* More devices than are kept. */
static void test_many(void)
{
    struct btbb_device_names *names = btbb_device_names_new();

    for (uint32_t lap = 0; lap < BTBB_NAMES_DEVICES + 10; lap++)
        add_eir(names, lap * 97, lap, lap % 2 ? "odd" : "even", true);
    g_assert_cmpuint(btbb_device_names_dropped(names), ==, 10);
    check_name(btbb_device_names_best(names, 97), "odd", BTBB_NAME_EIR, 1);
    check_name(btbb_device_names_best(names, (BTBB_NAMES_DEVICES - 2) * 97), "even", BTBB_NAME_EIR,
               BTBB_NAMES_DEVICES - 2);
    g_assert_null(btbb_device_names_best(names, BTBB_NAMES_DEVICES * 97));
    btbb_device_names_free(names);
}

static void test_key_table(void)
{
    struct btbb_key_table table = {0};

    g_assert_cmpuint(btbb_key_find(&table, 7), ==, BTBB_KEY_NONE);
    for (uint32_t i = 0; i < 1000; i++)
        g_assert_true(btbb_key_set(&table, i * UINT64_C(0x100000001), i));
    for (uint32_t i = 0; i < 1000; i++)
        g_assert_cmpuint(btbb_key_find(&table, i * UINT64_C(0x100000001)), ==, i);
    g_assert_cmpuint(btbb_key_find(&table, 1), ==, BTBB_KEY_NONE);
    g_assert_true(btbb_key_set(&table, 0, 5));
    g_assert_cmpuint(btbb_key_find(&table, 0), ==, 5);
    g_assert_true(btbb_key_set(&table, 0, BTBB_KEY_NONE));
    g_assert_cmpuint(btbb_key_find(&table, 0), ==, BTBB_KEY_NONE);
    g_assert_cmpuint(table.used, ==, 1000);
    btbb_key_table_free(&table);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/names/eir", test_eir);
    g_test_add_func("/names/eir-hostile", test_eir_hostile);
    g_test_add_func("/names/fragments", test_fragments);
    g_test_add_func("/names/fragments-hostile", test_fragments_hostile);
    g_test_add_func("/names/sources", test_sources);
    g_test_add_func("/names/move", test_move);
    g_test_add_func("/names/many", test_many);
    g_test_add_func("/names/key-table", test_key_table);
    return g_test_run();
}
