/* database.c: opens a database, and keeps or forgets what was added.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "count/printable-copy.h"
#include "count/time-zone.h"

#include "database-int.h"

#define NEW_FILE 0666 /* less the umask */

/* How long to wait for other programs that write to the same database. */
#define PATIENCE_MS 5000

/* Nothing depends on a new database before it has its name, so it needs no journal. */
static const char unprotected[] =
    "PRAGMA page_size = 32768; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;";

static char *error_text(const char *path, const char *problem)
{
    char *shown = btbb_printable_copy(path);
    char *error = g_strdup_printf("cannot write \"%s\": %s", shown, problem);
    g_free(shown);
    return error;
}

bool btbb_database_failed(struct btbb_database *database)
{
    if (!database->error)
        database->error = error_text(database->path, sqlite3_errmsg(database->sqlite));
    return false;
}

static bool failed_because(struct btbb_database *database, const char *problem)
{
    if (!database->error)
        database->error = error_text(database->path, problem);
    return false;
}

static bool execute(struct btbb_database *database, const char *sql)
{
    return sqlite3_exec(database->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK || btbb_database_failed(database);
}

/* Executes and frees statements. */
static bool execute_made(struct btbb_database *database, char *sql)
{
    bool good = execute(database, sql);
    g_free(sql);
    return good;
}

/* The number that a query returns. */
static bool read_number(struct btbb_database *database, const char *sql, int64_t *number)
{
    sqlite3_stmt *query = NULL;
    bool good =
        sqlite3_prepare_v2(database->sqlite, sql, -1, &query, NULL) == SQLITE_OK && sqlite3_step(query) == SQLITE_ROW;
    if (good)
        *number = sqlite3_column_int64(query, 0);
    else
        btbb_database_failed(database);
    sqlite3_finalize(query);
    return good;
}

/* Whether the file at database->path is to be extended. Anything but a regular file cannot be a database. */
static bool exists(struct btbb_database *database, bool *found)
{
    GStatBuf status;
    *found = g_stat(database->path, &status) == 0;
    if (!*found && errno != ENOENT)
        return failed_because(database, g_strerror(errno));
    if (*found && !S_ISREG(status.st_mode))
        return failed_because(database, S_ISDIR(status.st_mode) ? g_strerror(EISDIR) : "it is not a regular file");
    return true;
}

/* Makes an empty file beside the place of the new database. */
static bool make_temporary(struct btbb_database *database)
{
    btbb_database_remove_stale(database->path);
    database->temporary = g_strconcat(database->path, ".XXXXXX", NULL);
    database->locked = g_mkstemp_full(database->temporary, O_RDWR | O_CLOEXEC, NEW_FILE);
    if (database->locked >= 0) {
        btbb_database_lock(database->locked); /* some file systems have no locks: then nothing is removed later */
        return true;
    }
    int problem = errno;
    g_clear_pointer(&database->temporary, g_free);
    return failed_because(database, g_strerror(problem));
}

/* Looks into an existing file: *empty when it has no tables yet. */
static bool is_ours(struct btbb_database *database, bool *empty)
{
    int64_t tables = 0, application = 0, version = 0;
    if (!read_number(database, "SELECT count(*) FROM sqlite_schema", &tables) ||
        !read_number(database, "PRAGMA application_id", &application) ||
        !read_number(database, "PRAGMA user_version", &version))
        return false;
    *empty = tables == 0;
    if (*empty)
        return true;
    if (application != BTBB_DATABASE_APPLICATION)
        return failed_because(database, "it is a database of another program");
    if (version != BTBB_DATABASE_VERSION)
        return failed_because(database, "its tables are of another version of btbb; write to a new file");
    return true;
}

static bool create_tables(struct btbb_database *database)
{
    database->created = true;
    return execute_made(database, g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                                  BTBB_DATABASE_APPLICATION, BTBB_DATABASE_VERSION)) &&
           execute_made(database, btbb_database_create_tables());
}

/* The library without its locks: only one thread uses it. */
static void prepare_library(void)
{
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* Opens the file and begins the transaction. */
static bool begin(struct btbb_database *database)
{
    const char *path = database->temporary ? database->temporary : database->path;
    bool empty = true;
    prepare_library();
    if (sqlite3_open_v2(path, &database->sqlite, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return btbb_database_failed(database);
    sqlite3_busy_timeout(database->sqlite, PATIENCE_MS);
    if (database->temporary && !execute(database, unprotected))
        return false;
    return execute(database, "BEGIN IMMEDIATE") && is_ours(database, &empty) && (!empty || create_tables(database));
}

static bool prepare(struct btbb_database *database)
{
    database->columns = btbb_database_packet_columns();
    guint parameters = BTBB_PARAMETER_COLUMNS + database->columns->len;
    database->bound = g_new(int64_t, parameters);
    for (guint i = 0; i < parameters; i++)
        database->bound[i] = BTBB_BOUND_NULL;
    database->row = g_malloc((gsize)database->columns->len * BTBB_PACKET_TEXT + BTBB_PACKET_NAME);
    char *sql = btbb_database_insert_packet(database->columns);
    bool good = sqlite3_prepare_v3(database->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &database->packet, NULL) ==
                    SQLITE_OK ||
                btbb_database_failed(database);
    g_free(sql);
    return good;
}

struct btbb_database *btbb_database_open(const char *path, char **error)
{
    struct btbb_database *database = g_new0(struct btbb_database, 1);
    bool found;
    database->path = g_strdup(path);
    btbb_time_zone_refresh();
    if (exists(database, &found) && (found || make_temporary(database)) && begin(database) && prepare(database))
        return database;
    btbb_database_close(database, false, error);
    return NULL;
}

/* Brings the new file to the disk, which SQLite has not done. */
static bool bring_to_disk(const char *path)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool good = fsync(fd) == 0;
    return close(fd) == 0 && good;
}

/* Gives a new database its name. Another program may have made a file of that name, which stays; only file systems
 * without links cannot exclude that. */
static bool place(struct btbb_database *database)
{
    const char *from = database->temporary, *to = database->path;
    if (!bring_to_disk(from))
        return failed_because(database, g_strerror(errno));
    if (link(from, to) == 0)
        return true;
    if (errno == EEXIST || g_file_test(to, G_FILE_TEST_EXISTS) || g_rename(from, to) != 0)
        return failed_because(database, g_strerror(errno));
    return true;
}

static bool commit(struct btbb_database *database)
{
    if (database->error)
        return false;
    return (!database->created || execute_made(database, btbb_database_create_indexes())) &&
           execute(database, "COMMIT");
}

bool btbb_database_close(struct btbb_database *database, bool keep, char **error)
{
    sqlite3_finalize(database->packet);
    bool kept = keep && commit(database);
    /* Closing takes back a transaction that was not committed. */
    if (sqlite3_close(database->sqlite) != SQLITE_OK)
        btbb_database_failed(database);
    if (database->temporary) {
        if (kept && !database->error)
            place(database);
        g_unlink(database->temporary);
        close(database->locked); /* after SQLite, whose own locks it would take back */
    }
    bool failed = database->error;
    if (failed)
        *error = g_steal_pointer(&database->error);
    if (database->columns)
        g_array_unref(database->columns);
    g_free(database->row);
    g_free(database->texts.name_text);
    g_free(database->bound);
    g_free(database->temporary);
    g_free(database->path);
    g_free(database);
    return !failed;
}

char *btbb_database_library(void)
{
    return g_strdup_printf("SQLite %s", sqlite3_libversion());
}
