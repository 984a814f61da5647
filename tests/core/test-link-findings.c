/* test-link-findings.c: every finding where it is proven, and where it nearly is; and the gaps of a capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link-scene.h"

/* The finding of that kind; NULL: there is none. */
static const struct btbb_finding *find(const struct btbb_acl_link *link, enum btbb_finding_kind kind)
{
    static struct btbb_finding findings[BTBB_FINDING_COUNT];
    const size_t count = btbb_link_findings(link, findings);

    for (size_t i = 0; i < count; i++)
        if (findings[i].kind == kind)
            return &findings[i];
    return NULL;
}

static void check_text(const struct btbb_acl_link *link, enum btbb_finding_kind kind, const char *expected)
{
    const struct btbb_finding *finding = find(link, kind);
    char text[400];

    g_assert_nonnull(finding);
    g_assert_cmpuint(btbb_finding_text(link, finding, text, sizeof text), ==, strlen(expected));
    g_assert_cmpstr(text, ==, expected);
    g_assert_nonnull(btbb_finding_limit(kind));
}

static void test_key_below_7(void)
{
    struct scene scene = scene_new();

    scene_key_size(&scene, 1);
    scene_key_size(&scene, 16); /* later: no matter */
    check_text(scene_link(&scene, 0), BTBB_FINDING_KEY_BELOW_7,
               "A key of 1 byte was agreed: short enough to try all of them (KNOB) (frames 1 and 2).");
    g_assert_null(find(scene_link(&scene, 0), BTBB_FINDING_KEY_BELOW_16));
    scene.packet.client = 2;
    LMP(&scene, CENTRAL, TID0(16), 1); /* asked, and refused */
    LMP(&scene, PERIPHERAL, TID0(4), 16, 0x20);
    scene_key_size(&scene, 7);
    g_assert_null(find(scene_link(&scene, 1), BTBB_FINDING_KEY_BELOW_7));
    scene_free(&scene);
}

static void test_key_below_16(void)
{
    struct scene scene = scene_new();

    scene_key_size(&scene, 15);
    check_text(scene_link(&scene, 0), BTBB_FINDING_KEY_BELOW_16,
               "A key of 15 bytes was agreed; a full one has 16 bytes (frames 1 and 2).");
    g_assert_null(find(scene_link(&scene, 0), BTBB_FINDING_KEY_BELOW_7));
    scene.packet.client = 2;
    scene_key_size(&scene, 16);
    LMP(&scene, PERIPHERAL, TID0(3), 16); /* which size is not known */
    g_assert_null(find(scene_link(&scene, 1), BTBB_FINDING_KEY_BELOW_16));
    scene_free(&scene);
}

static void test_not_encrypted(void)
{
    struct scene scene = scene_new();

    scene_set_up(&scene);
    g_assert_null(find(scene_link(&scene, 0), BTBB_FINDING_NOT_ENCRYPTED)); /* no data */
    scene_data(&scene, CENTRAL);
    check_text(scene_link(&scene, 0), BTBB_FINDING_NOT_ENCRYPTED,
               "Data was sent in clear, and encryption was not started (frame 5).");
    LMP(&scene, CENTRAL, TID0(17), SIXTEEN(1));
    g_assert_null(find(scene_link(&scene, 0), BTBB_FINDING_NOT_ENCRYPTED)); /* there is no answer yet */
    LMP(&scene, PERIPHERAL, TID0(4), 17, 0x06);
    scene_data(&scene, CENTRAL);
    check_text(scene_link(&scene, 0), BTBB_FINDING_NOT_ENCRYPTED,
               "Data was sent in clear, and encryption was not started (frames 5 and 8).");
    scene_start(&scene, 2);
    g_assert_null(find(scene_link(&scene, 0), BTBB_FINDING_NOT_ENCRYPTED));
    scene.packet.client = 2;
    scene_data(&scene, CENTRAL); /* the capture starts in the middle */
    scene_detach(&scene);
    g_assert_null(find(scene_link(&scene, 1), BTBB_FINDING_NOT_ENCRYPTED));
    scene.packet.client = 3;
    scene_set_up(&scene);
    scene_data(&scene, CENTRAL);
    scene.packet.protection = BTBB_PROTECTION_ENCRYPTED; /* its start was missed */
    scene_data(&scene, CENTRAL);
    g_assert_null(find(scene_link(&scene, 2), BTBB_FINDING_NOT_ENCRYPTED));
    scene.packet.client = 4;
    scene.packet.protection = BTBB_PROTECTION_CLEAR; /* in the middle: it may have been encrypted before */
    scene_data(&scene, CENTRAL);
    g_assert_null(find(scene_link(&scene, 3), BTBB_FINDING_NOT_ENCRYPTED));
    scene_free(&scene);
}

