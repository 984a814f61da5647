/* header.h: the packet header of 18 bits (Core Specification Vol 2 Part B, 6.4) and the check of its HEC.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_HEADER_H
#define BTBB_CORE_HEADER_H

#include "decode/facts.h"

/* Enters a header whose first bit on air is bit 0: LT_ADDR, TYPE, FLOW, ARQN, SEQN, HEC. */
void btbb_enter_header(struct btbb_facts *facts, uint32_t header18);

/* Checks the HEC with a UAP (valid when `known`) and sets facts->hec_computed. */
enum btbb_check btbb_check_hec(struct btbb_facts *facts, bool known, uint8_t uap);

#endif
