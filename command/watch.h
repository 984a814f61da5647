/* watch.h: what is on the screen while the threads read: a progress bar, or the table of a growing file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_WATCH_H
#define BTBB_COMMAND_WATCH_H

#include "vendors/vendors.h"

#include "count.h"

/* Returns when all is read and leaves nothing on the screen. */
void btbb_watch(struct btbb_count *count, const struct btbb_command *command, const struct btbb_vendors *vendors);

#endif
