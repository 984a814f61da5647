/* test-link-security.c: pairing, authentication and encryption of a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link-scene.h"

/* ------ Pairing ------ */

static void io_capabilities(struct scene *scene, uint8_t io_a, uint8_t oob_a, uint8_t auth_a, uint8_t io_b,
                            uint8_t oob_b, uint8_t auth_b)
{
    LMP(scene, CENTRAL, TID0(127), 25, io_a, oob_a, auth_a);
    LMP(scene, PERIPHERAL, TID0(127), 26, io_b, oob_b, auth_b);
}

static void public_keys(struct scene *scene, uint8_t minor, uint8_t bytes)
{
    LMP(scene, CENTRAL, TID0(61), 1, minor, bytes);
    LMP(scene, PERIPHERAL, TID0(3), 61);
    LMP(scene, PERIPHERAL, TID0(61), 1, minor, bytes);
    LMP(scene, CENTRAL, TID0(3), 61);
}

static void numbers(struct scene *scene)
{
    LMP(scene, CENTRAL, TID0(64), SIXTEEN(1));
    LMP(scene, PERIPHERAL, TID0(3), 64);
    LMP(scene, PERIPHERAL, TID0(64), SIXTEEN(2));
    LMP(scene, CENTRAL, TID0(3), 64);
}

static void checks(struct scene *scene)
{
    LMP(scene, CENTRAL, TID0(65), SIXTEEN(1));
    LMP(scene, PERIPHERAL, TID0(3), 65);
    LMP(scene, PERIPHERAL, TID0(65), SIXTEEN(2));
    LMP(scene, CENTRAL, TID0(3), 65);
}

static void test_method_by_io(void)
{
    static const struct {
        uint8_t io_a, oob_a, auth_a, io_b, oob_b, auth_b;
        enum btbb_pairing_method method;
    } cases[] = {
        {1, 0, 3, 3, 0, 2, BTBB_METHOD_JUST_WORKS}, /* NoInputNoOutput */
        {1, 0, 3, 1, 0, 4, BTBB_METHOD_NUMERIC},
        {1, 0, 2, 1, 0, 4, BTBB_METHOD_JUST_WORKS}, /* none requires protection */
        {0, 0, 1, 0, 0, 1, BTBB_METHOD_JUST_WORKS},
        {0, 0, 1, 1, 0, 1, BTBB_METHOD_JUST_WORKS},
        {0, 0, 1, 2, 0, 0, BTBB_METHOD_PASSKEY},
        {2, 0, 1, 2, 0, 0, BTBB_METHOD_PASSKEY},
        {2, 0, 1, 3, 0, 0, BTBB_METHOD_JUST_WORKS},
        {1, 1, 0, 1, 0, 0, BTBB_METHOD_OOB},
        {3, 0, 0, 3, 1, 0, BTBB_METHOD_OOB},
        {4, 0, 1, 1, 0, 1, BTBB_METHOD_UNKNOWN}, /* reserved */
        {1, 0, 1, 200, 0, 1, BTBB_METHOD_UNKNOWN},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct scene scene = scene_new();

        io_capabilities(&scene, cases[i].io_a, cases[i].oob_a, cases[i].auth_a, cases[i].io_b, cases[i].oob_b,
                        cases[i].auth_b);
        g_assert_cmpuint(btbb_link_pairing_method(scene_link(&scene, 0)), ==, cases[i].method);
        g_assert_cmpuint(btbb_pairing_method_of(&scene_link(&scene, 0)->side[1], &scene_link(&scene, 0)->side[0]), ==,
                         cases[i].method);
        scene_free(&scene);
    }
}

static void test_simple_pairing(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    io_capabilities(&scene, 1, 0, 3, 1, 0, 4);
    public_keys(&scene, 2, 64);
    LMP(&scene, PERIPHERAL, TID0(63), SIXTEEN(9));
    numbers(&scene);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->pairing.result, ==, BTBB_PAIRING_UNFINISHED);
    checks(&scene);
    g_assert_cmpuint(link->pairings, ==, 1);
    g_assert_cmpuint(link->pairing.kind, ==, BTBB_PAIRING_SIMPLE);
    g_assert_cmpuint(link->pairing.key_minor, ==, BTBB_LMP_KEY_MINOR_P256);
    g_assert_cmpuint(link->pairing.result, ==, BTBB_PAIRING_DONE);
    g_assert_cmpuint(link->pairing.started.frame, ==, 1);
    g_assert_cmpuint(link->pairing.finished.frame, ==, 15);
    g_assert_cmpuint(btbb_link_pairing_method(link), ==, BTBB_METHOD_NUMERIC);
    io_capabilities(&scene, 1, 0, 3, 1, 0, 4);
    g_assert_cmpuint(link->pairings, ==, 2);
    public_keys(&scene, 2, 64);
    io_capabilities(&scene, 1, 0, 3, 1, 0, 4); /* the second was given up without a word */
    g_assert_cmpuint(link->pairings, ==, 3);
    scene_free(&scene);
}