static void test_legacy_authentication(void)
{
    struct scene scene = scene_new();

    scene_legacy(&scene, CENTRAL, 1);
    g_assert_null(find(scene_link(&scene, 0), BTBB_FINDING_LEGACY_AUTHENTICATION)); /* no encryption */
    scene_start(&scene, 2);
    check_text(scene_link(&scene, 0), BTBB_FINDING_LEGACY_AUTHENTICATION,
               "Encryption followed legacy authentication, which an attacker without the link key can evade (BIAS) "
               "(frames 1, 2 and 3).");
    scene.packet.client = 2;
    scene_secure(&scene);
    scene_start(&scene, 2);
    g_assert_null(find(scene_link(&scene, 1), BTBB_FINDING_LEGACY_AUTHENTICATION));
    scene.packet.client = 3;
    scene_start(&scene, 2);
    scene_legacy(&scene, CENTRAL, 1); /* after encryption */
    g_assert_null(find(scene_link(&scene, 2), BTBB_FINDING_LEGACY_AUTHENTICATION));
    scene_free(&scene);
}

static void test_one_sided(void)
{
    struct scene scene = scene_new();

    scene_begin(&scene);
    scene_legacy(&scene, CENTRAL, 1);
    scene_start(&scene, 2);
    check_text(scene_link(&scene, 0), BTBB_FINDING_ONE_SIDED_AUTHENTICATION,
               "Encryption was started, but the Central had not proven that it has the link key (BIAS) "
               "(frames 4 and 5).");
    scene_legacy(&scene, PERIPHERAL, 3); /* too late */
    g_assert_nonnull(find(scene_link(&scene, 0), BTBB_FINDING_ONE_SIDED_AUTHENTICATION));
    scene.packet.client = 2;
    scene_begin(&scene);
    scene_legacy(&scene, CENTRAL, 1);
    scene_legacy(&scene, PERIPHERAL, 3);
    scene_start(&scene, 2);
    g_assert_null(find(scene_link(&scene, 1), BTBB_FINDING_ONE_SIDED_AUTHENTICATION)); /* mutual */
    scene.packet.client = 3;
    scene_legacy(&scene, CENTRAL, 1);
    scene_start(&scene, 2);
    g_assert_null(find(scene_link(&scene, 2), BTBB_FINDING_ONE_SIDED_AUTHENTICATION)); /* its beginning was missed */
    scene.packet.client = 4;
    scene_begin(&scene);
    LMP(&scene, CENTRAL, TID0(8), SIXTEEN(1)); /* pairing is mutual */
    LMP(&scene, PERIPHERAL, TID0(3), 8);
    scene_legacy(&scene, CENTRAL, 1);
    scene_start(&scene, 2);
    g_assert_null(find(scene_link(&scene, 3), BTBB_FINDING_ONE_SIDED_AUTHENTICATION));
    scene.packet.client = 5;
    scene_begin(&scene);
    LMP(&scene, UNSURE, TID0(11), SIXTEEN(3)); /* whose is not known */
    LMP(&scene, UNSURE, TID0(12), 1, 2, 3, 4);
    scene_legacy(&scene, CENTRAL, 1);
    scene_start(&scene, 2);
    g_assert_null(find(scene_link(&scene, 4), BTBB_FINDING_ONE_SIDED_AUTHENTICATION));
    scene_free(&scene);
}

