/* clock.h: the clock of one piconet that the file does not hold: from the hops of its packets, from an FHS packet, or,
 * for the direction alone, from the phase of its slots. docs/clock.md describes how it works and how sure it is.
 *
 * Only captures without the piconet's clock need it. Callers allocate it with the piconet's first packet without clock.
 *
 *     struct btbb_clock *clock = btbb_clock_new();
 *     for each frame of the piconet, in file order:
 *         btbb_clock_address(clock, lap, uap);           // once, when the UAP is known; again when it changes
 *         btbb_clock_hear(clock, &packet);               // may search, see BTBB_CLOCK_SEARCHES
 *         btbb_clock_at(clock, &packet, BTBB_CLOCK_SO_FAR, &answer);
 *     btbb_clock_finish(clock);                          // at the end of the file: may search once more
 *     for any frame, in any order:
 *         btbb_clock_at(clock, &packet, BTBB_CLOCK_WHOLE, &answer);
 *     btbb_clock_free(clock);
 *
 * There are two stages of knowledge. BTBB_CLOCK_SO_FAR is what one pass knows at a frame; the answer for a frame never
 * changes. BTBB_CLOCK_WHOLE is what is known after the last frame; it includes frames before the clock was found.
 *
 * Memory: at most BTBB_CLOCK_BYTES for each piconet, and less than 1 MiB more while a search runs. There is no global
 * state: several threads may use different clocks at the same time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CLOCK_H
#define BTBB_CORE_CLOCK_H

#include "learn/hop.h"

#define BTBB_CLOCK_BYTES    (1u << 20)
#define BTBB_CLOCK_SEARCHES 24u /* the most for each piconet; each takes less than a second */

/* The most in a row that find nothing: packets of many devices, or of none, do not follow one sequence of hops. */
#define BTBB_CLOCK_FAILURES 6u

/* Why the clock or the direction of a packet is not known. */
enum btbb_clock_reason {
    BTBB_CLOCK_KNOWN = 0,
    BTBB_CLOCK_TOO_FEW,       /* too few packets without a jump in time */
    BTBB_CLOCK_NO_UAP,        /* hops depend on the UAP, which is not known */
    BTBB_CLOCK_NO_CHANNEL,    /* the packets have no channel */
    BTBB_CLOCK_TIME_BASE,     /* time stamps are too coarse: packets do not start on slots of 625 us */
    BTBB_CLOCK_NO_MATCH,      /* no clock explains the channels */
    BTBB_CLOCK_ONE_DIRECTION, /* two clocks explain them equally well: all packets are of one direction */
    BTBB_CLOCK_TIED,          /* several clocks explain them equally well */
    BTBB_CLOCK_OFF_SLOT,      /* this packet does not start on a slot, or the slots are not known at its time */
    BTBB_CLOCK_OFF_HOP,       /* this packet's channel is not the piconet's: probably it is not its packet */
    BTBB_CLOCK_NEW_PICONET,   /* this FHS packet begins another piconet. Not given by this module */
    BTBB_CLOCK_LIMIT,         /* too much to remember, too much to search, or out of memory */
    BTBB_CLOCK_NOT_SOUGHT     /* frames were counted without looking for the clock. Not given by this module */
};

/* One packet as it was heard. */
struct btbb_clock_packet {
    uint32_t frame;  /* number in the file, from 1; grows from call to call */
    int64_t time_ns; /* when its access code began, or a constant time later */
    bool has_channel;
    uint8_t channel; /* 0..78; a greater one counts as none */
    uint8_t slots;   /* 1, 3 or 5: of its kind, where a good HEC or CRC proves it; 0: unknown */
    uint8_t sender;  /* enum btbb_dir, where the packet proves it: a POLL with good HEC, btbb_lmp_direction_proof() */
    bool proven;     /* a good HEC or CRC: certainly a packet of this piconet */
    bool has_clk6;   /* legacy files: CLK6-1 of its start slot */
    uint8_t clk6;    /* 0..63 */
    uint32_t lap;    /* of its access code */
    bool connected;  /* its HEC is good, and it is no FHS packet: devices are connected in its piconet */
    bool has_fhs;    /* a proven FHS packet with this piconet's Central as sender, of a page or a role switch */
    bool fhs_may_be_odd; /* its CLK1 may be 1: see btbb_clocks_learn_fhs() */
    uint32_t fhs_clk27_2;
};

