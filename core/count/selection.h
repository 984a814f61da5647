/* selection.h: which packets are counted: those of chosen clients, and those of a range of time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_SELECTION_H
#define BTBB_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/* Everything zero selects all packets. */
struct btbb_selection {
    uint32_t *laps; /* sorted; NULL: all clients */
    size_t lap_count;
    bool has_from, has_to;
    int64_t from_ns; /* nanoseconds since 1970: the first that is selected; valid when has_from */
    int64_t to_ns;   /* the first that is not; valid when has_to */
};

/* Add a client: a LAP ("48:31:dd"), a BD_ADDR ("00:11:61:48:31:dd", of which the LAP counts), or two of them joined by
 * "/" for the packets of both. Digits may be upper case. Returns false, and adds nothing, for any other text. */
bool btbb_selection_add(struct btbb_selection *selection, const char *text);

/* Read a time: seconds since 1970 in decimal digits ("1339621571.5"), or ISO 8601 ("2012-06-13T21:06:11"), which is
 * local time without a UTC offset. Returns false for any other text and for times that nanoseconds in 64 bits cannot
 * hold. */
bool btbb_selection_read_time(const char *text, int64_t *time_ns);

void btbb_selection_copy(struct btbb_selection *to, const struct btbb_selection *from);
void btbb_selection_clear(struct btbb_selection *selection);

static inline bool btbb_selection_is_all(const struct btbb_selection *selection)
{
    return !selection->laps && !selection->has_from && !selection->has_to;
}

/* Whether the client is selected. */
bool btbb_selection_has_client(const struct btbb_selection *selection, uint32_t lap);

/* Whether the packet is selected. One without time stamp is in no range of time. */
bool btbb_selection_has(const struct btbb_selection *selection, const struct btbb_record *record);

#endif
