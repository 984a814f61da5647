/* csv.c: rows as CSV (RFC 4180): a header line, then one line per row, ended by LF as everywhere on this system.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "print.h"
#include "value.h"

#include <string.h>

/* Append a field, quoted where it must be. */
static void append_field(GString *line, const char *field)
{
    if (line->len > 0)
        g_string_append_c(line, ',');
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
    if (value->kind == BTBB_VALUE_TEXT) {
        append_field(line, value->text);
        return;
    }
    g_string_append_c(line, ',');
    btbb_value_append(line, value);
}

void btbb_print_csv(struct btbb_rows *rows, FILE *out)
{
    GString *line = g_string_new(NULL);
    const struct btbb_value *values;

    for (size_t i = 0; i < rows->column_count; i++)
        if (!rows->columns[i].people)
            append_field(line, rows->columns[i].key);
    fprintf(out, "%s\n", line->str);
    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows))) {
        g_string_truncate(line, 0);
        for (size_t i = 0; i < rows->column_count; i++)
            if (!rows->columns[i].people)
                append_value(line, &values[i]);
        fprintf(out, "%s\n", line->str);
    }
    g_string_free(line, TRUE);
}