enum btbb_clock_stage { BTBB_CLOCK_SO_FAR, BTBB_CLOCK_WHOLE };

struct btbb_clock_answer {
    bool has_clk;
    uint32_t clk;       /* CLK27-1 of the packet's start slot; valid when has_clk */
    uint8_t dir;        /* enum btbb_dir */
    uint8_t source;     /* enum btbb_clock_source, of both. Here, FHS, HOPS or PHASE */
    uint8_t reason;     /* enum btbb_clock_reason: why there is no clock; BTBB_CLOCK_KNOWN where there is */
    uint8_t twins;      /* other clocks that explain the packets as well: nearly always a few slots away */
    bool contradiction; /* the packet proves another sender than `dir` */
    float confidence; /* probability that clock (or direction, where it is alone) is right; 0 where both are unknown */
};

/* A part of the capture without a jump in time, for a table of piconets. Times in ns, frames from 1. */
struct btbb_clock_segment {
    uint32_t first_frame, last_frame;
    int64_t first_ns, last_ns;
    uint32_t packets;     /* heard */
    uint32_t explained;   /* by slots and hops; source PHASE: by slots. 0 where nothing was found */
    uint32_t unexplained; /* packets after the first explained one that are not */
    uint8_t source;       /* enum btbb_clock_source */
    uint8_t reason;       /* enum btbb_clock_reason */
    uint8_t twins;
    bool has_clk;
    uint32_t clk;     /* CLK27-1 at first_ns; valid when has_clk */
    double drift_ppm; /* how much faster than the piconet's the capturing device's clock is */
    double chance;    /* expected number of wrong clocks that would explain as much; source HOPS */
    float confidence; /* as in the answer */
    uint32_t direct;  /* of those explained: on the channel of a hop itself; source FILE, OFFSET */
    double evidence; /* that hops follow the clock, in nats: ln(probability if they do / if not); source FILE, OFFSET */
    bool adapted;    /* the adapted sequence is in use at its end; not source PHASE */
    uint8_t ended_by; /* enum btbb_clock_end */
};

enum btbb_clock_end {
    BTBB_CLOCK_END_FILE = 0,
    BTBB_CLOCK_END_SILENCE,  /* no packet for so long that the slots were lost */
    BTBB_CLOCK_END_BACKWARD, /* time jumped backward */
    BTBB_CLOCK_END_LOST,     /* slots and hops do not fit any longer: time jumped, or the clock */
    BTBB_CLOCK_END_ADDRESS,  /* another UAP */
    BTBB_CLOCK_END_LIMIT     /* too much to remember: see btbb_clock_rest() */
};

/* The map of adaptive frequency hopping, as packets showed it at a time. */
enum btbb_clock_use { BTBB_CLOCK_USE_UNKNOWN = 0, BTBB_CLOCK_USED, BTBB_CLOCK_UNUSED };

struct btbb_clock_map {
    uint32_t frame;
    int64_t time_ns;
    uint8_t use[BTBB_CHANNELS]; /* enum btbb_clock_use */
};

struct btbb_clock;

/* NULL only when memory is exhausted; free with btbb_clock_free(), which takes NULL. */
struct btbb_clock *btbb_clock_new(void);
void btbb_clock_free(struct btbb_clock *clock);

/* What is known so far, to be finished while the original hears more. NULL only when memory is exhausted. */
struct btbb_clock *btbb_clock_copy(const struct btbb_clock *clock);

/* The Central's address. Its UAP counts by the low four bits: when they change, what was found before holds up to the
 * last frame heard. */
void btbb_clock_address(struct btbb_clock *clock, uint32_t lap, uint8_t uap);

