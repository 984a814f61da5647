/* text-int.h: lines, hexadecimal digits and addresses in a text that does not end with a zero.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_TEXT_INT_H
#define BTBB_CORE_TEXT_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "decode/read-bits.h"

static inline bool btbb_is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* Without blanks at either end, and without a carriage return at the end. */
static inline struct btbb_span btbb_trim(struct btbb_span text)
{
    while (text.length > 0 && btbb_is_blank(text.bytes[0]))
        text = btbb_part(text, 1, text.length);
    while (text.length > 0 && (btbb_is_blank(text.bytes[text.length - 1]) || text.bytes[text.length - 1] == '\r'))
        text.length--;
    return text;
}

/* Takes the next line, without its line feed, from the front of `text`. False at the end. */
static inline bool btbb_next_line(struct btbb_span *text, struct btbb_span *line)
{
    uint32_t length = 0;

    if (text->length == 0)
        return false;
    while (length < text->length && text->bytes[length] != '\n')
        length++;
    *line = btbb_part(*text, 0, length);
    *text = btbb_part(*text, length + 1, text->length);
    return true;
}

static inline bool btbb_equals(struct btbb_span text, const char *word)
{
    return text.length == strlen(word) && (text.length == 0 || memcmp(text.bytes, word, text.length) == 0);
}

/* 0 to 15, or -1. */
static inline int btbb_digit(uint8_t c)
{
    const uint8_t lower = c | 0x20;

    return c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Exactly 2 * count hexadecimal digits. */
static inline bool btbb_parse_hex(struct btbb_span text, uint8_t *bytes, uint32_t count)
{
    if (text.length != 2 * count)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const int high = btbb_digit(text.bytes[2 * i]), low = btbb_digit(text.bytes[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* XX:XX:XX:XX:XX:XX */
static inline bool btbb_parse_address(struct btbb_span text, uint64_t *address)
{
    uint64_t value = 0;

    if (text.length != 17)
        return false;
    for (uint32_t i = 0; i < 17; i++) {
        const int digit = btbb_digit(text.bytes[i]);

        if (i % 3 == 2 ? text.bytes[i] != ':' : digit < 0)
            return false;
        if (i % 3 != 2)
            value = value << 4 | (unsigned)digit;
    }
    *address = value;
    return true;
}

#endif
