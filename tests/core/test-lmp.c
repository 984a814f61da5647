/* test-lmp.c: the table of LMP PDUs, their parameters, wrong lengths, and the direction that a PDU proves.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "decode/lmp-names.h"
#include "decode/lmp.h"

/* Read the bytes from an allocation of exactly their length, so that a sanitizer sees any read outside. */
static struct btbb_lmp read_bytes(const uint8_t *bytes, uint32_t length, bool exact)
{
    uint8_t *copy = length ? g_memdup2(bytes, length) : NULL;
    struct btbb_lmp pdu;

    btbb_lmp_read((struct btbb_span){copy, length}, exact, &pdu);
    g_free(copy);
    return pdu;
}

#define PDU(...) read_bytes((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), true)

/* The first byte of a PDU that the Central (TID 0) or the Peripheral (TID 1) started. */
#define CENTRAL(opcode)    ((opcode) << 1)
#define PERIPHERAL(opcode) ((opcode) << 1 | 1)

static void test_table(void)
{
    unsigned removed = 0;

    g_assert_cmpuint(btbb_lmp_count, ==, 88 + 7); /* table 5.1 of version 5.4, and the removed ones */
    for (size_t i = 0; i < btbb_lmp_count; i++) {
        const struct btbb_lmp_info *info = &btbb_lmp_table[i];
        const struct btbb_lmp_info *partner = btbb_lmp_find(info->partner);

        g_assert_true(i == 0 || btbb_lmp_table[i - 1].code < info->code);
        g_assert_true(btbb_lmp_find(info->code) == info);
        g_assert_true(g_str_has_prefix(info->name, "LMP_"));
        g_assert_cmpuint(info->bytes, <=, BTBB_LMP_BYTES);
        g_assert_true(info->bytes >= (info->code >= BTBB_LMP_ESCAPED ? 2 : 1) || info->bytes == 0);
        removed += info->code == 22 || (info->code >= 25 && info->code <= 30);
        g_assert_true((info->partner == 0) == !partner);
        if (info->place == BTBB_LMP_BY_RESPONDER)
            g_assert_true(partner && partner->partner == info->code);
        else if (partner && partner->place == BTBB_LMP_BY_RESPONDER)
            g_assert_cmpuint(partner->partner, ==, info->code);
        else if (partner && info->code != BTBB_LMP_RESUME_ENCRYPTION_REQ)
            g_assert_cmpuint(info->partner, ==,
                             info->code < BTBB_LMP_ESCAPED ? BTBB_LMP_ACCEPTED : BTBB_LMP_ACCEPTED_EXT);
    }
    g_assert_cmpuint(removed, ==, 7);
    g_assert_null(btbb_lmp_find(0));
    g_assert_null(btbb_lmp_find(67));
    g_assert_null(btbb_lmp_find(0x7c01)); /* escape 124 */
    g_assert_null(btbb_lmp_find(BTBB_LMP_ESCAPED | 8));
    g_assert_cmpstr(btbb_lmp_find(BTBB_LMP_FEATURES_REQ_EXT)->name, ==, "LMP_features_req_ext");
}

/* Every PDU at every length: only the length of the table is right, and nothing is read outside. */
static void test_lengths(void)
{
    uint8_t bytes[BTBB_LMP_BYTES + 8];

    memset(bytes, 0xff, sizeof bytes);
    for (size_t i = 0; i < btbb_lmp_count; i++) {
        const struct btbb_lmp_info *info = &btbb_lmp_table[i];
        const uint32_t opcode_bytes = info->code >= BTBB_LMP_ESCAPED ? 2 : 1;
        const uint32_t most = info->bytes ? info->bytes : BTBB_LMP_BYTES;

        bytes[0] = (uint8_t)((opcode_bytes == 2 ? 127 : info->code) << 1 | 1);
        bytes[1] = opcode_bytes == 2 ? (uint8_t)info->code : 0xff;
        for (uint32_t length = 0; length <= sizeof bytes; length++) {
            const struct btbb_lmp pdu = read_bytes(bytes, length, true);
            const struct btbb_lmp loose = read_bytes(bytes, length, false);

            g_assert_cmpuint(pdu.length, ==, MIN(length, length < opcode_bytes ? BTBB_LMP_BYTES : most));
            g_assert_cmpuint(pdu.fault, ==,
                             length < opcode_bytes  ? BTBB_LMP_EMPTY
                             : length < info->bytes ? BTBB_LMP_SHORT
                             : length > most        ? BTBB_LMP_LONG
                                                    : BTBB_LMP_OK);
            g_assert_cmpuint(loose.fault, ==, pdu.fault == BTBB_LMP_LONG ? BTBB_LMP_OK : pdu.fault);
            g_assert_true(pdu.fault == BTBB_LMP_EMPTY || (pdu.info == info && pdu.code == info->code));
            g_assert_cmpuint(pdu.tid, ==, length > 0);
            if (pdu.fault != BTBB_LMP_OK) {
                g_assert_cmpuint(btbb_lmp_direction_proof(&pdu), ==, BTBB_DIR_UNKNOWN);
                g_assert_cmpuint(btbb_lmp_answers(&pdu), ==, 0);
                g_assert_cmpuint(pdu.features.bits, ==, 0);
            }
        }
    }
}

