/* piconets.c: the view piconets: one row for each piconet and part of a capture in which one clock, or none, explains
 * its packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows-int.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "learn/slots.h"

#define TEXT_BYTES 512 /* texts of a row are allocated in blocks of so many bytes */

/* A row: the numbers of a capture in btbb_source.captures and of a part in its log. */
struct place {
    uint32_t capture, part;
};

struct row {
    const struct btbb_clock_part *part;
    struct btbb_rows_state *state;
    GStringChunk *texts;
};

/* Makes a value. `which`: one of two alike columns. */
struct column {
    const char *key; /* of the column in btbb_columns */
    struct btbb_value (*cell)(const struct row *row, unsigned which);
    unsigned which;
};

/* What `more` of the state points at. */
struct piconet_rows {
    const struct column **columns; /* by column of the rows; NULL: `file` */
    GArray *places;
    GStringChunk *texts;
};

#define IF(condition, ...) (condition) ? (__VA_ARGS__) : btbb_value_none()
#define CELL(name)         static struct btbb_value make_##name(const struct row *row, G_GNUC_UNUSED unsigned which)

static struct btbb_value keep(const struct row *row, const char *text)
{
    return btbb_value_text(*text ? g_string_chunk_insert(row->texts, text) : NULL);
}

/* Keeps and frees the text. */
static struct btbb_value take(const struct row *row, GString *text)
{
    const struct btbb_value value = keep(row, text->str);

    g_string_free(text, TRUE);
    return value;
}

static const struct btbb_clock_segment *segment_of(const struct row *row)
{
    return &row->part->segment;
}

static int64_t span_of(const struct btbb_clock_segment *segment)
{
    return btbb_rows_span(segment->first_ns, segment->last_ns);
}

static bool has_time(const struct row *row)
{
    return row->part->reason != BTBB_CLOCK_NO_TIME;
}

/* --- values ----------------------------------------------------------------------------------------------------- */

CELL(address)
{
    const struct btbb_address *address = &row->part->address;
    const struct btbb_client_address known = {.uap = address->rank > BTBB_RANK_LAP ? address->uap : 0,
                                              .nap = address->rank == BTBB_RANK_NAP ? address->nap : 0};

    btbb_rows_address(row->state, row->part->lap, &known);
    return btbb_value_text(which == 0 ? row->state->lap : which == 1 ? row->state->uap : row->state->nap);
}

CELL(part)
{
    return btbb_value_count(row->part->number);
}

CELL(frame)
{
    return btbb_value_count(segment_of(row)->first_frame);
}

CELL(first)
{
    return IF(has_time(row), btbb_value_ns(BTBB_VALUE_EPOCH, segment_of(row)->first_ns));
}

CELL(span)
{
    return IF(has_time(row), btbb_value_ns(BTBB_VALUE_DURATION, span_of(segment_of(row))));
}

CELL(packets)
{
    return btbb_value_count(segment_of(row)->packets);
}

CELL(explained)
{
    return IF(row->part->has_explained,
              btbb_value_count(which ? segment_of(row)->unexplained : segment_of(row)->explained));
}

CELL(slots)
{
    const struct btbb_clock_segment *segment = segment_of(row);
    const double slots = floor((double)span_of(segment) / BTBB_SLOT_NS + 0.5) + 1;

    return IF(row->part->has_explained, btbb_value_real(100 * segment->explained / slots));
}

CELL(clk)
{
    return IF(segment_of(row)->has_clk, btbb_value_count(segment_of(row)->clk));
}

CELL(source)
{
    static const char *const names[] = {
        [BTBB_CLOCK_UNKNOWN] = NULL, [BTBB_CLOCK_FILE] = "file", [BTBB_CLOCK_OFFSET] = "offset",
        [BTBB_CLOCK_FHS] = "FHS",    [BTBB_CLOCK_HOPS] = "hops", [BTBB_CLOCK_PHASE] = "phase"};

    return btbb_value_text(names[segment_of(row)->source]);
}

CELL(confidence)
{
    const bool found = segment_of(row)->source > BTBB_CLOCK_OFFSET;
    const double confidence = MIN((double)segment_of(row)->confidence, found ? 0.9999 : 1);

    return IF(confidence > 0, btbb_value_real(which ? floor(1000 * confidence) / 10 : floor(1e4 * confidence) / 1e4));
}

