/* clock-log.c: see clock-log.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decode/layout.h"
#include "learn/clock-int.h"
#include "learn/key-table.h"
#include "learn/link-feed.h"

#define CONFIRMED    7.0                 /* nats: hops follow the file's clock, not by chance (1 in 1000) */
#define DIRECT_LEAST 0.125               /* share of packets on the channel of a hop itself */
#define DRIFT_NS     INT64_C(1000000000) /* a shorter span shows no drift */
#define DRIFT_LEAST  8u                  /* packets */
#define CLOCK_NS     (BTBB_SLOT_NS * (BTBB_CLOCK_MASK + 1.0)) /* the range of clocks, 23.3 hours */
#define JUMP_LEAST   10e6                                     /* ns: what is less is no jump, but an error */
#define JUMP_DRIFT   100e-6

struct piconet {
    uint32_t lap;
    struct btbb_address best;
    struct btbb_clock *known;        /* of the packets whose clock the file holds; NULL: there are none */
    struct btbb_clock_segment other; /* packets whose clock is neither known nor sought */
    struct btbb_afh_map *afh;        /* oldest first */
    uint32_t afh_count, afh_capacity;
};

struct btbb_clock_log {
    struct btbb_clock_set *sought;
    struct piconet *piconets;
    uint32_t count, capacity;
    uint32_t dropped, foreign;
    struct btbb_key_table by_lap;
    struct btbb_clock_part *parts;
    uint32_t part_count, part_capacity;
};

const char *btbb_clock_reason_text(unsigned reason)
{
    static const char *const texts[BTBB_CLOCK_LOG_REASONS] = {
        [BTBB_CLOCK_KNOWN] = "",
        [BTBB_CLOCK_TOO_FEW] = "too few packets without a jump of the time stamps",
        [BTBB_CLOCK_NO_UAP] = "the UAP is not known, on which the hops depend",
        [BTBB_CLOCK_NO_CHANNEL] = "the packets have no RF channel",
        [BTBB_CLOCK_TIME_BASE] = "packets do not start on slots of 625 us: the time stamps are too coarse",
        [BTBB_CLOCK_NO_MATCH] = "no clock explains the RF channels",
        [BTBB_CLOCK_ONE_DIRECTION] = "two clocks explain the RF channels: all packets are of one direction",
        [BTBB_CLOCK_TIED] = "several clocks explain the RF channels",
        [BTBB_CLOCK_OFF_SLOT] = "the packets do not start on slots of the piconet",
        [BTBB_CLOCK_OFF_HOP] = "the packets are not on the RF channel of the piconet",
        [BTBB_CLOCK_NEW_PICONET] = "FHS packets begin another piconet",
        [BTBB_CLOCK_LIMIT] = "there are too many packets, piconets or jumps of the time stamps to search",
        [BTBB_CLOCK_NOT_SOUGHT] = "clocks were not sought",
        [BTBB_CLOCK_NO_TIME] = "the packets have no time stamps",
        [BTBB_CLOCK_NO_OFFSET] = "the capture has the capturing device's clock, but not its offset to the piconet's",
        [BTBB_CLOCK_CONTRADICTED] = "the CLK of the capture is not the clock of the piconet",
        [BTBB_CLOCK_NO_MEANING] = "the capture does not show what its CLK is",
    };

    return reason < BTBB_CLOCK_LOG_REASONS ? texts[reason] : "";
}

/* --- packets ---------------------------------------------------------------------------------------------------- */

static uint8_t reason_of(bool has_time, const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    if (!has_time)
        return BTBB_CLOCK_NO_TIME;
    if (facts->encap == BTBB_ENCAP_ESP32)
        return BTBB_CLOCK_NO_OFFSET;
    return verdict->dir_reason == BTBB_DIR_GIVEN ? BTBB_CLOCK_NO_MEANING : BTBB_CLOCK_CONTRADICTED;
}

static bool has_access_code(const struct btbb_facts *facts)
{
    return facts->encap == BTBB_ENCAP_RF || facts->encap == BTBB_ENCAP_LEGACY || facts->encap == BTBB_ENCAP_ESP32;
}