static void test_unknown(void)
{
    struct btbb_lmp pdu = PDU(CENTRAL(67), 1, 2);

    g_assert_cmpuint(pdu.fault, ==, BTBB_LMP_UNKNOWN);
    g_assert_cmpuint(pdu.code, ==, 67);
    g_assert_cmpuint(pdu.length, ==, 3);
    g_assert_null(pdu.info);
    pdu = PDU(0);
    g_assert_cmpuint(pdu.fault, ==, BTBB_LMP_UNKNOWN); /* opcode 0 */
    pdu = PDU(PERIPHERAL(124), 5);
    g_assert_cmpuint(pdu.fault, ==, BTBB_LMP_UNKNOWN);
    g_assert_cmpuint(pdu.code, ==, 0x7c05);
    pdu = PDU(PERIPHERAL(127));
    g_assert_cmpuint(pdu.fault, ==, BTBB_LMP_EMPTY);
    g_assert_cmpuint(pdu.tid, ==, 1);
    g_assert_cmpuint(btbb_lmp_direction_proof(&pdu), ==, BTBB_DIR_UNKNOWN);
}

static void test_answers(void)
{
    struct btbb_lmp pdu = PDU(CENTRAL(3), 51);

    g_assert_cmpuint(btbb_lmp_answers(&pdu), ==, BTBB_LMP_HOST_CONNECTION_REQ);
    g_assert_cmpuint(pdu.answer.error, ==, 0);
    pdu = PDU(PERIPHERAL(4), 11, 0x23);
    g_assert_cmpuint(btbb_lmp_answers(&pdu), ==, BTBB_LMP_AU_RAND);
    g_assert_cmpuint(pdu.answer.error, ==, 0x23);
    pdu = PDU(CENTRAL(127), 1, 127, 11);
    g_assert_cmpuint(btbb_lmp_answers(&pdu), ==, BTBB_LMP_PACKET_TYPE_TABLE_REQ);
    pdu = PDU(CENTRAL(127), 2, 127, 25, 0x24);
    g_assert_cmpuint(btbb_lmp_answers(&pdu), ==, BTBB_LMP_IO_CAPABILITY_REQ);
    g_assert_cmpuint(pdu.answer.error, ==, 0x24);
    pdu = PDU(CENTRAL(12), 1, 2, 3, 4);
    g_assert_cmpuint(btbb_lmp_answers(&pdu), ==, BTBB_LMP_AU_RAND);
    pdu = PDU(CENTRAL(1), 0);
    g_assert_cmpuint(btbb_lmp_answers(&pdu), ==, 0);
}

