/* fuzz-clock.c: any packets of one piconet; what one pass knew is recalled, and the memory stays within its bound.
 *
 * Input: two bytes of flags (bit 0: the address is known from the start, bit 1: search late), then packets of 8 bytes:
 * flags (bits 0-1 sender, 2 channel, 3 six bits of the clock, 4 FHS, 5 proven, 6 another address, 7 time goes back),
 * channel, clock, four bytes of time since the packet before, and how they count (microseconds, slots, seconds, years).
 * One in 8192 clocks is searched. Another clock hears the same packets as those of a file that holds the clock.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <string.h>

#include "learn/clock-int.h"

#define PACKETS_MAX  1000u
#define PACKET_BYTES 8u
#define FEW_HIGHS    256u

static struct btbb_clock_packet packets[PACKETS_MAX];
static struct btbb_clock_answer answers[PACKETS_MAX];

static int64_t step_ns(const uint8_t *data)
{
    static const int64_t units[] = {1000, 625000, 1000000000, INT64_C(31536000000000000)};
    const uint32_t count = (uint32_t)data[3] | (uint32_t)data[4] << 8 | (uint32_t)data[5] << 16;

    return (int64_t)((uint64_t)count * (uint64_t)units[data[7] & 3]) + data[6];
}

static struct btbb_clock_packet read_packet(const uint8_t *data, uint32_t frame, int64_t before_ns)
{
    const uint64_t step = (uint64_t)step_ns(data), before = (uint64_t)before_ns;

    return (struct btbb_clock_packet){.frame = frame,
                                      .time_ns = (int64_t)(data[0] & 128 ? before - step : before + step),
                                      .has_channel = data[0] & 4,
                                      .channel = data[1],
                                      .slots = data[7] >> 2 & 7,
                                      .sender = data[0] & 3,
                                      .proven = data[0] & 32,
                                      .has_clk6 = data[0] & 8,
                                      .clk6 = data[2],
                                      .has_fhs = data[0] & 16,
                                      .fhs_clk27_2 = (uint32_t)data[1] << 18 | data[2]};
}

static void check_answers(const struct btbb_clock *clock, uint32_t count)
{
    uint32_t clks[BTBB_CLOCK_CANDIDATES];

    for (uint32_t i = count; i-- > 0;) {
        struct btbb_clock_answer again, whole;

        btbb_clock_at(clock, &packets[i], BTBB_CLOCK_SO_FAR, &again);
        assert(again.has_clk == answers[i].has_clk && again.clk == answers[i].clk && again.dir == answers[i].dir &&
               again.source == answers[i].source && again.reason == answers[i].reason &&
               again.twins == answers[i].twins);
        btbb_clock_at(clock, &packets[i], BTBB_CLOCK_WHOLE, &whole);
        assert(whole.has_clk == (whole.reason == BTBB_CLOCK_KNOWN) && whole.clk <= BTBB_CLOCK_MASK);
        assert(btbb_clock_candidates(clock, &packets[i], clks) <= BTBB_CLOCK_CANDIDATES);
    }
}

static void check_segments(const struct btbb_clock *clock)
{
    size_t bytes = sizeof *clock + clock->segment_capacity * sizeof *clock->segments;

    for (unsigned i = 0; i < btbb_clock_segment_count(clock); i++) {
        const struct btbb_segment *segment = &clock->segments[i];
        const struct btbb_clock_segment shown = btbb_clock_segment_at(clock, i);

        assert(shown.explained <= shown.packets && shown.unexplained <= shown.packets);
        bytes += segment->state_capacity * sizeof *segment->states + segment->map_capacity * sizeof *segment->maps +
                 (segment->knots.capacity + segment->early.capacity) * sizeof(struct btbb_knot) +
                 (segment->odd.capacity + segment->early_odd.capacity) * sizeof(uint32_t);
        for (unsigned k = 0; k < btbb_clock_map_count(clock, i); k++)
            assert(btbb_clock_map_at(clock, i, k).use[0] <= BTBB_CLOCK_UNUSED);
    }
    assert(bytes + clock->heard_capacity * sizeof *clock->heard <= BTBB_CLOCK_BYTES);
}

/* The packets with a clock of the file: bytes of the packet, where it does not advance with the time. */
static void hear_known(const uint8_t *data, size_t length, uint32_t count)
{
    struct btbb_clock *clock = btbb_clock_new();

    for (uint32_t i = 0; clock && i < count && (i + 1) * PACKET_BYTES + 2 <= length; i++) {
        const uint8_t *at = data + 2 + i * PACKET_BYTES;
        const uint32_t clk = at[7] & 64 ? (uint32_t)(packets[i].time_ns / 625000) : (uint32_t)at[2] << 19 | at[3];

        if (at[7] & 128)
            btbb_clock_known_address(clock, 0x60a53a, at[2]);
        btbb_clock_hear_known(clock, &packets[i], clk & BTBB_CLOCK_MASK, BTBB_CLOCK_FILE);
    }
    for (unsigned i = 0; i < btbb_clock_segment_count(clock); i++) {
        struct btbb_clock_map map;

        btbb_clock_last_map(clock, i, &map);
    }
    if (clock)
        check_segments(clock);
    btbb_clock_free(clock);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    struct btbb_clock *clock = btbb_clock_new();
    int64_t time_ns = INT64_C(1441375734512728284);
    uint32_t count = 0;

    if (!clock)
        return 0;
    clock->high_count = FEW_HIGHS;
    if (length > 0 && data[0] & 1)
        btbb_clock_address(clock, 0x60a53a, 0x70);
    if (length > 0 && data[0] & 2)
        btbb_clock_defer(clock);
    for (size_t at = 2; at + PACKET_BYTES <= length && count < PACKETS_MAX; at += PACKET_BYTES) {
        struct btbb_clock_packet *packet = &packets[count];

        *packet = read_packet(data + at, count + 1, time_ns);
        time_ns = packet->time_ns;
        if (data[at] & 64)
            btbb_clock_address(clock, 0x60a53a, data[at + 2]);
        btbb_clock_hear(clock, packet);
        btbb_clock_at(clock, packet, BTBB_CLOCK_SO_FAR, &answers[count++]);
    }
    btbb_clock_finish(clock);
    check_answers(clock, count);
    check_segments(clock);
    btbb_clock_free(clock);
    hear_known(data, length, count);
    return 0;
}
