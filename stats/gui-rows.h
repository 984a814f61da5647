/* gui-rows.h: a table of the Statistics menu that is brought up to date with every packet.
 *
 * A table shows the rows of rows.h, which are also those of text, CSV and JSON. Wireshark reads the cells after the
 * last packet has been counted, but has no callback at that time. Therefore every packet updates the rows that it
 * changes: those of one or two clients, or those of all TYPEs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_GUI_ROWS_H
#define BTBB_GUI_ROWS_H

#include "gui-cells.h"
#include "link-listener.h"

#include "record.h"
#include "show/rows.h"

/* Columns of a window at most: those of lap-type, one for each TYPE. */
#define BTBB_GUI_COLUMNS (BTBB_TYPES + 4u)

struct btbb_gui_rows {
    enum btbb_view view;
    guint column_count;
    const char *keys[BTBB_GUI_COLUMNS]; /* of the columns of the window: keys of the view's columns */
    stat_tap_table_item columns[BTBB_GUI_COLUMNS];

    struct btbb_gui_cells cells;
    struct btbb_options options;
    struct btbb_totals *totals;
    struct btbb_rows *rows;
    const struct btbb_vendors *vendors;
    struct btbb_link_listener *names; /* Clients: learns the names of devices, from all packets; otherwise NULL */
    GArray *shown_in;                 /* column of `rows` -> column of the window, -1 for none; int */
    uint32_t series;                  /* bits of the series that have a column in `rows` */
    GArray *places;                   /* client number -> row of the window plus one, 0 for none; guint */
    struct btbb_client seen_once;     /* sums over the clients that `min` leaves out */
    bool has_seen_once;               /* the last row of the window shows them */
};

/* The table is `t` in all functions. Set its view, its columns and everything that lives as long as the program. */
void btbb_gui_rows_init(struct btbb_gui_rows *t, enum btbb_view view, const struct btbb_vendors *vendors);

/* Free all of that. */
void btbb_gui_rows_clear_all(struct btbb_gui_rows *t);

/* Learn the names of devices from now on, where the view shows them. */
void btbb_gui_rows_learn_names(struct btbb_gui_rows *t);

/* Forget all packets. The rows of the window stay as they are. */
void btbb_gui_rows_forget(struct btbb_gui_rows *t);

/* Remove all rows of the window and count from the first packet. */
void btbb_gui_rows_restart(struct btbb_gui_rows *t);

/* Count a packet and update the cells. Returns whether anything has changed. */
bool btbb_gui_rows_count(struct btbb_gui_rows *t, const struct btbb_record *record);

#endif