/* What the PDUs show where the IO capabilities were not seen, or promise something else. */
static void test_method_by_pdus(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    public_keys(&scene, 1, 48);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(btbb_link_pairing_method(link), ==, BTBB_METHOD_UNKNOWN);
    LMP(&scene, PERIPHERAL, TID0(63), SIXTEEN(9));
    numbers(&scene);
    checks(&scene);
    g_assert_cmpuint(btbb_link_pairing_method(link), ==, BTBB_METHOD_UNCLEAR);
    scene_detach(&scene);
    scene.packet.client = 2;
    io_capabilities(&scene, 1, 0, 3, 1, 0, 4); /* numeric comparison, they say */
    public_keys(&scene, 1, 48);
    LMP(&scene, CENTRAL, TID0(63), SIXTEEN(8));
    LMP(&scene, PERIPHERAL, TID0(63), SIXTEEN(9));
    g_assert_cmpuint(btbb_link_pairing_method(scene_link(&scene, 1)), ==, BTBB_METHOD_PASSKEY);
    scene.packet.client = 3;
    public_keys(&scene, 1, 48);
    numbers(&scene); /* without LMP_simple_pairing_confirm */
    g_assert_cmpuint(btbb_link_pairing_method(scene_link(&scene, 2)), ==, BTBB_METHOD_OOB);
    scene.packet.client = 4;
    LMP(&scene, PERIPHERAL, TID0(63), SIXTEEN(9)); /* the capture starts in the middle of a pairing */
    g_assert_cmpuint(scene_link(&scene, 3)->pairings, ==, 1);
    g_assert_cmpuint(btbb_link_pairing_method(scene_link(&scene, 3)), ==, BTBB_METHOD_UNKNOWN);
    scene.packet.client = 5;
    numbers(&scene);
    g_assert_cmpuint(scene_link(&scene, 4)->pairings, ==, 1);
    g_assert_cmpuint(btbb_link_pairing_method(scene_link(&scene, 4)), ==, BTBB_METHOD_UNKNOWN);
    scene_free(&scene);
}

static void test_pairing_fails(void)
{
    static const struct {
        uint8_t bytes[5], length, error;
    } refusals[] = {
        {{TID0(4), 65, 0x05}, 3, 0x05}, {{TID0(4), 64, 0x05}, 3, 0x05}, {{TID0(127), 2, 127, 25, 0x18}, 5, 0x18},
        {{TID0(127), 27}, 2, 0},        {{TID0(127), 28}, 2, 0},        {{TID0(127), 29}, 2, 0},
        {{TID0(7), 0x05}, 2, 0x05},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        struct scene scene = scene_new();

        io_capabilities(&scene, 1, 0, 3, 1, 0, 4);
        scene_lmp(&scene, PERIPHERAL, refusals[i].bytes, refusals[i].length);
        g_assert_cmpuint(scene_link(&scene, 0)->pairing.result, ==, BTBB_PAIRING_FAILED);
        g_assert_cmpuint(scene_link(&scene, 0)->pairing.error, ==, refusals[i].error);
        g_assert_cmpuint(scene_link(&scene, 0)->pairing.finished.frame, ==, 3);
        checks(&scene); /* too late */
        g_assert_cmpuint(scene_link(&scene, 0)->pairing.result, ==, BTBB_PAIRING_FAILED);
        scene_free(&scene);
    }
}

/* Both devices ask at once: one pairing. */
static void test_pairing_collision(void)
{
    struct scene scene = scene_new();

    LMP(&scene, CENTRAL, TID0(127), 25, 1, 0, 3);
    LMP(&scene, PERIPHERAL, TID1(127), 25, 1, 0, 3);
    LMP(&scene, CENTRAL, TID1(127), 2, 127, 25, 0x23);
    LMP(&scene, PERIPHERAL, TID0(127), 26, 1, 0, 3);
    g_assert_cmpuint(scene_link(&scene, 0)->pairings, ==, 1);
    g_assert_cmpuint(scene_link(&scene, 0)->pairing.result, ==, BTBB_PAIRING_UNFINISHED);
    scene_free(&scene);
}