/* LMP_set_AFH is sent by the Central only (Vol 2 Part C, 4.1.4). */
static void fill_afh(const struct btbb_frame *frame, const struct btbb_facts *facts, const struct btbb_verdict *verdict,
                     struct btbb_piconet_packet *packet)
{
    struct btbb_link_packet link = {0};
    struct btbb_lmp pdu;

    if (verdict->dir == BTBB_DIR_TO_CENTRAL || btbb_link_packet_kind_of(facts, verdict) != BTBB_LINK_PACKET_LMP)
        return;
    btbb_link_packet_fill(BTBB_LINK_PACKET_LMP, frame, facts, verdict, &link);
    btbb_lmp_read((struct btbb_span){link.lmp, link.length}, link.exact, &pdu);
    if (pdu.fault != BTBB_LMP_OK || pdu.code != BTBB_LMP_SET_AFH)
        return;
    packet->has_afh = true;
    packet->afh = (struct btbb_afh_map){.frame = packet->heard.frame,
                                        .has_time = frame->has_time,
                                        .time_ns = frame->has_time ? frame->time_ns : 0,
                                        .instant = pdu.change.instant & BTBB_CLOCK_MASK,
                                        .lt_addr = facts->has_type ? facts->lt_addr : 0};
    for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++) {
        const bool used = pdu.change.mode != 1 || (pdu.bytes[6 + channel / 8] >> channel % 8 & 1);

        packet->afh.use[channel] = used ? BTBB_CLOCK_USED : BTBB_CLOCK_UNUSED;
    }
}

/* As capture-clocks.c learns from it. */
static void fill_fhs(const struct btbb_facts *facts, const struct btbb_verdict *verdict,
                     struct btbb_piconet_packet *packet)
{
    if (!packet->sought || !verdict->taught || !facts->has_fhs || facts->fhs.lap == facts->lap ||
        facts->fhs.lt_addr == 0)
        return;
    packet->has_fhs = true;
    packet->fhs_lap = facts->fhs.lap;
    packet->fhs_uap = verdict->taught_uap;
    packet->fhs_clk27_2 = facts->fhs.clk27_2;
}

void btbb_piconet_packet_fill(uint32_t number, const struct btbb_frame *frame, const struct btbb_facts *facts,
                              const struct btbb_verdict *verdict, struct btbb_piconet_packet *packet)
{
    const bool by_clock = verdict->dir_source >= BTBB_DIR_SOURCE_FOUND;
    const struct btbb_clock_answer *clock = &verdict->clock;

    *packet = (struct btbb_piconet_packet){.version = BTBB_PICONET_PACKET_VERSION};
    if (facts->malformed || !facts->has_lap || facts->lap_reserved || facts->padded_id)
        return;
    packet->is_known = true;
    packet->has_access_code = has_access_code(facts);
    packet->has_header = facts->packet_class != BTBB_CLASS_ID;
    packet->has_time = frame->has_time && btbb_clock_time_usable(frame->time_ns);
    packet->lap = facts->lap;
    packet->best = (struct btbb_address){.rank = (uint8_t)verdict->rank, .uap = verdict->uap, .nap = verdict->nap};
    packet->heard.frame = number;
    if (!packet->has_access_code)
        return;
    if (clock->source == BTBB_CLOCK_FILE || clock->source == BTBB_CLOCK_OFFSET) {
        packet->source = clock->has_clk ? clock->source : BTBB_CLOCK_UNKNOWN;
        packet->clk = clock->clk;
    }
    packet->sought =
        packet->has_time && packet->source == BTBB_CLOCK_UNKNOWN &&
        !(facts->has_clk1 && facts->has_meta_flags && facts->clk_bits == BTBB_CLOCK_BITS) &&
        btbb_clocks_packet(number, frame, facts, by_clock ? BTBB_DIR_UNKNOWN : verdict->dir, &packet->heard);
    packet->reason = reason_of(packet->has_time, facts, verdict);
    if (!packet->sought)
        packet->heard = (struct btbb_clock_packet){.frame = number,
                                                   .time_ns = packet->has_time ? frame->time_ns : 0,
                                                   .has_channel = facts->has_channel,
                                                   .channel = facts->channel,
                                                   .slots = facts->kind ? facts->kind->slots : 0,
                                                   .sender = by_clock ? BTBB_DIR_UNKNOWN : (uint8_t)verdict->dir};
    fill_fhs(facts, verdict, packet);
    fill_afh(frame, facts, verdict, packet);
}

