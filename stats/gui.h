/* gui.h: what the statistics offer in the Wireshark window, beyond what they print in tshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_GUI_H
#define BTBB_GUI_H

/* Register it all; to be called once, when taps are registered. Registers nothing without the tap of btbb.so. The tabs
 * of Endpoints and Conversations and the statistics tree are also there in tshark (-z endpoints,btbb, -z conv,btbb,
 * -z btbb,tree); tables and menu entries only in Wireshark. */
void btbb_gui_register(void);

/* Its parts. */
void btbb_gui_register_endpoints(void); /* gui-endpoints.c */
void btbb_gui_register_tree(void);      /* gui-tree.c */
void btbb_gui_register_tables(void);    /* gui-table.c */
void btbb_gui_register_report(void);    /* gui-report.c */

#endif
