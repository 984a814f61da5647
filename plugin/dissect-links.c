/* dissect-links.c: what the connection of a packet shows, and the name of its device.
 *
 * Connections are followed while the capture is read first: LMP, FHS packets and Extended Inquiry Responses, which
 * are few. Of L2CAP data only the first packet of a connection is taken in, for the same numbers as in the view links.
 * Later passes look up what was known at a frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect-links.h"

#include "link-taps.h"
#include "tree.h"

#include "decode/printable.h"
#include "learn/link-feed.h"
#include "learn/link-findings.h"
#include "learn/link-log.h"

static int hf_name = -1;
static int hf_link = -1;
static int hf_event = -1;
static int hf_sender = -1;
static int hf_details = -1;
static int hf_request = -1;
static int hf_elapsed = -1;
static int hf_encryption = -1;
static int hf_key_size = -1;
static int hf_finding = -1;

static int ett_link = -1;

static const value_string encryption_states[] = {
    {BTBB_ENCRYPTION_OFF, "off"},
    {BTBB_ENCRYPTION_ON, "on"},
    {BTBB_ENCRYPTION_PAUSED, "paused"},
    {0, NULL},
};

static hf_register_info name_field[] = {
    {&hf_name,
     {"Name", "btbb.name", FT_STRING, BASE_NONE, NULL, 0,
      "Name of the client, from LMP or an Extended Inquiry Response in this or an earlier frame; what cannot be shown "
      "is "
      "escaped",
      HFILL}},
};

static hf_register_info link_fields[] = {
    {&hf_link,
     {"Connection", "btbb.link", FT_UINT32, BASE_DEC, NULL, 0, "Number of the connection in this capture, from 1",
      HFILL}},
    {&hf_event,
     {"Event", "btbb.link.event", FT_STRING, BASE_NONE, NULL, 0,
      "Name of the LMP PDU, or FHS of a page response or role switch", HFILL}},
    {&hf_sender,
     {"Sender", "btbb.link.sender", FT_STRING, BASE_NONE, NULL, 0,
      "Central or Peripheral; where the roles are not known: capturing device, other device or unknown", HFILL}},
    {&hf_details,
     {"Details", "btbb.link.details", FT_STRING, BASE_NONE, NULL, 0, "The parameters that matter, in words", HFILL}},
    {&hf_request,
     {"Request", "btbb.link.request", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0,
      "Frame of the request that this PDU answers", HFILL}},
    {&hf_elapsed,
     {"Time since request", "btbb.link.elapsed", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, "Time since that request",
      HFILL}},
    {&hf_encryption,
     {"Encryption", "btbb.link.encryption", FT_UINT8, BASE_DEC, VALS(encryption_states), 0,
      "State of encryption after this packet; absent when not known", HFILL}},
    {&hf_key_size,
     {"Encryption key size", "btbb.link.key_size", FT_UINT8, BASE_DEC, NULL, 0,
      "Bytes of the encryption key on whose size this PDU agrees", HFILL}},
    {&hf_finding,
     {"Finding", "btbb.link.finding", FT_STRING, BASE_NONE, NULL, 0,
      "Key of a finding whose proof this packet completes", HFILL}},
};

/* Of the open capture. NULL: no packet of a connection was read, or memory is exhausted. */
static struct btbb_link_log *links;

/* Connections of which data was taken in, by client and LT_ADDR, and the latest protection of that data; later ones
 * replace earlier ones. 0: none. */
#define SEEN       64u
#define PROTECTION 60u /* bits before it */
#define CONNECTION ((UINT64_C(1) << PROTECTION) - 1)
static uint64_t seen[SEEN];

static uint64_t *place_of(const struct btbb_packet *packet, uint64_t *key)
{
    *key = (uint64_t)packet->verdict.lap << 4 | 8u | packet->facts.lt_addr;
    return &seen[(*key ^ *key >> 10) % SEEN];
}

static bool is_needed(const struct btbb_packet *packet, enum btbb_link_packet_kind kind)
{
    if (kind != BTBB_LINK_PACKET_DATA)
        return kind != BTBB_LINK_PACKET_NONE;
    uint64_t key;
    const uint64_t *place = place_of(packet, &key);
    const uint64_t protection = btbb_link_protection_of(&packet->facts);
    const bool is_seen =
        (*place & CONNECTION) == key && (protection == BTBB_PROTECTION_UNKNOWN || *place >> PROTECTION == protection);

    return packet->facts.lt_addr != 0 && !is_seen;
}

/* Whether data after this packet may belong to another connection. */
static bool changes_connections(const struct btbb_link_packet *packet)
{
    const unsigned code = packet->lmp[0] >> 1;

    return packet->kind == BTBB_LINK_PACKET_FHS ||
           (packet->kind == BTBB_LINK_PACKET_LMP && (code == BTBB_LMP_DETACH || code == BTBB_LMP_HOST_CONNECTION_REQ));
}

void btbb_forget_links(void)
{
    memset(seen, 0, sizeof seen);
    btbb_link_log_free(links);
    links = NULL;
}

