/* piconet-sample.h: made-up piconets for the tests of what is shown of their clocks. Nothing is searched.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TEST_PICONET_SAMPLE_H
#define BTBB_TEST_PICONET_SAMPLE_H

#include <glib.h>
#include <string.h>

#include "learn/clock-log.h"

#define SAMPLE_SLOT_NS INT64_C(625000)
#define SAMPLE_LAP     0x4831ddu
#define SAMPLE_UAP     0x61

/* Packets of one piconet, whose clock the file has. */
struct piconet_sample {
    struct btbb_clock_log *log;
    struct btbb_piconet_packet packet;
    struct btbb_hop hop;
    struct btbb_hop_map map;
    int64_t start_ns;
};

static inline struct btbb_piconet_packet piconet_packet(uint32_t lap, uint32_t frame, int64_t time_ns)
{
    return (struct btbb_piconet_packet){.version = BTBB_PICONET_PACKET_VERSION,
                                        .is_known = true,
                                        .has_access_code = true,
                                        .has_header = true,
                                        .has_time = true,
                                        .lap = lap,
                                        .heard = {.frame = frame, .time_ns = time_ns}};
}

/* The Central's packets in every eleventh pair of slots, by a map of channels `first` to 78; `drift_ns` per slot. */
static inline void sample_adapted(struct piconet_sample *sample, unsigned first, unsigned count, uint32_t clk,
                                  int64_t drift_ns)
{
    for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++)
        sample->map.used[channel] = channel >= first;
    btbb_hop_map_order(&sample->map);
    for (unsigned i = 0; i < count; i++) {
        struct btbb_piconet_packet *packet = &sample->packet;

        packet->clk = clk + 22 * i;
        packet->heard.frame++;
        packet->heard.time_ns = sample->start_ns + 22 * i * (SAMPLE_SLOT_NS + drift_ns);
        packet->heard.has_channel = true;
        packet->heard.channel = (uint8_t)btbb_hop_adapted(&sample->hop, packet->clk, &sample->map);
        packet->heard.sender = BTBB_DIR_TO_PERIPHERAL;
        btbb_clock_log_add(sample->log, packet);
    }
}

/* An LMP_set_AFH without channels 0 to `first` - 1, that holds 1000 slots later. */
static inline void sample_set_afh(struct piconet_sample *sample, unsigned first)
{
    struct btbb_piconet_packet packet = sample->packet;

    packet.has_afh = true;
    packet.heard.frame = ++sample->packet.heard.frame;
    packet.afh = (struct btbb_afh_map){.frame = packet.heard.frame,
                                       .has_time = true,
                                       .time_ns = packet.heard.time_ns,
                                       .instant = packet.clk + 1000,
                                       .lt_addr = 1};
    for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++)
        packet.afh.use[channel] = channel >= first ? BTBB_CLOCK_USED : BTBB_CLOCK_UNUSED;
    btbb_clock_log_add(sample->log, &packet);
}

/* A packet whose clock is sought, and one whose clock the file has in a way that cannot be used. */
static inline void sample_unknown(struct piconet_sample *sample)
{
    struct btbb_piconet_packet packet = piconet_packet(0x222222, 5000, sample->start_ns);

    packet.sought = true;
    for (unsigned i = 0; i < 3; i++, packet.heard.frame++, packet.heard.time_ns += SAMPLE_SLOT_NS)
        btbb_clock_log_add(sample->log, &packet);
    packet = piconet_packet(0x333333, 5010, 0);
    packet.has_time = false;
    packet.reason = BTBB_CLOCK_NO_TIME;
    btbb_clock_log_add(sample->log, &packet);
    btbb_clock_log_add(sample->log, &packet);
    packet = piconet_packet(0x444444, 5020, sample->start_ns);
    packet.reason = BTBB_CLOCK_CONTRADICTED;
    btbb_clock_log_add(sample->log, &packet);
}

/* Records of which nothing can be learned. */
static inline void sample_ignored(struct piconet_sample *sample)
{
    struct btbb_piconet_packet packet = piconet_packet(0x555555, 5030, sample->start_ns);

    packet.has_header = false;
    btbb_clock_log_add(sample->log, &packet);
    packet.has_access_code = false;
    btbb_clock_log_add(sample->log, &packet);
    packet.is_known = false;
    btbb_clock_log_add(sample->log, &packet);
    packet = piconet_packet(0x666666, 5040, sample->start_ns);
    packet.version++;
    btbb_clock_log_add(sample->log, &packet);
}

/* A piconet with a change of its map and a jump of the capturing device's clock by 100 s, three without a clock, and
 * what is in none. Finished. */
static inline struct btbb_clock_log *piconet_sample(int64_t start_ns)
{
    struct piconet_sample sample = {.log = btbb_clock_log_new(), .start_ns = start_ns};

    g_assert_nonnull(sample.log);
    btbb_hop_init(&sample.hop, SAMPLE_LAP, SAMPLE_UAP);
    sample.packet = piconet_packet(SAMPLE_LAP, 0, start_ns);
    sample.packet.best = (struct btbb_address){.rank = BTBB_RANK_NAP, .uap = SAMPLE_UAP, .nap = 0x0011};
    sample.packet.source = BTBB_CLOCK_FILE;
    sample_adapted(&sample, 20, 1000, 0x1234566, 25);
    sample.start_ns += INT64_C(200000000000);
    sample_adapted(&sample, 20, 1, 0x1234566 + 160000, 0);
    sample_set_afh(&sample, 20);
    sample.start_ns = sample.packet.heard.time_ns + 22 * SAMPLE_SLOT_NS;
    sample_adapted(&sample, 20, 400, sample.packet.clk + 22, 0);
    sample.start_ns = start_ns;
    sample_unknown(&sample);
    sample_ignored(&sample);
    g_assert_true(btbb_clock_log_finish(sample.log, true));
    return sample.log;
}

#endif
