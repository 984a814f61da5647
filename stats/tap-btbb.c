/* tap-btbb.c: -z btbb,... in tshark: from the argument to a listener of the tap, and from its totals to the output.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include <epan/stat_tap_ui.h>
#include <wsutil/report_message.h>

#include <stdio.h>
#include <string.h>

#include "compat/ws-manuf.h"
#include "count/printable-copy.h"
#include "count/totals.h"
#include "exit-status.h"
#include "gui.h"
#include "link-listener.h"
#include "listen.h"
#include "piconet-listener.h"
#include "record.h"
#include "show/output.h"
#include "show/packets.h"
#include "tap-btbb.h"

/* One -z. */
struct statistic {
    char *argument; /* printable */
    struct btbb_options options;
    struct btbb_totals *totals;
    struct btbb_vendors *vendors;
    struct btbb_link_listener *links;       /* of views that show connections or names; otherwise NULL */
    struct btbb_piconet_listener *piconets; /* of views that show piconets; otherwise NULL */
    struct btbb_packets *packets;           /* of the view packets, which has no totals; otherwise NULL */
    bool clock;                             /* clocks are found that the file does not hold */
    uint32_t first;                         /* number of the first packet's frame while it may be counted again, or 0 */
    bool has_begun;                         /* there was a packet */
    bool frames;                            /* all frames of the capture are counted too */
    bool foreign_record;                    /* reported: the tap has records of another version */
};

/* Tables that are printed on standard output. With more than one, each has a heading. */
static unsigned tables;

static bool is_printed_table(const struct statistic *statistic)
{
    return statistic->options.format == BTBB_OUTPUT_TABLE && !statistic->options.file && !statistic->packets;
}

static void reset(void *listener)
{
    btbb_totals_reset(((struct statistic *)listener)->totals);
}

/* Takes back what follows from a clock that was found: the statistic has clock=off, and something else made
 * the dissector find clocks. */
static void forget_clock_of_record(struct btbb_record *record)
{
    if (record->dir_source < BTBB_DIR_SOURCE_FOUND)
        return;
    record->dir = BTBB_DIR_UNKNOWN;
    record->dir_source = BTBB_DIR_SOURCE_NONE;
    record->retransmission = record->plain_retransmission;
}

static bool add_to_totals(struct statistic *statistic, const struct btbb_record *record)
{
    if (G_LIKELY(record->dir_source < BTBB_DIR_SOURCE_FOUND || statistic->clock))
        return btbb_totals_add(statistic->totals, record);
    struct btbb_record copy = *record;

    forget_clock_of_record(&copy);
    return btbb_totals_add(statistic->totals, &copy);
}

/* Each frame of the capture after the first packet, whatever it is: for the summary. */
static tap_packet_status count_frame(void *listener, packet_info *pinfo, epan_dissect_t *edt _U_,
                                     const void *nothing _U_, tap_flags_t flags _U_)
{
    struct statistic *statistic = (struct statistic *)listener;

    statistic->totals->frames += pinfo->num != statistic->first;
    statistic->first = 0; /* its turn is over */
    return TAP_PACKET_DONT_REDRAW;
}

/* To be called with the first packet. Frames are numbered from 1, so that those before it need not be counted: without
 * this listener, the dissector finds that its packets are only counted, and takes the fast path. Whether the first
 * packet's frame itself is still to come depends on the version of Wireshark.
 *
 * A filter leaves packets out, so the number of all frames is of no use. Other views have no such listener, which costs
 * time for every frame. Where there is no such tap, the number stays unknown. */
static void listen_for_frames(struct statistic *statistic, uint32_t first)
{
    const bool shown = statistic->options.view == BTBB_VIEW_SUMMARY || statistic->options.view == BTBB_VIEW_REPORT;

    char *error = NULL;

    statistic->has_begun = true;
    if (!shown || statistic->options.filter)
        return;
    statistic->frames = btbb_listen("frame", statistic, NULL, NULL, count_frame, NULL, NULL, &error);
    statistic->first = first;
    statistic->totals->frames = first;
    g_free(error);
}

/* All that usual packets need is inlined ("flatten"): calls would cost a seventh of what counting costs. */
static __attribute__((flatten)) tap_packet_status count(void *listener, packet_info *pinfo, epan_dissect_t *edt _U_,
                                                        const void *record, tap_flags_t flags _U_)
{
    struct statistic *statistic = (struct statistic *)listener;

    if (G_UNLIKELY(!statistic->has_begun))
        listen_for_frames(statistic, pinfo->num);
    if (G_LIKELY(add_to_totals(statistic, (const struct btbb_record *)record)))
        return TAP_PACKET_REDRAW;
    if (!statistic->foreign_record)
        report_failure("-z %s: btbb.so and btbb-stats.so are of different versions: reinstall both",
                       statistic->argument);
    statistic->foreign_record = true;
    btbb_fail_at_exit();
    return TAP_PACKET_FAILED;
}

