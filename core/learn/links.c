/* links.c: see links.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/link-findings.h"
#include "learn/links-int.h"

#include <stdlib.h>
#include <string.h>

/* The longest time from the FHS of an inquiry response to the extended one, in time stamps of sniffers and of hosts. */
#define SNIFFER_NS UINT64_C(5000000)
#define HOST_NS    UINT64_C(30000000)

_Static_assert(sizeof(struct btbb_acl_link) <= 1152, "links.h states the bound");
_Static_assert(sizeof(struct btbb_encryption_session) <= 128, "links.h states the bound");
_Static_assert(BTBB_FINDING_COUNT <= 8, "struct btbb_link_event has eight bits for them");

struct btbb_links *btbb_links_new(void)
{
    struct btbb_links *links = calloc(1, sizeof *links);

    if (!links)
        return NULL;
    links->names = btbb_device_names_new();
    if (!links->names) {
        free(links);
        return NULL;
    }
    return links;
}

void btbb_links_only_names(struct btbb_links *links)
{
    links->only_names = true;
}

void btbb_links_free(struct btbb_links *links)
{
    if (!links)
        return;
    for (uint32_t i = 0; i < links->count; i++) {
        free(links->links[i]->sessions);
        free(links->links[i]);
    }
    free(links->links);
    btbb_key_table_free(&links->numbers);
    btbb_device_names_free(links->names);
    free(links);
}

uint32_t btbb_links_count(const struct btbb_links *links)
{
    return links->count;
}

const struct btbb_acl_link *btbb_links_at(const struct btbb_links *links, uint32_t number)
{
    return links->links[number];
}

struct btbb_device_names *btbb_links_names(const struct btbb_links *links)
{
    return links->names;
}

struct btbb_device_names *btbb_links_take_names(struct btbb_links *links)
{
    struct btbb_device_names *names = links->names;

    links->names = NULL;
    return names;
}

uint32_t btbb_links_ended(const struct btbb_links *links)
{
    return links->ended;
}

uint32_t btbb_links_unplaced(const struct btbb_links *links, enum btbb_decrypt_reason reason)
{
    return links->unplaced[reason];
}

uint32_t btbb_links_dropped(const struct btbb_links *links)
{
    return links->dropped;
}

static enum btbb_dir dir_of(const struct btbb_link_step *step)
{
    if (step->packet->dir != BTBB_DIR_UNKNOWN)
        return step->packet->dir;
    if (step->side == BTBB_SIDE_UNKNOWN || step->link->central == BTBB_SIDE_UNKNOWN)
        return BTBB_DIR_UNKNOWN;
    return step->side == step->link->central ? BTBB_DIR_TO_PERIPHERAL : BTBB_DIR_TO_CENTRAL;
}

static struct btbb_link_event make_event(enum btbb_link_event_kind kind, const struct btbb_link_packet *packet)
{
    return (struct btbb_link_event){.moment = btbb_moment_of(packet),
                                    .link = UINT32_MAX,
                                    .clk = packet->clk,
                                    .has_clk = packet->has_clk,
                                    .lt_addr = BTBB_LT_ADDR_UNKNOWN,
                                    .kind = (uint8_t)kind,
                                    .side = BTBB_SIDE_UNKNOWN,
                                    .own = packet->own};
}

static struct btbb_link_event event_of(enum btbb_link_event_kind kind, const struct btbb_link_step *step)
{
    struct btbb_link_event event = make_event(kind, step->packet);

    event.link = step->link->number;
    event.lt_addr = step->link->lt_addr;
    event.side = step->side;
    event.dir = (uint8_t)dir_of(step);
    event.encryption = step->link->encryption;
    return event;
}

