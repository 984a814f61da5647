/* test-layers.c: the baseband frame inside a packet of every link layer and tunnel that is read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "decode/layers.h"

#define PACKET_MAX 256u

struct packet {
    uint8_t bytes[PACKET_MAX];
    uint32_t length;
};

/* Bytes from hexadecimal digits; blanks are skipped. */
static struct packet from_hex(const char *hex)
{
    struct packet packet = {.length = 0};

    while (*hex) {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        g_assert_cmpuint(packet.length, <, PACKET_MAX);
        packet.bytes[packet.length++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
        hex += 2;
    }
    return packet;
}

/* The inner Ethernet header, with the LAP aa:bb:cc, and the legacy payload after it. */
#define INNER "000000000000 000000aabbcc fff0 1a00"
/* An outer Ethernet header without its ethertype, with the LAP 11:22:33. */
#define OUTER "000000000000 000000112233"
/* An IPv4 header of 20 bytes and an IPv6 header, with room for the inner frame and a few bytes more. */
#define IPV4(length, fragment, protocol) "0800 45 00" length "0001" fragment "40" protocol "0000 0a000001 0a000002"
#define IPV6(length, next)                                                                                             \
    "86dd 60000000" length next "40 fe80000000000000 0000000000000001 fe80000000000000 0000000000000002"

struct row {
    const char *name;
    uint32_t linktype;
    const char *hex;
    const char *lap;    /* of the frame's source address, hexadecimal; NULL: no frame */
    uint32_t captured;  /* bytes of the frame */
    const char *tunnel; /* that was not looked into; NULL: none */
};

static const struct row rows[] = {
    {"ethernet", 1, INNER, "aabbcc", 2, NULL},
    {"another ethertype", 1, OUTER "1234 1a00", NULL, 0, NULL},
    {"no whole header", 1, "0000", NULL, 0, NULL},
    {"VLAN tag", 1, OUTER "8100 0005 fff0 1a00", "112233", 2, NULL},
    {"two tags", 1, OUTER "88a8 0005 9100 0006 fff0 1a00", "112233", 2, NULL},
    {"a tag that is cut", 1, OUTER "8100 0005 ff", NULL, 0, NULL},
    {"802.1ah", 1, OUTER "88e7 00000000 " INNER, "112233", 2, NULL},
    {"ethernet in ethernet", 1, OUTER "6558 " INNER, "aabbcc", 2, NULL},
    {"LLC and SNAP", 1, OUTER "000a aaaa03 000000 fff0 1a00", "112233", 2, NULL},
    {"SNAP with padding", 1, OUTER "000a aaaa03 000000 fff0 1a00 000000000000", "112233", 2, NULL},
    {"SNAP of another organisation", 1, OUTER "000a aaaa03 00000c fff0 1a00", NULL, 0, NULL},
    {"GRE", 1, OUTER IPV4("0028", "0000", "2f") "0000 6558 " INNER, "aabbcc", 2, NULL},
    {"GRE with padding below", 1, OUTER IPV4("0028", "0000", "2f") "0000 6558 " INNER "0000", "aabbcc", 2, NULL},
    {"GRE with checksum, key and number", 1,
     OUTER IPV4("0034", "0000", "2f") "b000 6558 000000000000000000000000 " INNER, "aabbcc", 2, NULL},
    {"GRE with a source route", 1, OUTER IPV4("002c", "0000", "2f") "4000 6558 00000000 " INNER, NULL, 0, NULL},
    {"GRE of version 1", 1, OUTER IPV4("0028", "0000", "2f") "0001 6558 " INNER, NULL, 0, NULL},
    {"GRE over IPv6", 1, OUTER IPV6("0014", "2f") "0000 6558 " INNER, "aabbcc", 2, NULL},
    {"IPv6 with options", 1, OUTER IPV6("001c", "00") "2f00 000000000000 0000 6558 " INNER, "aabbcc", 2, NULL},
    {"IPv6 options that are cut", 1, OUTER IPV6("001c", "00") "2fff 000000000000 0000 6558 " INNER, NULL, 0, NULL},
    {"IP in IP", 1, OUTER IPV4("003c", "0000", "04") "45000028 00010000 402f0000 0a000001 0a000002 0000 6558 " INNER,
     "aabbcc", 2, NULL},
    {"VXLAN", 1, OUTER IPV4("0034", "0000", "11") "9c40 12b5 0020 0000 0800000000000100 " INNER, "aabbcc", 2, NULL},
    {"VXLAN from its port", 1, OUTER IPV4("0034", "0000", "11") "12b5 9c40 0020 0000 0800000000000100 " INNER, "aabbcc",
     2, NULL},
    {"another UDP port", 1, OUTER IPV4("0034", "0000", "11") "9c40 9c40 0020 0000 0800000000000100 " INNER, NULL, 0,
     NULL},
    {"Geneve with options", 1, OUTER IPV4("0038", "0000", "11") "9c40 17c1 0024 0000 0100655800000100 00000000 " INNER,
     "aabbcc", 2, NULL},
    {"EtherIP", 1, OUTER IPV4("0026", "0000", "61") "3000 " INNER, "aabbcc", 2, NULL},
    {"fragment of a tunnel", 1, OUTER IPV4("0028", "2000", "2f") "0000 6558 " INNER, NULL, 0, "IP fragments"},
    {"fragment of something else", 1, OUTER IPV4("0028", "2000", "06") "0000 6558 " INNER, NULL, 0, NULL},
    {"MPLS", 1, OUTER "8847 00010140 " INNER, NULL, 0, "MPLS"},
    {"TRILL", 1, OUTER "22f3 000000010002 " INNER, NULL, 0, "TRILL"},
    {"ERSPAN", 1, OUTER IPV4("0028", "0000", "2f") "0000 88be " INNER, NULL, 0, "ERSPAN"},
    {"L2TP over UDP", 1, OUTER IPV4("0034", "0000", "11") "06a5 06a5 0020 0000 00", NULL, 0, "L2TP"},
    {"Linux cooked", 113, "0000 0001 0006 000000aabbcc0000 fff0 1a00", "aabbcc", 2, NULL},
    {"Linux cooked, no address", 113, "0000 0001 0000 0000000000000000 fff0 1a00", "000000", 2, NULL},
    {"Linux cooked version 2", 276, "fff0 0000 00000001 0001 00 06 000000aabbcc0000 1a00", "aabbcc", 2, NULL},
    {"PPI around 255", 192, "0000 0800 ff000000 010203", "000000", 3, NULL},
    {"PPI around Ethernet, with fields", 192, "0000 1200 01000000 dead0200 beef 0500 0000 " INNER, "aabbcc", 2, NULL},
    {"PPI with aligned fields", 192, "0001 1300 01000000 dead0200 beef 0000 05000100 11 000000 " INNER, "aabbcc", 2,
     NULL},
    {"PPI with fields that are not aligned", 192, "0000 0e00 01000000 dead0200 beef " INNER, "aabbcc", 2, NULL},
    {"PPI header too short, read as the least one", 192, "0000 0700 01000000 " INNER, "aabbcc", 2, NULL},
    {"PPI field longer than the header", 192, "0000 0c00 01000000 dead0200 beef " INNER, "aabbcc", 2, NULL},
    {"PPI field longer than the packet", 192, "0000 0c00 01000000 deadbeef " INNER, NULL, 0, NULL},
    {"PPI header longer than the packet", 192, "0000 ffff 01000000 " INNER, NULL, 0, NULL},
    {"raw IP", 101, "45000028 00010000 402f0000 0a000001 0a000002 0000 6558 " INNER, "aabbcc", 2, NULL},
    {"BSD loopback", 0, "02000000 45000028 00010000 402f0000 0a000001 0a000002 0000 6558 " INNER, "aabbcc", 2, NULL},
    {"255", 255, "0102", "000000", 2, NULL},
    {"another link type", 147, INNER, NULL, 0, NULL},
};

/* Records of controllers, which have no addresses: how they are recognised. Layers that show a direction. */
static const struct controller_row {
    uint32_t linktype;
    bool stripped;
    uint16_t opcode;
    enum btbb_own own; /* given with the packet */
    const char *hex;
    enum btbb_capture_format format; /* BTBB_CAPTURE_FORMATS: no frame */
    enum btbb_own found_own;
    uint32_t captured;
} controller_rows[] = {
    {187, false, 0, BTBB_OWN_UNKNOWN, "09 010203", BTBB_CAPTURE_ESP32, BTBB_OWN_UNKNOWN, 3},
    {187, false, 0, BTBB_OWN_RECEIVED, "09 010203", BTBB_CAPTURE_ESP32, BTBB_OWN_RECEIVED, 3},
    {187, false, 0, BTBB_OWN_UNKNOWN, "07", BTBB_CAPTURE_BROADCOM, BTBB_OWN_UNKNOWN, 0},
    {187, false, 0, BTBB_OWN_UNKNOWN, "04 0e00", BTBB_CAPTURE_FORMATS, BTBB_OWN_UNKNOWN, 0},
    {187, false, 0, BTBB_OWN_UNKNOWN, "", BTBB_CAPTURE_FORMATS, BTBB_OWN_UNKNOWN, 0},
    {201, false, 0, BTBB_OWN_RECEIVED, "00000000 09 01", BTBB_CAPTURE_ESP32, BTBB_OWN_SENT, 1},
    {201, false, 0, BTBB_OWN_UNKNOWN, "00000001 07 0102", BTBB_CAPTURE_BROADCOM, BTBB_OWN_RECEIVED, 2},
    {201, false, 0, BTBB_OWN_UNKNOWN, "000000", BTBB_CAPTURE_FORMATS, BTBB_OWN_UNKNOWN, 0},
    {201, true, 0, BTBB_OWN_SENT, "09 01", BTBB_CAPTURE_ESP32, BTBB_OWN_SENT, 1},
    {254, false, 0, BTBB_OWN_UNKNOWN, "0001 000b 00", BTBB_CAPTURE_MONITOR, BTBB_OWN_UNKNOWN, 1},
    {254, false, 0, BTBB_OWN_UNKNOWN, "000b 0003 00", BTBB_CAPTURE_FORMATS, BTBB_OWN_UNKNOWN, 0},
    {254, true, 11, BTBB_OWN_UNKNOWN, "00", BTBB_CAPTURE_MONITOR, BTBB_OWN_UNKNOWN, 1},
    {254, true, 3, BTBB_OWN_UNKNOWN, "00", BTBB_CAPTURE_FORMATS, BTBB_OWN_UNKNOWN, 0},
    {BTBB_LINKTYPE_LOGGER, false, 0, BTBB_OWN_UNKNOWN, "0a 4e", BTBB_CAPTURE_LOGGER_SENT, BTBB_OWN_UNKNOWN, 1},
    {BTBB_LINKTYPE_LOGGER, false, 0, BTBB_OWN_UNKNOWN, "0b 4e", BTBB_CAPTURE_LOGGER_RECEIVED, BTBB_OWN_UNKNOWN, 1},
    {BTBB_LINKTYPE_LOGGER, false, 0, BTBB_OWN_UNKNOWN, "09 4e", BTBB_CAPTURE_FORMATS, BTBB_OWN_UNKNOWN, 0},
    {113, false, 0, BTBB_OWN_UNKNOWN, "0000 0001 0006 000000aabbcc0000 fff0 1a00", BTBB_CAPTURE_LEGACY,
     BTBB_OWN_RECEIVED, 2},
    {113, false, 0, BTBB_OWN_UNKNOWN, "0003 0001 0006 000000aabbcc0000 fff0 1a00", BTBB_CAPTURE_LEGACY,
     BTBB_OWN_UNKNOWN, 2},
    {113, false, 0, BTBB_OWN_RECEIVED, "0004 0001 0006 000000aabbcc0000 fff0 1a00", BTBB_CAPTURE_LEGACY, BTBB_OWN_SENT,
     2},
    {276, false, 0, BTBB_OWN_UNKNOWN, "fff0 0000 00000001 0001 04 06 000000aabbcc0000 1a00", BTBB_CAPTURE_LEGACY,
     BTBB_OWN_SENT, 2},
    {192, false, 0, BTBB_OWN_UNKNOWN, "0000 0800 c9000000 00000001 09 01", BTBB_CAPTURE_ESP32, BTBB_OWN_RECEIVED, 1},
};

static void test_controllers(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(controller_rows); i++) {
        const struct controller_row *row = &controller_rows[i];
        const struct packet bytes = from_hex(row->hex);
        const struct btbb_raw_packet packet = {.linktype = row->linktype,
                                               .bytes = {bytes.bytes, bytes.length},
                                               .reported = bytes.length,
                                               .stripped = row->stripped,
                                               .own = row->own,
                                               .opcode = row->opcode};
        struct btbb_frame frame = {.format = BTBB_CAPTURE_FORMATS};
        enum btbb_tunnel tunnel;
        const enum btbb_found found = btbb_find_frame(&packet, &frame, &tunnel);

        g_test_message("%s", row->hex);
        g_assert_cmpint(frame.format, ==, row->format);
        g_assert_cmpint(found, ==, row->format == BTBB_CAPTURE_FORMATS ? BTBB_FOUND_NOTHING : BTBB_FOUND_FRAME);
        if (found == BTBB_FOUND_FRAME) {
            g_assert_cmpint(frame.own, ==, row->found_own);
            g_assert_cmpuint(frame.captured, ==, row->captured);
            g_assert_cmpuint(frame.reported, ==, row->captured);
        }
    }
}

