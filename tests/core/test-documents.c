/* test-documents.c: stats/OPTIONS.md against the tables of views and keys, and the columns that are made.
 *
 * Argument: the path of OPTIONS.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _XOPEN_SOURCE 700

#include <stdlib.h>
#include <string.h>

#include "records.h"

static char *document;

/* The lines of the table below this heading, without its head: NULL-terminated. */
static char **table_below(const char *heading)
{
    char *start = strstr(document, heading), *end;
    char *text, **lines;

    g_assert_nonnull(start);
    start = strstr(start, "|---|");
    g_assert_nonnull(start);
    start = strchr(start, '\n') + 1;
    end = strstr(start, "\n\n");
    text = g_strndup(start, end ? (size_t)(end - start) : strlen(start));
    lines = g_strsplit(g_strchomp(text), "\n", -1);
    g_free(text);
    return lines;
}

/* The document's table is this one. */
static void assert_table(const char *heading, const GString *expected)
{
    char **lines = table_below(heading), *text = g_strjoinv("\n", lines), *with_end = g_strconcat(text, "\n", NULL);

    g_assert_cmpstr(with_end, ==, expected->str);
    g_strfreev(lines);
    g_free(text);
    g_free(with_end);
}

/* "a|b" must be "a\|b" in a cell. */
static char *escaped(const char *text)
{
    char **parts = g_strsplit(text, "|", -1), *joined = g_strjoinv("\\|", parts);

    g_strfreev(parts);
    return joined;
}

static void test_views(void)
{
    GString *expected = g_string_new(NULL);

    for (int view = 0; view < BTBB_VIEW_COUNT; view++) {
        const char *comma = "";

        g_string_append_printf(expected, "| `%s` | %s | ", btbb_views[view].name, btbb_views[view].help);
        for (int key = 0; key < BTBB_KEY_COUNT; key++) {
            if (!(btbb_views[view].keys & 1u << key))
                continue;
            g_string_append_printf(expected, "%s`%s`", comma, btbb_keys[key].name);
            comma = ", ";
        }
        g_string_append(expected, " |\n");
    }
    assert_table("## Views", expected);
    g_string_free(expected, TRUE);
}

static void test_keys(void)
{
    GString *expected = g_string_new(NULL);

    for (int key = 0; key < BTBB_KEY_COUNT; key++) {
        char *values = escaped(btbb_keys[key].values);

        g_string_append_printf(expected, "| `%s` | %s | %s | %s |\n", btbb_keys[key].name, values,
                               btbb_keys[key].fallback, btbb_keys[key].help);
        g_free(values);
    }
    assert_table("## Keys", expected);
    g_string_free(expected, TRUE);
}

/* Line number `*line` of the document begins with this column and title, and says something about it. */
static void assert_line(char **lines, size_t *line, const char *column, const char *title)
{
    char *start = g_strdup_printf("| `%s` | %s | ", column, title);

    g_assert_nonnull(lines[*line]);
    if (!g_str_has_prefix(lines[*line], start))
        g_assert_cmpstr(lines[*line], ==, start);
    g_assert_cmpuint(strlen(lines[*line]), >, strlen(start) + 5);
    ++*line;
    g_free(start);
}

static void compare_columns(const char *view, const struct btbb_rows *rows)
{
    char *heading = g_strdup_printf("### `%s`", view), **lines = table_below(heading);
    size_t line = 0;

    for (size_t i = 0; i < rows->column_count; i++) {
        const struct btbb_column *column = &rows->columns[i];

        if (!column->series)
            assert_line(lines, &line, column->key, column->machine ? "-" : column->title);
        else if (i == 0 || !rows->columns[i - 1].series)
            assert_line(lines, &line, "...", "the same");
    }
    /* io has its series in place of `packets`. */
    if (strcmp(view, "io") == 0)
        assert_line(lines, &line, "...", "the same");
    g_assert_null(lines[line]);
    g_strfreev(lines);
    g_free(heading);
}

static void compare_summary(struct btbb_rows *rows)
{
    char **lines = table_below("### `summary`");
    const struct btbb_value *values;
    size_t line = 0;

    while ((values = btbb_rows_next(rows)))
        assert_line(lines, &line, values[0].text, values[1].text);
    g_assert_null(lines[line]);
    g_strfreev(lines);
}

static void test_columns(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    struct btbb_record record = typed_record(1, 1, 1, BTBB_DIR_UNKNOWN);

    btbb_totals_add(totals, &record);
    for (int view = 0; view < BTBB_VIEW_COUNT; view++) {
        struct btbb_options options;
        struct btbb_rows *rows;
        char *error = NULL;

        if (view == BTBB_VIEW_REPORT)
            continue;
        btbb_options_init(&options, (enum btbb_view)view);
        rows = btbb_rows_new(&options, totals, NULL, &error);
        g_assert_nonnull(rows);
        if (view == BTBB_VIEW_SUMMARY)
            compare_summary(rows);
        else
            compare_columns(btbb_views[view].name, rows);
        btbb_rows_free(rows);
    }
    btbb_totals_free(totals);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (argc != 2 || !g_file_get_contents(argv[1], &document, NULL, NULL)) {
        g_printerr("usage: test_documents OPTIONS.md\n");
        return 2;
    }
    g_test_add_func("/documents/views", test_views);
    g_test_add_func("/documents/keys", test_keys);
    g_test_add_func("/documents/columns", test_columns);
    return g_test_run();
}
