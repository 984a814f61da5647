/* gui-tree.c: the statistics tree: client, then type, then direction, with rates and bursts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include <epan/stats_tree.h>

#include "decode/address-text.h"
#include "gui.h"
#include "record.h"

static const char root_name[] = "Bluetooth Baseband";
static int root;

static void tree_init(stats_tree *tree)
{
    root = stats_tree_create_node(tree, root_name, 0, STAT_DT_INT, TRUE);
}

/* Clients with a packet header stay above those with access codes only, in any order that the user chooses. */
static tap_packet_status tree_packet(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                     const void *data, tap_flags_t flags _U_)
{
    static const char *const types[BTBB_TYPES] = BTBB_TYPE_NAMES;
    static const char *const directions[] = {"direction not known", "to Peripheral", "to Central"};

    const struct btbb_record *record = (const struct btbb_record *)data;
    char lap[BTBB_LAP_TEXT_BYTES];

    if (record->version != BTBB_RECORD_VERSION || record->malformed)
        return TAP_PACKET_DONT_REDRAW;
    btbb_lap_text(record->lap, lap);
    tick_stat_node(tree, root_name, 0, TRUE);

    int node = tick_stat_node(tree, lap, root, TRUE);

    if (btbb_record_has_header(record))
        stat_node_set_flags(tree, lap, root, TRUE, ST_FLG_SORT_TOP);
    node = tick_stat_node(tree,
                          btbb_record_has_header(record)          ? types[record->type & (BTBB_TYPES - 1)]
                          : record->packet_class == BTBB_CLASS_ID ? "ID"
                                                                  : "undecoded",
                          node, TRUE);
    tick_stat_node(tree, directions[record->dir <= BTBB_DIR_TO_CENTRAL ? record->dir : BTBB_DIR_UNKNOWN], node, FALSE);
    return TAP_PACKET_REDRAW;
}

/* The menu lists trees below the tables. A submenu there would have one entry, and in 4.6 it would be the second one of
 * that name. */
void btbb_gui_register_tree(void)
{
    stats_tree_register_plugin(BTBB_TAP_NAME, "btbb", "BTBB Rates and Bursts", 0, tree_packet, tree_init, NULL);
}
