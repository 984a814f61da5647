/* ws-company.c: Wireshark's table of company identifiers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-manuf.h"

#include <wireshark.h>

#include <epan/packet.h>

#include <epan/dissectors/packet-bluetooth.h>

const char *btbb_ws_company(uint16_t identifier)
{
    return try_val_to_str_ext(identifier, &bluetooth_company_id_vals_ext);
}
