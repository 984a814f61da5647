/* layers.c: see layers.h.
 *
 * A cursor walks from layer to layer. Each layer has a function that checks its header against the captured bytes,
 * moves the cursor past it and returns the next layer. A header that does not fit ends the walk: nothing was found.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/layers.h"

#include <stddef.h>
#include <string.h>

/* Layers followed in one packet. Wireshark's own limit is larger; no real network nests tunnels this deep. */
#define DEPTH 24

#define ETHERTYPE_IPV4 0x0800u
#define ETHERTYPE_IPV6 0x86ddu
#define ETHERTYPE_TEB  0x6558u /* transparent Ethernet bridging: an Ethernet frame */
#define LLC_MAX        1500u   /* IEEE 802.3: up to here a length, not an ethertype */

/* Protocol numbers of IP (IANA). */
#define IP_IPV4     4u
#define IP_UDP      17u
#define IP_IPV6     41u
#define IP_FRAGMENT 44u
#define IP_GRE      47u

/* UDP ports (IANA). */
#define PORT_L2TP   1701u
#define PORT_VXLAN  4789u
#define PORT_GPE    4790u
#define PORT_GENEVE 6081u

enum step {
    STEP_NOTHING,
    STEP_FRAME,
    STEP_TUNNEL,
    STEP_ETHERNET,
    STEP_ETHERTYPE, /* of cursor.number */
    STEP_VLAN,
    STEP_8021AH,
    STEP_IP,
    STEP_IPV4,
    STEP_IPV6,
    STEP_PROTOCOL, /* of IP, cursor.number */
    STEP_UDP,
    STEP_GRE,
    STEP_ETHERIP,
    STEP_VXLAN,
    STEP_GENEVE,
    STEP_LOOPBACK,
    STEP_SLL,
    STEP_SLL2,
    STEP_PPI,
    STEP_H4_PHDR,
    STEP_H4,
    STEP_MONITOR,
    STEP_LOGGER,
    STEP_LINKTYPE, /* of cursor.number */
    STEPS
};

struct cursor {
    struct btbb_span bytes; /* from the current layer on */
    uint32_t reported;      /* their length before any cutting */
    uint32_t number;        /* ethertype, protocol or link type of the next layer */
    uint32_t fcs;           /* bytes of frame check sequence that nothing has removed yet */
    uint8_t dst[6], src[6]; /* the innermost Ethernet addresses */
    enum btbb_tunnel tunnel;
    enum btbb_capture_format format;
    bool stripped; /* as the next two in struct btbb_raw_packet */
    enum btbb_own own;
    uint16_t opcode;
};

const char *const btbb_tunnel_names[BTBB_TUNNELS] = {
    [BTBB_TUNNEL_ERSPAN] = "ERSPAN",
    [BTBB_TUNNEL_IP_FRAGMENT] = "IP fragments",
    [BTBB_TUNNEL_L2TP] = "L2TP",
    [BTBB_TUNNEL_MACSEC] = "MACsec",
    [BTBB_TUNNEL_MPLS] = "MPLS",
    [BTBB_TUNNEL_NSH] = "NSH",
    [BTBB_TUNNEL_OTHER_TAG] = "HSR, MetaData or VNTag",
    [BTBB_TUNNEL_TRILL] = "TRILL",
    [BTBB_TUNNEL_VXLAN_GPE] = "VXLAN-GPE",
    [BTBB_TUNNEL_DEPTH] = "deeply nested tunnels",
};

/* What follows a number of a layer. The last row has the step STEP_NOTHING. */
struct branch {
    uint32_t number;
    enum step step;
    enum btbb_tunnel tunnel; /* when STEP_TUNNEL */
};

static const struct branch ethertypes[] = {
    {0x8100, STEP_VLAN, 0},
    {0x88a8, STEP_VLAN, 0},
    {0x9100, STEP_VLAN, 0},
    {0x88e7, STEP_8021AH, 0},
    {ETHERTYPE_TEB, STEP_ETHERNET, 0},
    {ETHERTYPE_IPV4, STEP_IPV4, 0},
    {ETHERTYPE_IPV6, STEP_IPV6, 0},
    {0x22f3, STEP_TUNNEL, BTBB_TUNNEL_TRILL},
    {0x8847, STEP_TUNNEL, BTBB_TUNNEL_MPLS},
    {0x8848, STEP_TUNNEL, BTBB_TUNNEL_MPLS},
    {0x88e5, STEP_TUNNEL, BTBB_TUNNEL_MACSEC},
    {0x8909, STEP_TUNNEL, BTBB_TUNNEL_OTHER_TAG},
    {0x8926, STEP_TUNNEL, BTBB_TUNNEL_OTHER_TAG},
    {0x892f, STEP_TUNNEL, BTBB_TUNNEL_OTHER_TAG},
    {0x894f, STEP_TUNNEL, BTBB_TUNNEL_NSH},
    {0, STEP_NOTHING, 0},
};

