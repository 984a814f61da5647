/* message.h: messages of the command on standard error.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_MESSAGE_H
#define BTBB_COMMAND_MESSAGE_H

#include <glib.h>

/* Writes "btbb: ", the text and a newline. Characters of the text that could control a terminal are escaped (see
 * core/decode/printable.h): file names, arguments and texts of libraries may hold any bytes. */
void btbb_message(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif
