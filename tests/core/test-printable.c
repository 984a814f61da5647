/* test-printable.c: text from outside, made printable.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "decode/printable.h"

#define TEXT(literal) (literal), sizeof(literal) - 1

static const struct {
    const char *text;
    size_t length;
    const char *expected;
} cases[] = {
    {TEXT(""), ""},
    {TEXT("Pixel Buds A-Series"), "Pixel Buds A-Series"},
    {TEXT(" ~\""), " ~\""},
    {TEXT("a\0b"), "a\\x00b"},
    {TEXT("\033[31mred\a\r\n\t\177"), "\\x1b[31mred\\x07\\x0d\\x0a\\x09\\x7f"},
    {TEXT("\\x1b"), "\\\\x1b"},
    {TEXT("Größe 電話 \xf0\x9f\x8e\xa7"), "Größe 電話 \xf0\x9f\x8e\xa7"},
    {TEXT("\xc2\x9b\x31m"), "\\u{9b}1m"}, /* CSI of C1 */
    {TEXT("\xc2\xa0"), "\xc2\xa0"},       /* no-break space: the first after C1 */
    {TEXT("\xe2\x80\xae"
          "gpj.exe"),
     "\\u{202e}gpj.exe"}, /* right-to-left override */
    {TEXT("\xd8\x9c\xe2\x81\xa6\xe2\x81\xa9"), "\\u{61c}\\u{2066}\\u{2069}"},
    {TEXT("\xe2\x80\xa8\xe2\x80\xa9"), "\\u{2028}\\u{2029}"}, /* line and paragraph separator */
    {TEXT("\xef\xbb\xbf"
          "a\xe2\x80\x8b"),
     "\\u{feff}a\\u{200b}"},
    {TEXT("\xe2\x80\x8d"), "\xe2\x80\x8d"},   /* zero width joiner */
    {TEXT("\xf3\xa0\x81\x81"), "\\u{e0041}"}, /* tag */
    {TEXT("\xef\xbf\xbe\xf0\x9f\xbf\xbf\xf4\x8f\xbf\xbf"), "\\u{fffe}\\u{1ffff}\\u{10ffff}"},
    {TEXT("\xef\xb7\x90\xef\xbf\xbd"), "\\u{fdd0}\xef\xbf\xbd"},
    {TEXT("\x80"), "\\x80"},
    {TEXT("a\xff"
          "b"),
     "a\\xffb"},
    {TEXT("\xc0\xaf"), "\\xc0\\xaf"}, /* overlong "/" */
    {TEXT("\xc1\xbf"), "\\xc1\\xbf"},
    {TEXT("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf"},          /* overlong U+07FF */
    {TEXT("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf"}, /* overlong U+FFFF */
    {TEXT("\xed\xa0\x80"), "\\xed\\xa0\\x80"},          /* surrogate */
    {TEXT("\xed\x9f\xbf\xee\x80\x80"), "\xed\x9f\xbf\xee\x80\x80"},
    {TEXT("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"}, /* U+110000 */
    {TEXT("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80"},
    {TEXT("\xe2\x82"), "\\xe2\\x82"}, /* the end is missing */
    {TEXT("\xe2\x82"
          "x"),
     "\\xe2\\x82x"},
    {TEXT("\xc3\xc3\xb6"), "\\xc3ö"}, /* reading goes on with the next byte */
};

static void test_cases(void)
{
    char out[256];

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const size_t needed = btbb_printable(cases[i].text, cases[i].length, BTBB_PRINTABLE_ALL, out, sizeof out);

        g_assert_cmpstr(out, ==, cases[i].expected);
        g_assert_cmpuint(needed, ==, strlen(out));
        g_assert_cmpuint(needed, <, BTBB_PRINTABLE_BYTES(cases[i].length));
    }
    g_assert_cmpuint(btbb_printable_string(NULL, 5, out, sizeof out), ==, 0);
    g_assert_cmpstr(out, ==, "");
    g_assert_cmpuint(btbb_printable_string("a\nb", 0, out, sizeof out), ==, 6);
    g_assert_cmpstr(out, ==, "a\\x0ab");
    g_assert_cmpuint(btbb_printable(NULL, 0, 0, NULL, 0), ==, 0);
}

static void test_limit(void)
{
    static const struct {
        const char *text;
        size_t most;
        const char *expected;
    } limits[] = {
        /* clang-format off */
        {"abcdef", 6, "abcdef"}, {"abcdefg", 6, "abc..."}, {"abcdef", 3, "..."}, {"abcdef", 2, ".."},
        {"abcdef", 1, "."}, {"a", 1, "a"}, {"äöüßéè", 6, "äöüßéè"}, {"äöüßéèà", 6, "äöü..."},
        {"ab\ncd", 8, "ab\\x0acd"}, {"ab\ncde", 8, "ab..."}, {"a\ncdefg", 8, "a\\x0a..."}, {"\n\n", 7, "\\x0a..."},
        /* clang-format on */
    };
    char out[64];

    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        const size_t needed = btbb_printable_string(limits[i].text, limits[i].most, out, sizeof out);

        g_assert_cmpstr(out, ==, limits[i].expected);
        g_assert_cmpuint(needed, ==, strlen(limits[i].expected));
    }
}

/* At every size: the start of the result, whole pieces only, NUL, and nothing beyond the size. */
static void test_every_size(void)
{
    static const char text[] = "ö\n\xe2\x80\xae."; /* pieces of 2, 4, 8 and 1 bytes */

    for (size_t size = 1; size <= 17; size++) {
        char *out = g_malloc(size); /* a sanitizer sees any write outside */

        memset(out, 'z', size);
        g_assert_cmpuint(btbb_printable_string(text, 0, out, size), ==, 15);
        g_assert_cmpstr(out, ==,
                        size <= 2    ? ""
                        : size <= 6  ? "ö"
                        : size <= 14 ? "ö\\x0a"
                        : size == 15 ? "ö\\x0a\\u{202e}"
                                     : "ö\\x0a\\u{202e}.");
        g_free(out);
    }
}

/* Random bytes, most of them near the borders of UTF-8: GLib agrees about validity, and the result is printable. */
static void test_random(void)
{
    static const uint8_t usual[] = {0x00, 0x1b, 'a',  '\\', 0x7f, 0x80, 0x85, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xd8,
                                    0xdf, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xff, 0x8f, 0x90, 0xa8, 0xae};
    uint8_t text[12];
    char out[BTBB_PRINTABLE_BYTES(sizeof text)], again[sizeof out];

    for (int round = 0; round < 200000; round++) {
        const size_t length = (size_t)g_test_rand_int_range(0, sizeof text + 1);

        for (size_t i = 0; i < length; i++)
            text[i] = g_test_rand_int_range(0, 4) ? usual[g_test_rand_int_range(0, sizeof usual)]
                                                  : (uint8_t)g_test_rand_int_range(0, 256);
        if (!memchr(text, 0, length)) /* GLib takes NUL for the end */
            g_assert_cmpint(btbb_utf8_valid(text, length), ==, g_utf8_validate_len((const char *)text, length, NULL));
        const size_t needed = btbb_printable(text, length, 0, out, sizeof out);

        g_assert_cmpuint(needed, <, sizeof out);
        g_assert_cmpuint(needed, ==, strlen(out));
        g_assert_true(g_utf8_validate(out, -1, NULL));
        for (const char *at = out; *at; at = g_utf8_next_char(at))
            g_assert_false(g_unichar_iscntrl(g_utf8_get_char(at)));
        const size_t most = (size_t)g_test_rand_int_range(1, 20);

        btbb_printable(text, length, most, again, sizeof again);
        g_assert_cmpuint((size_t)g_utf8_strlen(again, -1), <=, most);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/printable/cases", test_cases);
    g_test_add_func("/printable/limit", test_limit);
    g_test_add_func("/printable/every-size", test_every_size);
    g_test_add_func("/printable/random", test_random);
    return g_test_run();
}