static const struct branch protocols[] = {
    {IP_IPV4, STEP_IPV4, 0},
    {IP_UDP, STEP_UDP, 0},
    {IP_IPV6, STEP_IPV6, 0},
    {IP_FRAGMENT, STEP_TUNNEL, BTBB_TUNNEL_IP_FRAGMENT},
    {IP_GRE, STEP_GRE, 0},
    {97, STEP_ETHERIP, 0},
    {115, STEP_TUNNEL, BTBB_TUNNEL_L2TP},
    {137, STEP_TUNNEL, BTBB_TUNNEL_MPLS},
    {0, STEP_NOTHING, 0},
};

/* Protocol types of GRE (RFC 2784, RFC 8086). */
static const struct branch gre_types[] = {
    {ETHERTYPE_IPV4, STEP_IPV4, 0},          {ETHERTYPE_IPV6, STEP_IPV6, 0},
    {ETHERTYPE_TEB, STEP_ETHERNET, 0},       {0x22eb, STEP_TUNNEL, BTBB_TUNNEL_ERSPAN},
    {0x8847, STEP_TUNNEL, BTBB_TUNNEL_MPLS}, {0x88be, STEP_TUNNEL, BTBB_TUNNEL_ERSPAN},
    {0x894f, STEP_TUNNEL, BTBB_TUNNEL_NSH},  {0, STEP_NOTHING, 0},
};

static const struct branch ports[] = {
    {PORT_L2TP, STEP_TUNNEL, BTBB_TUNNEL_L2TP},
    {PORT_VXLAN, STEP_VXLAN, 0},
    {PORT_GPE, STEP_TUNNEL, BTBB_TUNNEL_VXLAN_GPE},
    {PORT_GENEVE, STEP_GENEVE, 0},
    {0, STEP_NOTHING, 0},
};

static const struct branch linktypes[] = {
    {BTBB_LINKTYPE_NULL, STEP_LOOPBACK, 0},   {BTBB_LINKTYPE_ETHERNET, STEP_ETHERNET, 0},
    {BTBB_LINKTYPE_RAW, STEP_IP, 0},          {BTBB_LINKTYPE_LOOP, STEP_LOOPBACK, 0},
    {BTBB_LINKTYPE_SLL, STEP_SLL, 0},         {BTBB_LINKTYPE_PPI, STEP_PPI, 0},
    {BTBB_LINKTYPE_IPV4, STEP_IPV4, 0},       {BTBB_LINKTYPE_IPV6, STEP_IPV6, 0},
    {BTBB_LINKTYPE_SLL2, STEP_SLL2, 0},       {BTBB_LINKTYPE_H4, STEP_H4, 0},
    {BTBB_LINKTYPE_H4_PHDR, STEP_H4_PHDR, 0}, {BTBB_LINKTYPE_MONITOR, STEP_MONITOR, 0},
    {BTBB_LINKTYPE_LOGGER, STEP_LOGGER, 0},   {0, STEP_NOTHING, 0},
};

static enum step follow(struct cursor *at, const struct branch *branches, uint32_t number)
{
    while (branches->step != STEP_NOTHING && branches->number != number)
        branches++;
    at->tunnel = branches->tunnel;
    return branches->step;
}

/* A frame of the format that this number of a layer announces. */
static bool find_format(struct cursor *at, enum btbb_layer layer, uint32_t number)
{
    for (int i = 0; i < BTBB_CAPTURE_FORMATS; i++)
        if (btbb_formats[i].layer == layer && btbb_formats[i].number == number) {
            at->format = (enum btbb_capture_format)i;
            return true;
        }
    return false;
}

static uint16_t be16(struct btbb_span span, uint32_t offset)
{
    return (uint16_t)(btbb_u8(span, offset) << 8 | btbb_u8(span, offset + 1));
}

/* Skips a header of `count` bytes. Returns false and does not move when they were not all captured. */
static bool skip(struct cursor *at, uint32_t count)
{
    if (!btbb_holds(at->bytes, 0, count))
        return false;
    at->bytes = btbb_part(at->bytes, count, UINT32_MAX);
    at->reported -= count;
    return true;
}