static void test_legacy_pairing(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    LMP(&scene, CENTRAL, TID0(9), SIXTEEN(1)); /* a change of the link key, no pairing */
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->pairings, ==, 0);
    LMP(&scene, CENTRAL, TID0(8), SIXTEEN(1));
    LMP(&scene, PERIPHERAL, TID0(8), SIXTEEN(1)); /* it has a fixed PIN */
    LMP(&scene, CENTRAL, TID0(3), 8);
    LMP(&scene, CENTRAL, TID0(9), SIXTEEN(2));
    LMP(&scene, PERIPHERAL, TID0(9), SIXTEEN(3));
    g_assert_cmpuint(link->pairing.result, ==, BTBB_PAIRING_UNFINISHED);
    scene_legacy(&scene, CENTRAL, 4);
    g_assert_cmpuint(link->pairings, ==, 1);
    g_assert_cmpuint(link->pairing.result, ==, BTBB_PAIRING_DONE);
    g_assert_cmpuint(link->pairing.accepted_frame, ==, 4);
    g_assert_cmpuint(btbb_link_pairing_method(link), ==, BTBB_METHOD_PIN);
    scene.packet.client = 2;
    LMP(&scene, CENTRAL, TID0(8), SIXTEEN(1));
    LMP(&scene, CENTRAL, TID0(10), SIXTEEN(2)); /* shows that LMP_in_rand was accepted */
    g_assert_cmpuint(scene_link(&scene, 1)->pairing.accepted_frame, ==, 10);
    LMP(&scene, PERIPHERAL, TID0(3), 8);
    g_assert_cmpuint(scene_link(&scene, 1)->pairing.accepted_frame, ==, 10);
    scene_free(&scene);
}

/* ------ Authentication ------ */

static void test_legacy_authentication(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    scene_legacy(&scene, CENTRAL, 0xaa);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(btbb_link_authenticated(link), ==, BTBB_AUTHENTICATED_ONE_SIDED);
    g_assert_cmpuint(btbb_link_authentication_kind(link), ==, BTBB_AUTHENTICATION_LEGACY);
    g_assert_cmpuint(link->verified[1].challenge_frame, ==, 1);
    g_assert_cmpuint(link->verified[1].response_frame, ==, 2);
    g_assert_cmpuint(link->verified[1].claimant, ==, 1);
    g_assert_cmphex(link->verified[1].au_rand[15], ==, 0xaa);
    g_assert_cmphex(link->verified[1].sres[3], ==, 4);
    scene_legacy(&scene, PERIPHERAL, 0xbb);
    g_assert_cmpuint(btbb_link_authenticated(link), ==, BTBB_AUTHENTICATED_MUTUAL);
    g_assert_cmpuint(btbb_link_authentication_kind(link), ==, BTBB_AUTHENTICATION_LEGACY);
    scene_free(&scene);
}

static void test_secure_authentication(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    scene_secure(&scene);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(btbb_link_authenticated(link), ==, BTBB_AUTHENTICATED_MUTUAL);
    g_assert_cmpuint(link->verified[0].kind, ==, BTBB_AUTHENTICATION_SECURE);
    g_assert_cmpuint(link->verified[1].kind, ==, BTBB_AUTHENTICATION_SECURE);
    scene_secure(&scene); /* again */
    g_assert_cmpuint(link->verified[0].kind, ==, BTBB_AUTHENTICATION_SECURE);
    g_assert_cmpuint(link->verified[0].response_frame, ==, 8);
    scene_free(&scene);
}

