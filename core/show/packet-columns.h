/* packet-columns.h: the columns of the view packets: functions that write them as text, one packet after the other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PACKET_COLUMNS_H
#define BTBB_PACKET_COLUMNS_H

#include <glib.h>
#include <string.h>

#include "count/options.h"
#include "learn/names.h"
#include "record.h"

/* Room that a column needs, the name of the capture excepted. Its text is at most half as long. */
#define BTBB_PACKET_TEXT 96

/* The same for the column `name`. */
#define BTBB_PACKET_NAME 4096u

/* Bytes of a part of a time: more than it needs, so that it can be copied without looking at its length. */
#define BTBB_PACKET_PART 32

/* Texts of a time, which stay the same for many packets. Zero it before the first packet of an output, and call
 * btbb_time_zone_refresh(). */
struct btbb_packet_texts {
    int64_t ns;           /* the time of all of them; valid when epoch_bytes > 0 */
    int64_t second;       /* ns in whole seconds */
    unsigned epoch_bytes; /* 0: none yet */
    unsigned time_bytes, offset_bytes, fraction_bytes;
    char epoch[BTBB_PACKET_PART];    /* "1339621571" */
    char time[BTBB_PACKET_PART];     /* "2012-06-13T21:06:11" */
    char fraction[BTBB_PACKET_PART]; /* ".330676" */
    char offset[BTBB_PACKET_PART];   /* "+02:00" */

    enum btbb_output_format format; /* how names are quoted */
    struct btbb_name name;          /* the last one; length 0: none yet */
    char *name_text;                /* of it; to be freed with g_free() after the last packet */
    size_t name_bytes;
};

/* Write the text of a column to `at`, which has room for btbb_packet_room() bytes. Returns its end, which is `at` when
 * the value is not known. */
typedef char *btbb_packet_column(char *at, const struct btbb_details *details, struct btbb_packet_texts *texts);

struct btbb_packet_format {
    const char *key; /* of the column in btbb_columns[BTBB_VIEW_PACKETS], or of the notebook's DataFrame */
    btbb_packet_column *write;
};

/* Bytes that the text of a column needs at most. */
static inline size_t btbb_packet_room(const char *key)
{
    return strcmp(key, "name") == 0 ? BTBB_PACKET_NAME : BTBB_PACKET_TEXT;
}

/* The function of a column; NULL when there is none. */
btbb_packet_column *btbb_packet_column_find(const char *key);

/* The notebook's columns, in its order. The array ends with a NULL key. */
extern const struct btbb_packet_format btbb_notebook_columns[];

#endif
