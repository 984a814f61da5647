/* totals.h: everything that a statistic counts.
 *
 *     struct btbb_totals *t = btbb_totals_for(&options);
 *     btbb_totals_add(t, record);              for every record, in any order
 *     ... rows.h, output.h ...                 read the totals as often as needed
 *     btbb_totals_free(t);
 *
 * Only what the options need is collected. Memory grows with clients and with cells that are not zero, never with
 * packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TOTALS_H
#define BTBB_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

#include "count/clients.h"
#include "count/levels.h"
#include "count/options.h"
#include "count/table.h"

/* Series after the sixteen TYPE codes. */
#define BTBB_SERIES_ID        BTBB_TYPES        /* access code only */
#define BTBB_SERIES_UNDECODED (BTBB_TYPES + 1u) /* more than an access code, without a header that counts */
#define BTBB_SERIES           (BTBB_TYPES + 2u)
#define BTBB_SERIES_BITS      5u /* of a cell's column that hold a series, see btbb_cell_key() */
#define BTBB_SERIES_MASK      ((1u << BTBB_SERIES_BITS) - 1u)
#define BTBB_CHANNEL_VALUES   256u /* a damaged file can contain any */

/* Tables of cells. The key of a cell is made by btbb_cell_key(). */
enum btbb_cells {
    BTBB_CELLS_LAP_TYPE,      /* client, series. With BTBB_CELLS_TIME_LAP_TYPE only packets without time stamp, because
                                   two cells for each client seen once would be too much memory */
    BTBB_CELLS_TIME,          /* interval: the only table whose key is the interval itself, (uint64_t) of
                                   floor(time / interval). Its element numbers stand for intervals in the others */
    BTBB_CELLS_TIME_LAP,      /* interval, client */
    BTBB_CELLS_TIME_TYPE,     /* interval, series */
    BTBB_CELLS_TIME_LAP_TYPE, /* interval, client, series */
    BTBB_CELLS_TIME_CHANNEL,  /* interval, channel */
    BTBB_CELLS_TIME_SIGNAL,   /* interval, client: signal levels, as with BTBB_NEED_SIGNAL_CELLS */
    BTBB_CELLS_COUNT
};

/* What to collect: a set of these bits. */
#define BTBB_NEED_CELLS(cells)   (1u << (cells))
#define BTBB_NEED_CLIENTS        (1u << 16)
#define BTBB_NEED_SUMS           (1u << 17)
#define BTBB_NEED_TYPES          (1u << 18)
#define BTBB_NEED_CHANNELS       (1u << 19)
#define BTBB_NEED_LEVELS_LAP     (1u << 20) /* signal levels of each client */
#define BTBB_NEED_LEVELS_CHANNEL (1u << 21) /* signal levels of each channel */
#define BTBB_NEED_SIGNAL_CELLS   (1u << 22) /* cells of time hold signal levels, see struct btbb_cell */
#define BTBB_NEED_NUMBERS                                                                                              \
    (1u << 23) /* clients, but only packets, typed and first_ns of each. Implied by BTBB_NEED_CLIENTS */
#define BTBB_NEED_ALL                                                                                                  \
    (BTBB_NEED_CLIENTS | BTBB_NEED_SUMS | BTBB_NEED_TYPES | BTBB_NEED_CHANNELS | BTBB_NEED_LEVELS_LAP |                \
     BTBB_NEED_LEVELS_CHANNEL | (BTBB_NEED_CELLS(BTBB_CELLS_COUNT) - 1u))

/* Those that use the payload: kind, CRC, retransmission. */
#define BTBB_NEED_PAYLOAD (BTBB_NEED_SUMS | BTBB_NEED_CHANNELS)

/* A packet's share of the `typed` of a cell that holds signal levels: so many dB above this. */
#define BTBB_SIGNAL_ZERO_DBM (-128)

/* There may be millions of cells, so their counts are short. btbb_cell_sum() returns the whole count. */
struct btbb_cell {
    uint64_t key;
    uint32_t packets; /* all. BTBB_NEED_SIGNAL_CELLS: packets with a signal level */
    uint32_t typed;   /* with a header that counts. BTBB_NEED_SIGNAL_CELLS: sum of their levels above
                         BTBB_SIGNAL_ZERO_DBM */
};

/* The overflow table: the part of a count that its cell does not hold. */
struct btbb_sum {
    uint64_t key;
    uint64_t packets;
    uint64_t typed;
};

struct btbb_channel {
    uint64_t packets;
    uint64_t signals; /* packets with a signal level */
    int64_t signal_sum_dbm;
    int8_t signal_max_dbm; /* valid when signals > 0 */
    uint64_t hec[4];       /* by enum btbb_check */
    uint64_t crc[4];
};

/* Ways through the code that counts: views that cost much per packet have their own. */
enum btbb_path {
    BTBB_PATH_LAP,       /* clients only */
    BTBB_PATH_IO_BY_LAP, /* intervals and the clients in them */
    BTBB_PATH_ANY,
    BTBB_PATH_SELECTED /* only packets that `selection` has */
};

struct btbb_totals {
    uint32_t needs;      /* BTBB_NEED_* */
    enum btbb_path path; /* how records are counted: set by what is needed and selected */
    int64_t interval_ns;
    struct btbb_selection selection;

