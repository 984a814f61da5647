/* fill-tables.c: write a manual page with the views and keys of `-z btbb,...` taken from the parser's own table.
 *
 * Copies standard input to standard output; the lines `.\" views` and `.\" keys` become the lists.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count/options.h"

#include <stdio.h>
#include <string.h>

/* Text of the tables as roff: "-" stays a character that can be copied into a shell, "\" stays itself. */
static void put_text(const char *text)
{
    for (; *text; text++) {
        if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '\\')
            fputs("\\e", stdout);
        else
            putchar(*text);
    }
}

static void put_bold(const char *text)
{
    fputs("\\fB", stdout);
    put_text(text);
    fputs("\\fR", stdout);
}

static void put_views(void)
{
    for (int view = 0; view < BTBB_VIEW_COUNT; view++) {
        const char *separator = "Keys: ";

        fputs(".TP\n", stdout);
        put_bold(btbb_views[view].name);
        fputs("\nThe statistic \\(lq", stdout);
        put_text(btbb_views[view].title);
        fputs("\\(rq:\n", stdout);
        put_text(btbb_views[view].help);
        fputs(".\n", stdout);
        for (int key = 0; key < BTBB_KEY_COUNT; key++) {
            if (!(btbb_views[view].keys & 1u << key))
                continue;
            fputs(separator, stdout);
            put_bold(btbb_keys[key].name);
            separator = ", ";
        }
        fputs(".\n", stdout);
    }
}

static void put_keys(void)
{
    for (int key = 0; key < BTBB_KEY_COUNT; key++) {
        fputs(".TP\n", stdout);
        put_bold(btbb_keys[key].name);
        fputs("=\\fI", stdout);
        put_text(btbb_keys[key].values);
        fputs("\\fR\n", stdout);
        put_text(btbb_keys[key].help);
        fputs(".\nDefault: ", stdout);
        put_text(btbb_keys[key].fallback);
        fputs(".\n", stdout);
    }
}

int main(void)
{
    char line[1024];
    int lists = 0;

    while (fgets(line, sizeof line, stdin)) {
        if (strcmp(line, ".\\\" views\n") == 0) {
            put_views();
            lists++;
        } else if (strcmp(line, ".\\\" keys\n") == 0) {
            put_keys();
            lists++;
        } else {
            fputs(line, stdout);
        }
    }
    if (lists != 2) {
        fputs("fill-tables: the page does not ask for both lists\n", stderr);
        return 1;
    }
    return ferror(stdin) || fflush(stdout) != 0;
}
