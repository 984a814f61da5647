/* test-timeline.c: the events of connections, in words, and how many are kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link-scene.h"

static const char *what_of(const struct btbb_link_event *event)
{
    static char text[64];

    g_assert_cmpuint(btbb_event_what(event, text, sizeof text), ==, strlen(text));
    return text;
}

static const char *details_of(const struct btbb_link_event *event)
{
    static char text[BTBB_EVENT_DETAILS_BYTES];

    g_assert_cmpuint(btbb_event_details(event, text, sizeof text), ==, strlen(text));
    g_assert_true(g_utf8_validate(text, -1, NULL));
    return text;
}

/* Every PDU with details: its bytes, and the words. */
static void test_details(void)
{
    static const struct {
        uint8_t bytes[BTBB_LMP_BYTES];
        const char *what, *details;
    } cases[] = {
        {{TID0(1), 14}, "LMP_name_req", "from byte 14"},
        {{TID0(2), 14, 17, 'e', '\033', 0xff}, "LMP_name_res", "\"e\\x1b\\xff\", 3 bytes from byte 14 of 17"},
        {{TID0(2), 20, 17, 'e'}, "LMP_name_res", "\"\", 0 bytes from byte 20 of 17"},
        {{TID0(3), 51}, "LMP_accepted", "LMP_host_connection_req"},
        {{TID0(3), 99}, "LMP_accepted", "LMP opcode 99"},
        {{TID0(4), 11, 0x23}, "LMP_not_accepted", "LMP_au_rand: LMP Error Transaction Collision (0x23)"},
        {{TID0(4), 15, 0x99}, "LMP_not_accepted", "LMP_encryption_mode_req: error 0x99"},
        {{TID0(5)}, "LMP_clkoffset_req", ""},
        {{TID0(6), 0x7c, 0xba}, "LMP_clkoffset_res", "14972 x 1.25 ms"},
        {{TID0(7), 0x13}, "LMP_detach", "Remote User Terminated Connection (0x13)"},
        {{TID0(8), SIXTEEN(1)}, "LMP_in_rand", ""},
        {{TID0(10), SIXTEEN(1)}, "LMP_unit_key", ""}, /* keys are not shown */
        {{TID0(11), SIXTEEN(0xa5)}, "LMP_au_rand", "AU_RAND a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"},
        {{TID0(12), 0x0e, 0xfb, 0xb9, 0x6d}, "LMP_sres", "SRES 0efbb96d"},
        {{TID0(15), 0}, "LMP_encryption_mode_req", "off"},
        {{TID0(15), 1}, "LMP_encryption_mode_req", "on"},
        {{TID0(15), 9}, "LMP_encryption_mode_req", "mode 9"},
        {{TID0(16), 1}, "LMP_encryption_key_size_req", "1 byte"},
        {{TID0(16), 16}, "LMP_encryption_key_size_req", "16 bytes"},
        {{TID0(17), SIXTEEN(0x10)}, "LMP_start_encryption_req", "EN_RAND 10101010101010101010101010101010"},
        {{TID0(19), 0xaa, 0xee, 0x93, 0}, "LMP_switch_req", "at CLK 0x93eeaa"},
        {{TID0(23), 0, 0, 0, 0xa0}, "LMP_sniff_req", "interval of 160 slots"},
        {{TID0(37), 9, 0x31, 1, 0x0c, 0x22}, "LMP_version_req", "version 5.0 (9), company 0x0131, subversion 0x220c"},
        {{TID0(38), 99}, "LMP_version_res", "version unknown (99), company 0x0000, subversion 0x0000"},
        {{TID0(39), 0x81, 0, 0, 2}, "LMP_features_req", "page 0: 3-slot, sniff, EDR 2 Mb/s"},
        {{TID0(40), 0}, "LMP_features_res", "page 0"},
        {{TID0(45), 1}, "LMP_max_slot", "1 slot"},
        {{TID0(46), 5}, "LMP_max_slot_req", "5 slots"},
        {{TID0(48), 250, 10}, "LMP_timing_accuracy_res", "drift 250 ppm, jitter 10 us"},
        {{TID0(52), 0x85, 3, 0x68, 0xc7, 0x19, 0xe8, 0xd4, 0xe0},
         "LMP_slot_offset",
         "901 us, BD_ADDR e0:d4:e8:19:c7:68"},
        {{TID0(55), 0, 0x7d}, "LMP_supervision_timeout", "32000 slots"},
        {{TID0(55), 0, 0}, "LMP_supervision_timeout", "none"},
        {{TID0(60), 0x30, 0x68, 0, 0, 1, 0xff, 0x01}, "LMP_set_AFH", "9 channels from CLK 0x6830 on"},
        {{TID0(60), 0x30, 0x68, 0, 0, 0, 0xff, 0x01}, "LMP_set_AFH", "79 channels from CLK 0x6830 on"},
        {{TID0(61), 1, 1, 48}, "LMP_encapsulated_header", "P-192 public key, 48 bytes"},
        {{TID0(61), 1, 2, 64}, "LMP_encapsulated_header", "P-256 public key, 64 bytes"},
        {{TID0(61), 1, 3, 64}, "LMP_encapsulated_header", "type 1/3, 64 bytes"},
        {{TID0(61), 2, 1, 64}, "LMP_encapsulated_header", "type 2/1, 64 bytes"},
        {{TID0(127), 1, 127, 11}, "LMP_accepted_ext", "LMP_packet_type_table_req"},
        {{TID0(127), 2, 127, 99, 0x24}, "LMP_not_accepted_ext", "LMP opcode 127/99: LMP PDU Not Allowed (0x24)"},
        {{TID0(127), 3, 2, 2, 0, 1}, "LMP_features_req_ext", "page 2: Secure Connections"},
        {{TID0(127), 4, 9, 9, 0xff}, "LMP_features_res_ext", "page 9"},
        {{TID0(127), 11, 1}, "LMP_packet_type_table_req", "Enhanced Data Rate"},
        {{TID0(127), 11, 3}, "LMP_packet_type_table_req", "table 3"},
        {{TID0(127), 25, 1, 0, 3},
         "LMP_IO_capability_req",
         "DisplayYesNo, MITM protection required, dedicated bonding"},
        {{TID0(127), 26, 3, 1, 4}, "LMP_IO_capability_res", "NoInputNoOutput, out-of-band data, general bonding"},
        {{TID0(127), 26, 9, 0, 0xff},
         "LMP_IO_capability_res",
         "reserved capability, MITM protection required, reserved bonding"},
        {{TID0(127), 31, 2}, "LMP_power_control_req", "to the maximum"},
        {{TID0(127), 31, 3}, "LMP_power_control_req", "change 3"},
        {{TID0(127), 34}, "LMP_ping_res", ""},
    };
    struct scene scene = scene_new();

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const uint16_t opcode = cases[i].bytes[0] >> 1;
        const uint16_t code = opcode == 127 ? (uint16_t)(BTBB_LMP_ESCAPED | cases[i].bytes[1]) : opcode;

        scene_lmp(&scene, CENTRAL, cases[i].bytes, btbb_lmp_find(code)->bytes);
        g_assert_cmpstr(what_of(&scene.event), ==, cases[i].what);
        g_assert_cmpstr(details_of(&scene.event), ==, cases[i].details);
        scene.packet.client++;
    }
    scene_free(&scene);
}

