/* dissect-columns.c: the packet list: Protocol, Info, and the two ends of the link as Source and Destination.
 *
 * The ends have an address type of their own, which is turned into text only when it is shown: "48:31:dd Central",
 * "48:31:dd LT_ADDR 1", or the LAP alone where the direction is not known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect.h"

#include "tree.h"

#include "decode/address-text.h"
#include "decode/format-broadcom.h"

#include <epan/address_types.h>
#include <epan/to_str.h>

static int hf_src = -1;
static int hf_dst = -1;
static int hf_addr = -1;

static int at_btbb = -1;

static hf_register_info end_fields[] = {
    {&hf_src,
     {"Source", "btbb.src", FT_STRING, BASE_NONE, NULL, 0,
      "Sending end of the link (48:31:dd Central, 48:31:dd LT_ADDR 1); the LAP alone when the sender is not known",
      HFILL}},
    {&hf_dst,
     {"Destination", "btbb.dst", FT_STRING, BASE_NONE, NULL, 0, "Receiving end of the link; absent when not known",
      HFILL}},
    {&hf_addr, {"Source or Destination", "btbb.addr", FT_STRING, BASE_NONE, NULL, 0, "Either end of the link", HFILL}},
};

/* Data of an address: the LAP, most significant byte first, then the end of the link. */
#define ADDRESS_BYTES 4
#define ADDRESS_TEXT  sizeof "48:31:dd LT_ADDR 7"
#define END_UNKNOWN   0xffu /* the LAP alone */
#define END_CENTRAL   0xfeu /* any other value is an LT_ADDR */

static int address_to_text(const address *addr, char *text, int size)
{
    const uint8_t *a = (const uint8_t *)addr->data;
    char lap[BTBB_LAP_TEXT_BYTES];

    btbb_lap_text((uint32_t)a[0] << 16 | (uint32_t)a[1] << 8 | a[2], lap);
    if (a[3] == END_CENTRAL)
        return snprintf(text, (size_t)size, "%s Central", lap) + 1;
    if (a[3] == END_UNKNOWN)
        return snprintf(text, (size_t)size, "%s", lap) + 1;
    return snprintf(text, (size_t)size, "%s LT_ADDR %u", lap, a[3] & 7u) + 1;
}

static int address_text_bytes(const address *addr _U_)
{
    return (int)ADDRESS_TEXT;
}

static int address_bytes(void)
{
    return ADDRESS_BYTES;
}

static const char *address_field(const address *addr _U_, ws_address_bool is_source)
{
    return is_source ? "btbb.src" : "btbb.dst";
}

static void set_end(packet_info *pinfo, address *addr, uint32_t lap, uint8_t end)
{
    uint8_t *data = (uint8_t *)wmem_alloc(pinfo->pool, ADDRESS_BYTES);

    data[0] = (uint8_t)(lap >> 16);
    data[1] = (uint8_t)(lap >> 8);
    data[2] = (uint8_t)lap;
    data[3] = end;
    set_address(addr, at_btbb, ADDRESS_BYTES, data);
}

/* Sets the ends that are known, and leaves the others as they are. */
static void find_ends(const struct btbb_packet *packet, address *src, address *dst)
{
    const struct btbb_facts *facts = &packet->facts;
    const uint32_t lap = packet->verdict.lap;
    packet_info *pinfo = packet->pinfo;

    if (lap == BTBB_LAP_UNKNOWN)
        return;
    if (facts->has_fhs && facts->fhs.lap != lap) {
        /* Response to a page or inquiry: the access code belongs to the paged device, or to no device. */
        if (!facts->lap_reserved)
            set_end(pinfo, dst, lap, END_UNKNOWN);
    } else if (facts->encap == BTBB_ENCAP_BROADCOM) { /* the LAP is that of the other device */
        set_end(pinfo, facts->own == BTBB_OWN_SENT ? dst : src, lap, END_UNKNOWN);
    } else if (packet->verdict.dir == BTBB_DIR_UNKNOWN || !facts->has_type) {
        set_end(pinfo, src, lap, END_UNKNOWN);
    } else {
        const bool to_central = packet->verdict.dir == BTBB_DIR_TO_CENTRAL;

        set_end(pinfo, to_central ? dst : src, lap, END_CENTRAL);
        set_end(pinfo, to_central ? src : dst, lap, facts->lt_addr);
    }
}

/* Whether the address is still the one that the layer below has set. */
static bool is_untouched(const address *addr, const void *data_before)
{
    return addr->type == AT_NONE || addr->type == AT_STRINGZ || addr->data == data_before;
}

static void show_end(const struct btbb_packet *packet, proto_tree *tree, int hf, const address *addr)
{
    if (!tree || addr->type == AT_NONE ||
        !(proto_field_is_referenced(tree, hf) || proto_field_is_referenced(tree, hf_addr)))
        return;
    const char *text = address_to_str(packet->pinfo->pool, addr);

    btbb_add_generated_text(packet, tree, hf, text);
    proto_item_set_hidden(
        btbb_add_generated_text(packet, tree, hf_addr, text)); /* the same again, to filter by either */
}

