/* count.h: captures -> totals, on several threads.
 *
 * Every thread counts into its own totals, file after file. What one capture teaches (addresses, clocks) is not used
 * for another. The result depends neither on the order of the files nor on the threads that read them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_COUNT_H
#define BTBB_COMMAND_COUNT_H

#include <glib.h>

#include "count/totals.h"
#include "show/rows.h"

#include "options.h"
#include "read.h"

struct btbb_count;

struct btbb_progress {
    uint64_t bytes; /* read so far, in all passes */
    uint64_t size;  /* of all files and passes; 0 when the size of one is not known */
    unsigned files_done;
    unsigned files;
};

/* Starts reading. `command` and `stop` are only read, and must stay valid until btbb_count_free(). */
struct btbb_count *btbb_count_start(const struct btbb_command *command, const atomic_bool *stop);

/* Waits until everything has been read, or the time has passed. Returns whether everything has been read. */
bool btbb_count_wait(struct btbb_count *count, unsigned milliseconds);

struct btbb_progress btbb_count_progress(struct btbb_count *count);

/* For command->follow: nothing is counted between these two. */
void btbb_count_hold(struct btbb_count *count);
void btbb_count_release(struct btbb_count *count);

/* A copy of the totals so far, while counting is held. Free it with btbb_totals_free(). */
struct btbb_totals *btbb_count_snapshot(struct btbb_count *count);

/* The connections and names of the files that were read, in the order of the command line; while counting is held, or
 * once everything has been read. Free the array with g_free(); what it refers to is valid until btbb_count_free(). */
struct btbb_capture_links *btbb_count_captures(const struct btbb_count *count, size_t *captures);

/* The totals, once everything has been read. Call once, and free them with btbb_totals_free(). */
struct btbb_totals *btbb_count_take(struct btbb_count *count);

/* Once everything has been read: reports which files were not read to their end and why, and what files
 * without baseband packets hold instead. Returns the worst result. */
enum btbb_read_result btbb_count_result(const struct btbb_count *count);

/* Reports why a file was not read to its end, and what it holds instead of baseband packets. */
void btbb_count_report(const struct btbb_reading *file, const char *view);

void btbb_count_free(struct btbb_count *count);

#endif
