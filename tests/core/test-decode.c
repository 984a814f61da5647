/* test-decode.c: no read beyond the captured bytes, and facts that agree with each other, whatever the bytes are.
 *
 *     test-decode FRAMES     the frames of tests/vectors/vectors-handmade.json as lines
 *
 * Every vector is cut at every length, and damaged in many ways. Each frame lies in an allocation of exactly its
 * length, so that a sanitizer sees any read outside.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "decode/decode.h"

#define ETHERNET_HEADER 14u

struct vector {
    bool rf;
    uint32_t length;
    uint8_t *bytes;
};

static GArray *vectors;

static struct vector vector_of(const char *encap, const char *hex)
{
    struct vector v = {.rf = strcmp(encap, "bredr_bb") == 0, .length = (uint32_t)strlen(hex) / 2};

    v.bytes = g_malloc(v.length);
    for (uint32_t i = 0; i < v.length; i++)
        v.bytes[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    return v;
}

/* Lines "ENCAP HEX REPORTED" (vectors-as-lines.py). */
static void load(const char *name)
{
    char *text;

    vectors = g_array_new(FALSE, FALSE, sizeof(struct vector));
    g_assert_true(g_file_get_contents(name, &text, NULL, NULL));
    char **lines = g_strsplit(g_strchomp(text), "\n", -1);
    for (char **line = lines; *line; line++) {
        char **words = g_strsplit(*line, " ", -1);

        g_assert_cmpuint(g_strv_length(words), ==, 3);
        const struct vector vector = vector_of(words[0], words[1]);
        g_array_append_val(vectors, vector);
        g_strfreev(words);
    }
    g_strfreev(lines);
    g_free(text);
}

/* What must hold for any frame. */
static void check_facts(const struct btbb_frame *frame, const struct btbb_facts *f)
{
    const struct btbb_payload *p = &f->payload;

    g_assert_cmpuint(p->captured, <=, p->reported);
    g_assert_cmpuint((uint64_t)p->offset + p->captured, <=, p->captured ? frame->captured : UINT32_MAX);
    g_assert_cmpuint(f->type, <, 16);
    g_assert_cmpuint(f->lt_addr, <, 8);
    g_assert_true(f->packet_class != BTBB_CLASS_HEADER || f->has_type);
    g_assert_true(f->packet_class != BTBB_CLASS_ID || f->padded_id || f->header_state == BTBB_HEADER_NONE);
    g_assert_true(f->malformed || f->packet_class != BTBB_CLASS_ID || f->crc_check != BTBB_CHECK_GOOD);
    g_assert_true((f->hec_check == BTBB_CHECK_ABSENT) == (!f->has_hec || f->padded_id));
    g_assert_true(!f->kind || (p->parsed && f->kind->type == f->type && f->confidence >= BTBB_CONFIDENCE_BAD_CRC));
    g_assert_true((f->crc_check == BTBB_CHECK_GOOD) == (f->confidence == BTBB_CONFIDENCE_PROVEN));
    g_assert_true((f->crc_check != BTBB_CHECK_ABSENT) == p->has_crc);
    if (!p->parsed)
        return;
    g_assert_cmpuint((uint64_t)p->body_offset + p->body_bytes + p->trailing_bytes, <=, p->reported);
    g_assert_false(p->length_beyond_type || p->length_beyond_data);
    if (p->header_bytes)
        g_assert_cmpuint(p->voice_bytes + p->header_bytes, <=, p->captured);
    if (p->has_crc) {
        g_assert_cmpuint(p->crc_offset + 2, <=, p->captured);
        g_assert_cmpuint(p->crc_offset + 2 + p->trailing_bytes, ==, p->reported);
        g_assert_cmpuint(p->crc_offset, ==, p->body_offset + p->body_bytes + (p->mic ? 4 : 0));
    }
}

