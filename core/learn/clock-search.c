/* clock-search.c: see clock-search.h.
 *
 * The kernel turns a clock into a channel. Inverted, it turns a channel and the high 21 bits of a clock into the one
 * value of CLK6-2 that hops there while CLK1 is clear, and the one while CLK1 is set; there may be none. So each packet
 * marks the clocks that explain it, by the basic or the adapted sequence: a mask of 64 bits for each value of the high
 * bits, one bit for each value of the low six. The masks of all packets are added up as binary numbers, 64 at a time:
 * bit i of plane k is bit k of the sum for the low bits i. Clocks that reach the threshold are compared in full.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/clock-search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK         256u /* values of the high bits at a time */
#define PLANES        6u   /* bits of a sum */
#define SCANNED       63u  /* packets that are summed up, at most: what PLANES can hold */
#define TOGETHER      3u   /* packets whose masks are added in one step */
#define SURVIVORS     4096u
#define COMPARED      256u         /* survivors with the highest scores that are compared in full */
#define FEW           300.0        /* clocks that may reach the threshold by chance */
#define FEW_SHARE     (1.0 / 4096) /* and no more than this share */
#define HIGH_STEP     16u
#define CLK1_OFFSET   32u
#define NOWHERE       32u /* no input of the permutation gives this output */
#define ROW           128u
#define PROGRESS_STEP (64 * CHUNK)
#define KEEP_WITHIN   14.0 /* nats below the best clock */

enum { BASIC, ADAPTED, MODES };

struct event {
    uint32_t slot;
    uint8_t index; /* place of its channel in the kernel's register */
};

struct survivor {
    uint32_t clk;
    unsigned score;
    double log_ratio;
};

struct scan {
    const struct btbb_search *search;
    struct event events[BTBB_SEARCH_PACKETS];
    unsigned event_count, scanned, threshold;
    uint64_t lows; /* as search->lows, at the first event */
    struct survivor survivors[SURVIVORS];
    unsigned survivor_count;
    uint8_t inverse_low[512][ROW]; /* [P8-0][output - E - Y2 - F, modulo 79; then the first ones again] */
    uint8_t inverse_high[32][32];  /* [P13-9][...] */
    uint64_t masks[CHUNK + 1];
    uint64_t turned[TOGETHER][CHUNK];
    uint64_t planes[PLANES][CHUNK];
};

static void make_tables(struct scan *scan)
{
    memset(scan->inverse_low, NOWHERE, sizeof scan->inverse_low);
    for (unsigned control = 0; control < 512; control++)
        for (unsigned z = 0; z < 32; z++)
            scan->inverse_low[control][btbb_hop_permute(z, 0, control)] = (uint8_t)z;
    for (unsigned control = 0; control < 512; control++)
        for (unsigned i = BTBB_CHANNELS; i < ROW; i++)
            scan->inverse_low[control][i] = scan->inverse_low[control][i - BTBB_CHANNELS];
    for (unsigned control = 0; control < 32; control++)
        for (unsigned z = 0; z < 32; z++)
            scan->inverse_high[control][btbb_hop_permute(z, control, 0)] = (uint8_t)z;
}

/* Packets that differ in slot modulo 64 or channel: only the first of those that agree is evidence of its own. */
static void choose_events(struct scan *scan)
{
    const struct btbb_search *search = scan->search;
    const int32_t first = search->packets[0].slot;
    bool seen[64][BTBB_CHANNELS] = {{false}};

    for (unsigned i = 0; i < search->count; i++) {
        const struct btbb_search_packet *packet = &search->packets[i];
        const uint32_t slot = (uint32_t)packet->slot - (uint32_t)first;
        bool *known = &seen[slot & 63][packet->channel];

        if (!*known)
            scan->events[scan->event_count++] = (struct event){slot, (uint8_t)btbb_hop_index_of(packet->channel)};
        *known = true;
    }
    scan->lows = first & 63 ? search->lows << (first & 63) | search->lows >> (64 - (first & 63)) : search->lows;
    scan->scanned = scan->event_count < SCANNED ? scan->event_count : SCANNED;
}

/* Those that are summed up lie evenly among all. */
static const struct event *scanned_event(const struct scan *scan, unsigned number)
{
    return &scan->events[number * scan->event_count / scan->scanned];
}

