/* dissect-broadcom.c: what Broadcom diagnostics have beside the LMP PDU, and the names of records that are none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "tree.h"

#include "decode/format-broadcom.h"
#include "decode/layout.h"

#define TYPES 256u

static int hf_diagnostic = -1;
static int hf_connection = -1;

/* The types of diagnostics that have a name. */
static value_string names[TYPES + 1];

static hf_register_info fields[] = {
    {&hf_diagnostic,
     {"Diagnostics", "btbb.diagnostic", FT_UINT8, BASE_HEX, VALS(names), 0,
      "Type of a record of Broadcom diagnostics. Only LMP sent and LMP received are BR/EDR packets", HFILL}},
    {&hf_connection,
     {"Connection", "btbb.diagnostic.connection", FT_UINT8, BASE_DEC, NULL, 0,
      "Number that the controller has given the connection", HFILL}},
};

void btbb_show_broadcom(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_facts *facts = &packet->facts;

    if (!facts->has_diagnostic || !BTBB_IS_WANTED(packet, tree, fields))
        return;
    proto_tree_add_uint(tree, hf_diagnostic, packet->tvb, BTBB_BROADCOM_TYPE, 1, facts->diagnostic);
    if (facts->has_connection)
        proto_tree_add_uint(tree, hf_connection, packet->tvb, BTBB_BROADCOM_CONNECTION, 1, facts->connection);
}

void btbb_register_broadcom(int proto)
{
    unsigned count = 0;

    for (unsigned type = 0; type < TYPES; type++)
        if (btbb_diagnostic_name((uint8_t)type))
            names[count++] = (value_string){type, btbb_diagnostic_name((uint8_t)type)};
    proto_register_field_array(proto, fields, array_length(fields));
}
