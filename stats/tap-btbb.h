/* tap-btbb.h: the statistics that tshark prints (-z btbb,...).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_TAP_BTBB_H
#define BTBB_TAP_BTBB_H

/* Register them; to be called once, when taps are registered. Registers nothing in the Wireshark window, which does not
 * show what is printed. */
void btbb_tap_register(void);

#endif