/* PDUs that the capture missed do not make one kind look like the other. */
static void test_authentication_with_losses(void)
{
    struct scene scene = scene_new();

    LMP(&scene, CENTRAL, TID0(11), SIXTEEN(7)); /* secure, without LMP_au_rand of the Peripheral */
    LMP(&scene, PERIPHERAL, TID0(12), 1, 1, 1, 1);
    LMP(&scene, CENTRAL, TID0(12), 2, 2, 2, 2);
    g_assert_cmpuint(scene_link(&scene, 0)->verified[1].kind, ==, BTBB_AUTHENTICATION_UNKNOWN);
    scene.packet.client = 2;
    LMP(&scene, CENTRAL, TID0(11), SIXTEEN(7)); /* legacy and mutual, without the first LMP_sres */
    LMP(&scene, PERIPHERAL, TID0(11), SIXTEEN(8));
    LMP(&scene, CENTRAL, TID0(12), 2, 2, 2, 2);
    g_assert_cmpuint(scene_link(&scene, 1)->verified[0].kind, ==, BTBB_AUTHENTICATION_UNKNOWN);
    scene.packet.client = 3;
    LMP(&scene, CENTRAL, TID0(12), 2, 2, 2, 2); /* LMP_sres alone */
    g_assert_cmpuint(btbb_link_authenticated(scene_link(&scene, 2)), ==, BTBB_AUTHENTICATED_NONE);
    scene.packet.client = 4;
    scene_legacy(&scene, CENTRAL, 1);
    LMP(&scene, CENTRAL, TID1(12), 2, 2, 2, 2); /* of another transaction */
    g_assert_cmpuint(scene_link(&scene, 3)->verified[1].kind, ==, BTBB_AUTHENTICATION_LEGACY);
    scene.packet.client = 5;
    LMP(&scene, CENTRAL, TID0(11), SIXTEEN(7));
    LMP(&scene, PERIPHERAL, TID1(11), SIXTEEN(8));
    LMP(&scene, UNSURE, TID0(12), 2, 2, 2, 2);
    g_assert_cmpuint(btbb_link_authenticated(scene_link(&scene, 4)), ==, BTBB_AUTHENTICATED_ONE_SIDED);
    scene_free(&scene);
}

/* As in a real BLUFFS capture: the Central refuses to be challenged while its own challenge is answered. */
static void test_authentication_refused(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    LMP(&scene, CENTRAL, TID0(11), SIXTEEN(0));
    LMP(&scene, PERIPHERAL, TID1(11), SIXTEEN(8));
    LMP(&scene, CENTRAL, TID1(4), 11, 0x23);
    LMP(&scene, PERIPHERAL, TID0(12), 1, 1, 1, 1);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->side[0].refused_frame, ==, 3);
    g_assert_cmpuint(link->side[0].refused_error, ==, 0x23);
    g_assert_cmpuint(btbb_link_authenticated(link), ==, BTBB_AUTHENTICATED_ONE_SIDED);
    g_assert_cmpuint(link->verified[1].kind, ==, BTBB_AUTHENTICATION_LEGACY);
    g_assert_cmpuint(link->verified[1].challenge_frame, ==, 1);
    LMP(&scene, CENTRAL, TID1(12), 1, 1, 1, 1); /* it had refused */
    g_assert_cmpuint(link->verified[0].response_frame, ==, 0);
    scene_free(&scene);
}

/* ------ Encryption ------ */

static void test_encryption(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    scene_set_up(&scene);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->encryption, ==, BTBB_ENCRYPTION_OFF);
    scene_legacy(&scene, CENTRAL, 5);
    LMP(&scene, CENTRAL, TID0(15), 1);
    LMP(&scene, PERIPHERAL, TID0(3), 15);
    scene_key_size(&scene, 16);
    scene_start(&scene, 6);
    g_assert_cmpuint(link->encryption, ==, BTBB_ENCRYPTION_ON);
    g_assert_cmpuint(link->mode_asked.frame, ==, 7);
    g_assert_cmpuint(link->session_count, ==, 1);
    const struct btbb_encryption_session *session = &link->sessions[0];

    g_assert_cmpuint(session->asked.frame, ==, 11);
    g_assert_cmpuint(session->accepted.frame, ==, 12);
    g_assert_cmpuint(session->key_size, ==, 16);
    g_assert_cmpuint(session->key_size_frame, ==, 10);
    g_assert_cmpuint(session->central, ==, 0);
    g_assert_cmphex(session->en_rand[0], ==, 6);
    g_assert_cmpuint(session->authentication.response_frame, ==, 6);
    g_assert_cmpuint(session->stopped.frame, ==, 0);
    g_assert_true(btbb_encryption_started(session) && !session->resumed);
    LMP(&scene, CENTRAL, TID0(17), SIXTEEN(6)); /* the same request again, not marked as such */
    g_assert_cmpuint(link->session_count, ==, 1);
    scene_stop(&scene);
    g_assert_cmpuint(link->encryption, ==, BTBB_ENCRYPTION_OFF);
    g_assert_cmpuint(link->sessions[0].stopped.frame, ==, 14);
    scene_start(&scene, 7);
    scene_detach(&scene);
    g_assert_cmpuint(link->session_count, ==, 2);
    g_assert_cmpuint(link->sessions[1].stopped.frame, ==, 18);
    scene_free(&scene);
}

