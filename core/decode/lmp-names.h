/* lmp-names.h: the specification's names of values in LMP PDUs. Company identifiers are not among them: front ends have
 * the assigned numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LMP_NAMES_H
#define BTBB_CORE_LMP_NAMES_H

#include <stdint.h>

/* All functions return static text, or NULL for a value without a name. */

/* "5.2": the version of the Core Specification (Assigned Numbers, "Core Specification versions"). */
const char *btbb_lmp_version_name(uint8_t version);

/* "LMP PDU Not Allowed": an error code (Vol 1 Part F, 1.3). */
const char *btbb_lmp_error_name(uint8_t error);

/* "DisplayYesNo": an IO capability (Vol 2 Part C, 5.2). */
const char *btbb_lmp_io_capability_name(uint8_t io);

#endif
