/* text-layout.c: chooses columns and widths of a text table.
 *
 * Of many like columns (clients, TYPEs, channels) those with most packets are shown as far as they fit. The rest is
 * summed in a column "others".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/text-int.h"

#include <inttypes.h>
#include <string.h>

#include "show/rank.h"

#define BAR_MIN 10
#define BAR_MAX 50

static bool is_time(const struct btbb_column *column)
{
    return column->kind == BTBB_VALUE_EPOCH || column->kind == BTBB_VALUE_TIME;
}

size_t btbb_characters(const char *text, size_t bytes)
{
    size_t ascii = 0;

    while (ascii < bytes && (uint8_t)text[ascii] < 0x80)
        ascii++;
    return ascii < bytes && g_utf8_validate(text, (gssize)bytes, NULL) ? (size_t)g_utf8_strlen(text, (gssize)bytes)
                                                                       : bytes;
}

/* Without printf(), which takes most of the time of a large table. */
static void set_thousands(GString *text, uint64_t count)
{
    char digits[27]; /* 18,446,744,073,709,551,615 */
    size_t at = sizeof digits;

    for (size_t written = 0;; written++) {
        if (written > 0 && written % 3 == 0)
            digits[--at] = ',';
        digits[--at] = (char)('0' + count % 10);
        count /= 10;
        if (count == 0)
            break;
    }
    g_string_set_size(text, sizeof digits - at);
    memcpy(text->str, digits + at, sizeof digits - at);
}

static void append_clock(const struct btbb_layout *layout, const struct btbb_value *value)
{
    /* Where "06-13 21:06:11" and "21:06:11" start in "2012-06-13 21:06:11". */
    static const size_t starts[] = {[BTBB_SAME_DAY] = 11, [BTBB_SAME_YEAR] = 5, [BTBB_DIFFERENT_YEARS] = 0};
    char clock[BTBB_TIME_TEXT];
    uint32_t fraction;
    int64_t seconds = btbb_seconds_of(value->ns, &fraction);

    btbb_local_time(seconds, clock);
    g_string_append(layout->text, clock + starts[layout->dates]);
    if (layout->time_characters > 0)
        g_string_truncate(layout->text, layout->time_characters);
    else if (value->kind == BTBB_VALUE_TIME)
        btbb_fraction_append(layout->text, fraction, layout->fraction_digits);
}

const char *btbb_layout_count(const struct btbb_layout *layout, uint64_t count)
{
    set_thousands(layout->text, count);
    return layout->text->str;
}

const char *btbb_layout_text(const struct btbb_layout *layout, const struct btbb_column *column,
                             const struct btbb_value *value)
{
    GString *text = layout->text;
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_truncate(text, 0);
    if (value->kind == BTBB_VALUE_COUNT)
        set_thousands(text, value->count);
    else if (value->kind == BTBB_VALUE_REAL)
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.1f", value->real));
    else if (value->kind != BTBB_VALUE_NONE && is_time(column))
        append_clock(layout, value);
    else if (value->kind == BTBB_VALUE_EPOCH)
        btbb_value_append(text, &(struct btbb_value){.kind = BTBB_VALUE_TIME, .ns = value->ns});
    else
        btbb_value_append(text, value);
    return text->str;
}

/* Find what all times share, and the digits of their fractions. */
static void measure_time(struct btbb_layout *layout, const struct btbb_value *value)
{
    char day[BTBB_TIME_TEXT], offset[BTBB_TIME_TEXT];
    uint32_t fraction;
    int64_t seconds = btbb_seconds_of(value->ns, &fraction);

    layout->fraction_digits = MAX(layout->fraction_digits, btbb_fraction_digits(fraction));
    btbb_local_time(seconds, day);
    day[strlen("2012-06-13")] = '\0';
    btbb_utc_offset(seconds, offset);
    if (layout->day[0] == '\0') {
        g_strlcpy(layout->day, day, sizeof layout->day);
        g_strlcpy(layout->offset, offset, sizeof layout->offset);
        g_strlcpy(layout->year, day, sizeof "2012");
    }
    if (strcmp(layout->offset, offset) != 0 || strncmp(layout->day, day, strlen("2012")) != 0)
        layout->dates = BTBB_DIFFERENT_YEARS;
    else if (layout->dates == BTBB_SAME_DAY && strcmp(layout->day, day) != 0)
        layout->dates = BTBB_SAME_YEAR;
}

static void measure_times(struct btbb_layout *layout)
{
    struct btbb_rows *rows = layout->rows;
    const struct btbb_value *values;

    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows)))
        for (size_t i = 0; i < rows->column_count; i++)
            if (layout->shown[i] && is_time(&rows->columns[i]) && values[i].kind != BTBB_VALUE_NONE)
                measure_time(layout, &values[i]);
}

static void measure_text(struct btbb_layout *layout, size_t column, const char *text)
{
    layout->width[column] = MAX(layout->width[column], btbb_characters(text, strlen(text)));
}

/* Widths of all columns. Only the largest count of a column is formatted, because there may be millions. */
static void measure_values(struct btbb_layout *layout)
{
    struct btbb_rows *rows = layout->rows;
    const struct btbb_value *values;

    btbb_rows_rewind(rows);
    while ((values = btbb_rows_next(rows))) {
        for (size_t i = 0; i < rows->column_count; i++) {
            if (values[i].kind == BTBB_VALUE_COUNT)
                layout->most[i] = MAX(layout->most[i], values[i].count);
            else if (layout->shown[i])
                measure_text(layout, i, btbb_layout_text(layout, &rows->columns[i], &values[i]));
        }
    }
    for (size_t i = 0; i < rows->column_count; i++)
        layout->width[i] = MAX(layout->width[i], strlen(btbb_layout_count(layout, layout->most[i])));
}

