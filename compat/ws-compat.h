/* ws-compat.h: the one place that knows how Wireshark 4.0, 4.2, 4.4 and 4.6 differ.
 *
 * Both plugins include this file instead of Wireshark's basic headers. What needs no #if elsewhere: hf, ett and
 * protocol numbers start at -1, expert fields at EI_INIT, only val_to_str_const() and try_val_to_str() are used,
 * memory of a packet comes from pinfo->pool, and errors go to report_failure().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_WS_COMPAT_H
#define BTBB_WS_COMPAT_H

#include <gmodule.h>
#include <wireshark.h>
#include <ws_version.h>

#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/tap.h>
#include <epan/tfs.h>
#include <wiretap/wtap.h>

#include "compat/ws-config.h"

/* What Wireshark stores preferences of type bool in. */
#if BTBB_WS_PREFERENCE_IS_BOOL
typedef bool ws_preference_bool;
#else
typedef gboolean ws_preference_bool;
#endif

/* The last argument of the callback that names the field of an address. */
#if BTBB_WS_ADDRESS_IS_BOOL
typedef bool ws_address_bool;
#else
typedef gboolean ws_address_bool;
#endif

/* The result of the callback that checks a record of a table of preferences (UAT). */
#if BTBB_WS_TABLE_IS_BOOL
typedef bool ws_table_bool;
#else
typedef gboolean ws_table_bool;
#endif

#if !BTBB_WS_HAS_TVB_GET_UINT8
#define tvb_get_uint8 tvb_get_guint8
#endif

/* Init callback of a statistic, where it can report failure. Elsewhere, ending the program is the only way to make
 * tshark fail after a wrong -z argument. Never fail this way inside the GUI. */
#if BTBB_WS_INIT_CAN_FAIL
typedef bool btbb_init_result;
#define BTBB_INIT_OK   return true
#define BTBB_INIT_FAIL return false
#else
#include <stdlib.h>
typedef void btbb_init_result;
#define BTBB_INIT_OK   return
#define BTBB_INIT_FAIL exit(1)
#endif

/* Titles of tables: "/" makes a submenu since 4.6. No declaration shows this: here alone the version decides. */
#if WIRESHARK_VERSION_MAJOR > 4 || (WIRESHARK_VERSION_MAJOR == 4 && WIRESHARK_VERSION_MINOR >= 6)
#define BTBB_TABLE_TITLE(title) "Bluetooth Baseband/" title
#else
#define BTBB_TABLE_TITLE(title) "BTBB " title
#endif

/* The four symbols that Wireshark looks for in a plugin. */
#define BTBB_EXPORT G_MODULE_EXPORT

#endif