static unsigned bits_set(uint64_t bits)
{
    unsigned count = 0;

    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/* Values of CLK27-7 that are searched, in whole chunks. */
static uint32_t highs_searched(const struct btbb_search *search)
{
    const uint32_t all = BTBB_CLOCK_HIGH_MASK + 1;

    return search->high_count == 0 || search->high_count > all ? all : (search->high_count + CHUNK - 1) / CHUNK * CHUNK;
}

static double clocks_searched(const struct btbb_search *search)
{
    return bits_set(search->lows) * (double)highs_searched(search);
}

/* Probability that at least `least` of `events` packets fit a wrong clock. */
static double tail(unsigned events, unsigned least)
{
    const double p = 1.0 / BTBB_CHANNELS;
    double term = 1, sum = 0;

    for (unsigned k = 1; k <= least; k++)
        term *= p * (events - k + 1) / k;
    for (unsigned k = least; k <= events; k++) {
        sum += term * pow(1 - p, events - k);
        term *= p * (events - k) / (k + 1);
    }
    return sum;
}

/* The score from which on a clock is compared in full: FEW of them reach it by chance. */
static unsigned choose_threshold(const struct scan *scan)
{
    const double clocks = MODES * clocks_searched(scan->search);
    const double few = clocks * FEW_SHARE < FEW ? clocks * FEW_SHARE : FEW;
    unsigned threshold = 1;

    while (threshold <= scan->scanned && clocks * tail(scan->scanned, threshold) > few)
        threshold++;
    return threshold;
}

/* Turn the kernel around for one event, from `high` (CLK27-7) on. Between multiples of 512, only D and F change. */
static void mark_run(const struct scan *scan, const struct event *event, uint32_t high, unsigned count, uint64_t *masks)
{
    const struct btbb_hop *hop = &scan->search->hop;
    const unsigned a = hop->a ^ (high >> 14 & 31), c = hop->c ^ (high >> 9 & 31);
    uint64_t even[NOWHERE + 1], odd[NOWHERE + 1];
    unsigned output = (event->index + 2 * BTBB_CHANNELS - hop->e - HIGH_STEP * high % BTBB_CHANNELS) % BTBB_CHANNELS;

    for (unsigned y = 0; y < 32; y++) { /* the adapted sequence hops with CLK1 set as it did in the slot before */
        even[y] = UINT64_C(3) << 2 * (((scan->inverse_high[c][y] ^ hop->b) - a) & 31);
        odd[y] = UINT64_C(2) << 2 * (((scan->inverse_high[c ^ 31][y] ^ hop->b) - a) & 31);
    }
    even[NOWHERE] = odd[NOWHERE] = 0;
    for (unsigned j = 0; j < count; j++) {
        const uint8_t *row = scan->inverse_low[hop->d ^ ((high + j) & 511)];

        masks[j] = even[row[output]] | odd[row[output + (BTBB_CHANNELS - CLK1_OFFSET)]];
        output += output < HIGH_STEP ? BTBB_CHANNELS - HIGH_STEP : 0u - HIGH_STEP;
    }
}

static void mark(const struct scan *scan, const struct event *event, uint32_t high, uint64_t masks[CHUNK + 1])
{
    for (unsigned at = 0; at < CHUNK + 1;) {
        const unsigned left = 512 - (high & 511), wanted = CHUNK + 1 - at;
        const unsigned count = left < wanted ? left : wanted;

        mark_run(scan, event, high, count, masks + at);
        at += count;
        high = (high + count) & BTBB_CLOCK_HIGH_MASK;
    }
}

/* Let bit i stand for the low bits i at slot 0 instead of at the event. */
static void turn(const uint64_t *restrict masks, unsigned low, uint64_t *restrict turned)
{
    if (low == 0)
        memcpy(turned, masks, CHUNK * sizeof *turned);
    else
        for (unsigned j = 0; j < CHUNK; j++)
            turned[j] = masks[j] >> low | masks[j + 1] << (64 - low);
}

/* Add the masks of three events to the first two planes: a full adder of their bits, then of its carry. */
static void add_three(struct scan *scan, uint64_t carry[restrict CHUNK])
{
    const uint64_t *restrict a = scan->turned[0], *restrict b = scan->turned[1], *restrict c = scan->turned[2];
    uint64_t *restrict ones = scan->planes[0], *restrict twos = scan->planes[1];

    for (unsigned j = 0; j < CHUNK; j++) {
        const uint64_t half = a[j] ^ b[j], sum = half ^ c[j], two = (a[j] & b[j]) | (half & c[j]);
        const uint64_t one_carry = ones[j] & sum, two_half = twos[j] ^ two;

        ones[j] ^= sum;
        carry[j] = (twos[j] & two) | (two_half & one_carry);
        twos[j] = two_half ^ one_carry;
    }
}

static void add_carry(uint64_t sums[restrict CHUNK], uint64_t carry[restrict CHUNK])
{
    for (unsigned j = 0; j < CHUNK; j++) {
        const uint64_t before = sums[j], added = carry[j];

        sums[j] = before ^ added;
        carry[j] = before & added;
    }
}

/* Which of the 64 sums reach the threshold. */
static uint64_t reaching(const struct scan *scan, unsigned j)
{
    uint64_t above = 0, equal = ~UINT64_C(0);

    for (unsigned plane = PLANES; plane-- > 0;) {
        const uint64_t bit = scan->planes[plane][j];

        if (scan->threshold >> plane & 1) {
            equal &= bit;
        } else {
            above |= equal & bit;
            equal &= ~bit;
        }
    }
    return above | equal;
}

/* Events that a clock explains by the first rule, in the better mode. */
static unsigned score(const struct scan *scan, uint32_t clk)
{
    const struct btbb_hop *hop = &scan->search->hop;
    unsigned fits[MODES] = {0};

    for (unsigned i = 0; i < scan->event_count; i++) {
        const struct event *event = &scan->events[i];
        const unsigned channel = btbb_hop_channel_at(event->index);

        fits[BASIC] += btbb_hop_fits_basic(hop, clk + event->slot, channel);
        fits[ADAPTED] += btbb_hop_fits_adapted(hop, clk + event->slot, channel);
    }
    return fits[BASIC] > fits[ADAPTED] ? fits[BASIC] : fits[ADAPTED];
}

/* The right clock has relatives, which explain much of what it explains: raise the threshold above most of them. */
static void make_room(struct scan *scan)
{
    while (scan->survivor_count == SURVIVORS) {
        unsigned kept = 0;

        scan->threshold++;
        for (unsigned i = 0; i < scan->survivor_count; i++)
            if (scan->survivors[i].score >= scan->threshold)
                scan->survivors[kept++] = scan->survivors[i];
        scan->survivor_count = kept;
    }
}

static void collect(struct scan *scan, uint32_t high)
{
    for (unsigned j = 0; j < CHUNK; j++) {
        uint64_t reach = reaching(scan, j) & scan->lows;

        for (unsigned low = 0; reach; low++, reach >>= 1)
            if (reach & 1) {
                const uint32_t clk = ((high + j) << BTBB_CLOCK_LOW_BITS | low) & BTBB_CLOCK_MASK;
                const unsigned explained = score(scan, clk);

                make_room(scan);
                if (explained >= scan->threshold)
                    scan->survivors[scan->survivor_count++] = (struct survivor){clk, explained, 0};
            }
    }
}

static unsigned bits_of(unsigned number)
{
    unsigned bits = 0;

    for (; number; number >>= 1)
        bits++;
    return bits;
}

/* The masks of one event; zero for numbers after the last event. */
static void turn_event(struct scan *scan, uint32_t high, unsigned number, uint64_t *turned)
{
    if (number >= scan->scanned) {
        memset(turned, 0, CHUNK * sizeof *turned);
        return;
    }
    const struct event *event = scanned_event(scan, number);

    mark(scan, event, (high + (event->slot >> BTBB_CLOCK_LOW_BITS)) & BTBB_CLOCK_HIGH_MASK, scan->masks);
    turn(scan->masks, event->slot & 63, turned);
}

static void scan_chunk(struct scan *scan, uint32_t high)
{
    uint64_t carry[CHUNK];

    memset(scan->planes, 0, sizeof scan->planes);
    for (unsigned i = 0; i < scan->scanned; i += TOGETHER) {
        for (unsigned k = 0; k < TOGETHER; k++)
            turn_event(scan, high, i + k, scan->turned[k]);
        add_three(scan, carry);
        for (unsigned plane = 2; plane < bits_of(i + TOGETHER); plane++)
            add_carry(scan->planes[plane], carry);
    }
    collect(scan, high);
}

static bool scan_all(struct scan *scan)
{
    const struct btbb_search *search = scan->search;

    const uint32_t count = highs_searched(search);

    for (uint32_t done = 0; done < count; done += CHUNK) {
        if (search->progress && done % PROGRESS_STEP == 0 &&
            !search->progress(search->progress_data, (double)done / count))
            return false;
        scan_chunk(scan, (search->first_high + done) & BTBB_CLOCK_HIGH_MASK);
    }
    return true;
}

static void compare(const struct btbb_search *search, uint32_t clk, struct btbb_hop_model *model)
{
    const struct btbb_search_packet *packets = search->packets;

    btbb_hop_model_init(model);
    for (unsigned i = 0; i < search->count; i++) {
        const int32_t since = i > 0 ? packets[i].slot - packets[i - 1].slot : 0;
        const uint32_t its_clk = clk + (uint32_t)(packets[i].slot - packets[0].slot);
        const struct btbb_hop_packet packet = btbb_hop_packet_after(its_clk, packets[i].channel, packets[i].sender,
                                                                    since, i > 0 ? packets[i - 1].slots : 0);

        btbb_hop_model_add(model, &search->hop, &packet);
    }
}

static int by_ratio(const void *left, const void *right)
{
    const struct survivor *a = left, *b = right;

    if (a->log_ratio != b->log_ratio)
        return a->log_ratio < b->log_ratio ? 1 : -1;
    return a->clk < b->clk ? -1 : a->clk > b->clk;
}

static int by_score(const void *left, const void *right)
{
    const struct survivor *a = left, *b = right;

    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return a->clk < b->clk ? -1 : a->clk > b->clk;
}

/* Two measures of how surprising the best clock is; either suffices. */
static double chance(const struct scan *scan, const struct btbb_search_result *result)
{
    const double by_score_bound = MODES * tail(result->events, result->score);
    const double by_ratio_bound = exp(-scan->survivors[0].log_ratio);
    const double measures = 2;

    return measures * scan->search->hypotheses * clocks_searched(scan->search) *
           (by_score_bound < by_ratio_bound ? by_score_bound : by_ratio_bound);
}

static void rank(struct scan *scan, struct btbb_search_result *result)
{
    const struct btbb_search *search = scan->search;
    struct survivor *survivors = scan->survivors;
    double sum = 0, covered = 0;

    qsort(survivors, scan->survivor_count, sizeof *survivors, by_score);
    if (scan->survivor_count > COMPARED)
        scan->survivor_count = COMPARED;
    for (unsigned i = 0; i < scan->survivor_count; i++) {
        compare(search, survivors[i].clk, &result->found[0].model);
        survivors[i].log_ratio = result->found[0].model.log_ratio;
    }
    qsort(survivors, scan->survivor_count, sizeof *survivors, by_ratio);
    for (unsigned i = 0; i < scan->survivor_count; i++) {
        const double weight = exp(survivors[i].log_ratio - survivors[0].log_ratio);

        sum += weight;
        if (result->count < BTBB_SEARCH_FOUND && survivors[i].log_ratio > survivors[0].log_ratio - KEEP_WITHIN) {
            struct btbb_search_clock *found = &result->found[result->count++];

            found->clk = survivors[i].clk - (uint32_t)search->packets[0].slot;
            found->clk &= BTBB_CLOCK_MASK;
            covered += weight;
            compare(search, survivors[i].clk, &found->model);
        }
    }
    result->events = scan->event_count;
    result->score = survivors[0].score;
    result->posterior = 1 / sum;
    result->covered = covered / sum;
    result->chance = chance(scan, result);
}

bool btbb_search_run(const struct btbb_search *search, struct btbb_search_result *result)
{
    memset(result, 0, sizeof *result);
    if (search->count == 0 || search->count > BTBB_SEARCH_PACKETS)
        return false;
    struct scan *scan = calloc(1, sizeof *scan);

    if (!scan)
        return false;
    scan->search = search;
    choose_events(scan);
    scan->threshold = choose_threshold(scan);
    bool found = false;

    if (scan->threshold <= scan->scanned) {
        make_tables(scan);
        found = scan_all(scan) && scan->survivor_count > 0;
    }
    if (found)
        rank(scan, result);
    free(scan);
    return found;
}
