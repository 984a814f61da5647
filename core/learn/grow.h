/* grow.h: arrays that grow by one element at a time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_GROW_H
#define BTBB_CORE_GROW_H

#include <stddef.h>
#include <stdint.h>

/* Makes room for one more element, of `size` bytes, in an array with `count` of them. Returns the array, which may have
 * moved, or NULL when memory is exhausted: then it stays. The caller bounds `count`. */
void *btbb_grow(void *array, size_t size, uint32_t count, uint32_t *capacity);

#endif