/* --- the log ---------------------------------------------------------------------------------------------------- */

struct btbb_clock_log *btbb_clock_log_new(void)
{
    struct btbb_clock_log *log = calloc(1, sizeof *log);

    if (!log)
        return NULL;
    log->sought = btbb_clocks_new();
    if (log->sought)
        return log;
    free(log);
    return NULL;
}

void btbb_clock_log_free(struct btbb_clock_log *log)
{
    if (!log)
        return;
    for (uint32_t i = 0; i < log->count; i++) {
        btbb_clock_free(log->piconets[i].known);
        free(log->piconets[i].afh);
    }
    btbb_clocks_free(log->sought);
    btbb_key_table_free(&log->by_lap);
    free(log->piconets);
    free(log->parts);
    free(log);
}

/* The piconet of a LAP; a missing one is added if `add` is set. NULL: it is missing, or there is no room for it. */
static struct piconet *get(struct btbb_clock_log *log, uint32_t lap, bool add)
{
    const uint32_t number = btbb_key_find(&log->by_lap, lap);

    if (number != BTBB_KEY_NONE)
        return &log->piconets[number];
    if (!add || log->count == BTBB_CLOCKS_PICONETS)
        return NULL;
    struct piconet *piconets = btbb_grow(log->piconets, sizeof *piconets, log->count, &log->capacity);

    if (!piconets)
        return NULL;
    log->piconets = piconets;
    if (!btbb_key_set(&log->by_lap, lap, log->count))
        return NULL;
    piconets[log->count] = (struct piconet){.lap = lap};
    return &piconets[log->count++];
}

static void add_known(struct piconet *piconet, const struct btbb_piconet_packet *packet)
{
    if (!piconet->known)
        piconet->known = btbb_clock_new();
    if (!piconet->known)
        return;
    if (packet->best.rank > BTBB_RANK_LAP)
        btbb_clock_known_address(piconet->known, packet->lap, packet->best.uap);
    btbb_clock_hear_known(piconet->known, &packet->heard, packet->clk, (enum btbb_clock_source)packet->source);
}

static bool is_repeated(const struct btbb_afh_map *last, const struct btbb_afh_map *map)
{
    return last->instant == map->instant && last->lt_addr == map->lt_addr &&
           memcmp(last->use, map->use, sizeof map->use) == 0;
}

static void add_afh(struct piconet *piconet, const struct btbb_afh_map *map)
{
    if (piconet->afh_count > 0 && is_repeated(&piconet->afh[piconet->afh_count - 1], map))
        return;
    if (piconet->afh_count == BTBB_AFH_MAPS)
        memmove(piconet->afh, piconet->afh + 1, --piconet->afh_count * sizeof *map);
    struct btbb_afh_map *all = btbb_grow(piconet->afh, sizeof *all, piconet->afh_count, &piconet->afh_capacity);

    if (!all)
        return;
    piconet->afh = all;
    all[piconet->afh_count++] = *map;
}

/* The clock in an FHS packet is that of its sender, which becomes the Central of a piconet. */
static void add_fhs(struct btbb_clock_log *log, const struct btbb_piconet_packet *packet)
{
    struct piconet *central = get(log, packet->fhs_lap, true);

    if (!central)
        return;
    if (central->best.rank == BTBB_RANK_LAP)
        central->best = (struct btbb_address){.rank = BTBB_RANK_UAP, .uap = packet->fhs_uap};
    btbb_clocks_learn_fhs(log->sought, packet->fhs_lap, &central->best, &packet->heard, packet->fhs_clk27_2);
}

