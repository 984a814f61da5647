/* read-wiretap.c: every other capture file, read by Wireshark's own library, so that what is read is what tshark reads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-wiretap.h"

#include <pthread.h>
#include <wsutil/wslog.h>

#include "decode/time.h"

#include "read-format.h"

/* How often the progress is noted, in frames; always of a file that is followed. */
#define NOTE_EVERY 256u

/* Several files may be read at once, each with its own handle. What wiretap shares among them (its tables of formats,
 * a store of unused buffers) is touched only by opening and closing: one at a time. */
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

static enum btbb_link link_of(int encap)
{
    return encap == WTAP_ENCAP_ETHERNET             ? BTBB_LINK_ETHERNET
           : encap == WTAP_ENCAP_BLUETOOTH_BREDR_BB ? BTBB_LINK_RF
                                                    : BTBB_LINK_OTHER;
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

/* Anything but a packet (a system event, a comment block) is a frame of the file, too. */
static void deliver(struct btbb_reading *reading, const struct btbb_ws_record *record)
{
    const wtap_rec *header = &record->header;
    if (header->rec_type != REC_TYPE_PACKET) {
        reading->frames++;
        return;
    }
    const wtap_packet_header *packet = &header->rec_header.packet_header;
    enum btbb_link link = link_of(packet->pkt_encap);
    int fcs = link == BTBB_LINK_ETHERNET ? packet->pseudo_header.eth.fcs_len : 0; /* -1: not known */
    struct btbb_read_frame frame = {
        .frame = {.format = link == BTBB_LINK_RF ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY, .own = own_of(header)},
    };
    if (header->presence_flags & WTAP_HAS_TS)
        frame.has_time = btbb_time_ns(header->ts.secs, header->ts.nsecs, &frame.time_ns);
    if (btbb_read_packet(reading, link, btbb_ws_bytes(record), packet->caplen, packet->len, fcs > 0 ? (uint32_t)fcs : 0,
                         &frame))
        reading->frames_fn(reading->user, &frame, 1);
}

static void note(struct btbb_reading *reading, wtap *file)
{
    atomic_store_explicit(&reading->bytes, (uint_fast64_t)wtap_read_so_far(file), memory_order_relaxed);
}

/* `info` is wiretap's addition to the error number; freed here. */
static enum btbb_read_result failed(struct btbb_reading *reading, enum btbb_read_result result, int err, char *info)
{
    if (err == WTAP_ERR_SHORT_READ && result == BTBB_READ_PART)
        btbb_read_cut(reading);
    else if (err == WTAP_ERR_FILE_UNKNOWN_FORMAT)
        btbb_read_failed(reading, result, "not a capture file that Wireshark knows");
    else
        btbb_read_failed(reading, result, "%s%s%s%s", wtap_strerror(err), info ? " (" : "", info ? info : "",
                         info ? ")" : "");
    g_free(info);
    return result;
}

static wtap *open_file(const char *path, struct btbb_ws_record *record, int *err, char **info)
{
    static bool initialised;
    pthread_mutex_lock(&opening);
    if (!initialised) {
        ws_log_set_level(LOG_LEVEL_WARNING);
        wtap_init(FALSE);
        initialised = true;
    }
    wtap *file = wtap_open_offline(path, WTAP_TYPE_AUTO, err, info, FALSE);
    if (file)
        btbb_ws_record_init(record);
    pthread_mutex_unlock(&opening);
    return file;
}

static void close_file(wtap *file, struct btbb_ws_record *record)
{
    pthread_mutex_lock(&opening);
    btbb_ws_record_free(record);
    wtap_close(file);
    pthread_mutex_unlock(&opening);
}

enum btbb_read_result btbb_read_wiretap(struct btbb_reading *reading, const char *path)
{
    int err = 0;
    char *info = NULL;
    struct btbb_ws_record record;
    wtap *file = open_file(path, &record, &err, &info);
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
    close_file(file, &record);
    if (stopped || atomic_load(reading->stop)) {
        g_free(info);
        return BTBB_READ_STOPPED;
    }
    return err ? failed(reading, BTBB_READ_PART, err, info) : BTBB_READ_WHOLE;
}
