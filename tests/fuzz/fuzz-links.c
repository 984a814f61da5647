/* fuzz-links.c: any bytes as the packets of one capture: LMP, Extended Inquiry Responses, names, the
 * link tracker, its findings and the timeline.
 *
 * Input: packets of four bytes and their payload:
 *   byte 0   bits 0-1 LMP, data, FHS or EIR; 2-3 own; 4-5 direction; 6 retransmission; 7 exact length
 *   byte 1   bits 0-2 client; 3 client known; 4-6 LT_ADDR; 7 LT_ADDR known
 *   byte 2   bits 0-1 protection; 2 time known; 3-7 time since the packet before
 *   byte 3   bits 0-4 length of the payload; 5 sender known; 6 receiver known; 7 Central known
 * A payload lies in memory of its exact size, so that the address sanitizer sees the first byte read too many.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "decode/fhs.h"
#include "decode/printable.h"
#include "learn/link-findings.h"
#include "learn/timeline.h"

#define PACKETS_MAX 300u
#define HEAD_BYTES  4u

static struct btbb_device_address address_of(const uint8_t *bytes, uint32_t length, uint8_t number)
{
    const struct btbb_span span = {bytes, length};

    return (struct btbb_device_address){.lap = 0x100000u + (btbb_u8(span, number) & 7u),
                                        .uap = number,
                                        .parts = (uint8_t)(btbb_u8(span, number + 1u) & 3)};
}

static struct btbb_link_packet packet_of(const uint8_t *head, const uint8_t *bytes, uint32_t length)
{
    struct btbb_link_packet packet = {.kind = (head[0] & 3) % 3,
                                      .own = (head[0] >> 2 & 3) % 3,
                                      .dir = (head[0] >> 4 & 3) % 3,
                                      .retransmission = head[0] & 64,
                                      .exact = head[0] & 128,
                                      .client = 0x100000u + (head[1] & 7u),
                                      .has_client = head[1] & 8,
                                      .lt_addr = head[1] >> 4 & 7,
                                      .has_lt_addr = head[1] & 128,
                                      .protection = head[2] & 3,
                                      .has_time = head[2] & 4};

    if (packet.kind == BTBB_LINK_PACKET_LMP)
        btbb_link_packet_set_lmp(&packet, (struct btbb_span){bytes, length}, packet.exact);
    if (packet.kind == BTBB_LINK_PACKET_FHS) {
        packet.fhs = btbb_fhs_read((struct btbb_span){bytes, length});
        packet.fhs.lap = 0x100000u + (packet.fhs.lap & 7u); /* one of the few that there are */
    }
    if (head[3] & 32)
        packet.sender = address_of(bytes, length, 1);
    if (head[3] & 64)
        packet.receiver = address_of(bytes, length, 3);
    if (head[3] & 128)
        packet.central = address_of(bytes, length, 5);
    return packet;
}

/* ------ What must hold ------ */

