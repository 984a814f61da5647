/* layers.h: finds the baseband frame inside one packet of a capture file, below whatever link layers and tunnels carry
 * it, as Wireshark's dissectors do.
 *
 * Read are: every format of formats.h; HCI H4, BlueZ monitor and PacketLogger around them; Ethernet with VLAN tags
 * (802.1Q, 802.1ad), 802.1ah, LLC/SNAP; Linux cooked capture versions 1 and 2; PPI; Ethernet inside Ethernet, GRE,
 * VXLAN, Geneve and EtherIP over IPv4 and IPv6. Packets of other tunnels that Wireshark looks into are reported by the
 * name of the tunnel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LAYERS_H
#define BTBB_CORE_LAYERS_H

#include <string.h>

#include "decode/facts.h"
#include "decode/formats.h"
#include "decode/read-bits.h"

/* Link types that are read here (https://www.tcpdump.org/linktypes.html); others hold no baseband frames. */
#define BTBB_LINKTYPE_NULL     0u
#define BTBB_LINKTYPE_ETHERNET 1u
#define BTBB_LINKTYPE_RAW      101u
#define BTBB_LINKTYPE_LOOP     108u
#define BTBB_LINKTYPE_SLL      113u
#define BTBB_LINKTYPE_H4       187u /* HCI H4 */
#define BTBB_LINKTYPE_PPI      192u
#define BTBB_LINKTYPE_H4_PHDR  201u /* HCI H4 after a direction */
#define BTBB_LINKTYPE_IPV4     228u
#define BTBB_LINKTYPE_IPV6     229u
#define BTBB_LINKTYPE_MONITOR  254u /* BlueZ monitor: adapter, opcode, packet */
#define BTBB_LINKTYPE_SLL2     276u

/* Records of Apple PacketLogger, which have no link type: the type of the record, then its bytes. */
#define BTBB_LINKTYPE_LOGGER 0x10000u

#define BTBB_ETHERNET_HEADER 14u

/* A packet as it lies in a file. */
struct btbb_raw_packet {
    uint32_t linktype;
    struct btbb_span bytes; /* the captured bytes */
    uint32_t reported;      /* length before any cutting; a value below bytes.length is read as bytes.length */
    uint32_t fcs;           /* bytes of Ethernet frame check sequence at its end; 0: none, or not known */

    /* The pseudo-header of link types 201 and 254 is not among the bytes: Wireshark's library removes it. Then its
     * direction is in `own`, its opcode in `opcode`. */
    bool stripped;
    enum btbb_own own; /* of the frame, unless a layer shows another */
    uint16_t opcode;
};

enum btbb_found {
    BTBB_FOUND_NOTHING, /* no baseband frame */
    BTBB_FOUND_FRAME,
    BTBB_FOUND_TUNNEL /* a tunnel that is not read and may hold a frame */
};

/* Tunnels that Wireshark looks into and this file does not. */
enum btbb_tunnel {
    BTBB_TUNNEL_ERSPAN,
    BTBB_TUNNEL_IP_FRAGMENT,
    BTBB_TUNNEL_L2TP,
    BTBB_TUNNEL_MACSEC,
    BTBB_TUNNEL_MPLS,
    BTBB_TUNNEL_NSH,
    BTBB_TUNNEL_OTHER_TAG, /* HSR, Cisco MetaData, VNTag: a tag before the ethertype */
    BTBB_TUNNEL_TRILL,
    BTBB_TUNNEL_VXLAN_GPE,
    BTBB_TUNNEL_DEPTH, /* more layers than are followed */
    BTBB_TUNNELS
};
extern const char *const btbb_tunnel_names[BTBB_TUNNELS];

/* Finds the frame of a packet. On BTBB_FOUND_FRAME, `frame` is complete but for the time, which stays as it is. On
 * BTBB_FOUND_TUNNEL, *tunnel is set. */
enum btbb_found btbb_find_frame(const struct btbb_raw_packet *packet, struct btbb_frame *frame,
                                enum btbb_tunnel *tunnel);

