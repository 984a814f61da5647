/* database-stale.c: temporary files that a program which was killed has left beside a new database.
 *
 * A new database has the name PATH.XXXXXX until it is complete. Its program holds a lock on the file (flock(2)), which
 * the system takes back when the program ends, in whatever way.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _DEFAULT_SOURCE /* flock() */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decode/read-bits.h"

#include "database-int.h"

#define RANDOM_LETTERS 6

/* An empty file may be one of another program that has made it, and has not locked it yet. */
#define EMPTY_SECONDS 60

/* The header of a database: its first bytes, and where the number of the application is (SQLite, Database File Format,
 * 1.3). */
#define HEADER_BYTES   72
#define APPLICATION_AT 68
static const char magic[] = "SQLite format 3";

bool btbb_database_lock(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static bool is_temporary_name(const char *name, const char *base)
{
    const size_t length = strlen(base);
    return strncmp(name, base, length) == 0 && name[length] == '.' && strlen(name + length + 1) == RANDOM_LETTERS &&
           strspn(name + length + 1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") ==
               RANDOM_LETTERS;
}

/* Whether a file is what this program has begun, or nothing yet. */
static bool is_begun(int fd)
{
    uint8_t head[HEADER_BYTES];
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid())
        return false;
    if (status.st_size == 0)
        return g_get_real_time() / G_USEC_PER_SEC - status.st_mtime > EMPTY_SECONDS;
    if (pread(fd, head, sizeof head, 0) != sizeof head)
        return false;
    if (btbb_all_zero((struct btbb_span){head, sizeof head})) /* the first page is written last */
        return true;
    if (memcmp(head, magic, sizeof magic) != 0)
        return false;
    const uint8_t *number = head + APPLICATION_AT;
    return ((uint32_t)number[0] << 24 | (uint32_t)number[1] << 16 | (uint32_t)number[2] << 8 | number[3]) ==
           BTBB_DATABASE_APPLICATION;
}

void btbb_database_remove_stale(const char *path)
{
    char *folder = g_path_get_dirname(path), *base = g_path_get_basename(path);
    GDir *names = g_dir_open(folder, 0, NULL);
    const char *name;
    while (names && (name = g_dir_read_name(names))) {
        if (!is_temporary_name(name, base))
            continue;
        char *found = g_build_filename(folder, name, NULL);
        int fd = g_open(found, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
        if (fd >= 0 && is_begun(fd) && btbb_database_lock(fd))
            g_unlink(found);
        if (fd >= 0)
            close(fd);
        g_free(found);
    }
    if (names)
        g_dir_close(names);
    g_free(base);
    g_free(folder);
}