static void decode_and_check(const struct vector *vector, const uint8_t *bytes, uint32_t captured, uint32_t reported)
{
    const uint32_t skip = vector->rf ? 0 : ETHERNET_HEADER;
    struct btbb_frame frame = {.format = vector->rf ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY,
                               .captured = captured - skip,
                               .reported = reported - skip};
    uint8_t *copy = captured > skip ? g_memdup2(bytes + skip, captured - skip) : NULL;
    struct btbb_facts facts;

    frame.bytes = copy;
    if (!vector->rf) {
        memcpy(frame.dst, bytes, 6);
        memcpy(frame.src, bytes + 6, 6);
    }
    btbb_decode(&frame, &facts);
    check_facts(&frame, &facts);
    btbb_check_with_uap(&frame, &facts, true, 0x61);
    check_facts(&frame, &facts);
    btbb_check_with_uap(&frame, &facts, false, 0);
    check_facts(&frame, &facts);
    g_free(copy);
}

static void test_every_cut(void)
{
    for (guint i = 0; i < vectors->len; i++) {
        const struct vector *v = &g_array_index(vectors, struct vector, i);

        for (uint32_t length = v->rf ? 0 : ETHERNET_HEADER; length <= v->length; length++) {
            decode_and_check(v, v->bytes, length, v->length);
            decode_and_check(v, v->bytes, length, length);
            decode_and_check(v, v->bytes, length, UINT32_MAX);
        }
    }
}

static void test_damage(void)
{
    GRand *random = g_rand_new_with_seed(11);

    for (guint i = 0; i < vectors->len; i++) {
        const struct vector *v = &g_array_index(vectors, struct vector, i);

        for (int round = 0; round < 400; round++) {
            uint8_t *bytes = g_memdup2(v->bytes, v->length);
            const int flips = g_rand_int_range(random, 1, 6);

            for (int flip = 0; flip < flips; flip++)
                bytes[g_rand_int_range(random, 0, (gint32)MIN(v->length, 60))] ^=
                    (uint8_t)(1u << g_rand_int_range(random, 0, 8));
            decode_and_check(v, bytes, v->length, v->length);
            g_free(bytes);
        }
    }
    g_rand_free(random);
}

/* Checking with another UAP leaves nothing behind: afterwards the first UAP gives the same facts again. */
static void test_checking_again(void)
{
    for (guint i = 0; i < vectors->len; i++) {
        const struct vector *v = &g_array_index(vectors, struct vector, i);
        const uint32_t skip = v->rf ? 0 : ETHERNET_HEADER;
        struct btbb_frame frame = {.format = v->rf ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY,
                                   .bytes = v->bytes + skip,
                                   .captured = v->length - skip,
                                   .reported = v->length - skip};
        struct btbb_facts first, again;

        if (!v->rf) {
            memcpy(frame.dst, v->bytes, 6);
            memcpy(frame.src, v->bytes + 6, 6);
        }
        btbb_decode(&frame, &first);
        btbb_decode(&frame, &again);
        btbb_check_with_uap(&frame, &again, true, (uint8_t)(first.uap + 1));
        btbb_check_with_uap(&frame, &again, false, 0);
        btbb_check_with_uap(&frame, &again, first.uap_known, first.uap);
        g_assert_true(first.kind == again.kind);
        g_assert_cmpint(first.hec_check, ==, again.hec_check);
        g_assert_cmpint(first.crc_check, ==, again.crc_check);
        g_assert_cmpint(first.confidence, ==, again.confidence);
        g_assert_cmpint(first.packet_class, ==, again.packet_class);
        g_assert_cmpint(first.payload.mic, ==, again.payload.mic);
        g_assert_cmpuint(first.payload.body_bytes, ==, again.payload.body_bytes);
        g_assert_cmpuint(first.payload.trailing_bytes, ==, again.payload.trailing_bytes);
        g_assert_cmpint(first.has_fhs, ==, again.has_fhs);
    }
}

static struct btbb_facts decode_hex(bool rf, const char *hex)
{
    struct vector v = {.rf = rf, .length = (uint32_t)strlen(hex) / 2};
    uint8_t bytes[256];
    struct btbb_frame frame = {.format = rf ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY};
    struct btbb_facts facts;
    const uint32_t skip = rf ? 0 : ETHERNET_HEADER;

