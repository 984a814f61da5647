/* names-module.h: the functions that btbb-vendors.so exports to the program.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_NAMES_MODULE_H
#define BTBB_COMMAND_NAMES_MODULE_H

#include <gmodule.h>

#include "compat/ws-manuf.h"

/* Found through the run path of the program. macOS searches that only for names that begin with @rpath. */
#ifdef __APPLE__
#define BTBB_NAMES_MODULE "@rpath/btbb-vendors.so"
#else
#define BTBB_NAMES_MODULE "btbb-vendors.so"
#endif

G_MODULE_EXPORT struct btbb_vendors *btbb_names_open(void);
G_MODULE_EXPORT void btbb_names_close(struct btbb_vendors *vendors);

#endif
