/* dissect-clock.h: the clock of the piconet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_DISSECT_CLOCK_H
#define BTBB_DISSECT_CLOCK_H

#include "packet.h"

void btbb_register_clock(int proto, module_t *preferences);

/* For a new capture (may be NULL): seek clocks, if the preference is set. */
void btbb_seek_clocks(struct btbb_capture *capture);

/* Whether anything that depends on clocks may be shown: the window is open, the packet list or the whole tree is
 * printed, a filter names such a field or one of another protocol, a statistic other than ours or Ethernet's listens
 * (`-z expert`, `-z io,phs`), or one listens to BTBB_CLOCK_TAP_NAME. `tree` may be NULL. */
bool btbb_are_clocks_wanted(const packet_info *pinfo, proto_tree *tree);

void btbb_show_clock(const struct btbb_packet *packet, proto_tree *tree);

#endif