    for (uint32_t i = 0; i < v.length; i++)
        bytes[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    memcpy(frame.dst, bytes, 6);
    memcpy(frame.src, bytes + 6, 6);
    frame.bytes = bytes + skip;
    frame.captured = frame.reported = v.length - skip;
    btbb_decode(&frame, &facts);
    return facts;
}

/* An access code padded by Ethernet is no NULL packet. The notebook's columns are those of its code. */
static void test_padded_id(void)
{
    char *hex = g_strconcat("0000000000000000004831ddfff0", "00000000000000000000000000000000",
                            "0000000000000000000000000000"
                            "0000000000000000000000000000000000",
                            NULL);
    const struct btbb_facts f = decode_hex(false, hex);

    g_assert_true(f.padded_id && f.packet_class == BTBB_CLASS_ID && f.has_type && !f.has_clk1 && !f.kind);
    g_assert_cmpint(f.hec_check, ==, BTBB_CHECK_ABSENT);
    g_assert_true(f.nb_has_to_master && f.nb_to_master && f.nb_payload);
    g_free(hex);
}

/* Zero bytes pass HEC and CRC of UAP 0, and prove nothing. The NAP 0001 makes the UAP 0 a known one. */
static void test_zero_proves_nothing(void)
{
    const struct btbb_facts header = decode_hex(false, "0000000000000001004831ddfff02a00000027001800d3");
    const struct btbb_facts zero = decode_hex(false, "0000000000000001004831ddfff02a0000002700000000");
    const struct btbb_facts crc = decode_hex(false, "0000000000000001004831ddfff02a00000027001800b1000000");

    g_assert_true(zero.uap_known && zero.packet_class == BTBB_CLASS_HEADER &&
                  zero.kind == &btbb_packet_types[BTBB_KIND_NULL]);
    g_assert_cmpint(zero.hec_check, ==, BTBB_CHECK_UNVERIFIED);
    g_assert_cmphex(header.hec_computed, ==, 0xb1);
    g_assert_cmpint(header.hec_check, ==, BTBB_CHECK_BAD);
    g_assert_cmpint(crc.hec_check, ==, BTBB_CHECK_GOOD);
    g_assert_true(crc.kind == &btbb_packet_types[BTBB_KIND_DM1]);
    g_assert_cmpint(crc.crc_check, ==, BTBB_CHECK_UNVERIFIED);
    g_assert_cmpint(crc.confidence, ==, BTBB_CONFIDENCE_EXACT);
    g_assert_false(crc.crc_implies_uap);
}

/* Rate 0xff, still whitened, header zero: three ways not to have a header. */
static void test_rf_without_header(void)
{
    const struct btbb_facts id = decode_hex(true, "27d8a600ff000000dd314800dd314861898203009703");
    const struct btbb_facts whitened = decode_hex(true, "27d8a60030000000dd314800dd314861898203009603");
    const struct btbb_facts zero = decode_hex(true, "27d8a60030000000dd314800dd314861000000009703");
    const struct btbb_facts other = decode_hex(true, "27d8a60030000000dd314800ee314861898203009703");

    g_assert_true(id.packet_class == BTBB_CLASS_ID && !id.has_type && id.header_state == BTBB_HEADER_NONE);
    g_assert_true(whitened.packet_class == BTBB_CLASS_UNDECODED && !whitened.has_type &&
                  whitened.header_state == BTBB_HEADER_WHITENED);
    g_assert_true(zero.packet_class == BTBB_CLASS_ID && !zero.has_type && zero.header_state == BTBB_HEADER_NONE);
    g_assert_true(other.packet_class == BTBB_CLASS_HEADER && other.has_ref_uap && !other.uap_known);
    g_assert_cmpint(other.hec_check, ==, BTBB_CHECK_UNVERIFIED);
}

/* A record with header 0: a payload with good CRC is that of a packet whose header was not recorded. Without the right
 * UAP (72 instead of 70) nothing proves that there was a packet. */
static void test_header_not_recorded(void)
{
    const struct btbb_facts good = decode_hex(true, "22e0ae0001000000dd314800dd31487000000000b700"
                                                    "660800010009ea040061636b219549");
    const struct btbb_facts bad = decode_hex(true, "22e0ae0001000000dd314800dd31487200000000b700"
                                                   "660800010009ea040061636b219549");

    g_assert_true(good.header_state == BTBB_HEADER_NONE && !good.has_type && !good.kind);
    g_assert_cmpint(good.packet_class, ==, BTBB_CLASS_UNDECODED);
    g_assert_cmpint(good.crc_check, ==, BTBB_CHECK_GOOD);
    g_assert_true(good.payload.parsed && good.payload.llid == 2 && good.payload.length == 12);
    g_assert_cmpint(bad.packet_class, ==, BTBB_CLASS_ID);
    g_assert_cmpint(bad.crc_check, ==, BTBB_CHECK_ABSENT);
    g_assert_true(bad.crc_implies_uap && bad.crc_implied_uap == 0x70);
}

/* Without the flag "de-whitened": a header word of 0 without payload is no header, with payload or not 0 it is
 * noise. */
static void test_rf_whitened(void)
{
    static const struct {
        const char *hex;
        enum btbb_header_state state;
        enum btbb_class packet_class;
    } known[] = {
        {"00d8a8000000ffffdd31480000000000000000000c00", BTBB_HEADER_NONE, BTBB_CLASS_ID},
        {"00d8a8000000ffffdd31480000000000000000000c00"
         "a5c31704b2e93f",
         BTBB_HEADER_WHITENED, BTBB_CLASS_UNDECODED},
        {"00d8a8000000ffffdd31480000000000010000000c00", BTBB_HEADER_WHITENED, BTBB_CLASS_UNDECODED},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        const struct btbb_facts f = decode_hex(true, known[i].hex);

        g_assert_cmpint(f.header_state, ==, known[i].state);
        g_assert_cmpint(f.packet_class, ==, known[i].packet_class);
        g_assert_true(!f.has_type && !f.payload.parsed && !f.crc_implies_uap);
    }
}

/* The one rule for the address of a legacy frame: source, destination where only that is set, the peer's where both
 * are: the receiver's of a packet that was sent (bit 0 of CLK is 0), otherwise the sender's. */
static void test_legacy_address(void)
{
    static const struct {
        const char *hex;
        enum btbb_encap encap;
        uint32_t lap;
        uint16_t nap;
        uint8_t uap;
        enum btbb_own own;
    } known[] = {
        {"000000000000"
         "0011614831ddfff0",
         BTBB_ENCAP_LEGACY, 0x4831dd, 0x0011, 0x61, BTBB_OWN_UNKNOWN},
        {"0011614831dd"
         "000000000000fff0",
         BTBB_ENCAP_LEGACY, 0x4831dd, 0x0011, 0x61, BTBB_OWN_UNKNOWN},
        {"0000614831dd"
         "000000000000fff00100000027000907"
         "77",
         BTBB_ENCAP_LEGACY, 0x4831dd, 0, 0x61, BTBB_OWN_UNKNOWN},
        {"000000000000"
         "000000000000fff0",
         BTBB_ENCAP_LEGACY, 0, 0, 0, BTBB_OWN_UNKNOWN},
        {"0011614831dd"
         "0022629a8b7cfff00000000000001900"
         "00",
         BTBB_ENCAP_INTERNALBLUE, 0x4831dd, 0x0011, 0x61, BTBB_OWN_SENT},
        {"0011614831dd"
         "0022629a8b7cfff00100000000001900"
         "00",
         BTBB_ENCAP_INTERNALBLUE, 0x9a8b7c, 0x0022, 0x62, BTBB_OWN_RECEIVED},
        {"0011614831dd"
         "0022629a8b7cfff0000000",
         BTBB_ENCAP_INTERNALBLUE, 0x9a8b7c, 0x0022, 0x62, BTBB_OWN_UNKNOWN},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        const struct btbb_facts f = decode_hex(false, known[i].hex);

        g_assert_cmpint(f.encap, ==, known[i].encap);
        g_assert_cmphex(f.lap, ==, known[i].lap);
        g_assert_cmphex(f.nap, ==, known[i].nap);
        g_assert_cmphex(f.uap, ==, known[i].uap);
        g_assert_cmpint(f.own, ==, known[i].own);
        g_assert_cmpint(f.has_clk1, ==, known[i].encap == BTBB_ENCAP_LEGACY && f.has_clk);
    }
}

static void test_length_blame(void)
{
    const struct btbb_facts type = decode_hex(false, "0000000000000000614831ddfff02a0000002700190587"
                                                     "ffa06ac67012bc3b0a6f2b3b3a");
    const struct btbb_facts data = decode_hex(false, "0000000000000000614831ddfff02a0000002700190587"
                                                     "8ea06ac67012bc3b0a6f2b3b3a");

    g_assert_true(type.payload.length_beyond_type && type.payload.length_beyond_data && !type.kind);
    g_assert_true(!data.payload.length_beyond_type && data.payload.length_beyond_data && !data.kind);
}

/* The steps of confidence, on a DM1 with a body of ten bytes. */
static void test_confidence(void)
{
    static const struct {
        const char *uap, *payload;
        enum btbb_confidence confidence;
        enum btbb_check crc;
        uint32_t trailing;
        bool resolved;
    } steps[] = {
        {"61", "5606004400a102000100005350", BTBB_CONFIDENCE_PROVEN, BTBB_CHECK_GOOD, 0, true},
        {"61", "5606004400a10200010000535077", BTBB_CONFIDENCE_PROVEN, BTBB_CHECK_GOOD, 1, true},
        {"00", "5606004400a102000100005350", BTBB_CONFIDENCE_EXACT, BTBB_CHECK_UNVERIFIED, 0, true},
        {"00", "5606004400a10200010000535077", BTBB_CONFIDENCE_PLAUSIBLE, BTBB_CHECK_ABSENT, 0, false},
        {"61", "5606004400a102000100005351", BTBB_CONFIDENCE_BAD_CRC, BTBB_CHECK_BAD, 0, true},
        {"61", "5606004400a10200010000535177", BTBB_CONFIDENCE_PLAUSIBLE, BTBB_CHECK_ABSENT, 0, false},
        {"61", "5606004400a1020001000053", BTBB_CONFIDENCE_NONE, BTBB_CHECK_ABSENT, 0, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        char *hex =
            g_strconcat("0000000000000000", steps[i].uap, "4831ddfff03b0000002700190587", steps[i].payload, NULL);
        const struct btbb_facts f = decode_hex(false, hex);

        g_assert_cmpint(f.confidence, ==, steps[i].confidence);
        g_assert_cmpint(f.crc_check, ==, steps[i].crc);
        g_assert_cmpuint(f.payload.trailing_bytes, ==, steps[i].trailing);
        g_assert_cmpint(f.kind == &btbb_packet_types[BTBB_KIND_DM1], ==, steps[i].resolved);
        g_free(hex);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    load(argv[1]);
    g_assert_cmpuint(vectors->len, ==, 70);
    g_test_add_func("/decode/every-cut", test_every_cut);
    g_test_add_func("/decode/damage", test_damage);
    g_test_add_func("/decode/checking-again", test_checking_again);
    g_test_add_func("/decode/padded-id", test_padded_id);
    g_test_add_func("/decode/zero-proves-nothing", test_zero_proves_nothing);
    g_test_add_func("/decode/rf-without-header", test_rf_without_header);
    g_test_add_func("/decode/header-not-recorded", test_header_not_recorded);
    g_test_add_func("/decode/rf-whitened", test_rf_whitened);
    g_test_add_func("/decode/legacy-address", test_legacy_address);
    g_test_add_func("/decode/confidence", test_confidence);
    g_test_add_func("/decode/length-blame", test_length_blame);
    const int result = g_test_run();

    for (guint i = 0; i < vectors->len; i++)
        g_free(g_array_index(vectors, struct vector, i).bytes);
    g_array_free(vectors, TRUE);
    return result;
}
