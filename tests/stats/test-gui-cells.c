/* test-gui-cells.c: what cells of the window show, and in which order Wireshark sorts them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gui-cells.h"

#define TITLE "Cells"

static stat_tap_table_ui ui = {.title = TITLE, .nfields = 1};
static struct btbb_gui_cells cells;

/* An empty table of one column. */
static stat_tap_table_item open_table(enum btbb_view view, const char *key)
{
    const stat_tap_table_item column = btbb_gui_column(btbb_column_find(view, key));

    cells.removed = g_ptr_array_new();
    g_assert_true(btbb_gui_table_add(&cells, &ui));
    g_assert_false(btbb_gui_table_add(&cells, &ui));
    g_assert_true(btbb_gui_has_table(&cells));
    return column;
}

static void close_table(void)
{
    btbb_gui_rows_clear(&cells);
    btbb_gui_cells_free_removed(&cells);
    free_stat_tables(&ui);
    g_assert_false(btbb_gui_has_table(&cells));
    g_ptr_array_free(cells.removed, TRUE);
}

static const char *add(const stat_tap_table_item *column, struct btbb_value value)
{
    const guint row = btbb_gui_row_add(&cells, column);

    btbb_gui_cell_set(&cells, row, 0, &value);
    return stat_tap_get_field_data(cells.table, row, 0)->value.string_value;
}

/* The values are in ascending order. Wireshark sorts their texts by g_strcmp0(), which gives the same order. */
static void check(enum btbb_view view, const char *key, const struct btbb_value *values, const char *const *texts)
{
    const stat_tap_table_item column = open_table(view, key);
    const char *last = NULL;

    g_assert_cmpint(column.type, ==, TABLE_ITEM_STRING);
    g_assert_cmpint(column.align, ==, TAP_ALIGN_RIGHT);
    for (size_t i = 0; texts[i]; i++) {
        const char *text = add(&column, values[i]);

        g_assert_cmpstr(text, ==, texts[i]);
        g_assert_cmpint(g_strcmp0(last, text), <, 0);
        last = text;
    }
    close_table();
}

static void test_counts_that_may_be_unknown(void)
{
    const struct btbb_value values[] = {btbb_value_none(), btbb_value_count(0), btbb_value_count(9),
                                        btbb_value_count(16), btbb_value_count(UINT32_MAX)};
    const char *const texts[] = {"", "         0", "         9", "        16", "4294967295", NULL};

    check(BTBB_VIEW_LINKS, "key_size", values, texts);
    check(BTBB_VIEW_TIMELINE, "link", values, texts);
    check(BTBB_VIEW_PICONETS, "explained", values, texts);
    check(BTBB_VIEW_TYPE, "type", values, texts);
}

static void test_decimals(void)
{
    const struct btbb_value values[] = {btbb_value_none(), btbb_value_real(0.5), btbb_value_real(9.125),
                                        btbb_value_real(87.69), btbb_value_real(100)};
    const char *const texts[] = {"", "         0.50", "         9.12", "        87.69", "       100.00", NULL};

    check(BTBB_VIEW_TYPE, "percent", values, texts);
}

/* Those below 0 are in the order of their distance from it. */
static void test_levels(void)
{
    const struct btbb_value values[] = {btbb_value_none(), btbb_value_real(-9), btbb_value_real(-45.2),
                                        btbb_value_real(-60.3), btbb_value_real(-100.5)};
    const char *const texts[] = {"", "        -9.00", "       -45.20", "       -60.30", "      -100.50", NULL};

    check(BTBB_VIEW_SIGNAL, "signal_mean", values, texts);
}

static void test_durations(void)
{
    const struct btbb_value values[] = {btbb_value_none(), btbb_value_ns(BTBB_VALUE_DURATION, 625000),
                                        btbb_value_ns(BTBB_VALUE_DURATION, INT64_C(9500000000)),
                                        btbb_value_ns(BTBB_VALUE_DURATION, INT64_C(10000000000)),
                                        btbb_value_ns(BTBB_VALUE_DURATION, INT64_C(10250000000))};
    const char *const texts[] = {"", "         0.000625", "         9.500", "        10", "        10.250", NULL};

    check(BTBB_VIEW_TIMELINE, "elapsed", values, texts);
    check(BTBB_VIEW_PICONETS, "span", values, texts);
}

/* Counts that are always known are numbers for Wireshark, and without blanks where it saves them. */
static void test_known_counts(void)
{
    const stat_tap_table_item column = open_table(BTBB_VIEW_LAP, "packets");

    g_assert_cmpint(column.type, ==, TABLE_ITEM_UINT);
    g_assert_cmpstr(column.field_format, ==, "%u");
    add(&column, btbb_value_count(UINT64_MAX));
    g_assert_cmpuint(stat_tap_get_field_data(cells.table, 0, 0)->value.uint_value, ==, G_MAXUINT);
    close_table();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gui-cells/counts that may be unknown", test_counts_that_may_be_unknown);
    g_test_add_func("/gui-cells/decimals", test_decimals);
    g_test_add_func("/gui-cells/levels", test_levels);
    g_test_add_func("/gui-cells/durations", test_durations);
    g_test_add_func("/gui-cells/known counts", test_known_counts);
    return g_test_run();
}