static enum btbb_found find(uint32_t linktype, const uint8_t *bytes, uint32_t captured, uint32_t reported, uint32_t fcs,
                            struct btbb_frame *frame, enum btbb_tunnel *tunnel)
{
    /* A copy of the exact size: the address sanitizer sees any read beyond it. */
    uint8_t *copy = g_memdup2(bytes, captured);
    const struct btbb_raw_packet packet = {
        .linktype = linktype, .bytes = {copy, captured}, .reported = reported, .fcs = fcs};
    const enum btbb_found found = btbb_find_frame(&packet, frame, tunnel);

    if (found == BTBB_FOUND_FRAME && frame->captured > 0)
        g_assert_true(frame->bytes >= copy && frame->bytes + frame->captured <= copy + captured);
    g_free(copy);
    return found;
}

static void test_rows(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct row *row = &rows[i];
        const struct packet packet = from_hex(row->hex);
        struct btbb_frame frame = {.captured = 0};
        enum btbb_tunnel tunnel = BTBB_TUNNELS;
        const enum btbb_found found =
            find(row->linktype, packet.bytes, packet.length, packet.length, 0, &frame, &tunnel);

        g_test_message("%s", row->name);
        if (row->lap) {
            char *lap = g_strdup_printf("%02x%02x%02x", frame.src[3], frame.src[4], frame.src[5]);

            g_assert_cmpint(found, ==, BTBB_FOUND_FRAME);
            g_assert_cmpstr(lap, ==, row->lap);
            g_assert_cmpuint(frame.captured, ==, row->captured);
            g_assert_cmpuint(frame.reported, ==, row->captured);
            g_free(lap);
        } else {
            g_assert_cmpint(found, ==, row->tunnel ? BTBB_FOUND_TUNNEL : BTBB_FOUND_NOTHING);
            if (row->tunnel)
                g_assert_cmpstr(btbb_tunnel_names[tunnel], ==, row->tunnel);
        }
    }
}