static void test_key_sizes(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    LMP(&scene, CENTRAL, TID0(16), 16);
    LMP(&scene, PERIPHERAL, TID0(4), 16, 0x20);
    LMP(&scene, PERIPHERAL, TID0(16), 1);
    LMP(&scene, CENTRAL, TID0(3), 16);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->asked_size, ==, 16);
    g_assert_cmpuint(link->asked_side, ==, 0);
    g_assert_cmpuint(link->sizes_asked, ==, 2);
    g_assert_cmpuint(link->agreed_size, ==, 1);
    g_assert_cmpuint(link->agreed_size_frame, ==, 4);
    g_assert_cmpuint(link->refused.frame, ==, 2);
    g_assert_cmpuint(link->refused_code, ==, BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ);
    scene_key_size(&scene, 16);
    g_assert_cmpuint(link->agreed_size, ==, 16);
    g_assert_cmpuint(link->lowest_size, ==, 1);
    LMP(&scene, PERIPHERAL, TID0(3), 16); /* the size was not seen */
    g_assert_cmpuint(link->agreed_size, ==, 0);
    scene_key_size(&scene, 0); /* no sizes */
    scene_key_size(&scene, 17);
    g_assert_cmpuint(link->agreed_size, ==, 0);
    g_assert_cmpuint(link->lowest_size, ==, 1);
    scene_free(&scene);
}

static void test_pause(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    scene_set_up(&scene);
    scene_key_size(&scene, 16);
    scene_start(&scene, 1);
    LMP(&scene, CENTRAL, TID0(127), 23);
    LMP(&scene, PERIPHERAL, TID0(127), 23);
    scene_stop(&scene);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->encryption, ==, BTBB_ENCRYPTION_PAUSED);
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(link->clear_data_packets, ==, 1);
    LMP(&scene, PERIPHERAL, TID0(127), 24);
    scene_start(&scene, 2);
    g_assert_cmpuint(scene.event.request.frame, ==, 15);
    g_assert_cmpuint(link->encryption, ==, BTBB_ENCRYPTION_ON);
    g_assert_cmpuint(link->pauses, ==, 1);
    g_assert_cmpuint(link->paused.frame, ==, 9);
    g_assert_cmpuint(link->resumptions, ==, 1);
    g_assert_cmpuint(link->resumed.frame, ==, 16);
    g_assert_cmpuint(link->session_count, ==, 2);
    g_assert_cmpuint(link->sessions[0].stopped.frame, ==, 11);
    g_assert_true(link->sessions[1].resumed);
    g_assert_cmpuint(link->sessions[1].key_size, ==, 16);
    scene_free(&scene);
}

static void test_refused(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    scene_set_up(&scene);
    LMP(&scene, CENTRAL, TID0(15), 0); /* asks for no encryption */
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->mode_asked.frame, ==, 0);
    LMP(&scene, CENTRAL, TID0(15), 1);
    LMP(&scene, PERIPHERAL, TID0(4), 15, 0x25);
    g_assert_cmpuint(link->refused_code, ==, BTBB_LMP_ENCRYPTION_MODE_REQ);
    g_assert_cmpuint(link->refused_error, ==, 0x25);
    LMP(&scene, CENTRAL, TID0(17), SIXTEEN(1));
    LMP(&scene, PERIPHERAL, TID0(4), 17, 0x06);
    g_assert_cmpuint(link->refused_code, ==, BTBB_LMP_START_ENCRYPTION_REQ);
    g_assert_true(link->sessions[0].refused);
    g_assert_false(btbb_encryption_started(&link->sessions[0]));
    g_assert_null(btbb_link_first_encryption(link));
    g_assert_cmpuint(link->encryption, ==, BTBB_ENCRYPTION_OFF);
    scene_free(&scene);
}

