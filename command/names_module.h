/* names_module.h: what btbb-vendors.so offers to the program.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_NAMES_MODULE_H
#define BTBB_COMMAND_NAMES_MODULE_H

#include "../compat/vendors.h"

#define BTBB_NAMES_MODULE "btbb-vendors.so"

__attribute__((visibility("default"))) struct btbb_vendors *btbb_names_open(void);
__attribute__((visibility("default"))) void btbb_names_close(struct btbb_vendors *vendors);

#endif
