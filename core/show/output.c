/* output.c: what a statistic has to show, to a stream or a file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _XOPEN_SOURCE 700

#include "show/output.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show/print.h"
#include "show/report/report.h"

static bool write_rows(const struct btbb_options *options, const struct btbb_totals *totals,
                       const struct btbb_vendors *vendors, FILE *out, char **error)
{
    static void (*const formats[])(struct btbb_rows *, FILE *) = {[BTBB_OUTPUT_TABLE] = btbb_print_table,
                                                                  [BTBB_OUTPUT_CSV] = btbb_print_csv,
                                                                  [BTBB_OUTPUT_JSON] = btbb_print_json};
    struct btbb_rows *rows = btbb_rows_new(options, totals, vendors, error);

    if (!rows)
        return false;
    formats[options->format](rows, out);
    btbb_rows_free(rows);
    return true;
}

static bool write_all(const struct btbb_options *options, const struct btbb_totals *totals,
                      const struct btbb_vendors *vendors, FILE *out, char **error)
{
    bool good = options->view == BTBB_VIEW_REPORT ? btbb_report_write(options, totals, vendors, out, error)
                                                  : write_rows(options, totals, vendors, out, error);

    if (good && (fflush(out) != 0 || ferror(out))) {
        *error = g_strdup_printf("cannot write: %s", g_strerror(errno));
        return false;
    }
    return good;
}

static char *file_error(const char *path)
{
    return g_strdup_printf("cannot write \"%s\": %s", path, g_strerror(errno));
}

/* Where the bytes go: behind links, so that a link stays one. */
static char *real_path(const char *path)
{
    char *resolved = realpath(path, NULL);
    char *copy = g_strdup(resolved ? resolved : path);

    free(resolved);
    return copy;
}

/* A device or pipe is written to; only a regular or new file is replaced. */
static bool is_replaced(const char *path)
{
    struct stat status;

    return stat(path, &status) != 0 || S_ISREG(status.st_mode);
}

/* New file beside `path`, with the permissions of the file it will replace or those any new file gets. */
static FILE *open_beside(const char *path, char **temporary)
{
    struct stat status;
    mode_t mask = umask(0);
    mode_t mode = stat(path, &status) == 0 ? status.st_mode & 0777 : 0666 & ~mask;
    FILE *out = NULL;
    int fd;

    umask(mask);
    *temporary = g_strconcat(path, ".XXXXXX", NULL);
    fd = g_mkstemp(*temporary);
    if (fd >= 0 && fchmod(fd, mode) == 0)
        out = fdopen(fd, "w");
    if (fd >= 0 && !out) {
        close(fd);
        unlink(*temporary);
    }
    return out;
}

static bool replace_file(const struct btbb_options *options, const struct btbb_totals *totals,
                         const struct btbb_vendors *vendors, const char *path, char **error)
{
    char *temporary;
    FILE *out = open_beside(path, &temporary);
    bool good = false;

    if (out) {
        good = write_all(options, totals, vendors, out, error);
        if ((fclose(out) != 0 || (good && g_rename(temporary, path) != 0)) && good) {
            *error = file_error(options->file);
            good = false;
        }
        if (!good)
            unlink(temporary);
    } else {
        *error = file_error(options->file);
    }
    g_free(temporary);
    return good;
}

static bool write_to_device(const struct btbb_options *options, const struct btbb_totals *totals,
                            const struct btbb_vendors *vendors, const char *path, char **error)
{
    FILE *out = fopen(path, "w");
    bool good;

    if (!out) {
        *error = file_error(path);
        return false;
    }
    good = write_all(options, totals, vendors, out, error);
    if (fclose(out) != 0 && good) {
        *error = file_error(path);
        good = false;
    }
    return good;
}

bool btbb_print(const struct btbb_options *options, const struct btbb_totals *totals,
                const struct btbb_vendors *vendors, FILE *out, char **error)
{
    char *path;
    bool good;

    if (!options->file)
        return write_all(options, totals, vendors, out, error);
    path = real_path(options->file);
    good = is_replaced(path) ? replace_file(options, totals, vendors, path, error)
                             : write_to_device(options, totals, vendors, path, error);
    g_free(path);
    return good;
}

bool btbb_print_probe(const struct btbb_options *options, char **error)
{
    char *path, *temporary = NULL;
    bool good = true;

    if (!options->file)
        return true;
    path = real_path(options->file);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        errno = EISDIR;
        good = false;
    } else if (is_replaced(path)) {
        FILE *out = open_beside(path, &temporary);

        good = out != NULL;
        if (out) {
            fclose(out);
            unlink(temporary);
        }
    } else {
        good = access(path, W_OK) == 0;
    }
    if (!good)
        *error = file_error(options->file);
    g_free(temporary);
    g_free(path);
    return good;
}