static void forget_clock(struct btbb_details *details)
{
    forget_clock_of_record(&details->record);
    if (details->clk_source <= BTBB_CLOCK_OFFSET)
        return;
    details->has_clk27 = false;
    details->clk_source = BTBB_CLOCK_UNKNOWN;
}

/* For the view packets. */
static tap_packet_status list(void *listener, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *details,
                              tap_flags_t flags _U_)
{
    struct statistic *statistic = (struct statistic *)listener;

    struct btbb_details copy = *(const struct btbb_details *)details;

    if (!statistic->clock)
        forget_clock(&copy);
    return btbb_packets_add(statistic->packets, &copy) ? TAP_PACKET_DONT_REDRAW : TAP_PACKET_FAILED;
}

/* Draw callbacks are called at the end; the window is not concerned. */
static void end_list(void *listener)
{
    struct statistic *statistic = (struct statistic *)listener;
    char *error = NULL;

    if (!statistic->packets)
        return;
    if (!btbb_packets_close(statistic->packets, true, &error)) {
        report_failure("-z %s: %s", statistic->argument, error);
        btbb_fail_at_exit();
        g_free(error);
    }
    statistic->packets = NULL;
}

static void draw(void *listener)
{
    struct statistic *statistic = (struct statistic *)listener;
    char *error = NULL;

    if (statistic->foreign_record)
        return;
    if (tables > 1 && is_printed_table(statistic))
        printf("\n-z %s\n", statistic->argument);
    struct btbb_capture_links learned = {0};

    statistic->totals->has_frames = statistic->frames;
    if (statistic->links)
        learned = *btbb_link_listener_links(statistic->links);
    if (statistic->piconets)
        learned.clocks = btbb_piconet_listener_clocks(statistic->piconets);
    const struct btbb_source source = {.totals = statistic->totals,
                                       .captures = &learned,
                                       .capture_count = statistic->links || statistic->piconets ? 1 : 0,
                                       .vendors = statistic->vendors};

    if (!btbb_print(&statistic->options, &source, stdout, &error)) {
        report_failure("-z %s: %s", statistic->argument, error);
        btbb_fail_at_exit();
        g_free(error);
    }
    fflush(stdout);
}

static void finish(void *listener)
{
    struct statistic *statistic = (struct statistic *)listener;
    char *error = NULL;

    if (statistic->packets) /* never drawn: an error ended tshark */
        btbb_packets_close(statistic->packets, false, &error);
    g_free(error);
    btbb_link_listener_discard(statistic->links);
    btbb_piconet_listener_discard(statistic->piconets);
    btbb_options_clear(&statistic->options);
    btbb_totals_free(statistic->totals);
    btbb_vendors_free(statistic->vendors);
    g_free(statistic->argument);
    g_free(statistic);
}

/* The text after "btbb,"; NULL when the argument has another name. */
static const char *text_of(const char *argument)
{
    const char *rest = argument + strlen(BTBB_TAP_NAME);

    return *rest == ',' ? rest + 1 : *rest == '\0' ? rest : NULL;
}

/* The views without totals have a listener of their own (link-listener.h, piconet-listener.h); here they are only
 * printed. */
static bool listen_for_records(struct statistic *statistic, char **error)
{
    const enum btbb_view view = statistic->options.view;
    const bool lists = view == BTBB_VIEW_PACKETS, only_prints = btbb_view_has_no_totals(view);
    const char *tap = view == BTBB_VIEW_PICONETS ? BTBB_PICONET_TAP_NAME
                      : only_prints              ? BTBB_LINK_TAP_NAME
                      : lists                    ? BTBB_DETAILS_TAP_NAME
                                                 : BTBB_COUNT_TAP_NAME;
    return btbb_listen(tap, statistic, statistic->options.filter, lists || only_prints ? NULL : reset,
                       only_prints ? NULL
                       : lists     ? list
                                   : count,
                       lists ? end_list : draw, finish, error);
}

static bool listen_for_links(struct statistic *statistic, char **error)
{
    const struct btbb_options *options = &statistic->options;

    if (!btbb_view_is_of_links(options->view) && options->view != BTBB_VIEW_REPORT && options->view != BTBB_VIEW_LAP)
        return true;
    statistic->links = btbb_link_listener_new(options->view == BTBB_VIEW_LAP ? BTBB_LISTEN_NAMES : BTBB_LISTEN_LINKS,
                                              statistic->clock, options->filter, NULL, NULL, error);
    return statistic->links != NULL;
}

/* The report shows piconets where clocks are found. */
static bool listen_for_piconets(struct statistic *statistic, char **error)
{
    const struct btbb_options *options = &statistic->options;

    if (options->view != BTBB_VIEW_PICONETS && !(options->view == BTBB_VIEW_REPORT && options->clock))
        return true;
    statistic->piconets = btbb_piconet_listener_new(options->filter, error);
    return statistic->piconets != NULL;
}

