/* report.c: the report: the page from the build, with the numbers of the totals in place of its placeholder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/report/report.h"

#include <glib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "count/time-zone.h"
#include "show/json-text.h"
#include "show/local-time.h"
#include "show/report/report-int.h"
#include "show/rows-int.h"

#define TABLE_CLIENTS 2000u  /* rows of a table of clients; the rest is summed in the row "others" */
#define TABLE_ROWS    10000u /* rows of any other table */
#define CURVES        10u    /* clients with a curve of their own, unless `top` says otherwise */
#define WEEK_S        INT64_C(604800)
#define SECOND_NS     INT64_C(1000000000)

/* No character that a browser could take for markup. */
#define MARKUP "<>&'"

void btbb_report_text(const char *text, FILE *out)
{
    GString *json = g_string_new(NULL);

    btbb_json_append(json, text, MARKUP);
    fwrite(json->str, 1, json->len, out);
    g_string_free(json, TRUE);
}

void btbb_report_seconds(int64_t ns, FILE *out)
{
    char *text = btbb_value_to_text(&(struct btbb_value){.kind = BTBB_VALUE_EPOCH, .ns = ns});

    fputs(text, out);
    g_free(text);
}

static void put_value(const struct btbb_value *value, FILE *out)
{
    char *text;

    if (value->kind == BTBB_VALUE_NONE || (value->kind == BTBB_VALUE_REAL && !isfinite(value->real))) {
        fputs("null", out);
        return;
    }
    text = btbb_value_to_text(value);
    if (value->kind == BTBB_VALUE_COUNT || value->kind == BTBB_VALUE_REAL)
        fputs(text, out);
    else
        btbb_report_text(text, out);
    g_free(text);
}

/* Write ,"name": {"columns": [keys], "rows": [[values]], "notes": [lines]} of a view. Returns false and sets *error. */
static bool put_table(const char *name, const struct btbb_options *options, const struct btbb_source *source, FILE *out,
                      char **error)
{
    struct btbb_rows *rows = btbb_rows_new(options, source, error);
    const struct btbb_value *values;

    if (!rows)
        return false;
    fprintf(out, ",\"%s\":{\"columns\":[", name);
    for (size_t i = 0; i < rows->column_count; i++) {
        fputs(i ? "," : "", out);
        btbb_report_text(rows->columns[i].key, out);
    }
    fputs("],\"rows\":[", out);
    size_t shown = 0;

    for (const char *comma = "["; shown < TABLE_ROWS && (values = btbb_rows_next(rows)); shown++, comma = ",\n[") {
        fputs(comma, out);
        for (size_t i = 0; i < rows->column_count; i++) {
            fputs(i ? "," : "", out);
            put_value(&values[i], out);
        }
        putc(']', out);
    }
    fputs("],\"notes\":[", out);
    for (size_t i = 0; i < rows->note_count; i++) {
        fputs(i ? "," : "", out);
        btbb_report_text(rows->notes[i], out);
    }
    if (rows->row_count > shown)
        fprintf(out, "%s\"%" PRIu64 " more rows are not part of this file\"", rows->note_count > 0 ? "," : "",
                (uint64_t)(rows->row_count - shown));
    fputs("]}", out);
    btbb_rows_free(rows);
    return true;
}

