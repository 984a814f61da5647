/* header.h: the packet header of 18 bits (Core Specification Vol 2 Part B, 6.4) and the check of its HEC.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_HEADER_H
#define BTBB_CORE_HEADER_H

#include "decode/facts.h"

/* Sets the header's members of `facts` from a header whose first bit on air is bit 0 (layout.h). */
void btbb_read_header(struct btbb_facts *facts, uint32_t header18);

/* Checks the HEC with a UAP (valid when `uap_known`). Sets facts->hec_computed. */
enum btbb_check btbb_check_hec(struct btbb_facts *facts, bool uap_known, uint8_t uap);

#endif
