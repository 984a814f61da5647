/* database-write.c: adds rows to a database.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "database-int.h"
#include "show/local-time.h"

#define NS_PER_SECOND 1e9

/* Seconds; the closest double to the decimal number that CSV has. */
static double seconds(int64_t ns)
{
    uint32_t fraction;
    int64_t whole = btbb_seconds_of(ns, &fraction);
    return (double)whole + fraction / NS_PER_SECOND;
}

/* The number that a column has written: digits, perhaps after a minus. */
static int64_t number_of(const char *text, const char *end)
{
    bool negative = *text == '-';
    int64_t number = 0;
    for (text += negative; text < end; text++)
        number = number * 10 + (*text - '0');
    return negative ? -number : number;
}

/* Binds a number, or nothing (BTBB_BOUND_NULL). Most columns have the value of the packet before. */
static inline int bind_number(struct btbb_database *database, guint parameter, int64_t number)
{
    const int place = (int)parameter + 1;
    if (database->bound[parameter] == number)
        return SQLITE_OK;
    database->bound[parameter] = number;
    return number == BTBB_BOUND_NULL ? sqlite3_bind_null(database->packet, place)
                                     : sqlite3_bind_int64(database->packet, place, number);
}

static inline int bind_epoch(struct btbb_database *database, guint parameter, const struct btbb_record *record)
{
    if (!record->has_time)
        return bind_number(database, parameter, BTBB_BOUND_NULL);
    database->bound[parameter] = BTBB_BOUND_OTHER;
    return sqlite3_bind_double(database->packet, (int)parameter + 1, seconds(record->time_ns));
}

/* Binds the value of a column that has written the text from `text` to `end`, which stays in place until the row is
 * added. An empty text is a value that is not known. */
static inline int bind_text(struct btbb_database *database, guint parameter, enum btbb_value_kind kind,
                            const char *text, const char *end)
{
    if (text == end)
        return bind_number(database, parameter, BTBB_BOUND_NULL);
    if (kind == BTBB_VALUE_COUNT)
        return bind_number(database, parameter, number_of(text, end));
    if (kind == BTBB_VALUE_FLAG)
        return bind_number(database, parameter, *text == 't');
    database->bound[parameter] = BTBB_BOUND_OTHER;
    return sqlite3_bind_text(database->packet, (int)parameter + 1, text, (int)(end - text), SQLITE_STATIC);
}

/* The value of packets.notebook. */
static int64_t notebook_of(const struct btbb_details *details)
{
    return (int64_t)details->notebook_nap << BTBB_NOTEBOOK_NAP_SHIFT |
           details->notebook_uap << BTBB_NOTEBOOK_UAP_SHIFT | details->notebook_has_type * BTBB_NOTEBOOK_HAS_TYPE |
           details->notebook_to_master * BTBB_NOTEBOOK_TO_MASTER |
           details->notebook_has_to_master * BTBB_NOTEBOOK_HAS_TO_MASTER |
           details->notebook_payload * BTBB_NOTEBOOK_PAYLOAD;
}

static inline int bind_columns(struct btbb_database *database, const struct btbb_details *details)
{
    const struct btbb_database_column *columns = (const void *)database->columns->data;
    char *at = database->row;
    int problem = SQLITE_OK;
    for (guint i = 0; i < database->columns->len && problem == SQLITE_OK; i++) {
        const guint parameter = i + BTBB_PARAMETER_COLUMNS;
        if (columns[i].kind == BTBB_VALUE_EPOCH) {
            problem = bind_epoch(database, parameter, &details->record);
            continue;
        }
        char *end = columns[i].write(at, details, &database->texts);
        problem = bind_text(database, parameter, columns[i].kind, at, end);
        at = MAX(end, at + BTBB_PACKET_TEXT);
    }
    return problem;
}

bool btbb_database_add_packet(struct btbb_database *database, int64_t capture, const struct btbb_details *details)
{
    if (database->error)
        return false;
    if (bind_number(database, BTBB_PARAMETER_CAPTURE, capture) != SQLITE_OK ||
        bind_number(database, BTBB_PARAMETER_NOTEBOOK, notebook_of(details)) != SQLITE_OK ||
        bind_columns(database, details) != SQLITE_OK || sqlite3_step(database->packet) != SQLITE_DONE ||
        sqlite3_reset(database->packet) != SQLITE_OK)
        return btbb_database_failed(database);
    return true;
}

static int bind_value(sqlite3_stmt *statement, int place, const struct btbb_value *value)
{
    switch (value->kind) {
    case BTBB_VALUE_COUNT:
        return sqlite3_bind_int64(statement, place, (int64_t)value->count);
    case BTBB_VALUE_REAL:
        return sqlite3_bind_double(statement, place, value->real);
    case BTBB_VALUE_EPOCH:
    case BTBB_VALUE_DURATION:
        return sqlite3_bind_double(statement, place, seconds(value->ns));
    case BTBB_VALUE_TEXT:
        return sqlite3_bind_text(statement, place, value->text, -1, SQLITE_TRANSIENT);
    case BTBB_VALUE_TIME:
    case BTBB_VALUE_FLAG:
        return sqlite3_bind_text(statement, place, btbb_value_to_text(value), -1, g_free);
    case BTBB_VALUE_NONE:
        break;
    }
    return sqlite3_bind_null(statement, place);
}

