/* gui-report.c: "Report..." in the Statistics menu: a dialog for file, filter and interval; then it counts all packets,
 * writes the HTML page and opens it in the browser.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include <epan/funnel.h>
#include <epan/plugin_if.h>
#include <glib/gstdio.h>
#include <wsutil/report_message.h>

#include "compat/ws-manuf.h"
#include "count/printable-copy.h"
#include "gui.h"
#include "link-listener.h"
#include "listen.h"
#include "piconet-listener.h"
#include "record.h"
#include "show/output.h"

enum { ANSWER_FILE, ANSWER_FILTER, ANSWER_INTERVAL, ANSWER_COUNT };

static const char title[] = BTBB_TABLE_TITLE("Report...");

static tap_packet_status report_packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *record,
                                       tap_flags_t flags _U_)
{
    btbb_totals_add((struct btbb_totals *)data, (const struct btbb_record *)record);
    return TAP_PACKET_DONT_REDRAW;
}

static void report_reset(void *data)
{
    btbb_totals_reset((struct btbb_totals *)data);
}

/* Each frame of the capture, whatever it is. */
static tap_packet_status report_frame(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                      const void *nothing _U_, tap_flags_t flags _U_)
{
    ++*(uint64_t *)data;
    return TAP_PACKET_DONT_REDRAW;
}

/* A filter leaves packets out, so the number of all frames is of no use. */
static bool listen_for_frames(const struct btbb_options *options, struct btbb_totals *totals)
{
    char *error = NULL;
    const bool listens =
        !options->filter && btbb_listen("frame", &totals->frames, NULL, NULL, report_frame, NULL, NULL, &error);

    g_free(error);
    return listens;
}

/* What follows connections and clocks while packets are counted. */
struct listeners {
    struct btbb_link_listener *links;
    struct btbb_piconet_listener *piconets;
};

static bool listen(const struct btbb_options *options, struct listeners *listeners)
{
    char *error = NULL;

    listeners->links = btbb_link_listener_new(BTBB_LISTEN_LINKS, true, options->filter, NULL, NULL, &error);
    if (listeners->links)
        listeners->piconets = btbb_piconet_listener_new(options->filter, &error);
    if (listeners->piconets)
        return true;
    report_failure("Report: %s", error);
    g_free(error);
    return false;
}

/* Count all packets of the open file that match the filter. The caller frees the listeners. NULL after an error was
 * shown. */
static struct btbb_totals *count_packets(const struct btbb_options *options, struct listeners *listeners)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();

    if (!listen(options, listeners))
        return NULL;
    struct btbb_totals *totals = btbb_totals_for(options);
    char *error = NULL;

    if (!btbb_listen(BTBB_TAP_NAME, totals, options->filter, report_reset, report_packet, NULL, NULL, &error)) {
        report_failure("Report: %s", error);
        g_free(error);
        btbb_totals_free(totals);
        return NULL;
    }
    const bool has_frames = listen_for_frames(options, totals);

    ops->retap_packets(ops->ops_id);
    totals->has_frames = has_frames;
    if (has_frames)
        remove_tap_listener(&totals->frames);
    remove_tap_listener(totals);
    if (totals->counted > 0)
        return totals;
    report_failure("Report: there are no Bluetooth baseband packets%s.",
                   options->filter ? " that match the filter" : "");
    btbb_totals_free(totals);
    return NULL;
}

/* The options from the dialog; without a file name a new temporary file. Returns false after an error was shown. */
static bool read_answers(struct btbb_options *options, char *const *answers)
{
    char *error = NULL;

    btbb_options_init(options, BTBB_VIEW_REPORT);
    if (answers[ANSWER_FILE][0] != '\0') {
        options->file = g_strdup(answers[ANSWER_FILE]);
    } else {
        GError *problem = NULL;
        const int file = g_file_open_tmp("btbb-report-XXXXXX.html", &options->file, &problem);

        if (problem)
            error = g_strdup(problem->message);
        else
            g_close(file, NULL);
        g_clear_error(&problem);
    }
    if (answers[ANSWER_FILTER][0] != '\0')
        options->filter = g_strdup(answers[ANSWER_FILTER]);
    if (!error && btbb_options_set(options, "interval", answers[ANSWER_INTERVAL], &error) &&
        btbb_print_probe(options, NULL, &error))
        return true;
    report_failure("Report: %s.", error);
    g_free(error);
    btbb_options_clear(options);
    return false;
}

static void show_in_browser(const char *file)
{
    char *folder = g_get_current_dir();
    char *path = g_canonicalize_filename(file, folder);

    funnel_get_funnel_ops()->browser_open_data_file(path);
    g_free(path);
    g_free(folder);
}

/* Name of the open file, for the heading of the report; NULL when it has none. */
static char *open_file_name(void)
{
    ws_info_t *info = NULL;

    plugin_if_get_ws_info(&info);
    return info && info->cf_filename ? g_path_get_basename(info->cf_filename) : NULL;
}

static void finish_dialog(char **answers, void *data _U_)
{
    struct btbb_options options;
    char *error = NULL;

    if (read_answers(&options, answers)) {
        options.capture = open_file_name();

        struct listeners listeners = {NULL, NULL};
        struct btbb_totals *totals = count_packets(&options, &listeners);
        struct btbb_vendors *vendors = btbb_vendors_new(&btbb_ws_manuf);
        struct btbb_capture_links learned = {0};

        if (totals) {
            learned = *btbb_link_listener_links(listeners.links);
            learned.clocks = btbb_piconet_listener_clocks(listeners.piconets);
        }
        const struct btbb_source source = {
            .totals = totals, .captures = &learned, .capture_count = 1, .vendors = vendors};

        if (totals && btbb_print(&options, &source, NULL, &error))
            show_in_browser(options.file);
        else if (totals)
            report_failure("Report: %s.", error);
        g_free(error);
        btbb_vendors_free(vendors);
        btbb_link_listener_free(listeners.links);
        btbb_piconet_listener_free(listeners.piconets);
        btbb_totals_free(totals);
        btbb_options_clear(&options);
    }
    g_strfreev(answers);
}

static void open_dialog(void *data _U_)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    const char *filter = ops->get_filter(ops->ops_id);
    const char *questions[ANSWER_COUNT + 1] = {"HTML file (empty: a temporary one)", "Display filter",
                                               "Interval in seconds", NULL};
    const char *answers[ANSWER_COUNT + 1] = {"", filter ? filter : "", "1", NULL};

    ops->new_dialog(ops->ops_id, "Bluetooth Baseband Report", questions, answers, finish_dialog, NULL, NULL);
}

void btbb_gui_register_report(void)
{
    funnel_register_menu(title, REGISTER_PACKET_STAT_GROUP_UNSORTED, open_dialog, NULL, NULL, FALSE);
}