static void test_cipher(void)
{
    struct scene scene = scene_new();

    scene_secure(&scene);
    scene_start(&scene, 1);
    g_assert_cmpuint(btbb_link_cipher(scene_link(&scene, 0), scene_link(&scene, 0)->sessions), ==, BTBB_CIPHER_AES_CCM);
    scene.packet.client = 2;
    scene_legacy(&scene, CENTRAL, 1);
    scene_start(&scene, 1);
    g_assert_cmpuint(btbb_link_cipher(scene_link(&scene, 1), scene_link(&scene, 1)->sessions), ==, BTBB_CIPHER_E0);
    scene.packet.protection = BTBB_PROTECTION_AES_CCM; /* contradicts */
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(btbb_link_cipher(scene_link(&scene, 1), scene_link(&scene, 1)->sessions), ==, BTBB_CIPHER_UNKNOWN);
    scene.packet.protection = BTBB_PROTECTION_UNKNOWN;
    scene.packet.client = 3;
    scene_start(&scene, 1);
    g_assert_cmpuint(btbb_link_cipher(scene_link(&scene, 2), scene_link(&scene, 2)->sessions), ==, BTBB_CIPHER_UNKNOWN);
    scene_features(&scene, 0x09, 0x01); /* the host of the Peripheral has no Secure Connections */
    g_assert_cmpuint(btbb_link_cipher(scene_link(&scene, 2), scene_link(&scene, 2)->sessions), ==, BTBB_CIPHER_E0);
    scene.packet.client = 4;
    scene_start(&scene, 1);
    LMP(&scene, CENTRAL, TID0(66), SIXTEEN(1)); /* LMP_pause_encryption_aes_req */
    g_assert_cmpuint(btbb_link_cipher(scene_link(&scene, 3), scene_link(&scene, 3)->sessions), ==, BTBB_CIPHER_AES_CCM);
    scene_free(&scene);
}

static void test_encryption_name(void)
{
    struct scene scene = scene_new();

    scene_set_up(&scene);
    const struct btbb_acl_link *link = scene_link(&scene, 0);

    g_assert_cmpstr(btbb_link_encryption_name(link), ==, "none");
    LMP(&scene, CENTRAL, TID0(15), 1);
    LMP(&scene, PERIPHERAL, TID0(4), 15, 0x25);
    g_assert_cmpstr(btbb_link_encryption_name(link), ==, "refused");
    scene_start(&scene, 1);
    g_assert_cmpstr(btbb_link_encryption_name(link), ==, "E0 or AES-CCM");
    scene_legacy(&scene, CENTRAL, 1);
    scene_stop(&scene);
    scene_start(&scene, 2);
    g_assert_cmpstr(btbb_link_encryption_name(link), ==, "E0");
    scene.packet.client = 2;
    scene_data(&scene, CENTRAL);
    g_assert_cmpstr(btbb_link_encryption_name(scene_link(&scene, 1)), ==, "unknown");
    scene.packet.protection = BTBB_PROTECTION_ENCRYPTED;
    scene_data(&scene, CENTRAL);
    g_assert_cmpstr(btbb_link_encryption_name(scene_link(&scene, 1)), ==, "encrypted");
    scene_free(&scene);
}

/* What the capturing device marks itself. */
static void test_protection(void)
{
    struct scene scene = scene_new();
    const struct btbb_acl_link *link;

    scene.packet.protection = BTBB_PROTECTION_ENCRYPTED;
    scene_data(&scene, CENTRAL);
    link = scene_link(&scene, 0);
    g_assert_cmpuint(link->encryption, ==, BTBB_ENCRYPTION_ON);
    g_assert_cmpuint(link->encrypted_frame, ==, 1);
    g_assert_cmpuint(link->clear_data_packets, ==, 0);
    scene.packet.client = 2;
    scene.packet.protection = BTBB_PROTECTION_CLEAR;
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(scene_link(&scene, 1)->encryption, ==, BTBB_ENCRYPTION_OFF);
    g_assert_cmpuint(scene_link(&scene, 1)->clear_data_packets, ==, 1);
    scene.packet.client = 3;
    scene.packet.protection = BTBB_PROTECTION_UNKNOWN;
    scene_data(&scene, CENTRAL);
    g_assert_cmpuint(scene_link(&scene, 2)->encryption, ==, BTBB_ENCRYPTION_UNKNOWN);
    g_assert_cmpuint(scene_link(&scene, 2)->clear_data_packets, ==, 0);
    scene_free(&scene);
}

