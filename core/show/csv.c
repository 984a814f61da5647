/* csv.c: rows as CSV (RFC 4180): a header line, then one line per row, ended by LF as everywhere on this system.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/print.h"
#include "show/value.h"

#include <string.h>

/* Append a field, quoted where it must be. */
static void append_field(GString *line, const char *field)
{
    if (field[strcspn(field, ",\"\r\n")] == '\0') {
        g_string_append(line, field);
        return;
    }
    g_string_append_c(line, '"');
    for (; *field; field++) {
        if (*field == '"')
            g_string_append_c(line, '"');
        g_string_append_c(line, *field);
    }
    g_string_append_c(line, '"');
}

static void append_value(GString *line, const struct btbb_value *value)
{
    if (value->kind == BTBB_VALUE_TEXT)
        append_field(line, value->text);
    else
        btbb_value_append(line, value);
}

/* The header line when there are no values, else their line. */
static void print_line(const struct btbb_rows *rows, const struct btbb_value *values, GString *line, FILE *out)
{
    bool first = true;

    g_string_truncate(line, 0);
    for (size_t i = 0; i < rows->column_count; i++) {
        if (rows->columns[i].people)
            continue;
        if (!first)
            g_string_append_c(line, ',');
        first = false;
        if (values)
            append_value(line, &values[i]);
        else
            append_field(line, rows->columns[i].key);
    }
    fprintf(out, "%s\n", line->str);
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
