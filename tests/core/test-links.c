/* test-links.c: which connection a packet belongs to, who sent it, and what is learned of devices and connections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link-scene.h"

/* ------ Connections ------ */

static void test_one(void)
{
    struct scene scene = scene_new();

    LMP(&scene, CENTRAL, TID0(37), 9, 0x31, 1, 0x0c, 0x22);
    LMP(&scene, PERIPHERAL, TID0(38), 11, 0xb0, 2, 0x2c, 4);
    scene_set_up(&scene);
    g_assert_cmpuint(scene_link(&scene, 0)->detach_side, ==, BTBB_SIDE_UNKNOWN);
    g_assert_cmpuint(scene_link(&scene, 0)->asked_side, ==, BTBB_SIDE_UNKNOWN);
    scene_data(&scene, CENTRAL);
    LMP(&scene, PERIPHERAL, TID1(7), 0x13);
    const struct btbb_acl_link *link = scene_link(&scene, 0);

    g_assert_cmpuint(btbb_links_count(scene.links), ==, 1);
    g_assert_cmpuint(link->client, ==, SCENE_CLIENT);
    g_assert_cmpuint(link->lt_addr, ==, 1);
    g_assert_cmpuint(link->central, ==, 0);
    g_assert_true(link->from_start && !link->own);
    g_assert_cmpuint(link->first.frame, ==, 1);
    g_assert_cmpint(link->first.time_ns, ==, SCENE_STEP);
    g_assert_cmpuint(link->last.frame, ==, 8);
    g_assert_cmpuint(link->host_connection.frame, ==, 3);
    g_assert_cmpuint(link->setup_complete.frame, ==, 5);
    g_assert_cmpuint(link->detached.frame, ==, 8);
    g_assert_cmpuint(link->detach_error, ==, 0x13);
    g_assert_cmpuint(link->detach_side, ==, 1);
    g_assert_cmpuint(link->end, ==, BTBB_LINK_DETACHED);
    g_assert_cmpuint(link->lmp_packets, ==, 7);
    g_assert_cmpuint(link->data_packets, ==, 1);
    g_assert_cmpuint(link->side[0].version, ==, 9);
    g_assert_cmpuint(link->side[0].company, ==, 0x131);
    g_assert_cmpuint(link->side[1].subversion, ==, 0x42c);
    g_assert_cmpuint(link->side[1].version_frame, ==, 2);
    g_assert_cmpuint(link->side[0].address.parts, ==, BTBB_ADDRESS_LAP);
    g_assert_cmphex(link->side[0].address.lap, ==, SCENE_CLIENT);
    g_assert_cmpuint(link->side[1].address.parts, ==, BTBB_ADDRESS_NONE);
    scene_free(&scene);
}

static void test_keys(void)
{
    struct scene scene = scene_new();

    scene_data(&scene, CENTRAL);
    scene.packet.lt_addr = 2;
    scene_data(&scene, CENTRAL);
    scene.packet.client = 0x222222;
    scene_data(&scene, CENTRAL);
    scene.packet.lt_addr = 0; /* broadcast */
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(scene.event.kind, ==, BTBB_EVENT_NONE);
    scene.packet.has_lt_addr = false;
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 4);
    g_assert_cmpuint(scene_link(&scene, 3)->lt_addr, ==, BTBB_LT_ADDR_UNKNOWN);
    scene.packet.has_lt_addr = true;
    scene.packet.lt_addr = 2;
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 4);
    g_assert_cmpuint(scene_link(&scene, 3)->number, ==, 3);
    g_assert_cmpuint(scene_link(&scene, 2)->data_packets, ==, 2);
    g_assert_cmpuint(btbb_links_dropped(scene.links), ==, 0);
    scene_free(&scene);
}