/* A packet that ends anywhere is never read beyond its end, and lengths stay in order. */
static void test_cut_anywhere(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct packet packet = from_hex(rows[i].hex);

        for (uint32_t length = 0; length <= packet.length; length++) {
            struct btbb_frame frame = {.captured = 0};
            enum btbb_tunnel tunnel;

            if (find(rows[i].linktype, packet.bytes, length, packet.length, 0, &frame, &tunnel) == BTBB_FOUND_FRAME)
                g_assert_cmpuint(frame.captured, <=, frame.reported);
        }
    }
}

/* The inline function for usual packets gives what the walk gives. */
static void test_usual_packet(void)
{
    const struct packet bytes = from_hex(INNER "0009 0392 00000000");

    for (uint32_t fcs = 0; fcs <= 4; fcs += 2)
        for (uint32_t reported = 0; reported < 40; reported++) {
            const struct btbb_raw_packet packet = {
                .linktype = 1, .bytes = {bytes.bytes, bytes.length}, .reported = reported, .fcs = fcs};
            struct btbb_frame quick = {.captured = 0}, walked = {.captured = 0};
            enum btbb_tunnel tunnel;

            g_assert_true(btbb_find_ethernet_frame(&packet, &quick));
            g_assert_cmpint(btbb_find_frame(&packet, &walked, &tunnel), ==, BTBB_FOUND_FRAME);
            g_assert_cmpmem(quick.src, 6, walked.src, 6);
            g_assert_true(quick.bytes == walked.bytes);
            g_assert_cmpuint(quick.captured, ==, walked.captured);
            g_assert_cmpuint(MAX(quick.reported, quick.captured), ==, MAX(walked.reported, walked.captured));
        }
}

