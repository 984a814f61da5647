/* text.c: rows as a table for people: aligned columns, thousands, a bar, at most 100 columns wide.
 *
 * The rows are gone through first to measure, then to print. Of many like columns (clients, types, channels) those with
 * most packets are shown that fit, and the rest is summed in a column "others".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/print.h"
#include "show/value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_WIDTH 100
#define BAR_MIN     10
#define BAR_MAX     50

static const char others_title[] = "others";

/* How much of date and time all values of a table share. */
enum dates { SAME_DAY, SAME_YEAR, DIFFERENT };

struct layout {
    struct btbb_rows *rows;
    bool *shown;   /* per column */
    size_t *width; /* per column, of its values */
    enum dates dates;
    unsigned fraction_digits;                                               /* of TIME values */
    char day[BTBB_TIME_TEXT], year[BTBB_TIME_TEXT], offset[BTBB_TIME_TEXT]; /* of the first time; "" before */
    bool others;      /* a column for the series that are not shown */
    size_t others_at; /* it stands before this column */
    size_t others_width;
    bool short_times; /* no seconds, where dates differ */
    bool two_lines;   /* the header breaks at the first space of each title */
    size_t gap;
    size_t bar_column; /* column_count: none */
    size_t bar_width;
    uint64_t *most; /* per column, of its counts */
    GString *text;  /* scratch */
};

static bool is_time(const struct btbb_column *column)
{
    return column->kind == BTBB_VALUE_EPOCH || column->kind == BTBB_VALUE_TIME;
}

static bool is_left(const struct btbb_column *column)
{
    return column->kind == BTBB_VALUE_TEXT || column->kind == BTBB_VALUE_NONE || is_time(column);
}

static void append_thousands(GString *text, uint64_t count)
{
    char digits[24];
    size_t length = (size_t)g_snprintf(digits, sizeof digits, "%" PRIu64, count);

    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
}

static void append_clock(const struct layout *layout, const struct btbb_value *value)
{
    /* Where "06-13 21:06:11" and "21:06:11" start in "2012-06-13 21:06:11". */
    static const size_t starts[] = {[SAME_DAY] = 11, [SAME_YEAR] = 5, [DIFFERENT] = 0};
    char clock[BTBB_TIME_TEXT];
    uint32_t fraction;
    int64_t seconds = btbb_seconds_of(value->ns, &fraction);

    btbb_local_time(seconds, clock);
    g_string_append(layout->text, clock + MIN(starts[layout->dates], strlen(clock)));
    if (layout->short_times)
        g_string_truncate(layout->text, strlen("2012-06-13 21:06"));
    else if (value->kind == BTBB_VALUE_TIME)
        btbb_fraction_append(layout->text, fraction, layout->fraction_digits);
}

/* The text of a value in a table, in layout->text. */
static const char *text_of(const struct layout *layout, const struct btbb_column *column,
                           const struct btbb_value *value)
{
    GString *text = layout->text;
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_truncate(text, 0);
    if (value->kind == BTBB_VALUE_COUNT)
        append_thousands(text, value->count);
    else if (value->kind == BTBB_VALUE_REAL)
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.1f", value->real));
    else if (is_time(column))
        append_clock(layout, value);
    else if (value->kind == BTBB_VALUE_EPOCH)
        btbb_value_append(text, &(struct btbb_value){.kind = BTBB_VALUE_TIME, .ns = value->ns});
    else
        btbb_value_append(text, value);
    return text->str;
}

static size_t characters(const char *text)
{
    return g_utf8_validate(text, -1, NULL) ? (size_t)g_utf8_strlen(text, -1) : strlen(text);
}

/* Find what all times share, and the digits of their fractions. */
static void measure_time(struct layout *layout, const struct btbb_value *value)
{
    char day[BTBB_TIME_TEXT], offset[BTBB_TIME_TEXT];
    uint32_t fraction;
    int64_t seconds = btbb_seconds_of(value->ns, &fraction);
    unsigned digits = btbb_fraction_digits(fraction);

    btbb_local_time(seconds, day);
    day[MIN(10, strlen(day))] = '\0';
    btbb_utc_offset(seconds, offset);
    if (layout->day[0] == '\0') {
        g_strlcpy(layout->day, day, sizeof layout->day);
        g_strlcpy(layout->offset, offset, sizeof layout->offset);
        g_strlcpy(layout->year, day, 5);
    }
    if (strcmp(layout->offset, offset) != 0 || strncmp(layout->day, day, 4) != 0)
        layout->dates = DIFFERENT;
    else if (layout->dates == SAME_DAY && strcmp(layout->day, day) != 0)
        layout->dates = SAME_YEAR;
    layout->fraction_digits = MAX(layout->fraction_digits, digits);
}