static void test_device(void)
{
    struct btbb_lmp pdu = PDU(CENTRAL(1), 14);

    g_assert_cmpuint(pdu.value, ==, 14);
    pdu = PDU(CENTRAL(2), 14, 30, 'r', 'i', 'e', 's', ' ', 'i', 'd', ' ', 'D', 'a', 'n', 'i', 'e', 'e');
    g_assert_cmpuint(pdu.name.offset, ==, 14);
    g_assert_cmpuint(pdu.name.length, ==, 30);
    g_assert_cmpmem(pdu.bytes + 3, 4, "ries", 4);
    pdu = PDU(CENTRAL(37), 9, 0x31, 0x01, 0x0c, 0x22);
    g_assert_cmpuint(pdu.version.version, ==, 9);
    g_assert_cmpuint(pdu.version.company, ==, 0x131);
    g_assert_cmpuint(pdu.version.subversion, ==, 0x220c);
    pdu = PDU(PERIPHERAL(40), 0xbf, 0xfe, 0xcf, 0xfe, 0xdb, 0xff, 0x7b, 0x87);
    g_assert_cmphex(pdu.features.bits, ==, 0x877bffdbfecffebf);
    g_assert_cmpuint(pdu.features.page, ==, 0);
    pdu = PDU(CENTRAL(127), 4, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0x80);
    g_assert_cmpuint(pdu.features.page, ==, 1);
    g_assert_cmpuint(pdu.features.last, ==, 2);
    g_assert_cmphex(pdu.features.bits, ==, 0x8000000000000003);
    pdu = PDU(CENTRAL(48), 250, 10);
    g_assert_cmpuint(pdu.accuracy.drift_ppm, ==, 250);
    g_assert_cmpuint(pdu.accuracy.jitter_us, ==, 10);
}

