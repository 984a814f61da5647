/* by-frame.h: search in what is kept in the order of frame numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_BY_FRAME_H
#define BTBB_BY_FRAME_H

#include <stddef.h>
#include <stdint.h>

/* Number of the first elements whose frame number is `frame` or less. `elements` has `count` structures of `bytes`
 * bytes, in ascending order of the uint32_t at `offset` in each; it may be NULL when `count` is 0. */
static inline uint32_t btbb_count_until(const void *elements, uint32_t count, size_t bytes, size_t offset,
                                        uint32_t frame)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const void *number = (const char *)elements + middle * bytes + offset;

        if (*(const uint32_t *)number <= frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
