/* gui-tree.c: the statistics tree: client, then type, then direction, with rates and bursts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include <epan/stats_tree.h>

#include "record.h"
#include "gui.h"

static const char root_name[] = "Bluetooth Baseband";
static int root;

static void tree_init(stats_tree *tree)
{
    root = stats_tree_create_node(tree, root_name, 0, STAT_DT_INT, TRUE);
}

/* Clients with a packet header stay above those with access codes only, however the window sorts. */
static tap_packet_status tree_packet(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                     const void *data, tap_flags_t flags _U_)
{
    static const char *const types[BTBB_TYPES] = BTBB_TYPE_NAMES;
    static const char *const directions[] = {"direction not known", "to Peripheral", "to Central"};

    const struct btbb_record *record = (const struct btbb_record *)data;
    char lap[sizeof "48:31:dd"];
    int node;

    if (record->version != BTBB_RECORD_VERSION || !record->has_lap)
        return TAP_PACKET_DONT_REDRAW;
    snprintf(lap, sizeof lap, "%02x:%02x:%02x", record->lap >> 16 & 0xff, record->lap >> 8 & 0xff, record->lap & 0xff);
    tick_stat_node(tree, root_name, 0, TRUE);
    node = tick_stat_node(tree, lap, root, TRUE);
    if (record->typed)
        stat_node_set_flags(tree, lap, root, TRUE, ST_FLG_SORT_TOP);
    node = tick_stat_node(tree,
                          record->typed ? types[record->type & (BTBB_TYPES - 1)]
                          : record->id  ? "ID"
                                        : "header not proven",
                          node, TRUE);
    tick_stat_node(tree, directions[record->dir <= BTBB_DIR_TO_CENTRAL ? record->dir : BTBB_DIR_UNKNOWN], node, FALSE);
    return TAP_PACKET_REDRAW;
}

/* The menu has trees in a part of their own, below that of the tables: a submenu of one entry, in 4.6 a second one of
 * the same name, would be no help there. */
void btbb_gui_register_tree(void)
{
    stats_tree_register_plugin(BTBB_TAP_NAME, "btbb", "BTBB Rates and Bursts", 0, tree_packet, tree_init, NULL);
}
