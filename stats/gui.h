/* gui.h: the statistics of the Wireshark window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_GUI_H
#define BTBB_GUI_H

#include <stdbool.h>

/* Whether this process is Wireshark with its window, not tshark or another program. */
bool btbb_in_window(void);

/* Register everything; to be called once, when taps are registered. Registers nothing when the tap of btbb.so does not
 * exist. The tabs of Endpoints and Conversations and the statistics tree are also available in tshark (-z
 * endpoints,btbb, -z conv,btbb, -z btbb,tree); tables and menu entries are available in the window only. */
void btbb_gui_register(void);

/* Its parts. */
void btbb_gui_register_endpoints(void); /* gui-endpoints.c */
void btbb_gui_register_tree(void);      /* gui-tree.c */
void btbb_gui_register_tables(void);    /* gui-table.c */
void btbb_gui_register_links(void);     /* gui-links.c */
void btbb_gui_register_piconets(void);  /* gui-piconets.c */
void btbb_gui_register_report(void);    /* gui-report.c */

#endif
