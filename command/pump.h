/* pump.h: what cannot be read twice or is not at its end yet, as a pipe: standard input, named pipes, growing files.
 *
 * The first bytes are read at once and may be looked at; the pipe carries them again, followed by the rest.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_PUMP_H
#define BTBB_COMMAND_PUMP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct btbb_pump;

/* Waits until `head_bytes` are there, or the end, or `stop`. `fd` stays the caller's and must stay open until
 * btbb_pump_free(). At the end of a regular file, `follow` waits for more instead. NULL with errno on errors. */
struct btbb_pump *btbb_pump_new(int fd, bool follow, const atomic_bool *stop, size_t head_bytes);
void btbb_pump_free(struct btbb_pump *pump);

/* The first bytes. Not valid any more after btbb_pump_fd(). */
const uint8_t *btbb_pump_head(const struct btbb_pump *pump, size_t *bytes);

/* The end of the pipe to read from, which the first call starts to fill; it ends when `stop` is set, too. Belongs to
 * the pump. */
int btbb_pump_fd(struct btbb_pump *pump);

/* After the pipe has ended: the error number that ended it, or 0. */
int btbb_pump_error(const struct btbb_pump *pump);

#endif
