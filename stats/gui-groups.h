/* gui-groups.h: which rows of a window belong to which group, for tables whose groups gain and lose rows.
 *
 * Wireshark can only add and remove rows at the end of a table, and sorts them by their first column when all packets
 * are counted; rows that are equal there keep their order. Therefore the rows of a group need not be neighbors, but
 * must be in order. The last row of the table replaces a row that is lost, so that every change takes constant time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_GUI_GROUPS_H
#define BTBB_GUI_GROUPS_H

#include <glib.h>

/* Most rows of a group. */
#define BTBB_GUI_GROUP_ROWS 24u

struct btbb_gui_group {
    guint rows[BTBB_GUI_GROUP_ROWS]; /* rows of the window, in ascending order */
    guint count;
};

struct btbb_gui_groups {
    GArray *groups; /* struct btbb_gui_group, by number */
    GArray *owners; /* number of the group of each row of the window; guint32 */
};

void btbb_gui_groups_init(struct btbb_gui_groups *groups);
void btbb_gui_groups_clear(struct btbb_gui_groups *groups); /* no rows any more; memory is kept */
void btbb_gui_groups_free(struct btbb_gui_groups *groups);

/* The group with this number. Valid until a group with a higher number is looked up for the first time. */
const struct btbb_gui_group *btbb_gui_groups_at(struct btbb_gui_groups *groups, guint32 number);

/* The group gets the row that was added at the end of the window. It must have fewer than BTBB_GUI_GROUP_ROWS. */
void btbb_gui_groups_add(struct btbb_gui_groups *groups, guint32 number);

/* The group, which must have rows, loses its last one, and the window is about to lose its last row. Returns the number
 * of the group that the latter belonged to: all of its rows must be filled again. */
guint32 btbb_gui_groups_remove(struct btbb_gui_groups *groups, guint32 number);

#endif
