/* links.h: one row for each connection between two devices: who they are, what they can do, how they paired,
 * authenticated and encrypted. Learned from LMP PDUs (Core Specification Vol 2 Part C), FHS packets and the presence of
 * data; needs no keys.
 *
 * Callers hand in packets once, in file order, from any capture format:
 *
 *     struct btbb_links *links = btbb_links_new();
 *     for each packet of learn/link-feed.h: LMP, readable L2CAP data, a proven FHS, an Extended Inquiry Response:
 *         btbb_links_add(links, &packet, &event);           // event: for learn/timeline.h
 *     for (uint32_t i = 0; i < btbb_links_count(links); i++)
 *         ... btbb_links_at(links, i) ...                   // learn/link-facts.h, learn/link-findings.h
 *     btbb_links_free(links);
 *
 * Only what the bytes prove is entered. A PDU of the wrong length, and one that was sent again, changes nothing.
 *
 * Memory is bounded: BTBB_LINKS_MOST connections of at most 1,152 bytes, each with at most BTBB_LINK_SESSIONS
 * encryptions of 128 bytes (8 KiB), and the names (learn/names.h). What did not fit is counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LINKS_H
#define BTBB_CORE_LINKS_H

#include "learn/link.h"
#include "learn/names.h"

#define BTBB_LINKS_MOST 65536u

enum btbb_link_event_kind {
    BTBB_EVENT_NONE = 0,
    BTBB_EVENT_LMP,
    BTBB_EVENT_DATA, /* L2CAP data: the first of a connection, and the first after encryption changed */
    BTBB_EVENT_FHS   /* a page response, or a role switch */
};

/* What a packet was: a line of the timeline (learn/timeline.h). */
struct btbb_link_event {
    struct btbb_moment moment;
    struct btbb_moment request; /* LMP: the request that it answers; frame 0: none that was seen */
    uint32_t link;              /* number of the packet's connection, also of NONE; UINT32_MAX: not yet known (the FHS
                                   of a page response), or of none */
    uint32_t clk;               /* CLK27..CLK1; valid when has_clk */
    uint32_t lap;               /* FHS: of the Central, as the next three */
    uint32_t class_of_device;   /* 24 bits */
    uint16_t nap;
    uint8_t uap;
    uint8_t lt_addr;    /* 1 to 7, or BTBB_LT_ADDR_UNKNOWN; FHS: the one that the Peripheral gets */
    uint8_t kind;       /* enum btbb_link_event_kind */
    uint8_t side;       /* of the sender, or BTBB_SIDE_UNKNOWN */
    uint8_t dir;        /* enum btbb_dir, as far as the tracker knows it */
    uint8_t own;        /* enum btbb_own */
    uint8_t encryption; /* enum btbb_encryption_state, after this packet */
    uint8_t key_size;   /* LMP: bytes of the key on whose size this packet agrees; 0: on none */
    uint8_t findings;   /* LMP: bit n: this packet completes the proof of finding n of enum btbb_finding_kind. Never set
                           for BTBB_FINDING_NOT_ENCRYPTED, which is only known at the end of a connection */
    uint8_t fault;      /* LMP: enum btbb_lmp_fault */
    uint8_t length;     /* LMP: valid bytes of `bytes` */
    bool has_clk;
    bool encryption_changed; /* LMP: by this packet */
    uint8_t bytes[BTBB_LMP_BYTES];
};

struct btbb_links;

/* NULL only when memory is exhausted; free with btbb_links_free(), which takes NULL. */
struct btbb_links *btbb_links_new(void);

/* To be called before the first packet: only the names of devices are learned, and no event is set. They are the same,
 * at a third of the cost. */
void btbb_links_only_names(struct btbb_links *links);
void btbb_links_free(struct btbb_links *links);

/* Take in one packet. `event` is set; it is BTBB_EVENT_NONE when there is nothing to report. */
void btbb_links_add(struct btbb_links *links, const struct btbb_link_packet *packet, struct btbb_link_event *event);

/* The connections, in the order of their first packets. `number` must be below the count. */
uint32_t btbb_links_count(const struct btbb_links *links);
const struct btbb_acl_link *btbb_links_at(const struct btbb_links *links, uint32_t number);

/* The open connection of an LT_ADDR in the piconet of a client; NULL: there is none. */
const struct btbb_acl_link *btbb_links_find(const struct btbb_links *links, uint64_t client, uint8_t lt_addr);

/* The names that were learned. */
struct btbb_device_names *btbb_links_names(const struct btbb_links *links);

/* The same, owned by the caller from now on: free them with btbb_device_names_free(). Only btbb_links_free() may follow
 * for `links`. */
struct btbb_device_names *btbb_links_take_names(struct btbb_links *links);

/* The connection whose end the last packet shows although no LMP_detach was seen, because the devices connected anew.
 * UINT32_MAX: none. */
uint32_t btbb_links_ended(const struct btbb_links *links);

/* Encrypted payloads whose decryption came to `reason`, of no connection: nothing else was seen of it. */
uint32_t btbb_links_unplaced(const struct btbb_links *links, enum btbb_decrypt_reason reason);

/* Packets that belong to connections which were not kept for lack of room or memory. */
uint32_t btbb_links_dropped(const struct btbb_links *links);

#endif
