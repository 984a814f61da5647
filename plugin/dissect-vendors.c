/* dissect-vendors.c: the vendor of a device; see dissect-vendors.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect-vendors.h"

#include "tree.h"

#include "decode/address-text.h"

#include "compat/ws-manuf.h"

static int hf_vendors = -1;

static ws_preference_bool pref_vendors = FALSE;

/* Created by the first look-up, freed when Wireshark ends. */
static struct btbb_vendors *vendors;

static hf_register_info vendor_field[] = {
    {&hf_vendors,
     {"Vendor", "btbb.vendors", FT_STRING, BASE_NONE, NULL, 0,
      "Vendor of the device, by NAP and UAP. With the preference btbb.vendors also every possible vendor of a UAP",
      HFILL}},
};

static void free_vendors(void)
{
    btbb_vendors_free(vendors);
    vendors = NULL;
}

/* Where add_vendor() adds to. */
struct vendor_list {
    const struct btbb_packet *packet;
    proto_tree *tree;
};

static void add_vendor(void *context, uint64_t prefix, unsigned bits, const char *name)
{
    const struct vendor_list *list = (const struct vendor_list *)context;
    char text[BTBB_PREFIX_TEXT_BYTES];
    proto_item *item;

    item = proto_tree_add_string_format_value(list->tree, hf_vendors, list->packet->tvb, 0, 0, name, "%s %s",
                                              btbb_prefix_text(prefix, bits, text), name);
    proto_item_set_generated(item);
}

bool btbb_are_vendors_wanted(const struct btbb_packet *packet, proto_tree *tree)
{
    return BTBB_IS_WANTED(packet, tree, vendor_field);
}

void btbb_show_vendors(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_verdict *verdict = &packet->verdict;
    const bool exact = verdict->rank == BTBB_RANK_NAP;
    struct vendor_list list = {packet, tree};

    if (packet->facts.lap_reserved || verdict->rank == BTBB_RANK_LAP || !proto_field_is_referenced(tree, hf_vendors) ||
        !(exact || pref_vendors))
        return;
    if (!vendors)
        vendors = btbb_vendors_new(&btbb_ws_manuf);
    vendors->candidates(vendors->data, exact ? verdict->nap : BTBB_NAP_ANY, verdict->uap, verdict->lap, add_vendor,
                        &list);
}

void btbb_register_vendors(int proto, module_t *preferences)
{
    proto_register_field_array(proto, vendor_field, array_length(vendor_field));
    prefs_register_bool_preference(preferences, "vendors", "Show the possible vendors of a UAP",
                                   "While only the UAP of a device is known, show every vendor with this UAP: some "
                                   "hundred per packet",
                                   &pref_vendors);
    register_shutdown_routine(free_vendors);
}
