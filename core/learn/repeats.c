/* repeats.c: see repeats.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "decode/read-bits.h"

#define PAGE_FRAMES 4096u
#define WORD_BITS   64u

static bool set_bit(struct btbb_repeats *repeats, uint32_t number)
{
    const uint32_t page = number / PAGE_FRAMES, bit = number % PAGE_FRAMES;

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
        repeats->pages[page] = calloc(PAGE_FRAMES / WORD_BITS, sizeof(uint64_t));
    if (!repeats->pages[page])
        return false;
    repeats->pages[page][bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
    return true;
}

bool btbb_repeats_recall(const struct btbb_repeats *repeats, uint32_t number)
{
    const uint32_t page = number / PAGE_FRAMES, bit = number % PAGE_FRAMES;

    return page < repeats->page_count && repeats->pages[page] &&
           (repeats->pages[page][bit / WORD_BITS] >> bit % WORD_BITS & 1);
}

void btbb_repeats_free(struct btbb_repeats *repeats)
{
    for (uint32_t i = 0; i < repeats->page_count; i++)
        free(repeats->pages[i]);
    free(repeats->pages);
}

/* SEQN numbers packets with CRC of the asynchronous links; an FHS has none, and in DV it is the data's (7.6.2). */
static bool is_numbered(const struct btbb_facts *facts)
{
    const struct btbb_packet_type *kind = facts->kind;

    return facts->crc_check == BTBB_CHECK_GOOD && kind && kind->kind != BTBB_KIND_FHS &&
           (kind->kind == BTBB_KIND_DV || (kind->transports & BTBB_TRANSPORT_ACL));
}

/* What must be the same: SEQN, CRC, length and the first bytes of the payload (without DV's voice). Never 0. */
static uint64_t digest(const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    const struct btbb_payload *payload = &facts->payload;
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    return (uint64_t)btbb_le32(bytes, payload->offset + payload->voice_bytes) << 32 | (uint64_t)payload->crc << 16 |
           (uint64_t)(payload->crc_offset & 0xfff) << 2 | 2 | facts->seqn;
}

/* Packets of different senders are never compared; where the direction is not known, own and other are two. */
static unsigned sender_of(const struct btbb_facts *facts, enum btbb_dir dir)
{
    unsigned sender = dir;

    if (dir == BTBB_DIR_UNKNOWN && facts->own != BTBB_OWN_UNKNOWN)
        sender = BTBB_DIR_TO_CENTRAL + facts->own;
    return sender * BTBB_LT_ADDRS + facts->lt_addr;
}

/* Where the digest of the last packet is. The first sender's is in the piconet, until there is a second one. */
static uint64_t *last_of(struct btbb_piconet *piconet, unsigned sender)
{
    struct btbb_piconet_more *more = piconet->more;

    if (!more || !more->last_sent) {
        if (piconet->sent == 0 || piconet->sender == sender) {
            piconet->sender = (uint8_t)sender;
            return &piconet->sent;
        }
        more = btbb_piconet_need_more(piconet);
        if (!more || !(more->last_sent = calloc((size_t)BTBB_SENDERS * BTBB_LT_ADDRS, sizeof *more->last_sent)))
            return NULL;
        more->last_sent[piconet->sender] = piconet->sent;
    }
    return &more->last_sent[sender];
}

bool btbb_repeats_learn(struct btbb_repeats *repeats, struct btbb_piconet *piconet, uint32_t number,
                        const struct btbb_frame *frame, const struct btbb_facts *facts, enum btbb_dir dir)
{
    if (!is_numbered(facts))
        return false;
    uint64_t *last = last_of(piconet, sender_of(facts, dir));
    const uint64_t now = digest(frame, facts);

    if (!last)
        return false;
    if (*last == now)
        return set_bit(repeats, number);
    *last = now;
    return false;
}