/* The address of the piconet becomes known later. */
static void test_client_unknown(void)
{
    struct scene scene = scene_new();

    scene.packet.has_client = false;
    scene_begin(&scene);
    scene.packet.has_client = true;
    LMP(&scene, CENTRAL, TID0(49));
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 1);
    g_assert_true(scene_link(&scene, 0)->has_client);
    g_assert_cmphex(scene_link(&scene, 0)->side[0].address.lap, ==, SCENE_CLIENT);
    scene.packet.client = 0x222222; /* another one */
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 2);
    scene_free(&scene);
}

static void test_detach(void)
{
    struct scene scene = scene_new();

    scene_set_up(&scene);
    scene_detach(&scene);
    LMP(&scene, PERIPHERAL, TID1(7), 0x16); /* crossed it on the way */
    LMP(&scene, PERIPHERAL, TID0(3), 46);
    scene_data(&scene, PERIPHERAL);
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 1);
    g_assert_cmpuint(scene_link(&scene, 0)->detached.frame, ==, 5);
    g_assert_cmpuint(scene_link(&scene, 0)->detach_error, ==, 0x13);
    LMP(&scene, CENTRAL, TID0(39), 0, 0, 0, 0, 0, 0, 0, 0); /* set-up begins at once */
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 2);
    scene_detach(&scene);
    scene.packet.time_ns += 2 * 1000 * 1000 * INT64_C(1000);
    scene_data(&scene, CENTRAL); /* two seconds later */
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 3);
    g_assert_false(scene_link(&scene, 2)->from_start);
    scene_free(&scene);
}

static void test_replaced(void)
{
    struct scene scene = scene_new();

    LMP(&scene, CENTRAL, TID0(37), 9, 0, 0, 0, 0);
    scene_set_up(&scene);
    scene_data(&scene, CENTRAL);
    scene_set_up(&scene); /* no LMP_detach was seen */
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 2);
    g_assert_cmpuint(scene_link(&scene, 0)->end, ==, BTBB_LINK_REPLACED);
    g_assert_cmpuint(scene_link(&scene, 1)->end, ==, BTBB_LINK_OPEN);
    g_assert_true(scene_link(&scene, 1)->from_start);
    g_assert_cmpuint(scene_link(&scene, 1)->data_packets, ==, 0);
    g_assert_cmpuint(scene_link(&scene, 1)->side[0].version_frame, ==, 1); /* it is the same device */
    scene_free(&scene);
}

static void test_page(void)
{
    struct scene scene = scene_new();
    uint32_t class_of_device = 0;

    scene_fhs(&scene, 0x9e8b33, 0x333333, 0); /* an inquiry response */
    g_assert_cmpuint(scene.event.kind, ==, BTBB_EVENT_NONE);
    scene_fhs(&scene, 0x222222, SCENE_CLIENT, 1);
    g_assert_cmpuint(scene.event.kind, ==, BTBB_EVENT_FHS);
    g_assert_cmpuint(scene.event.link, ==, UINT32_MAX);
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 0); /* no connection yet */
    LMP(&scene, CENTRAL, TID0(39), 0, 0, 0, 0, 0, 0, 0, 0);
    const struct btbb_acl_link *link = scene_link(&scene, 0);

    g_assert_true(link->from_start);
    g_assert_cmpuint(link->paged.frame, ==, 2);
    g_assert_cmpuint(link->encryption, ==, BTBB_ENCRYPTION_OFF);
    g_assert_cmpuint(link->side[0].address.parts, ==, BTBB_ADDRESS_ALL);
    g_assert_cmphex(link->side[0].address.nap, ==, 0x1234);
    g_assert_cmphex(link->side[1].address.lap, ==, 0x222222);
    g_assert_true(btbb_device_names_class(btbb_links_names(scene.links), 0x333333, &class_of_device));
    g_assert_cmphex(class_of_device, ==, 0x240404);

    scene_fhs(&scene, 0x444444, SCENE_CLIENT, 2); /* another LT_ADDR */
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(link->data_packets, ==, 1);
    scene_fhs(&scene, 0x222222, SCENE_CLIENT, 1); /* paged again: the connection was lost */
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(link->end, ==, BTBB_LINK_REPLACED);
    g_assert_cmpuint(scene_link(&scene, 1)->paged.frame, ==, 6);
    scene_free(&scene);
}

