/* lmp-role.h: who is Central on a link of the capturing device, from the transactions of LMP. For captures that show
 * which packets the capturing device sent, and no roles.
 *
 * Two proofs of btbb_lmp_direction_proof() that agree settle it, from the second one on. Two others in a row replace
 * it.
 * After LMP_detach, and after a role switch was accepted, it is unknown again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LMP_ROLE_H
#define BTBB_CORE_LMP_ROLE_H

#include "decode/facts.h"

/* "From this frame on, the Central's packets are those." */
struct btbb_lmp_role_change {
    uint32_t frame;
    uint8_t central; /* enum btbb_own of packets that the Central sends; BTBB_OWN_UNKNOWN: not known */
};

/* All zero: not known. */
struct btbb_lmp_role {
    struct btbb_lmp_role_change *changes; /* oldest first */
    uint32_t count, capacity;
    bool full; /* too many changes, or out of memory: not known from the last one on */

    /* For learning: proofs in a row of another Central than the known one. */
    uint8_t candidate, proofs;
};

/* Whether a packet has an LMP PDU that was sent as it is here, between devices of which one is the capturing device. */
bool btbb_lmp_role_concerns(const struct btbb_facts *facts);

/* Learns such a packet. */
void btbb_lmp_role_learn(struct btbb_lmp_role *role, uint32_t number, const struct btbb_frame *frame,
                         const struct btbb_facts *facts);

/* enum btbb_own of packets that the Central sends, at a frame that was learned. */
uint8_t btbb_lmp_role_central(const struct btbb_lmp_role *role, uint32_t number);

void btbb_lmp_role_free(struct btbb_lmp_role *role);

#endif