/* Called while a search runs, with the share done, 0..1; false ends the search without a result. NULL: none. */
void btbb_clock_progress(struct btbb_clock *clock, bool (*progress)(void *data, double done), void *data);

/* Search as late as memory allows, mostly in btbb_clock_finish(): for callers that only use stage BTBB_CLOCK_WHOLE. */
void btbb_clock_defer(struct btbb_clock *clock);

void btbb_clock_hear(struct btbb_clock *clock, const struct btbb_clock_packet *packet);
void btbb_clock_finish(struct btbb_clock *clock);

/* What is known of a packet. Uses frame, time, clk6 and sender of the packet. `clock` may be NULL: nothing is known. */
void btbb_clock_at(const struct btbb_clock *clock, const struct btbb_clock_packet *packet, enum btbb_clock_stage stage,
                   struct btbb_clock_answer *answer);

/* Clocks that the packet's start slot may have, most probable first: the only one, or the twins, as many as there is
 * room for. Stage BTBB_CLOCK_WHOLE. Returns their number, 0 to BTBB_CLOCK_CANDIDATES. Callers that can check a clock,
 * for example by a CRC after decryption, may try them all. */
#define BTBB_CLOCK_CANDIDATES 8u
unsigned btbb_clock_candidates(const struct btbb_clock *clock, const struct btbb_clock_packet *packet,
                               uint32_t clks[BTBB_CLOCK_CANDIDATES]);

/* Segments in file order; the last one is still open before btbb_clock_finish(). */
unsigned btbb_clock_segment_count(const struct btbb_clock *clock);
struct btbb_clock_segment btbb_clock_segment_at(const struct btbb_clock *clock, unsigned number);

/* Packets in no segment: those heard after a bound was reached, with the reason BTBB_CLOCK_LIMIT. first_ns and last_ns
 * are the earliest and the latest time. NULL: none. `clock` may be NULL. Valid until the next packet is heard. */
const struct btbb_clock_segment *btbb_clock_rest(const struct btbb_clock *clock);

/* Where several clocks explain the packets of a segment as well: those that are left, CLK27-1 at its first_ns, most
 * probable first, as many as there is room for. Returns their number; 0 where the clock is known, or none was found,
 * and for the open segment. */
unsigned btbb_clock_segment_candidates(const struct btbb_clock *clock, unsigned number,
                                       uint32_t clks[BTBB_CLOCK_CANDIDATES]);

/* Maps in file order, one for each change, at most 64 for each segment. */
unsigned btbb_clock_map_count(const struct btbb_clock *clock, unsigned segment);
struct btbb_clock_map btbb_clock_map_at(const struct btbb_clock *clock, unsigned segment, unsigned number);

/* The map at the end of a segment. Returns false when the basic sequence is in use, or no map is known. */
bool btbb_clock_last_map(const struct btbb_clock *clock, unsigned segment, struct btbb_clock_map *map);

/* A piconet whose clock the file holds, for tables: such a clock hears no other packets, and only its segments and maps
 * are used, which need no btbb_clock_finish(). btbb_clock_known_address() stands for btbb_clock_address(). `clk`:
 * CLK27-1 of the packet's start slot; `source`: FILE or OFFSET. A segment ends where time and clock do not advance
 * alike. */
void btbb_clock_known_address(struct btbb_clock *clock, uint32_t lap, uint8_t uap);
void btbb_clock_hear_known(struct btbb_clock *clock, const struct btbb_clock_packet *packet, uint32_t clk,
                           enum btbb_clock_source source);

/* Captures whose file has a clock need none of the above. ESP32: the piconet's clock was read after a packet of `slots`
 * slots (1, 3, 5) was complete, perhaps a slot late. The start slot is the latest one of the sender's parity. */
uint32_t btbb_clock_start_slot(uint32_t clk, unsigned slots, enum btbb_dir sender);

/* Offset of a piconet's CLK27-1 to the capturing device's own clock, from an FHS packet received at `own_clk`. */
uint32_t btbb_clock_offset(uint32_t fhs_clk27_2, uint32_t own_clk);

#endif
