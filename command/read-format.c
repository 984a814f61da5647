/* read-format.c: see read-format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "read-format.h"

uint32_t btbb_read_behind_tags(const uint8_t *bytes, uint32_t captured)
{
    uint32_t header = BTBB_ETHERNET_HEADER;
    unsigned type = (unsigned)bytes[12] << 8 | bytes[13];
    while ((type == 0x8100 || type == 0x88a8 || type == 0x9100) && captured >= header + 4) {
        header += 4;
        type = (unsigned)bytes[header - 2] << 8 | bytes[header - 1];
    }
    return type == BTBB_ETHERTYPE ? header : 0;
}
