/* text.c: rows as a table for people: aligned columns, thousands separators, a bar.
 *
 * The rows are read several times: first to measure them (text-layout.c), then to print them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/text-int.h"

#include <string.h>

static bool is_left(const struct btbb_column *column)
{
    return column->kind != BTBB_VALUE_COUNT && column->kind != BTBB_VALUE_REAL && column->kind != BTBB_VALUE_DURATION;
}

/* Append a field; print_line() removes the spaces after the last one. Large tables consist of nothing else, so the line
 * grows once for each. */
static void append_field(GString *line, const struct btbb_layout *layout, const char *text, size_t width, bool left)
{
    const size_t bytes = strlen(text), length = btbb_characters(text, bytes);
    const size_t spaces = length < width ? width - length : 0, start = line->len, gap = start > 0 ? layout->gap : 0;

    g_string_set_size(line, start + gap + bytes + spaces);
    memset(line->str + start, ' ', gap + bytes + spaces);
    memcpy(line->str + start + gap + (left ? 0 : spaces), text, bytes);
}

static void print_line(GString *line, FILE *out)
{
    while (line->len > 0 && line->str[line->len - 1] == ' ')
        g_string_truncate(line, line->len - 1);
    g_string_append_c(line, '\n');
    fwrite(line->str, 1, line->len, out);
    g_string_truncate(line, 0);
}

/* One line of a title. Titles without a break stand on the lower line. */
static char *title_part(const struct btbb_layout *layout, const char *title, bool second)
{
    size_t split = btbb_layout_title_break(layout, title);

    if (title[split] == '\0')
        return g_strdup(second == layout->two_lines ? title : "");
    return second ? g_strdup(title + split + 1) : g_strndup(title, split);
}

static void print_header(const struct btbb_layout *layout, GString *line, bool second, FILE *out)
{
    const struct btbb_rows *rows = layout->rows;

    for (size_t i = 0; i <= rows->column_count; i++) {
        if (layout->has_others && i == layout->others_at)
            append_field(line, layout, second == layout->two_lines ? BTBB_OTHERS : "", layout->others_width, false);
        if (i == rows->column_count || !layout->shown[i])
            continue;

        char *part = title_part(layout, rows->columns[i].title, second);

        append_field(line, layout, part, btbb_layout_width(layout, i), is_left(&rows->columns[i]));
        g_free(part);
    }
    print_line(line, out);
}

static void append_bar(GString *line, const struct btbb_layout *layout, uint64_t count)
{
    uint64_t most = layout->most[layout->bar_column];
    double share = most ? (double)count / (double)most : 0;
    size_t length = (size_t)(share * (double)layout->bar_width + 0.5);

    append_field(line, layout, "", 0, true);
    for (size_t i = 0; i < length; i++)
        g_string_append_c(line, '#');
}

/* Sum of the series that are not shown. */
static uint64_t others_of(const struct btbb_layout *layout, const struct btbb_value *values)
{
    uint64_t others = 0;

    for (size_t i = 0; i < layout->rows->column_count; i++)
        if (!layout->shown[i] && layout->rows->columns[i].series)
            others += values[i].count;
    return others;
}

static void print_row(const struct btbb_layout *layout, const struct btbb_value *values, GString *line, FILE *out)
{
    const struct btbb_rows *rows = layout->rows;

    for (size_t i = 0; i <= rows->column_count; i++) {
        if (layout->has_others && i == layout->others_at)
            append_field(line, layout, btbb_layout_count(layout, others_of(layout, values)), layout->others_width,
                         false);
        if (i < rows->column_count && layout->shown[i])
            append_field(line, layout, btbb_layout_text(layout, &rows->columns[i], &values[i]),
                         btbb_layout_width(layout, i), is_left(&rows->columns[i]));
    }
    if (layout->bar_width > 0)
        append_bar(line, layout, values[layout->bar_column].count);
    print_line(line, out);
}

static void print_notes(const struct btbb_layout *layout, FILE *out)
{
    for (size_t i = 0; i < layout->rows->note_count; i++)
        fprintf(out, "%s\n", layout->rows->notes[i]);
    if (layout->day[0] == '\0')
        return;
    if (layout->dates == BTBB_DIFFERENT_YEARS)
        fputs("Local time\n", out);
    else
        fprintf(out, "Local time, %s, UTC%s\n", layout->dates == BTBB_SAME_DAY ? layout->day : layout->year,
                layout->offset);
}

void btbb_print_table(struct btbb_rows *rows, FILE *out)
{
    struct btbb_layout layout;
    const struct btbb_value *values;
    GString *line = g_string_new(NULL);

    btbb_layout_init(&layout, rows);
    if (layout.two_lines)
        print_header(&layout, line, false, out);
    print_header(&layout, line, layout.two_lines, out);
    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows)))
        print_row(&layout, values, line, out);
    print_notes(&layout, out);
    btbb_layout_clear(&layout);
    g_string_free(line, TRUE);
}
