/* ws-manuf.h: Wireshark's manufacturer data, wherever this version keeps them.
 *
 * One of two files is built: ws-manuf-file.c (4.0: a file in the data folder) or ws-manuf-table.c (4.4 and later: a
 * table in its library). Neither needs an initialised libwireshark: programs other than Wireshark can use them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_WS_MANUF_H
#define BTBB_WS_MANUF_H

#include "vendors/vendors.h"

extern const struct btbb_manuf btbb_ws_manuf;

#endif
