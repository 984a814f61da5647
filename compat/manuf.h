/* manuf.h: Wireshark's manufacturer data, wherever this version keeps it.
 *
 * One of two files is built: manuf-file.c (4.0: a file in the data folder) or manuf-table.c (from 4.4: compiled in).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_MANUF_H
#define BTBB_MANUF_H

#include <stdbool.h>

#include "vendor.h"

/* Call `each` for every assigned prefix of 24, 28 or 36 bits, in any order. No call when there are no data. The names
 * stay valid until the memory that is returned is freed with g_free(); NULL: for ever. */
void *btbb_manuf_each(btbb_vendor_each each, void *context);

/* Short name of the vendor of one address, by the longest prefix of 24, 28 or 36 bits; NULL when not assigned. Costs no
 * reading of all data. `*kept` is NULL at first, belongs to the function, and is to be freed with g_free() after the
 * last call; the names stay valid for ever. */
const char *btbb_manuf_name(void **kept, uint64_t address);

/* For these two files: read the text of the data (owned, changed and returned; NULL: nothing) and call `each`. */
void *btbb_manuf_read(char *text, btbb_vendor_each each, void *context);

/* For these two files: the prefix at the beginning of a line and its number of bits. False: no such line. */
bool btbb_manuf_read_prefix(const char *text, uint64_t *prefix, unsigned *bits);

#endif