void btbb_clock_log_add(struct btbb_clock_log *log, const struct btbb_piconet_packet *packet)
{
    if (packet->version != BTBB_PICONET_PACKET_VERSION || !packet->is_known)
        return;
    if (!packet->has_access_code) {
        log->foreign++;
        return;
    }
    if (packet->has_fhs)
        add_fhs(log, packet);
    struct piconet *piconet = get(log, packet->lap, packet->has_header);

    if (!piconet) {
        log->dropped += packet->has_header;
        return;
    }
    if (packet->best.rank >= piconet->best.rank)
        piconet->best = packet->best;
    if (packet->sought)
        btbb_clocks_learn(log->sought, packet->lap, &packet->best, true, &packet->heard);
    else if (packet->source != BTBB_CLOCK_UNKNOWN && packet->has_time)
        add_known(piconet, packet);
    else
        btbb_clock_leave_out(&piconet->other, &packet->heard, packet->has_time, packet->reason);
    if (packet->has_afh)
        add_afh(piconet, &packet->afh);
}

/* --- parts ------------------------------------------------------------------------------------------------------ */

static struct btbb_clock_part *last_part(const struct btbb_clock_log *log, const struct piconet *piconet)
{
    struct btbb_clock_part *last = log->part_count > 0 ? &log->parts[log->part_count - 1] : NULL;

    return last && last->lap == piconet->lap ? last : NULL;
}

static bool is_clockless(const struct btbb_clock_segment *segment)
{
    return segment->source == BTBB_CLOCK_UNKNOWN;
}

/* Parts without a clock that follow each other are one, with the reason of the longest. Where a bound was reached, that
 * is the reason. */
static void join(struct btbb_clock_segment *segment, const struct btbb_clock_segment *next)
{
    if (next->packets > segment->packets || next->reason == BTBB_CLOCK_LIMIT)
        segment->reason = next->reason;
    segment->packets += next->packets;
    segment->last_frame = next->last_frame;
    segment->ended_by = next->ended_by;
    if (next->first_ns < segment->first_ns)
        segment->first_ns = next->first_ns;
    if (next->last_ns > segment->last_ns)
        segment->last_ns = next->last_ns;
}

/* How far the time stamps have jumped between two parts with clocks. */
static void set_jump(const struct btbb_clock_segment *before, struct btbb_clock_part *part)
{
    const struct btbb_clock_segment *now = &part->segment;

    if (!before->has_clk || !now->has_clk)
        return;
    const double stamped = (double)(now->first_ns - before->first_ns);
    const double passed = BTBB_SLOT_NS * (1 + before->drift_ppm * 1e-6) * ((now->clk - before->clk) & BTBB_CLOCK_MASK);
    const double off = stamped - passed, jump = off - CLOCK_NS * floor(off / CLOCK_NS + 0.5);

    part->has_jump = fabs(jump) > JUMP_LEAST + JUMP_DRIFT * fabs(stamped);
    part->jump_ns = (int64_t)jump;
}

static void set_afh(const struct piconet *piconet, struct btbb_clock_part *part)
{
    for (uint32_t i = 0; i < piconet->afh_count && piconet->afh[i].frame <= part->segment.last_frame; i++) {
        part->afh = &piconet->afh[i];
        part->afh_count += piconet->afh[i].frame >= part->segment.first_frame;
    }
}

static bool is_of_file(const struct btbb_clock_segment *segment)
{
    return segment->source == BTBB_CLOCK_FILE || segment->source == BTBB_CLOCK_OFFSET;
}

/* Whether the RF channels follow the clock of the file. Channels that do not hop may fit a channel map by chance. */
static bool follows_hops(const struct btbb_clock_segment *segment)
{
    return segment->evidence > CONFIRMED &&
           segment->direct >= DIRECT_LEAST * (segment->explained + segment->unexplained);
}

static void complete(const struct piconet *piconet, struct btbb_clock_part *part)
{
    const struct btbb_clock_segment *segment = &part->segment;

    part->reason = segment->has_clk ? BTBB_CLOCK_KNOWN : segment->reason;
    part->has_explained = !is_clockless(segment) && segment->explained + segment->unexplained > 0 &&
                          (!is_of_file(segment) || follows_hops(segment));
    part->has_drift =
        !is_clockless(segment) && segment->packets >= DRIFT_LEAST && segment->last_ns - segment->first_ns >= DRIFT_NS;
    if (!part->has_explained)
        part->clock = NULL;
    part->afh = NULL;
    part->afh_count = 0;
    set_afh(piconet, part);
}