static void check_printable(const char *text, size_t length)
{
    assert(btbb_utf8_valid((const uint8_t *)text, length));
    for (size_t i = 0; i < length; i++)
        assert((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
}

static void check_event(const struct btbb_link_event *event, const struct btbb_links *links)
{
    char text[BTBB_EVENT_DETAILS_BYTES];

    assert(event->link == UINT32_MAX || event->link < btbb_links_count(links));
    assert(event->request.frame < event->moment.frame);
    assert(btbb_event_what(event, text, sizeof text) < sizeof text);
    check_printable(text, strlen(text));
    assert(btbb_event_details(event, text, sizeof text) < sizeof text);
    check_printable(text, strlen(text));
    assert(*btbb_event_who(event));
    assert(!(event->findings & 1u << BTBB_FINDING_NOT_ENCRYPTED));
}

static void check_name(const struct btbb_device_names *names, uint64_t key, uint32_t last_frame)
{
    const struct btbb_name *best = btbb_device_names_best(names, key);
    const struct btbb_name *at = btbb_device_names_at(names, key, last_frame);
    char text[BTBB_PRINTABLE_BYTES(BTBB_LMP_NAME_BYTES)], cut[21];

    assert(!at || best);
    if (!best)
        return;
    assert(best->length > 0 && best->length <= BTBB_LMP_NAME_BYTES && best->frame <= last_frame);
    assert(btbb_utf8_valid(best->bytes, best->length) == best->utf8);
    const size_t length = btbb_printable(best->bytes, best->length, BTBB_PRINTABLE_ALL, text, sizeof text);

    assert(length < sizeof text && length == strlen(text));
    check_printable(text, length);
    btbb_printable(best->bytes, best->length, 10, cut, sizeof cut);
    check_printable(cut, strlen(cut));
}

static void check_sessions(const struct btbb_acl_link *link, uint32_t last_frame)
{
    assert(link->session_count <= BTBB_LINK_SESSIONS && (link->session_count == 0) == (link->sessions == NULL));
    for (uint32_t i = 0; i < link->session_count; i++) {
        const struct btbb_encryption_session *session = &link->sessions[i];

        assert(session->asked.frame > 0 && session->asked.frame <= last_frame && session->key_size <= 16);
        assert(!session->accepted.frame || session->accepted.frame > session->asked.frame);
        assert(!session->stopped.frame || session->stopped.frame > session->asked.frame);
        assert(session->repeats_frame < session->asked.frame);
        assert(!(session->refused && btbb_encryption_started(session)));
        assert(btbb_cipher_name(btbb_link_cipher(link, session)));
    }
}

static void check_link(const struct btbb_acl_link *link, uint32_t last_frame)
{
    struct btbb_finding findings[BTBB_FINDING_COUNT];
    enum btbb_gap gaps[BTBB_GAP_COUNT];
    char text[512];
    const size_t count = btbb_link_findings(link, findings);

    for (size_t i = 0; i < count; i++) {
        assert(findings[i].frame_count > 0);
        for (uint8_t frame = 0; frame < findings[i].frame_count; frame++)
            assert(findings[i].frames[frame] > 0 && findings[i].frames[frame] <= last_frame);
        assert(btbb_finding_text(link, &findings[i], text, sizeof text) < sizeof text);
    }
    assert(btbb_link_gaps(link, gaps) <= BTBB_GAP_COUNT);
    assert(link->first.frame > 0 && link->first.frame <= link->last.frame && link->last.frame <= last_frame);
    assert((link->end == BTBB_LINK_DETACHED) == (link->detached.frame != 0));
    assert(link->central <= BTBB_SIDE_UNKNOWN && link->lt_addr >= 1 && link->lt_addr <= BTBB_LT_ADDR_UNKNOWN);
    assert(link->clear_data_packets <= link->data_packets);
    assert(btbb_pairing_method_name(btbb_link_pairing_method(link)));
    assert(btbb_authenticated_name(btbb_link_authenticated(link)));
    check_sessions(link, last_frame);
}

static void check_all(struct btbb_links *links, struct btbb_timeline *timeline, uint32_t last_frame)
{
    for (uint32_t i = 0; i < btbb_links_count(links); i++) {
        const struct btbb_acl_link *link = btbb_links_at(links, i);

        assert(link->number == i);
        check_link(link, last_frame);
        for (uint8_t side = 0; side < BTBB_SIDES; side++)
            check_name(btbb_links_names(links), link->side[side].name_key, last_frame);
    }
    for (uint32_t i = 0; i < btbb_timeline_count(timeline); i++)
        check_event(btbb_timeline_at(timeline, i), links);
    for (uint8_t client = 0; client < 8; client++)
        check_name(btbb_links_names(links), 0x100000u + client, last_frame);
    assert(btbb_links_dropped(links) == 0);
}

/* ------ One packet ------ */

static void add_eir(struct btbb_links *links, const struct btbb_link_packet *packet, struct btbb_span response)
{
    struct btbb_eir eir;

    btbb_eir_read(response, &eir);
    assert(eir.uuid_count <= BTBB_EIR_UUIDS);
    btbb_device_names_add_eir(btbb_links_names(links), packet->client, packet->frame, &eir);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct btbb_links *links = btbb_links_new();
    struct btbb_timeline *timeline = btbb_timeline_new();
    struct btbb_link_event event;
    uint32_t frame = 0;
    int64_t time_ns = 0;

    assert(links && timeline);
    while (size >= HEAD_BYTES && frame < PACKETS_MAX) {
        const uint8_t *head = data;
        const uint32_t wanted = head[3] & 31;
        const uint32_t length = wanted < size - HEAD_BYTES ? wanted : (uint32_t)(size - HEAD_BYTES);
        uint8_t *bytes = malloc(length + (length == 0));

        assert(bytes);
        memcpy(bytes, head + HEAD_BYTES, length);
        struct btbb_link_packet packet = packet_of(head, bytes, length);

        time_ns += head[2] >> 3 == 31 ? INT64_C(2000000000) : (head[2] >> 3) * INT64_C(10000000);
        packet.frame = ++frame;
        packet.time_ns = time_ns;
        if ((head[0] & 3) == 3) {
            add_eir(links, &packet, (struct btbb_span){bytes, length});
        } else {
            btbb_links_add(links, &packet, &event);
            btbb_timeline_add(timeline, &event);
        }
        free(bytes);
        data += HEAD_BYTES + length;
        size -= HEAD_BYTES + length;
    }
    check_all(links, timeline, frame);
    btbb_timeline_free(timeline);
    btbb_links_free(links);
    return 0;
}
