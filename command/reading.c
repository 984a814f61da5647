/* reading.c: see reading.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "reading.h"

#include <stdarg.h>

enum btbb_read_result btbb_read_failed(struct btbb_reading *reading, enum btbb_read_result result, const char *format,
                                       ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(reading->message);
    reading->message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return result;
}

enum btbb_read_result btbb_read_cut(struct btbb_reading *reading)
{
    return btbb_read_failed(reading, BTBB_READ_PART, "cut short in the middle of a frame; the %u before it are counted",
                            reading->frames);
}

void btbb_count_link(struct btbb_reading *reading, int linktype, int encap, uint32_t frames)
{
    for (unsigned i = 0; i < reading->link_count; i++) {
        struct btbb_link_count *link = &reading->links[i];
        if (link->linktype == linktype && link->encap == encap) {
            link->frames += frames;
            return;
        }
    }
    if (reading->link_count < BTBB_LINK_COUNTS)
        reading->links[reading->link_count++] = (struct btbb_link_count){linktype, encap, frames};
}

bool btbb_read_layers(struct btbb_reading *reading, const struct btbb_raw_packet *packet, struct btbb_read_frame *out)
{
    enum btbb_tunnel tunnel;
    if (!packet->stripped)
        out->wire_bytes -= MIN(out->wire_bytes, btbb_pseudo_header_bytes(packet->linktype));
    switch (btbb_find_frame(packet, &out->frame, &tunnel)) {
    case BTBB_FOUND_FRAME:
        return true;
    case BTBB_FOUND_TUNNEL:
        reading->tunnels[tunnel]++;
        return false;
    default:
        return false;
    }
}
