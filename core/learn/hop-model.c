/* hop-model.c: see hop-model.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/hop-model.h"

#include <math.h>
#include <string.h>

#define FALSE_SHARE     0.04  /* packets that are none of this piconet's although their slots fit */
#define OFF_CHANNEL     0.02  /* packets heard at a wrong channel, see is_off_channel() */
#define SWITCH_SHARE    0.002 /* a packet after which the piconet changes between basic and adapted */
#define UNIFORM         (1.0 / BTBB_CHANNELS)
#define MIN_USED        20    /* the fewest channels that a map may have (2.3) */
#define PROOF_WRONG     0.004 /* share of proven senders that are wrong: chance makes one HEC in 256 good */
#define PREDICTOR_TRUST 0.5
#define SINGLE_LEAST    0.001 /* the Central may begin to send longer packets, or cease to */
#define LEARN_ADAPTED   0.05  /* packets of the basic sequence teach nothing about the map */
#define FIRST_SURE      0.85
#define NEW_MAP         (-6.2) /* nats: a map changes once in 500 packets */
#define NEW_MAP_USED    0.6    /* share of channels that a map is expected to have */

#define ANSWERS 3u

/* How often an answer follows a packet of 1, 3, 5 slots, where there are packets of several slots. */
static const unsigned answer_slots[ANSWERS] = {1, 3, 5};
static const double answer_shares[ANSWERS] = {0.80, 0.12, 0.08};

void btbb_hop_model_init(struct btbb_hop_model *model)
{
    memset(model, 0, sizeof *model);
    model->adapted = 0.5;
    model->single = 0.5;
    model->direct = 4.0; /* at first, nearly every channel is taken for used */
    model->tried = 5.0;
    model->remapped[0] = model->remapped[1] = 4.0;
    model->predicted[0] = model->predicted[1] = 0.5;
    model->maps_stale = true;
    model->stale = NEW_MAP;
    model->at_level[BTBB_HOP_LEVEL_MAX] = BTBB_CHANNELS;
}

void btbb_hop_model_inherit(struct btbb_hop_model *model, const struct btbb_hop_model *other)
{
    *model = *other;
    model->log_ratio = 0;
    memset(model->hits, 0, sizeof model->hits);
    memset(model->proofs, 0, sizeof model->proofs);
}

struct btbb_hop_packet btbb_hop_packet_after(uint32_t clk, unsigned channel, unsigned sender, int64_t since,
                                             unsigned slots)
{
    const bool answers = (since == 1 || since == 3 || since == 5) && (slots == 0 || slots == (unsigned)since);

    return (struct btbb_hop_packet){.clk = clk,
                                    .channel = (uint8_t)channel,
                                    .sender = (uint8_t)sender,
                                    .follows = (uint8_t)(answers ? since : 0),
                                    .ends_there = answers && slots > 0};
}

static double used_share(const struct btbb_hop_model *model)
{
    return model->direct / model->tried;
}

/* Probability that the map has a channel of this level. */
static double used_at_level(const struct btbb_hop_model *model, int level)
{
    static const double by_level[] = {0.005, 0.02, 0.10, 0, 0.95, 0.97, 0.98};

    return level ? by_level[level + BTBB_HOP_LEVEL_MAX] : used_share(model);
}

static double probably_used(const struct btbb_hop_model *model, unsigned channel)
{
    return used_at_level(model, model->level[channel]);
}

static void order_maps(struct btbb_hop_model *model)
{
    for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++) {
        model->maps[0].used[channel] = model->level[channel] > 0;
        model->maps[1].used[channel] = model->level[channel] >= 0;
    }
    btbb_hop_map_order(&model->maps[0]);
    btbb_hop_map_order(&model->maps[1]);
    model->maps_stale = false;
}

/* A receiver with a 16 MHz crystal hears strong packets, faintly, some multiples of 8 MHz away: 13 of 50 packets of the
 * mouse sample of 2011 are so. Six channels. */