static bool put_tables(const struct btbb_options *options, const struct btbb_source *source, FILE *out, char **error)
{
    static const struct {
        const char *name;
        enum btbb_view view;
        bool min; /* whether the key `min` of the report applies: not where a header proves that a client exists */
    } tables[] = {
        {"summary", BTBB_VIEW_SUMMARY, false},   {"clients", BTBB_VIEW_LAP, true},
        {"types", BTBB_VIEW_TYPE, false},        {"lapTypes", BTBB_VIEW_LAP_TYPE, false},
        {"channels", BTBB_VIEW_CHANNEL, false},  {"signal", BTBB_VIEW_SIGNAL, true},
        {"links", BTBB_VIEW_LINKS, false},       {"findings", BTBB_VIEW_FINDINGS, false},
        {"timeline", BTBB_VIEW_TIMELINE, false}, {"piconets", BTBB_VIEW_PICONETS, true},
    };
    const bool has_links = source->capture_count > 0 && source->captures[0].log;
    const bool has_clocks = source->capture_count > 0 && source->captures[0].clocks;

    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        struct btbb_options of_table;

        if ((btbb_view_is_of_links(tables[i].view) && !has_links) ||
            (tables[i].view == BTBB_VIEW_PICONETS && !has_clocks))
            continue;
        btbb_options_init(&of_table, tables[i].view);
        of_table.format = BTBB_OUTPUT_JSON; /* names in full, no lines in words */
        of_table.selection = options->selection;
        of_table.interval_ns = options->interval_ns;
        if (tables[i].min)
            of_table.min = options->min;
        if (tables[i].view == BTBB_VIEW_LAP || tables[i].view == BTBB_VIEW_LAP_TYPE ||
            tables[i].view == BTBB_VIEW_SIGNAL)
            of_table.top = TABLE_CLIENTS;
        if (!put_table(tables[i].name, &of_table, source, out, error))
            return false;
    }
    return true;
}

/* Write ,"zones": [[from, offset] ...]: offsets in seconds east of UTC and the times they begin at; null: the
 * beginning. Time zones keep an offset for more than a week, so weekly steps find every change, and bisection finds its
 * second. */
static void put_zones(const struct btbb_totals *totals, FILE *out)
{
    int64_t first = INT64_MAX, last = INT64_MIN, offset;

    for (uint32_t i = 0; i < totals->clients.count; i++) {
        const struct btbb_client *client = btbb_table_at(&totals->clients, i);

        if (client->last_ns < client->first_ns)
            continue;
        first = MIN(first, btbb_interval_of(client->first_ns, SECOND_NS));
        last = MAX(last, btbb_interval_of(client->last_ns, SECOND_NS));
    }
    if (first > last)
        first = last = 0;
    offset = btbb_time_zone_offset(first);
    fprintf(out, ",\"zones\":[[null,%" PRId64 "]", offset);
    for (int64_t week = first; week < last; week += WEEK_S) {
        int64_t before = week, after = week + WEEK_S;

        if (btbb_time_zone_offset(after) == offset)
            continue;
        while (after - before > 1) {
            int64_t middle = before + (after - before) / 2;

            if (btbb_time_zone_offset(middle) == offset)
                before = middle;
            else
                after = middle;
        }
        offset = btbb_time_zone_offset(after);
        fprintf(out, ",[%" PRId64 ",%" PRId64 "]", after, offset);
    }
    putc(']', out);
}

static void put_names(const struct btbb_options *options, const struct btbb_totals *totals, FILE *out)
{
    int64_t now = g_get_real_time() / G_USEC_PER_SEC;

    fputs("{\"program\":\"btbb " BTBB_VERSION "\",\"capture\":", out);
    btbb_report_text(options->capture, out);
    fputs(",\"filter\":", out);
    btbb_report_text(options->filter, out);
    fprintf(out, ",\"written\":[%" PRId64 ",%" PRId32 "]", now, btbb_time_zone_offset(now));
    fputs(",\"typeNames\":", out);
    for (uint32_t type = 0; type < BTBB_TYPES; type++) {
        putc(type ? ',' : '[', out);
        btbb_report_text(btbb_series_name(type), out);
    }
    putc(']', out);
    put_zones(totals, out);
}

bool btbb_report_write(const struct btbb_options *options, const struct btbb_source *source, FILE *out, char **error)
{
    const struct btbb_totals *totals = source->totals;

    fwrite(btbb_report_page, 1, btbb_report_hole, out);
    put_names(options, totals, out);
    if (!put_tables(options, source, out, error))
        return false;
    btbb_report_maps(options, source, out);
    fputs(",\"time\":", out);
    btbb_report_time(options, totals, options->top > 0 ? (uint32_t)MIN(options->top, G_MAXUINT32) : CURVES, out);
    putc('}', out);
    fwrite(btbb_report_page + btbb_report_hole, 1, btbb_report_page_bytes - btbb_report_hole, out);
    return true;
}