static void test_faults(void)
{
    struct scene scene = scene_new();

    scene_begin(&scene);
    LMP(&scene, CENTRAL, TID0(37), 9, 1);
    g_assert_cmpstr(what_of(&scene.event), ==, "LMP_version_req");
    g_assert_cmpstr(details_of(&scene.event), ==, "cut short: 3 of 6 bytes");
    LMP(&scene, CENTRAL, TID0(7), 0x13, 0);
    g_assert_cmpstr(details_of(&scene.event), ==, "too long: more than its 2 bytes");
    LMP(&scene, CENTRAL, TID0(67), 1);
    g_assert_cmpstr(what_of(&scene.event), ==, "LMP opcode 67");
    g_assert_cmpstr(details_of(&scene.event), ==, "");
    LMP(&scene, CENTRAL, TID0(127), 99);
    g_assert_cmpstr(what_of(&scene.event), ==, "LMP opcode 127/99");
    LMP(&scene, CENTRAL, TID0(127));
    g_assert_cmpstr(what_of(&scene.event), ==, "LMP");
    scene_free(&scene);
}

/* A name of 14 bytes, all of them escaped: the longest details. */
static void test_longest(void)
{
    struct scene scene = scene_new();
    uint8_t bytes[BTBB_LMP_BYTES];

    memset(bytes, 0xff, sizeof bytes);
    bytes[0] = TID0(2);
    bytes[1] = 200;
    scene_lmp(&scene, CENTRAL, bytes, sizeof bytes);
    g_assert_true(g_str_has_prefix(details_of(&scene.event), "\"\\xff\\xff"));
    g_assert_true(g_str_has_suffix(details_of(&scene.event), "\\xff\", 14 bytes from byte 200 of 255"));
    memset(bytes, 0xff, sizeof bytes);
    bytes[0] = TID0(39);
    scene_lmp(&scene, CENTRAL, bytes, 9);
    g_assert_cmpuint(strlen(details_of(&scene.event)), <, BTBB_EVENT_DETAILS_BYTES - 1);
    scene_free(&scene);
}

