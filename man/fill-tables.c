/* fill-tables.c: writes a manual page with the lists of views, keys and columns that the programs use themselves.
 *
 * Copies standard input to standard output. The lines `.\" views`, `.\" keys` and `.\" columns` become the lists.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "count/options.h"
#include "show/columns.h"

/* Write text as roff: "-" stays a character that can be copied into a shell, "\" is escaped, `code` becomes bold. */
static void put_text(const char *text)
{
    bool bold = false;

    for (; *text; text++) {
        if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '`')
            fputs((bold = !bold) ? "\\fB" : "\\fR", stdout);
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

static void put_column(const struct btbb_column_info *column)
{
    if (column->only == BTBB_ONLY_TABLES)
        return;
    fputs(".TP\n", stdout);
    put_bold(column->key);
    fputs(" (", stdout);
    put_text(btbb_value_kind_name(column->kind));
    fputs(")\n", stdout);
    put_text(column->help);
    fputs(".\n", stdout);
}

static void put_columns(void)
{
    for (int view = 0; view < BTBB_VIEW_COUNT; view++) {
        if (btbb_columns[view].count == 0)
            continue;
        fputs(".SS ", stdout);
        put_text(btbb_views[view].name);
        putchar('\n');
        for (size_t i = 0; i < btbb_columns[view].count; i++)
            put_column(&btbb_columns[view].columns[i]);
        for (int row = 0; view == BTBB_VIEW_SUMMARY && row < BTBB_SUMMARY_ROWS; row++)
            put_column(&btbb_summary_rows[row]);
    }
}

int main(void)
{
    static const struct {
        const char *line;
        void (*put)(void);
    } lists[] = {{".\\\" views\n", put_views}, {".\\\" keys\n", put_keys}, {".\\\" columns\n", put_columns}};
    const size_t count = sizeof lists / sizeof *lists;
    char line[1024];
    size_t found = 0;

    while (fgets(line, sizeof line, stdin)) {
        size_t i = 0;

        while (i < count && strcmp(line, lists[i].line) != 0)
            i++;
        if (i < count) {
            lists[i].put();
            found++;
        } else {
            fputs(line, stdout);
        }
    }
    if (found != count) {
        fputs("fill-tables: the page does not contain the places of all three lists\n", stderr);
        return 1;
    }
    return ferror(stdin) || fflush(stdout) != 0;
}
