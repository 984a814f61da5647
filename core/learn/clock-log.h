/* clock-log.h: the clocks of all piconets of a capture, for tables: those that the file holds, those that are found,
 * and why other piconets have none.
 *
 *     struct btbb_clock_log *log = btbb_clock_log_new();
 *     for each frame, in file order, once it was learned:
 *         btbb_piconet_packet_fill(number, &frame, &facts, &verdict, &packet);
 *         btbb_clock_log_add(log, &packet);
 *     btbb_clock_log_finish(log, true);                  // may search; again after more packets
 *     for (unsigned i = 0; i < btbb_clock_log_count(log); i++)
 *         ... btbb_clock_log_part(log, i) ...
 *     btbb_clock_log_free(log);
 *
 * It searches for itself, whether the capture's clocks are sought or not, so all programs know the same at its end. A
 * piconet is a LAP of which more than an access code was seen, or whose Central was the sender of an FHS packet.
 *
 * Bounds: as clocks.h; BTBB_AFH_MAPS maps of LMP_set_AFH for each piconet, the latest ones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_CLOCK_LOG_H
#define BTBB_CORE_CLOCK_LOG_H

#include "learn/capture.h"
#include "learn/clocks.h"

/* The dissector queues a struct btbb_piconet_packet for each frame. */
#define BTBB_PICONET_TAP_NAME "btbb_piconets"

#define BTBB_PICONET_PACKET_VERSION 2u /* increased whenever a member is added, removed, moved or changes its meaning */

#define BTBB_AFH_MAPS 64u

/* Why a piconet has no clock: these, or enum btbb_clock_reason. */
enum btbb_clock_log_reason {
    BTBB_CLOCK_NO_TIME = BTBB_CLOCK_NOT_SOUGHT + 1, /* the packets have no time stamps */
    BTBB_CLOCK_NO_OFFSET,                           /* the capturing device's clock only */
    BTBB_CLOCK_CONTRADICTED,                        /* the clock of the file is not that of the piconet */
    BTBB_CLOCK_NO_MEANING,                          /* the file does not announce what its clock is */
    BTBB_CLOCK_LOG_REASONS
};

/* Any of these reasons in words, without a full stop. */
const char *btbb_clock_reason_text(unsigned reason);

/* An LMP_set_AFH (Core Specification Vol 2 Part C, 4.1.4). */
struct btbb_afh_map {
    uint32_t frame;
    bool has_time;
    int64_t time_ns;            /* of the packet; valid when has_time */
    uint32_t instant;           /* CLK27-1 of the piconet from which on the map holds */
    uint8_t lt_addr;            /* of the Peripheral, 1 to 7; 0: not known */
    uint8_t use[BTBB_CHANNELS]; /* enum btbb_clock_use; all used where AFH is switched off */
};

/* What the log needs of one packet: flat, so that it can be passed on by a tap. */
struct btbb_piconet_packet {
    uint32_t version;     /* BTBB_PICONET_PACKET_VERSION; a listener built for another version must not read on */
    bool last;            /* the capture was read before, and this is its last frame */
    bool is_known;        /* a packet of a piconet whose LAP is known. Otherwise the members below are not valid */
    bool has_access_code; /* false: a record of a controller, which names devices instead */
    bool has_header;      /* more than an access code */
    bool has_time;        /* less than 146 years before or after 1970 */
    uint32_t lap;
    struct btbb_address best;       /* the best known of the piconet's address */
    struct btbb_clock_packet heard; /* frame, and time when has_time; all of it when `sought` */
    bool sought;                    /* the clock is to be found: btbb_clocks_packet() */
    uint8_t source;                 /* FILE, OFFSET: `clk` is valid; otherwise BTBB_CLOCK_UNKNOWN */
    uint32_t clk;                   /* CLK27-1 of the start slot */
    uint8_t reason;                 /* why not; valid when neither of both */
    bool has_fhs;                   /* an FHS packet of a page or a role switch: the clock of the sender's piconet */
    uint32_t fhs_lap, fhs_clk27_2;
    uint8_t fhs_uap;
    bool has_afh;
    struct btbb_afh_map afh;
};

/* Completes a packet from a frame that was learned or recalled; of a decrypted one, the plain frame and its facts. */
void btbb_piconet_packet_fill(uint32_t number, const struct btbb_frame *frame, const struct btbb_facts *facts,
                              const struct btbb_verdict *verdict, struct btbb_piconet_packet *packet);

/* A part of the capture in which one clock explains the packets of a piconet, or none does. */
struct btbb_clock_part {
    uint32_t lap;
    struct btbb_address address;
    unsigned number; /* of the parts of the piconet, from 1 */
    struct btbb_clock_segment segment;
    bool has_explained; /* segment.explained and unexplained are known */
    bool has_drift;
    bool has_jump;
    int64_t jump_ns; /* how far the capturing device's clock has jumped since the part before */
    uint8_t reason;  /* of both enums: why there is no clock; BTBB_CLOCK_KNOWN where there is */

    /* The maps of the hops, for btbb_clock_map_at(). NULL: none. */
    const struct btbb_clock *clock;
    unsigned clock_segment;

    const struct btbb_afh_map *afh; /* the latest LMP_set_AFH up to the end of the part; NULL: none */
    unsigned afh_count;             /* those within the part: afh[1 - afh_count] to afh[0] */
};

struct btbb_clock_log;

/* NULL only when memory is exhausted. Free with btbb_clock_log_free(), which accepts NULL. */
struct btbb_clock_log *btbb_clock_log_new(void);
void btbb_clock_log_free(struct btbb_clock_log *log);

/* Ignores packets of another version. */
void btbb_clock_log_add(struct btbb_clock_log *log, const struct btbb_piconet_packet *packet);

/* Brings the parts up to date. Returns false when memory is exhausted: then there are none. Each call may search again
 * for piconets with new packets. `all` is false for callers that show a growing capture now and then: packets count
 * only after half as many again. */
bool btbb_clock_log_finish(struct btbb_clock_log *log, bool all);

/* The parts, by piconet in the order of the first packet, then by time. Valid until the next packet is added. */
unsigned btbb_clock_log_count(const struct btbb_clock_log *log);
const struct btbb_clock_part *btbb_clock_log_part(const struct btbb_clock_log *log, unsigned number);

/* Packets that are in no part: of piconets beyond the bound, and of records of controllers. */
uint32_t btbb_clock_log_dropped(const struct btbb_clock_log *log);
uint32_t btbb_clock_log_foreign(const struct btbb_clock_log *log);

#endif