/* The refusal of the other authentication is a part of the proof. */
static void test_one_sided_refused(void)
{
    struct scene scene = scene_new();

    scene_begin(&scene);
    LMP(&scene, PERIPHERAL, TID1(11), SIXTEEN(8));
    LMP(&scene, CENTRAL, TID1(4), 11, 0x23);
    scene_legacy(&scene, CENTRAL, 1);
    scene_start(&scene, 2);
    check_text(scene_link(&scene, 0), BTBB_FINDING_ONE_SIDED_AUTHENTICATION,
               "Encryption was started, but the Central had not proven that it has the link key (BIAS) "
               "(frames 6, 4 and 7).");
    scene_free(&scene);
}

static void test_secure_connections_not_used(void)
{
    struct scene scene = scene_new();

    scene_features(&scene, 0x09, 0x0b);
    g_assert_null(find(scene_link(&scene, 0), BTBB_FINDING_SECURE_CONNECTIONS_NOT_USED));
    scene_legacy(&scene, CENTRAL, 1);
    check_text(scene_link(&scene, 0), BTBB_FINDING_SECURE_CONNECTIONS_NOT_USED,
               "Both devices support Secure Connections but did not use them (frames 3, 4 and 8).");
    scene.packet.client = 2;
    scene_features(&scene, 0x09, 0x0b);
    scene_secure(&scene);
    g_assert_null(find(scene_link(&scene, 1), BTBB_FINDING_SECURE_CONNECTIONS_NOT_USED));
    scene.packet.client = 3;
    scene_features(&scene, 0x09, 0x01); /* the host of the Peripheral does not support them */
    scene_legacy(&scene, CENTRAL, 1);
    g_assert_null(find(scene_link(&scene, 2), BTBB_FINDING_SECURE_CONNECTIONS_NOT_USED));
    scene.packet.client = 4;
    scene_features(&scene, 0x08, 0x08);
    LMP(&scene, CENTRAL, TID0(61), 1, 1, 48); /* a public key on P-192 */
    g_assert_cmpuint(find(scene_link(&scene, 3), BTBB_FINDING_SECURE_CONNECTIONS_NOT_USED)->frames[2], ==, 33);
    LMP(&scene, CENTRAL, TID0(61), 1, 2, 64);
    g_assert_null(find(scene_link(&scene, 3), BTBB_FINDING_SECURE_CONNECTIONS_NOT_USED));
    scene_free(&scene);
}

static void test_legacy_pairing(void)
{
    struct scene scene = scene_new();

    LMP(&scene, CENTRAL, TID0(8), SIXTEEN(1));
    g_assert_null(find(scene_link(&scene, 0), BTBB_FINDING_LEGACY_PAIRING)); /* only asked for */
    LMP(&scene, PERIPHERAL, TID0(3), 8);
    check_text(scene_link(&scene, 0), BTBB_FINDING_LEGACY_PAIRING,
               "Legacy pairing: with a capture of it, all PINs can be tried until the link key fits (frames 1 and 2).");
    scene.packet.client = 2;
    LMP(&scene, CENTRAL, TID0(8), SIXTEEN(1));
    LMP(&scene, PERIPHERAL, TID0(4), 8, 0x18);
    g_assert_null(find(scene_link(&scene, 1), BTBB_FINDING_LEGACY_PAIRING));
    scene.packet.client = 3;
    LMP(&scene, CENTRAL, TID0(127), 25, 1, 0, 3);
    g_assert_null(find(scene_link(&scene, 2), BTBB_FINDING_LEGACY_PAIRING));
    scene_free(&scene);
}

