/* hop-model.h: how well one clock explains the channels on which packets were heard. The map of adaptive frequency
 * hopping is not given: it is learned on the way. Pure.
 *
 * Packets are compared in file order. Each gives a ratio: the probability of its channel if the clock is right, divided
 * by the probability if the clock is wrong (the hop is then any of 79 channels). If the clock is wrong, the product of
 * the ratios exceeds x with a probability of at most 1/x (Ville's inequality), however the map was learned.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_HOP_MODEL_H
#define BTBB_CORE_HOP_MODEL_H

#include "learn/hop.h"

/* One packet, placed on the slots of a clock. */
struct btbb_hop_packet {
    uint32_t clk;    /* CLK27-1 of its start slot, if the clock is right */
    uint8_t channel; /* 0..78 */
    uint8_t sender;  /* enum btbb_dir, where something other than the clock proves it */
    uint8_t follows; /* the packet before started so many slots earlier: 1, 3 or 5; 0 = another distance */
    bool ends_there; /* and that is how long it was */
};

/* How the clock explains a packet, worst first. */
enum btbb_hop_fit {
    BTBB_HOP_CONTRADICTS = 0, /* it does not: a false packet, another piconet's, or a wrong clock */
    BTBB_HOP_POSSIBLE,        /* perhaps remapped: the channel map is not known well enough */
    BTBB_HOP_OFF_CHANNEL,     /* a strong packet, heard 8, 16 or 32 MHz away from its channel */
    BTBB_HOP_REMAPPED,        /* remapped as the learned channel map predicts */
    BTBB_HOP_LATE,            /* answers a packet of 3 or 5 slots, on its channel */
    BTBB_HOP_DIRECT           /* the hop itself, or the Central's hop one slot earlier */
};

/* Which channels the map has, as far as packets have shown. */
#define BTBB_HOP_LEVEL_MAX 3 /* surely used; negative: surely not; 0: unknown */

struct btbb_hop_model {
    double log_ratio; /* natural logarithm of the product of all ratios */
    double adapted;   /* probability that the adapted sequence is in use, 0..1; otherwise the basic one */
    double single;    /* probability that all packets of the Central have one slot, 0..1 */
    double direct, tried;
    double stale;                     /* evidence, in nats, that the map has changed since it was learned */
    double predicted[2], remapped[2]; /* hits and tries of the two maps below */
    uint32_t hits[2];                 /* packets explained by a hop itself, sent by the Central, by the Peripheral */
    uint32_t proofs[2];               /* packets whose proven sender disagrees, agrees */
    int16_t level[BTBB_CHANNELS];
    uint8_t at_level[2 * BTBB_HOP_LEVEL_MAX + 1]; /* number of channels */
    bool maps_stale;
    struct btbb_hop_map maps[2]; /* the channels known as used; all but those known as unused */
};

void btbb_hop_model_init(struct btbb_hop_model *model);

/* The same with the channel map of another one, whose evidence does not count. */
void btbb_hop_model_inherit(struct btbb_hop_model *model, const struct btbb_hop_model *other);

/* A packet that started `since` slots after the one before, which had `slots` slots, 0: unknown. */
struct btbb_hop_packet btbb_hop_packet_after(uint32_t clk, unsigned channel, unsigned sender, int64_t since,
                                             unsigned slots);

/* Compare the next packet and learn from it. */
enum btbb_hop_fit btbb_hop_model_add(struct btbb_hop_model *model, const struct btbb_hop *hop,
                                     const struct btbb_hop_packet *packet);

/* Whether a packet fits by the first rule of each sequence: the hop of its own slot (basic); the hop of the Central's
 * slot, its own or the one before (adapted). */
static inline bool btbb_hop_fits_basic(const struct btbb_hop *hop, uint32_t clk, unsigned channel)
{
    return btbb_hop_basic(hop, clk) == channel;
}

static inline bool btbb_hop_fits_adapted(const struct btbb_hop *hop, uint32_t clk, unsigned channel)
{
    return btbb_hop_central(hop, clk) == channel;
}

#endif
