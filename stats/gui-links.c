/* gui-links.c: the tables of connections, of what is weak about them and of their timeline in the Statistics menu.
 *
 * A row of the window is a connection or an event, in the order of their numbers, or a finding or gap of a connection.
 * Every packet updates the rows that it changes, as in gui-rows.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gui-cells.h"

#include "gui-groups.h"
#include "gui-register.h"
#include "gui.h"
#include "learn/link-findings.h"
#include "show/rows.h"

#define COLUMNS       16u
#define SENTENCE_SIZE 200u /* of a cell: the longest finding and its frames */

_Static_assert(BTBB_FINDING_COUNT + BTBB_GAP_COUNT <= BTBB_GUI_GROUP_ROWS, "a group has room for all rows");

struct table {
    stat_tap_table_ui ui; /* first: Wireshark passes its address to every callback */
    enum btbb_view view;
    /* Brings the rows up to date. */
    void (*show)(struct table *t, const struct btbb_link_packet *packet, const struct btbb_link_event *event);
    const char *keys[COLUMNS + 1]; /* of the columns that the window shows, NULL-terminated */
    stat_tap_table_item columns[COLUMNS];
    struct btbb_gui_cells cells;
    struct btbb_link_log *log;
    struct btbb_capture_links links;
    struct btbb_rows *rows;
    struct btbb_gui_groups groups; /* Findings: the rows of each connection */
};

/* The column of the rows with this key. */
static size_t place_of(const struct table *t, const char *key)
{
    size_t place = 0;

    while (strcmp(t->rows->columns[place].key, key) != 0)
        place++;
    return place;
}

static void set_row(struct table *t, guint row, const struct btbb_value *values)
{
    for (guint column = 0; t->keys[column]; column++)
        btbb_gui_cell_set(&t->cells, row, column, &values[place_of(t, t->keys[column])]);
}

/* --- connections and events ------------------------------------------------------------------------------------- */

static void show_row(struct table *t, uint32_t number)
{
    while (t->cells.table->num_elements <= number)
        btbb_gui_row_add(&t->cells, t->columns);
    set_row(t, number, btbb_rows_at(t->rows, number));
}

/* Calls `show` for the connections that an event changes. */
static void show_changed(struct table *t, const struct btbb_link_event *event,
                         void (*show)(struct table *t, uint32_t link))
{
    const uint32_t ended = btbb_links_ended(t->log->links);

    if (ended != UINT32_MAX)
        show(t, ended);
    if (event->link < btbb_links_count(t->log->links))
        show(t, event->link);
}

/* Whether a device of the connection got its name in that frame. */
static bool is_named_in(const struct table *t, uint32_t link, uint32_t frame)
{
    const struct btbb_acl_link *devices = btbb_links_at(t->log->links, link);

    for (uint8_t side = 0; side < BTBB_SIDES; side++) {
        const struct btbb_name *name = btbb_device_names_best(t->links.names, devices->side[side].name_key);

        if (name && name->frame == frame)
            return true;
    }
    return false;
}

/* A name is in the rows of all connections of its device. An Extended Inquiry Response belongs to no connection. */
static void show_links(struct table *t, const struct btbb_link_packet *packet, const struct btbb_link_event *event)
{
    const uint32_t count = btbb_links_count(t->log->links);

    show_changed(t, event, show_row);
    if (packet->kind == BTBB_LINK_PACKET_EIR || (event->link < count && is_named_in(t, event->link, packet->frame)))
        for (uint32_t link = 0; link < count; link++)
            if (is_named_in(t, link, packet->frame))
                show_row(t, link);
}

/* An event is the last one that the log has. */
static void show_event(struct table *t, const struct btbb_link_packet *packet _U_,
                       const struct btbb_link_event *event _U_)
{
    const uint32_t count = btbb_timeline_count(t->log->timeline);

    if (count > t->cells.table->num_elements)
        show_row(t, count - 1);
}

/* --- findings --------------------------------------------------------------------------------------------------- */

/* Fill the rows that a connection has. */
static void fill_rows(struct table *t, uint32_t link)
{
    const struct btbb_gui_group *group = btbb_gui_groups_at(&t->groups, link);

    for (guint i = 0; i < group->count; i++) {
        const struct btbb_value *values = btbb_rows_finding(t->rows, link, i);

        if (values)
            set_row(t, group->rows[i], values);
    }
}

static void show_findings_of(struct table *t, uint32_t link)
{
    const struct btbb_gui_group *group = btbb_gui_groups_at(&t->groups, link);
    guint count = 0;

    while (btbb_rows_finding(t->rows, link, count))
        count++;
    while (group->count < count) {
        btbb_gui_row_add(&t->cells, t->columns);
        btbb_gui_groups_add(&t->groups, link);
    }
    while (group->count > count) {
        const uint32_t moved = btbb_gui_groups_remove(&t->groups, link);

        btbb_gui_row_remove(&t->cells);
        fill_rows(t, moved);
    }
    fill_rows(t, link);
}

