/* dfilter-loc.h: in place of Wireshark 4.2's header of this name, which its development packages lack.
 *
 * Their <epan/dfilter/dfilter.h>, and with it <epan/plugin_if.h>, includes it. checks.cmake puts this folder on the
 * include path only where those do not compile without it. Same layout; no code of this project uses the type.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_MISSING_DFILTER_LOC_H
#define BTBB_MISSING_DFILTER_LOC_H

#include <stddef.h>

typedef struct {
    long col_start;
    size_t col_len;
} df_loc_t;

#endif
