/* dissect-expert.c: the expert items: severity and text of each remark.
 *
 * The condition of each remark is in core/learn/remarks.h; items that depend on the dissection of the payload are in
 * reassembly.c and hand-off.c. Remarks are known before any tree exists. A frame dissected without a tree therefore
 * reports the same items as one with a tree, and the parts of the tree are skipped where there is nothing to report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dissect-expert.h"

#include "decode/time.h"

static expert_field fields[BTBB_REMARKS];

#define ITEM(remark, ...) [remark] = {&fields[remark], {__VA_ARGS__, EXPFILL}}

static ei_register_info items[BTBB_REMARKS] = {
    ITEM(BTBB_REMARK_MALFORMED, "btbb.malformed", PI_MALFORMED, PI_ERROR, "Shorter than the pseudo-header of 22 bytes"),
    ITEM(BTBB_REMARK_TRUNCATED, "btbb.truncated", PI_UNDECODED, PI_WARN,
         "The frame holds only the beginning of the packet"),
    ITEM(BTBB_REMARK_CONFLICT, "btbb.uap.conflict", PI_PROTOCOL, PI_WARN, "Address conflict"),
    ITEM(BTBB_REMARK_META, "btbb.meta.reserved.set", PI_PROTOCOL, PI_NOTE, "Reserved bits of the meta data are set"),
    ITEM(BTBB_REMARK_CHANNEL, "btbb.channel.range", PI_PROTOCOL, PI_WARN, "The RF channel is above 78"),
    ITEM(BTBB_REMARK_RF_FLAGS, "btbb.rf.flags.reserved.set", PI_PROTOCOL, PI_NOTE, "Reserved flags are set"),
    ITEM(BTBB_REMARK_WHITENED, "btbb.whitened", PI_UNDECODED, PI_NOTE,
         "Header and payload are whitened: they cannot be decoded"),
    ITEM(BTBB_REMARK_HEADER, "btbb.pkthdr.reserved", PI_PROTOCOL, PI_NOTE, "Reserved header bits are set"),
    ITEM(BTBB_REMARK_HEC, "btbb.hec.bad", PI_CHECKSUM, PI_WARN, "Bad HEC"),
    ITEM(BTBB_REMARK_DIRECTION, "btbb.dir.contradiction", PI_SEQUENCE, PI_WARN, "No direction from this frame on"),
    ITEM(BTBB_REMARK_CLOCK, "btbb.clk.contradiction", PI_SEQUENCE, PI_WARN,
         "The packet was not sent by the device whose slot it is by the clock that was found"),
    ITEM(BTBB_REMARK_BEYOND_TYPE, "btbb.length.beyond_type", PI_PROTOCOL, PI_WARN,
         "LENGTH is above the maximum of this TYPE"),
    ITEM(BTBB_REMARK_BEYOND_DATA, "btbb.length.beyond_data", PI_PROTOCOL, PI_WARN,
         "LENGTH is above the number of payload bytes"),
    ITEM(BTBB_REMARK_UNRESOLVED, "btbb.kind.unresolved", PI_UNDECODED, PI_NOTE,
         "The payload fits no packet with this TYPE"),
    ITEM(BTBB_REMARK_PAYLOAD_HEADER, "btbb.pldhdr.reserved", PI_PROTOCOL, PI_NOTE,
         "Reserved payload header bits are set"),
    ITEM(BTBB_REMARK_CRC, "btbb.crc.bad", PI_CHECKSUM, PI_WARN, "Bad CRC"),
    ITEM(BTBB_REMARK_TIME_JUMP, "btbb.time.jump", PI_SEQUENCE, PI_WARN, "The time stamps jump"),
    ITEM(BTBB_REMARK_ACCESS_CODES, "btbb.access_codes", PI_UNDECODED, PI_NOTE,
         "Access code only: no packet header was decoded. Headers follow when the receiver knows UAP and clock, for "
         "example with ubertooth-rx -l LAP -u UAP"),
    ITEM(BTBB_REMARK_CRC_ZERO, "btbb.crc.not_captured", PI_UNDECODED, PI_NOTE,
         "The file has 0 in place of every CRC so far: CRCs were not captured"),
    ITEM(BTBB_REMARK_LAP_CUT, "btbb.lap.cut", PI_PROTOCOL, PI_NOTE,
         "A LAP below 00:01:00: the writer may store only the lowest byte of LAPs"),
    ITEM(BTBB_REMARK_TIME_UNITS, "btbb.time.units", PI_PROTOCOL, PI_NOTE,
         "All time stamps are within a millisecond after a full second: the writer may store milliseconds as "
         "microseconds"),
    ITEM(BTBB_REMARK_ENCRYPTED, "btbb.encrypted", PI_DECRYPTION, PI_NOTE, "The payload was not decrypted"),
};

expert_field *btbb_remark_field(enum btbb_remark remark)
{
    return &fields[remark];
}

void btbb_remark(const struct btbb_packet *packet, proto_item *item, enum btbb_remark remark)
{
    if (btbb_has_remark(packet, remark))
        expert_add_info(packet->pinfo, item, &fields[remark]);
}

void btbb_remark_text(const struct btbb_packet *packet, proto_item *item, enum btbb_remark remark, const char *text)
{
    if (btbb_has_remark(packet, remark))
        expert_add_info_format(packet->pinfo, item, &fields[remark], "%s", text);
}

static const char *time_jump_text(const struct btbb_packet *packet)
{
    const int64_t ns = packet->verdict.time_jump_ns;
    const double seconds = (double)ns / BTBB_NS_PER_SECOND;

    return ns < 0 ? wmem_strdup_printf(packet->pinfo->pool, "The time stamps jump back by %.3f seconds", -seconds)
                  : wmem_strdup_printf(packet->pinfo->pool,
                                       "The time stamps jump forward by %.3f seconds, as when Ubertooth's clock wraps",
                                       seconds);
}

void btbb_show_capture_remarks(const struct btbb_packet *packet, proto_item *item)
{
    if (btbb_has_remark(packet, BTBB_REMARK_TIME_JUMP))
        btbb_remark_text(packet, item, BTBB_REMARK_TIME_JUMP, time_jump_text(packet));
    btbb_remark(packet, item, BTBB_REMARK_ACCESS_CODES);
    btbb_remark(packet, item, BTBB_REMARK_CRC_ZERO);
    btbb_remark(packet, item, BTBB_REMARK_LAP_CUT);
    btbb_remark(packet, item, BTBB_REMARK_TIME_UNITS);
}

void btbb_register_expert(expert_module_t *expert)
{
    for (int remark = 0; remark < BTBB_REMARKS; remark++)
        fields[remark] = (expert_field)EI_INIT;
    expert_register_field_array(expert, items, BTBB_REMARKS);
}
