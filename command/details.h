/* details.h: a frame of a capture -> everything that is known of its packet, for the view packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_DETAILS_H
#define BTBB_COMMAND_DETAILS_H

#include "learn/capture.h"
#include "learn/link-log.h"

#include "reading.h"

/* `capture`: what the frames before this one have taught; it learns from this one, as does `log`, which may be NULL. */
void btbb_read_details(struct btbb_capture *capture, struct btbb_link_log *log, const struct btbb_read_frame *in,
                       struct btbb_details *details);

#endif