/* The layer's own length ends before the packet does: the rest is padding. */
static void cut_padding(struct cursor *at, uint32_t length)
{
    if (length < at->reported)
        at->reported = length;
    if (at->bytes.length > at->reported)
        at->bytes.length = at->reported;
}

static void remove_fcs(struct cursor *at)
{
    if (at->fcs <= at->reported)
        cut_padding(at, at->reported - at->fcs);
    at->fcs = 0;
}

static void copy_address(uint8_t address[6], struct btbb_span bytes, uint32_t offset)
{
    if (btbb_holds(bytes, offset, 6))
        memcpy(address, bytes.bytes + offset, 6);
}

/* LLC with SNAP and OUI 0 (RFC 1042): an ethertype follows. */
static enum step step_llc(struct cursor *at, uint32_t length)
{
    static const uint8_t snap[6] = {0xaa, 0xaa, 0x03, 0, 0, 0};

    cut_padding(at, length);
    if (!btbb_holds(at->bytes, 0, 8) || memcmp(at->bytes.bytes, snap, sizeof snap) != 0)
        return STEP_NOTHING;
    at->number = be16(at->bytes, 6);
    return skip(at, 8) && at->number > LLC_MAX ? STEP_ETHERTYPE : STEP_NOTHING;
}

/* An ethertype or length at `offset`, the last two bytes of a header. */
static enum step step_type(struct cursor *at, uint32_t offset)
{
    at->number = be16(at->bytes, offset);
    if (!skip(at, offset + 2))
        return STEP_NOTHING;
    remove_fcs(at);
    return at->number <= LLC_MAX ? step_llc(at, at->number) : STEP_ETHERTYPE;
}

static enum step step_ethernet(struct cursor *at)
{
    copy_address(at->dst, at->bytes, 0);
    copy_address(at->src, at->bytes, 6);
    return step_type(at, 12);
}

static enum step step_ethertype(struct cursor *at)
{
    return find_format(at, BTBB_LAYER_ETHERTYPE, at->number) ? STEP_FRAME : follow(at, ethertypes, at->number);
}

static enum step step_vlan(struct cursor *at)
{
    return step_type(at, 2);
}

/* The customer addresses of 802.1ah stay unread, because Wireshark's link-layer addresses are the backbone's too. */
static enum step step_8021ah(struct cursor *at)
{
    return step_type(at, 16);
}

static enum step step_ip(struct cursor *at)
{
    switch (btbb_u8(at->bytes, 0) >> 4) {
    case 4:
        return STEP_IPV4;
    case 6:
        return STEP_IPV6;
    default:
        return STEP_NOTHING;
    }
}

static enum step step_ipv4(struct cursor *at)
{
    const uint32_t header = (btbb_u8(at->bytes, 0) & 15u) * 4, total = be16(at->bytes, 2);
    const uint16_t fragment = be16(at->bytes, 6);

    at->number = btbb_u8(at->bytes, 9);
    if (btbb_u8(at->bytes, 0) >> 4 != 4 || header < 20)
        return STEP_NOTHING;
    if (total >= header) /* 0: left to the network card */
        cut_padding(at, total);
    if (!skip(at, header))
        return STEP_NOTHING;
    if (fragment & 0x3fff) { /* more fragments, or an offset */
        at->tunnel = BTBB_TUNNEL_IP_FRAGMENT;
        return follow(at, protocols, at->number) == STEP_NOTHING ? STEP_NOTHING : follow(at, protocols, IP_FRAGMENT);
    }
    return STEP_PROTOCOL;
}

/* Skips hop-by-hop options, routing and destination options (RFC 8200). */
static enum step step_ipv6(struct cursor *at)
{
    const uint32_t payload = be16(at->bytes, 4);

    at->number = btbb_u8(at->bytes, 6);
    if (btbb_u8(at->bytes, 0) >> 4 != 6 || !skip(at, 40))
        return STEP_NOTHING;
    if (payload > 0)
        cut_padding(at, payload);
    for (int i = 0; i < DEPTH && (at->number == 0 || at->number == 43 || at->number == 60); i++) {
        at->number = btbb_u8(at->bytes, 0);
        if (!skip(at, (btbb_u8(at->bytes, 1) + 1u) * 8))
            return STEP_NOTHING;
    }
    return STEP_PROTOCOL;
}