static void measure_times(struct layout *layout)
{
    struct btbb_rows *rows = layout->rows;
    const struct btbb_value *values;

    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows)))
        for (size_t i = 0; i < rows->column_count; i++)
            if (layout->shown[i] && is_time(&rows->columns[i]) && values[i].kind != BTBB_VALUE_NONE)
                measure_time(layout, &values[i]);
}

/* Widths of all columns. Of counts, of which there may be millions, only the largest is written out. */
static void measure_values(struct layout *layout)
{
    struct btbb_rows *rows = layout->rows;
    const struct btbb_value *values;

    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows))) {
        for (size_t i = 0; i < rows->column_count; i++) {
            if (values[i].kind == BTBB_VALUE_COUNT)
                layout->most[i] = MAX(layout->most[i], values[i].count);
            else if (layout->shown[i])
                layout->width[i] = MAX(layout->width[i], characters(text_of(layout, &rows->columns[i], &values[i])));
        }
    }
    for (size_t i = 0; i < rows->column_count; i++) {
        size_t width = 1;

        for (uint64_t rest = layout->most[i], digits = 1; rest > 9; rest /= 10, digits++)
            width += digits % 3 == 0 ? 2 : 1;
        layout->width[i] = MAX(layout->width[i], width);
    }
}

/* Length of the first line of a title; the second follows behind a space. */
static size_t title_break(const struct layout *layout, const char *title)
{
    const char *space = layout->two_lines ? strchr(title, ' ') : NULL;

    return space ? (size_t)(space - title) : strlen(title);
}

static size_t column_width(const struct layout *layout, size_t column)
{
    const char *title = layout->rows->columns[column].title;
    size_t first = title_break(layout, title), rest = strlen(title) - first;

    return MAX(layout->width[column], MAX(first, rest ? rest - 1 : 0));
}

static size_t table_width(const struct layout *layout)
{
    size_t width = 0;

    for (size_t i = 0; i < layout->rows->column_count; i++)
        if (layout->shown[i])
            width += (width ? layout->gap : 0) + column_width(layout, i);
    return width + (layout->others ? layout->gap + layout->others_width : 0);
}

struct candidate {
    uint64_t total;
    size_t column;
};

static int most_first(const void *va, const void *vb)
{
    const struct candidate *a = va, *b = vb;

    if (a->total != b->total)
        return a->total > b->total ? -1 : 1;
    return a->column < b->column ? -1 : a->column > b->column;
}

/* Show the series with most packets as far as they fit; the others become one column. */
static void fit_series(struct layout *layout)
{
    struct btbb_rows *rows = layout->rows;
    struct candidate *series = g_new(struct candidate, rows->column_count + 1);
    size_t count = 0, width, shown = 0;
    uint64_t total = 0;

    for (size_t i = 0; i < rows->column_count; i++) {
        if (!rows->columns[i].series)
            continue;
        total += rows->columns[i].total;
        layout->shown[i] = false;
        if (strcmp(rows->columns[i].key, others_title) != 0)
            series[count++] = (struct candidate){rows->columns[i].total, i};
    }
    qsort(series, count, sizeof *series, most_first);
    g_string_truncate(layout->text, 0);
    append_thousands(layout->text, total);
    layout->others = true;
    layout->others_at = rows->column_count;
    layout->others_width = MAX(strlen(others_title), layout->text->len);
    width = table_width(layout);
    for (; shown < count; shown++) {
        width += layout->gap + column_width(layout, series[shown].column);
        if (width > TABLE_WIDTH)
            break;
        layout->shown[series[shown].column] = true;
    }
    for (size_t i = 0; i < rows->column_count; i++)
        if (rows->columns[i].series)
            layout->others_at = i + 1;
    g_free(series);
}

/* Make it fit: a header of two lines, narrower gaps, fewer series. Then use what is left for the bar. */
static void fit(struct layout *layout)
{
    size_t series = 0, width = table_width(layout);

    for (size_t i = 0; i < layout->rows->column_count; i++)
        series += layout->rows->columns[i].series;
    if (width > TABLE_WIDTH) {
        layout->two_lines = true;
        layout->two_lines = table_width(layout) < width;
    }
    if (table_width(layout) > TABLE_WIDTH && series == 0)
        layout->gap = 1;
    if (table_width(layout) > TABLE_WIDTH && series > 0)
        fit_series(layout);
    if (table_width(layout) > TABLE_WIDTH && layout->dates == DIFFERENT) {
        layout->short_times = true;
        memset(layout->width, 0, layout->rows->column_count * sizeof *layout->width);
        measure_values(layout);
    }
    width = table_width(layout) + layout->gap;
    if (layout->bar_column < layout->rows->column_count && width + BAR_MIN <= TABLE_WIDTH)
        layout->bar_width = MIN(TABLE_WIDTH - width, BAR_MAX);
}

