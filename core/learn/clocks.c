/* clocks.c: see clocks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clocks.h"

#include <stdlib.h>

#include "decode/layout.h"
#include "decode/lmp.h"
#include "learn/clock-int.h"
#include "learn/key-table.h"

struct piconet {
    uint32_t lap;
    bool connected; /* packets of a connection were learned */
    struct btbb_clock *clock;
    struct btbb_clock *whole; /* a finished copy of it; NULL: not needed yet */
    uint32_t heard;           /* packets */
    uint32_t whole_heard;     /* of them, those that `whole` knows */
    uint32_t whole_frame;     /* the last of those */
    uint32_t last_frame;
};

struct btbb_clock_set {
    struct piconet *piconets;
    uint32_t count, capacity;
    uint32_t searches; /* by all of them */
    struct btbb_key_table by_lap;
};

struct btbb_clock_set *btbb_clocks_new(void)
{
    return calloc(1, sizeof(struct btbb_clock_set));
}

void btbb_clocks_free(struct btbb_clock_set *clocks)
{
    if (!clocks)
        return;
    for (uint32_t i = 0; i < clocks->count; i++) {
        btbb_clock_free(clocks->piconets[i].clock);
        btbb_clock_free(clocks->piconets[i].whole);
    }
    btbb_key_table_free(&clocks->by_lap);
    free(clocks->piconets);
    free(clocks);
}

static struct piconet *find(const struct btbb_clock_set *clocks, uint32_t lap)
{
    const uint32_t number = btbb_key_find(&clocks->by_lap, lap);

    return number != BTBB_KEY_NONE ? &clocks->piconets[number] : NULL;
}

static struct piconet *add_piconet(struct btbb_clock_set *clocks, uint32_t lap)
{
    if (clocks->count == BTBB_CLOCKS_PICONETS)
        return NULL;
    struct piconet *piconets = btbb_grow(clocks->piconets, sizeof *piconets, clocks->count, &clocks->capacity);

    if (!piconets)
        return NULL;
    clocks->piconets = piconets;
    struct piconet *piconet = &piconets[clocks->count];

    *piconet = (struct piconet){.lap = lap, .clock = btbb_clock_new()};
    if (piconet->clock && btbb_key_set(&clocks->by_lap, lap, clocks->count)) {
        clocks->count++;
        return piconet;
    }
    btbb_clock_free(piconet->clock);
    return NULL;
}

/* Legacy: CLK of six bits is that of the start slot. */
static bool has_clk6(const struct btbb_facts *facts)
{
    return facts->has_clk1 && facts->has_meta_flags && facts->clk_bits == BTBB_CLOCK_LOW_BITS &&
           facts->clk < BTBB_CLK6_SLOTS;
}

/* The sender that an LMP PDU proves. Of an encrypted one, only the CRC after decryption is good. */
static enum btbb_dir sender_by_lmp(const struct btbb_frame *frame, const struct btbb_facts *facts)
{
    const struct btbb_payload *payload = &facts->payload;
    const struct btbb_span bytes = {frame->bytes, frame->captured};
    struct btbb_lmp pdu;

    if (facts->crc_check != BTBB_CHECK_GOOD || !payload->parsed || payload->header_bytes == 0 ||
        payload->llid != BTBB_LLID_LMP || payload->mic ||
        payload->body_offset + payload->body_bytes > payload->captured)
        return BTBB_DIR_UNKNOWN;
    btbb_lmp_read(btbb_part(bytes, payload->offset + payload->body_offset, payload->body_bytes), true, &pdu);
    return btbb_lmp_direction_proof(&pdu);
}

static uint8_t sender_of(const struct btbb_frame *frame, const struct btbb_facts *facts, enum btbb_dir dir)
{
    return (uint8_t)(dir != BTBB_DIR_UNKNOWN ? dir : sender_by_lmp(frame, facts));
}

bool btbb_clocks_packet(uint32_t number, const struct btbb_frame *frame, const struct btbb_facts *facts,
                        enum btbb_dir dir, struct btbb_clock_packet *packet)
{
    const bool good = facts->hec_check == BTBB_CHECK_GOOD || facts->crc_check == BTBB_CHECK_GOOD;
    const bool clk6 = has_clk6(facts);

    if (facts->malformed || facts->lap_reserved || facts->padded_id || !frame->has_time ||
        (facts->encap != BTBB_ENCAP_RF && !(facts->encap == BTBB_ENCAP_LEGACY && clk6)))
        return false;
    *packet = (struct btbb_clock_packet){.frame = number,
                                         .time_ns = frame->time_ns,
                                         .has_channel = facts->has_channel,
                                         .channel = facts->channel,
                                         .slots = good && facts->kind ? facts->kind->slots : 0,
                                         .sender = clk6 ? BTBB_DIR_UNKNOWN : sender_of(frame, facts, dir),
                                         .proven = good,
                                         .lap = facts->lap,
                                         .connected = facts->hec_check == BTBB_CHECK_GOOD && facts->has_type &&
                                                      facts->type != BTBB_TYPE_FHS,
                                         .has_clk6 = clk6,
                                         .clk6 = (uint8_t)(facts->clk & (BTBB_CLK6_SLOTS - 1))};
    return true;
}

