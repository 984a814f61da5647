/* capture.h: a capture, from Wireshark's named pipe to its end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_EXTCAP_CAPTURE_H
#define BTBB_EXTCAP_CAPTURE_H

#include "options.h"

/* Captures until ubertooth-rx ends, the reader of the pipe goes away, or SIGTERM, SIGINT or SIGHUP arrives. Errors are
 * one line each on standard error, which Wireshark shows. Returns the exit status: 0, or 1 after an error. */
int btbb_extcap_capture(const struct btbb_extcap_options *options);

/* A line on standard error, after the name of this program. */
void btbb_extcap_report(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