static enum step step_protocol(struct cursor *at)
{
    return follow(at, protocols, at->number);
}

static enum step step_udp(struct cursor *at)
{
    const uint16_t from = be16(at->bytes, 0), to = be16(at->bytes, 2), length = be16(at->bytes, 4);

    if (length >= 8)
        cut_padding(at, length);
    if (!skip(at, 8))
        return STEP_NOTHING;
    const enum step step = follow(at, ports, to);

    return step != STEP_NOTHING ? step : follow(at, ports, from);
}

/* RFC 2784 and 2890: four bytes each for checksum, key and sequence number. Version 0, without source routes. */
static enum step step_gre(struct cursor *at)
{
    const uint16_t flags = be16(at->bytes, 0), type = be16(at->bytes, 2);
    const uint32_t words = 1u + (flags >> 15 & 1) + (flags >> 13 & 1) + (flags >> 12 & 1);

    if ((flags & 0x4007) != 0 || !skip(at, words * 4))
        return STEP_NOTHING;
    return follow(at, gre_types, type);
}

/* RFC 3378. */
static enum step step_etherip(struct cursor *at)
{
    return btbb_u8(at->bytes, 0) >> 4 == 3 && skip(at, 2) ? STEP_ETHERNET : STEP_NOTHING;
}

/* RFC 7348. */
static enum step step_vxlan(struct cursor *at)
{
    return skip(at, 8) ? STEP_ETHERNET : STEP_NOTHING;
}

/* RFC 8926. */
static enum step step_geneve(struct cursor *at)
{
    const uint32_t options = (btbb_u8(at->bytes, 0) & 0x3fu) * 4;
    const uint16_t type = be16(at->bytes, 2);

    if (btbb_u8(at->bytes, 0) >> 6 != 0 || !skip(at, 8 + options))
        return STEP_NOTHING;
    return type == ETHERTYPE_TEB ? STEP_ETHERNET : follow(at, gre_types, type);
}

/* The address family is in the byte order of the writing machine; the version nibble of IP says the same. */
static enum step step_loopback(struct cursor *at)
{
    return skip(at, 4) ? STEP_IP : STEP_NOTHING;
}

/* The packet type of Linux cooked captures: 0 to 2 were received by this machine, 4 was sent, 3 is for another one. */
static void set_own(struct cursor *at, uint16_t packet_type)
{
    if (packet_type <= 2)
        at->own = BTBB_OWN_RECEIVED;
    else if (packet_type == 4)
        at->own = BTBB_OWN_SENT;
}

/* Linux cooked capture: packet type (2), ARPHRD type (2), address length (2), source address (8), protocol (2). */
static enum step step_sll(struct cursor *at)
{
    set_own(at, be16(at->bytes, 0));
    memset(at->dst, 0, sizeof at->dst);
    if (be16(at->bytes, 4) == sizeof at->src)
        copy_address(at->src, at->bytes, 6);
    return step_type(at, 14);
}

/* Version 2: protocol (2), reserved (2), interface (4), ARPHRD type (2), packet type (1), address length (1), source
 * address (8). */
static enum step step_sll2(struct cursor *at)
{
    set_own(at, btbb_u8(at->bytes, 10));
    memset(at->dst, 0, sizeof at->dst);
    if (btbb_u8(at->bytes, 11) == sizeof at->src)
        copy_address(at->src, at->bytes, 12);
    at->number = be16(at->bytes, 0);
    return skip(at, 20) && at->number > LLC_MAX ? STEP_ETHERTYPE : STEP_NOTHING;
}

/* Per-Packet Information: version (1), flags (1), length of the whole header (2), link type (4), little-endian. */
/* The fields of a PPI header end where Wireshark sees their end: it adds up their own lengths until they reach that of
 * the header. Each field follows the one before it, at a multiple of four bytes if the header's first flag is set. */
static enum step step_ppi(struct cursor *at)
{
    const bool aligned = btbb_u8(at->bytes, 1) & 1;
    int32_t left = (int32_t)btbb_le16(at->bytes, 2) - 8;
    uint32_t end = 8;

    while (left > 0 && btbb_holds(at->bytes, end, 4)) {
        const uint32_t field = 4u + btbb_le16(at->bytes, end + 2);

        left -= (int32_t)field;
        end += field;
        if (aligned)
            end = (end + 3) & ~3u;
    }
    at->number = btbb_le32(at->bytes, 4);
    return left <= 0 && skip(at, end) ? STEP_LINKTYPE : STEP_NOTHING;
}