size_t btbb_layout_title_break(const struct btbb_layout *layout, const char *title)
{
    const char *space = layout->two_lines ? strchr(title, ' ') : NULL;

    return space ? (size_t)(space - title) : strlen(title);
}

size_t btbb_layout_width(const struct btbb_layout *layout, size_t column)
{
    const char *title = layout->rows->columns[column].title;
    size_t first = btbb_layout_title_break(layout, title), rest = strlen(title) - first;

    return MAX(layout->width[column], MAX(first, rest ? rest - 1 : 0));
}

static size_t table_width(const struct btbb_layout *layout)
{
    size_t width = 0;

    for (size_t i = 0; i < layout->rows->column_count; i++)
        if (layout->shown[i] && !layout->rows->columns[i].rest)
            width += (width ? layout->gap : 0) + btbb_layout_width(layout, i);
    return width + (layout->has_others ? layout->gap + layout->others_width : 0);
}

/* Hide all series and return them ranked; the column that already is "others" is left out. Adds up *total. */
static struct btbb_ranked *hide_series(struct btbb_layout *layout, size_t *count, uint64_t *total)
{
    const struct btbb_rows *rows = layout->rows;
    struct btbb_ranked *ranked = g_new(struct btbb_ranked, rows->column_count + 1);

    for (size_t i = 0; i < rows->column_count; i++) {
        if (!rows->columns[i].series)
            continue;
        *total += rows->columns[i].total;
        layout->shown[i] = false;
        layout->others_at = i + 1;
        if (strcmp(rows->columns[i].key, BTBB_OTHERS) != 0)
            ranked[(*count)++] = (struct btbb_ranked){rows->columns[i].total, 0, (uint32_t)i};
    }
    btbb_rank_sort(ranked, *count);
    return ranked;
}

static void fit_series(struct btbb_layout *layout)
{
    size_t count = 0;
    uint64_t total = 0;
    struct btbb_ranked *ranked = hide_series(layout, &count, &total);

    layout->has_others = true;
    layout->others_width = MAX(strlen(BTBB_OTHERS), strlen(btbb_layout_count(layout, total)));

    size_t width = table_width(layout);

    for (size_t i = 0; i < count; i++) {
        width += layout->gap + btbb_layout_width(layout, ranked[i].number);
        if (width > BTBB_TABLE_WIDTH)
            break;
        layout->shown[ranked[i].number] = true;
    }
    g_free(ranked);
}

/* If the table is too wide, show only so many characters of times. */
static void shorten_times(struct btbb_layout *layout, size_t characters)
{
    if (layout->dates != BTBB_DIFFERENT_YEARS || table_width(layout) <= BTBB_TABLE_WIDTH)
        return;
    layout->time_characters = characters;
    memset(layout->width, 0, layout->rows->column_count * sizeof *layout->width);
    measure_values(layout);
}

/* Without values a column is as wide as the largest count, 0. */
static void hide_rare(struct btbb_layout *layout)
{
    for (size_t i = 0; i < layout->rows->column_count; i++)
        if (layout->rows->columns[i].rare && layout->most[i] == 0 && layout->width[i] <= 1)
            layout->shown[i] = false;
}

/* Make the table fit: a header of two lines, narrower gaps, fewer series, shorter times. The rest is for the bar. */
static void fit(struct btbb_layout *layout)
{
    size_t series = 0, width = table_width(layout);

    for (size_t i = 0; i < layout->rows->column_count; i++)
        series += layout->rows->columns[i].series;
    if (width > BTBB_TABLE_WIDTH) {
        layout->two_lines = true;
        layout->two_lines = table_width(layout) < width;
    }
    if (table_width(layout) > BTBB_TABLE_WIDTH && series == 0)
        layout->gap = 1;
    if (table_width(layout) > BTBB_TABLE_WIDTH && series > 0)
        fit_series(layout);
    shorten_times(layout, strlen("2012-06-13 21:06"));
    shorten_times(layout, strlen("2012-06-13"));
    width = table_width(layout) + layout->gap;
    if (layout->bar_column < layout->rows->column_count && width + BAR_MIN <= BTBB_TABLE_WIDTH)
        layout->bar_width = MIN(BTBB_TABLE_WIDTH - width, BAR_MAX);
}

void btbb_layout_init(struct btbb_layout *layout, struct btbb_rows *rows)
{
    *layout = (struct btbb_layout){.rows = rows, .gap = 2, .bar_column = rows->column_count};
    layout->text = g_string_new(NULL);
    layout->shown = g_new0(bool, rows->column_count);
    layout->width = g_new0(size_t, rows->column_count);
    layout->most = g_new0(uint64_t, rows->column_count);
    for (size_t i = 0; i < rows->column_count; i++) {
        layout->shown[i] = rows->columns[i].only != BTBB_ONLY_MACHINES;
        if (rows->columns[i].bar)
            layout->bar_column = i;
    }
    measure_times(layout);
    measure_values(layout);
    hide_rare(layout);
    fit(layout);
}

void btbb_layout_clear(struct btbb_layout *layout)
{
    g_string_free(layout->text, TRUE);
    g_free(layout->shown);
    g_free(layout->width);
    g_free(layout->most);
}
