/* read-bits.h: reads numbers from the bytes of a frame. Every read is checked against the captured length.
 *
 * A read that does not fit returns 0. Call btbb_holds() to distinguish zero from missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_READ_BITS_H
#define BTBB_CORE_READ_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* Captured bytes. `bytes` may be NULL when length is 0. */
struct btbb_span {
    const uint8_t *bytes;
    uint32_t length;
};

static inline bool btbb_holds(struct btbb_span span, uint32_t offset, uint32_t count)
{
    return offset <= span.length && count <= span.length - offset;
}

/* The part from `offset` on, at most `count` bytes long; shorter, down to empty, where the span ends earlier. */
static inline struct btbb_span btbb_part(struct btbb_span span, uint32_t offset, uint32_t count)
{
    if (offset >= span.length)
        return (struct btbb_span){0};
    const uint32_t left = span.length - offset;

    return (struct btbb_span){span.bytes + offset, count < left ? count : left};
}

static inline uint8_t btbb_u8(struct btbb_span span, uint32_t offset)
{
    return offset < span.length ? span.bytes[offset] : 0;
}

static inline uint16_t btbb_le16(struct btbb_span span, uint32_t offset)
{
    if (!btbb_holds(span, offset, 2))
        return 0;
    return (uint16_t)(span.bytes[offset] | span.bytes[offset + 1] << 8);
}

static inline uint32_t btbb_be24(struct btbb_span span, uint32_t offset)
{
    if (!btbb_holds(span, offset, 3))
        return 0;
    return (uint32_t)span.bytes[offset] << 16 | (uint32_t)span.bytes[offset + 1] << 8 | span.bytes[offset + 2];
}

static inline uint32_t btbb_le24(struct btbb_span span, uint32_t offset)
{
    if (!btbb_holds(span, offset, 3))
        return 0;
    return span.bytes[offset] | (uint32_t)span.bytes[offset + 1] << 8 | (uint32_t)span.bytes[offset + 2] << 16;
}

static inline uint32_t btbb_le32(struct btbb_span span, uint32_t offset)
{
    if (!btbb_holds(span, offset, 4))
        return 0;
    return span.bytes[offset] | (uint32_t)span.bytes[offset + 1] << 8 | (uint32_t)span.bytes[offset + 2] << 16 |
           (uint32_t)span.bytes[offset + 3] << 24;
}

static inline uint64_t btbb_le64(struct btbb_span span, uint32_t offset)
{
    if (!btbb_holds(span, offset, 8))
        return 0;
    return btbb_le32(span, offset) | (uint64_t)btbb_le32(span, offset + 4) << 32;
}

static inline bool btbb_all_zero(struct btbb_span span)
{
    for (uint32_t i = 0; i < span.length; i++)
        if (span.bytes[i])
            return false;
    return true;
}

#endif