static void test_repeated_diversifiers(void)
{
    struct scene scene = scene_new();

    scene_legacy(&scene, CENTRAL, 0);
    scene_start(&scene, 0);
    LMP(&scene, CENTRAL, TID0(17), SIXTEEN(0)); /* the request again */
    g_assert_null(find(scene_link(&scene, 0), BTBB_FINDING_REPEATED_DIVERSIFIERS));
    scene_detach(&scene);
    LMP(&scene, CENTRAL, TID0(51)); /* connected anew */
    scene_legacy(&scene, CENTRAL, 0);
    scene_start(&scene, 1); /* another EN_RAND */
    g_assert_null(find(scene_link(&scene, 1), BTBB_FINDING_REPEATED_DIVERSIFIERS));
    scene_stop(&scene);
    scene_legacy(&scene, CENTRAL, 5); /* another AU_RAND */
    scene_start(&scene, 0);
    g_assert_null(find(scene_link(&scene, 1), BTBB_FINDING_REPEATED_DIVERSIFIERS));
    scene_stop(&scene);
    scene_legacy(&scene, CENTRAL, 0);
    scene_start(&scene, 0);
    check_text(scene_link(&scene, 1), BTBB_FINDING_REPEATED_DIVERSIFIERS,
               "EN_RAND and AU_RAND are those of an earlier encryption: with the same link key, the encryption key is "
               "the same again (BLUFFS) (frames 3, 20 and 22).");
    scene.packet.client = 2; /* other devices */
    scene_legacy(&scene, CENTRAL, 0);
    scene_start(&scene, 0);
    g_assert_null(find(scene_link(&scene, 2), BTBB_FINDING_REPEATED_DIVERSIFIERS));
    scene_stop(&scene);
    scene.packet.client = 3;
    scene_start(&scene, 0); /* no authentication was seen */
    scene_stop(&scene);
    scene_start(&scene, 0);
    g_assert_null(find(scene_link(&scene, 3), BTBB_FINDING_REPEATED_DIVERSIFIERS));
    scene_free(&scene);
}

/* The packet that completes a proof is where an event reports it, once. */
static void test_in_events(void)
{
    struct scene scene = scene_new();

    scene_set_up(&scene);
    scene_data(&scene, CENTRAL);
    g_assert_cmphex(scene.event.findings, ==, 0); /* encryption may still be started */
    scene_legacy(&scene, CENTRAL, 1);
    LMP(&scene, CENTRAL, TID0(16), 7);
    g_assert_cmphex(scene.event.findings, ==, 0);
    g_assert_cmpuint(scene.event.key_size, ==, 0);
    LMP(&scene, PERIPHERAL, TID0(3), 16);
    g_assert_cmphex(scene.event.findings, ==, 1u << BTBB_FINDING_KEY_BELOW_16);
    g_assert_cmpuint(scene.event.key_size, ==, 7);
    LMP(&scene, CENTRAL, TID0(17), SIXTEEN(1));
    g_assert_cmphex(scene.event.findings, ==, 0);
    g_assert_false(scene.event.encryption_changed);
    g_assert_cmpuint(scene.event.encryption, ==, BTBB_ENCRYPTION_OFF);
    LMP(&scene, PERIPHERAL, TID0(3), 17);
    g_assert_cmphex(scene.event.findings, ==,
                    1u << BTBB_FINDING_LEGACY_AUTHENTICATION | 1u << BTBB_FINDING_ONE_SIDED_AUTHENTICATION);
    g_assert_true(scene.event.encryption_changed);
    g_assert_cmpuint(scene.event.encryption, ==, BTBB_ENCRYPTION_ON);
    LMP(&scene, CENTRAL, TID0(46), 5);
    g_assert_cmphex(scene.event.findings, ==, 0);
    g_assert_cmpuint(scene.event.key_size, ==, 0);
    g_assert_false(scene.event.encryption_changed);
    scene_free(&scene);
}

