/* read-wiretap.c: every other capture file, read by Wireshark's own library, so that command and tshark read the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-wiretap.h"

#include <wiretap/pcap-encap.h>

#include "decode/time.h"

#include "readers.h"
#include "wiretap-file.h"

/* How often the progress is noted, in frames; always of a file that is followed. */
#define NOTE_EVERY 256u

/* Link types are below this number (https://www.tcpdump.org/linktypes.html), with some to spare. */
#define LINKTYPES 512

/* The link type of one of Wireshark's encapsulations, preferably one that is read; -1: none has it. */
static int linktype_of(int encap)
{
    int found = -1;
    if (encap == WTAP_ENCAP_PACKETLOGGER)
        return (int)BTBB_LINKTYPE_LOGGER;
    for (int linktype = 0; linktype < LINKTYPES; linktype++) {
        if (wtap_pcap_encap_to_wtap_encap(linktype) != encap)
            continue;
        if (btbb_linktype_is_read((uint32_t)linktype))
            return linktype;
        found = found < 0 ? linktype : found;
    }
    return found;
}

/* The same, remembered for the encapsulation of the last packet; counts the packet. */
static uint32_t count_link(struct btbb_reading *reading, int encap)
{
    for (unsigned i = 0; i < reading->link_count; i++)
        if (reading->links[i].encap == encap) {
            reading->links[i].frames++;
            return (uint32_t)reading->links[i].linktype;
        }
    const int linktype = linktype_of(encap);
    btbb_count_link(reading, linktype, encap, 1);
    return (uint32_t)linktype;
}

/* Flags of a pcapng packet block: did the capturing device send the frame or receive it? */
static enum btbb_own own_of(const wtap_rec *record)
{
    guint32 flags;
    if (!record->block ||
        wtap_block_get_uint32_option_value(record->block, OPT_PKT_FLAGS, &flags) != WTAP_OPTTYPE_SUCCESS)
        return BTBB_OWN_UNKNOWN;
    switch (PACK_FLAGS_DIRECTION(flags)) {
    case PACK_FLAGS_DIRECTION_INBOUND:
        return BTBB_OWN_RECEIVED;
    case PACK_FLAGS_DIRECTION_OUTBOUND:
        return BTBB_OWN_SENT;
    default:
        return BTBB_OWN_UNKNOWN;
    }
}

/* Wireshark's library removes the pseudo-headers of HCI H4 and of BlueZ monitor. */
static void read_pseudo_header(const wtap_packet_header *packet, struct btbb_raw_packet *raw)
{
    if (packet->pkt_encap == WTAP_ENCAP_BLUETOOTH_H4_WITH_PHDR) {
        raw->stripped = true;
        raw->own = packet->pseudo_header.p2p.sent ? BTBB_OWN_SENT : BTBB_OWN_RECEIVED;
    } else if (packet->pkt_encap == WTAP_ENCAP_BLUETOOTH_LINUX_MONITOR) {
        raw->stripped = true;
        raw->opcode = packet->pseudo_header.btmon.opcode;
    }
}

/* Records other than packets (system events, comments) count as frames, too. */
static void deliver(struct btbb_reading *reading, const struct btbb_ws_record *record)
{
    const wtap_rec *header = &record->header;
    if (header->rec_type != REC_TYPE_PACKET) {
        reading->frames++;
        return;
    }
    const wtap_packet_header *packet = &header->rec_header.packet_header;
    const uint32_t linktype = count_link(reading, packet->pkt_encap);
    const int fcs = linktype == BTBB_LINKTYPE_ETHERNET ? packet->pseudo_header.eth.fcs_len : 0; /* -1: not known */
    struct btbb_raw_packet raw = {.linktype = linktype,
                                  .bytes = {btbb_ws_bytes(record), packet->caplen},
                                  .reported = packet->len,
                                  .fcs = fcs > 0 ? (uint32_t)fcs : 0,
                                  .own = own_of(header)};
    read_pseudo_header(packet, &raw);
    struct btbb_read_frame frame = {.frame = {.own = raw.own}};
    if (header->presence_flags & WTAP_HAS_TS)
        frame.frame.has_time = btbb_time_ns(header->ts.secs, header->ts.nsecs, &frame.frame.time_ns);
    if (btbb_read_packet(reading, &raw, &frame))
        btbb_deliver(reading, &frame, 1);
}

static void note(struct btbb_reading *reading, wtap *file)
{
    atomic_store_explicit(&reading->bytes, (uint_fast64_t)wtap_read_so_far(file), memory_order_relaxed);
}

/* `info` is wiretap's addition to the error number; freed here. */
static enum btbb_read_result failed(struct btbb_reading *reading, enum btbb_read_result result, int err, char *info)
{
    if (err == WTAP_ERR_SHORT_READ && result == BTBB_READ_PART) {
        btbb_read_cut(reading);
    } else {
        char *text = btbb_wiretap_error(err, info);
        btbb_read_failed(reading, result, "%s", text);
        g_free(text);
    }
    g_free(info);
    return result;
}

enum btbb_read_result btbb_read_wiretap(struct btbb_reading *reading, const char *path)
{
    int err = 0;
    char *info = NULL;
    struct btbb_ws_record record;
    wtap *file = btbb_wiretap_open(path, &record, &err, &info);
    if (!file)
        return failed(reading, BTBB_READ_NOTHING, err, info);

    bool stopped = false;
    while (!stopped && btbb_ws_read(file, &record, &err, &info)) {
        deliver(reading, &record);
        wtap_rec_reset(&record.header); /* each record brings a block of options */
        if (reading->follow || reading->frames % NOTE_EVERY == 0)
            note(reading, file);
        stopped = atomic_load_explicit(reading->stop, memory_order_relaxed);
    }
    note(reading, file);
    btbb_wiretap_close(file, &record);
    if (stopped || atomic_load(reading->stop)) {
        g_free(info);
        return BTBB_READ_STOPPED;
    }
    return err ? failed(reading, BTBB_READ_PART, err, info) : BTBB_READ_WHOLE;
}

const char *btbb_wiretap_describe(const struct btbb_link_count *link)
{
    btbb_wiretap_initialise();
    const int encap = link->encap >= 0 ? link->encap : wtap_pcap_encap_to_wtap_encap(link->linktype);
    return encap > 0 ? wtap_encap_description(encap) : "not known to Wireshark";
}
