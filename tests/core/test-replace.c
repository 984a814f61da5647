/* test-replace.c: files that are replaced as a whole, written in place or refused.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show/replace-file.h"

static char *folder;

static char *path_of(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void set(const char *path, const char *text)
{
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void assert_contents(const char *path, const char *expected)
{
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

/* Names in the folder besides the two that belong there. */
static unsigned files_beside(const char *one, const char *two)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    unsigned count = 0;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)))
        count += g_strcmp0(name, one) != 0 && g_strcmp0(name, two) != 0;
    g_dir_close(dir);
    return count;
}

/* Write "new" to `path` and keep it, or not. */
static void write_new(const char *path, bool keep)
{
    struct btbb_new_file file;
    char *error = NULL;

    g_assert_true(btbb_new_file_open(&file, path, &error));
    g_assert_cmpint(fputs("new\n", file.stream), >=, 0);
    g_assert_true(btbb_new_file_close(&file, path, keep, &error));
    g_assert_null(error);
}

static void assert_refused(const char *path, const char *const *inputs, const char *expected)
{
    char *error = NULL, *message = g_strdup_printf("cannot write \"%s\": %s", path, expected);

    g_assert_false(btbb_new_file_probe(path, inputs, &error));
    g_assert_cmpstr(error, ==, message);
    g_free(message);
    g_free(error);
}

/* The old content until the new one is complete; its permissions afterwards; nothing left behind. */
static void test_regular(void)
{
    char *path = path_of("file"), *error = NULL;
    struct btbb_new_file file;
    GStatBuf status;

    g_assert_true(btbb_new_file_probe(path, NULL, &error));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    write_new(path, false);
    g_assert_cmpuint(files_beside(NULL, NULL), ==, 0);
    write_new(path, true);
    assert_contents(path, "new\n");
    set(path, "old");
    g_assert_cmpint(g_chmod(path, 0604), ==, 0);
    g_assert_true(btbb_new_file_open(&file, path, &error));
    fputs("newer", file.stream);
    fflush(file.stream);
    assert_contents(path, "old");
    if (!file.temporary) /* a killed program leaves nothing: the unfinished file has no name */
        g_assert_cmpuint(files_beside("file", NULL), ==, 0);
    g_assert_true(btbb_new_file_close(&file, path, true, &error));
    assert_contents(path, "newer");
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0604);
    write_new(path, false);
    assert_contents(path, "newer");
    g_assert_cmpuint(files_beside("file", NULL), ==, 0);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_free(path);
}

static void test_links(void)
{
    char *path = path_of("file"), *link = path_of("link");

    set(path, "old");
    g_assert_cmpint(symlink("file", link), ==, 0);
    write_new(link, true);
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    assert_contents(path, "new\n");
    g_assert_cmpint(g_unlink(path), ==, 0);
    assert_refused(link, NULL, "it is a symbolic link to a file that does not exist");
    g_assert_cmpint(g_unlink(link), ==, 0);
    g_assert_cmpint(symlink("link", link), ==, 0);
    assert_refused(link, NULL, "Too many levels of symbolic links");
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    g_assert_cmpint(g_unlink(link), ==, 0);
    g_free(path);
    g_free(link);
}

/* Standard output appends to a file: under each of its names what was there stays, and the file too. */
static void test_standard_output(void)
{
    char *log = path_of("log");
    const char *const names[] = {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", log};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        GStatBuf before, after;

        set(log, "old\n");
        g_assert_cmpint(g_stat(log, &before), ==, 0);
        fflush(stdout);

        int kept = dup(STDOUT_FILENO), appended = g_open(log, O_WRONLY | O_APPEND, 0);

        dup2(appended, STDOUT_FILENO);
        write_new(names[i], true);
        dup2(kept, STDOUT_FILENO);
        close(kept);
        close(appended);
        assert_contents(log, "old\nnew\n");
        g_assert_cmpint(g_stat(log, &after), ==, 0);
        g_assert_cmpuint(before.st_ino, ==, after.st_ino);
    }
    g_assert_cmpint(g_unlink(log), ==, 0);
    g_free(log);
}

static void test_pipe(void)
{
    char *path = path_of("pipe"), *error = NULL;
    char buffer[16] = "";

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_assert_true(btbb_new_file_probe(path, NULL, &error)); /* does not wait for a reader */

    int reader = g_open(path, O_RDONLY | O_NONBLOCK, 0);

    write_new(path, true);
    g_assert_cmpint(read(reader, buffer, sizeof buffer), ==, 4);
    g_assert_cmpstr(buffer, ==, "new\n");
    close(reader);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_free(path);
}

/* A capture is never replaced by its own statistics, whatever it is called. */
static void test_inputs(void)
{
    char *path = path_of("capture"), *link = path_of("link"), *error = NULL;
    const char *const inputs[] = {"/nonexistent", path, NULL}, *const others[] = {"/dev/null", NULL};

    set(path, "packets");
    g_assert_cmpint(symlink("capture", link), ==, 0);
    assert_refused(path, inputs, "it is the capture that is read");
    assert_refused(link, inputs, "it is the capture that is read");
    g_assert_true(btbb_new_file_probe(path, others, &error));

    int reading = g_open(path, O_RDONLY, 0);

    assert_refused(path, NULL, "it is the capture that is read");
    close(reading);
    g_assert_true(btbb_new_file_probe(path, NULL, &error));
    assert_contents(path, "packets");
    g_assert_cmpint(g_unlink(link), ==, 0);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_free(path);
    g_free(link);
}

static void test_errors(void)
{
    struct btbb_new_file file;
    char *error = NULL;

    assert_refused("/nonexistent/x", NULL, "No such file or directory");
    assert_refused("/", NULL, "Is a directory");
    assert_refused("/dev/fd/99", NULL, "Bad file descriptor");
    g_assert_true(btbb_new_file_open(&file, "/dev/full", &error));
    fputs("new", file.stream);
    g_assert_false(btbb_new_file_close(&file, "/dev/full", true, &error));
    g_assert_cmpstr(error, ==, "cannot write \"/dev/full\": No space left on device");
    g_free(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("btbb-replace-XXXXXX", NULL);
    g_assert_nonnull(folder);
    g_test_add_func("/replace/regular", test_regular);
    g_test_add_func("/replace/links", test_links);
    g_test_add_func("/replace/standard_output", test_standard_output);
    g_test_add_func("/replace/pipe", test_pipe);
    g_test_add_func("/replace/inputs", test_inputs);
    g_test_add_func("/replace/errors", test_errors);

    int failed = g_test_run();

    g_assert_cmpint(g_rmdir(folder), ==, 0); /* empty */
    g_free(folder);
    return failed;
}
