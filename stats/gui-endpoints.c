/* gui-endpoints.c: the BTBB tab of Statistics > Endpoints and of Statistics > Conversations.
 *
 * An endpoint is a LAP. Rx Packets are those known to be sent to its Central (in InternalBlue files: to the device). Tx
 * Packets are all others, those with unknown direction included. Access codes count.
 *
 * A conversation is a link: the Central and one LT_ADDR. The packets of a LAP whose direction is not known are shown as
 * a conversation of the LAP with itself. Access codes and FHS packets of a device that has not joined a piconet do not
 * count, because they belong to no link. In InternalBlue files the two ends are the devices.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include <epan/address_types.h>
#include <epan/conversation_table.h>

#include "decode/address-text.h"
#include "gui.h"
#include "record.h"

#define LAP_BYTES 3 /* most significant byte first */

static int at_lap; /* address type of an endpoint, which the dissector registers: it knows the names */

static const char *endpoint_field(endpoint_item_t *item _U_, conv_filter_type_e filter)
{
    return filter == CONV_FT_ANY_ADDRESS ? "btbb.lap" : CONV_FILTER_INVALID;
}

static bool is_received(const struct btbb_record *record)
{
    return record->encap == BTBB_ENCAP_INTERNALBLUE ? record->own == BTBB_OWN_SENT : record->dir == BTBB_DIR_TO_CENTRAL;
}

static tap_packet_status endpoint_packet(void *table, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
                                         tap_flags_t flags)
{
    static et_dissector_info_t info = {endpoint_field};

    const struct btbb_record *record = (const struct btbb_record *)data;
    conv_hash_t *hash = (conv_hash_t *)table;
    uint8_t lap[LAP_BYTES];
    address addr;

    if (record->version != BTBB_RECORD_VERSION || record->malformed || record->lap == BTBB_LAP_UNKNOWN)
        return TAP_PACKET_DONT_REDRAW; /* no filter could select what has no LAP */
    hash->flags = flags;
    lap[0] = (uint8_t)(record->lap >> 16);
    lap[1] = (uint8_t)(record->lap >> 8);
    lap[2] = (uint8_t)record->lap;
    set_address(&addr, at_lap, LAP_BYTES, lap);
    add_endpoint_table_data(hash, &addr, 0, !is_received(record), 1, (int)record->wire_bytes, &info, ENDPOINT_NONE);
    return TAP_PACKET_REDRAW;
}

static const char *conversation_field(conv_item_t *item, conv_filter_type_e filter)
{
    static const char *const fields[2][3] = {
        {"btbb.src", "btbb.dst", "btbb.addr"},
        {"eth.src", "eth.dst", "eth.addr"},
    };

    if (filter != CONV_FT_SRC_ADDRESS && filter != CONV_FT_DST_ADDRESS && filter != CONV_FT_ANY_ADDRESS)
        return CONV_FILTER_INVALID;
    if (addresses_equal(&item->src_address, &item->dst_address))
        filter = CONV_FT_ANY_ADDRESS; /* direction not known: the packets name one end only */
    return fields[item->src_address.type == AT_ETHER][filter == CONV_FT_SRC_ADDRESS   ? 0
                                                      : filter == CONV_FT_DST_ADDRESS ? 1
                                                                                      : 2];
}

/* The texts are those of the columns Source and Destination and of btbb.src, btbb.dst and btbb.addr. */
static void set_ends(const struct btbb_record *record, address *src, address *dst)
{
    static char central[sizeof "48:31:dd LT_ADDR 7"], peripheral[sizeof central];

    const bool known = record->dir != BTBB_DIR_UNKNOWN;
    char lap[BTBB_LAP_TEXT_BYTES];

    btbb_lap_text(record->lap, lap);
    snprintf(central, sizeof central, "%s%s", lap, known ? " Central" : "");
    snprintf(peripheral, sizeof peripheral, "%s LT_ADDR %u", lap, record->lt_addr & 7u);
    set_address(src, AT_STRINGZ, (int)strlen(central) + 1, central);
    if (known)
        set_address(dst, AT_STRINGZ, (int)strlen(peripheral) + 1, peripheral);
    else
        copy_address_shallow(dst, src);
    if (record->dir == BTBB_DIR_TO_CENTRAL) {
        const address sender = *dst;

        *dst = *src;
        *src = sender;
    }
}

static tap_packet_status conversation_packet(void *table, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                             tap_flags_t flags)
{
    static ct_dissector_info_t info = {conversation_field};

    const struct btbb_record *record = (const struct btbb_record *)data;
    conv_hash_t *hash = (conv_hash_t *)table;
    address src, dst;

    if (record->version != BTBB_RECORD_VERSION || record->malformed || !btbb_record_has_header(record) ||
        record->taught)
        return TAP_PACKET_DONT_REDRAW;
    hash->flags = flags;
    if (record->encap == BTBB_ENCAP_INTERNALBLUE) {
        copy_address_shallow(&src, &pinfo->dl_src);
        copy_address_shallow(&dst, &pinfo->dl_dst);
    } else {
        set_ends(record, &src, &dst);
    }
    add_conversation_table_data(hash, &src, &dst, 0, 0, 1, (int)record->wire_bytes, &pinfo->rel_ts, &pinfo->abs_ts,
                                &info, CONVERSATION_NONE);
    return TAP_PACKET_REDRAW;
}

void btbb_gui_register_endpoints(void)
{
    at_lap = address_type_get_by_name(BTBB_LAP_ADDRESS_TYPE);
    register_conversation_table(proto_get_id_by_filter_name(BTBB_TAP_NAME), TRUE, conversation_packet, endpoint_packet);
}
