/* listeners.h: who gets what is found of the packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_LISTENERS_H
#define BTBB_LISTENERS_H

#include "compat/ws-compat.h"

/* Whether the program is Wireshark with its window. It shows packets again later, in any order. */
bool btbb_is_window(void);

/* Whether there is a listener on another tap than those of `ours`: names, and NULL at the end. */
bool btbb_are_others_listening(const char *const *ours);

#endif
