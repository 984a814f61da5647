/* list.h: captures -> one row per packet, for the view packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_LIST_H
#define BTBB_COMMAND_LIST_H

#include "options.h"
#include "read.h"

/* Reads the files one after the other, in their order, and writes their packets. Ends early when `stop` is set, and
 * sets it when writing has failed. Reports what was not read. Returns the worst result; sets *error when not everything
 * could be written. */
enum btbb_read_result btbb_list_packets(const struct btbb_command *command, atomic_bool *stop, char **error);

#endif
