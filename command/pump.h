/* pump.h: turns an input that cannot be read twice, or still grows, into a pipe: standard input, named pipes, followed
 * files.
 *
 * The first bytes are read at once, for the choice of a reader. The pipe repeats them, followed by the rest.
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

/* Waits for `head_bytes` bytes, the end, or `stop`. The caller keeps `fd` and must leave it open until
 * btbb_pump_free(). With `follow`, the end of a regular file is waited at until the file grows. NULL with errno on
 * errors. */
struct btbb_pump *btbb_pump_new(int fd, bool follow, const atomic_bool *stop, size_t head_bytes);
void btbb_pump_free(struct btbb_pump *pump);

/* The first bytes; valid until btbb_pump_fd(). */
const uint8_t *btbb_pump_head(const struct btbb_pump *pump, size_t *bytes);

/* The reading end of the pipe; owned by the pump. The first call starts the copying, which `stop` ends, too. */
int btbb_pump_fd(struct btbb_pump *pump);

/* Once the pipe is at its end: the error number that ended the copying, or 0. */
int btbb_pump_error(const struct btbb_pump *pump);

#endif