/* Wireshark removes a frame check sequence from a payload, captured or not, that is at least as long. */
static void test_frame_check_sequence(void)
{
    static const struct {
        uint32_t captured, reported; /* of the packet */
        uint32_t kept, whole;        /* of the frame */
    } cases[] = {
        {27, 16, 9, 9}, /* the file gives fewer bytes than it holds */
        {17, 17, 3, 3}, /* a payload shorter than the sequence */
        {18, 18, 0, 0}, /* just as long */
        {20, 27, 6, 9}, /* cut inside the payload */
        {25, 27, 9, 9}, /* cut inside the sequence */
    };
    const struct packet bytes = from_hex(OUTER "fff0 1a000000 27 00 09 03 92 00000000");

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct btbb_frame frame = {.captured = 0};
        enum btbb_tunnel tunnel;

        g_assert_cmpint(find(1, bytes.bytes, cases[i].captured, cases[i].reported, 4, &frame, &tunnel), ==,
                        BTBB_FOUND_FRAME);
        g_assert_cmpuint(frame.captured, ==, cases[i].kept);
        g_assert_cmpuint(frame.reported, ==, cases[i].whole);
    }
}

/* Layers that never end are given up, and reported. */
static void test_endless_tags(void)
{
    uint8_t bytes[14 + 4 * 100] = {0};

    for (size_t at = 12; at + 4 <= sizeof bytes; at += 4)
        bytes[at] = 0x81;
    struct btbb_frame frame;
    enum btbb_tunnel tunnel;

    g_assert_cmpint(find(1, bytes, sizeof bytes, sizeof bytes, 0, &frame, &tunnel), ==, BTBB_FOUND_TUNNEL);
    g_assert_cmpint(tunnel, ==, BTBB_TUNNEL_DEPTH);
}

static void test_link_types(void)
{
    g_assert_true(btbb_linktype_is_read(0) && btbb_linktype_is_read(1) && btbb_linktype_is_read(113) &&
                  btbb_linktype_is_read(192) && btbb_linktype_is_read(255) && btbb_linktype_is_read(276));
    g_assert_false(btbb_linktype_is_read(105) || btbb_linktype_is_read(251) || btbb_linktype_is_read(UINT32_MAX));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layers/rows", test_rows);
    g_test_add_func("/layers/controllers", test_controllers);
    g_test_add_func("/layers/cut-anywhere", test_cut_anywhere);
    g_test_add_func("/layers/usual-packet", test_usual_packet);
    g_test_add_func("/layers/frame-check-sequence", test_frame_check_sequence);
    g_test_add_func("/layers/endless-tags", test_endless_tags);
    g_test_add_func("/layers/link-types", test_link_types);
    return g_test_run();
}