/* A finding that fits the buffer only in part. */
static void test_text_is_cut(void)
{
    struct scene scene = scene_new();
    char text[8];

    scene_key_size(&scene, 7);
    const struct btbb_acl_link *link = scene_link(&scene, 0);
    const size_t length = btbb_finding_text(link, find(link, BTBB_FINDING_KEY_BELOW_16), text, sizeof text);

    g_assert_cmpuint(length, >, sizeof text);
    g_assert_cmpstr(text, ==, "A key o");
    g_assert_cmpstr(btbb_finding_key(BTBB_FINDING_REPEATED_DIVERSIFIERS), ==, "repeated-diversifiers");
    g_assert_null(btbb_finding_key(BTBB_FINDING_COUNT));
    scene_free(&scene);
}

/* The gaps of a link as bits. */
static unsigned gaps_of(const struct btbb_acl_link *link)
{
    enum btbb_gap gaps[BTBB_GAP_COUNT];
    const size_t count = btbb_link_gaps(link, gaps);
    unsigned bits = 0;

    for (size_t i = 0; i < count; i++) {
        g_assert_nonnull(btbb_gap_text(gaps[i]));
        bits |= 1u << gaps[i];
    }
    return bits;
}

#define GAP(name) (1u << BTBB_GAP_##name)

static void test_gaps(void)
{
    struct scene scene = scene_new();

    scene_features(&scene, 0, 0);
    scene_set_up(&scene);
    scene_key_size(&scene, 16);
    scene_legacy(&scene, CENTRAL, 1);
    scene_start(&scene, 2);
    scene_detach(&scene);
    g_assert_cmphex(gaps_of(scene_link(&scene, 0)), ==, 0);

    scene.packet.client = 2;
    scene.packet.protection = BTBB_PROTECTION_ENCRYPTED;
    scene_data(&scene, CENTRAL);
    g_assert_cmphex(gaps_of(scene_link(&scene, 1)), ==, GAP(START) | GAP(FEATURES) | GAP(ENCRYPTION) | GAP(END));
    scene.packet.protection = BTBB_PROTECTION_UNKNOWN;
    scene.packet.client = 3;
    LMP(&scene, CENTRAL, TID0(17), SIXTEEN(1));
    LMP(&scene, UNSURE, TID0(11), SIXTEEN(1));
    LMP(&scene, UNSURE, TID0(12), 1, 2, 3, 4);
    g_assert_cmphex(gaps_of(scene_link(&scene, 2)), ==,
                    GAP(START) | GAP(FEATURES) | GAP(SENDERS) | GAP(ACCEPTANCE) | GAP(END));
    LMP(&scene, PERIPHERAL, TID0(3), 17);
    LMP(&scene, CENTRAL, TID0(127), 25, 1, 0, 3);
    g_assert_cmphex(gaps_of(scene_link(&scene, 2)), ==,
                    GAP(START) | GAP(FEATURES) | GAP(PAIRING) | GAP(SENDERS) | GAP(CIPHER) | GAP(KEY_SIZE) | GAP(END));
    scene.packet.client = 4;
    scene.packet.own = BTBB_OWN_SENT;
    scene_data(&scene, UNSURE);
    g_assert_cmphex(gaps_of(scene_link(&scene, 3)), ==, GAP(START) | GAP(ROLES) | GAP(FEATURES) | GAP(END));
    scene_free(&scene);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/link-findings/key-below-7", test_key_below_7);
    g_test_add_func("/link-findings/key-below-16", test_key_below_16);
    g_test_add_func("/link-findings/not-encrypted", test_not_encrypted);
    g_test_add_func("/link-findings/legacy-authentication", test_legacy_authentication);
    g_test_add_func("/link-findings/one-sided", test_one_sided);
    g_test_add_func("/link-findings/one-sided-refused", test_one_sided_refused);
    g_test_add_func("/link-findings/secure-connections-not-used", test_secure_connections_not_used);
    g_test_add_func("/link-findings/legacy-pairing", test_legacy_pairing);
    g_test_add_func("/link-findings/repeated-diversifiers", test_repeated_diversifiers);
    g_test_add_func("/link-findings/in-events", test_in_events);
    g_test_add_func("/link-findings/text-is-cut", test_text_is_cut);
    g_test_add_func("/link-findings/gaps", test_gaps);
    return g_test_run();
}
