/* count.h: captures -> totals, on as many threads as wanted.
 *
 * Every thread counts into totals of its own, file after file; what is known of one capture (addresses, clocks) never
 * reaches another. The result does not depend on the order of the files or on who read them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_COUNT_H
#define BTBB_COMMAND_COUNT_H

#include <glib.h>
#include <stdio.h>

#include "count/totals.h"

#include "options.h"
#include "read.h"

struct btbb_count;

struct btbb_progress {
    uint64_t bytes; /* read so far */
    uint64_t size;  /* of all files; 0 when that of one is not known */
    unsigned files_done;
    unsigned files;
};

/* Starts reading. `command` and `stop` are only read and must stay. */
struct btbb_count *btbb_count_start(const struct btbb_command *command, const atomic_bool *stop);

/* Waits until all is read (true) or the time has passed. */
bool btbb_count_wait(struct btbb_count *count, unsigned milliseconds);

struct btbb_progress btbb_count_progress(struct btbb_count *count);

/* What was counted until now; only with `follow`. The caller frees it with btbb_totals_free(). */
struct btbb_totals *btbb_count_snapshot(struct btbb_count *count);

/* When all is read: what was counted, once; the caller frees it. */
struct btbb_totals *btbb_count_take(struct btbb_count *count);

/* When all is read: says on `out` which files were not read to their end, and why. */
enum btbb_read_result btbb_count_result(const struct btbb_count *count, FILE *out);

void btbb_count_free(struct btbb_count *count);

#endif