bool btbb_are_ends_wanted(const struct btbb_packet *packet, proto_tree *tree)
{
    return packet->pinfo->cinfo || (tree && BTBB_IS_WANTED(packet, tree, end_fields));
}

void btbb_set_ends(const struct btbb_packet *packet, proto_tree *tree)
{
    packet_info *pinfo = packet->pinfo;
    address src = ADDRESS_INIT_NONE, dst = ADDRESS_INIT_NONE;

    if (packet->facts.malformed || !btbb_are_ends_wanted(packet, tree))
        return;
    /* The Ethernet addresses of InternalBlue files are those of the two devices, and stay. */
    if (packet->facts.encap != BTBB_ENCAP_INTERNALBLUE) {
        find_ends(packet, &src, &dst);
        if (is_untouched(&pinfo->src, packet->src_data))
            copy_address_shallow(&pinfo->src, &src);
        if (is_untouched(&pinfo->dst, packet->dst_data))
            copy_address_shallow(&pinfo->dst, &dst);
    }
    show_end(packet, tree, hf_src, &pinfo->src);
    show_end(packet, tree, hf_dst, &pinfo->dst);
}

static void add_lap(column_info *cinfo, const char *what, uint32_t lap)
{
    char text[BTBB_LAP_TEXT_BYTES];

    col_add_fstr(cinfo, COL_INFO, "%s %s", what, btbb_lap_text(lap, text));
}

/* The name of the packet, or what is missing for one. */
static void add_name(column_info *cinfo, const struct btbb_facts *facts, uint32_t lap)
{
    const char *name = facts->kind ? facts->kind->name : btbb_type_name(facts->type);

    if (facts->packet_class == BTBB_CLASS_ID)
        add_lap(cinfo, "ID", lap);
    else if (facts->encap == BTBB_ENCAP_BROADCOM)
        col_set_str(cinfo, COL_INFO, facts->own == BTBB_OWN_SENT ? "LMP sent" : "LMP received");
    else if (facts->header_state == BTBB_HEADER_WHITENED)
        add_lap(cinfo, "Whitened", lap);
    else if (facts->header_state == BTBB_HEADER_NONE)
        add_lap(cinfo, "Header not recorded", lap);
    else if (!facts->has_type)
        add_lap(cinfo, "Truncated", lap);
    else if (facts->packet_class != BTBB_CLASS_HEADER)
        add_lap(cinfo, "Header", lap);
    else
        col_add_fstr(cinfo, COL_INFO, "%s LT_ADDR %u", name, facts->lt_addr);
}

static void add_info(column_info *cinfo, const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    add_name(cinfo, facts, verdict->lap);
    if (verdict->dir != BTBB_DIR_UNKNOWN && facts->has_type)
        col_append_str(cinfo, COL_INFO,
                       verdict->dir == BTBB_DIR_TO_CENTRAL ? ", Peripheral to Central" : ", Central to Peripheral");
    if (facts->has_channel && !facts->padded_id && facts->encap != BTBB_ENCAP_INTERNALBLUE)
        col_append_fstr(cinfo, COL_INFO, ", ch %u", facts->channel);
    if (facts->hec_check == BTBB_CHECK_BAD)
        col_append_str(cinfo, COL_INFO, ", HEC bad");
    if (facts->crc_check == BTBB_CHECK_BAD)
        col_append_str(cinfo, COL_INFO, ", CRC bad");
    if (verdict->retransmission)
        col_append_str(cinfo, COL_INFO, ", retransmission");
}

static void add_foreign(column_info *cinfo, uint8_t type)
{
    const char *name = btbb_diagnostic_name(type);

    if (name)
        col_add_fstr(cinfo, COL_INFO, "Diagnostics: %s", name);
    else
        col_add_fstr(cinfo, COL_INFO, "Diagnostics of type 0x%02x", type);
}

void btbb_set_columns(const struct btbb_packet *packet)
{
    column_info *cinfo = packet->pinfo->cinfo;

    if (!cinfo)
        return;
    col_set_str(cinfo, COL_PROTOCOL, "BTBB");
    if (packet->facts.foreign)
        add_foreign(cinfo, packet->facts.diagnostic);
    else if (packet->facts.malformed)
        col_set_str(cinfo, COL_INFO,
                    packet->frame.format == BTBB_CAPTURE_RF ? "Shorter than the pseudo-header"
                                                            : "Shorter than a record");
    else
        add_info(cinfo, &packet->facts, &packet->verdict);
}

void btbb_register_columns(int proto)
{
    proto_register_field_array(proto, end_fields, array_length(end_fields));
    at_btbb = address_type_dissector_register("AT_BTBB", "Bluetooth Baseband", address_to_text, address_text_bytes,
                                              NULL, address_field, address_bytes, NULL, NULL);
}
