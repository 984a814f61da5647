/* test-documents.c: stats/OPTIONS.md against the tables of views, keys and columns, and the columns against the rows.
 *
 * Argument: the path of OPTIONS.md. With BTBB_UPDATE_GOLDEN in the environment its tables are rewritten.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _XOPEN_SOURCE 700

#include <stdlib.h>
#include <string.h>

#include "link-sample.h"
#include "piconet-sample.h"
#include "records.h"

static const char *document_path;
static char *document;

/* The rows of the first table after this heading, without its head. Sets the offsets of their start and end. */
static char *table_after(const char *heading, size_t *start, size_t *end)
{
    const char *at = strstr(document, heading), *stop;

    g_assert_nonnull(at);
    at = strstr(at, "|---|");
    g_assert_nonnull(at);
    at = strchr(at, '\n') + 1;
    for (stop = at; *stop == '|'; stop += strcspn(stop, "\n") + 1)
        ;
    *start = (size_t)(at - document);
    *end = (size_t)(stop - document);
    return g_strndup(at, *end - *start);
}

/* The table after `heading` has exactly these rows. Frees them. */
static void assert_table(const char *heading, GString *expected)
{
    size_t start, end;
    char *found = table_after(heading, &start, &end);

    if (g_getenv("BTBB_UPDATE_GOLDEN")) {
        char *updated = g_strdup_printf("%.*s%s%s", (int)start, document, expected->str, document + end);

        g_assert_true(g_file_set_contents(document_path, updated, -1, NULL));
        g_free(document);
        document = updated;
    } else {
        g_assert_cmpstr(found, ==, expected->str);
    }
    g_free(found);
    g_string_free(expected, TRUE);
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
}

static void append_column(GString *table, const struct btbb_column_info *column)
{
    g_string_append_printf(table, "| `%s` | %s | %s | %s |\n", column->key,
                           column->only == BTBB_ONLY_MACHINES ? "-" : column->title, btbb_value_kind_name(column->kind),
                           column->help);
}

static void test_columns(void)
{
    GString *summary = g_string_new(NULL);

    for (int row = 0; row < BTBB_SUMMARY_ROWS; row++)
        append_column(summary, &btbb_summary_rows[row]);
    assert_table("### `summary`", summary);
    for (int view = 0; view < BTBB_VIEW_COUNT; view++) {
        char *heading = g_strdup_printf("### `%s`", btbb_views[view].name);
        GString *table = g_string_new(NULL);

        for (size_t i = 0; i < btbb_columns[view].count; i++)
            append_column(table, &btbb_columns[view].columns[i]);
        if (view == BTBB_VIEW_SUMMARY || table->len == 0)
            g_string_free(table, TRUE);
        else
            assert_table(heading, table);
        g_free(heading);
    }
}

/* The values of each row have the kinds that the table of columns promises. */
static void compare_kinds(struct btbb_rows *rows, const char *view)
{
    const struct btbb_value *values;

    while ((values = btbb_rows_next(rows))) {
        for (size_t i = 0; i < rows->column_count; i++) {
            if (rows->columns[i].kind != BTBB_VALUE_NONE && values[i].kind != BTBB_VALUE_NONE &&
                values[i].kind != rows->columns[i].kind)
                g_error("%s: a value of %s has another kind", view, rows->columns[i].key);
        }
    }
}

static void test_kinds(void)
{
    struct btbb_totals *totals = btbb_totals_new(BTBB_NEED_ALL, SECOND);
    struct btbb_record record = typed_record(1, 1, 1, BTBB_DIR_UNKNOWN);
    struct btbb_link_log *log = link_sample(0);
    struct btbb_clock_log *clocks = piconet_sample(0);
    const struct btbb_capture_links links = {.log = log, .names = btbb_links_names(log->links), .clocks = clocks};
    const struct btbb_source source = {.totals = totals, .captures = &links, .capture_count = 1};

    record.has_channel = record.has_signal = true;
    btbb_totals_add(totals, &record);
    for (int view = 0; view < BTBB_VIEW_COUNT; view++) {
        if (btbb_columns[view].count == 0 || view == BTBB_VIEW_PACKETS)
            continue;

        struct btbb_options options;
        char *error = NULL;

        btbb_options_init(&options, (enum btbb_view)view);
        options.min = 1;

        struct btbb_rows *rows = btbb_rows_new(&options, &source, &error);

        g_assert_nonnull(rows);
        g_assert_cmpuint(rows->row_count, >, 0);
        compare_kinds(rows, btbb_views[view].name);
        btbb_rows_free(rows);
    }
    btbb_clock_log_free(clocks);
    btbb_link_log_free(log);
    btbb_totals_free(totals);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (argc != 2 || !g_file_get_contents(argv[1], &document, NULL, NULL)) {
        g_printerr("usage: test-documents OPTIONS.md\n");
        return 2;
    }
    document_path = argv[1];
    g_test_add_func("/documents/views", test_views);
    g_test_add_func("/documents/keys", test_keys);
    g_test_add_func("/documents/columns", test_columns);
    g_test_add_func("/documents/kinds", test_kinds);
    return g_test_run();
}