static void test_events(void)
{
    struct scene scene = scene_new();
    int64_t elapsed = 0;

    scene.packet.has_clk = true;
    scene.packet.clk = 77;
    scene_fhs(&scene, 0x222222, SCENE_CLIENT, 1);
    g_assert_cmpstr(what_of(&scene.event), ==, "FHS");
    g_assert_cmpstr(details_of(&scene.event), ==, "BD_ADDR 12:34:61:11:11:11, class 0x240404, LT_ADDR 1");
    g_assert_cmpstr(btbb_event_who(&scene.event), ==, "Central");
    g_assert_cmpuint(scene.event.moment.frame, ==, 1);
    scene_data(&scene, CENTRAL);
    g_assert_cmpstr(what_of(&scene.event), ==, "L2CAP data");
    g_assert_cmpstr(details_of(&scene.event), ==, "encryption off");
    g_assert_true(scene.event.has_clk && scene.event.clk == 77);
    g_assert_cmpuint(scene.event.link, ==, 0);
    g_assert_cmpuint(scene.event.lt_addr, ==, 1);
    g_assert_cmpuint(scene.event.side, ==, 0);
    scene_data(&scene, PERIPHERAL);
    g_assert_cmpuint(scene.event.kind, ==, BTBB_EVENT_NONE); /* the same goes on */
    g_assert_cmpuint(scene.event.link, ==, 0);
    LMP(&scene, CENTRAL, TID0(17), SIXTEEN(1));
    g_assert_false(btbb_event_elapsed(&scene.event, &elapsed)); /* answers nothing */
    LMP(&scene, PERIPHERAL, TID0(3), 17);
    g_assert_cmpuint(scene.event.request.frame, ==, 4);
    g_assert_cmpstr(btbb_event_who(&scene.event), ==, "Peripheral");
    g_assert_cmpuint(scene.event.side, ==, 1);
    g_assert_true(btbb_event_elapsed(&scene.event, &elapsed));
    g_assert_cmpint(elapsed, ==, SCENE_STEP);
    scene_data(&scene, PERIPHERAL);
    g_assert_cmpstr(details_of(&scene.event), ==, "encryption on");
    scene.packet.client = 5;
    scene_data(&scene, UNSURE);
    g_assert_cmpuint(scene.event.link, ==, 1);
    g_assert_cmpstr(details_of(&scene.event), ==, "encryption unknown");
    g_assert_cmpstr(btbb_event_who(&scene.event), ==, "unknown");
    scene_free(&scene);
}

/* Times that are missing or go back. */
static void test_elapsed(void)
{
    struct scene scene = scene_new();
    int64_t elapsed = 0;

    LMP(&scene, CENTRAL, TID0(46), 5);
    scene.packet.time_ns = INT64_MIN;
    LMP(&scene, PERIPHERAL, TID0(3), 46);
    g_assert_true(btbb_event_elapsed(&scene.event, &elapsed));
    g_assert_cmpint(elapsed, ==, INT64_MIN);
    scene.packet.has_time = false;
    LMP(&scene, CENTRAL, TID0(46), 5);
    scene.packet.has_time = true;
    LMP(&scene, PERIPHERAL, TID0(3), 46);
    g_assert_false(btbb_event_elapsed(&scene.event, &elapsed));
    scene_free(&scene);
}

static void test_kept(void)
{
    struct btbb_timeline *timeline = btbb_timeline_new();
    struct btbb_link_event event = {.kind = BTBB_EVENT_NONE};

    btbb_timeline_add(timeline, &event);
    g_assert_cmpuint(btbb_timeline_count(timeline), ==, 0);
    event.kind = BTBB_EVENT_LMP;
    for (uint32_t i = 0; i < BTBB_TIMELINE_PER_LINK + 2; i++) {
        event.moment.frame = i;
        btbb_timeline_add(timeline, &event);
    }
    g_assert_cmpuint(btbb_timeline_count(timeline), ==, BTBB_TIMELINE_PER_LINK);
    g_assert_cmpuint(btbb_timeline_dropped(timeline), ==, 2);
    g_assert_cmpuint(btbb_timeline_at(timeline, 100)->moment.frame, ==, 100);
    event.link = 1000;
    btbb_timeline_add(timeline, &event);
    event.link = UINT32_MAX;
    btbb_timeline_add(timeline, &event);
    g_assert_cmpuint(btbb_timeline_count(timeline), ==, BTBB_TIMELINE_PER_LINK + 2);
    event.link = BTBB_LINKS_MOST; /* no such connection */
    btbb_timeline_add(timeline, &event);
    g_assert_cmpuint(btbb_timeline_dropped(timeline), ==, 3);
    event.link = UINT32_MAX;
    while (btbb_timeline_count(timeline) < BTBB_TIMELINE_EVENTS)
        btbb_timeline_add(timeline, &event);
    btbb_timeline_add(timeline, &event);
    g_assert_cmpuint(btbb_timeline_count(timeline), ==, BTBB_TIMELINE_EVENTS);
    g_assert_cmpuint(btbb_timeline_dropped(timeline), ==, 4);
    btbb_timeline_free(timeline);
    btbb_timeline_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/timeline/details", test_details);
    g_test_add_func("/timeline/faults", test_faults);
    g_test_add_func("/timeline/longest", test_longest);
    g_test_add_func("/timeline/events", test_events);
    g_test_add_func("/timeline/elapsed", test_elapsed);
    g_test_add_func("/timeline/kept", test_kept);
    return g_test_run();
}
