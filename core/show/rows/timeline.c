/* timeline.c: the view timeline: one row per event on the connections, in the order of the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows/link-rows.h"

#define WHAT_BYTES 64

#define CELL(name) static struct btbb_value make_##name(const struct btbb_link_row *row, unsigned device)

CELL(frame)
{
    (void)device;
    return btbb_value_count(row->event->moment.frame);
}

CELL(epoch)
{
    (void)device;
    return btbb_link_rows_moment(row->event->moment);
}

CELL(time)
{
    (void)device;
    return row->event->moment.has_time ? btbb_value_ns(BTBB_VALUE_TIME, row->event->moment.time_ns) : btbb_value_none();
}

CELL(clk)
{
    (void)device;
    return row->event->has_clk ? btbb_value_count(row->event->clk) : btbb_value_none();
}

CELL(link)
{
    (void)device;
    return row->link ? btbb_value_count(row->link->number + UINT64_C(1)) : btbb_value_none();
}

CELL(lt_addr)
{
    (void)device;
    return row->event->lt_addr < BTBB_LT_ADDR_UNKNOWN ? btbb_value_count(row->event->lt_addr) : btbb_value_none();
}

CELL(who)
{
    (void)device;
    return btbb_value_text(btbb_event_who(row->event));
}

CELL(event)
{
    char text[WHAT_BYTES];

    (void)device;
    btbb_event_what(row->event, text, sizeof text);
    return btbb_link_rows_text(row, text);
}

CELL(request)
{
    (void)device;
    return row->event->request.frame ? btbb_value_count(row->event->request.frame) : btbb_value_none();
}

CELL(elapsed)
{
    int64_t ns;

    (void)device;
    return btbb_event_elapsed(row->event, &ns) ? btbb_value_ns(BTBB_VALUE_DURATION, ns) : btbb_value_none();
}

CELL(details)
{
    char text[BTBB_EVENT_DETAILS_BYTES];

    (void)device;
    btbb_event_details(row->event, text, sizeof text);
    return btbb_link_rows_text(row, text);
}

/* Before the connection of a page response is known, there is nothing to encrypt. */
CELL(encryption)
{
    (void)device;
    return btbb_value_text(row->link ? btbb_encryption_state_name((enum btbb_encryption_state)row->event->encryption)
                                     : NULL);
}

CELL(key_size)
{
    (void)device;
    return row->event->key_size ? btbb_value_count(row->event->key_size) : btbb_value_none();
}

CELL(findings)
{
    GString *text = g_string_new(NULL);

    (void)device;
    for (unsigned kind = 0; kind < BTBB_FINDING_COUNT; kind++)
        if (row->event->findings >> kind & 1)
            g_string_append_printf(text, "%s%s", text->len ? " " : "", btbb_finding_key((enum btbb_finding_kind)kind));
    const struct btbb_value value = btbb_link_rows_text(row, text->str);

    g_string_free(text, TRUE);
    return value;
}

/* clang-format off */
static const struct btbb_link_column columns[] = {
    {"frame", make_frame, 0}, {"epoch", make_epoch, 0}, {"time", make_time, 0}, {"clk", make_clk, 0},
    {"link", make_link, 0}, {"lt_addr", make_lt_addr, 0}, {"who", make_who, 0}, {"event", make_event, 0},
    {"request", make_request, 0}, {"elapsed", make_elapsed, 0}, {"details", make_details, 0},
    {"encryption", make_encryption, 0}, {"key_size", make_key_size, 0}, {"findings", make_findings, 0},
};
/* clang-format on */

/* The connection that an event belongs to; NULL: not known. */
static const struct btbb_acl_link *link_of(const struct btbb_link_log *log, const struct btbb_link_event *event)
{
    return event->link < btbb_links_count(log->links) ? btbb_links_at(log->links, event->link) : NULL;
}

static bool is_in_time(const struct btbb_selection *selection, struct btbb_moment moment)
{
    return (!selection->has_from || (moment.has_time && moment.time_ns >= selection->from_ns)) &&
           (!selection->has_to || (moment.has_time && moment.time_ns < selection->to_ns));
}

static bool is_selected(const struct btbb_rows_state *state, const struct btbb_link_log *log,
                        const struct btbb_link_event *event)
{
    const struct btbb_selection *selection = &state->options.selection;
    const struct btbb_acl_link *link = link_of(log, event);

    if (!is_in_time(selection, event->moment))
        return false;
    if (link)
        return btbb_link_rows_select(state, link);
    return !selection->laps || btbb_selection_has_client(selection, event->lap);
}

static void find_events(const struct btbb_rows_state *state, uint32_t capture, GArray *places)
{
    const struct btbb_link_log *log = state->source.captures[capture].log;

    for (uint32_t i = 0; i < btbb_timeline_count(log->timeline); i++) {
        const struct btbb_link_place place = {.capture = capture, .number = i};

        if (is_selected(state, log, btbb_timeline_at(log->timeline, i)))
            g_array_append_val(places, place);
    }
}

static void open_event(const struct btbb_link_place *place, struct btbb_link_row *row)
{
    row->event = btbb_timeline_at(row->capture->log->timeline, place->number);
    row->link = link_of(row->capture->log, row->event);
}

bool btbb_rows_timeline(struct btbb_rows *rows, char **error)
{
    static const struct btbb_link_view view = {columns, G_N_ELEMENTS(columns), find_events, open_event};

    (void)error;
    btbb_link_rows_make(rows, &view);
    return true;
}