CELL(twins)
{
    return IF(segment_of(row)->source > BTBB_CLOCK_OFFSET, btbb_value_count(segment_of(row)->twins));
}

/* The clocks that are left where several explain the packets as well, separated by spaces. */
static void append_clks(GString *text, const struct btbb_clock_part *part)
{
    uint32_t clks[BTBB_CLOCK_CANDIDATES];
    const unsigned count = part->clock ? btbb_clock_segment_candidates(part->clock, part->clock_segment, clks) : 0;

    for (unsigned i = 0; i < count; i++)
        g_string_append_printf(text, "%s%" PRIu32, i > 0 ? " " : "", clks[i]);
}

CELL(clks)
{
    GString *text = g_string_new(NULL);

    append_clks(text, row->part);
    return take(row, text);
}

CELL(drift)
{
    return IF(row->part->has_drift, btbb_value_real(segment_of(row)->drift_ppm));
}

CELL(jump)
{
    return IF(row->part->has_jump, btbb_value_ns(BTBB_VALUE_DURATION, row->part->jump_ns));
}

CELL(ended_by)
{
    static const char *const names[] = {
        [BTBB_CLOCK_END_FILE] = "end",  [BTBB_CLOCK_END_SILENCE] = "silence", [BTBB_CLOCK_END_BACKWARD] = "backward",
        [BTBB_CLOCK_END_LOST] = "lost", [BTBB_CLOCK_END_ADDRESS] = "address", [BTBB_CLOCK_END_LIMIT] = "limit"};

    return btbb_value_text(names[segment_of(row)->ended_by]);
}

CELL(reason)
{
    return btbb_value_text(row->part->reason == BTBB_CLOCK_KNOWN ? NULL : btbb_clock_reason_text(row->part->reason));
}

/* --- channel maps ----------------------------------------------------------------------------------------------- */

static bool map_of(const struct row *row, struct btbb_clock_map *map)
{
    return row->part->clock && segment_of(row)->adapted &&
           btbb_clock_last_map(row->part->clock, row->part->clock_segment, map);
}

char *btbb_channel_set_text(const uint8_t use[BTBB_CHANNELS], bool known, char text[BTBB_CHANNEL_SET_BYTES])
{
    const unsigned last = BTBB_CHANNEL_SET_BYTES - 2;

    for (unsigned i = 0; i <= last; i++) {
        unsigned digit = 0;

        for (unsigned channel = 4 * i; channel < 4 * i + 4 && channel < BTBB_CHANNELS; channel++)
            if (use[channel] == BTBB_CLOCK_USED || (known && use[channel] == BTBB_CLOCK_UNUSED))
                digit |= 1u << channel % 4;
        text[last - i] = "0123456789abcdef"[digit];
    }
    text[last + 1] = '\0';
    return text;
}

static struct btbb_value channel_set(const struct row *row, const uint8_t use[BTBB_CHANNELS], bool known)
{
    char digits[BTBB_CHANNEL_SET_BYTES];

    return keep(row, btbb_channel_set_text(use, known, digits));
}

CELL(hopping)
{
    return IF(segment_of(row)->has_clk && row->part->has_explained,
              btbb_value_text(segment_of(row)->adapted ? "adapted" : "basic"));
}

CELL(map)
{
    struct btbb_clock_map map;

    return IF(map_of(row, &map), channel_set(row, map.use, which));
}

CELL(maps)
{
    return IF(row->part->clock, btbb_value_count(btbb_clock_map_count(row->part->clock, row->part->clock_segment)));
}

CELL(lmp_map)
{
    return IF(row->part->afh, channel_set(row, row->part->afh->use, false));
}

CELL(lmp_frame)
{
    return IF(row->part->afh, btbb_value_count(row->part->afh->frame));
}

CELL(lmp_instant)
{
    return IF(row->part->afh, btbb_value_count(row->part->afh->instant));
}

/* Slots from the first packet of the part to the instant: the nearest one. */
static int32_t slots_to(const struct btbb_clock_segment *segment, uint32_t instant)
{
    const int32_t half = (int32_t)1 << (BTBB_CLOCK_BITS - 1);
    const int32_t slots = (int32_t)((instant - segment->clk) & BTBB_CLOCK_MASK);

    return slots < half ? slots : slots - 2 * half;
}