/* ------ Role switches ------ */

static void ask_for_switch(struct scene *scene)
{
    scene_begin(scene);
    LMP(scene, PERIPHERAL, TID1(52), 0, 0, 0x22, 0x22, 0x22, 0x61, 0x34, 0x12);
    LMP(scene, PERIPHERAL, TID1(19), 0, 1, 0, 0);
    LMP(scene, CENTRAL, TID1(3), 19);
}

static void test_switch_by_lap(void)
{
    struct scene scene = scene_new();

    ask_for_switch(&scene);
    g_assert_cmpuint(scene_link(&scene, 0)->role_switches, ==, 1);
    g_assert_cmpuint(scene_link(&scene, 0)->role_switch.frame, ==, 5);
    g_assert_cmpuint(scene_link(&scene, 0)->central, ==, 0); /* until the new piconet is seen */
    scene.packet.client = 0x222222;
    scene.packet.lt_addr = 3;
    LMP(&scene, CENTRAL, TID0(37), 9, 0, 0, 0, 0);
    const struct btbb_acl_link *link = scene_link(&scene, 0);

    g_assert_cmpuint(btbb_links_count(scene.links), ==, 1);
    g_assert_cmpuint(link->central, ==, 1);
    g_assert_cmpuint(link->lt_addr, ==, 3);
    g_assert_cmphex(link->client, ==, 0x222222);
    g_assert_cmpuint(link->side[1].version_frame, ==, 6);
    g_assert_cmphex(link->side[1].address.lap, ==, 0x222222);
    g_assert_cmpuint(link->side[1].address.parts, ==, BTBB_ADDRESS_ALL);
    g_assert_cmphex(link->side[0].address.lap, ==, SCENE_CLIENT);
    scene.packet.client = SCENE_CLIENT; /* the old piconet is another one now */
    scene.packet.lt_addr = 1;
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 2);
    scene_free(&scene);
}

static void test_switch_by_fhs(void)
{
    struct scene scene = scene_new();

    scene_begin(&scene);
    LMP(&scene, PERIPHERAL, TID1(19), 0, 1, 0, 0); /* its slot offset was not seen */
    LMP(&scene, CENTRAL, TID1(3), 19);
    scene_fhs(&scene, SCENE_CLIENT, 0x222222, 4);
    g_assert_cmpuint(scene.event.link, ==, 0);
    const struct btbb_acl_link *link = scene_link(&scene, 0);

    g_assert_cmpuint(link->central, ==, 1);
    g_assert_cmphex(link->client, ==, 0x222222);
    g_assert_cmpuint(link->lt_addr, ==, 4);
    g_assert_cmphex(link->side[1].address.nap, ==, 0x1234);
    scene_free(&scene);
}

/* The capturing device pages or is paged, and takes part in the role switch. */
static void test_page_of_own(void)
{
    struct scene scene = scene_new();

    scene.packet.own = BTBB_OWN_RECEIVED;
    scene.packet.receiver = (struct btbb_device_address){.lap = 0x999999, .parts = BTBB_ADDRESS_LAP};
    scene_fhs(&scene, 0x999999, SCENE_CLIENT, 1);
    scene.packet.receiver = (struct btbb_device_address){0};
    scene.packet.own = BTBB_OWN_SENT;
    LMP(&scene, UNSURE, TID1(12), 1, 2, 3, 4);
    g_assert_cmpuint(scene_link(&scene, 0)->central, ==, 1);
    g_assert_cmphex(scene_link(&scene, 0)->side[1].address.lap, ==, SCENE_CLIENT);
    g_assert_cmphex(scene_link(&scene, 0)->side[0].address.lap, ==, 0x999999);
    scene.packet.client = 0x222222;
    scene_fhs(&scene, 0x999999, 0x222222, 2);
    scene.packet.has_lt_addr = false; /* it fits whatever the LT_ADDR is */
    scene_data(&scene, UNSURE);
    g_assert_cmpuint(scene_link(&scene, 1)->central, ==, 0);
    scene.packet.client = 0x333333; /* not paged */
    scene_data(&scene, UNSURE);
    g_assert_false(scene_link(&scene, 2)->from_start);
    scene_free(&scene);
}