static bool is_off_channel(unsigned hopped, unsigned channel)
{
    const unsigned away = hopped > channel ? hopped - channel : channel - hopped;

    return away == 8 || away == 16 || away == 32;
}

/* Probability of the channel for a packet that hopped elsewhere and was not remapped. */
static double of_error(unsigned hopped, unsigned channel)
{
    return FALSE_SHARE * UNIFORM + (is_off_channel(hopped, channel) ? OFF_CHANNEL / 6 : 0);
}

#define RIGHT_SHARE (1 - FALSE_SHARE - OFF_CHANNEL)

/* What a remapped packet is expected to do. */
struct remap {
    const struct btbb_hop_map *map; /* the one of the two that predicts better */
    double trust;                   /* in its prediction */
    double others;                  /* probability of any one channel, without a prediction */
    double unused;                  /* sum over all channels of the probability that the map lacks them */
};

static struct remap expect_remap(struct btbb_hop_model *model)
{
    double trust[2];

    if (model->maps_stale)
        order_maps(model);
    for (unsigned i = 0; i < 2; i++)
        trust[i] = model->maps[i].count >= MIN_USED ? model->predicted[i] / model->remapped[i] : 0;
    const unsigned better = trust[1] > trust[0];
    const double guess = used_share(model) * BTBB_CHANNELS;
    struct remap remap = {.trust = trust[better], .map = &model->maps[better]};

    remap.others = 1 / (guess < MIN_USED ? MIN_USED : guess);
    for (int level = -BTBB_HOP_LEVEL_MAX; level <= BTBB_HOP_LEVEL_MAX; level++)
        remap.unused += model->at_level[level + BTBB_HOP_LEVEL_MAX] * (1 - used_at_level(model, level));
    return remap;
}

/* Probability of the channel if the kernel's output at the start of the Central's packet is `output`, and why. */
static double of_start(const struct btbb_hop_model *model, const struct remap *remap, unsigned output, unsigned channel,
                       enum btbb_hop_fit *fit)
{
    const unsigned hopped = btbb_hop_channel_at(output % BTBB_CHANNELS);
    const double used = probably_used(model, hopped);

    if (hopped == channel) {
        *fit = BTBB_HOP_DIRECT;
        return RIGHT_SHARE * used + FALSE_SHARE * UNIFORM;
    }
    const bool predicted = remap->trust > 0 && remap->map->order[output % remap->map->count] == channel;
    const double there = (predicted ? remap->trust : 0) + (1 - remap->trust) * remap->others;
    const double remapped = RIGHT_SHARE * (1 - used) * there, error = of_error(hopped, channel);

    if (remapped < error)
        *fit = is_off_channel(hopped, channel) ? BTBB_HOP_OFF_CHANNEL : BTBB_HOP_CONTRADICTS;
    else
        *fit = predicted && remap->trust > PREDICTOR_TRUST ? BTBB_HOP_REMAPPED : BTBB_HOP_POSSIBLE;
    return remapped + error;
}

/* The same, whatever hop it was: the mean over all channels. */
static double of_wrong_clock(const struct btbb_hop_model *model, const struct remap *remap, unsigned channel)
{
    const double used = probably_used(model, channel), unused_elsewhere = remap->unused - (1 - used);
    const double predicted = remap->trust > 0 && remap->map->used[channel] ? remap->trust / remap->map->count : 0;
    const double remapped = unused_elsewhere * (predicted + (1 - remap->trust) * remap->others);

    return UNIFORM * (RIGHT_SHARE * (used + remapped) + FALSE_SHARE + OFF_CHANNEL);
}

/* A packet, compared with the sequences. */
struct comparison {
    unsigned output; /* of the kernel, in its own slot */
    unsigned start;  /* in the Central's slot: its own, or the one before */
    double right;    /* probability of its channel by the adapted sequence */
    double single;   /* the same if all packets of the Central have one slot */
    double wrong;    /* the same whatever hop it was */
    double first;    /* probability that `start` is that of the Central's packet */
    enum btbb_hop_fit fit;
};

