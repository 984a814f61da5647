/* names-module.c: see names-module.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names-module.h"

struct btbb_vendors *btbb_names_open(void)
{
    return btbb_vendors_new(&btbb_ws_manuf);
}

void btbb_names_close(struct btbb_vendors *vendors)
{
    btbb_vendors_free(vendors);
}
