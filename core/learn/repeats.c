/* repeats.c: see repeats.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "decode/read-bits.h"

#define WORD_BITS     64u
#define FOUND_SENDERS 4u /* before the senders by a direction that was found: 1 and 2 become 5 and 6 */

/* Returns false when memory is exhausted. */
static bool set_bit(struct btbb_frame_bits *bits, uint32_t number)
{
    const uint32_t page = number / BTBB_REPEATS_PAGE, bit = number % BTBB_REPEATS_PAGE;

    if (page >= bits->page_count) {
        const uint32_t count = page + 1 + page / 2;
        uint64_t **pages = realloc(bits->pages, count * sizeof *pages);

        if (!pages)
            return false;
        memset(pages + bits->page_count, 0, (count - bits->page_count) * sizeof *pages);
        bits->pages = pages;
        bits->page_count = count;
    }
    if (!bits->pages[page])
        bits->pages[page] = calloc(1, BTBB_REPEATS_PAGE_BYTES);
    if (!bits->pages[page])
        return false;
    bits->pages[page][bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
    return true;
}

static bool has_bit(const struct btbb_frame_bits *bits, uint32_t number)
{
    const uint32_t page = number / BTBB_REPEATS_PAGE, bit = number % BTBB_REPEATS_PAGE;

    return page < bits->page_count && bits->pages[page] && (bits->pages[page][bit / WORD_BITS] >> bit % WORD_BITS & 1);
}

struct btbb_repeated btbb_repeats_recall(const struct btbb_repeats *repeats, uint32_t number)
{
    const bool plain = has_bit(&repeats->plain, number);

    return (struct btbb_repeated){.plain = plain, .by_clock = plain != has_bit(&repeats->changed, number)};
}

static void free_bits(struct btbb_frame_bits *bits)
{
    for (uint32_t i = 0; i < bits->page_count; i++)
        free(bits->pages[i]);
    free(bits->pages);
}

void btbb_repeats_free(struct btbb_repeats *repeats)
{
    free_bits(&repeats->plain);
    free_bits(&repeats->changed);
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
static unsigned sender_of(const struct btbb_facts *facts, enum btbb_dir dir, bool is_found)
{
    unsigned sender = dir;

    if (is_found)
        sender += FOUND_SENDERS;
    else if (dir == BTBB_DIR_UNKNOWN && facts->own != BTBB_OWN_UNKNOWN)
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

void btbb_repeats_forget_last(struct btbb_piconet *piconet)
{
    piconet->last_digest = 0;
    if (piconet->extra && piconet->extra->last_digests)
        memset(piconet->extra->last_digests, 0, sizeof(uint64_t) * BTBB_SENDERS * BTBB_LT_ADDRS);
}

/* Whether the last packet of the sender had this digest, which is the last one from now on. */
static bool is_last_digest(struct btbb_piconet *piconet, unsigned sender, uint64_t digest)
{
    uint64_t *last = find_last_digest(piconet, sender);
    const bool same = last && *last == digest;

    if (last)
        *last = digest;
    return same;
}

struct btbb_repeated btbb_repeats_learn(struct btbb_repeats *repeats, struct btbb_piconet *piconet, uint32_t number,
                                        const struct btbb_frame *frame, const struct btbb_facts *facts,
                                        enum btbb_dir dir, bool is_found)
{
    struct btbb_repeated repeated = {0};

    if (!has_seqn(facts))
        return repeated;
    const uint64_t digest = digest_of(frame, facts);
    const enum btbb_dir in_file = is_found ? BTBB_DIR_UNKNOWN : dir;

    repeated.plain =
        is_last_digest(piconet, sender_of(facts, in_file, false), digest) && set_bit(&repeats->plain, number);
    repeated.by_clock = repeated.plain;
    if (is_found)
        repeated.by_clock = is_last_digest(piconet, sender_of(facts, dir, true), digest);
    if (repeated.by_clock != repeated.plain && !set_bit(&repeats->changed, number))
        repeated.by_clock = repeated.plain;
    return repeated;
}
