/* track-links.c: packets from standard input through the link tracker, for test_links.py.
 *
 * A line for each packet: words KEY=VALUE. Then everything that was learned is printed, a line each of words, with
 * tabs between them:
 *
 *     link NUMBER KEY=VALUE...      finding NUMBER KIND TEXT      gap NUMBER TEXT      event FRAME KEY=VALUE...
 *
 * --pdus and --errors print the tables of names instead.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "decode/address-text.h"
#include "decode/fhs.h"
#include "decode/lmp-names.h"
#include "decode/printable.h"
#include "learn/link-findings.h"
#include "learn/timeline.h"

static struct btbb_links *links;
static struct btbb_timeline *timeline;

/* ------ Input ------ */

struct input {
    struct btbb_link_packet packet;
    uint8_t bytes[64]; /* LMP or FHS */
    uint32_t length;
};

static uint32_t read_hex(const char *text, uint8_t *bytes, uint32_t most)
{
    uint32_t length = 0;

    for (; text[0] && text[1] && length < most; text += 2)
        bytes[length++] = (uint8_t)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
    return length;
}

/* "e0d4e819c768" (NAP, UAP, LAP), "e819c768" or "19c768" */
static struct btbb_device_address read_address(const char *text)
{
    const uint64_t all = g_ascii_strtoull(text, NULL, 16);

    return (struct btbb_device_address){.lap = all & 0xffffff,
                                        .uap = (uint8_t)(all >> 24),
                                        .nap = (uint16_t)(all >> 32),
                                        .parts = strlen(text) > 8   ? BTBB_ADDRESS_ALL
                                                 : strlen(text) > 6 ? BTBB_ADDRESS_UAP
                                                                    : BTBB_ADDRESS_LAP};
}

static void read_word(struct input *input, const char *key, const char *value)
{
    struct btbb_link_packet *packet = &input->packet;
    const uint64_t number = g_ascii_strtoull(value, NULL, 0);

    if (!strcmp(key, "kind"))
        packet->kind = (uint8_t)number;
    else if (!strcmp(key, "frame"))
        packet->frame = (uint32_t)number;
    else if (!strcmp(key, "time"))
        packet->time_ns = (int64_t)number, packet->has_time = true;
    else if (!strcmp(key, "clk"))
        packet->clk = (uint32_t)number, packet->has_clk = true;
    else if (!strcmp(key, "client"))
        packet->client = number, packet->has_client = true;
    else if (!strcmp(key, "lt_addr"))
        packet->lt_addr = (uint8_t)number, packet->has_lt_addr = true;
    else if (!strcmp(key, "dir"))
        packet->dir = (uint8_t)number;
    else if (!strcmp(key, "own"))
        packet->own = (uint8_t)number;
    else if (!strcmp(key, "protection"))
        packet->protection = (uint8_t)number;
    else if (!strcmp(key, "retransmission"))
        packet->retransmission = number;
    else if (!strcmp(key, "exact"))
        packet->exact = number;
    else if (!strcmp(key, "sender"))
        packet->sender = read_address(value);
    else if (!strcmp(key, "receiver"))
        packet->receiver = read_address(value);
    else if (!strcmp(key, "central"))
        packet->central = read_address(value);
    else if (!strcmp(key, "bytes"))
        input->length = read_hex(value, input->bytes, sizeof input->bytes);
    else
        g_error("unknown key %s", key);
}

static void read_line(char *line)
{
    char **words = g_strsplit(g_strstrip(line), " ", 0);
    struct input input = {0};
    struct btbb_link_event event;

    for (char **word = words; *word; word++) {
        char *value = strchr(*word, '=');

        g_assert_nonnull(value);
        *value = '\0';
        read_word(&input, *word, value + 1);
    }
    const struct btbb_span bytes = {input.bytes, input.length};

    if (input.packet.kind == BTBB_LINK_PACKET_FHS)
        input.packet.fhs = btbb_fhs_read(bytes);
    else if (input.packet.kind == BTBB_LINK_PACKET_LMP)
        btbb_link_packet_set_lmp(&input.packet, bytes, input.packet.exact);
    btbb_links_add(links, &input.packet, &event);
    btbb_timeline_add(timeline, &event);
    g_strfreev(words);
}

/* ------ Output ------ */

static void print_moment(const char *key, struct btbb_moment moment)
{
    if (moment.frame)
        printf("\t%s=%" PRIu32, key, moment.frame);
}

static void print_address(const struct btbb_device_address *address)
{
    char text[BTBB_BD_ADDR_TEXT_BYTES];

    if (address->parts == BTBB_ADDRESS_ALL)
        btbb_bd_addr_text(address->nap, address->uap, address->lap, text);
    else if (address->parts == BTBB_ADDRESS_UAP)
        btbb_octets_text((uint64_t)address->uap << 24 | address->lap, 4, text);
    else
        btbb_lap_text(address->lap, text);
    printf("\taddress=%s", address->parts == BTBB_ADDRESS_NONE ? "unknown" : text);
}

