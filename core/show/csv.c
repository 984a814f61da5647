/* csv.c: rows as CSV (RFC 4180): a header line, then one line per row. Lines end with LF, as usual on Unix.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/csv-text.h"
#include "show/print.h"

static void append_value(GString *line, const struct btbb_value *value)
{
    if (value->kind == BTBB_VALUE_TEXT)
        btbb_csv_append(line, value->text);
    else
        btbb_value_append(line, value);
}

/* `values`: those of a row; NULL prints the header line. */
static void print_line(const struct btbb_rows *rows, const struct btbb_value *values, GString *line, FILE *out)
{
    bool first = true;

    g_string_truncate(line, 0);
    for (size_t i = 0; i < rows->column_count; i++) {
        if (rows->columns[i].only == BTBB_ONLY_TABLES)
            continue;
        if (!first)
            g_string_append_c(line, ',');
        first = false;
        if (values)
            append_value(line, &values[i]);
        else
            btbb_csv_append(line, rows->columns[i].key);
    }
    g_string_append_c(line, '\n');
    fwrite(line->str, 1, line->len, out);
}

void btbb_print_csv(struct btbb_rows *rows, FILE *out)
{
    GString *line = g_string_new(NULL);
    const struct btbb_value *values;

    print_line(rows, NULL, line, out);
    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows)))
        print_line(rows, values, line, out);
    g_string_free(line, TRUE);
}