/* A type byte announces the rest. */
static enum step step_type_byte(struct cursor *at, enum btbb_layer layer)
{
    const uint8_t type = btbb_u8(at->bytes, 0);

    return skip(at, 1) && find_format(at, layer, type) ? STEP_FRAME : STEP_NOTHING;
}

static enum step step_h4(struct cursor *at)
{
    return step_type_byte(at, BTBB_LAYER_H4);
}

/* Bit 0 of the direction, big-endian: received. */
static enum step step_h4_phdr(struct cursor *at)
{
    const uint8_t last = btbb_u8(at->bytes, 3);

    if (at->stripped)
        return STEP_H4;
    at->own = last & 1 ? BTBB_OWN_RECEIVED : BTBB_OWN_SENT;
    return skip(at, 4) ? STEP_H4 : STEP_NOTHING;
}

/* Adapter (2), opcode (2). */
static enum step step_monitor(struct cursor *at)
{
    if (!at->stripped) {
        at->opcode = be16(at->bytes, 2);
        if (!skip(at, 4))
            return STEP_NOTHING;
    }
    return find_format(at, BTBB_LAYER_MONITOR, at->opcode) ? STEP_FRAME : STEP_NOTHING;
}

static enum step step_logger(struct cursor *at)
{
    return step_type_byte(at, BTBB_LAYER_LOGGER);
}

static enum step step_linktype(struct cursor *at)
{
    return find_format(at, BTBB_LAYER_LINKTYPE, at->number) ? STEP_FRAME : follow(at, linktypes, at->number);
}

static enum step (*const steps[STEPS])(struct cursor *) = {
    [STEP_ETHERNET] = step_ethernet,
    [STEP_ETHERTYPE] = step_ethertype,
    [STEP_VLAN] = step_vlan,
    [STEP_8021AH] = step_8021ah,
    [STEP_IP] = step_ip,
    [STEP_IPV4] = step_ipv4,
    [STEP_IPV6] = step_ipv6,
    [STEP_PROTOCOL] = step_protocol,
    [STEP_UDP] = step_udp,
    [STEP_GRE] = step_gre,
    [STEP_ETHERIP] = step_etherip,
    [STEP_VXLAN] = step_vxlan,
    [STEP_GENEVE] = step_geneve,
    [STEP_LOOPBACK] = step_loopback,
    [STEP_SLL] = step_sll,
    [STEP_SLL2] = step_sll2,
    [STEP_PPI] = step_ppi,
    [STEP_H4_PHDR] = step_h4_phdr,
    [STEP_H4] = step_h4,
    [STEP_MONITOR] = step_monitor,
    [STEP_LOGGER] = step_logger,
    [STEP_LINKTYPE] = step_linktype,
};

static enum step walk(struct cursor *at)
{
    enum step step = STEP_LINKTYPE;

    for (int depth = 0; depth < DEPTH; depth++) {
        if (!steps[step])
            return step;
        step = steps[step](at);
    }
    at->tunnel = BTBB_TUNNEL_DEPTH;
    return steps[step] ? STEP_TUNNEL : step;
}

enum btbb_found btbb_find_frame(const struct btbb_raw_packet *packet, struct btbb_frame *frame,
                                enum btbb_tunnel *tunnel)
{
    struct cursor at = {.bytes = packet->bytes,
                        .reported = btbb_raw_reported(packet),
                        .number = packet->linktype,
                        .fcs = packet->linktype == BTBB_LINKTYPE_ETHERNET ? packet->fcs : 0,
                        .stripped = packet->stripped,
                        .own = packet->own,
                        .opcode = packet->opcode};

    switch (walk(&at)) {
    case STEP_FRAME:
        memcpy(frame->dst, at.dst, sizeof frame->dst);
        memcpy(frame->src, at.src, sizeof frame->src);
        frame->format = at.format;
        frame->own = at.own;
        frame->bytes = at.bytes.bytes;
        frame->captured = at.bytes.length;
        frame->reported = at.reported;
        return BTBB_FOUND_FRAME;
    case STEP_TUNNEL:
        *tunnel = at.tunnel;
        return BTBB_FOUND_TUNNEL;
    default:
        return BTBB_FOUND_NOTHING;
    }
}

bool btbb_linktype_is_read(uint32_t linktype)
{
    struct cursor at = {.number = linktype};

    return step_linktype(&at) != STEP_NOTHING;
}
