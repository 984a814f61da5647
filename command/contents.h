/* contents.h: what a capture file holds besides the packets that were counted, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_CONTENTS_H
#define BTBB_COMMAND_CONTENTS_H

#include "reading.h"

/* BTBB_READ_FOREIGN for a file that was read to its end, has frames, none of them a baseband packet, and whose link
 * types are all of something else, HCI included; otherwise `result`. */
enum btbb_read_result btbb_contents_classify(const struct btbb_reading *reading, enum btbb_read_result result);

/* Why a file without baseband packets has none: how many frames of which link types it holds, and what shows them. NULL
 * when there is nothing to report; free with g_free(). */
char *btbb_contents_foreign(const struct btbb_reading *reading);

/* How many frames were of tunnels that may hold baseband frames and were not looked into, and the tshark command that
 * does. NULL when there are none; free with g_free(). */
char *btbb_contents_tunnels(const struct btbb_reading *reading, const char *view);

#endif
