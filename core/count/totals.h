/* totals.h: everything a statistic counts. Add records in any order, merge, read. No Wireshark, no output.
 *
 *     struct btbb_totals *t = btbb_totals_new(btbb_totals_needs(&options), options.interval_ns);
 *     btbb_totals_add(t, record);              for every record
 *     ... rows.h, print.h ...                  reads, changes nothing, as often as wanted
 *     btbb_totals_free(t);
 *
 * Only what was asked for is collected. Memory grows with clients and with cells that are not zero, never with packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TOTALS_H
#define BTBB_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

#include "count/clients.h"
#include "count/options.h"
#include "count/table.h"

/* Behind the sixteen TYPE codes: */
#define BTBB_SERIES_ID       BTBB_TYPES        /* access code only */
#define BTBB_SERIES_UNPROVEN (BTBB_TYPES + 1u) /* header neither proven nor counted: HEC bad, whitened, zero */
#define BTBB_SERIES          (BTBB_TYPES + 2u)
#define BTBB_SERIES_BITS     5u /* of a cell's column that hold a series, see btbb_cell_key() */
#define BTBB_SERIES_MASK     ((1u << BTBB_SERIES_BITS) - 1u)
#define BTBB_CHANNEL_VALUES  256u /* a damaged file can name any */

/* Tables of cells. The key of a cell is made by btbb_cell_key(). */
enum btbb_cells {
    BTBB_CELLS_LAP_TYPE,      /* client, series. Only packets without time stamp where BTBB_CELLS_TIME_LAP_TYPE holds
                                   the others: two cells for a client seen once would be one too many */
    BTBB_CELLS_TIME,          /* interval: the only table whose key is the interval itself, (uint64_t) of
                                   floor(time / interval). Its element numbers stand for intervals in the others */
    BTBB_CELLS_TIME_LAP,      /* interval, client */
    BTBB_CELLS_TIME_TYPE,     /* interval, series */
    BTBB_CELLS_TIME_LAP_TYPE, /* interval, client, series */
    BTBB_CELLS_TIME_CHANNEL,  /* interval, channel */
    BTBB_CELLS_COUNT
};

/* What to collect: a set of these. */
#define BTBB_NEED_CELLS(cells) (1u << (cells))
#define BTBB_NEED_CLIENTS      (1u << 16)
#define BTBB_NEED_SUMS         (1u << 17)
#define BTBB_NEED_TYPES        (1u << 18)
#define BTBB_NEED_CHANNELS     (1u << 19)
#define BTBB_NEED_ALL                                                                                                  \
    (BTBB_NEED_CLIENTS | BTBB_NEED_SUMS | BTBB_NEED_TYPES | BTBB_NEED_CHANNELS |                                       \
     (BTBB_NEED_CELLS(BTBB_CELLS_COUNT) - 1u))

/* Those of them that read what the payload says: kind, crc, retransmission. */
#define BTBB_NEED_PAYLOAD (BTBB_NEED_SUMS | BTBB_NEED_CHANNELS)

/* There may be millions of them, so their counts are short; btbb_cell_sum() tells the whole. */
struct btbb_cell {
    uint64_t key;
    uint32_t packets; /* all */
    uint32_t typed;   /* with a header that counts */
};

/* Counts that are too large for a cell, and so much of them as the cell does not hold. */
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

struct btbb_totals {
    uint32_t needs; /* BTBB_NEED_* */
    int64_t interval_ns;

    uint64_t counted;    /* records with a LAP: what every view calls packets */
    uint64_t no_lap;     /* frames too short to name their LAP: in no other count */
    uint64_t lost;       /* of `counted`: not kept because a table was full */
    uint64_t no_time;    /* of `counted`: without time stamp, so in no interval. This and the next are not
                                   counted when nothing but BTBB_NEED_CLIENTS is collected */
    uint64_t no_channel; /* of `counted`: without channel */

    struct btbb_table clients; /* struct btbb_client; BTBB_NEED_CLIENTS and every table of cells with a client */
    struct btbb_table taught;  /* struct btbb_taught */
    uint64_t hec[4];           /* by enum btbb_check; BTBB_NEED_SUMS */
    uint64_t crc[4];
    uint64_t retransmissions;
    uint64_t types[BTBB_SERIES];               /* BTBB_NEED_TYPES */
    struct btbb_channel *channels;             /* BTBB_CHANNEL_VALUES of them; NULL without BTBB_NEED_CHANNELS */
    struct btbb_table cells[BTBB_CELLS_COUNT]; /* struct btbb_cell */
    struct btbb_table large[BTBB_CELLS_COUNT]; /* struct btbb_sum of cells that have counted more than 32 bits */

    int64_t now_first_ns; /* the interval of the last record, to spare dividing and looking up */
    int64_t now_last_ns;
    uint32_t now; /* its element number; BTBB_TABLE_NONE: no such interval yet */
};

/* What these options make a statistic collect. */
uint32_t btbb_totals_needs(const struct btbb_options *options);

struct btbb_totals *btbb_totals_new(uint32_t needs, int64_t interval_ns);
void btbb_totals_reset(struct btbb_totals *totals);
void btbb_totals_free(struct btbb_totals *totals); /* takes NULL */

/* Count one record. False, and nothing counted, when its version is not BTBB_RECORD_VERSION. */
bool btbb_totals_add(struct btbb_totals *totals, const struct btbb_record *record);

/* Add the counts of `from`. False, and nothing changed, unless both collect the same over the same interval. */
bool btbb_totals_merge(struct btbb_totals *into, const struct btbb_totals *from);

/* A client's best-known address, whoever named it. */
struct btbb_client_address btbb_totals_address(const struct btbb_totals *totals, const struct btbb_client *client);

/* Key of a cell: `row` is a client number (BTBB_CELLS_LAP_TYPE) or an interval's element number, `column` a series,
 * a channel, a client number, or a client number * 32 + series (BTBB_CELLS_TIME_LAP_TYPE). */
static inline uint64_t btbb_cell_key(uint32_t row, uint32_t column)
{
    return (uint64_t)row << 32 | column;
}

/* What a cell of this table has counted. */
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

/* Count so many packets more in a cell of this table. False when there was no room. */
bool btbb_cell_add(struct btbb_totals *totals, enum btbb_cells cells, struct btbb_cell *cell, uint64_t packets,
                   uint64_t typed);

/* floor(time / interval), also before 1970. */
int64_t btbb_interval_of(int64_t time_ns, int64_t interval_ns);

/* interval * interval_ns, or the first or last time there is where that is beyond it. */
int64_t btbb_interval_start(int64_t interval, int64_t interval_ns);

/* Series of a record: its TYPE code, BTBB_SERIES_ID or BTBB_SERIES_UNPROVEN. */
static inline uint32_t btbb_series_of(const struct btbb_record *record)
{
    if (btbb_record_has_header(record))
        return record->type & (BTBB_TYPES - 1u);
    return record->packet_class == BTBB_CLASS_ID ? BTBB_SERIES_ID : BTBB_SERIES_UNPROVEN;
}

#endif