static void print_features(const struct btbb_link_side *side)
{
    static const char *const states[] = {"?", "-", "+"};

    printf("\tfeatures=");
    for (int i = 0; i < BTBB_FEATURE_COUNT; i++)
        printf("%s%s%s", i ? "," : "", states[btbb_link_feature(side, (enum btbb_feature)i)],
               btbb_feature_name((enum btbb_feature)i));
}

static void print_side(const struct btbb_acl_link *link, uint8_t number)
{
    const struct btbb_link_side *side = &link->side[number];
    const struct btbb_name *name = btbb_device_names_best(btbb_links_names(links), side->name_key);
    char text[BTBB_PRINTABLE_BYTES(BTBB_LMP_NAME_BYTES)];

    printf("side\t%" PRIu32 "\t%s", link->number, btbb_link_side_name(link, number));
    print_address(&side->address);
    if (name) {
        btbb_printable(name->bytes, name->length, BTBB_PRINTABLE_ALL, text, sizeof text);
        printf("\tname=%s\tname_source=%s", text, btbb_name_source_text((enum btbb_name_source)name->source));
    }
    if (side->version_frame)
        printf("\tversion=%s\tcompany=%u\tsubversion=0x%04x", btbb_lmp_version_name(side->version), side->company,
               side->subversion);
    print_features(side);
    if (side->io_frame)
        printf("\tio=%s\toob=%u\trequirements=%u", btbb_lmp_io_capability_name(side->io), side->oob,
               side->requirements);
    if (side->refused_frame)
        printf("\trefused=%" PRIu32 "\trefused_error=0x%02x", side->refused_frame, side->refused_error);
    putchar('\n');
}

static void print_hex(const char *key, const uint8_t *bytes, size_t count)
{
    printf("\t%s=", key);
    for (size_t i = 0; i < count; i++)
        printf("%02x", bytes[i]);
}

static void print_session(const struct btbb_acl_link *link, const struct btbb_encryption_session *session)
{
    const struct btbb_authentication *before = &session->authentication;

    printf("encryption\t%" PRIu32 "\tcipher=%s\tkey_size=%u\tstarted=%d\tresumed=%d\trefused=%d", link->number,
           btbb_cipher_name(btbb_link_cipher(link, session)), session->key_size, btbb_encryption_started(session),
           session->resumed, session->refused);
    print_moment("asked", session->asked);
    print_moment("accepted", session->accepted);
    print_moment("stopped", session->stopped);
    print_hex("en_rand", session->en_rand, sizeof session->en_rand);
    if (before->response_frame) {
        printf("\tau_rand_frame=%" PRIu32 "\tsres_frame=%" PRIu32 "\tclaimant=%s\tauthentication=%s",
               before->challenge_frame, before->response_frame, btbb_link_side_name(link, before->claimant),
               btbb_authentication_kind_name((enum btbb_authentication_kind)before->kind));
        print_hex("au_rand", before->au_rand, sizeof before->au_rand);
        print_hex("sres", before->sres, sizeof before->sres);
    }
    if (session->repeats_frame)
        printf("\trepeats=%" PRIu32, session->repeats_frame);
    putchar('\n');
}

static void print_link(const struct btbb_acl_link *link)
{
    printf("link\t%" PRIu32 "\tlt_addr=%u\tfrom_start=%d\tend=%s", link->number, link->lt_addr, link->from_start,
           btbb_link_end_name((enum btbb_link_end)link->end));
    print_moment("first", link->first);
    print_moment("last", link->last);
    print_moment("paged", link->paged);
    print_moment("host_connection", link->host_connection);
    print_moment("setup_complete", link->setup_complete);
    print_moment("role_switch", link->role_switch);
    print_moment("sniff", link->sniff);
    print_moment("detached", link->detached);
    if (link->detached.frame)
        printf("\tdetach_error=0x%02x\tdetach_side=%s", link->detach_error,
               btbb_link_side_name(link, link->detach_side));
    printf("\trole_switches=%" PRIu32 "\tlmp=%" PRIu32 "\tfaulty=%" PRIu32 "\tretransmissions=%" PRIu32, //
           link->role_switches, link->lmp_packets, link->faulty_packets, link->retransmissions);
    printf("\tdata=%" PRIu32 "\tclear_data=%" PRIu32, link->data_packets, link->clear_data_packets);
    printf("\tpairings=%" PRIu32 "\tpairing=%s", link->pairings,
           btbb_pairing_method_name(btbb_link_pairing_method(link)));
    if (link->pairings)
        printf("\tpairing_result=%s\tpairing_error=0x%02x",
               btbb_pairing_result_name((enum btbb_pairing_result)link->pairing.result), link->pairing.error);
    print_moment("pairing_started", link->pairing.started);
    print_moment("pairing_finished", link->pairing.finished);
    printf("\tauthenticated=%s", btbb_authenticated_name(btbb_link_authenticated(link)));
    if (btbb_link_authenticated(link) != BTBB_AUTHENTICATED_NONE)
        printf("\tauthentication=%s", btbb_authentication_kind_name(btbb_link_authentication_kind(link)));
    printf("\tencryption=%s", btbb_encryption_state_name((enum btbb_encryption_state)link->encryption));
    if (link->asked_size_frame)
        printf("\tasked_size=%u\tasked_by=%s\tsizes_asked=%" PRIu32 "\tagreed_size=%u", link->asked_size,
               btbb_link_side_name(link, link->asked_side), link->sizes_asked, link->agreed_size);
    if (link->refused.frame)
        printf("\trefused=%" PRIu32 "\trefused_code=%u\trefused_error=0x%02x", link->refused.frame, link->refused_code,
               link->refused_error);
    printf("\tpauses=%" PRIu32 "\tresumptions=%" PRIu32 "\n", link->pauses, link->resumptions);
}