static void add_fhs(struct btbb_links *links, const struct btbb_link_packet *packet, struct btbb_link_event *event)
{
    const struct btbb_fhs *fhs = &packet->fhs;
    struct btbb_acl_link *link = NULL;
    const bool switched = btbb_link_add_fhs(links, packet, &link);

    btbb_device_names_add_class(links->names, fhs->lap, fhs->class_of_device);
    if (fhs->lt_addr == 0) {
        links->inquiry = (struct btbb_link_inquiry){.client = packet->client, .lap = fhs->lap};
        if (fhs->eir && packet->has_client)
            links->inquiry.moment = btbb_moment_of(packet);
        return;
    }
    *event = make_event(BTBB_EVENT_FHS, packet);
    if (switched)
        event->link = link->number;
    event->dir = BTBB_DIR_TO_PERIPHERAL;
    event->lt_addr = fhs->lt_addr;
    event->lap = fhs->lap;
    event->uap = fhs->uap;
    event->nap = fhs->nap;
    event->class_of_device = fhs->class_of_device;
}

/* An Extended Inquiry Response has no address: it follows the FHS of its sender after 1.25 ms (Vol 2 Part B, 8.4.3).
 * Time stamps of controllers are those of their hosts, which may be late. */
static bool follows_inquiry(const struct btbb_links *links, const struct btbb_link_packet *packet)
{
    const struct btbb_link_inquiry *inquiry = &links->inquiry;
    const uint64_t most = packet->own == BTBB_OWN_UNKNOWN ? SNIFFER_NS : HOST_NS;

    if (inquiry->moment.frame == 0 || !packet->has_client || packet->client != inquiry->client || !packet->has_time ||
        !inquiry->moment.has_time || packet->time_ns < inquiry->moment.time_ns)
        return false;
    return (uint64_t)packet->time_ns - (uint64_t)inquiry->moment.time_ns <= most;
}

static void add_eir(struct btbb_links *links, const struct btbb_link_packet *packet)
{
    struct btbb_eir eir;

    if (!follows_inquiry(links, packet))
        return;
    btbb_eir_read((struct btbb_span){packet->eir, packet->length}, &eir);
    btbb_device_names_add_eir(links->names, links->inquiry.lap, packet->frame, &eir);
    links->inquiry.moment.frame = 0;
}

static bool is_encrypted(const struct btbb_link_packet *packet)
{
    return packet->protection == BTBB_PROTECTION_ENCRYPTED || packet->protection == BTBB_PROTECTION_AES_CCM;
}

static void add_data(const struct btbb_link_step *step, struct btbb_link_event *event)
{
    struct btbb_acl_link *link = step->link;
    const uint8_t state = link->encryption;

    link->data_packets++;
    if (!is_encrypted(step->packet) && (state == BTBB_ENCRYPTION_OFF || state == BTBB_ENCRYPTION_PAUSED)) {
        link->clear_data_packets++;
        btbb_moment_first(&link->clear_data_first, step->moment);
        link->clear_data_last = step->moment;
    }
    if (link->data_state == state + 1)
        return;
    link->data_state = (uint8_t)(state + 1);
    *event = event_of(BTBB_EVENT_DATA, step);
}

/* The findings that were not proven before. */
static uint8_t new_findings(struct btbb_acl_link *link)
{
    struct btbb_finding findings[BTBB_FINDING_COUNT];
    const size_t count = btbb_link_findings(link, findings);
    uint8_t found = 0;

    for (size_t i = 0; i < count; i++)
        if (findings[i].kind != BTBB_FINDING_NOT_ENCRYPTED)
            found |= (uint8_t)(1u << findings[i].kind);
    found &= (uint8_t)~link->found;
    link->found |= found;
    return found;
}

static void add_lmp(struct btbb_link_step *step, const struct btbb_lmp *pdu, struct btbb_link_event *event)
{
    struct btbb_acl_link *link = step->link;

    *event = event_of(BTBB_EVENT_LMP, step);
    event->fault = pdu->fault;
    event->length = pdu->length;
    memcpy(event->bytes, pdu->bytes, sizeof event->bytes);
    if (pdu->fault != BTBB_LMP_OK) {
        link->faulty_packets++;
        return;
    }
    link->lmp_packets++;
    event->request = step->request.moment;
    const uint8_t encryption = link->encryption;

    btbb_link_remember(step);
    btbb_link_learn_security(step);
    btbb_link_learn(step);
    event->encryption = link->encryption;
    event->encryption_changed = link->encryption != encryption;
    event->key_size = link->agreed_size_frame == step->moment.frame ? link->agreed_size : 0;
    event->findings = new_findings(link);
}