/* Makes the dissector find clocks. */
static bool listen_for_clocks(struct statistic *statistic, char **error)
{
    return !statistic->clock ||
           btbb_listen(BTBB_CLOCK_TAP_NAME, &statistic->clock, NULL, NULL, NULL, NULL, NULL, error);
}

static bool listen(struct statistic *statistic, char **error)
{
    if (find_tap_id(BTBB_COUNT_TAP_NAME) == 0 || find_tap_id(BTBB_CLOCK_TAP_NAME) == 0) {
        *error = g_strdup("the dissector is missing: btbb.so is not loaded (see tshark -G plugins)");
        return false;
    }
    if (listen_for_links(statistic, error) && listen_for_piconets(statistic, error) &&
        listen_for_records(statistic, error) && listen_for_clocks(statistic, error))
        return true;
    btbb_link_listener_free(statistic->links);
    btbb_piconet_listener_free(statistic->piconets);
    statistic->links = NULL;
    statistic->piconets = NULL;
    return false;
}

/* Whether the output can be written. The view packets begins to write at once. */
static bool is_writable(struct statistic *statistic, char **error)
{
    const bool lists = statistic->options.view == BTBB_VIEW_PACKETS;

    if ((lists && !btbb_packets_check(&statistic->options, error)) ||
        !btbb_print_probe(&statistic->options, NULL, error))
        return false;
    if (!lists)
        return true;
    statistic->packets = btbb_packets_open(&statistic->options, stdout, error);
    return statistic->packets != NULL;
}

/* Adds the keys of a file to the preferences of the dissector. */
static bool use_keys(const char *path, char **error)
{
    GError *problem = NULL;
    char *text = NULL;

    if (!path)
        return true;
    if (!g_file_get_contents(path, &text, NULL, &problem)) {
        *error = btbb_printable_copy(problem->message);
        g_error_free(problem);
        return false;
    }
    char **lines = g_strsplit(text, "\n", -1);
    char *reason = NULL;
    unsigned number = 0;

    for (; lines[number] && !reason; number++) {
        char *line = g_strstrip(lines[number]);
        char *setting = g_strconcat("uat:btbb_keys:", line, NULL);

        if (*line && *line != '#' && prefs_set_pref(setting, &reason) != PREFS_SET_OK && !reason)
            reason = g_strdup("not a key");
        g_free(setting);
    }
    if (reason)
        *error = g_strdup_printf("keys: line %u: %s", number, reason);
    g_free(reason);
    g_strfreev(lines);
    g_free(text);
    return !*error;
}

/* A statistic that listens; NULL and *error. */
static struct statistic *start(const char *argument, char **error)
{
    const char *text = text_of(argument);
    struct btbb_options options;

    if (!text) {
        *error = g_strdup("there is no such statistic; did you mean -z btbb,VIEW?");
        return NULL;
    }
    if (!btbb_options_parse(&options, text, error))
        return NULL;
    if (!use_keys(options.keys, error)) {
        btbb_options_clear(&options);
        return NULL;
    }

    struct statistic *statistic = g_new0(struct statistic, 1);

    statistic->argument = btbb_printable_copy(argument);
    statistic->options = options;
    statistic->clock = options.clock || (options.view == BTBB_VIEW_PICONETS && options.keys); /* to decrypt payloads */
    statistic->totals = btbb_totals_for(&options);
    statistic->vendors = btbb_vendors_new(&btbb_ws_manuf);
    if (is_writable(statistic, error) && listen(statistic, error))
        return statistic;
    finish(statistic);
    return NULL;
}

static btbb_init_result init(const char *argument, void *userdata _U_)
{
    char *error = NULL;
    struct statistic *statistic = start(argument, &error);

    if (!statistic) {
        char *shown = btbb_printable_copy(argument);

        report_failure("-z %s: %s", shown, error);
        g_free(shown);
        g_free(error);
        BTBB_INIT_FAIL;
    }
    tables += is_printed_table(statistic);
    BTBB_INIT_OK;
}

void btbb_tap_register(void)
{
    /* Each view under its name, for -z help; then everything else that begins with "btbb", to report what is wrong. */
    static char names[BTBB_VIEW_COUNT + 1][32];
    static stat_tap_ui entries[BTBB_VIEW_COUNT + 1];

    if (btbb_in_window())
        return;
    for (int i = 0; i <= BTBB_VIEW_COUNT; i++) {
        const bool view = i < BTBB_VIEW_COUNT;

        snprintf(names[i], sizeof names[i], "%s%s%s", BTBB_TAP_NAME, view ? "," : "", view ? btbb_views[i].name : "");
        entries[i] = (stat_tap_ui){.group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
                                   .title = view ? btbb_views[i].title : "Bluetooth Baseband",
                                   .cli_string = names[i],
                                   .tap_init_cb = init};
        register_stat_tap_ui(&entries[i], NULL);
    }
}
