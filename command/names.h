/* names.h: vendor names for the command.
 *
 * Wireshark's manufacturer data come with large libraries, and few captures know a NAP: they are in a module of their
 * own (core/vendors/vendors.c) that is loaded by the first look-up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_NAMES_H
#define BTBB_COMMAND_NAMES_H

#include "vendors/vendors.h"

/* For the main thread only. Without the module there are no names, and a line on stderr says so. */
const struct btbb_vendors *btbb_names(void);
void btbb_names_free(void);

#endif