static double share_of_answer(const struct btbb_hop_packet *packet, unsigned i)
{
    if (!packet->follows)
        return answer_shares[i];
    const double others = packet->ends_there ? 0.01 : 0.05;

    return packet->follows == answer_slots[i] ? 1 - 2 * others : others;
}

/* An answer: on the channel of the packet 1, 3 or 5 slots before. If all packets have one slot, answers and packets of
 * the Central look alike, and the shares guessed here must not decide: one case is as probable as the other. */
static void explain_answer(const struct btbb_hop_model *model, const struct btbb_hop *hop, const struct remap *remap,
                           const struct btbb_hop_packet *packet, struct comparison *comparison)
{
    const double direct = of_start(model, remap, comparison->start, packet->channel, &comparison->fit);
    const double first = share_of_answer(packet, 0) * direct, single = packet->follows ? 0 : model->single;
    double sum = first, most = first;

    for (unsigned i = 1; i < ANSWERS && comparison->fit != BTBB_HOP_DIRECT; i++) {
        enum btbb_hop_fit fit;
        const unsigned output = btbb_hop_output(hop, packet->clk - answer_slots[i]);
        const double part = share_of_answer(packet, i) * of_start(model, remap, output, packet->channel, &fit);

        sum += part;
        if (part > most) {
            most = part;
            comparison->fit = fit == BTBB_HOP_DIRECT ? BTBB_HOP_LATE : fit;
        }
    }
    comparison->single = packet->follows ? 0 : direct;
    comparison->right = single * direct + (1 - single) * sum;
    comparison->first = (single * direct + (1 - single) * first) / comparison->right;
}

static struct comparison compare(struct btbb_hop_model *model, const struct btbb_hop *hop,
                                 const struct btbb_hop_packet *packet)
{
    const bool answers = packet->clk & 1;
    const struct remap remap = expect_remap(model);
    struct comparison comparison = {.output = btbb_hop_output(hop, packet->clk), .first = 1};

    comparison.start = answers ? btbb_hop_output(hop, packet->clk - 1) : comparison.output;
    comparison.wrong = of_wrong_clock(model, &remap, packet->channel);
    if (answers)
        explain_answer(model, hop, &remap, packet, &comparison);
    else
        comparison.right = of_start(model, &remap, comparison.start, packet->channel, &comparison.fit);
    return comparison;
}

/* The ratio if the map was new and nothing of it known. */
static double ratio_of_new_map(bool direct)
{
    const double elsewhere = (1 - NEW_MAP_USED) / (NEW_MAP_USED * BTBB_CHANNELS);
    const double mean = UNIFORM * (NEW_MAP_USED + BTBB_CHANNELS * elsewhere);

    return (direct ? NEW_MAP_USED : elsewhere) / mean;
}

static void set_level(struct btbb_hop_model *model, unsigned channel, int level)
{
    if (level > BTBB_HOP_LEVEL_MAX)
        level = BTBB_HOP_LEVEL_MAX;
    if (level < -BTBB_HOP_LEVEL_MAX)
        level = -BTBB_HOP_LEVEL_MAX;
    if ((level > 0) != (model->level[channel] > 0) || (level < 0) != (model->level[channel] < 0))
        model->maps_stale = true;
    model->at_level[model->level[channel] + BTBB_HOP_LEVEL_MAX]--;
    model->at_level[level + BTBB_HOP_LEVEL_MAX]++;
    model->level[channel] = (int16_t)level;
}

static void learn_used(struct btbb_hop_model *model, unsigned channel)
{
    const int level = model->level[channel];

    set_level(model, channel, level < 0 ? 1 : level + 1);
}

/* The hop was `hopped`, the packet is on another channel. */
static void learn_remapped(struct btbb_hop_model *model, unsigned output, unsigned hopped, unsigned channel)
{
    const int level = model->level[hopped], there = model->level[channel];

    for (unsigned i = 0; i < 2; i++) {
        const struct btbb_hop_map *map = &model->maps[i];

        if (map->count >= MIN_USED && !map->used[hopped]) {
            model->remapped[i] += 1;
            model->predicted[i] += map->order[output % map->count] == channel;
        }
    }
    set_level(model, hopped, level > 1 ? level - 2 : level - 1);
    if (there <= 0)
        set_level(model, channel, there + 1);
}

/* Forget the map when a new one explains the latest packets better. */
static void doubt_map(struct btbb_hop_model *model, double ratio_of_new, double ratio)
{
    const double stale = model->stale + model->adapted * log(ratio_of_new / ratio);

    model->stale = stale < NEW_MAP ? NEW_MAP : stale;
    if (model->stale < 0)
        return;
    for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++)
        set_level(model, channel, 0);
    model->stale = NEW_MAP;
}

static void learn_single(struct btbb_hop_model *model, const struct comparison *comparison)
{
    const double single = model->single * comparison->single / comparison->right;

    model->single = single < SINGLE_LEAST ? SINGLE_LEAST : single > 1 - SINGLE_LEAST ? 1 - SINGLE_LEAST : single;
}

/* Whether the Central's packets have several slots, and which channels are used. */
static void learn(struct btbb_hop_model *model, const struct btbb_hop_packet *packet,
                  const struct comparison *comparison)
{
    const unsigned hopped = btbb_hop_channel_at(comparison->start % BTBB_CHANNELS);
    const bool direct = hopped == packet->channel;

    if ((packet->clk & 1) && !packet->follows && model->adapted > 0.5)
        learn_single(model, comparison);
    doubt_map(model, ratio_of_new_map(direct), comparison->right / comparison->wrong);
    model->tried += model->adapted;
    if (direct) {
        model->direct += model->adapted;
        learn_used(model, hopped);
    } else if (comparison->first > FIRST_SURE) {
        learn_remapped(model, comparison->start, hopped, packet->channel);
    }
}

static double ratio_of_basic(unsigned output, unsigned channel, enum btbb_hop_fit *fit)
{
    const unsigned hopped = btbb_hop_channel_at(output % BTBB_CHANNELS);

    if (hopped == channel) {
        *fit = BTBB_HOP_DIRECT;
        return (RIGHT_SHARE + FALSE_SHARE * UNIFORM) / UNIFORM;
    }
    *fit = is_off_channel(hopped, channel) ? BTBB_HOP_OFF_CHANNEL : BTBB_HOP_CONTRADICTS;
    return of_error(hopped, channel) / UNIFORM;
}

/* Two directions are possible: the ratio for a wrong clock is one half. */
static double ratio_of_sender(struct btbb_hop_model *model, const struct btbb_hop_packet *packet)
{
    if (packet->sender == BTBB_DIR_UNKNOWN)
        return 1;
    const bool agrees = (packet->sender == BTBB_DIR_TO_CENTRAL) == (packet->clk & 1);

    model->proofs[agrees]++;
    return 2 * (agrees ? 1 - PROOF_WRONG : PROOF_WRONG);
}

enum btbb_hop_fit btbb_hop_model_add(struct btbb_hop_model *model, const struct btbb_hop *hop,
                                     const struct btbb_hop_packet *packet)
{
    enum btbb_hop_fit fit_basic;
    const struct comparison comparison = compare(model, hop, packet);
    const double adapted = model->adapted * comparison.right / comparison.wrong;
    const double basic = (1 - model->adapted) * ratio_of_basic(comparison.output, packet->channel, &fit_basic);
    const enum btbb_hop_fit fit = basic > adapted ? fit_basic : comparison.fit;

    model->adapted = (1 - SWITCH_SHARE) * adapted / (basic + adapted) + SWITCH_SHARE / 2;
    model->log_ratio += log((basic + adapted) * ratio_of_sender(model, packet));
    model->hits[packet->clk & 1] += fit == BTBB_HOP_DIRECT || fit == BTBB_HOP_LATE;
    if (model->adapted > LEARN_ADAPTED)
        learn(model, packet, &comparison);
    return fit;
}
