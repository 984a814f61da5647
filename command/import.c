/* import.c: see import.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "import.h"

#include <string.h>

#include "count/totals.h"
#include "show/replace-file.h"

#include "clocks.h"
#include "contents.h"
#include "count.h"
#include "database-schema.h"
#include "database.h"
#include "details.h"
#include "file-hash.h"
#include "message.h"
#include "names.h"

struct import {
    const struct btbb_command *command;
    atomic_bool *stop;
    struct btbb_database *database;
    bool failed; /* writing has failed */

    /* Of the file that is read. */
    struct btbb_learned learned;
    struct btbb_capture_links links; /* of its log */
    struct btbb_totals *totals;
    int64_t id;
};

static void import_frames(void *user, const struct btbb_read_frame *frames, unsigned count)
{
    struct import *import = user;
    const struct btbb_selection *selection = &import->command->options.selection;
    for (unsigned i = 0; i < count && !import->failed; i++) {
        struct btbb_details details;
        btbb_read_details(&import->learned, &frames[i], &details);
        btbb_totals_add(import->totals, &details.record);
        if (!details.record.malformed && btbb_selection_has(selection, &details.record))
            import->failed = !btbb_database_add_packet(import->database, import->id, &details);
    }
    if (import->failed)
        atomic_store(import->stop, true);
}

/* Rows of a view of the capture. They always exist, since it holds what these views need. */
static struct btbb_rows *rows_of(const struct import *import, enum btbb_view view)
{
    struct btbb_source source = {
        .totals = import->totals, .captures = &import->links, .capture_count = 1, .vendors = btbb_names()};
    char *error = NULL;
    struct btbb_options options;
    btbb_options_init(&options, view);
    options.min = 1;
    options.format = BTBB_OUTPUT_SQLITE;
    struct btbb_rows *rows = btbb_rows_new(&options, &source, &error);
    if (!rows)
        g_error("%s", error);
    return rows;
}

static struct btbb_totals *new_totals(const struct btbb_options *options)
{
    struct btbb_options of_view = *options;
    of_view.view = BTBB_VIEW_SUMMARY;
    uint32_t needs = btbb_totals_needs(&of_view);
    for (size_t i = 0; i < btbb_database_table_count; i++) {
        of_view.view = btbb_database_tables[i].view;
        needs |= btbb_totals_needs(&of_view);
    }
    return btbb_totals_with(needs, options);
}

/* Adds the counts of a capture, and then the capture itself. */
static bool add_totals(struct import *import, const struct btbb_database_capture *capture)
{
    bool good = true;
    import->links =
        (struct btbb_capture_links){.log = import->learned.log, .names = btbb_links_names(import->learned.log->links)};
    for (size_t i = 0; i < btbb_database_table_count && good; i++) {
        struct btbb_rows *rows = rows_of(import, btbb_database_tables[i].view);
        good = btbb_database_add_rows(import->database, capture->id, btbb_database_tables[i].name, rows);
        btbb_rows_free(rows);
    }
    struct btbb_rows *summary = rows_of(import, BTBB_VIEW_SUMMARY);
    good = good && btbb_database_add_capture(import->database, capture, summary);
    btbb_rows_free(summary);
    return good;
}

/* Reads one file. It becomes a capture of the database unless nothing could be read. */
static enum btbb_read_result read_file(struct import *import, struct btbb_database_capture *capture)
{
    struct btbb_reading reading = {
        .name = capture->file, .stop = import->stop, .frames_fn = import_frames, .user = import};
    capture->id = import->id = btbb_database_next_capture(import->database);
    import->totals = new_totals(&import->command->options);
    bool ready = btbb_learned_init(&import->learned, BTBB_LEARN_LINKS, &import->command->keys);
    if (ready && import->command->options.clock)
        btbb_learn_clocks(&import->learned.capture, &reading);
    if (!ready)
        reading.message = g_strdup("out of memory");
    enum btbb_read_result result = ready ? btbb_read(&reading) : BTBB_READ_NOTHING;
    import->totals->frames = reading.frames;
    import->totals->has_frames = true;
    capture->complete = result == BTBB_READ_WHOLE;
    result = btbb_contents_classify(&reading, result);
    if (result != BTBB_READ_NOTHING && result != BTBB_READ_STOPPED)
        import->failed = !add_totals(import, capture);
    if (!import->failed)
        btbb_count_report(&reading, btbb_views[BTBB_VIEW_PACKETS].name);
    if (import->totals->lost > 0)
        btbb_message("%s: out of memory, or a table is full: %" G_GUINT64_FORMAT " packets are not counted",
                     capture->file, import->totals->lost);
    btbb_totals_free(import->totals);
    btbb_learned_clear(&import->learned);
    g_free(reading.message);
    return result;
}

/* Whether the database has a capture with these bytes; if it is to be replaced, it is removed. */
static bool is_refused(struct import *import, const struct btbb_database_capture *capture)
{
    char *before = NULL;
    int64_t id = capture->sha256 ? btbb_database_find_capture(import->database, capture->sha256, &before) : 0;
    if (id > 0 && import->command->replace)
        import->failed = !btbb_database_remove_capture(import->database, id);
    else if (id > 0)
        btbb_message("%s: the database already has this capture, read from %s; --replace replaces it", capture->file,
                     before);
    g_free(before);
    return id > 0 && !import->command->replace;
}

static enum btbb_read_result import_file(struct import *import, const char *name)
{
    struct btbb_database_capture capture = {.file = name};
    char *hash = btbb_file_hash(name, import->stop, &capture.bytes);
    enum btbb_read_result result = BTBB_READ_PART;
    capture.sha256 = hash;
    if (!is_refused(import, &capture) && !import->failed)
        result = read_file(import, &capture);
    g_free(hash);
    return result;
}

bool btbb_import_probe(const struct btbb_command *command, char **error)
{
    return btbb_new_file_probe(command->options.file, (const char *const *)command->files, error);
}

enum btbb_read_result btbb_import(const struct btbb_command *command, atomic_bool *stop, char **error)
{
    struct import import = {.command = command, .stop = stop};
    enum btbb_read_result worst = BTBB_READ_WHOLE;
    bool something = false;
    import.database = btbb_database_open(command->options.file, error);
    if (!import.database)
        return BTBB_READ_NOTHING;
    for (unsigned i = 0; i < command->file_count && !import.failed && !atomic_load(stop); i++) {
        enum btbb_read_result result = import_file(&import, command->files[i]);
        something = something || result != BTBB_READ_NOTHING;
        worst = MAX(worst, result);
    }
    bool stopped = atomic_load(stop);
    btbb_database_close(import.database, something && !stopped, error);
    if (stopped)
        return BTBB_READ_STOPPED;
    return worst == BTBB_READ_NOTHING && something ? BTBB_READ_PART : worst;
}

char *btbb_import_library(void)
{
    return btbb_database_library();
}
