/* link-learn.c: what LMP PDUs show of devices and connections, but for security (link-security.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/links-int.h"

static struct btbb_link_side *sender_of(const struct btbb_link_step *step)
{
    return step->side == BTBB_SIDE_UNKNOWN ? NULL : &step->link->side[step->side];
}

static void learn_version(const struct btbb_link_step *step)
{
    struct btbb_link_side *side = sender_of(step);

    if (!side)
        return;
    side->version_frame = step->moment.frame;
    side->version = step->pdu->version.version;
    side->company = step->pdu->version.company;
    side->subversion = step->pdu->version.subversion;
}

static void learn_features(const struct btbb_link_step *step)
{
    struct btbb_link_side *side = sender_of(step);
    const uint8_t page = step->pdu->features.page;

    if (!side || page >= BTBB_FEATURE_PAGES)
        return;
    side->features[page] = step->pdu->features.bits;
    side->features_frame[page] = step->moment.frame;
}

static void learn_name(const struct btbb_link_step *step)
{
    struct btbb_link_side *side = sender_of(step);

    if (side)
        btbb_device_names_add_lmp(step->links->names, side->name_key, step->moment.frame, step->pdu);
}

static void learn_host_connection(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;

    btbb_moment_first(&link->host_connection, step->moment);
    if (link->setup_complete.frame != 0)
        return;
    link->from_start = true;
    if (link->encryption == BTBB_ENCRYPTION_UNKNOWN)
        link->encryption = BTBB_ENCRYPTION_OFF;
}

static void learn_setup_complete(const struct btbb_link_step *step)
{
    btbb_moment_first(&step->link->setup_complete, step->moment);
}

/* A device sends its slot offset before it becomes Central (4.4.2). */
static void learn_slot_offset(const struct btbb_link_step *step)
{
    const struct btbb_lmp *pdu = step->pdu;
    const struct btbb_device_address address = {.lap = pdu->slot_offset.lap,
                                                .uap = pdu->slot_offset.uap,
                                                .nap = pdu->slot_offset.nap,
                                                .parts = BTBB_ADDRESS_ALL};

    btbb_link_learn_address(step->links, step->link, step->side, &address, step->moment.frame);
    step->link->next_lap = address.lap;
    step->link->has_next_lap = true;
}

/* Roles change now where devices are told apart by own and other; otherwise when the new piconet is seen. */
static void learn_switch(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;

    link->role_switch = step->moment;
    link->role_switches++;
    step->links->switching[step->links->next_switching++ % BTBB_LINK_SWITCHES] = link->number + 1;
    if (link->own)
        btbb_link_switch_roles(link);
}

static void learn_accepted(const struct btbb_link_step *step)
{
    switch (step->pdu->answer.code) {
    case BTBB_LMP_SWITCH_REQ:
        learn_switch(step);
        break;
    case BTBB_LMP_SNIFF_REQ:
        btbb_moment_first(&step->link->sniff, step->moment);
        break;
    default:
        break;
    }
}

static void learn_detach(const struct btbb_link_step *step)
{
    struct btbb_acl_link *link = step->link;

    if (link->end != BTBB_LINK_OPEN)
        return;
    link->detached = step->moment;
    link->detach_side = step->side;
    link->detach_error = step->pdu->error;
    if (link->pairing.kind != BTBB_PAIRING_NONE && link->pairing.result == BTBB_PAIRING_UNFINISHED)
        btbb_link_fail_pairing(link, step->moment, step->pdu->error);
    btbb_link_close(link, BTBB_LINK_DETACHED, step->moment);
}

static const struct {
    uint16_t code;
    void (*learn)(const struct btbb_link_step *step);
} handlers[] = {
    {BTBB_LMP_NAME_RES, learn_name},
    {BTBB_LMP_ACCEPTED, learn_accepted},
    {BTBB_LMP_DETACH, learn_detach},
    {BTBB_LMP_VERSION_REQ, learn_version},
    {BTBB_LMP_VERSION_RES, learn_version},
    {BTBB_LMP_FEATURES_REQ, learn_features},
    {BTBB_LMP_FEATURES_RES, learn_features},
    {BTBB_LMP_FEATURES_REQ_EXT, learn_features},
    {BTBB_LMP_FEATURES_RES_EXT, learn_features},
    {BTBB_LMP_SETUP_COMPLETE, learn_setup_complete},
    {BTBB_LMP_HOST_CONNECTION_REQ, learn_host_connection},
    {BTBB_LMP_SLOT_OFFSET, learn_slot_offset},
};

void btbb_link_learn(const struct btbb_link_step *step)
{
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (handlers[i].code == step->pdu->code)
            handlers[i].learn(step);
}
