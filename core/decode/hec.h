/* hec.h: header error check (Core Specification Vol 2 Part B, 7.1.1).
 *
 * `header10` are the ten header bits before the HEC (LT_ADDR, TYPE, FLOW, ARQN, SEQN), bit 0 first on air; bits above
 * are ignored. A HEC has bit 0 first on air, too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_HEC_H
#define BTBB_CORE_HEC_H

#include <stdint.h>

uint8_t btbb_hec(uint8_t uap, uint16_t header10);

/* The one UAP with which btbb_hec() of these bits gives `hec`. */
uint8_t btbb_hec_implied_uap(uint16_t header10, uint8_t hec);

#endif
