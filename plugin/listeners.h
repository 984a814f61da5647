/* listeners.h: who gets what is found of the packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_LISTENERS_H
#define BTBB_LISTENERS_H

#include "compat/ws-compat.h"

/* Whether the program is Wireshark with its window. It shows packets again later, in any order. */
bool btbb_is_window(void);

/* Whether listeners get the packet: not in the first of two passes, and not while the window or sharkd reads a file
 * that it shows later. */
bool btbb_is_tapped(packet_info *pinfo);

/* Whether there is a listener on another tap than those of `ours`: names, and NULL at the end. */
bool btbb_are_others_listening(const char *const *ours);

#endif
