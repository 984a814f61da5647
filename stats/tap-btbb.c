/* tap-btbb.c: -z btbb,... in tshark: from the argument to a listener of the tap, and from its totals to the output.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-compat.h"

#include <epan/stat_tap_ui.h>
#include <wsutil/report_message.h>

#include <stdio.h>
#include <string.h>

#include "record.h"
#include "count/options.h"
#include "count/totals.h"
#include "tap-btbb.h"
#include "compat/ws-manuf.h"
#include "show/output.h"

/* One -z. */
struct statistic {
    char *argument;
    struct btbb_options options;
    struct btbb_totals *totals;
    struct btbb_vendors *vendors;
    bool foreign_record; /* reported: the records of the tap are of another version */
};

/* How many tables share the standard output: more than one, and each gets a heading. */
static unsigned tables;

static bool is_shared_table(const struct statistic *statistic)
{
    return tables > 1 && statistic->options.format == BTBB_OUTPUT_TABLE && !statistic->options.file;
}

static void reset(void *listener)
{
    btbb_totals_reset(((struct statistic *)listener)->totals);
}

static tap_packet_status count(void *listener, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *record,
                               tap_flags_t flags _U_)
{
    struct statistic *statistic = listener;

    if (G_LIKELY(btbb_totals_add(statistic->totals, record)))
        return TAP_PACKET_REDRAW;
    if (!statistic->foreign_record)
        report_failure("-z %s: btbb.so and btbb-stats.so are of different versions: install both anew",
                       statistic->argument);
    statistic->foreign_record = true;
    return TAP_PACKET_FAILED;
}

static void draw(void *listener)
{
    const struct statistic *statistic = listener;
    char *error = NULL;

    if (statistic->foreign_record)
        return;
    if (is_shared_table(statistic))
        printf("\n-z %s\n", statistic->argument);
    if (!btbb_print(&statistic->options, statistic->totals, statistic->vendors, stdout, &error)) {
        report_failure("-z %s: %s", statistic->argument, error);
        g_free(error);
    }
    fflush(stdout);
}

static void finish(void *listener)
{
    struct statistic *statistic = listener;

    btbb_options_clear(&statistic->options);
    btbb_totals_free(statistic->totals);
    btbb_vendors_free(statistic->vendors);
    g_free(statistic->argument);
    g_free(statistic);
}

/* Text behind "btbb,"; NULL when the argument has another name. */
static const char *behind_name(const char *argument)
{
    const char *rest = argument + strlen(BTBB_TAP_NAME);

    return *rest == ',' ? rest + 1 : *rest == '\0' ? rest : NULL;
}

static bool listen(struct statistic *statistic, char **error)
{
    GString *refused;

    if (find_tap_id(BTBB_TAP_NAME) == 0) {
        *error = g_strdup("the dissector is missing: btbb.so is not loaded (see tshark -G plugins)");
        return false;
    }
    refused = register_tap_listener(BTBB_TAP_NAME, statistic, statistic->options.filter, TL_REQUIRES_NOTHING, reset,
                                    count, draw, finish);
    if (!refused)
        return true;
    *error = g_string_free(refused, FALSE);
    return false;
}

/* A listening statistic; NULL with *error. */
static struct statistic *start(const char *argument, char **error)
{
    const char *text = behind_name(argument);
    struct statistic *statistic;
    struct btbb_options options;

    if (!text) {
        *error = g_strdup("there is no such statistic; did you mean -z btbb,VIEW?");
        return NULL;
    }
    if (!btbb_options_parse(&options, text, error))
        return NULL;
    statistic = g_new0(struct statistic, 1);
    statistic->argument = g_strdup(argument);
    statistic->options = options;
    statistic->totals = btbb_totals_new(btbb_totals_needs(&options), options.interval_ns);
    statistic->vendors = btbb_vendors_new(&btbb_ws_manuf);
    if (btbb_print_probe(&options, NULL, error) && listen(statistic, error))
        return statistic;
    finish(statistic);
    return NULL;
}

static btbb_init_result init(const char *argument, void *userdata _U_)
{
    char *error = NULL;
    struct statistic *statistic = start(argument, &error);

    if (!statistic) {
        report_failure("-z %s: %s", argument, error);
        g_free(error);
        BTBB_INIT_FAIL;
    }
    tables += statistic->options.format == BTBB_OUTPUT_TABLE && !statistic->options.file;
    BTBB_INIT_OK;
}

void btbb_tap_register(void)
{
    /* Each view by its name, for -z help; and whatever else begins with "btbb", to say what is wrong with it. */
    static char names[BTBB_VIEW_COUNT + 1][32];
    static stat_tap_ui entries[BTBB_VIEW_COUNT + 1];

    if (g_strcmp0(g_get_prgname(), "wireshark") == 0)
        return;
    for (int i = 0; i <= BTBB_VIEW_COUNT; i++) {
        bool view = i < BTBB_VIEW_COUNT;

        g_snprintf(names[i], sizeof names[i], "%s%s%s", BTBB_TAP_NAME, view ? "," : "", view ? btbb_views[i].name : "");
        entries[i] = (stat_tap_ui){.group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
                                   .title = view ? btbb_views[i].title : "Bluetooth Baseband",
                                   .cli_string = names[i],
                                   .tap_init_cb = init};
        register_stat_tap_ui(&entries[i], NULL);
    }
}
