/* link-find.c: which connection a packet belongs to, when one begins, and when one goes on in another piconet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/links-int.h"

#include <stdlib.h>

#define NO_CLIENT UINT64_MAX

/* Different pairs may get the same key: whoever finds a connection by it compares the pair. */
static uint64_t key_of(bool has_client, uint64_t client, uint8_t lt_addr)
{
    return (has_client ? client : NO_CLIENT) * 16 + lt_addr;
}

static uint8_t lt_addr_of(const struct btbb_link_packet *packet)
{
    return packet->has_lt_addr ? packet->lt_addr & 7 : BTBB_LT_ADDR_UNKNOWN;
}

static struct btbb_acl_link *look_up(const struct btbb_links *links, bool has_client, uint64_t client, uint8_t lt_addr)
{
    const uint32_t number = btbb_key_find(&links->numbers, key_of(has_client, client, lt_addr));
    struct btbb_acl_link *link = number == BTBB_KEY_NONE ? NULL : links->links[number];

    if (!link || link->has_client != has_client || (has_client && link->client != client) || link->lt_addr != lt_addr)
        return NULL;
    return link;
}

const struct btbb_acl_link *btbb_links_find(const struct btbb_links *links, uint64_t client, uint8_t lt_addr)
{
    const struct btbb_acl_link *link = look_up(links, true, client, lt_addr);

    return link && link->end == BTBB_LINK_OPEN ? link : NULL;
}

void btbb_link_close(struct btbb_acl_link *link, enum btbb_link_end end, struct btbb_moment moment)
{
    if (link->end != BTBB_LINK_OPEN)
        return;
    link->end = (uint8_t)end;
    if (end == BTBB_LINK_DETACHED && link->session_count > 0)
        btbb_moment_first(&link->sessions[link->session_count - 1].stopped, moment);
}

/* The devices connected anew: the end of this connection was not seen. */
static void replace(struct btbb_links *links, struct btbb_acl_link *link, struct btbb_moment moment)
{
    if (link->end == BTBB_LINK_OPEN)
        links->ended = link->number;
    btbb_link_close(link, BTBB_LINK_REPLACED, moment);
}

static bool make_room(struct btbb_links *links)
{
    if (links->count < links->capacity)
        return true;
    if (links->count >= BTBB_LINKS_MOST)
        return false;
    const uint32_t capacity = links->capacity ? 2 * links->capacity : 8;
    struct btbb_acl_link **grown = realloc(links->links, capacity * sizeof(struct btbb_acl_link *));

    if (!grown)
        return false;
    links->links = grown;
    links->capacity = capacity;
    return true;
}

static bool is_page_of(const struct btbb_link_page *page, const struct btbb_acl_link *link)
{
    return page->moment.frame != 0 && link->has_client && page->fhs.lap == link->client &&
           (link->lt_addr == BTBB_LT_ADDR_UNKNOWN || page->fhs.lt_addr == link->lt_addr);
}

static struct btbb_device_address address_of(const struct btbb_fhs *fhs)
{
    return (struct btbb_device_address){.lap = fhs->lap, .nap = fhs->nap, .uap = fhs->uap, .parts = BTBB_ADDRESS_ALL};
}

/* Enter the page response that the connection began with. */
static void take_over_page(struct btbb_links *links, struct btbb_acl_link *link)
{
    for (uint32_t i = 0; i < BTBB_LINK_PAGES; i++) {
        struct btbb_link_page *page = &links->pages[i];

        if (!is_page_of(page, link))
            continue;
        if (link->own && page->own != BTBB_OWN_UNKNOWN)
            link->central = page->own == BTBB_OWN_SENT ? 0 : 1;
        const struct btbb_device_address central = address_of(&page->fhs);

        link->paged = page->moment;
        link->from_start = true;
        link->encryption = BTBB_ENCRYPTION_OFF;
        btbb_link_learn_address(links, link, link->central, &central, link->first.frame);
        btbb_link_learn_address(links, link, btbb_other_side(link->central), &page->paged, link->first.frame);
        *page = (struct btbb_link_page){0};
    }
}

static struct btbb_acl_link *begin(struct btbb_links *links, const struct btbb_link_packet *packet)
{
    struct btbb_acl_link *link = make_room(links) ? calloc(1, sizeof *link) : NULL;
    const uint8_t lt_addr = lt_addr_of(packet);

