/* watch.h: the screen while captures are read: a progress bar, or the table of a growing file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_WATCH_H
#define BTBB_COMMAND_WATCH_H

#include "vendors/vendors.h"

#include "count.h"

/* Returns once everything has been read, and leaves nothing on the screen. */
void btbb_watch(struct btbb_count *count, const struct btbb_command *command, const struct btbb_vendors *vendors);

#endif
