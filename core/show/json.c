/* json.c: rows as JSON objects, one per line, with the keys of the CSV header: as an array, or each on its own
 * (ndjson).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/json-text.h"
#include "show/print.h"

static void append_value(GString *line, const struct btbb_value *value)
{
    if (value->kind == BTBB_VALUE_NONE) {
        g_string_append(line, "null");
    } else if (value->kind == BTBB_VALUE_TEXT) {
        btbb_json_append(line, value->text, "");
    } else {
        bool quoted = value->kind == BTBB_VALUE_TIME;

        g_string_append(line, quoted ? "\"" : "");
        btbb_value_append(line, value);
        g_string_append(line, quoted ? "\"" : "");
    }
}

static void append_object(GString *line, const struct btbb_rows *rows, const struct btbb_value *values)
{
    const char *before = "{";

    for (size_t i = 0; i < rows->column_count; i++) {
        if (rows->columns[i].only == BTBB_ONLY_TABLES)
            continue;
        g_string_append(line, before);
        btbb_json_append(line, rows->columns[i].key, "");
        g_string_append(line, ": ");
        append_value(line, &values[i]);
        before = ", ";
    }
    g_string_append_c(line, '}');
}

void btbb_print_json(struct btbb_rows *rows, FILE *out)
{
    GString *line = g_string_new(NULL);
    const struct btbb_value *values;
    const char *before = "\n";

    fputs("[", out);
    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows))) {
        g_string_assign(line, before);
        append_object(line, rows, values);
        fwrite(line->str, 1, line->len, out);
        before = ",\n";
    }
    fputs("\n]\n", out);
    g_string_free(line, TRUE);
}

void btbb_print_ndjson(struct btbb_rows *rows, FILE *out)
{
    GString *line = g_string_new(NULL);
    const struct btbb_value *values;

    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows))) {
        g_string_truncate(line, 0);
        append_object(line, rows, values);
        g_string_append_c(line, '\n');
        fwrite(line->str, 1, line->len, out);
    }
    g_string_free(line, TRUE);
}
