/* printable.c: see printable.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/printable.h"

#include <string.h>

#define PIECE_BYTES 12 /* the longest is \u{10ffff}, of 10 characters */
#define ELLIPSIS    "..."

/* Ranges of characters that must not be shown (Unicode 15: categories Cc, Zl, Zp and most of Cf, and noncharacters). */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x0000, 0x001f},   /* C0 controls */
    {0x007f, 0x009f},   /* DEL, C1 controls */
    {0x00ad, 0x00ad},   /* soft hyphen */
    {0x061c, 0x061c},   /* Arabic letter mark: bidirectional */
    {0x180e, 0x180e},   /* Mongolian vowel separator */
    {0x200b, 0x200b},   /* zero width space */
    {0x200e, 0x200f},   /* left-to-right mark, right-to-left mark */
    {0x2028, 0x202e},   /* line and paragraph separator; bidirectional embeddings and overrides */
    {0x2060, 0x206f},   /* invisible operators; bidirectional isolates; deprecated format characters */
    {0xfdd0, 0xfdef},   /* noncharacters */
    {0xfeff, 0xfeff},   /* zero width no-break space */
    {0xfff9, 0xfffb},   /* interlinear annotation */
    {0x1d173, 0x1d17a}, /* musical format characters */
    {0xe0000, 0xe007f}, /* tags */
};

bool btbb_is_hidden(uint32_t code)
{
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (code >= hidden[i].first && code <= hidden[i].last)
            return true;
    return (code & 0xfffe) == 0xfffe; /* noncharacters: the last two of every plane */
}

/* The number of bytes that a first byte announces, and the bits of the character that it holds; 0 = no first byte. */
static size_t read_first(uint8_t byte, uint32_t *bits)
{
    const size_t bytes = byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;

    *bits = bytes < 2 ? byte : byte & (0x7fu >> bytes);
    return bytes;
}

size_t btbb_utf8_read(const uint8_t *text, size_t length, uint32_t *code)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000}; /* that needs so many bytes */
    uint32_t value;
    const size_t bytes = length > 0 ? read_first(text[0], &value) : 0;

    if (bytes == 0 || bytes > length)
        return 0;
    for (size_t i = 1; i < bytes; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3f);
    }
    if (value < lowest[bytes] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *code = value;
    return bytes;
}

bool btbb_utf8_valid(const uint8_t *text, size_t length)
{
    uint32_t code;

    for (size_t at = 0, bytes; at < length; at += bytes) {
        bytes = btbb_utf8_read(text + at, length - at, &code);
        if (bytes == 0)
            return false;
    }
    return true;
}

/* What stands for one character, or for one byte that belongs to none. */
struct piece {
    uint8_t bytes[PIECE_BYTES];
    size_t length;
    size_t characters;
    size_t taken; /* bytes of the text */
};

static void put(struct piece *piece, uint8_t byte)
{
    piece->bytes[piece->length++] = byte;
    piece->characters++;
}

static void put_hex(struct piece *piece, uint32_t value, unsigned least_digits)
{
    unsigned digits = least_digits;

    while (digits < 8 && value >> (4 * digits))
        digits++;
    while (digits-- > 0)
        put(piece, (uint8_t) "0123456789abcdef"[value >> (4 * digits) & 0xf]);
}

static void escape(struct piece *piece, uint32_t code)
{
    put(piece, '\\');
    if (code < 0x80 || piece->taken == 0) {
        put(piece, 'x');
        put_hex(piece, code, 2);
    } else {
        put(piece, 'u');
        put(piece, '{');
        put_hex(piece, code, 1);
        put(piece, '}');
    }
}

/* The piece for what stands first in the text, which is not empty. */
static struct piece first_piece(const uint8_t *text, size_t length)
{
    struct piece piece = {0};
    uint32_t code = text[0];

    piece.taken = btbb_utf8_read(text, length, &code);
    if (piece.taken == 0 || btbb_is_hidden(code)) {
        escape(&piece, code);
    } else if (code == '\\') {
        put(&piece, '\\');
        put(&piece, '\\');
    } else {
        memcpy(piece.bytes, text, piece.taken);
        piece.length = piece.taken;
        piece.characters = 1;
    }
    piece.taken += piece.taken == 0;
    return piece;
}

/* Characters of the whole result; stops counting above `enough`. */
static size_t count_characters(const uint8_t *text, size_t length, size_t enough)
{
    size_t characters = 0;

    for (size_t at = 0; at < length && characters <= enough;) {
        const struct piece piece = first_piece(text + at, length - at);

        characters += piece.characters;
        at += piece.taken;
    }
    return characters;
}

/* A buffer that takes whole pieces only, and none after the first that did not fit. */
struct output {
    char *out;
    size_t size;
    size_t written;
    size_t needed;
};

static void append(struct output *output, const void *bytes, size_t length)
{
    if (output->written == output->needed && output->written + length < output->size) {
        memcpy(output->out + output->written, bytes, length);
        output->written += length;
    }
    output->needed += length;
}

size_t btbb_printable(const void *text, size_t length, size_t most, char *out, size_t size)
{
    const bool all = most == BTBB_PRINTABLE_ALL || count_characters(text, length, most) <= most;
    const size_t dots = all ? 0 : most < strlen(ELLIPSIS) ? most : strlen(ELLIPSIS);
    struct output output = {.out = out, .size = size};
    size_t left = most - dots; /* not used when everything fits */

    for (size_t at = 0; at < length;) {
        const struct piece piece = first_piece((const uint8_t *)text + at, length - at);

        if (!all && piece.characters > left)
            break;
        append(&output, piece.bytes, piece.length);
        left -= piece.characters;
        at += piece.taken;
    }
    for (size_t i = 0; i < dots; i++)
        append(&output, ".", 1);
    if (size > 0)
        out[output.written] = '\0';
    return output.needed;
}

size_t btbb_printable_string(const char *text, size_t most, char *out, size_t size)
{
    return btbb_printable(text, text ? strlen(text) : 0, most, out, size);
}
