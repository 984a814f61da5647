/* ws-compat.h: the one place that knows how Wireshark 4.0, 4.4 and 4.6 differ.
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

#define BTBB_WS_AT_LEAST(major, minor)                                                                                 \
    (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* What Wireshark stores preferences of type bool in, and what its address and funnel callbacks take and return. */
#if BTBB_WS_AT_LEAST(4, 4)
typedef bool ws_bool_t;
#else
typedef gboolean ws_bool_t;
#define tvb_get_uint8 tvb_get_guint8
#endif

/* Init callback of a statistic: 4.6 lets it say that it failed; before, ending the program is the only way to make
 * tshark answer a wrong -z argument with an error. Never fail this way inside the GUI. */
#if BTBB_WS_AT_LEAST(4, 6)
typedef bool btbb_init_result;
#define BTBB_INIT_OK   return true
#define BTBB_INIT_FAIL return false
#else
#include <stdlib.h>
typedef void btbb_init_result;
#define BTBB_INIT_OK   return
#define BTBB_INIT_FAIL exit(1)
#endif

/* Titles of tables: "/" makes a submenu in 4.6 only. */
#if BTBB_WS_AT_LEAST(4, 6)
#define BTBB_TABLE_TITLE(title) "Bluetooth Baseband/" title
#else
#define BTBB_TABLE_TITLE(title) "BTBB " title
#endif

/* The four symbols that Wireshark looks for in a plugin. */
#define BTBB_EXPORT G_MODULE_EXPORT

#endif
