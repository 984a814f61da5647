/* slots.h: the slots of a piconet, as a capturing device's clock sees them (Core Specification Vol 2 Part B, 2.2.5: 625
 * us each, by the Central's clock). Found from the times of packets, then followed as the two clocks drift. Pure.
 *
 * Times are nanoseconds, since any moment; slots count from any slot.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_SLOTS_H
#define BTBB_CORE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#define BTBB_SLOT_NS 625000.0

/* What two devices' clocks differ by, at most: 20 ppm each (2.2.5), and something for devices beyond that. */
#define BTBB_SLOTS_DRIFT_PPM 75.0

/* A Kalman filter of phase and rate. */
struct btbb_slots {
    int64_t time_ns; /* start of slot number `slot`, estimated */
    int64_t slot;
    double part_ns;     /* to be added to time_ns, below one */
    double slot_ns;     /* length of a slot by the capturing device's clock */
    double variance[3]; /* of the phase in ns2, of both, of the rate in (ns per slot)2 */
    double noise_ns;    /* mean deviation of packets */
};

/* A packet's time in terms of slots. */
struct btbb_slots_place {
    int64_t slot;       /* the nearest */
    double residual_ns; /* how late it is, -312500 to 312500 */
    double gate_ns;     /* a deviation up to this is normal */
};

/* Find the slots: phase and rate that put most packets near the start of a slot. times[] ascend; count is at least 2,
 * the span at most 600 s. *inside: packets that fit. Slot 0 is that of times[0] or near. */
void btbb_slots_find(struct btbb_slots *slots, const int64_t *times, unsigned count, unsigned *inside);

/* The same for slots of which a single start is known: the rate is not. */
void btbb_slots_start(struct btbb_slots *slots, int64_t time_ns);

/* Parts per million by which the capturing device's clock is faster than the piconet's. */
static inline double btbb_slots_drift(const struct btbb_slots *slots)
{
    return (slots->slot_ns / BTBB_SLOT_NS - 1) * 1e6;
}

struct btbb_slots_place btbb_slots_at(const struct btbb_slots *slots, int64_t time_ns);

/* Standard deviation of the start of slots at this time, in ns. */
double btbb_slots_deviation(const struct btbb_slots *slots, int64_t time_ns);

/* A packet starts slot 0 at this time; the rate stays, with what is known of it. */
void btbb_slots_restart(struct btbb_slots *slots, int64_t time_ns);

/* Whether the slots at this time are still known: the packet before may be too long ago. */
bool btbb_slots_reach(const struct btbb_slots *slots, int64_t time_ns);

/* Learn from a packet that started at `time_ns`, in slot `slot`. Earlier packets may follow later ones. */
void btbb_slots_follow(struct btbb_slots *slots, int64_t time_ns, int64_t slot);

#endif
