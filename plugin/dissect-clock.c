/* dissect-clock.c: the clock of the piconet, of the file or found in the capture (core/learn/clock.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect-clock.h"

#include "listeners.h"
#include "tree.h"

#include "learn/clock-log.h"
#include "learn/link-packet.h"

static int hf_clk27 = -1;
static int hf_source = -1;
static int hf_confidence = -1;
static int hf_twins = -1;
static int hf_unknown = -1;

static int proto_own = -1;
static int clock_tap = -1;

static ws_preference_bool pref_clock = TRUE;
static bool in_window;

static const value_string sources[] = {
    {BTBB_CLOCK_FILE, "file"}, {BTBB_CLOCK_OFFSET, "offset"}, {BTBB_CLOCK_FHS, "FHS"},
    {BTBB_CLOCK_HOPS, "hops"}, {BTBB_CLOCK_PHASE, "phase"},   {0, NULL},
};

static const value_string reasons[] = {
    {BTBB_CLOCK_TOO_FEW, "too few packets without a jump of the time stamps"},
    {BTBB_CLOCK_NO_UAP, "the UAP is not known, on which the hops depend"},
    {BTBB_CLOCK_NO_CHANNEL, "the packets have no RF channel"},
    {BTBB_CLOCK_TIME_BASE, "packets do not start on slots of 625 us: the time stamps are too coarse"},
    {BTBB_CLOCK_NO_MATCH, "no clock explains the RF channels"},
    {BTBB_CLOCK_ONE_DIRECTION, "two clocks explain the RF channels: all packets are of one direction"},
    {BTBB_CLOCK_TIED, "several clocks explain the RF channels"},
    {BTBB_CLOCK_OFF_SLOT, "this packet does not start on a slot of the piconet"},
    {BTBB_CLOCK_OFF_HOP, "this packet is not on the RF channel of the piconet"},
    {BTBB_CLOCK_NEW_PICONET, "an FHS packet begins another piconet"},
    {BTBB_CLOCK_LIMIT, "there are too many packets, piconets or jumps of the time stamps to search"},
    {BTBB_CLOCK_NOT_SOUGHT, "a statistic counted the packets before without looking for clocks"},
    {0, NULL},
};

static hf_register_info fields[] = {
    {&hf_clk27,
     {"Piconet Clock", "btbb.clk27", FT_UINT32, BASE_HEX, NULL, 0,
      "CLK27-1 of the slot in which the packet starts, in units of 625 us: of the file, or found in the capture",
      HFILL}},
    {&hf_source,
     {"Clock source", "btbb.clk.source", FT_UINT8, BASE_DEC, VALS(sources), 0,
      "Where the piconet's clock comes from: the file, a clock offset, an FHS packet, or the hops. Phase: the "
      "direction "
      "alone, from slots and POLLs",
      HFILL}},
    {&hf_confidence,
     {"Clock confidence", "btbb.clk.confidence", FT_FLOAT, BASE_NONE, NULL, 0,
      "Probability that the clock (source phase: the direction) that was found is right", HFILL}},
    {&hf_twins,
     {"Other clocks", "btbb.clk.twins", FT_UINT8, BASE_DEC, NULL, 0,
      "Number of other clocks that explain the RF channels as well", HFILL}},
    {&hf_unknown,
     {"No clock because", "btbb.clk.unknown", FT_UINT8, BASE_DEC, VALS(reasons), 0,
      "Why the piconet's clock was not found", HFILL}},
};

/* Fields that depend on a clock that was found. */
static const char *const dependent[] = {
    "btbb.clk27",     "btbb.clk.source", "btbb.clk.confidence",    "btbb.clk.twins", "btbb.clk.unknown", "btbb.dir",
    "btbb.to_master", "btbb.dir.source", "btbb.clk.contradiction", "btbb.src",       "btbb.dst",         "btbb.addr"};

void btbb_seek_clocks(struct btbb_capture *capture)
{
    if (capture && pref_clock)
        btbb_capture_seek_clocks(capture);
}

/* A filter names a field of another protocol. A dissector above L2CAP gets its messages only where their sender is
 * known, so what such a filter finds depends on the clocks. */
static bool is_protocol_above_used(proto_tree *tree)
{
    const int not_above[] = {proto_own, proto_registrar_get_id_byname("frame")};

    return btbb_is_other_protocol_used(tree, not_above, array_length(not_above));
}

/* Taps whose listeners see nothing that depends on clocks: Ethernet, and ours, which ask for clocks by clock_tap. All
 * others may count messages of L2CAP or of a protocol above it. */
static const char *const independent[] = {BTBB_TAP_NAME,
                                          BTBB_COUNT_TAP_NAME,
                                          BTBB_DETAILS_TAP_NAME,
                                          BTBB_LINK_TAP_NAME,
                                          BTBB_NAME_TAP_NAME,
                                          BTBB_CLOCK_TAP_NAME,
                                          BTBB_PICONET_TAP_NAME,
                                          "eth",
                                          NULL};

bool btbb_are_clocks_wanted(const packet_info *pinfo, proto_tree *tree)
{
    bool wanted = in_window || pinfo->cinfo || have_tap_listener(clock_tap) || btbb_are_others_listening(independent) ||
                  (tree && (btbb_is_visible(tree) || is_protocol_above_used(tree)));

    for (size_t i = 0; i < array_length(dependent) && tree && !wanted; i++)
        wanted = proto_field_is_referenced(tree, proto_registrar_get_id_byname(dependent[i]));
    return wanted;
}

static void show_source(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_clock_answer *clock = &packet->verdict.clock;

    btbb_add_generated_uint(packet, tree, hf_source, clock->source);
    if (clock->source > BTBB_CLOCK_OFFSET)
        proto_item_set_generated(proto_tree_add_float(tree, hf_confidence, packet->tvb, 0, 0, clock->confidence));
    if (clock->twins > 0)
        btbb_add_generated_uint(packet, tree, hf_twins, clock->twins);
}

void btbb_show_clock(const struct btbb_packet *packet, proto_tree *tree)
{
    const struct btbb_clock_answer *clock = &packet->verdict.clock;
    proto_item *item = NULL;

    if (!BTBB_IS_WANTED(packet, tree, fields))
        return;
    if (clock->has_clk)
        item = btbb_add_generated_uint(packet, tree, hf_clk27, clock->clk);
    if (clock->source != BTBB_CLOCK_UNKNOWN)
        show_source(packet, tree);
    if (clock->reason != BTBB_CLOCK_KNOWN && packet->facts.packet_class != BTBB_CLASS_ID)
        btbb_add_generated_uint(packet, tree, hf_unknown, clock->reason);
    btbb_remark(packet, item, BTBB_REMARK_CLOCK);
}

void btbb_register_clock(int proto, module_t *preferences)
{
    proto_own = proto;
    proto_register_field_array(proto, fields, array_length(fields));
    prefs_register_bool_preference(preferences, "clock", "Find the clocks of piconets",
                                   "Where the capture has no clock of a piconet, find it from the RF channels on which "
                                   "its packets were sent; it shows who sent them. A search takes up to a second",
                                   &pref_clock);
    clock_tap = register_tap(BTBB_CLOCK_TAP_NAME);
    in_window = btbb_is_window();
}
