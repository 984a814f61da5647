/* vendors.h: vendor names from Wireshark's manufacturer data.
 *
 * Needs libwsutil (4.0) or libwireshark (from 4.4), but nothing of either initialised: also fit for a program that is
 * not Wireshark. The first look-up loads the data, never before; all of them only where candidates are asked for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_VENDORS_H
#define BTBB_VENDORS_H

#include "vendor.h"

/* The source of names; free with btbb_vendors_free(), which takes NULL. */
struct btbb_vendors *btbb_vendors_new(void);
void btbb_vendors_free(struct btbb_vendors *vendors);

#endif
