/* links-int.h: the parts of the link tracker among themselves.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LINKS_INT_H
#define BTBB_CORE_LINKS_INT_H

#include "learn/key-table.h"
#include "learn/links.h"

#define BTBB_LINK_PAGES        16u  /* page responses whose connection was not seen yet */
#define BTBB_LINK_SWITCHES     8u   /* role switches whose new piconet was not seen yet */
#define BTBB_LINK_DIVERSIFIERS 256u /* pairs of AU_RAND and EN_RAND that later ones are compared with */

/* The FHS of a page response (Vol 2 Part B, 8.3.3): it names the Central and the LT_ADDR that the paged device gets. */
struct btbb_link_page {
    struct btbb_moment moment; /* frame 0: free */
    struct btbb_fhs fhs;
    struct btbb_device_address paged;
    uint8_t own; /* enum btbb_own: who sent it */
};

/* The random numbers that make the key of one encryption differ from the next. */
struct btbb_link_diversifier {
    uint64_t client;
    uint32_t link;
    uint32_t frame; /* LMP_start_encryption_req; 0: free */
    uint8_t au_rand[BTBB_LMP_RANDOM_BYTES];
    uint8_t en_rand[BTBB_LMP_RANDOM_BYTES];
};

/* The FHS of an inquiry response that announces an extended one. */
struct btbb_link_inquiry {
    struct btbb_moment moment; /* frame 0: none */
    uint64_t client;           /* access code of the inquiry */
    uint32_t lap;              /* of the device that responds */
};

struct btbb_links {
    struct btbb_acl_link **links;
    uint32_t count, capacity;
    uint32_t dropped;
    uint32_t ended; /* see btbb_links_ended() */
    uint32_t unplaced[BTBB_REASONS];
    bool only_names; /* see btbb_links_only_names() */
    struct btbb_link_inquiry inquiry;
    struct btbb_key_table numbers; /* the last connection by client and LT_ADDR */
    struct btbb_device_names *names;
    struct btbb_link_page pages[BTBB_LINK_PAGES];
    struct btbb_link_diversifier diversifiers[BTBB_LINK_DIVERSIFIERS];
    uint32_t switching[BTBB_LINK_SWITCHES]; /* numbers plus one of connections; 0: free */
    uint32_t next_page, next_diversifier, next_switching;
};

/* One packet of a connection. */
struct btbb_link_step {
    struct btbb_links *links;
    struct btbb_acl_link *link;
    const struct btbb_link_packet *packet;
    const struct btbb_lmp *pdu; /* LMP: without fault */
    struct btbb_moment moment;
    struct btbb_link_request request; /* that the PDU answers; moment.frame 0: none */
    uint8_t side;                     /* of the sender, or BTBB_SIDE_UNKNOWN */
};

static inline uint8_t btbb_other_side(uint8_t side)
{
    return side == BTBB_SIDE_UNKNOWN ? side : (uint8_t)(1 - side);
}

static inline struct btbb_moment btbb_moment_of(const struct btbb_link_packet *packet)
{
    return (struct btbb_moment){packet->time_ns, packet->frame, packet->has_time};
}

static inline void btbb_moment_first(struct btbb_moment *kept, struct btbb_moment moment)
{
    if (kept->frame == 0)
        *kept = moment;
}

/* link-find.c: the connection of a packet, which is begun where it is the first one. `pdu`: NULL unless it is LMP.
 * NULL: there is none, and the packet does not begin one, or there is no room. */
struct btbb_acl_link *btbb_link_find(struct btbb_links *links, const struct btbb_link_packet *packet,
                                     const struct btbb_lmp *pdu);

/* The same, where the packet cannot begin a connection. */
struct btbb_acl_link *btbb_link_find_existing(const struct btbb_links *links, const struct btbb_link_packet *packet);

/* The devices set up a connection anew: end this one, begin another with what is known of them. NULL: no room. */
struct btbb_acl_link *btbb_link_replace(struct btbb_links *links, struct btbb_acl_link *link,
                                        const struct btbb_link_packet *packet);

/* End a connection. */
void btbb_link_close(struct btbb_acl_link *link, enum btbb_link_end end, struct btbb_moment moment);

/* The connection goes on in another piconet. `lt_addr` may be BTBB_LT_ADDR_UNKNOWN. */
void btbb_link_rekey(struct btbb_links *links, struct btbb_acl_link *link, uint64_t client, uint8_t lt_addr);

/* Take in an FHS. True: it was a role switch of `link`. */
bool btbb_link_add_fhs(struct btbb_links *links, const struct btbb_link_packet *packet, struct btbb_acl_link **link);

/* link-roles.c: who sent the packet, who is Central, and which addresses they have. */
uint8_t btbb_link_sender(const struct btbb_acl_link *link, const struct btbb_link_packet *packet,
                         const struct btbb_lmp *pdu);
void btbb_link_learn_roles(const struct btbb_link_step *step);
void btbb_link_learn_addresses(const struct btbb_link_step *step);
void btbb_link_learn_address(struct btbb_links *links, struct btbb_acl_link *link, uint8_t side,
                             const struct btbb_device_address *address, uint32_t frame);
void btbb_link_switch_roles(struct btbb_acl_link *link);

/* link-requests.c: the request that a PDU answers; and remember a request. */
struct btbb_link_request btbb_link_answered(struct btbb_acl_link *link, const struct btbb_lmp *pdu, uint8_t side);
void btbb_link_remember(const struct btbb_link_step *step);

/* link-learn.c, link-security.c: what a PDU, or the protection of a packet, shows. */
void btbb_link_learn(const struct btbb_link_step *step);
void btbb_link_learn_security(const struct btbb_link_step *step);
void btbb_link_learn_protection(const struct btbb_link_step *step);
void btbb_link_fail_pairing(struct btbb_acl_link *link, struct btbb_moment moment, uint8_t error);

#endif