/* Prepares an INSERT of `count` values; the names of columns begin with "capture" or "id". */
static sqlite3_stmt *prepare_insert(struct btbb_database *database, const char *table, const char *columns, int count)
{
    sqlite3_stmt *statement = NULL;
    GString *sql = g_string_new(NULL);
    g_string_printf(sql, "INSERT INTO %s (%s) VALUES (?", table, columns);
    for (int i = 1; i < count; i++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    if (database->error || sqlite3_prepare_v2(database->sqlite, sql->str, -1, &statement, NULL) != SQLITE_OK)
        btbb_database_failed(database);
    g_string_free(sql, TRUE);
    return statement;
}

/* Whether a table has the column: those that repeat others for readers it has not. */
static bool is_kept(const struct btbb_column *column)
{
    return column->only != BTBB_ONLY_TABLES;
}

static sqlite3_stmt *prepare_rows(struct btbb_database *database, const char *table, const struct btbb_rows *rows)
{
    GString *columns = g_string_new("capture");
    int count = 1;
    for (size_t i = 0; i < rows->column_count; i++) {
        if (!is_kept(&rows->columns[i]))
            continue;
        g_string_append_printf(columns, ", \"%s\"", rows->columns[i].key);
        count++;
    }
    sqlite3_stmt *statement = prepare_insert(database, table, columns->str, count);
    g_string_free(columns, TRUE);
    return statement;
}

bool btbb_database_add_rows(struct btbb_database *database, int64_t capture, const char *table, struct btbb_rows *rows)
{
    sqlite3_stmt *statement = prepare_rows(database, table, rows);
    const struct btbb_value *values;
    while (!database->error && (values = btbb_rows_next(rows))) {
        int place = 1, problem = sqlite3_bind_int64(statement, place++, capture);
        for (size_t i = 0; i < rows->column_count && problem == SQLITE_OK; i++)
            if (is_kept(&rows->columns[i]))
                problem = bind_value(statement, place++, &values[i]);
        if (problem != SQLITE_OK || sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK)
            btbb_database_failed(database);
    }
    sqlite3_finalize(statement);
    return !database->error;
}

/* Binds what is known of the file itself. Returns the next place. */
static int bind_capture(sqlite3_stmt *statement, const struct btbb_database_capture *capture)
{
    int place = 1;
    sqlite3_bind_int64(statement, place++, capture->id);
    sqlite3_bind_text(statement, place++, capture->file, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, place++, capture->sha256, -1, SQLITE_TRANSIENT);
    if (capture->sha256)
        sqlite3_bind_int64(statement, place, (int64_t)capture->bytes);
    place++;
    sqlite3_bind_int(statement, place++, capture->complete);
    return place;
}

bool btbb_database_add_capture(struct btbb_database *database, const struct btbb_database_capture *capture,
                               struct btbb_rows *summary)
{
    GString *columns = g_string_new("id, file, sha256, bytes, complete");
    for (int row = 0; row < BTBB_SUMMARY_ROWS; row++)
        g_string_append_printf(columns, ", \"%s\"", btbb_summary_rows[row].key);
    sqlite3_stmt *statement = prepare_insert(database, "captures", columns->str, 5 + BTBB_SUMMARY_ROWS);
    if (statement) {
        const struct btbb_value *values;
        int place = bind_capture(statement, capture);
        while ((values = btbb_rows_next(summary)))
            bind_value(statement, place++, &values[summary->column_count - 1]);
        if (sqlite3_step(statement) != SQLITE_DONE)
            btbb_database_failed(database);
    }
    sqlite3_finalize(statement);
    g_string_free(columns, TRUE);
    return !database->error;
}

int64_t btbb_database_find_capture(struct btbb_database *database, const char *sha256, char **file)
{
    sqlite3_stmt *query = NULL;
    int64_t capture = 0;
    if (sqlite3_prepare_v2(database->sqlite, "SELECT id, file FROM captures WHERE sha256 = ?", -1, &query, NULL) ==
        SQLITE_OK) {
        sqlite3_bind_text(query, 1, sha256, -1, SQLITE_STATIC);
        int step = sqlite3_step(query);
        if (step == SQLITE_ROW) {
            capture = sqlite3_column_int64(query, 0);
            *file = g_strdup((const char *)sqlite3_column_text(query, 1));
        } else if (step != SQLITE_DONE) {
            btbb_database_failed(database);
        }
    } else {
        btbb_database_failed(database);
    }
    sqlite3_finalize(query);
    return capture;
}

int64_t btbb_database_next_capture(struct btbb_database *database)
{
    sqlite3_stmt *query = NULL;
    int64_t capture = 1;
    if (sqlite3_prepare_v2(database->sqlite, "SELECT max(id) + 1 FROM captures", -1, &query, NULL) != SQLITE_OK ||
        sqlite3_step(query) != SQLITE_ROW)
        btbb_database_failed(database);
    else if (sqlite3_column_type(query, 0) != SQLITE_NULL)
        capture = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return capture;
}

static bool remove_from(struct btbb_database *database, const char *table, const char *column, int64_t capture)
{
    char *sql = g_strdup_printf("DELETE FROM %s WHERE %s = %" G_GINT64_FORMAT, table, column, capture);
    bool good = sqlite3_exec(database->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK || btbb_database_failed(database);
    g_free(sql);
    return good;
}

bool btbb_database_remove_capture(struct btbb_database *database, int64_t capture)
{
    for (size_t i = 0; i < btbb_database_table_count; i++)
        if (!remove_from(database, btbb_database_tables[i].name, "capture", capture))
            return false;
    return remove_from(database, "packets", "capture", capture) && remove_from(database, "captures", "id", capture);
}
