/* clock-search.h: which of the 2^27 clocks of a piconet explain its packets? Pure, bounded in memory and time.
 *
 * All clocks are compared, 64 at a time: during 64 slots only six bits of the clock change, and the inverted kernel
 * gives the one or two of these slots in which a channel is used.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CLOCK_SEARCH_H
#define BTBB_CORE_CLOCK_SEARCH_H

#include "learn/hop-model.h"

#define BTBB_SEARCH_PACKETS 512u /* the most that are compared */
#define BTBB_SEARCH_FOUND   48u  /* the most clocks that are returned */

/* One packet of the search; slots count from any slot, and ascend. */
struct btbb_search_packet {
    int32_t slot;
    uint8_t channel; /* 0..78 */
    uint8_t sender;  /* enum btbb_dir, where proven */
    uint8_t slots;   /* how long it is: 1, 3, 5; 0: unknown */
};

struct btbb_search {
    struct btbb_hop hop;
    const struct btbb_search_packet *packets;
    unsigned count;      /* 1..BTBB_SEARCH_PACKETS */
    uint32_t first_high; /* CLK27-7 at the first packet, where it is known roughly */
    uint32_t high_count; /* so many values of CLK27-7 from there are searched; 0: all */
    uint64_t lows;       /* bit i: a clock with the low six bits i at slot 0 is possible; all set: any is */
    double hypotheses;   /* in how many ways the caller searches, 1 or more: the chance is that many times greater */

    /* Called now and then with the share done, 0..1. False ends the search: nothing is found. NULL: not called. */
    bool (*progress)(void *data, double done);
    void *progress_data;
};

struct btbb_search_clock {
    uint32_t clk; /* CLK27-1 at slot 0 */
    struct btbb_hop_model model;
};

struct btbb_search_result {
    double chance;    /* expected number of wrong clocks that would explain the packets as well as the best one */
    double posterior; /* probability of the best clock among all */
    double covered;   /* probability of all `found` together */
    unsigned events;  /* packets that differ in slot modulo 64 or channel */
    unsigned score;   /* those of them that the best clock explains by the first rule */
    unsigned count;   /* of `found`, best first */
    struct btbb_search_clock found[BTBB_SEARCH_FOUND];
};

/* False: out of memory, ended by `progress`, or no clock explains enough. */
bool btbb_search_run(const struct btbb_search *search, struct btbb_search_result *result);

#endif
