/* ws-manuf.h: Wireshark's manufacturer data, wherever this version keeps them.
 *
 * CMake builds one file (compat/CMakeLists.txt): ws-manuf-table.c (4.2 and later: a table in Wireshark's library),
 * ws-manuf-file.c (4.0: a file in the data folder) or ws-manuf-none.c (neither). None needs an initialised
 * libwireshark: programs other than Wireshark can use them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_WS_MANUF_H
#define BTBB_WS_MANUF_H

#include "vendors/vendors.h"

extern const struct btbb_manuf btbb_ws_manuf;

/* The name of a company, from the table that Wireshark's dissectors use (ws-company.c). */
const char *btbb_ws_company(uint16_t identifier);

#endif