static void test_sniff(void)
{
    struct scene scene = scene_new();

    LMP(&scene, PERIPHERAL, TID1(23), 0, 0, 0, 0xa0, 0, 4, 0, 1, 0);
    g_assert_cmpuint(scene_link(&scene, 0)->sniff.frame, ==, 0);
    LMP(&scene, CENTRAL, TID1(3), 23);
    g_assert_cmpuint(scene_link(&scene, 0)->sniff.frame, ==, 2);
    scene_free(&scene);
}

static void test_switch_refused(void)
{
    struct scene scene = scene_new();

    scene_begin(&scene);
    LMP(&scene, PERIPHERAL, TID1(52), 0, 0, 0x22, 0x22, 0x22, 0x61, 0x34, 0x12);
    LMP(&scene, PERIPHERAL, TID1(19), 0, 1, 0, 0);
    LMP(&scene, CENTRAL, TID1(4), 19, 0x21);
    g_assert_cmpuint(scene_link(&scene, 0)->role_switches, ==, 0);
    scene.packet.client = 0x222222;
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 2);
    scene_free(&scene);
}

/* ------ Who sent it ------ */

/* Own and other are known; roles follow from LMP. */
static void test_own(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    scene.packet.own = BTBB_OWN_SENT;
    LMP(&scene, UNSURE, TID1(37), 9, 0, 0, 0, 0);
    link = scene_link(&scene, 0);
    g_assert_true(link->own);
    g_assert_cmpuint(link->central, ==, BTBB_SIDE_UNKNOWN); /* one proof is not enough */
    g_assert_cmpstr(btbb_event_who(&scene.event), ==, "capturing device");
    g_assert_cmpstr(btbb_link_side_name(link, 1), ==, "other device");
    scene.packet.own = BTBB_OWN_RECEIVED;
    LMP(&scene, UNSURE, TID1(38), 8, 0, 0, 0, 0); /* a response proves nothing */
    g_assert_cmpuint(link->central, ==, BTBB_SIDE_UNKNOWN);
    g_assert_cmpuint(link->side[1].version, ==, 8);
    LMP(&scene, UNSURE, TID0(51));
    g_assert_cmpuint(link->central, ==, 1);
    g_assert_cmpstr(btbb_event_who(&scene.event), ==, "Central");
    g_assert_cmpuint(link->side[0].version, ==, 9);
    scene.packet.own = BTBB_OWN_SENT;
    LMP(&scene, UNSURE, TID0(37), 9, 0, 0, 0, 0); /* a contradiction alone changes nothing */
    g_assert_cmpuint(link->central, ==, 1);
    LMP(&scene, UNSURE, TID1(19), 0, 1, 0, 0);
    scene.packet.own = BTBB_OWN_RECEIVED;
    LMP(&scene, UNSURE, TID1(3), 19);
    g_assert_cmpuint(link->central, ==, 0); /* role switch */
    g_assert_cmpuint(link->role_switches, ==, 1);
    scene.packet.dir = CENTRAL;
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(link->central, ==, 1); /* the direction of the capture decides */
    scene_free(&scene);
}

