/* report-maps.c: the channel maps of piconets over time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <inttypes.h>

#include "show/report/report-int.h"
#include "show/rows-int.h"

#define MAPS 2000u /* in the whole report */

struct writer {
    FILE *out;
    unsigned count;
};

/* One map, that holds until another one does, or its part of the capture ends. */
static void put_map(struct writer *writer, const struct btbb_clock_part *part, const char *source, uint32_t frame,
                    int64_t from_ns, const uint8_t use[BTBB_CHANNELS])
{
    char lap[BTBB_LAP_TEXT_BYTES], used[BTBB_CHANNEL_SET_BYTES], known[BTBB_CHANNEL_SET_BYTES];

    if (writer->count == MAPS)
        return;
    fprintf(writer->out, "%s[\"%s\",%u,\"%s\",%" PRIu32, writer->count++ ? ",\n" : "", btbb_lap_text(part->lap, lap),
            part->number, source, frame);
    fputc(',', writer->out);
    btbb_report_seconds(from_ns, writer->out);
    fputc(',', writer->out);
    btbb_report_seconds(part->segment.last_ns, writer->out);
    fprintf(writer->out, ",\"%s\",\"%s\"]", btbb_channel_set_text(use, false, used),
            btbb_channel_set_text(use, true, known));
}

static void put_hops(struct writer *writer, const struct btbb_clock_part *part)
{
    const unsigned count = part->clock ? btbb_clock_map_count(part->clock, part->clock_segment) : 0;

    for (unsigned i = 0; i < count && part->segment.adapted; i++) {
        const struct btbb_clock_map map = btbb_clock_map_at(part->clock, part->clock_segment, i);

        put_map(writer, part, "hops", map.frame, map.time_ns, map.use);
    }
}

static void put_lmp(struct writer *writer, const struct btbb_clock_part *part)
{
    for (unsigned i = part->afh_count; i-- > 0;) {
        const struct btbb_afh_map *map = part->afh - i;

        if (map->has_time)
            put_map(writer, part, "LMP", map->frame, btbb_afh_holds_from(part, map), map->use);
    }
}

void btbb_report_maps(const struct btbb_options *options, const struct btbb_source *source, FILE *out)
{
    struct writer writer = {.out = out};

    fputs(",\"maps\":[", out);
    for (size_t i = 0; i < source->capture_count; i++) {
        const struct btbb_clock_log *log = source->captures[i].clocks;

        for (unsigned part = 0; log && part < btbb_clock_log_count(log); part++) {
            const struct btbb_clock_part *shown = btbb_clock_log_part(log, part);

            if (!btbb_rows_select_part(&options->selection, shown))
                continue;
            put_hops(&writer, shown);
            put_lmp(&writer, shown);
        }
    }
    putc(']', out);
}