    uint64_t counted;    /* records with a LAP: what every view calls packets */
    uint64_t no_lap;     /* frames too short to name their LAP: in no other count */
    uint64_t foreign;    /* records of other packets in the same capture format: in no other count */
    uint64_t frames;     /* all frames of the captures, whatever they are; valid when has_frames is set */
    uint64_t lost;       /* of `counted`: not kept because a table was full */
    uint64_t no_time;    /* of `counted`: without time stamp, so in no interval. This and the next are not counted when
                            only BTBB_NEED_CLIENTS is collected */
    uint64_t no_channel; /* of `counted`: without channel */
    bool has_frames;

    struct btbb_table clients; /* struct btbb_client; BTBB_NEED_CLIENTS and every table of cells with a client */
    struct btbb_table taught;  /* struct btbb_taught */
    uint64_t hec[4];           /* by enum btbb_check; BTBB_NEED_SUMS */
    uint64_t crc[4];
    uint64_t retransmissions;
    uint64_t clock_jumps;  /* packets more than a second earlier than the previous one of their capture */
    int64_t clock_lost_ns; /* sum of the differences, at most INT64_MAX */
    uint32_t clock_frame;  /* frame and time of the previous packet with a time stamp; 0: none */
    int64_t clock_ns;
    uint64_t types[BTBB_SERIES];               /* BTBB_NEED_TYPES */
    struct btbb_channel *channels;             /* BTBB_CHANNEL_VALUES of them; NULL without BTBB_NEED_CHANNELS */
    struct btbb_table levels_of_client;        /* struct btbb_levels by LAP; BTBB_NEED_LEVELS_LAP */
    struct btbb_table levels_of_channel;       /* struct btbb_levels by channel; BTBB_NEED_LEVELS_CHANNEL */
    struct btbb_table cells[BTBB_CELLS_COUNT]; /* struct btbb_cell */
    struct btbb_table large[BTBB_CELLS_COUNT]; /* struct btbb_sum of cells that have counted more than 32 bits */

    /* The interval of the last record, and the cell of each client in its last interval: without them every packet
     * would cost a division and two look-ups. */
    int64_t now_first_ns;
    uint64_t now_span_ns;       /* from the first to the last nanosecond of it */
    uint32_t now;               /* element number of that interval; BTBB_TABLE_NONE: none yet */
    struct btbb_cell *now_cell; /* its cell; valid when `now` is */
    struct btbb_cell **current; /* by client number: its last cell in BTBB_CELLS_TIME_LAP, or NULL */
    uint32_t current_room;
};

/* What a statistic with these options collects. */
uint32_t btbb_totals_needs(const struct btbb_options *options);

struct btbb_totals *btbb_totals_new(uint32_t needs, int64_t interval_ns);

/* Totals of the packets that these options select. */
struct btbb_totals *btbb_totals_with(uint32_t needs, const struct btbb_options *options);

/* Totals for these options: what they need, over their interval, of the packets that they select. */
struct btbb_totals *btbb_totals_for(const struct btbb_options *options);
void btbb_totals_reset(struct btbb_totals *totals);
void btbb_totals_free(struct btbb_totals *totals); /* accepts NULL */

/* The next record is of another capture, whose clock is another one. */
void btbb_totals_next_capture(struct btbb_totals *totals);

/* Count one record. Returns false, and counts nothing, when its version is not BTBB_RECORD_VERSION. */
bool btbb_totals_add(struct btbb_totals *totals, const struct btbb_record *record);

/* Add the counts of `from`. Returns false, and changes nothing, unless both collect the same over the same interval. */
bool btbb_totals_merge(struct btbb_totals *into, const struct btbb_totals *from);

/* A client's best-known address, including what other clients' packets have taught. */
struct btbb_client_address btbb_totals_address(const struct btbb_totals *totals, const struct btbb_client *client);

/* Key of a cell: `row` is a client number (BTBB_CELLS_LAP_TYPE) or an interval's element number, `column` a series,
 * a channel, a client number, or a client number * 32 + series (BTBB_CELLS_TIME_LAP_TYPE). */
static inline uint64_t btbb_cell_key(uint32_t row, uint32_t column)
{
    return (uint64_t)row << 32 | column;
}

/* The whole count of a cell of this table. */
static inline struct btbb_sum btbb_cell_sum(const struct btbb_totals *totals, enum btbb_cells cells,
                                            const struct btbb_cell *cell)
{
    struct btbb_sum sum = {cell->key, cell->packets, cell->typed};
    uint32_t number = btbb_table_find(&totals->large[cells], cell->key);

    if (number != BTBB_TABLE_NONE) {
        const struct btbb_sum *more = btbb_table_at(&totals->large[cells], number);

        sum.packets += more->packets;
        sum.typed += more->typed;
    }
    return sum;
}

/* Add to a cell of this table. Returns false when the overflow table is full. */
bool btbb_cell_add(struct btbb_totals *totals, enum btbb_cells cells, struct btbb_cell *cell, uint64_t packets,
                   uint64_t typed);

/* floor(time / interval), also before 1970. */
int64_t btbb_interval_of(int64_t time_ns, int64_t interval_ns);

/* interval * interval_ns, limited to the times that an int64_t can hold. */
int64_t btbb_interval_start(int64_t interval, int64_t interval_ns);

/* Series of a record: its TYPE code, BTBB_SERIES_ID or BTBB_SERIES_UNDECODED. */
static inline uint32_t btbb_series_of(const struct btbb_record *record)
{
    if (btbb_record_has_header(record))
        return record->type & (BTBB_TYPES - 1u);
    return record->packet_class == BTBB_CLASS_ID ? BTBB_SERIES_ID : BTBB_SERIES_UNDECODED;
}

#endif