int64_t btbb_afh_holds_from(const struct btbb_clock_part *part, const struct btbb_afh_map *map)
{
    const struct btbb_clock_segment *segment = &part->segment;
    const double slot_ns = BTBB_SLOT_NS * (1 + (part->has_drift ? segment->drift_ppm : 0) * 1e-6);

    /* Times of parts with a clock are below 2^62 ns, and 2^26 slots are less than 2^56 ns. */
    return segment->has_clk ? segment->first_ns + (int64_t)(slot_ns * slots_to(segment, map->instant)) : map->time_ns;
}

CELL(lmp_epoch)
{
    return IF(row->part->afh && segment_of(row)->has_clk,
              btbb_value_ns(BTBB_VALUE_EPOCH, btbb_afh_holds_from(row->part, row->part->afh)));
}

CELL(lmp_maps)
{
    return btbb_value_count(row->part->afh_count);
}

/* One character for each channel. */
static void append_map(GString *text, const char *source, const uint8_t use[BTBB_CHANNELS])
{
    static const char marks[] = {[BTBB_CLOCK_USE_UNKNOWN] = '?', [BTBB_CLOCK_USED] = '#', [BTBB_CLOCK_UNUSED] = '.'};

    g_string_append_printf(text, "%s%s ", text->len ? "  " : "", source);
    for (unsigned channel = 0; channel < BTBB_CHANNELS; channel++)
        g_string_append_c(text, marks[use[channel]]);
}

CELL(details)
{
    const struct btbb_clock_part *part = row->part;
    GString *text = g_string_new(btbb_clock_reason_text(part->reason));
    const size_t reason = text->len;
    struct btbb_clock_map map;

    append_clks(text, part);
    if (text->len > reason)
        g_string_insert(text, (gssize)reason, ": ");
    if (map_of(row, &map))
        append_map(text, "hops", map.use);
    else if (part->segment.has_clk && part->has_explained)
        g_string_append(text, part->segment.adapted ? "adapted hopping" : "basic hopping");
    if (part->afh)
        append_map(text, "LMP", part->afh->use);
    return take(row, text);
}

static const struct column columns[] = {
    {"lap", make_address, 0},
    {"uap", make_address, 1},
    {"nap", make_address, 2},
    {"part", make_part, 0},
    {"frame", make_frame, 0},
    {"first", make_first, 0},
    {"span", make_span, 0},
    {"packets", make_packets, 0},
    {"explained", make_explained, 0},
    {"unexplained", make_explained, 1},
    {"slots", make_slots, 0},
    {"clk", make_clk, 0},
    {"source", make_source, 0},
    {"confidence", make_confidence, 0},
    {"sure", make_confidence, 1},
    {"twins", make_twins, 0},
    {"clks", make_clks, 0},
    {"drift", make_drift, 0},
    {"jump", make_jump, 0},
    {"hopping", make_hopping, 0},
    {"map", make_map, 0},
    {"map_known", make_map, 1},
    {"maps", make_maps, 0},
    {"lmp_map", make_lmp_map, 0},
    {"lmp_frame", make_lmp_frame, 0},
    {"lmp_instant", make_lmp_instant, 0},
    {"lmp_epoch", make_lmp_epoch, 0},
    {"lmp_maps", make_lmp_maps, 0},
    {"ended_by", make_ended_by, 0},
    {"reason", make_reason, 0},
    {"details", make_details, 0},
};

/* --- rows ------------------------------------------------------------------------------------------------------- */

static void fill_row(struct btbb_rows *rows, size_t number)
{
    struct btbb_rows_state *state = rows->state;
    const struct piconet_rows *more = state->more;
    const struct place place = g_array_index(more->places, struct place, number);
    const struct btbb_capture_links *capture = &state->source.captures[place.capture];
    const struct row row = {
        .part = btbb_clock_log_part(capture->clocks, place.part), .state = state, .texts = more->texts};

    g_string_chunk_clear(more->texts);
    for (size_t i = 0; i < rows->column_count; i++)
        state->values[i] =
            more->columns[i] ? more->columns[i]->cell(&row, more->columns[i]->which) : btbb_value_text(capture->file);
}

static void free_piconet_rows(void *data)
{
    struct piconet_rows *more = data;

    g_free(more->columns);
    g_array_free(more->places, TRUE);
    g_string_chunk_free(more->texts);
    g_free(more);
}

