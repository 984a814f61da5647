/* replace-file.c: writes a file so that readers find its old content or the whole new one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_TMPFILE */
#endif

#include "show/replace-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "count/printable-copy.h"

#ifdef G_OS_UNIX
#include <unistd.h>
#else
#include <io.h>
#define dup    _dup
#define fdopen _fdopen
#endif

#define PERMISSIONS 0777u
#define NEW_FILE    0666 /* less the umask */

/* What a path leads to. */
struct target {
    int descriptor;  /* of the standard stream or /dev/fd entry that it is; -1: none */
    bool in_place;   /* exists and is no regular file */
    bool exists;     /* as a regular file */
    GStatBuf status; /* valid when it exists */
    char *path;      /* of a regular or new file: links resolved */
};

static char *error_text(const char *path, const char *problem)
{
    char *shown = btbb_printable_copy(path);
    char *error = g_strdup_printf("cannot write \"%s\": %s", shown, problem);

    g_free(shown);
    return error;
}

static char *file_error(const char *path, int number)
{
    return error_text(path, g_strerror(number));
}

#ifdef G_OS_UNIX
static bool is_same(const GStatBuf *a, const GStatBuf *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Descriptor of "/dev/stdout", "/dev/stderr", "/dev/fd/N" and "/proc/self/fd/N"; -1 for any other path. Opening these
 * by name would write from the start of a file that the shell appends to. */
static int descriptor_named(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    guint64 number;

    if (strcmp(path, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
        if (g_str_has_prefix(path, folders[i]) &&
            g_ascii_string_to_unsigned(path + strlen(folders[i]), 10, 0, G_MAXINT, &number, NULL))
            return (int)number;
    return -1;
}

/* Standard output or error when it is this file. */
static int standard_stream(const GStatBuf *status)
{
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
        GStatBuf of_stream;

        if (fstat(fd, &of_stream) == 0 && is_same(&of_stream, status))
            return fd;
    }
    return -1;
}

/* Resolve the links of an existing regular file. The file is opened first: the system refuses there what it protects
 * (permissions, links of others in /tmp), which resolving a name does not check. Returns 0 or an error number. */
static int resolve_regular(const char *path, struct target *target)
{
    GStatBuf opened, resolved;
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return errno;

    bool known = fstat(fd, &opened) == 0;

    close(fd);

    char *real = realpath(path, NULL);

    target->path = g_strdup(real ? real : path);
    free(real);
    if (!known || lstat(target->path, &resolved) != 0 || !is_same(&opened, &resolved))
        return ESTALE; /* replaced by something else in the meantime */
    return 0;
}

static bool find_target(const char *path, struct target *target, char **error)
{
    GStatBuf link;

    target->descriptor = descriptor_named(path);
    if (target->descriptor >= 0)
        return true;
    if (stat(path, &target->status) != 0) {
        if (errno != ENOENT) {
            *error = file_error(path, errno);
            return false;
        }
        if (lstat(path, &link) == 0) {
            *error = error_text(path, "it is a symbolic link to a file that does not exist");
            return false;
        }
        target->path = g_strdup(path);
        return true;
    }
    target->in_place = !S_ISREG(target->status.st_mode);
    target->exists = !target->in_place;
    target->descriptor = target->exists ? standard_stream(&target->status) : -1;
    if (target->descriptor >= 0)
        return true;

    int problem = S_ISDIR(target->status.st_mode) ? EISDIR : target->in_place ? 0 : resolve_regular(path, target);

    if (problem)
        *error = file_error(path, problem);
    return !problem;
}

/* Whether this process reads the file, as tshark does with its capture. */
static bool is_open_for_reading(const GStatBuf *status)
{
    enum { DESCRIPTORS = 256 };

    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        GStatBuf opened;

        if (fstat(fd, &opened) == 0 && is_same(&opened, status) && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
            return true;
    }
    return false;
}

static bool is_input(const struct target *target, const char *const *inputs)
{
    if (!target->exists)
        return false;
    for (; inputs && *inputs; inputs++) {
        GStatBuf input;

        if (stat(*inputs, &input) == 0 && is_same(&input, &target->status))
            return true;
    }
    return is_open_for_reading(&target->status);
}

/* Give the new file the permissions of the old one, and its owner where that is allowed. */
static void keep_permissions(int fd, const struct target *target)
{
    if (!target->exists)
        return;
    if (fchown(fd, target->status.st_uid, target->status.st_gid) != 0)
        errno = 0; /* the new file belongs to the caller */
    if (fchmod(fd, target->status.st_mode & PERMISSIONS) != 0)
        errno = 0;
}

#ifdef O_TMPFILE
static char *name_of_descriptor(int fd)
{
    return g_strdup_printf("/proc/self/fd/%d", fd);
}

/* A file without a name in the folder of `path`; -1 where the file system has none. */
static int open_nameless(const char *path)
{
    char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, NEW_FILE);

    g_free(folder);
    if (fd < 0)
        return -1;

    char *name = name_of_descriptor(fd);
    bool can_be_named = access(name, F_OK) == 0;

    g_free(name);
    if (can_be_named)
        return fd;
    close(fd);
    return -1;
}

/* Give the nameless file a name beside the one it will get. */
static bool name_file(struct btbb_new_file *file)
{
    char *from = name_of_descriptor(fileno(file->stream));
    bool named = false;

    for (int tries = 0; tries < 100 && !named; tries++) {
        g_free(file->temporary);
        file->temporary = g_strdup_printf("%s.%08x", file->path, g_random_int());
        named = linkat(AT_FDCWD, from, AT_FDCWD, file->temporary, AT_SYMLINK_FOLLOW) == 0;
        if (!named && errno != EEXIST)
            break;
    }
    if (!named)
        g_clear_pointer(&file->temporary, g_free);
    g_free(from);
    return named;
}
#endif

static int open_in_place(const char *path)
{
    return g_open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY, 0);
}