static bool add_part(struct btbb_clock_log *log, const struct piconet *piconet, const struct btbb_clock *clock,
                     unsigned number, const struct btbb_clock_segment *segment)
{
    struct btbb_clock_part *last = last_part(log, piconet);

    if (last && is_clockless(&last->segment) && is_clockless(segment)) {
        join(&last->segment, segment);
        complete(piconet, last);
        return true;
    }
    struct btbb_clock_part *parts = btbb_grow(log->parts, sizeof *parts, log->part_count, &log->part_capacity);

    if (!parts)
        return false;
    log->parts = parts;
    last = last_part(log, piconet);
    struct btbb_clock_part *part = &parts[log->part_count];

    *part = (struct btbb_clock_part){.lap = piconet->lap,
                                     .address = piconet->best,
                                     .number = last ? last->number + 1 : 1,
                                     .segment = *segment,
                                     .clock = clock,
                                     .clock_segment = number};
    complete(piconet, part);
    if (last)
        set_jump(&last->segment, part);
    log->part_count++;
    return true;
}

/* Segments of both clocks, by their first frames. */
static bool add_segments(struct btbb_clock_log *log, const struct piconet *piconet, const struct btbb_clock *found)
{
    const struct btbb_clock *clocks[2] = {found, piconet->known};
    unsigned next[2] = {0, 0};

    for (;;) {
        struct btbb_clock_segment segments[2];
        bool more[2];

        for (unsigned i = 0; i < 2; i++) {
            more[i] = next[i] < btbb_clock_segment_count(clocks[i]);
            if (more[i])
                segments[i] = btbb_clock_segment_at(clocks[i], next[i]);
        }
        if (!more[0] && !more[1])
            return true;
        const unsigned first = !more[0] || (more[1] && segments[1].first_frame < segments[0].first_frame);

        if (!add_part(log, piconet, clocks[first], next[first], &segments[first]))
            return false;
        next[first]++;
    }
}

/* What is in no segment of a clock. */
static bool add_rest(struct btbb_clock_log *log, const struct piconet *piconet, const struct btbb_clock *clock)
{
    const struct btbb_clock_segment *rest = btbb_clock_rest(clock);

    return !rest || add_part(log, piconet, NULL, 0, rest);
}

/* Packets with no clock of their own are part of the first part, or the only one. */
static bool add_others(struct btbb_clock_log *log, const struct piconet *piconet)
{
    const uint32_t others = piconet->other.packets;

    if (others == 0)
        return true;
    const struct btbb_clock_part *last = last_part(log, piconet);

    if (!last)
        return add_part(log, piconet, NULL, 0, &piconet->other);
    log->parts[log->part_count - last->number].segment.packets += others;
    return true;
}

bool btbb_clock_log_finish(struct btbb_clock_log *log, bool all)
{
    bool complete_so_far = true;

    log->part_count = 0;
    for (uint32_t i = 0; i < log->count && complete_so_far; i++) {
        const struct piconet *piconet = &log->piconets[i];
        const struct btbb_clock *found = btbb_clocks_finished(log->sought, piconet->lap, all);

        complete_so_far = add_segments(log, piconet, found) && add_rest(log, piconet, found) &&
                          add_rest(log, piconet, piconet->known) && add_others(log, piconet);
    }
    if (!complete_so_far)
        log->part_count = 0;
    return complete_so_far;
}

unsigned btbb_clock_log_count(const struct btbb_clock_log *log)
{
    return log->part_count;
}

const struct btbb_clock_part *btbb_clock_log_part(const struct btbb_clock_log *log, unsigned number)
{
    return &log->parts[number];
}

uint32_t btbb_clock_log_dropped(const struct btbb_clock_log *log)
{
    return log->dropped;
}

uint32_t btbb_clock_log_foreign(const struct btbb_clock_log *log)
{
    return log->foreign;
}
