/* grow.c: see grow.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/grow.h"

#include <stdlib.h>

#define FIRST_CAPACITY 4u

void *btbb_grow(void *array, size_t size, uint32_t count, uint32_t *capacity)
{
    if (count < *capacity)
        return array;
    const uint32_t more = *capacity ? 2 * *capacity : FIRST_CAPACITY;
    void *grown = realloc(array, more * size);

    if (grown)
        *capacity = more;
    return grown;
}
