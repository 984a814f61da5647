/* findings.c: the view findings: one row per finding about a connection, and one per thing that is not known of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows/link-rows.h"

#include <inttypes.h>

#define TEXT_BYTES 512

/* Items of a place: findings by their kind, then gaps. */
#define FIRST_GAP ((uint32_t)BTBB_FINDING_COUNT)
#define ITEMS     (BTBB_FINDING_COUNT + BTBB_GAP_COUNT)

static bool is_gap(const struct btbb_link_row *row)
{
    return row->item >= FIRST_GAP;
}

static enum btbb_gap gap_of(const struct btbb_link_row *row)
{
    return (enum btbb_gap)(row->item - FIRST_GAP);
}

static enum btbb_finding_kind kind_of(const struct btbb_link_row *row)
{
    return (enum btbb_finding_kind)row->item;
}

/* All zero when the connection no longer has it. */
static struct btbb_finding finding_of(const struct btbb_link_row *row)
{
    struct btbb_finding findings[BTBB_FINDING_COUNT];
    const size_t count = btbb_link_findings(row->link, findings);

    for (size_t i = 0; i < count; i++)
        if (findings[i].kind == row->item)
            return findings[i];
    return (struct btbb_finding){0};
}

static struct btbb_value make_link(const struct btbb_link_row *row, unsigned device)
{
    (void)device;
    return btbb_value_count(row->link->number + UINT64_C(1));
}

static struct btbb_value make_kind(const struct btbb_link_row *row, unsigned device)
{
    (void)device;
    return btbb_value_text(is_gap(row) ? "gap" : "finding");
}

static struct btbb_value make_key(const struct btbb_link_row *row, unsigned device)
{
    (void)device;
    return btbb_value_text(is_gap(row) ? btbb_gap_key(gap_of(row)) : btbb_finding_key(kind_of(row)));
}

static struct btbb_value make_frames(const struct btbb_link_row *row, unsigned device)
{
    struct btbb_finding finding = {0};
    char text[64] = "";
    int length = 0;

    (void)device;
    if (!is_gap(row))
        finding = finding_of(row);
    for (uint8_t i = 0; i < finding.frame_count; i++)
        length += g_snprintf(text + length, (gulong)(sizeof text - (size_t)length), "%s%" PRIu32, i ? " " : "",
                             finding.frames[i]);
    return btbb_link_rows_text(row, text);
}

static struct btbb_value make_text(const struct btbb_link_row *row, unsigned device)
{
    char text[TEXT_BYTES];

    (void)device;
    if (is_gap(row))
        return btbb_value_text(btbb_gap_text(gap_of(row)));
    const struct btbb_finding finding = finding_of(row);

    btbb_finding_text(row->link, &finding, text, sizeof text);
    return btbb_link_rows_text(row, text);
}

static struct btbb_value make_limit(const struct btbb_link_row *row, unsigned device)
{
    (void)device;
    return btbb_value_text(is_gap(row) ? NULL : btbb_finding_limit(kind_of(row)));
}

static const struct btbb_link_column columns[] = {
    {"link", make_link, 0},     {"kind", make_kind, 0}, {"key", make_key, 0},
    {"frames", make_frames, 0}, {"text", make_text, 0}, {"limit", make_limit, 0},
};

/* Returns the number of items of a connection. */
static size_t find_items(const struct btbb_acl_link *link, uint32_t items[ITEMS])
{
    struct btbb_finding findings[BTBB_FINDING_COUNT];
    enum btbb_gap gaps[BTBB_GAP_COUNT];
    const size_t finding_count = btbb_link_findings(link, findings), gap_count = btbb_link_gaps(link, gaps);

    for (size_t i = 0; i < finding_count; i++)
        items[i] = findings[i].kind;
    for (size_t i = 0; i < gap_count; i++)
        items[finding_count + i] = FIRST_GAP + (uint32_t)gaps[i];
    return finding_count + gap_count;
}

static void find_places(const struct btbb_rows_state *state, uint32_t capture, GArray *places)
{
    const struct btbb_links *links = state->source.captures[capture].log->links;
    uint32_t items[ITEMS];

    for (uint32_t i = 0; i < btbb_links_count(links); i++) {
        const struct btbb_acl_link *link = btbb_links_at(links, i);
        const size_t count = btbb_link_rows_select(state, link) ? find_items(link, items) : 0;

        for (size_t item = 0; item < count; item++) {
            const struct btbb_link_place place = {.capture = capture, .number = i, .item = items[item]};

            g_array_append_val(places, place);
        }
    }
}

static void open_place(const struct btbb_link_place *place, struct btbb_link_row *row)
{
    row->link = btbb_links_at(row->capture->log->links, place->number);
}

const struct btbb_value *btbb_rows_finding(struct btbb_rows *rows, uint32_t link, size_t index)
{
    uint32_t items[ITEMS];

    if (index >= find_items(btbb_links_at(rows->state->source.captures[0].log->links, link), items))
        return NULL;
    return btbb_link_rows_fill(rows, &(struct btbb_link_place){.number = link, .item = items[index]});
}

bool btbb_rows_findings(struct btbb_rows *rows, char **error)
{
    static const struct btbb_link_view view = {columns, G_N_ELEMENTS(columns), find_places, open_place};

    (void)error;
    btbb_link_rows_make(rows, &view);
    return true;
}
