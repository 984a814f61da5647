/* printable-copy.h: text of a user or a file as an allocated copy that is safe to show.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PRINTABLE_COPY_H
#define BTBB_PRINTABLE_COPY_H

#include <glib.h>
#include <string.h>

#include "decode/printable.h"

/* See btbb_printable(). NULL counts as "". Free with g_free(). */
static inline char *btbb_printable_copy(const char *text)
{
    const size_t size = btbb_printable_string(text, BTBB_PRINTABLE_ALL, NULL, 0) + 1;
    char *copy = (char *)g_malloc(size);

    btbb_printable_string(text, BTBB_PRINTABLE_ALL, copy, size);
    return copy;
}

#endif
