/* gui-cells.h: rows and cells of a table of the Statistics menu.
 *
 * The window keeps pointers to rows for as long as it is open, even after another window of the same table has counted
 * anew. A removed row is therefore not freed before the table is: it waits until a new row uses it.
 *
 * Wireshark has no function that removes a row, so this file changes num_elements and elements of stat_tap_table.
 * Nothing else accesses them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_GUI_CELLS_H
#define BTBB_GUI_CELLS_H

#include "compat/ws-compat.h"

#include <epan/stat_tap_ui.h>

#include "show/columns.h"

struct btbb_gui_cells {
    stat_tap_table_ui *ui; /* NULL before the first window */
    stat_tap_table *table; /* valid while btbb_gui_has_table() */
    GPtrArray *removed;    /* rows that wait for reuse */
    guint text_bytes;      /* of a text and its terminating zero; 0: 48. Constant */
};

/* Column of a window for a column of a view. */
stat_tap_table_item btbb_gui_column(const struct btbb_column_info *column);

/* Add an empty table to `ui`. Returns false when it has one already. */
bool btbb_gui_table_add(struct btbb_gui_cells *cells, stat_tap_table_ui *ui);

/* Whether Wireshark has not freed the table. It calls nothing when it frees one without rows. Callbacks of listeners
 * that are not the window's must check this first. */
bool btbb_gui_has_table(const struct btbb_gui_cells *cells);

/* Add an empty row at the end and return its number. `columns`: those of the table. */
guint btbb_gui_row_add(struct btbb_gui_cells *cells, const stat_tap_table_item *columns);

/* Remove the last row. */
void btbb_gui_row_remove(struct btbb_gui_cells *cells);
void btbb_gui_rows_clear(struct btbb_gui_cells *cells);

/* Show a value in a cell. Texts that are longer than a cell are cut. */
void btbb_gui_cell_set(struct btbb_gui_cells *cells, guint row, guint column, const struct btbb_value *value);

/* Free what belongs to a row: to be called for the first cell of each row that Wireshark frees. */
void btbb_gui_cell_free(stat_tap_table_item_type *cell);

/* Free the removed rows: to be called when the table is freed. */
void btbb_gui_cells_free_removed(struct btbb_gui_cells *cells);

#endif