static void test_connection(void)
{
    struct btbb_lmp pdu = PDU(PERIPHERAL(52), 0x85, 0x03, 0x68, 0xc7, 0x19, 0xe8, 0xd4, 0xe0);

    g_assert_cmpuint(pdu.slot_offset.offset_us, ==, 901);
    g_assert_cmphex(pdu.slot_offset.lap, ==, 0x19c768);
    g_assert_cmphex(pdu.slot_offset.uap, ==, 0xe8);
    g_assert_cmphex(pdu.slot_offset.nap, ==, 0xe0d4);
    pdu = PDU(PERIPHERAL(19), 0xaa, 0xee, 0x93, 0x00);
    g_assert_cmphex(pdu.change.instant, ==, 0x93eeaa);
    pdu = PDU(CENTRAL(60), 0x30, 0x68, 0, 0, 1, 0xfe, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    g_assert_cmphex(pdu.change.instant, ==, 0x6830);
    g_assert_cmpuint(pdu.change.mode, ==, 1);
    g_assert_cmpuint(pdu.change.channels, ==, 77); /* 79 without channels 0 and 24; bit 79 does not count */
    pdu = PDU(CENTRAL(7), 0x13);
    g_assert_cmpuint(pdu.error, ==, 0x13);
    pdu = PDU(CENTRAL(45), 5);
    g_assert_cmpuint(pdu.value, ==, 5);
    pdu = PDU(CENTRAL(55), 0x00, 0x7d);
    g_assert_cmpuint(pdu.value, ==, 32000);
    pdu = PDU(PERIPHERAL(23), 0, 0x8e, 0, 0xa0, 0, 3, 0, 1, 0);
    g_assert_cmpuint(pdu.value, ==, 0xa0);
    pdu = PDU(PERIPHERAL(127), 11, 1);
    g_assert_cmpuint(pdu.value, ==, 1);
}

static void test_security(void)
{
    struct btbb_lmp pdu = PDU(CENTRAL(15), 1);

    g_assert_cmpuint(pdu.mode, ==, BTBB_LMP_MODE_ON);
    pdu = PDU(CENTRAL(16), 7);
    g_assert_cmpuint(pdu.key_size, ==, 7);
    pdu = PDU(CENTRAL(61), 1, 2, 64);
    g_assert_cmpuint(pdu.encapsulated.major, ==, BTBB_LMP_KEY_MAJOR);
    g_assert_cmpuint(pdu.encapsulated.minor, ==, BTBB_LMP_KEY_MINOR_P256);
    g_assert_cmpuint(pdu.encapsulated.length, ==, 64);
    pdu = PDU(PERIPHERAL(127), 25, 3, 1, 4);
    g_assert_cmpuint(pdu.io_capability.io, ==, BTBB_IO_NONE);
    g_assert_cmpuint(pdu.io_capability.oob, ==, 1);
    g_assert_cmpuint(pdu.io_capability.authentication, ==, 4);
    pdu = PDU(CENTRAL(11), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    g_assert_cmpuint(pdu.fault, ==, BTBB_LMP_OK);
    g_assert_cmpuint(pdu.bytes[16], ==, 15);
}

static enum btbb_dir proof_of(uint16_t code, uint8_t tid)
{
    uint8_t bytes[BTBB_LMP_BYTES] = {(uint8_t)((code >= BTBB_LMP_ESCAPED ? 127 : code) << 1 | tid)};

    if (code >= BTBB_LMP_ESCAPED)
        bytes[1] = (uint8_t)code;
    const struct btbb_lmp pdu = read_bytes(bytes, btbb_lmp_find(code)->bytes, true);

    return btbb_lmp_direction_proof(&pdu);
}

static void test_direction(void)
{
    static const struct {
        uint16_t code;
        enum btbb_dir tid0, tid1;
    } cases[] = {
        {BTBB_LMP_FEATURES_REQ, BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_TO_CENTRAL},
        {BTBB_LMP_DETACH, BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_TO_CENTRAL},
        {BTBB_LMP_SETUP_COMPLETE, BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_TO_CENTRAL},
        {BTBB_LMP_IO_CAPABILITY_REQ, BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_TO_CENTRAL},
        {BTBB_LMP_FEATURES_RES, BTBB_DIR_UNKNOWN, BTBB_DIR_UNKNOWN},
        {BTBB_LMP_ACCEPTED, BTBB_DIR_UNKNOWN, BTBB_DIR_UNKNOWN},
        {BTBB_LMP_AU_RAND, BTBB_DIR_UNKNOWN, BTBB_DIR_UNKNOWN},
        {BTBB_LMP_SLOT_OFFSET, BTBB_DIR_UNKNOWN, BTBB_DIR_UNKNOWN},
        {BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ, BTBB_DIR_UNKNOWN, BTBB_DIR_UNKNOWN},
        {BTBB_LMP_START_ENCRYPTION_REQ, BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_TO_PERIPHERAL},
        {BTBB_LMP_RESUME_ENCRYPTION_REQ, BTBB_DIR_TO_CENTRAL, BTBB_DIR_TO_CENTRAL},
        {BTBB_LMP_CLKOFFSET_RES, BTBB_DIR_TO_CENTRAL, BTBB_DIR_TO_CENTRAL},
        {BTBB_LMP_SET_AFH, BTBB_DIR_TO_PERIPHERAL, BTBB_DIR_UNKNOWN}, /* contradicts itself */
        {BTBB_LMP_CHANNEL_CLASSIFICATION, BTBB_DIR_UNKNOWN, BTBB_DIR_TO_CENTRAL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpuint(proof_of(cases[i].code, 0), ==, cases[i].tid0);
        g_assert_cmpuint(proof_of(cases[i].code, 1), ==, cases[i].tid1);
    }
}

static void test_names(void)
{
    g_assert_cmpstr(btbb_lmp_version_name(0), ==, "1.0b");
    g_assert_cmpstr(btbb_lmp_version_name(11), ==, "5.2");
    g_assert_cmpstr(btbb_lmp_version_name(15), ==, "6.1");
    g_assert_null(btbb_lmp_version_name(16));
    g_assert_null(btbb_lmp_version_name(200));
    g_assert_cmpstr(btbb_lmp_error_name(0x13), ==, "Remote User Terminated Connection");
    g_assert_null(btbb_lmp_error_name(0x2b));
    g_assert_null(btbb_lmp_error_name(0xff));
    g_assert_cmpstr(btbb_lmp_io_capability_name(BTBB_IO_NONE), ==, "NoInputNoOutput");
    g_assert_null(btbb_lmp_io_capability_name(4));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lmp/table", test_table);
    g_test_add_func("/lmp/lengths", test_lengths);
    g_test_add_func("/lmp/unknown", test_unknown);
    g_test_add_func("/lmp/answers", test_answers);
    g_test_add_func("/lmp/device", test_device);
    g_test_add_func("/lmp/connection", test_connection);
    g_test_add_func("/lmp/security", test_security);
    g_test_add_func("/lmp/direction", test_direction);
    g_test_add_func("/lmp/names", test_names);
    return g_test_run();
}
