/* json.c: rows as a JSON array of objects, one per line, with the keys of the CSV header.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/print.h"
#include "show/value.h"

static void append_string(GString *line, const char *text)
{
    g_string_append_c(line, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_printf(line, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            g_string_append_printf(line, "\\u%04x", (unsigned char)*text);
        else
            g_string_append_c(line, *text);
    }
    g_string_append_c(line, '"');
}

static void append_value(GString *line, const struct btbb_value *value)
{
    if (value->kind == BTBB_VALUE_NONE) {
        g_string_append(line, "null");
    } else if (value->kind == BTBB_VALUE_TEXT) {
        append_string(line, value->text);
    } else {
        bool quoted = value->kind == BTBB_VALUE_TIME;

        g_string_append(line, quoted ? "\"" : "");
        btbb_value_append(line, value);
        g_string_append(line, quoted ? "\"" : "");
    }
}

void btbb_print_json(struct btbb_rows *rows, FILE *out)
{
    GString *line = g_string_new(NULL);
    const struct btbb_value *values;
    const char *before = "\n";

    fputs("[", out);
    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows))) {
        g_string_truncate(line, 0);
        for (size_t i = 0; i < rows->column_count; i++) {
            if (rows->columns[i].people)
                continue;
            g_string_append(line, line->len ? ", " : "");
            append_string(line, rows->columns[i].key);
            g_string_append(line, ": ");
            append_value(line, &values[i]);
        }
        fprintf(out, "%s{%s}", before, line->str);
        before = ",\n";
    }
    fputs("\n]\n", out);
    g_string_free(line, TRUE);
}