/* Lets a piconet search as often as all of them together may. */
static void limit_searches(const struct btbb_clock_set *clocks, struct btbb_clock *clock)
{
    if (clocks->searches >= BTBB_CLOCKS_SEARCHES)
        clock->searches = BTBB_CLOCK_SEARCHES;
}

void btbb_clocks_learn(struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_address *best, bool add,
                       const struct btbb_clock_packet *packet)
{
    struct piconet *piconet = find(clocks, lap);

    if (!piconet && add)
        piconet = add_piconet(clocks, lap);
    if (!piconet)
        return;
    if (best->rank > BTBB_RANK_LAP)
        btbb_clock_address(piconet->clock, lap, best->uap);
    limit_searches(clocks, piconet->clock);
    const unsigned before = piconet->clock->searches;

    btbb_clock_hear(piconet->clock, packet);
    piconet->connected |= packet->connected;
    clocks->searches += piconet->clock->searches - before;
    piconet->heard++;
    piconet->last_frame = packet->frame;
}

void btbb_clocks_learn_fhs(struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_address *best,
                           const struct btbb_clock_packet *packet, uint32_t clk27_2)
{
    const struct piconet *of_access_code = find(clocks, packet->lap);
    struct btbb_clock_packet fhs = *packet;

    fhs.has_channel = false;
    fhs.sender = BTBB_DIR_TO_PERIPHERAL;
    fhs.connected = false;
    fhs.has_fhs = true;
    fhs.fhs_may_be_odd = of_access_code && of_access_code->connected;
    fhs.fhs_clk27_2 = clk27_2;
    btbb_clocks_learn(clocks, lap, best, true, &fhs);
}

void btbb_clocks_at(const struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_clock_packet *packet,
                    struct btbb_clock_answer *answer)
{
    const struct piconet *piconet = find(clocks, lap);

    btbb_clock_at(piconet ? piconet->clock : NULL, packet, BTBB_CLOCK_SO_FAR, answer);
    if (!piconet && clocks->count == BTBB_CLOCKS_PICONETS)
        answer->reason = BTBB_CLOCK_LIMIT;
}

/* Makes a finished copy. */
static void finish_now(struct btbb_clock_set *clocks, struct piconet *piconet)
{
    btbb_clock_free(piconet->whole);
    piconet->whole = btbb_clock_copy(piconet->clock);
    piconet->whole_heard = piconet->heard;
    piconet->whole_frame = piconet->last_frame;
    if (!piconet->whole)
        return;
    limit_searches(clocks, piconet->whole);
    const unsigned before = piconet->whole->searches;

    btbb_clock_finish(piconet->whole);
    clocks->searches += piconet->whole->searches - before;
}

/* The same, unless there is one that knows most packets. */
static void finish(struct btbb_clock_set *clocks, struct piconet *piconet)
{
    const uint32_t more = piconet->heard - piconet->whole_heard;

    if (!piconet->whole || (more > 0 && more >= piconet->whole_heard / 2))
        finish_now(clocks, piconet);
}

void btbb_clocks_recall(struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_clock_packet *packet,
                        struct btbb_clock_answer *answer)
{
    struct piconet *piconet = find(clocks, lap);

    if (piconet)
        finish(clocks, piconet);
    if (piconet && piconet->whole && packet->frame <= piconet->whole_frame)
        btbb_clock_at(piconet->whole, packet, BTBB_CLOCK_WHOLE, answer);
    else
        btbb_clocks_at(clocks, lap, packet, answer);
}

unsigned btbb_clocks_candidates(struct btbb_clock_set *clocks, uint32_t lap, const struct btbb_clock_packet *packet,
                                uint32_t clks[BTBB_CLOCK_CANDIDATES])
{
    struct piconet *piconet = find(clocks, lap);

    if (!piconet)
        return 0;
    finish(clocks, piconet);
    return piconet->whole ? btbb_clock_candidates(piconet->whole, packet, clks) : 0;
}

unsigned btbb_clocks_count(const struct btbb_clock_set *clocks)
{
    return clocks ? clocks->count : 0;
}

const struct btbb_clock *btbb_clocks_finished(struct btbb_clock_set *clocks, uint32_t lap, bool all)
{
    struct piconet *piconet = find(clocks, lap);

    if (!piconet)
        return NULL;
    if (all && piconet->whole_heard < piconet->heard)
        finish_now(clocks, piconet);
    else
        finish(clocks, piconet);
    return piconet->whole;
}
