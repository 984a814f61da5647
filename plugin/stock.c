/* stock.c: Wireshark's own dissector of LINKTYPE_BLUETOOTH_BREDR_BB; see stock.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stock.h"

#include "dissect.h"
#include "tree.h"

#include "decode/layout.h"

#include <epan/exceptions.h>

static int proto_stock; /* btbredr_rf */
static int expert_items;
static int hf_layers; /* frame.protocols */
static int listener_taps[3];

void btbb_find_stock_protocols(void)
{
    proto_stock = proto_get_id_by_filter_name("btbredr_rf");
    expert_items = proto_get_id_by_filter_name("_ws.expert");
    hf_layers = proto_registrar_get_id_byname("frame.protocols");
    listener_taps[0] = find_tap_id("frame");
    listener_taps[1] = find_tap_id("bluetooth");
    listener_taps[2] = find_tap_id("expert");
}

bool btbb_is_stock_heard(void)
{
    return have_tap_listener(listener_taps[0]) || have_tap_listener(listener_taps[1]) ||
           have_tap_listener(listener_taps[2]);
}

/* Whether btbredr_rf would dissect the payload by itself: de-whitened, decrypted, present, CRC checked and good. */
static bool dissects_payload(const struct btbb_facts *facts)
{
    const uint16_t all = 0x0001 | 0x0008 | 0x0020 | 0x0400 | 0x0800;

    return (facts->rf_flags & all) == all;
}

/* Packets without payload header are voice, or FHS. */
static bool is_voice(const struct btbb_facts *facts)
{
    return facts->kind && facts->kind->header_bytes == 0 && facts->kind->kind != BTBB_KIND_FHS;
}

/* btbredr_rf joins no fragments without the direction that only FHS packets give it, and dissects what hand-off.c has
 * handed off already. It therefore gets the pseudo-header alone where it would dissect more than voice. */
static tvbuff_t *stock_frame(const struct btbb_packet *packet)
{
    if (!dissects_payload(&packet->facts) || is_voice(&packet->facts))
        return packet->tvb;
    return tvb_new_subset_length(packet->tvb, 0, BTBB_RF_HEADER_BYTES);
}

/* btbredr_rf adds all of its fields to any tree, which costs more than our whole dissection. It gets no tree where
 * the difference cannot be seen. */
static bool is_tree_seen(proto_tree *tree)
{
    return tree && (proto_field_is_referenced(tree, expert_items) || proto_field_is_referenced(tree, proto_stock) ||
                    btbb_is_stock_heard());
}

void btbb_call_stock(const struct btbb_packet *packet, dissector_handle_t handle, proto_tree *tree,
                     proto_tree *btbb_tree, void *data)
{
    column_info *cinfo = packet->pinfo->cinfo;
    tvbuff_t *tvb = stock_frame(packet);

    if (!btbb_are_ends_wanted(packet, btbb_tree)) {
        proto_tree *seen = is_tree_seen(tree) ? tree : NULL;

        if (seen || btbb_is_stock_heard() || proto_field_is_referenced(tree, hf_layers))
            call_dissector_with_data(handle, tvb, packet->pinfo, seen, data);
        return;
    }
    col_set_writable(cinfo, COL_PROTOCOL, FALSE);
    col_set_writable(cinfo, COL_INFO, FALSE);
    TRY
    {
        call_dissector_with_data(handle, tvb, packet->pinfo, tree, data);
    }
    FINALLY
    {
        col_set_writable(cinfo, COL_PROTOCOL, TRUE);
        col_set_writable(cinfo, COL_INFO, TRUE);
        btbb_set_ends(packet, btbb_tree);
    }
    ENDTRY;
}