static void print_judgements(const struct btbb_acl_link *link)
{
    struct btbb_finding findings[BTBB_FINDING_COUNT];
    enum btbb_gap gaps[BTBB_GAP_COUNT];
    char text[512];
    const size_t finding_count = btbb_link_findings(link, findings), gap_count = btbb_link_gaps(link, gaps);

    for (size_t i = 0; i < finding_count; i++) {
        btbb_finding_text(link, &findings[i], text, sizeof text);
        printf("finding\t%" PRIu32 "\t%s\t%s\n", link->number,
               btbb_finding_key((enum btbb_finding_kind)findings[i].kind), text);
    }
    for (size_t i = 0; i < gap_count; i++)
        printf("gap\t%" PRIu32 "\t%s\n", link->number, btbb_gap_text(gaps[i]));
}

/* The sender that a PDU proves by itself. */
static void print_proof(const struct btbb_link_event *event)
{
    struct btbb_lmp pdu;

    btbb_lmp_read((struct btbb_span){event->bytes, event->length}, true, &pdu);
    const enum btbb_dir dir = btbb_lmp_direction_proof(&pdu);

    if (event->kind == BTBB_EVENT_LMP && dir != BTBB_DIR_UNKNOWN)
        printf("\tproof=%s", dir == BTBB_DIR_TO_PERIPHERAL ? "Central" : "Peripheral");
}

static void print_event(const struct btbb_link_event *event)
{
    char what[48], details[BTBB_EVENT_DETAILS_BYTES];
    int64_t elapsed;

    btbb_event_what(event, what, sizeof what);
    g_assert_cmpuint(btbb_event_details(event, details, sizeof details), <, sizeof details);
    printf("event\t%" PRIu32 "\tlink=%d\twho=%s\twhat=%s\tdetails=%s", event->moment.frame, (int)event->link,
           btbb_event_who(event), what, details);
    print_moment("answers", event->request);
    if (btbb_event_elapsed(event, &elapsed))
        printf("\telapsed_us=%" PRId64, elapsed / 1000);
    if (event->has_clk)
        printf("\tclk=%" PRIu32, event->clk);
    if (event->findings)
        printf("\tfindings=0x%02x", event->findings);
    if (event->key_size)
        printf("\tkey_size=%u", event->key_size);
    if (event->encryption_changed)
        printf("\tencryption=%s", btbb_encryption_state_name((enum btbb_encryption_state)event->encryption));
    print_proof(event);
    putchar('\n');
}

/* The tables of names, for comparison with other programs. */
static int print_table(const char *option)
{
    if (!strcmp(option, "--pdus"))
        for (size_t i = 0; i < btbb_lmp_count; i++)
            printf("%u\t%s\n", btbb_lmp_table[i].code, btbb_lmp_table[i].name);
    for (unsigned error = 0; error < 256 && !strcmp(option, "--errors"); error++)
        if (btbb_lmp_error_name((uint8_t)error))
            printf("%u\t%s\n", error, btbb_lmp_error_name((uint8_t)error));
    return 0;
}

int main(int argc, char **argv)
{
    char line[1024];

    if (argc > 1)
        return print_table(argv[1]);

    links = btbb_links_new();
    timeline = btbb_timeline_new();
    while (fgets(line, sizeof line, stdin))
        read_line(line);
    for (uint32_t i = 0; i < btbb_links_count(links); i++) {
        const struct btbb_acl_link *link = btbb_links_at(links, i);

        print_link(link);
        print_side(link, 0);
        print_side(link, 1);
        for (uint32_t session = 0; session < link->session_count; session++)
            print_session(link, &link->sessions[session]);
        print_judgements(link);
    }
    for (uint32_t i = 0; i < btbb_timeline_count(timeline); i++)
        print_event(btbb_timeline_at(timeline, i));
    printf("dropped\t%" PRIu32 "\t%" PRIu32 "\t%" PRIu32 "\n", btbb_links_dropped(links),
           btbb_timeline_dropped(timeline), btbb_device_names_dropped(btbb_links_names(links)));
    btbb_timeline_free(timeline);
    btbb_links_free(links);
    return 0;
}
