/* lmp-role.c: see lmp-role.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/lmp-role.h"

#include <stdlib.h>

#include "decode/layout.h"
#include "decode/lmp.h"
#include "learn/by-frame.h"

#define PROOFS_NEEDED 2u
#define CHANGES_MAX   4096u /* more of them mean that the file is damaged */

bool btbb_lmp_role_concerns(const struct btbb_facts *facts)
{
    const struct btbb_payload *payload = &facts->payload;

    return (facts->encap == BTBB_ENCAP_INTERNALBLUE || facts->encap == BTBB_ENCAP_BROADCOM) && facts->has_lap &&
           facts->own != BTBB_OWN_UNKNOWN && payload->parsed && payload->llid == BTBB_LLID_LMP &&
           facts->crc_check != BTBB_CHECK_BAD && facts->confidence >= BTBB_CONFIDENCE_EXACT &&
           payload->body_offset + payload->body_bytes <= payload->captured;
}

static uint8_t newest(const struct btbb_lmp_role *role)
{
    return role->count > 0 ? role->changes[role->count - 1].central : BTBB_OWN_UNKNOWN;
}

static bool grow(struct btbb_lmp_role *role)
{
    if (role->count < role->capacity)
        return true;
    const uint32_t capacity = role->capacity ? 2 * role->capacity : 4;
    struct btbb_lmp_role_change *changes =
        capacity <= CHANGES_MAX ? realloc(role->changes, capacity * sizeof *changes) : NULL;

    if (!changes)
        return false;
    role->changes = changes;
    role->capacity = capacity;
    return true;
}

/* When there is no room, the last change becomes one to an unknown Central, for good. */
static void set_central(struct btbb_lmp_role *role, uint32_t number, uint8_t central)
{
    role->candidate = BTBB_OWN_UNKNOWN;
    role->proofs = 0;
    if (role->full || newest(role) == central)
        return;
    if (role->count > 0 && role->changes[role->count - 1].frame == number) {
        role->changes[role->count - 1].central = central;
    } else if (grow(role)) {
        role->changes[role->count++] = (struct btbb_lmp_role_change){number, central};
    } else {
        role->full = true;
        if (role->count > 0)
            role->changes[role->count - 1].central = BTBB_OWN_UNKNOWN;
    }
}

static void add_proof(struct btbb_lmp_role *role, uint32_t number, uint8_t central)
{
    if (central == newest(role)) {
        role->proofs = 0;
        return;
    }
    role->proofs = central == role->candidate ? role->proofs + 1 : 1;
    role->candidate = central;
    if (role->proofs >= PROOFS_NEEDED)
        set_central(role, number, central);
}

static bool ends_role(const struct btbb_lmp *pdu)
{
    return pdu->fault == BTBB_LMP_OK && (pdu->code == BTBB_LMP_DETACH ||
                                         (pdu->code == BTBB_LMP_ACCEPTED && pdu->answer.code == BTBB_LMP_SWITCH_REQ));
}

void btbb_lmp_role_learn(struct btbb_lmp_role *role, uint32_t number, const struct btbb_frame *frame,
                         const struct btbb_facts *facts)
{
    const struct btbb_payload *payload = &facts->payload;
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    struct btbb_lmp pdu;

    btbb_lmp_read(btbb_part(bytes, payload->offset + payload->body_offset, payload->body_bytes), true, &pdu);
    const enum btbb_dir dir = btbb_lmp_direction_proof(&pdu);
    const bool by_central = dir == BTBB_DIR_TO_PERIPHERAL, sent = facts->own == BTBB_OWN_SENT;

    if (dir != BTBB_DIR_UNKNOWN)
        add_proof(role, number, by_central == sent ? BTBB_OWN_SENT : BTBB_OWN_RECEIVED);
    if (ends_role(&pdu))
        set_central(role, number + 1, BTBB_OWN_UNKNOWN);
}

uint8_t btbb_lmp_role_central(const struct btbb_lmp_role *role, uint32_t number)
{
    const uint32_t count = btbb_count_until(role->changes, role->count, sizeof *role->changes,
                                            offsetof(struct btbb_lmp_role_change, frame), number);

    return count > 0 ? role->changes[count - 1].central : BTBB_OWN_UNKNOWN;
}

void btbb_lmp_role_free(struct btbb_lmp_role *role)
{
    free(role->changes);
    *role = (struct btbb_lmp_role){0};
}