    if (!link || !btbb_key_set(&links->numbers, key_of(packet->has_client, packet->client, lt_addr), links->count)) {
        free(link);
        links->dropped++;
        return NULL;
    }
    link->number = links->count;
    link->has_client = packet->has_client;
    link->client = packet->client;
    link->lt_addr = lt_addr;
    link->own = packet->own != BTBB_OWN_UNKNOWN;
    link->central = link->own ? BTBB_SIDE_UNKNOWN : 0;
    link->detach_side = BTBB_SIDE_UNKNOWN;
    link->asked_side = BTBB_SIDE_UNKNOWN;
    link->first = btbb_moment_of(packet);
    for (uint8_t side = 0; side < BTBB_SIDES; side++)
        link->side[side].name_key = BTBB_NAMES_KEY_LAPS + UINT64_C(2) * link->number + side;
    links->links[links->count++] = link;
    take_over_page(links, link);
    return link;
}

struct btbb_acl_link *btbb_link_replace(struct btbb_links *links, struct btbb_acl_link *link,
                                        const struct btbb_link_packet *packet)
{
    struct btbb_acl_link *next = begin(links, packet);

    if (!next)
        return NULL;
    replace(links, link, btbb_moment_of(packet));
    if (next->own != link->own)
        return next;
    for (uint8_t side = 0; side < BTBB_SIDES; side++) {
        const uint32_t io_frame = 0, refused_frame = 0; /* those belong to the connection that ended */

        next->side[side] = link->side[side];
        next->side[side].io_frame = io_frame;
        next->side[side].refused_frame = refused_frame;
    }
    next->central = link->central;
    next->votes = link->votes;
    return next;
}

void btbb_link_rekey(struct btbb_links *links, struct btbb_acl_link *link, uint64_t client, uint8_t lt_addr)
{
    struct btbb_acl_link *other = look_up(links, true, client, lt_addr);

    if (other && other != link)
        replace(links, other, link->last);
    btbb_key_set(&links->numbers, key_of(link->has_client, link->client, link->lt_addr), BTBB_KEY_NONE);
    link->has_client = true;
    link->client = client;
    link->lt_addr = lt_addr;
    link->has_next_lap = false;
    for (uint32_t i = 0; i < BTBB_LINK_SWITCHES; i++)
        if (links->switching[i] == link->number + 1)
            links->switching[i] = 0;
    if (!btbb_key_set(&links->numbers, key_of(true, client, lt_addr), link->number))
        links->dropped++;
}

/* The connection whose Central has become the device with that LAP, or that has asked for a role switch in the piconet
 * `client`. */
static struct btbb_acl_link *switched(const struct btbb_links *links, uint32_t lap, bool by_lap, uint64_t client)
{
    for (uint32_t i = 0; i < BTBB_LINK_SWITCHES; i++) {
        struct btbb_acl_link *link = links->switching[i] ? links->links[links->switching[i] - 1] : NULL;

        if (!link || link->end != BTBB_LINK_OPEN || (link->has_next_lap && link->next_lap != lap))
            continue;
        if (by_lap ? link->has_next_lap : link->has_client && link->client == client)
            return link;
    }
    return NULL;
}

/* Whether a packet after LMP_detach still belongs to the connection that has ended. */
static bool is_trailing(const struct btbb_acl_link *link, const struct btbb_link_packet *packet,
                        const struct btbb_lmp *pdu)
{
    if (link->end != BTBB_LINK_DETACHED)
        return false;
    if (packet->has_time && link->detached.has_time &&
        (packet->time_ns < link->detached.time_ns ||
         (uint64_t)packet->time_ns - (uint64_t)link->detached.time_ns > (uint64_t)BTBB_TRAILING_NS))
        return false;
    if (!pdu)
        return true;
    switch (pdu->code) { /* with these a connection begins (4.1.1) */
    case BTBB_LMP_CLKOFFSET_REQ:
    case BTBB_LMP_FEATURES_REQ:
    case BTBB_LMP_FEATURES_REQ_EXT:
    case BTBB_LMP_HOST_CONNECTION_REQ:
    case BTBB_LMP_NAME_REQ:
    case BTBB_LMP_VERSION_REQ:
        return pdu->fault != BTBB_LMP_OK;
    default:
        return true;
    }
}