/* Neither direction nor own and other are known. */
static void test_unsure(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    LMP(&scene, UNSURE, TID0(38), 7, 0, 0, 0, 0); /* a response whose request was not seen */
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->side[0].version_frame + link->side[1].version_frame, ==, 0);
    g_assert_cmpstr(btbb_event_who(&scene.event), ==, "unknown");
    LMP(&scene, UNSURE, TID1(37), 9, 0, 0, 0, 0);
    LMP(&scene, UNSURE, TID1(38), 8, 0, 0, 0, 0);
    g_assert_cmpuint(link->side[1].version, ==, 9);
    g_assert_cmpuint(link->side[0].version, ==, 8);
    g_assert_cmpuint(scene.event.request.frame, ==, 2);
    LMP(&scene, UNSURE, TID0(1), 0);
    LMP(&scene, UNSURE, TID0(2), 0, 3, 'a', 'b', 'c', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    g_assert_cmpuint(btbb_device_names_best(btbb_links_names(scene.links), link->side[1].name_key)->length, ==, 3);
    g_assert_null(btbb_device_names_best(btbb_links_names(scene.links), link->side[0].name_key));
    LMP(&scene, UNSURE, TID0(11), SIXTEEN(1)); /* anybody's */
    LMP(&scene, UNSURE, TID0(12), 1, 2, 3, 4);
    g_assert_cmpuint(btbb_link_authenticated(link), ==, BTBB_AUTHENTICATED_UNCLEAR);
    scene_free(&scene);
}

