/* packet-type.c: the table of BR/EDR packet types (Core Specification Vol 2 Part B, 6.5, tables 6.2 and 6.9).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/packet-type.h"

#include "record.h"

#define SCO  BTBB_TRANSPORT_SCO
#define ESCO BTBB_TRANSPORT_ESCO
#define ACL  BTBB_TRANSPORT_ACL
#define CPB  BTBB_TRANSPORT_CPB

#define ROW(kind, name, ...) [BTBB_KIND_##kind] = {name, BTBB_KIND_##kind, __VA_ARGS__}

/* clang-format off */
const struct btbb_packet_type btbb_packet_types[BTBB_KIND_COUNT] = {
    /*                 type rate transports        slots voice hdr body min, max  crc    payload FEC */
    ROW(NULL, "NULL",   0, 1, SCO|ESCO|ACL|CPB,   1,  0,  0,   0,    0,    false, BTBB_FEC_NONE),
    ROW(POLL, "POLL",   1, 1, SCO|ESCO|ACL,       1,  0,  0,   0,    0,    false, BTBB_FEC_NONE),
    ROW(FHS,  "FHS",    2, 1, SCO|ACL,            1,  0,  0,   18,   18,   true,  BTBB_FEC_2_3),
    ROW(DM1,  "DM1",    3, 1, SCO|ACL|CPB,        1,  0,  1,   0,    17,   true,  BTBB_FEC_2_3),
    ROW(DH1,  "DH1",    4, 1, ACL|CPB,            1,  0,  1,   0,    27,   true,  BTBB_FEC_NONE),
    ROW(2DH1, "2-DH1",  4, 2, ACL|CPB,            1,  0,  2,   0,    54,   true,  BTBB_FEC_NONE),
    ROW(HV1,  "HV1",    5, 1, SCO,                1,  0,  0,   10,   10,   false, BTBB_FEC_1_3),
    ROW(HV2,  "HV2",    6, 1, SCO,                1,  0,  0,   20,   20,   false, BTBB_FEC_2_3),
    ROW(2EV3, "2-EV3",  6, 2, ESCO,               1,  0,  0,   1,    60,   true,  BTBB_FEC_NONE),
    ROW(HV3,  "HV3",    7, 1, SCO,                1,  0,  0,   30,   30,   false, BTBB_FEC_NONE),
    ROW(EV3,  "EV3",    7, 1, ESCO,               1,  0,  0,   1,    30,   true,  BTBB_FEC_NONE),
    ROW(3EV3, "3-EV3",  7, 3, ESCO,               1,  0,  0,   1,    90,   true,  BTBB_FEC_NONE),
    ROW(DV,   "DV",     8, 1, SCO,                1,  10, 1,   0,    9,    true,  BTBB_FEC_2_3),
    ROW(3DH1, "3-DH1",  8, 3, ACL|CPB,            1,  0,  2,   0,    83,   true,  BTBB_FEC_NONE),
    ROW(AUX1, "AUX1",   9, 1, ACL,                1,  0,  1,   0,    29,   false, BTBB_FEC_NONE),
    ROW(DM3,  "DM3",   10, 1, ACL|CPB,            3,  0,  2,   0,    121,  true,  BTBB_FEC_2_3),
    ROW(2DH3, "2-DH3", 10, 2, ACL|CPB,            3,  0,  2,   0,    367,  true,  BTBB_FEC_NONE),
    ROW(DH3,  "DH3",   11, 1, ACL|CPB,            3,  0,  2,   0,    183,  true,  BTBB_FEC_NONE),
    ROW(3DH3, "3-DH3", 11, 3, ACL|CPB,            3,  0,  2,   0,    552,  true,  BTBB_FEC_NONE),
    ROW(EV4,  "EV4",   12, 1, ESCO,               3,  0,  0,   1,    120,  true,  BTBB_FEC_2_3),
    ROW(2EV5, "2-EV5", 12, 2, ESCO,               3,  0,  0,   1,    360,  true,  BTBB_FEC_NONE),
    ROW(EV5,  "EV5",   13, 1, ESCO,               3,  0,  0,   1,    180,  true,  BTBB_FEC_NONE),
    ROW(3EV5, "3-EV5", 13, 3, ESCO,               3,  0,  0,   1,    540,  true,  BTBB_FEC_NONE),
    ROW(DM5,  "DM5",   14, 1, ACL|CPB,            5,  0,  2,   0,    224,  true,  BTBB_FEC_2_3),
    ROW(2DH5, "2-DH5", 14, 2, ACL|CPB,            5,  0,  2,   0,    679,  true,  BTBB_FEC_NONE),
    ROW(DH5,  "DH5",   15, 1, ACL|CPB,            5,  0,  2,   0,    339,  true,  BTBB_FEC_NONE),
    ROW(3DH5, "3-DH5", 15, 3, ACL|CPB,            5,  0,  2,   0,    1021, true,  BTBB_FEC_NONE),
};
/* clang-format on */

/* First row of every TYPE code, and the number of its rows. */
static const struct {
    uint8_t first;
    uint8_t count;
} codes[BTBB_TYPES] = {
    /* clang-format off */
    {BTBB_KIND_NULL, 1}, {BTBB_KIND_POLL, 1}, {BTBB_KIND_FHS, 1}, {BTBB_KIND_DM1, 1},
    {BTBB_KIND_DH1, 2},  {BTBB_KIND_HV1, 1},  {BTBB_KIND_HV2, 2}, {BTBB_KIND_HV3, 3},
    {BTBB_KIND_DV, 2},   {BTBB_KIND_AUX1, 1}, {BTBB_KIND_DM3, 2}, {BTBB_KIND_DH3, 2},
    {BTBB_KIND_EV4, 2},  {BTBB_KIND_EV5, 2},  {BTBB_KIND_DM5, 2}, {BTBB_KIND_DH5, 2},
    /* clang-format on */
};

const struct btbb_packet_type *btbb_packet_types_of(uint8_t type, size_t *count)
{
    *count = codes[type & 15].count;
    return &btbb_packet_types[codes[type & 15].first];
}

const char *btbb_type_name(uint8_t type)
{
    static const char *const names[BTBB_TYPES] = BTBB_TYPE_NAMES;

    return names[type & 15];
}
