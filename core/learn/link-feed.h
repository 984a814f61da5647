/* link-feed.h: from a decoded packet of any capture format to what the link tracker takes in. Pure.
 *
 *     enum btbb_link_packet_kind kind = btbb_link_packet_kind_of(&facts, &verdict);
 *     if (kind != BTBB_LINK_PACKET_NONE) {
 *         struct btbb_link_packet packet = {.frame = number, .time_ns = ns, .has_time = true};
 *         btbb_link_packet_fill(kind, &frame, &facts, &verdict, &packet);
 *         btbb_link_log_add(log, &packet, &event);
 *     }
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LINK_FEED_H
#define BTBB_CORE_LINK_FEED_H

#include "learn/capture.h"
#include "learn/link-packet.h"

/* What the packet is to the tracker. Facts and verdict are those of btbb_capture_learn(), decoded in full. Payloads
 * count when their CRC is good, and in captures made by a controller, which has checked it, when it is not bad.
 * Payloads that are still encrypted are no LMP. */
enum btbb_link_packet_kind btbb_link_packet_kind_of(const struct btbb_facts *facts, const struct btbb_verdict *verdict);

/* Whether a packet was encrypted on air, as the capturing device marks it. */
enum btbb_protection btbb_link_protection_of(const struct btbb_facts *facts);

/* The same for a packet whose decryption is known: a payload that shows nothing else is sealed. */
static inline enum btbb_link_packet_kind btbb_link_packet_kind_with(const struct btbb_facts *facts,
                                                                    const struct btbb_verdict *verdict,
                                                                    enum btbb_decrypt_reason decryption)
{
    const enum btbb_link_packet_kind kind = btbb_link_packet_kind_of(facts, verdict);
    const bool sealed = kind == BTBB_LINK_PACKET_NONE && btbb_decrypt_is_encrypted(decryption);

    return sealed ? BTBB_LINK_PACKET_SEALED : kind;
}

/* Enters what the decryptor found out about a packet that is filled. `decryption`: NONE where there are no keys. */
static inline void btbb_link_packet_set_decryption(struct btbb_link_packet *packet, bool has_keys,
                                                   enum btbb_decrypt_reason decryption)
{
    packet->has_keys = has_keys;
    packet->decryption = (uint8_t)decryption;
    if (decryption == BTBB_REASON_GOOD)
        packet->protection = BTBB_PROTECTION_ENCRYPTED;
}

/* The best-known address of the client of a packet: that of its Central. */
struct btbb_device_address btbb_link_client_address(const struct btbb_verdict *verdict);

/* Complete a packet that has frame number and time, and is zero otherwise. `kind`: of the same facts, not
 * BTBB_LINK_PACKET_NONE. The bytes of the frame are copied. */
void btbb_link_packet_fill(enum btbb_link_packet_kind kind, const struct btbb_frame *frame,
                           const struct btbb_facts *facts, const struct btbb_verdict *verdict,
                           struct btbb_link_packet *packet);

#endif