static void test_addresses(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    scene.packet.own = BTBB_OWN_RECEIVED;
    scene.packet.client = UINT64_C(1) << 40; /* a pair of addresses */
    scene.packet.sender = (struct btbb_device_address){.lap = 0xaaaaaa, .parts = BTBB_ADDRESS_LAP};
    LMP(&scene, UNSURE, TID0(2), 0, 1, 'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    link = scene_link(&scene, 0);
    g_assert_cmphex(link->side[1].address.lap, ==, 0xaaaaaa);
    g_assert_cmpuint(link->side[1].name_key, ==, 0xaaaaaa);
    scene.packet.sender.uap = 0x61;
    scene.packet.sender.parts = BTBB_ADDRESS_UAP;
    scene.packet.receiver = (struct btbb_device_address){.lap = 0xbbbbbb, .nap = 1, .parts = BTBB_ADDRESS_ALL};
    scene_data(&scene, UNSURE);
    g_assert_cmphex(link->side[1].address.uap, ==, 0x61);
    g_assert_cmphex(link->side[0].address.lap, ==, 0xbbbbbb);
    scene.packet.sender = (struct btbb_device_address){.lap = 0xcccccc, .parts = BTBB_ADDRESS_ALL}; /* contradicts */
    scene_data(&scene, UNSURE);
    g_assert_cmphex(link->side[1].address.lap, ==, 0xaaaaaa);
    g_assert_cmpuint(link->central, ==, BTBB_SIDE_UNKNOWN);
    scene.packet.central = (struct btbb_device_address){.lap = 0xbbbbbb, .parts = BTBB_ADDRESS_LAP};
    scene_data(&scene, UNSURE);
    g_assert_cmpuint(link->central, ==, 0);
    scene_free(&scene);
}

/* A name that arrives before the LAP of its device. */
static void test_name_moves(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    LMP(&scene, PERIPHERAL, TID0(2), 0, 1, 'x', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->side[1].name_key, >=, BTBB_NAMES_KEY_LAPS);
    LMP(&scene, PERIPHERAL, TID1(52), 0, 0, 0x22, 0x22, 0x22, 0x61, 0x34, 0x12);
    g_assert_cmpuint(link->side[1].name_key, ==, 0x222222);
    g_assert_cmpuint(btbb_device_names_best(btbb_links_names(scene.links), 0x222222)->bytes[0], ==, 'x');
    scene_free(&scene);
}

/* ------ Requests, and what does not count ------ */

static void test_requests(void)
{
    struct scene scene = scene_new();

    LMP(&scene, CENTRAL, TID0(46), 5);
    LMP(&scene, PERIPHERAL, TID1(46), 3); /* both ask the same */
    LMP(&scene, PERIPHERAL, TID0(3), 46);
    g_assert_cmpuint(scene.event.request.frame, ==, 1);
    LMP(&scene, CENTRAL, TID1(4), 46, 0x20);
    g_assert_cmpuint(scene.event.request.frame, ==, 2);
    LMP(&scene, CENTRAL, TID1(3), 46); /* nothing is left to answer */
    g_assert_cmpuint(scene.event.request.frame, ==, 0);
    LMP(&scene, CENTRAL, TID0(39), 0, 0, 0, 0, 0, 0, 0, 0);
    LMP(&scene, CENTRAL, TID0(39), 0, 0, 0, 0, 0, 0, 0, 0); /* asked again */
    LMP(&scene, PERIPHERAL, TID0(40), 0, 0, 0, 0, 0, 0, 0, 0);
    g_assert_cmpuint(scene.event.request.frame, ==, 7);
    LMP(&scene, PERIPHERAL, TID0(40), 0, 0, 0, 0, 0, 0, 0, 0);
    g_assert_cmpuint(scene.event.request.frame, ==, 0);

    LMP(&scene, CENTRAL, TID0(46), 5);
    LMP(&scene, CENTRAL, TID0(42), 0, 0, 0); /* in between */
    LMP(&scene, PERIPHERAL, TID1(46), 3);
    LMP(&scene, UNSURE, TID1(3), 46); /* whoever it was answers the transaction of the Peripheral */
    g_assert_cmpuint(scene.event.request.frame, ==, 12);
    g_assert_cmpuint(scene.event.side, ==, 0);
    LMP(&scene, UNSURE, TID1(3), 46); /* the request that is left is of another transaction */
    g_assert_cmpuint(scene.event.request.frame, ==, 0);
    LMP(&scene, PERIPHERAL, TID1(3), 46); /* a known sender may be wrong about the transaction */
    g_assert_cmpuint(scene.event.request.frame, ==, 10);
    LMP(&scene, PERIPHERAL, TID0(3), 42);
    LMP(&scene, CENTRAL, TID0(65), SIXTEEN(1));
    LMP(&scene, PERIPHERAL, TID0(65), SIXTEEN(2));
    LMP(&scene, UNSURE, TID0(3), 65); /* either of them */
    g_assert_cmpuint(scene.event.request.frame, ==, 0);
    LMP(&scene, PERIPHERAL, TID0(3), 65);
    LMP(&scene, CENTRAL, TID0(3), 65);

    static const uint8_t without_answer[] = {15, 19, 24, 42, 46, 47, 51, 53, 1};
    for (size_t i = 0; i < G_N_ELEMENTS(without_answer); i++) { /* one more than is remembered */
        uint8_t bytes[BTBB_LMP_BYTES] = {TID0(without_answer[i])};

        scene_lmp(&scene, CENTRAL, bytes, btbb_lmp_find(without_answer[i])->bytes);
    }
    LMP(&scene, PERIPHERAL, TID0(3), 15);
    g_assert_cmpuint(scene.event.request.frame, ==, 0); /* the oldest was given up */
    LMP(&scene, PERIPHERAL, TID0(3), 19);
    g_assert_cmpuint(scene.event.request.frame, ==, 23);
    scene_free(&scene);
}

static void test_retransmissions(void)
{
    struct scene scene = scene_new();

    scene.packet.retransmission = true;
    LMP(&scene, CENTRAL, TID0(51));
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 0);
    scene.packet.retransmission = false;
    scene_begin(&scene);
    LMP(&scene, CENTRAL, TID0(16), 7);
    scene.packet.retransmission = true;
    LMP(&scene, CENTRAL, TID0(16), 7);
    g_assert_cmpuint(scene.event.kind, ==, BTBB_EVENT_NONE);
    scene_data(&scene, CENTRAL);
    LMP(&scene, CENTRAL, TID0(51));
    const struct btbb_acl_link *link = scene_link(&scene, 0);

    g_assert_cmpuint(link->sizes_asked, ==, 1);
    g_assert_cmpuint(link->lmp_packets, ==, 3);
    g_assert_cmpuint(link->data_packets, ==, 0);
    g_assert_cmpuint(link->retransmissions, ==, 3);
    scene_fhs(&scene, 0x222222, SCENE_CLIENT, 1);
    g_assert_cmpuint(scene.event.kind, ==, BTBB_EVENT_NONE);
    g_assert_cmpuint(link->end, ==, BTBB_LINK_OPEN);
    scene_free(&scene);
}