/* Whether packets of this link type can hold baseband frames. */
bool btbb_linktype_is_read(uint32_t linktype);

/* Removes a frame check sequence of `fcs` bytes from the payload of an Ethernet frame, where Wireshark does so: when
 * the payload, whole or cut, was at least as long. */
static inline void btbb_remove_fcs(struct btbb_frame *frame, uint32_t fcs)
{
    if (frame->reported >= fcs)
        frame->reported -= fcs;
    if (frame->captured > frame->reported)
        frame->captured = frame->reported;
}

/* Bytes of pseudo-header before the packets of a link type in a file, which Wireshark does not count as bytes of the
 * packet. */
static inline uint32_t btbb_pseudo_header_bytes(uint32_t linktype)
{
    return linktype == BTBB_LINKTYPE_H4_PHDR || linktype == BTBB_LINKTYPE_MONITOR ? 4 : 0;
}

/* Length of a packet before any cutting. */
static inline uint32_t btbb_raw_reported(const struct btbb_raw_packet *packet)
{
    return packet->reported > packet->bytes.length ? packet->reported : packet->bytes.length;
}

/* btbb_find_frame() for a packet of LINKTYPE_BLUETOOTH_BREDR_BB, inline: always finds a frame. `own` stays as it is. */
static inline void btbb_find_rf_frame(const struct btbb_raw_packet *packet, struct btbb_frame *frame)
{
    frame->format = BTBB_CAPTURE_RF;
    frame->bytes = packet->bytes.bytes;
    frame->captured = packet->bytes.length;
    frame->reported = packet->reported;
}

/* btbb_find_frame() for a record of an ESP32 in a file of link type 201, inline. Returns false for any other packet:
 * then btbb_find_frame() decides. */
static inline bool btbb_find_esp32_frame(const struct btbb_raw_packet *packet, struct btbb_frame *frame)
{
    const uint8_t *bytes = packet->bytes.bytes;
    const uint32_t before = 4 + 1; /* direction, type */

    if (packet->stripped || packet->bytes.length < before || bytes[4] != BTBB_H4_ESP32)
        return false;
    memset(frame->dst, 0, sizeof frame->dst);
    memset(frame->src, 0, sizeof frame->src);
    frame->format = BTBB_CAPTURE_ESP32;
    frame->own = bytes[3] & 1 ? BTBB_OWN_RECEIVED : BTBB_OWN_SENT;
    frame->bytes = bytes + before;
    frame->captured = packet->bytes.length - before;
    frame->reported = btbb_raw_reported(packet) - before;
    return true;
}

/* btbb_find_frame() for the usual Ethernet packet, inline; `own` stays as it is. Returns false when the ethertype does
 * not directly announce the legacy format: then btbb_find_frame() decides. */
static inline bool btbb_find_ethernet_frame(const struct btbb_raw_packet *packet, struct btbb_frame *frame)
{
    const uint8_t *bytes = packet->bytes.bytes;

    if (packet->bytes.length < BTBB_ETHERNET_HEADER || bytes[12] != BTBB_ETHERTYPE >> 8 ||
        bytes[13] != (BTBB_ETHERTYPE & 0xff))
        return false;
    memcpy(frame->dst, bytes, sizeof frame->dst);
    memcpy(frame->src, bytes + 6, sizeof frame->src);
    frame->format = BTBB_CAPTURE_LEGACY;
    frame->bytes = bytes + BTBB_ETHERNET_HEADER;
    frame->captured = packet->bytes.length - BTBB_ETHERNET_HEADER;
    if (packet->fcs > 0) {
        frame->reported = btbb_raw_reported(packet) - BTBB_ETHERNET_HEADER;
        btbb_remove_fcs(frame, packet->fcs);
    } else {
        frame->reported = packet->reported > BTBB_ETHERNET_HEADER ? packet->reported - BTBB_ETHERNET_HEADER : 0;
    }
    return true;
}

#endif
