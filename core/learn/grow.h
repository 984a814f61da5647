/* grow.h: arrays that grow by one element at a time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_GROW_H
#define BTBB_CORE_GROW_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Makes room for one more element, of `size` bytes, in an array with `count` of them. Returns the array, which may have
 * moved, or NULL when memory is exhausted: then it stays. The caller bounds `count`. */
static inline void *btbb_grow(void *array, size_t size, uint32_t count, uint32_t *capacity)
{
    if (count < *capacity)
        return array;
    const uint32_t more = *capacity ? 2 * *capacity : 4;
    void *grown = realloc(array, more * size);

    if (grown)
        *capacity = more;
    return grown;
}

#endif