static void test_features(void)
{
    struct scene scene = scene_new();

    LMP(&scene, CENTRAL, TID0(39), 0x03, 0, 0, 0x02, 0x08, 0, 0x08, 0x80);
    LMP(&scene, PERIPHERAL, TID0(40), 0x80, 0, 0, 0x04, 0, 0x08, 0, 0);
    const struct btbb_link_side *side = scene_link(&scene, 0)->side;

    g_assert_cmpuint(btbb_link_feature(&side[0], BTBB_FEATURE_3_SLOT), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_feature(&side[0], BTBB_FEATURE_5_SLOT), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_feature(&side[0], BTBB_FEATURE_EDR_2), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_feature(&side[0], BTBB_FEATURE_EDR_3), ==, BTBB_NO);
    g_assert_cmpuint(btbb_link_feature(&side[0], BTBB_FEATURE_AFH), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_feature(&side[0], BTBB_FEATURE_SSP), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_feature(&side[0], BTBB_FEATURE_SNIFF), ==, BTBB_NO);
    g_assert_cmpuint(btbb_link_feature(&side[0], BTBB_FEATURE_SSP_HOST), ==, BTBB_UNKNOWN);
    g_assert_cmpuint(btbb_link_secure_connections(&side[0]), ==, BTBB_UNKNOWN);
    LMP(&scene, CENTRAL, TID0(127), 3, 2, 2, 0, 1, 0, 0, 0, 0, 0, 0);
    g_assert_cmpuint(btbb_link_feature(&side[0], BTBB_FEATURE_SC), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_secure_connections(&side[0]), ==, BTBB_UNKNOWN); /* its host */
    g_assert_cmpuint(btbb_link_feature(&side[1], BTBB_FEATURE_SNIFF), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_feature(&side[1], BTBB_FEATURE_EDR_3), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_feature(&side[1], BTBB_FEATURE_AFH), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_feature(&side[1], BTBB_FEATURE_SC), ==, BTBB_NO); /* no extended features */
    g_assert_cmpuint(btbb_link_secure_connections(&side[1]), ==, BTBB_NO);
    scene_features(&scene, 0x08, 0x00);
    g_assert_cmpuint(btbb_link_secure_connections(&side[0]), ==, BTBB_YES);
    g_assert_cmpuint(btbb_link_secure_connections(&side[1]), ==, BTBB_NO);
    g_assert_cmpstr(btbb_feature_name(BTBB_FEATURE_SC_HOST), ==, "Secure Connections (host)");
    scene_free(&scene);
}

static void test_session_bound(void)
{
    struct scene scene = scene_new();

    for (uint8_t i = 0; i < BTBB_LINK_SESSIONS + 2; i++) {
        scene_start(&scene, i);
        scene_stop(&scene);
    }
    g_assert_cmpuint(scene_link(&scene, 0)->session_count, ==, BTBB_LINK_SESSIONS);
    g_assert_cmpuint(scene_link(&scene, 0)->sessions_dropped, ==, 2);
    scene_free(&scene);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/link-security/method-by-io", test_method_by_io);
    g_test_add_func("/link-security/simple-pairing", test_simple_pairing);
    g_test_add_func("/link-security/method-by-pdus", test_method_by_pdus);
    g_test_add_func("/link-security/pairing-fails", test_pairing_fails);
    g_test_add_func("/link-security/pairing-collision", test_pairing_collision);
    g_test_add_func("/link-security/legacy-pairing", test_legacy_pairing);
    g_test_add_func("/link-security/legacy-authentication", test_legacy_authentication);
    g_test_add_func("/link-security/secure-authentication", test_secure_authentication);
    g_test_add_func("/link-security/authentication-with-losses", test_authentication_with_losses);
    g_test_add_func("/link-security/authentication-refused", test_authentication_refused);
    g_test_add_func("/link-security/encryption", test_encryption);
    g_test_add_func("/link-security/key-sizes", test_key_sizes);
    g_test_add_func("/link-security/pause", test_pause);
    g_test_add_func("/link-security/refused", test_refused);
    g_test_add_func("/link-security/cipher", test_cipher);
    g_test_add_func("/link-security/encryption-name", test_encryption_name);
    g_test_add_func("/link-security/protection", test_protection);
    g_test_add_func("/link-security/features", test_features);
    g_test_add_func("/link-security/session-bound", test_session_bound);
    return g_test_run();
}