static bool is_writable(const char *path)
{
    return access(path, W_OK) == 0;
}
#else
/* Without POSIX: regular and new files are replaced, anything else is written in place. */
static bool find_target(const char *path, struct target *target, char **error)
{
    target->descriptor = -1;
    if (g_stat(path, &target->status) == 0) {
        target->in_place = !(target->status.st_mode & S_IFREG);
        target->exists = !target->in_place;
    }
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        *error = file_error(path, EISDIR);
        return false;
    }
    target->path = g_strdup(path);
    return true;
}

static bool is_input(const struct target *target, const char *const *inputs)
{
    for (; inputs && *inputs; inputs++)
        if (strcmp(*inputs, target->path) == 0)
            return true;
    return false;
}

static void keep_permissions(int fd, const struct target *target)
{
    (void)fd;
    (void)target;
}

static int open_in_place(const char *path)
{
    return g_open(path, O_WRONLY, 0);
}

static bool is_writable(const char *path)
{
    return g_access(path, 2) == 0;
}
#endif

/* A file beside `path`: without a name where that is possible, otherwise with a temporary one. */
static int open_beside(struct btbb_new_file *file)
{
#if defined G_OS_UNIX && defined O_TMPFILE
    int nameless = open_nameless(file->path);

    if (nameless >= 0)
        return nameless;
#endif
    file->temporary = g_strconcat(file->path, ".XXXXXX", NULL);

    int fd = g_mkstemp_full(file->temporary, O_WRONLY | O_CLOEXEC, NEW_FILE);

    if (fd < 0)
        g_clear_pointer(&file->temporary, g_free);
    return fd;
}

static void forget(struct btbb_new_file *file)
{
    g_clear_pointer(&file->path, g_free);
    g_clear_pointer(&file->temporary, g_free);
}

/* The descriptor to write to; -1 and errno. */
static int open_target(struct btbb_new_file *file, const char *path, const struct target *target)
{
    if (target->descriptor >= 0) {
        fflush(stdout); /* its order with what was printed before */
        return dup(target->descriptor);
    }
    if (target->in_place)
        return open_in_place(path);
    file->path = g_strdup(target->path);

    int fd = open_beside(file);

    if (fd >= 0)
        keep_permissions(fd, target);
    return fd;
}

bool btbb_new_file_open(struct btbb_new_file *file, const char *path, char **error)
{
    struct target target = {0};

    *file = (struct btbb_new_file){0};
    if (!find_target(path, &target, error)) {
        g_free(target.path);
        return false;
    }

    int fd = open_target(file, path, &target);

    file->stream = fd >= 0 ? fdopen(fd, "w") : NULL;
    g_free(target.path);
    if (file->stream)
        return true;
    *error = file_error(path, errno);
    if (fd >= 0)
        g_close(fd, NULL);
    if (file->temporary)
        g_unlink(file->temporary);
    forget(file);
    return false;
}

bool btbb_new_file_close(struct btbb_new_file *file, const char *path, bool keep, char **error)
{
    bool good = fflush(file->stream) == 0 && !ferror(file->stream);

#if defined G_OS_UNIX && defined O_TMPFILE
    if (keep && good && file->path && !file->temporary)
        good = name_file(file);
#endif
    int problem = errno;

    if (fclose(file->stream) != 0 && good) {
        problem = errno;
        good = false;
    }
    if (keep && good && file->path && g_rename(file->temporary, file->path) != 0) {
        problem = errno;
        good = false;
    }
    if (file->temporary && !(keep && good))
        g_unlink(file->temporary);
    if (keep && !good)
        *error = file_error(path, problem);
    forget(file);
    return good || !keep;
}

bool btbb_new_file_probe(const char *path, const char *const *inputs, char **error)
{
    struct target target = {0};
    bool good = find_target(path, &target, error);

    if (good && is_input(&target, inputs)) {
        *error = error_text(path, "it is the capture that is read");
        good = false;
    } else if (good && target.descriptor < 0 && target.in_place) {
        good = is_writable(path);
        if (!good)
            *error = file_error(path, errno);
    } else if (good && target.descriptor >= 0) {
        int copy = dup(target.descriptor);

        good = copy >= 0 && g_close(copy, NULL);
        if (!good)
            *error = file_error(path, EBADF);
    } else if (good) {
        struct btbb_new_file file;

        good = btbb_new_file_open(&file, path, error) && btbb_new_file_close(&file, path, false, error);
    }
    g_free(target.path);
    return good;
}
