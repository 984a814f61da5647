/* clock-trace.c: find the clocks of piconets whose packets are described on standard input; for tests/test_clock.py.
 *
 * Commands, one a line:
 *     new LAP UAP                              another piconet (hexadecimal); UAP "-": not known
 *     defer                                    search at the end only
 *     hear FRAME NS CHANNEL SENDER PROVEN CLK6 FHS SLOTS
 *                                              CHANNEL, CLK6, FHS: -1 = none; SENDER: 0, 1, 2 (enum btbb_dir)
 *     end                                      prints the segments, their maps, and what is known of each packet
 *     hop CLK MASK, then: hops                 prints the channels; MASK: used channels (hexadecimal), "-": basic hops
 *     slots                                    the packets are searched as if their times were slot numbers;
 *                                              prints the clocks found, accepted or not
 * Output, one line each:
 *     segment FIRST LAST PACKETS EXPLAINED UNEXPLAINED SOURCE REASON TWINS CLK DRIFT CHANCE ADAPTED END
 *     map FRAME 79 characters
 *     at FRAME CLK DIR SOURCE REASON TWINS CONTRADICTION, so far, then the same for the whole; CLK -1: not known; then
 *         all clocks that are possible
 *     found CHANCE POSTERIOR EVENTS SCORE CLK...
 *     done
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learn/clock-search.h"
#include "learn/clock.h"

#define PACKETS 100000u

static struct btbb_clock *piconet;
static struct btbb_clock_packet packets[PACKETS];
static struct btbb_clock_answer so_far[PACKETS];
static unsigned count;
static unsigned lap, uap;
static bool has_uap;

_Noreturn static void fail(const char *why)
{
    fprintf(stderr, "clock-trace: %s\n", why);
    exit(1);
}

static void begin(const char *line)
{
    char uap_text[8];

    btbb_clock_free(piconet);
    piconet = btbb_clock_new();
    count = 0;
    if (!piconet || sscanf(line, "new %x %7s", &lap, uap_text) != 2)
        fail("new LAP UAP");
    has_uap = uap_text[0] != '-';
    uap = (unsigned)strtoul(uap_text, NULL, 16);
    if (has_uap)
        btbb_clock_address(piconet, lap, (uint8_t)uap);
}

static void hear(const char *line)
{
    unsigned frame;
    int channel, sender, proven, clk6, slots;
    long fhs;
    int64_t ns;

    if (count == PACKETS || !piconet ||
        sscanf(line, "hear %u %" SCNd64 " %d %d %d %d %ld %d", &frame, &ns, &channel, &sender, &proven, &clk6, &fhs,
               &slots) != 8)
        fail("hear FRAME NS CHANNEL SENDER PROVEN CLK6 FHS SLOTS");
    struct btbb_clock_packet *packet = &packets[count];

    *packet = (struct btbb_clock_packet){.frame = frame,
                                         .time_ns = ns,
                                         .has_channel = channel >= 0,
                                         .channel = (uint8_t)channel,
                                         .slots = (uint8_t)slots,
                                         .sender = (uint8_t)sender,
                                         .proven = proven != 0,
                                         .has_clk6 = clk6 >= 0,
                                         .clk6 = (uint8_t)(clk6 & 63),
                                         .has_fhs = fhs >= 0,
                                         .fhs_clk27_2 = (uint32_t)fhs};
    btbb_clock_hear(piconet, packet);
    btbb_clock_at(piconet, packet, BTBB_CLOCK_SO_FAR, &so_far[count++]);
}

static void print_answer(const struct btbb_clock_answer *answer)
{
    printf(" %" PRId64 " %u %u %u %u %d", answer->has_clk ? (int64_t)answer->clk : -1, answer->dir, answer->source,
           answer->reason, answer->twins, answer->contradiction);
}

static void print_candidates(const struct btbb_clock_packet *packet)
{
    uint32_t clks[BTBB_CLOCK_CANDIDATES];
    const unsigned possible = btbb_clock_candidates(piconet, packet, clks);

    for (unsigned i = 0; i < possible; i++)
        printf(" %u", clks[i]);
    putchar('\n');
}

static bool same(const struct btbb_clock_answer *a, const struct btbb_clock_answer *b)
{
    return a->has_clk == b->has_clk && a->clk == b->clk && a->dir == b->dir && a->source == b->source &&
           a->reason == b->reason && a->twins == b->twins && a->contradiction == b->contradiction &&
           a->confidence == b->confidence;
}

static void print_segments(void)
{
    for (unsigned i = 0; i < btbb_clock_segment_count(piconet); i++) {
        const struct btbb_clock_segment s = btbb_clock_segment_at(piconet, i);

        printf("segment %u %u %u %u %u %u %u %u %" PRId64 " %.2f %.3g %d %u\n", s.first_frame, s.last_frame, s.packets,
               s.explained, s.unexplained, s.source, s.reason, s.twins, s.has_clk ? (int64_t)s.clk : -1, s.drift_ppm,
               s.chance, s.adapted, s.ended_by);
        for (unsigned k = 0; k < btbb_clock_map_count(piconet, i); k++) {
            const struct btbb_clock_map map = btbb_clock_map_at(piconet, i, k);
            char use[BTBB_CHANNELS + 1] = {0};

            for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++)
                use[channel] = "?#."[map.use[channel]];
            printf("map %u %s\n", map.frame, use);
        }
    }
}

static void end(void)
{
    btbb_clock_finish(piconet);
    print_segments();
    for (unsigned i = 0; i < count; i++) {
        struct btbb_clock_answer again, whole;

        btbb_clock_at(piconet, &packets[i], BTBB_CLOCK_SO_FAR, &again);
        btbb_clock_at(piconet, &packets[i], BTBB_CLOCK_WHOLE, &whole);
        if (!same(&so_far[i], &again))
            fail("another answer than before");
        printf("at %u", packets[i].frame);
        print_answer(&again);
        print_answer(&whole);
        print_candidates(&packets[i]);
    }
    puts("done");
    fflush(stdout);
}

static int hexadecimal(char digit)
{
    const char *digits = "0123456789abcdef", *at = digit ? strchr(digits, digit) : NULL;

    return at ? (int)(at - digits) : 0;
}

static void print_hop(const char *line)
{
    char mask[32];
    unsigned clk;
    struct btbb_hop hop;
    struct btbb_hop_map map = {0};

    if (sscanf(line, "hop %u %31s", &clk, mask) != 2)
        fail("hop CLK MASK");
    btbb_hop_init(&hop, lap, (uint8_t)uap);
    const unsigned digits = (unsigned)strlen(mask);

    for (unsigned channel = 0; channel < BTBB_CHANNELS && channel / 4 < digits; channel++)
        map.used[channel] = (uint8_t)(hexadecimal(mask[digits - 1 - channel / 4]) >> channel % 4 & 1);
    btbb_hop_map_order(&map);
    printf("%u\n", map.count ? btbb_hop_adapted(&hop, clk, &map) : btbb_hop_basic(&hop, clk));
}

static void search_slots(void)
{
    static struct btbb_search_packet placed[BTBB_SEARCH_PACKETS];
    static struct btbb_search_result result;
    struct btbb_search search = {.packets = placed, .lows = ~UINT64_C(0), .hypotheses = 1};

    btbb_hop_init(&search.hop, lap, (uint8_t)uap);
    for (; search.count < count && search.count < BTBB_SEARCH_PACKETS; search.count++) {
        const struct btbb_clock_packet *packet = &packets[search.count];

        placed[search.count] =
            (struct btbb_search_packet){(int32_t)packet->time_ns, packet->channel, packet->sender, packet->slots};
        if (search.count == 0 && packet->has_clk6)
            search.lows = UINT64_C(1) << ((packet->clk6 - (unsigned)packet->time_ns) & 63);
    }
    btbb_search_run(&search, &result);
    printf("found %.3g %.6f %u %u", result.chance, result.posterior, result.events, result.score);
    for (unsigned i = 0; i < result.count; i++)
        printf(" %u:%.2f", result.found[i].clk, result.found[i].model.log_ratio);
    puts("\ndone");
    fflush(stdout);
}

int main(void)
{
    char line[256];

    while (fgets(line, sizeof line, stdin)) {
        if (strncmp(line, "new ", 4) == 0)
            begin(line);
        else if (strncmp(line, "hear ", 5) == 0)
            hear(line);
        else if (strncmp(line, "defer", 5) == 0 && piconet)
            btbb_clock_defer(piconet);
        else if (strncmp(line, "hop ", 4) == 0)
            print_hop(line);
        else if (strncmp(line, "hops", 4) == 0)
            puts("done");
        else if (strncmp(line, "slots", 5) == 0)
            search_slots();
        else if (strncmp(line, "end", 3) == 0 && piconet)
            end();
        else
            fail("unknown command");
    }
    btbb_clock_free(piconet);
    return 0;
}
