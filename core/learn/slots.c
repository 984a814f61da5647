/* slots.c: see slots.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/slots.h"

#include <math.h>
#include <string.h>

#define BINS         25u  /* of a slot: 25 us each */
#define WINDOW       5u   /* bins that packets of one phase may cover */
#define NOISE_FIRST  20e3 /* ns */
#define NOISE_LEAST  8e3
#define NOISE_MOST   60e3
#define NOISE_MEMORY 0.05
#define GATE_NOISES  4.5
#define GATE_LEAST   60e3
#define GATE_MOST    250e3
#define DRIFT_PPM    30.0 /* standard deviation of the drift of two devices */
#define RATE_MOST    200e-6
#define REACH_NS     90e3    /* greatest standard deviation of the phase */
#define RATE_WANDER  1.5e-14 /* variance of the relative rate that a second adds: 0.4 ppm in 10 s, squared */
#define SPAN_MOST_NS 600e9

struct line {
    double rate; /* relative length of a slot */
    double phase_ns;
    unsigned inside;
};

static double bounded(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static double wrap(double ns, double period)
{
    return ns - period * floor(ns / period);
}

/* Count the packets in the best window of phases at this rate. */
static struct line try_rate(const int64_t *times, unsigned count, double rate)
{
    const double period = BTBB_SLOT_NS * rate, bin = period / BINS;
    unsigned bins[BINS] = {0};
    struct line line = {.rate = rate};

    for (unsigned i = 0; i < count; i++) {
        const unsigned at = (unsigned)(wrap((double)(times[i] - times[0]), period) / bin);

        bins[at < BINS ? at : BINS - 1]++;
    }
    for (unsigned first = 0; first < BINS; first++) {
        unsigned inside = 0;

        for (unsigned i = 0; i < WINDOW; i++)
            inside += bins[(first + i) % BINS];
        if (inside > line.inside) {
            line.inside = inside;
            line.phase_ns = (first + WINDOW / 2.0) * bin;
        }
    }
    return line;
}

struct sums {
    double n, x, y, xx, xy, yy; /* x: slots, y: deviation from the line in ns */
};

static struct sums deviations(const struct line *line, const int64_t *times, unsigned count)
{
    const double period = BTBB_SLOT_NS * line->rate;
    struct sums sums = {0};

    for (unsigned i = 0; i < count; i++) {
        const double since = (double)(times[i] - times[0]) - line->phase_ns, x = floor(since / period + 0.5);
        const double y = since - x * period;

        if (fabs(y) <= period * WINDOW / BINS / 2) {
            sums.n += 1;
            sums.x += x;
            sums.y += y;
            sums.xx += x * x;
            sums.xy += x * y;
            sums.yy += y * y;
        }
    }
    return sums;
}

/* Move the line to the packets near it. Returns the sum of squares that remains. */
static double refine(struct line *line, const int64_t *times, unsigned count)
{
    const struct sums s = deviations(line, times, count);
    const double n = s.n > 1 ? s.n : 1, spread = s.xx - s.x * s.x / n, common = s.xy - s.x * s.y / n;
    const double slope = spread > 0 ? common / spread : 0;

    line->rate += slope / BTBB_SLOT_NS;
    line->phase_ns += (s.y - slope * s.x) / n;
    line->inside = (unsigned)s.n;
    return s.yy - s.y * s.y / n - slope * common;
}

/* A packet outside counts as one at the edge of the window. */
static double badness(struct line *line, const int64_t *times, unsigned count)
{
    const double edge = BTBB_SLOT_NS * WINDOW / BINS / 2, remains = refine(line, times, count);

    return remains + (count - line->inside) * edge * edge;
}

static struct line find_line(const int64_t *times, unsigned count)
{
    const double span = (double)(times[count - 1] - times[0]), most = BTBB_SLOTS_DRIFT_PPM * 1e-6;
    const double bin = BTBB_SLOT_NS / BINS;
    const int steps = span > SPAN_MOST_NS ? 0 : (int)ceil(most * span / bin);
    struct line best = {.rate = 1};
    unsigned inside = 0;
    double least = HUGE_VAL;

    for (int pass = 0; pass < 2; pass++) /* the most packets inside; then, of those lines, the least squares */
        for (int i = -steps; i <= steps; i++) {
            struct line line = try_rate(times, count, 1 + (steps ? most * i / steps : 0));

            if (pass == 0) {
                inside = line.inside > inside ? line.inside : inside;
            } else if (line.inside + 1 + count / 16 > inside) {
                const double bad = badness(&line, times, count);

                if (bad < least) {
                    least = bad;
                    best = line;
                }
            }
        }
    return best;
}

static void set_noise(struct btbb_slots *slots, double noise_ns)
{
    slots->noise_ns = bounded(noise_ns, NOISE_LEAST, NOISE_MOST);
}

static void set_time(struct btbb_slots *slots, int64_t base_ns, double offset_ns)
{
    const double whole = floor(offset_ns);

    slots->time_ns = base_ns + (int64_t)whole;
    slots->part_ns = offset_ns - whole;
}

void btbb_slots_find(struct btbb_slots *slots, const int64_t *times, unsigned count, unsigned *inside)
{
    struct line line = find_line(times, count);

    refine(&line, times, count);
    const struct sums s = deviations(&line, times, count);
    const double n = s.n > 1 ? s.n : 1, middle = floor(s.x / n), spread = s.xx - n * middle * middle;

    memset(slots, 0, sizeof *slots);
    slots->slot_ns = BTBB_SLOT_NS * line.rate;
    slots->slot = (int64_t)middle;
    set_time(slots, times[0], line.phase_ns + middle * slots->slot_ns);
    set_noise(slots, sqrt(s.yy / n));
    const double noise = slots->noise_ns * slots->noise_ns, drift = BTBB_SLOT_NS * DRIFT_PPM * 1e-6;

    slots->variance[0] = noise / n;
    slots->variance[2] = noise / (spread + noise / (drift * drift));
    *inside = (unsigned)s.n;
}

void btbb_slots_start(struct btbb_slots *slots, int64_t time_ns)
{
    const double drift = BTBB_SLOT_NS * DRIFT_PPM * 1e-6;

    memset(slots, 0, sizeof *slots);
    slots->time_ns = time_ns;
    slots->slot_ns = BTBB_SLOT_NS;
    slots->noise_ns = NOISE_FIRST;
    slots->variance[0] = NOISE_FIRST * NOISE_FIRST;
    slots->variance[2] = drift * drift;
}

static double elapsed(const struct btbb_slots *slots, int64_t time_ns)
{
    return (double)(time_ns - slots->time_ns) - slots->part_ns;
}

/* Variance of the phase `since` slots later. */
static double phase_variance(const struct btbb_slots *slots, double since)
{
    const double *v = slots->variance, wander = RATE_WANDER * BTBB_SLOT_NS * 1e-9 * BTBB_SLOT_NS * BTBB_SLOT_NS;

    return v[0] + 2 * since * v[1] + since * since * v[2] + wander * fabs(since * since * since) / 3;
}

struct btbb_slots_place btbb_slots_at(const struct btbb_slots *slots, int64_t time_ns)
{
    const double since = floor(elapsed(slots, time_ns) / slots->slot_ns + 0.5);
    const double deviation = sqrt(phase_variance(slots, since) + slots->noise_ns * slots->noise_ns);
    return (struct btbb_slots_place){.slot = slots->slot + (int64_t)since,
                                     .residual_ns = elapsed(slots, time_ns) - since * slots->slot_ns,
                                     .gate_ns = bounded(GATE_NOISES * deviation, GATE_LEAST, GATE_MOST)};
}

double btbb_slots_deviation(const struct btbb_slots *slots, int64_t time_ns)
{
    return sqrt(phase_variance(slots, elapsed(slots, time_ns) / slots->slot_ns));
}

bool btbb_slots_reach(const struct btbb_slots *slots, int64_t time_ns)
{
    return btbb_slots_deviation(slots, time_ns) <= REACH_NS;
}

/* Move the state to another slot. */
static void move(struct btbb_slots *slots, int64_t slot)
{
    const double since = (double)(slot - slots->slot), later = fabs(since);
    const double wander = RATE_WANDER * BTBB_SLOT_NS * 1e-9 * BTBB_SLOT_NS * BTBB_SLOT_NS;
    double *v = slots->variance;

    v[0] = phase_variance(slots, since);
    v[1] += since * v[2] + wander * since * later / 2;
    v[2] += wander * later;
    set_time(slots, slots->time_ns, slots->part_ns + since * slots->slot_ns);
    slots->slot = slot;
}

void btbb_slots_restart(struct btbb_slots *slots, int64_t time_ns)
{
    move(slots, btbb_slots_at(slots, time_ns).slot);
    slots->time_ns = time_ns;
    slots->part_ns = 0;
    slots->slot = 0;
    slots->variance[0] = slots->noise_ns * slots->noise_ns;
    slots->variance[1] = 0;
}

void btbb_slots_follow(struct btbb_slots *slots, int64_t time_ns, int64_t slot)
{
    double *v = slots->variance;

    move(slots, slot);
    const double residual = elapsed(slots, time_ns), total = v[0] + slots->noise_ns * slots->noise_ns;
    const double phase_gain = v[0] / total, rate_gain = v[1] / total;

    set_time(slots, slots->time_ns, slots->part_ns + phase_gain * residual);
    slots->slot_ns =
        bounded(slots->slot_ns + rate_gain * residual, BTBB_SLOT_NS * (1 - RATE_MOST), BTBB_SLOT_NS * (1 + RATE_MOST));
    v[2] -= rate_gain * v[1];
    v[1] -= phase_gain * v[1];
    v[0] -= phase_gain * v[0];
    set_noise(slots, slots->noise_ns + NOISE_MEMORY * (1.25 * fabs(residual) - slots->noise_ns));
}
