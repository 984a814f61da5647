/* repeats.c: see repeats.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "decode/read-bits.h"

#define WORD_BITS 64u

/* Returns false when memory is exhausted. */
static bool set_bit(struct btbb_repeats *repeats, uint32_t number)
{
    const uint32_t page = number / BTBB_REPEATS_PAGE, bit = number % BTBB_REPEATS_PAGE;

    if (page >= repeats->page_count) {
        const uint32_t count = page + 1 + page / 2;
        uint64_t **pages = realloc(repeats->pages, count * sizeof *pages);

        if (!pages)
            return false;
        memset(pages + repeats->page_count, 0, (count - repeats->page_count) * sizeof *pages);
        repeats->pages = pages;
        repeats->page_count = count;
    }
    if (!repeats->pages[page])
        repeats->pages[page] = calloc(1, BTBB_REPEATS_PAGE_BYTES);
    if (!repeats->pages[page])
        return false;
    repeats->pages[page][bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
    return true;
}

bool btbb_repeats_recall(const struct btbb_repeats *repeats, uint32_t number)
{
    const uint32_t page = number / BTBB_REPEATS_PAGE, bit = number % BTBB_REPEATS_PAGE;

    return page < repeats->page_count && repeats->pages[page] &&
           (repeats->pages[page][bit / WORD_BITS] >> bit % WORD_BITS & 1);
}

void btbb_repeats_free(struct btbb_repeats *repeats)
{
    for (uint32_t i = 0; i < repeats->page_count; i++)
        free(repeats->pages[i]);
    free(repeats->pages);
}

/* SEQN numbers the packets with CRC of asynchronous links. An FHS packet has none, and in DV it is the data's
 * (7.6.2). */
static bool has_seqn(const struct btbb_facts *facts)
{
    const struct btbb_packet_type *kind = facts->kind;

    return facts->crc_check == BTBB_CHECK_GOOD && kind && kind->kind != BTBB_KIND_FHS &&
           (kind->kind == BTBB_KIND_DV || (kind->transports & BTBB_TRANSPORT_ACL));
}

/* What a repeated packet has in common with the first: SEQN, CRC, length and the first bytes of the payload (without
 * DV's voice). Never 0. */
static uint64_t digest_of(const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    const struct btbb_payload *payload = &facts->payload;
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    return (uint64_t)btbb_le32(bytes, payload->offset + payload->voice_bytes) << 32 | (uint64_t)payload->crc << 16 |
           (uint64_t)(payload->crc_offset & 0xfff) << 2 | 2 | facts->seqn;
}

/* Number of the sender, with its LT_ADDR. Packets of different senders are never compared. Where the direction is not
 * known, the capturing device and the others are two senders. */
static unsigned sender_of(const struct btbb_facts *facts, enum btbb_dir dir)
{
    unsigned sender = dir;

    if (dir == BTBB_DIR_UNKNOWN && facts->own != BTBB_OWN_UNKNOWN)
        sender = BTBB_DIR_TO_CENTRAL + facts->own;
    return sender * BTBB_LT_ADDRS + facts->lt_addr;
}

/* Where the digest of the sender's last packet is. The first sender's is in the piconet, until there is a second one.
 * NULL when memory is exhausted. */
static uint64_t *find_last_digest(struct btbb_piconet *piconet, unsigned sender)
{
    struct btbb_piconet_extra *extra = piconet->extra;

    if (!extra || !extra->last_digests) {
        if (piconet->last_digest == 0 || piconet->last_sender == sender) {
            piconet->last_sender = (uint8_t)sender;
            return &piconet->last_digest;
        }
        extra = btbb_piconet_get_extra(piconet);
        if (!extra)
            return NULL;
        extra->last_digests = calloc((size_t)BTBB_SENDERS * BTBB_LT_ADDRS, sizeof *extra->last_digests);
        if (!extra->last_digests)
            return NULL;
        extra->last_digests[piconet->last_sender] = piconet->last_digest;
    }
    return &extra->last_digests[sender];
}

bool btbb_repeats_learn(struct btbb_repeats *repeats, struct btbb_piconet *piconet, uint32_t number,
                        const struct btbb_frame *frame, const struct btbb_facts *facts, enum btbb_dir dir)
{
    if (!has_seqn(facts))
        return false;
    uint64_t *last = find_last_digest(piconet, sender_of(facts, dir));
    const uint64_t digest = digest_of(frame, facts);

    if (!last)
        return false;
    if (*last == digest)
        return set_bit(repeats, number);
    *last = digest;
    return false;
}
