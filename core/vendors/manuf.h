/* manuf.h: reads the text form of Wireshark's manufacturer data, one assigned prefix a line.
 *
 *     00:1B:C5:00:00:00/36 <tab> short name <tab> long name
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_MANUF_H
#define BTBB_MANUF_H

#include <stdbool.h>

#include "vendors/vendors.h"

/* Calls `each` for every line of `text` with a prefix of 24, 28 or 36 bits. Takes ownership of `text` (NULL is
 * accepted), changes it and returns it: the names point into it. */
void *btbb_manuf_read(char *text, btbb_vendor_each each, void *context);

/* Reads the prefix at the beginning of a line and its number of bits. Returns false for any other line. */
bool btbb_manuf_read_prefix(const char *text, uint64_t *prefix, unsigned *bits);

#endif
