/* packet-type.h: the table of BR/EDR packet types.
 *
 * A TYPE code alone does not name a packet: which packet it means depends on the logical transport and on the rate
 * (Core Specification Vol 2 Part B, tables 6.2 and 6.9). The table has one row for each packet of the specification.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_PACKET_TYPE_H
#define BTBB_CORE_PACKET_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Logical transports on which a packet occurs; a row may have several. */
#define BTBB_TRANSPORT_SCO  0x01u
#define BTBB_TRANSPORT_ESCO 0x02u
#define BTBB_TRANSPORT_ACL  0x04u
#define BTBB_TRANSPORT_CPB  0x08u /* Connectionless Peripheral Broadcast */

enum btbb_fec { BTBB_FEC_NONE, BTBB_FEC_1_3, BTBB_FEC_2_3 };

/* Rows of the table, in TYPE order, BR before EDR. BTBB_KIND_COUNT is their number. */
/* clang-format off */
enum btbb_kind {
    BTBB_KIND_NULL, BTBB_KIND_POLL, BTBB_KIND_FHS, BTBB_KIND_DM1,
    BTBB_KIND_DH1, BTBB_KIND_2DH1,
    BTBB_KIND_HV1,
    BTBB_KIND_HV2, BTBB_KIND_2EV3,
    BTBB_KIND_HV3, BTBB_KIND_EV3, BTBB_KIND_3EV3,
    BTBB_KIND_DV, BTBB_KIND_3DH1,
    BTBB_KIND_AUX1,
    BTBB_KIND_DM3, BTBB_KIND_2DH3,
    BTBB_KIND_DH3, BTBB_KIND_3DH3,
    BTBB_KIND_EV4, BTBB_KIND_2EV5,
    BTBB_KIND_EV5, BTBB_KIND_3EV5,
    BTBB_KIND_DM5, BTBB_KIND_2DH5,
    BTBB_KIND_DH5, BTBB_KIND_3DH5,
    BTBB_KIND_COUNT
};
/* clang-format on */

struct btbb_packet_type {
    const char *name;     /* as the specification writes it: "DM1", "2-DH3" */
    enum btbb_kind kind;  /* index of this row */
    uint8_t type;         /* TYPE code, 0..15 */
    uint8_t rate;         /* 1, 2 or 3 Mb/s */
    uint8_t transports;   /* BTBB_TRANSPORT_* */
    uint8_t slots;        /* time slots it occupies: 1, 3 or 5 */
    uint8_t voice_bytes;  /* bytes of voice before the payload header: 10 for DV */
    uint8_t header_bytes; /* payload header: 0, 1 or 2 bytes */
    uint16_t body_min;    /* bytes of body */
    uint16_t body_max;
    bool crc;
    enum btbb_fec fec; /* of the payload; the header always has 1/3 */
};

extern const struct btbb_packet_type btbb_packet_types[BTBB_KIND_COUNT];

/* Returns the first row with this TYPE code (0..15; higher bits are ignored), and the number of rows with it, which
 * follow each other. */
const struct btbb_packet_type *btbb_packet_types_of(uint8_t type, size_t *count);

/* The name of a TYPE code, those of all its rows joined (BTBB_TYPE_NAMES): "DH1/2-DH1". 0..15; higher bits are
 * ignored. */
const char *btbb_type_name(uint8_t type);

#endif
