/* clocks.h: seeks the clocks of a file's piconets before the file is counted or listed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_CLOCKS_H
#define BTBB_COMMAND_CLOCKS_H

#include "learn/capture.h"

#include "reading.h"

/* To be called before the file of `reading` is read into the new *capture. A regular file that is not followed is read
 * once here, so that its packets have from the first one on what all of them show. In other inputs they have what was
 * known at the time. Where no packet lacks a clock, *capture is replaced by a new one that seeks none. Sets
 * reading->learned while it reads, in the end to reading->size. */
void btbb_learn_clocks(struct btbb_capture **capture, struct btbb_reading *reading);

/* Whether it reads the file. */
bool btbb_is_read_twice(const struct btbb_reading *reading);

#endif
