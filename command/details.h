/* details.h: a frame of a capture -> everything that is known of its packet, for the view packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_DETAILS_H
#define BTBB_COMMAND_DETAILS_H

#include "learn/decryptor.h"
#include "learn/link-log.h"

#include "reading.h"

/* What is learned of connections. */
enum btbb_learning { BTBB_LEARN_NOTHING, BTBB_LEARN_NAMES, BTBB_LEARN_LINKS };

/* What the frames of a file have taught. */
struct btbb_learned {
    struct btbb_capture *capture;
    struct btbb_link_log *log; /* NULL: not needed */
    enum btbb_learning learning;
    struct btbb_decryptor *decryptor; /* NULL: there are no keys */
};

/* Starts a file. Details have names unless nothing is learned. Returns false when memory is exhausted. Free with
 * btbb_learned_clear(), in both cases. */
bool btbb_learned_init(struct btbb_learned *learned, enum btbb_learning learning, const struct btbb_keyring *keys);
void btbb_learned_clear(struct btbb_learned *learned);

/* Learns the frame. `details` is set. */
void btbb_read_details(const struct btbb_learned *learned, const struct btbb_read_frame *in,
                       struct btbb_details *details);

#endif