/* What of an LMP PDU names depend on. */
static void add_name(struct btbb_link_step *step)
{
    btbb_link_remember(step);
    btbb_link_learn(step);
}

/* The sender of a response is the device that did not send the request. */
static void find_sender(struct btbb_link_step *step)
{
    const struct btbb_lmp *pdu = step->pdu;

    step->side = btbb_link_sender(step->link, step->packet, pdu);
    if (!pdu)
        return;
    step->request = btbb_link_answered(step->link, pdu, step->side);
    if (step->side == BTBB_SIDE_UNKNOWN && step->request.moment.frame != 0)
        step->side = btbb_other_side(step->request.side);
}

/* What became of the decryption of a packet. `link`: NULL where it is of none. */
static void count_decryption(struct btbb_links *links, struct btbb_acl_link *link,
                             const struct btbb_link_packet *packet)
{
    if (packet->decryption >= BTBB_REASONS)
        return;
    if (link)
        link->has_keys |= packet->has_keys;
    if (packet->decryption == BTBB_REASON_NONE)
        return;
    (link ? link->payloads : links->unplaced)[packet->decryption]++;
}

static void add_sealed(struct btbb_links *links, const struct btbb_link_packet *packet, struct btbb_link_event *event)
{
    struct btbb_acl_link *link = btbb_link_find_existing(links, packet);

    count_decryption(links, link, packet);
    if (link)
        event->link = link->number;
}

/* Packets with neither LMP nor data that can be read. */
static void add_other(struct btbb_links *links, const struct btbb_link_packet *packet, struct btbb_link_event *event)
{
    if (packet->kind == BTBB_LINK_PACKET_SEALED)
        add_sealed(links, packet, event);
    else if (packet->kind == BTBB_LINK_PACKET_FHS && !packet->retransmission)
        add_fhs(links, packet, event);
    else if (packet->kind == BTBB_LINK_PACKET_EIR)
        add_eir(links, packet);
}

void btbb_links_add(struct btbb_links *links, const struct btbb_link_packet *packet, struct btbb_link_event *event)
{
    struct btbb_lmp read;
    const struct btbb_lmp *pdu = packet->kind == BTBB_LINK_PACKET_LMP ? &read : NULL;

    *event = (struct btbb_link_event){.link = UINT32_MAX};
    links->ended = UINT32_MAX;
    if (packet->kind >= BTBB_LINK_PACKET_FHS) {
        add_other(links, packet, event);
        return;
    }
    if (packet->has_lt_addr && packet->lt_addr == 0) /* broadcast */
        return;
    if (pdu)
        btbb_lmp_read((struct btbb_span){packet->lmp, packet->length}, packet->exact, &read);
    struct btbb_acl_link *link = btbb_link_find(links, packet, pdu);

    if (link && pdu && pdu->fault == BTBB_LMP_OK && pdu->code == BTBB_LMP_HOST_CONNECTION_REQ &&
        !packet->retransmission && link->setup_complete.frame != 0)
        link = btbb_link_replace(links, link, packet);
    count_decryption(links, link, packet);
    if (!link)
        return;
    event->link = link->number;
    if (packet->retransmission) {
        link->retransmissions++;
        return;
    }
    struct btbb_link_step step = {.links = links, .link = link, .packet = packet, .moment = btbb_moment_of(packet)};

    step.pdu = pdu && pdu->fault == BTBB_LMP_OK ? pdu : NULL;
    link->last = step.moment;
    find_sender(&step);
    btbb_link_learn_roles(&step);
    btbb_link_learn_addresses(&step);
    if (links->only_names) {
        if (step.pdu)
            add_name(&step);
        return;
    }
    btbb_link_learn_protection(&step);
    if (pdu)
        add_lmp(&step, pdu, event);
    else
        add_data(&step, event);
}