void btbb_learn_links(const struct btbb_packet *packet, uint32_t number)
{
    const enum btbb_link_packet_kind kind = btbb_link_packet_kind_of(&packet->facts, &packet->verdict);

    if (!is_needed(packet, kind))
        return;
    if (!links)
        links = btbb_link_log_new(true);
    if (!links)
        return;
    struct btbb_link_event event;
    struct btbb_link_packet taken = {0};

    btbb_fill_link_packet(packet, number, kind, &taken);
    btbb_link_log_add(links, &taken, &event);
    uint64_t key, *place = place_of(packet, &key);

    if (event.kind == BTBB_EVENT_DATA ||
        (kind == BTBB_LINK_PACKET_DATA && (*place & CONNECTION) == key && !taken.retransmission)) {
        *place = key | (uint64_t)taken.protection << PROTECTION;
    } else if (changes_connections(&taken)) {
        memset(seen, 0, sizeof seen);
    }
}

/* The event of a frame; NULL: none. */
static const struct btbb_link_event *event_at(uint32_t frame)
{
    const struct btbb_timeline *timeline = links ? links->timeline : NULL;
    uint32_t low = 0, high = timeline ? btbb_timeline_count(timeline) : 0;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (btbb_timeline_at(timeline, middle)->moment.frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    if (!timeline || low == btbb_timeline_count(timeline))
        return NULL;
    const struct btbb_link_event *event = btbb_timeline_at(timeline, low);

    return event->moment.frame == frame && event->kind != BTBB_EVENT_DATA ? event : NULL;
}

const struct btbb_name *btbb_name_at(const struct btbb_packet *packet, uint32_t number)
{
    if (!links || packet->verdict.lap == BTBB_LAP_UNKNOWN)
        return NULL;
    return btbb_device_names_at(btbb_links_names(links->links), packet->verdict.lap, number);
}

const struct btbb_name *btbb_name_of(uint32_t lap)
{
    return links ? btbb_device_names_best(btbb_links_names(links->links), lap) : NULL;
}

static void show_name(const struct btbb_packet *packet, proto_tree *tree)
{
    char text[BTBB_PRINTABLE_BYTES(BTBB_LMP_NAME_BYTES)];

    if (!BTBB_IS_WANTED(packet, tree, name_field))
        return;
    const struct btbb_name *name = btbb_name_at(packet, packet->pinfo->num);

    if (!name)
        return;
    btbb_printable(name->bytes, name->length, BTBB_PRINTABLE_ALL, text, sizeof text);
    btbb_add_generated_text(packet, tree, hf_name, text);
}

static void show_request(const struct btbb_packet *packet, proto_tree *tree, const struct btbb_link_event *event)
{
    int64_t ns;

    if (event->request.frame == 0)
        return;
    btbb_add_generated_uint(packet, tree, hf_request, event->request.frame);
    if (!btbb_event_elapsed(event, &ns))
        return;
    const nstime_t elapsed = {(time_t)(ns / 1000000000), (int)(ns % 1000000000)};

    proto_item_set_generated(proto_tree_add_time(tree, hf_elapsed, packet->tvb, 0, 0, &elapsed));
}

static void show_state(const struct btbb_packet *packet, proto_tree *tree, const struct btbb_link_event *event)
{
    if (event->encryption != BTBB_ENCRYPTION_UNKNOWN)
        btbb_add_generated_uint(packet, tree, hf_encryption, event->encryption);
    if (event->key_size > 0)
        btbb_add_generated_uint(packet, tree, hf_key_size, event->key_size);
    for (unsigned kind = 0; kind < BTBB_FINDING_COUNT; kind++)
        if (event->findings >> kind & 1)
            btbb_add_generated_text(packet, tree, hf_finding, btbb_finding_key((enum btbb_finding_kind)kind));
}

static void show_event(const struct btbb_packet *packet, proto_tree *tree, const struct btbb_link_event *event)
{
    char what[BTBB_EVENT_DETAILS_BYTES], details[BTBB_EVENT_DETAILS_BYTES];

    btbb_event_what(event, what, sizeof what);
    btbb_event_details(event, details, sizeof details);
    btbb_add_generated_text(packet, tree, hf_event, what);
    btbb_add_generated_text(packet, tree, hf_sender, btbb_event_who(event));
    if (details[0])
        btbb_add_generated_text(packet, tree, hf_details, details);
    show_request(packet, tree, event);
    if (event->link != UINT32_MAX)
        show_state(packet, tree, event);
}

void btbb_show_links(const struct btbb_packet *packet, proto_tree *tree)
{
    if (!links || !tree)
        return;
    show_name(packet, tree);
    const struct btbb_link_event *event = event_at(packet->pinfo->num);

    if (!event || !BTBB_IS_WANTED(packet, tree, link_fields))
        return;
    if (event->link != UINT32_MAX)
        tree = proto_item_add_subtree(btbb_add_generated_uint(packet, tree, hf_link, event->link + 1), ett_link);
    show_event(packet, tree, event);
}

void btbb_register_links(int proto)
{
    static int *subtrees[] = {&ett_link};

    proto_register_field_array(proto, name_field, array_length(name_field));
    proto_register_field_array(proto, link_fields, array_length(link_fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