static void show_findings(struct table *t, const struct btbb_link_packet *packet _U_,
                          const struct btbb_link_event *event)
{
    show_changed(t, event, show_findings_of);
}

/* --- tables ----------------------------------------------------------------------------------------------------- */

static struct table tables[] = {
    {.view = BTBB_VIEW_LINKS,
     .show = show_links,
     .ui = {.title = BTBB_TABLE_TITLE("Connections"), .cli_string = "btbb,links"},
     .keys = {"link", "first", "role1", "device1", "name1", "role2", "device2", "name2", "pairing", "authentication",
              "encryption", "key_size", "decryption", "end", "findings", "gaps"}},
    {.view = BTBB_VIEW_FINDINGS,
     .show = show_findings,
     .ui = {.title = BTBB_TABLE_TITLE("Findings"), .cli_string = "btbb,findings"},
     .cells = {.text_bytes = SENTENCE_SIZE},
     .keys = {"link", "kind", "key", "frames", "text", "limit"}},
    {.view = BTBB_VIEW_TIMELINE,
     .show = show_event,
     .ui = {.title = BTBB_TABLE_TITLE("Timeline"), .cli_string = "btbb,timeline"},
     .keys = {"frame", "epoch", "link", "who", "event", "request", "elapsed", "details", "findings"}},
};

static struct table *table_titled(const char *title)
{
    struct table *t = tables;

    while (t->ui.title != title)
        t++;
    return t;
}

static tap_packet_status table_packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *packet,
                                      tap_flags_t flags _U_)
{
    struct table *t = (struct table *)(void *)((const stat_data_t *)data)->stat_tap_data;
    const struct btbb_link_packet *taken = (const struct btbb_link_packet *)packet;
    struct btbb_link_event event;

    if (!t->log || taken->version != BTBB_LINK_PACKET_VERSION)
        return TAP_PACKET_DONT_REDRAW;
    btbb_link_log_add(t->log, taken, &event);
    if (t->rows)
        t->show(t, taken, &event);
    return TAP_PACKET_REDRAW;
}

static void forget(struct table *t)
{
    g_clear_pointer(&t->rows, btbb_rows_free);
    g_clear_pointer(&t->log, btbb_link_log_free);
}

/* Called before all packets are read again. */
static void table_reset(stat_tap_table *table)
{
    struct table *t = table_titled(table->title);
    struct btbb_options options;
    char *error = NULL;

    btbb_gui_rows_clear(&t->cells);
    forget(t);
    btbb_gui_groups_clear(&t->groups);
    t->log = btbb_link_log_new(true);
    if (!t->log)
        return;
    t->links = (struct btbb_capture_links){.log = t->log, .names = btbb_links_names(t->log->links)};
    const struct btbb_source source = {.captures = &t->links, .capture_count = 1, .vendors = btbb_gui_vendors()};

    btbb_options_init(&options, t->view);
    options.format = BTBB_OUTPUT_CSV; /* no lines below the table */
    t->rows = btbb_rows_new(&options, &source, &error);
    g_free(error);
}

/* Called for each cell when the last window of the table is closed; never for a table without rows. */
static void table_free(stat_tap_table *table, guint row, guint column, stat_tap_table_item_type *cell)
{
    struct table *t = table_titled(table->title);

    if (column > 0)
        return;
    btbb_gui_cell_free(cell);
    if (row > 0)
        return;
    btbb_gui_cells_free_removed(&t->cells);
    forget(t);
}

/* Called when a window is opened and whenever its filter is applied. */
static void table_init(stat_tap_table_ui *ui)
{
    struct table *t = (struct table *)(void *)ui;

    if (btbb_gui_table_add(&t->cells, ui))
        table_reset(t->cells.table);
}

/* Called after all windows are closed, just before the plugin is unloaded. */
static void shut_down(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        forget(&tables[i]);
        btbb_gui_cells_free_removed(&tables[i].cells);
        g_ptr_array_free(tables[i].cells.removed, TRUE);
        btbb_gui_groups_free(&tables[i].groups);
        btbb_gui_free_table(&tables[i].ui);
    }
}

static void register_table(struct table *t)
{
    guint count = 0;

    for (; t->keys[count]; count++)
        t->columns[count] = btbb_gui_column(btbb_column_find(t->view, t->keys[count]));
    t->cells.removed = g_ptr_array_new();
    btbb_gui_groups_init(&t->groups);
    t->ui.stat_tap_init_cb = table_init;
    t->ui.packet_func = table_packet;
    t->ui.stat_tap_reset_table_cb = table_reset;
    t->ui.stat_tap_free_table_item_cb = table_free;
    btbb_gui_register_table(&t->ui, BTBB_LINK_TAP_NAME, t->columns, count);
}

void btbb_gui_register_links(void)
{
    if (find_tap_id(BTBB_LINK_TAP_NAME) == 0)
        return;
    register_shutdown_routine(shut_down);
    btbb_gui_vendors();
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        register_table(&tables[i]);
}