/* A connection that goes on with this packet in another piconet, or in one whose address was not known before. */
static struct btbb_acl_link *find_moved(struct btbb_links *links, const struct btbb_link_packet *packet)
{
    struct btbb_acl_link *link = switched(links, (uint32_t)packet->client, true, 0);

    if (link) {
        if (!link->own)
            btbb_link_switch_roles(link);
    } else {
        link = look_up(links, false, 0, lt_addr_of(packet));
        if (!link || link->end != BTBB_LINK_OPEN)
            return NULL;
    }
    btbb_link_rekey(links, link, packet->client, lt_addr_of(packet));
    return link;
}

/* While a role switch is under way, packets of the capturing device may be of either piconet: they have no client. */
static struct btbb_acl_link *find_switching(const struct btbb_links *links, const struct btbb_link_packet *packet)
{
    if (packet->has_client || packet->own == BTBB_OWN_UNKNOWN)
        return NULL;
    for (uint32_t i = 0; i < BTBB_LINK_SWITCHES; i++) {
        struct btbb_acl_link *link = links->switching[i] ? links->links[links->switching[i] - 1] : NULL;

        if (link && link->end == BTBB_LINK_OPEN && link->own && link->lt_addr == lt_addr_of(packet))
            return link;
    }
    return NULL;
}

struct btbb_acl_link *btbb_link_find(struct btbb_links *links, const struct btbb_link_packet *packet,
                                     const struct btbb_lmp *pdu)
{
    struct btbb_acl_link *link = look_up(links, packet->has_client, packet->client, lt_addr_of(packet));

    if (link && (link->end == BTBB_LINK_OPEN || is_trailing(link, packet, pdu)))
        return link;
    if (packet->retransmission || (pdu && pdu->fault != BTBB_LMP_OK))
        return NULL;
    link = packet->has_client ? find_moved(links, packet) : find_switching(links, packet);
    return link ? link : begin(links, packet);
}

struct btbb_acl_link *btbb_link_find_existing(const struct btbb_links *links, const struct btbb_link_packet *packet)
{
    struct btbb_acl_link *link = look_up(links, packet->has_client, packet->client, lt_addr_of(packet));

    return link && (link->end == BTBB_LINK_OPEN || is_trailing(link, packet, NULL)) ? link : NULL;
}

static void remember_page(struct btbb_links *links, const struct btbb_link_packet *packet)
{
    struct btbb_acl_link *before = look_up(links, true, packet->fhs.lap, packet->fhs.lt_addr);
    struct btbb_link_page page = {.moment = btbb_moment_of(packet), .fhs = packet->fhs, .own = packet->own};

    if (before)
        replace(links, before, page.moment);
    page.paged = packet->receiver;
    if (page.paged.parts == BTBB_ADDRESS_NONE && packet->has_client && packet->client < BTBB_NAMES_KEY_LAPS)
        page.paged = (struct btbb_device_address){.lap = (uint32_t)packet->client, .parts = BTBB_ADDRESS_LAP};
    for (uint32_t i = 0; i < BTBB_LINK_PAGES; i++)
        if (links->pages[i].moment.frame && links->pages[i].fhs.lap == page.fhs.lap &&
            links->pages[i].fhs.lt_addr == page.fhs.lt_addr)
            links->pages[i].moment.frame = 0;
    links->pages[links->next_page++ % BTBB_LINK_PAGES] = page;
}

bool btbb_link_add_fhs(struct btbb_links *links, const struct btbb_link_packet *packet, struct btbb_acl_link **link)
{
    const struct btbb_fhs *fhs = &packet->fhs;

    *link = NULL;
    if (fhs->lt_addr == 0) /* an inquiry response: no connection */
        return false;
    if (packet->has_client)
        *link = switched(links, fhs->lap, false, packet->client);
    if (!*link) {
        remember_page(links, packet);
        return false;
    }
    if (!(*link)->own)
        btbb_link_switch_roles(*link);
    btbb_link_rekey(links, *link, fhs->lap, fhs->lt_addr);
    const struct btbb_device_address central = address_of(fhs);

    btbb_link_learn_address(links, *link, (*link)->central, &central, packet->frame);
    return true;
}