static void test_faulty(void)
{
    struct scene scene = scene_new();

    LMP(&scene, CENTRAL, TID0(37), 9, 0, 0, 0); /* too short: begins no connection */
    LMP(&scene, CENTRAL, TID0(67), 1);
    scene_lmp(&scene, CENTRAL, (const uint8_t *)"", 0);
    g_assert_cmpuint(btbb_links_count(scene.links), ==, 0);
    scene_begin(&scene);
    LMP(&scene, CENTRAL, TID0(37), 9, 0, 0, 0);
    g_assert_cmpuint(scene.event.kind, ==, BTBB_EVENT_LMP);
    g_assert_cmpuint(scene.event.fault, ==, BTBB_LMP_SHORT);
    LMP(&scene, CENTRAL, TID0(37), 9, 0, 0, 0, 0, 0);
    LMP(&scene, CENTRAL, TID0(7));
    LMP(&scene, CENTRAL, TID0(127), 3, 77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0); /* one byte too long */
    LMP(&scene, CENTRAL, TID0(127), 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);     /* a page that nobody knows */
    const struct btbb_acl_link *link = scene_link(&scene, 0);

    g_assert_cmpuint(link->faulty_packets, ==, 4);
    g_assert_cmpuint(link->lmp_packets, ==, 3);
    g_assert_cmpuint(link->side[0].version_frame, ==, 0);
    g_assert_cmpuint(link->end, ==, BTBB_LINK_OPEN);
    scene.packet.exact = false;
    LMP(&scene, CENTRAL, TID0(37), 9, 0, 0, 0, 0, 0xee, 0xee); /* what follows does not belong to it */
    g_assert_cmpuint(link->side[0].version, ==, 9);
    scene_free(&scene);
}

static void test_bounds(void)
{
    struct scene scene = scene_new();

    for (uint32_t i = 0; i < BTBB_LINKS_MOST + 3; i++) {
        scene.packet.client = i;
        scene_data(&scene, CENTRAL);
    }
    g_assert_cmpuint(btbb_links_count(scene.links), ==, BTBB_LINKS_MOST);
    g_assert_cmpuint(btbb_links_dropped(scene.links), ==, 3);
    scene.packet.client = 5;
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(scene_link(&scene, 5)->data_packets, ==, 2);
    scene_free(&scene);
    btbb_links_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/one", test_one);
    g_test_add_func("/links/keys", test_keys);
    g_test_add_func("/links/client-unknown", test_client_unknown);
    g_test_add_func("/links/detach", test_detach);
    g_test_add_func("/links/replaced", test_replaced);
    g_test_add_func("/links/page", test_page);
    g_test_add_func("/links/switch-by-lap", test_switch_by_lap);
    g_test_add_func("/links/switch-by-fhs", test_switch_by_fhs);
    g_test_add_func("/links/switch-refused", test_switch_refused);
    g_test_add_func("/links/page-of-own", test_page_of_own);
    g_test_add_func("/links/sniff", test_sniff);
    g_test_add_func("/links/own", test_own);
    g_test_add_func("/links/unsure", test_unsure);
    g_test_add_func("/links/addresses", test_addresses);
    g_test_add_func("/links/name-moves", test_name_moves);
    g_test_add_func("/links/requests", test_requests);
    g_test_add_func("/links/retransmissions", test_retransmissions);
    g_test_add_func("/links/faulty", test_faulty);
    g_test_add_func("/links/bounds", test_bounds);
    return g_test_run();
}
