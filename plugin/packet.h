/* packet.h: one frame on its way through the dissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PACKET_H
#define BTBB_PACKET_H

#include "compat/ws-compat.h"

#include "learn/decryptor.h"

/* More bytes than any packet has in any capture format: 2-byte payload header, 1021 bytes of body, MIC, CRC (3-DH5)
 * after a pseudo-header of at most 64. Longer frames are padded or damaged. */
#define BTBB_USUAL_BYTES 1100u

/* Lives on the stack of the function that dissects the frame. All parts of the dissector read it; none but
 * packet-btbb.c writes to it. */
struct btbb_packet {
    tvbuff_t *tvb; /* the frame; frame.bytes is a copy of its captured bytes */
    packet_info *pinfo;
    const void *src_data; /* data of pinfo->src and pinfo->dst as the layer below has set them */
    const void *dst_data;
    struct btbb_frame frame;
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    uint32_t remarks;                   /* set of enum btbb_remark, bit 1 << remark; see core/learn/remarks.h */
    tvbuff_t *payload_tvb;              /* where the payload is: `tvb`, or the plain payload after decryption */
    uint32_t payload_start;             /* of the first payload byte in payload_tvb */
    bool has_keys;                      /* keys are given for the open capture */
    enum btbb_decrypt_reason decrypted; /* whether the payload was decrypted, and why not */
    bool in_full; /* every item is wanted: the tree is visible, or there are remarks to attach to items */
    uint8_t bytes[BTBB_USUAL_BYTES]; /* of a frame that is not longer; written by btbb_start_frame() only */
};

#endif
