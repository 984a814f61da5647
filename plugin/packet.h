/* packet.h: one frame on its way through the dissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PACKET_H
#define BTBB_PACKET_H

#include "compat/ws-compat.h"

#include "learn/capture.h"

/* Lives on the stack of the function that dissects the frame. All parts of the dissector read it; none but
 * packet-btbb.c writes to it. */
struct btbb_packet {
    tvbuff_t *tvb; /* holds the bytes that frame.bytes points to, at offset 0 */
    packet_info *pinfo;
    const void *src_data; /* data of pinfo->src and pinfo->dst as the layer below has set them */
    const void *dst_data;
    struct btbb_frame frame;
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    uint32_t remarks; /* set of enum btbb_remark, bit 1 << remark; see core/learn/remarks.h */
    bool in_full;     /* every item is wanted: the tree is visible, or there are remarks to attach to items */
};

#endif
