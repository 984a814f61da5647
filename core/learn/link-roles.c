/* link-roles.c: who sent a packet, who is Central, and which addresses the devices have.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/links-int.h"

#define ENOUGH_VOTES 2

static enum btbb_dir direction_of(const struct btbb_link_packet *packet, const struct btbb_lmp *pdu)
{
    if (packet->dir != BTBB_DIR_UNKNOWN)
        return packet->dir;
    return pdu ? btbb_lmp_direction_proof(pdu) : BTBB_DIR_UNKNOWN;
}

uint8_t btbb_link_sender(const struct btbb_acl_link *link, const struct btbb_link_packet *packet,
                         const struct btbb_lmp *pdu)
{
    if (link->own && packet->own != BTBB_OWN_UNKNOWN)
        return packet->own == BTBB_OWN_SENT ? 0 : 1;
    const enum btbb_dir dir = direction_of(packet, pdu);

    if (dir == BTBB_DIR_UNKNOWN)
        return BTBB_SIDE_UNKNOWN;
    return dir == BTBB_DIR_TO_PERIPHERAL ? link->central : btbb_other_side(link->central);
}

void btbb_link_switch_roles(struct btbb_acl_link *link)
{
    link->central = btbb_other_side(link->central);
    link->votes = (int8_t)-link->votes;
}

static void vote(struct btbb_acl_link *link, uint8_t central)
{
    const int votes = link->votes + (central == 0 ? 1 : -1);

    link->votes = (int8_t)(votes > ENOUGH_VOTES ? ENOUGH_VOTES : votes < -ENOUGH_VOTES ? -ENOUGH_VOTES : votes);
    if (link->votes == ENOUGH_VOTES)
        link->central = 0;
    else if (link->votes == -ENOUGH_VOTES)
        link->central = 1;
}

void btbb_link_learn_roles(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;
    const enum btbb_dir dir = direction_of(step->packet, step->pdu);

    if (!link->own || dir == BTBB_DIR_UNKNOWN || step->side == BTBB_SIDE_UNKNOWN)
        return;
    const uint8_t central = dir == BTBB_DIR_TO_PERIPHERAL ? step->side : btbb_other_side(step->side);

    if (step->packet->dir == BTBB_DIR_UNKNOWN) {
        vote(link, central);
    } else {
        link->central = central;
        link->votes = central == 0 ? ENOUGH_VOTES : -ENOUGH_VOTES;
    }
}

void btbb_link_learn_address(struct btbb_links *links, struct btbb_acl_link *link, uint8_t side,
                             const struct btbb_device_address *address, uint32_t frame)
{
    if (side == BTBB_SIDE_UNKNOWN || address->parts == BTBB_ADDRESS_NONE)
        return;
    struct btbb_device_address *known = &link->side[side].address;

    if (known->parts >= address->parts || (known->parts != BTBB_ADDRESS_NONE && known->lap != address->lap))
        return;
    *known = *address;
    if (link->side[side].name_key >= BTBB_NAMES_KEY_LAPS) {
        btbb_device_names_move(links->names, link->side[side].name_key, address->lap, frame);
        link->side[side].name_key = address->lap;
    }
}

static bool has_lap(const struct btbb_acl_link *link, uint8_t side, uint32_t lap)
{
    return side != BTBB_SIDE_UNKNOWN && link->side[side].address.parts != BTBB_ADDRESS_NONE &&
           link->side[side].address.lap == lap;
}

/* The address of the Central. Where a device is known to have it, that device is the Central. */
static void learn_central(struct btbb_links *links, struct btbb_acl_link *link,
                          const struct btbb_device_address *address, uint32_t frame)
{
    for (uint8_t side = 0; link->own && address->parts != BTBB_ADDRESS_NONE && side < BTBB_SIDES; side++)
        if (has_lap(link, side, address->lap))
            link->central = side;
    btbb_link_learn_address(links, link, link->central, address, frame);
}

void btbb_link_learn_addresses(const struct btbb_link_step *step)
{
    const struct btbb_link_packet *packet = step->packet;
    struct btbb_device_address central = packet->central;

    if (central.parts == BTBB_ADDRESS_NONE && !step->link->own && packet->has_client &&
        packet->client < BTBB_NAMES_KEY_LAPS) /* the LAP of the access code (Vol 2 Part B, 6.3) */
        central = (struct btbb_device_address){.lap = (uint32_t)packet->client, .parts = BTBB_ADDRESS_LAP};
    btbb_link_learn_address(step->links, step->link, step->side, &packet->sender, packet->frame);
    btbb_link_learn_address(step->links, step->link, btbb_other_side(step->side), &packet->receiver, packet->frame);
    learn_central(step->links, step->link, &central, packet->frame);
}
