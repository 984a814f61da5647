/* exit-status.h: tshark's exit status after a statistic could not be written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_EXIT_STATUS_H
#define BTBB_EXIT_STATUS_H

/* Make tshark end with status 2 ("the file could not be read or written", tshark(1)) after its normal end. May be
 * called more than once. Not for the Wireshark window.
 *
 * Wireshark's API has no result for the draw callback of a tap listener: tshark always ends with its own status. So the
 * process is ended by the last callback that a plugin gets, when all statistics and packets have been printed. */
void btbb_fail_at_exit(void);

#endif