/* Append a field; spaces behind the last one are taken away when the line is printed. */
static void append_field(GString *line, const struct layout *layout, const char *text, size_t width, bool left)
{
    size_t length = characters(text), spaces = length < width ? width - length : 0;

    if (line->len > 0)
        g_string_append_printf(line, "%*s", (int)layout->gap, "");
    if (!left)
        g_string_append_printf(line, "%*s", (int)spaces, "");
    g_string_append(line, text);
    if (left)
        g_string_append_printf(line, "%*s", (int)spaces, "");
}

static void print_line(GString *line, FILE *out)
{
    while (line->len > 0 && line->str[line->len - 1] == ' ')
        g_string_truncate(line, line->len - 1);
    fprintf(out, "%s\n", line->str);
    g_string_truncate(line, 0);
}

static void print_header(const struct layout *layout, GString *line, bool second, FILE *out)
{
    const struct btbb_rows *rows = layout->rows;

    for (size_t i = 0; i <= rows->column_count; i++) {
        const struct btbb_column *column = &rows->columns[i];
        size_t split;
        char *part;

        if (layout->others && i == layout->others_at)
            append_field(line, layout, second == layout->two_lines ? others_title : "", layout->others_width, false);
        if (i == rows->column_count || !layout->shown[i])
            continue;
        split = title_break(layout, column->title);
        /* Titles of one word stand on the lower line. */
        if (column->title[split] == '\0')
            part = g_strdup(second == layout->two_lines ? column->title : "");
        else
            part = second ? g_strdup(column->title + split + 1) : g_strndup(column->title, split);
        append_field(line, layout, part, column_width(layout, i), is_left(column));
        g_free(part);
    }
    print_line(line, out);
}

static void append_bar(GString *line, const struct layout *layout, uint64_t count)
{
    uint64_t most = layout->most[layout->bar_column];
    double share = most ? (double)count / (double)most : 0;
    size_t length = (size_t)(share * (double)layout->bar_width + 0.5);

    g_string_append_printf(line, "%*s", (int)layout->gap, "");
    for (size_t i = 0; i < length; i++)
        g_string_append_c(line, '#');
}

static void print_row(const struct layout *layout, const struct btbb_value *values, GString *line, FILE *out)
{
    const struct btbb_rows *rows = layout->rows;
    uint64_t others = 0;

    for (size_t i = 0; i < rows->column_count; i++)
        if (!layout->shown[i] && rows->columns[i].series)
            others += values[i].count;
    for (size_t i = 0; i <= rows->column_count; i++) {
        if (layout->others && i == layout->others_at) {
            g_string_truncate(layout->text, 0);
            append_thousands(layout->text, others);
            append_field(line, layout, layout->text->str, layout->others_width, false);
        }
        if (i < rows->column_count && layout->shown[i])
            append_field(line, layout, text_of(layout, &rows->columns[i], &values[i]), column_width(layout, i),
                         is_left(&rows->columns[i]));
    }
    if (layout->bar_width > 0)
        append_bar(line, layout, values[layout->bar_column].count);
    print_line(line, out);
}

static void print_notes(const struct layout *layout, FILE *out)
{
    for (size_t i = 0; i < layout->rows->note_count; i++)
        fprintf(out, "%s\n", layout->rows->notes[i]);
    if (layout->day[0] == '\0')
        return;
    if (layout->dates == DIFFERENT)
        fputs("Local time\n", out);
    else
        fprintf(out, "Local time, %s, UTC%s\n", layout->dates == SAME_DAY ? layout->day : layout->year, layout->offset);
}

void btbb_print_table(struct btbb_rows *rows, FILE *out)
{
    struct layout layout = {.rows = rows, .gap = 2, .bar_column = rows->column_count};
    const struct btbb_value *values;
    GString *line = g_string_new(NULL);

    layout.text = g_string_new(NULL);
    layout.shown = g_new0(bool, rows->column_count);
    layout.width = g_new0(size_t, rows->column_count);
    layout.most = g_new0(uint64_t, rows->column_count);
    for (size_t i = 0; i < rows->column_count; i++) {
        layout.shown[i] = !rows->columns[i].machine;
        if (rows->columns[i].bar)
            layout.bar_column = i;
    }
    measure_times(&layout);
    measure_values(&layout);
    fit(&layout);
    if (layout.two_lines)
        print_header(&layout, line, false, out);
    print_header(&layout, line, layout.two_lines, out);
    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows)))
        print_row(&layout, values, line, out);
    print_notes(&layout, out);
    g_string_free(line, TRUE);
    g_string_free(layout.text, TRUE);
    g_free(layout.shown);
    g_free(layout.width);
    g_free(layout.most);
}