bool btbb_rows_select_part(const struct btbb_selection *selection, const struct btbb_clock_part *part)
{
    const bool timed = part->reason != BTBB_CLOCK_NO_TIME;

    if (selection->has_from && (!timed || part->segment.last_ns < selection->from_ns))
        return false;
    if (selection->has_to && (!timed || part->segment.first_ns >= selection->to_ns))
        return false;
    return !selection->laps || btbb_selection_has_client(selection, part->lap);
}

/* Packets of the piconet of a part, and the number of its parts. */
static uint64_t packets_from(const struct btbb_clock_log *log, uint32_t first, uint32_t *parts)
{
    const uint32_t lap = btbb_clock_log_part(log, first)->lap;
    uint64_t packets = 0;

    for (*parts = 0; first + *parts < btbb_clock_log_count(log); ++*parts) {
        const struct btbb_clock_part *part = btbb_clock_log_part(log, first + *parts);

        if (part->lap != lap)
            break;
        packets += part->segment.packets;
    }
    return packets;
}

/* Returns the number of piconets that `min` leaves out. */
static uint64_t find_places(const struct btbb_rows_state *state, uint32_t capture, GArray *places)
{
    const struct btbb_clock_log *log = state->source.captures[capture].clocks;
    const struct btbb_selection *selection = &state->options.selection;
    uint64_t left_out = 0;

    for (uint32_t i = 0, parts; i < btbb_clock_log_count(log); i += parts) {
        const bool shown = packets_from(log, i, &parts) >= state->options.min;

        left_out += !shown && btbb_rows_select_part(selection, btbb_clock_log_part(log, i));
        for (uint32_t part = i; part < i + parts && shown; part++)
            if (btbb_rows_select_part(selection, btbb_clock_log_part(log, part)))
                g_array_append_val(places, ((struct place){capture, part}));
    }
    return left_out;
}

static const struct column *find_column(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        if (strcmp(columns[i].key, key) == 0)
            return &columns[i];
    return NULL;
}

static void add_columns(struct btbb_rows *rows, struct piconet_rows *more)
{
    const struct btbb_rows_state *state = rows->state;
    const struct btbb_columns *all = &btbb_columns[BTBB_VIEW_PICONETS];
    size_t count = 0;

    more->columns = g_new(const struct column *, all->count);
    for (size_t i = 0; i < all->count; i++) {
        const struct column *column = find_column(all->columns[i].key);

        if (!column && (state->source.capture_count == 0 || !state->source.captures[0].file))
            continue;
        btbb_rows_column(rows, all->columns[i].key);
        more->columns[count++] = column;
    }
}

static void add_notes(struct btbb_rows *rows, uint64_t left_out)
{
    const struct btbb_rows_state *state = rows->state;
    uint64_t dropped = 0, foreign = 0;

    for (size_t i = 0; i < state->source.capture_count; i++) {
        dropped += btbb_clock_log_dropped(state->source.captures[i].clocks);
        foreign += btbb_clock_log_foreign(state->source.captures[i].clocks);
    }
    if (state->options.min == 2) {
        btbb_rows_note(rows, left_out, "piconet seen once is not shown", "piconets seen once are not shown");
    } else {
        btbb_rows_note(rows, left_out, "piconet with fewer packets than `min` is not shown",
                       "piconets with fewer packets than `min` are not shown");
    }
    btbb_rows_note(rows, foreign, "record of a controller without access code is in no piconet",
                   "records of controllers without access code are in no piconet");
    btbb_rows_note(rows, dropped, "packet is in no piconet: a table is full",
                   "packets are in no piconet: a table is full");
}

bool btbb_rows_piconets(struct btbb_rows *rows, char **error)
{
    struct btbb_rows_state *state = rows->state;
    struct piconet_rows *more = g_new0(struct piconet_rows, 1);
    uint64_t left_out = 0;

    (void)error;
    more->places = g_array_new(FALSE, FALSE, sizeof(struct place));
    more->texts = g_string_chunk_new(TEXT_BYTES);
    add_columns(rows, more);
    for (uint32_t i = 0; i < state->source.capture_count; i++)
        left_out += find_places(state, i, more->places);
    state->more = more;
    state->free_more = free_piconet_rows;
    state->fill = fill_row;
    rows->row_count = more->places->len;
    add_notes(rows, left_out);
    return true;
}
