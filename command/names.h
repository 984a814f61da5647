/* names.h: vendor names for the command.
 *
 * Wireshark's manufacturer data come with large libraries, and few captures contain a NAP. So the names are in a module
 * of their own, which the first lookup loads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_NAMES_H
#define BTBB_COMMAND_NAMES_H

#include "vendors/vendors.h"

/* For the main thread only. When the module cannot be loaded, one line on standard error reports it, and no address has
 * a name. */
const struct btbb_vendors *btbb_names(void);
void btbb_names_free(void);

#endif
