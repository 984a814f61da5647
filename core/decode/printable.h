/* printable.h: text from outside (device names, file names, arguments) as text that is safe to show.
 *
 * Text that was received by radio, read from a file or typed by a user may hold anything: escape sequences that
 * control a terminal, characters that reverse the reading direction, bytes that are not UTF-8. Every program and view
 * passes such text through btbb_printable() once, before it writes it to a terminal, a window, CSV, JSON or HTML.
 * Quoting for the format (CSV quotes, JSON and HTML escapes) is a second step, and the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_PRINTABLE_H
#define BTBB_CORE_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Largest result for `length` bytes of text, in bytes, the final NUL included. */
#define BTBB_PRINTABLE_BYTES(length) (4 * (length) + 1)

/* No limit on the number of characters. */
#define BTBB_PRINTABLE_ALL 0u

/* Write `length` bytes of `text` to `out` as printable UTF-8.
 *
 *   valid UTF-8 that can be seen, spaces included     unchanged
 *   backslash                                         \\, so that no text can imitate an escape
 *   control characters U+0000..U+001F, U+007F         \xNN
 *   bytes that are not UTF-8 (RFC 3629)               \xNN for each byte
 *   other characters that btbb_is_hidden() names      \u{N...}
 *
 * Digits are lower case. The result is never longer than `most` characters (Unicode code points, an escape counts as
 * its characters); where it would be, its end is replaced by "...". An escape is never cut in two.
 * BTBB_PRINTABLE_ALL: no limit.
 *
 * Returns the bytes of the whole result without the final NUL, as snprintf() does. With size > 0 `out` always ends with
 * NUL; a result that needs more than `size` is cut after the last character or escape that fits. `out` may be NULL when
 * size is 0, `text` when length is 0. `out` must not overlap `text`. Allocates nothing and does not depend on the
 * locale. */
size_t btbb_printable(const void *text, size_t length, size_t most, char *out, size_t size);

/* The same for a string that ends with NUL. NULL counts as "". */
size_t btbb_printable_string(const char *text, size_t most, char *out, size_t size);

/* Read the first character of `length` bytes. Returns its bytes, 1 to 4, and sets `code`; returns 0 and leaves `code`
 * when they do not start with valid UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF), or when
 * length is 0. */
size_t btbb_utf8_read(const uint8_t *text, size_t length, uint32_t *code);

/* Whether all `length` bytes are valid UTF-8. NUL counts as a character. An empty text is valid. */
bool btbb_utf8_valid(const uint8_t *text, size_t length);

/* Whether a character must not be shown as it is: controls (C0, DEL, C1), line and paragraph separators, the
 * bidirectional controls (Unicode Standard Annex #9, 2), invisible format characters and noncharacters. The joiners
 * U+200C and U+200D are not hidden: scripts and emoji need them. */
bool btbb_is_hidden(uint32_t code);

#endif
