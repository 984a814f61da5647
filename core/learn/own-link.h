/* own-link.h: the connection of the capturing device itself, from ESP32 records: who is Central, what the Central's
 * address is, and what its clock is.
 *
 * A record has neither an address nor the piconet's clock. They follow from other records:
 * - the role, from received records. The role in records that were sent is an older one for a while after a role
 *   switch;
 * - the address of the capturing device, from LMP_slot_offset that it sends (Core Specification Vol 2 Part C, 4.4.1:
 *   the address of the device that becomes Central), and from FHS packets that it sends. These are templates of page
 *   scan, not proof of a transmission: nothing else is learned from them;
 * - the address and the clock of the other device, from the FHS packet of its page, and the address from
 *   LMP_slot_offset that it sends;
 * - a role switch, from LMP_switch_req that was accepted (4.4.2): from then on, the role in sent records counts only
 *   when it is the new one and the instant has come.
 * LMP_detach ends the connection: the other device and the role are unknown again.
 *
 * There is one connection at a time: records do not show which of several they belong to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_OWN_LINK_H
#define BTBB_CORE_OWN_LINK_H

#include "learn/address.h"

/* CLK27..CLK1 of a clock, in units of 625 us. */
#define BTBB_CLK27_1_MASK 0x7ffffffu

/* What is known from a frame on. */
struct btbb_own_state {
    uint32_t frame;
    uint32_t central_lap; /* BTBB_LAP_UNKNOWN: not known */
    uint32_t clk_offset;  /* to add to the native clock for that of the piconet; valid when has_clk_offset */
    uint8_t role;         /* enum btbb_role of the capturing device */
    bool has_clk_offset;
    bool switching; /* a role switch was accepted. Until it is seen to have happened or failed, packets that were sent
                       may be of either role */
};

/* An address with its LAP. */
struct btbb_own_address {
    bool known;
    uint32_t lap;
};

/* All zero: nothing. */
struct btbb_own_link {
    struct btbb_own_state *states; /* as they changed, oldest first */
    uint32_t count, capacity;
    bool full; /* too many changes: nothing is known from the last one on */

    /* For learning: the two devices, and a role switch under way. */
    struct btbb_own_address own, other;
    uint32_t switch_instant; /* CLK27..CLK1; valid while switch_by is known */
    uint8_t switch_by;       /* enum btbb_own of the device that asked for it; BTBB_OWN_UNKNOWN: none */
};

/* Learns an ESP32 record. */
void btbb_own_link_learn(struct btbb_own_link *link, uint32_t number, const struct btbb_frame *frame,
                         const struct btbb_facts *facts);

/* What is known at a frame that was learned. */
struct btbb_own_state btbb_own_link_at(const struct btbb_own_link *link, uint32_t number);

void btbb_own_link_free(struct btbb_own_link *link);

/* Whether a record is of a connection: not an Extended Inquiry Response, an FHS packet of an inquiry, or one that is
 * only a template. */
bool btbb_is_of_connection(const struct btbb_facts *facts);

/* The direction of a record. */
enum btbb_dir btbb_own_direction(const struct btbb_own_state *state, const struct btbb_facts *facts);

/* The LAP of the Central of the piconet in which a record was sent, during a role switch of the piconet before it;
 * BTBB_LAP_UNKNOWN: not known. */
uint32_t btbb_own_central_lap(const struct btbb_own_state *state, const struct btbb_facts *facts);

/* The address that an FHS packet with good parity or LMP_slot_offset contains, and its LAP; of any format whose packets
 * a controller has checked. Rank BTBB_RANK_LAP: none, and *lap is not set. */
struct btbb_address btbb_own_link_taught(const struct btbb_frame *frame, const struct btbb_facts *facts, uint32_t *lap);

/* The piconet's clock CLK27..CLK1 when the record was written. Returns false when it is not known. */
bool btbb_own_clock(const struct btbb_own_state *state, const struct btbb_facts *facts, uint32_t *clk27_1);

/* The slot in which a packet that was received began, CLK27..CLK1: the last one before the record was written that has
 * the sender's parity and leaves room for the packet. Returns false when it is not known. */
bool btbb_own_start_slot(const struct btbb_own_state *state, const struct btbb_facts *facts, uint32_t *clk27_1);

#endif
