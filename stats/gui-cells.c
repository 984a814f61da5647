/* gui-cells.c: rows and cells of a table of the Statistics menu.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gui-cells.h"

#include "show/local-time.h"

#define CELL_TEXT_BYTES 48

/* Characters before the point of a number that is a text: the digits of the highest frame number. */
#define CELL_DIGITS 10

/* Whether the count is known in every row of every table. */
static bool is_always_known(const char *key)
{
    static const char *const keys[] = {"packets",     "id",    "non_id",           "undecoded", "to_master",
                                       "from_master", "total", BTBB_COLUMN_SERIES, "frame",     NULL};

    return g_strv_contains(keys, key);
}

/* Other counts are texts, because a TABLE_ITEM_UINT cannot be empty; decimals are, because 4.0 and 4.4 show a
 * TABLE_ITEM_FLOAT with six decimals. */
stat_tap_table_item btbb_gui_column(const struct btbb_column_info *column)
{
    const bool is_number =
        column->kind == BTBB_VALUE_COUNT || column->kind == BTBB_VALUE_REAL || column->kind == BTBB_VALUE_DURATION;
    const bool is_uint = column->kind == BTBB_VALUE_COUNT && is_always_known(column->key);

    return (stat_tap_table_item){.type = is_uint ? TABLE_ITEM_UINT : TABLE_ITEM_STRING,
                                 .align = is_number ? TAP_ALIGN_RIGHT : TAP_ALIGN_LEFT,
                                 .column_name = column->title,
                                 .field_format = is_uint ? "%u" : "%s"};
}

bool btbb_gui_table_add(struct btbb_gui_cells *cells, stat_tap_table_ui *ui)
{
    cells->ui = ui;
    if (btbb_gui_has_table(cells))
        return false;
    cells->table = stat_tap_init_table(ui->title, (int)ui->nfields, 0, NULL);
    stat_tap_add_table(ui, cells->table);
    return true;
}

bool btbb_gui_has_table(const struct btbb_gui_cells *cells)
{
    return cells->ui && stat_tap_find_table(cells->ui, cells->ui->title);
}

static gsize text_bytes(const struct btbb_gui_cells *cells)
{
    return cells->text_bytes ? cells->text_bytes : CELL_TEXT_BYTES;
}

/* The texts of a row are one block that its first cell owns. */
static char *cell_text(const struct btbb_gui_cells *cells, guint row, guint column)
{
    char *texts = (char *)stat_tap_get_field_data(cells->table, row, 0)->user_data.ptr_value;

    return texts + column * text_bytes(cells);
}

static void clear_row(const struct btbb_gui_cells *cells, stat_tap_table_item_type *row,
                      const stat_tap_table_item *columns, char *texts)
{
    const guint count = cells->table->num_fields;

    memset(row, 0, count * sizeof *row);
    memset(texts, 0, count * text_bytes(cells));
    row[0].user_data.ptr_value = texts;
    for (guint i = 0; i < count; i++) {
        row[i].type = columns[i].type;
        if (row[i].type == TABLE_ITEM_STRING)
            row[i].value.string_value = texts + i * text_bytes(cells);
    }
}

guint btbb_gui_row_add(struct btbb_gui_cells *cells, const stat_tap_table_item *columns)
{
    const guint row = cells->table->num_elements, count = cells->table->num_fields;

    if (cells->removed->len > 0) {
        stat_tap_table_item_type *used =
            (stat_tap_table_item_type *)g_ptr_array_steal_index_fast(cells->removed, cells->removed->len - 1);

        clear_row(cells, used, columns, (char *)used[0].user_data.ptr_value);
        stat_tap_init_table_row(cells->table, row, count, used);
        g_free(cells->table->elements[row]); /* the copy: windows may point to the row itself */
        cells->table->elements[row] = used;
    } else {
        stat_tap_table_item_type *blank = g_new(stat_tap_table_item_type, count);

        clear_row(cells, blank, columns, (char *)g_malloc(count * text_bytes(cells)));
        stat_tap_init_table_row(cells->table, row, count, blank);
        g_free(blank);
    }
    return row;
}

void btbb_gui_row_remove(struct btbb_gui_cells *cells)
{
    g_ptr_array_add(cells->removed, cells->table->elements[--cells->table->num_elements]);
}

void btbb_gui_rows_clear(struct btbb_gui_cells *cells)
{
    while (cells->table->num_elements > 0)
        btbb_gui_row_remove(cells);
}

/* Local time, as everywhere in the window. */
static char *time_text(int64_t ns)
{
    uint32_t fraction;
    const int64_t seconds = btbb_seconds_of(ns, &fraction);
    char whole[BTBB_TIME_TEXT];

    btbb_local_time(seconds, whole);

    GString *text = g_string_new(whole);

    btbb_fraction_append(text, fraction, btbb_fraction_digits(fraction));
    return g_string_free(text, FALSE);
}

/* Seconds with their fraction, padded up to the point. */
static char *duration_text(const struct btbb_value *value)
{
    char *text = btbb_value_to_text(value);
    const int digits = (int)strcspn(text, ".");
    char *padded = g_strdup_printf("%*s%s", MAX(CELL_DIGITS - digits, 0), "", text);

    g_free(text);
    return padded;
}

/* Text of a value, to be freed. Wireshark sorts texts by their bytes. Numbers are padded, so that they sort by value;
 * but those below 0 sort by their distance from 0, as -45 comes before -60, and mixed with those above 0. */
static char *value_text(const struct btbb_value *value)
{
    switch (value->kind) {
    case BTBB_VALUE_COUNT:
        return g_strdup_printf("%*" G_GUINT64_FORMAT, CELL_DIGITS, value->count);
    case BTBB_VALUE_REAL:
        return g_strdup_printf("%*.2f", CELL_DIGITS + 3, value->real);
    case BTBB_VALUE_DURATION:
        return duration_text(value);
    case BTBB_VALUE_EPOCH:
        return time_text(value->ns);
    default:
        return btbb_value_to_text(value);
    }
}

static void set_text(const struct btbb_gui_cells *cells, guint row, guint column, const struct btbb_value *value)
{
    char *cell = cell_text(cells, row, column), *text = value_text(value);
    const char *end;

    g_strlcpy(cell, text, text_bytes(cells));
    g_free(text);
    if (!g_utf8_validate(cell, -1, &end))
        cell[end - cell] = '\0'; /* cut within a character */
}

void btbb_gui_cell_set(struct btbb_gui_cells *cells, guint row, guint column, const struct btbb_value *value)
{
    stat_tap_table_item_type *cell = stat_tap_get_field_data(cells->table, row, column);

    if (cell->type == TABLE_ITEM_UINT)
        cell->value.uint_value = (guint)MIN(value->count, G_MAXUINT);
    else
        set_text(cells, row, column, value);
}

void btbb_gui_cell_free(stat_tap_table_item_type *cell)
{
    g_free(cell->user_data.ptr_value);
    cell->user_data.ptr_value = NULL;
}

void btbb_gui_cells_free_removed(struct btbb_gui_cells *cells)
{
    for (guint i = 0; i < cells->removed->len; i++) {
        btbb_gui_cell_free((stat_tap_table_item_type *)g_ptr_array_index(cells->removed, i));
        g_free(g_ptr_array_index(cells->removed, i));
    }
    g_ptr_array_set_size(cells->removed, 0);
}
