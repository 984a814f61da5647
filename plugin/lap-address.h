/* lap-address.h: the address type BTBB_LAP_ADDRESS_TYPE (record.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_LAP_ADDRESS_H
#define BTBB_LAP_ADDRESS_H

/* To be called when protocols are registered. */
void btbb_register_lap_address(void);

#endif
