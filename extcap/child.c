/* child.c: find, start and end ubertooth-rx.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#define CAPTURE_DESCRIPTOR 3 /* in the child; ubertooth-rx opens it by the name below */
#define CAPTURE_NAME       "/dev/fd/3"
#define MOST_ARGUMENTS     16

bool btbb_child_find(char *path, size_t size)
{
    const char *folders = getenv("PATH");
    while (folders && *folders) {
        int length = (int)strcspn(folders, ":");
        struct stat status;
        int written = snprintf(path, size, "%.*s/" BTBB_CHILD_PROGRAM, length, folders);
        if (length > 0 && written > 0 && (size_t)written < size && stat(path, &status) == 0 &&
            S_ISREG(status.st_mode) && access(path, X_OK) == 0)
            return true;
        folders += length + (folders[length] == ':');
    }
    return false;
}

/* The arguments of ubertooth-rx: pointers into `texts` and to constants. */
struct arguments {
    const char *words[MOST_ARGUMENTS];
    char texts[MOST_ARGUMENTS][12];
    size_t count;
};

static void add(struct arguments *arguments, const char *word)
{
    arguments->words[arguments->count++] = word;
}

/* `digits` hexadecimal digits, or decimal ones as needed where it is 0. */
static void add_number(struct arguments *arguments, const char *option, int digits,
                       const struct btbb_extcap_number *number)
{
    if (!number->given)
        return;
    add(arguments, option);
    char *text = arguments->texts[arguments->count];
    if (digits > 0)
        snprintf(text, sizeof arguments->texts[0], "%0*x", digits, (unsigned)number->value);
    else
        snprintf(text, sizeof arguments->texts[0], "%u", (unsigned)number->value);
    add(arguments, text);
}

static void make_arguments(const struct btbb_extcap_options *options, struct arguments *arguments)
{
    *arguments = (struct arguments){.count = 0};
    add(arguments, BTBB_CHILD_PROGRAM);
    add(arguments, "-q");
    add(arguments, CAPTURE_NAME);
    if (options->survey)
        add(arguments, "-z");
    add_number(arguments, "-l", 6, &options->lap);
    add_number(arguments, "-u", 2, &options->uap);
    add_number(arguments, "-c", 0, &options->channel);
    add_number(arguments, "-U", 0, &options->device);
    if (options->seconds.value > 0)
        add_number(arguments, "-t", 0, &options->seconds);
}

/* Descriptor `from` becomes `to`, and stays open in the program. */
static void put_descriptor(int from, int to)
{
    if (from == to)
        fcntl(to, F_SETFD, 0);
    else
        dup2(from, to);
}

/* In the child: never returns. Both pipes have descriptors above those that are set here. */
static void run(const char *path, const struct arguments *arguments, pid_t parent, int packets, int messages)
{
    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    int nothing = open("/dev/null", O_RDWR);
    put_descriptor(nothing, STDIN_FILENO);
    put_descriptor(nothing, STDOUT_FILENO);
    put_descriptor(messages, STDERR_FILENO);
    put_descriptor(packets, CAPTURE_DESCRIPTOR);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL); /* ignored signals stay ignored in the program, handled ones do not */
    execv(path, (char *const *)arguments->words);
    fprintf(stderr, "cannot be started: %s\n", strerror(errno));
    _exit(127);
}

/* A pipe whose ends no program inherits, both above the descriptors that run() sets. The read end does not block. */
static bool make_pipe(int ends[2])
{
    int made[2];
    if (pipe(made) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(made[i], F_DUPFD_CLOEXEC, CAPTURE_DESCRIPTOR + 1);
        close(made[i]);
    }
    if (ends[0] < 0 || ends[1] < 0)
        return false;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

bool btbb_child_start(const char *path, const struct btbb_extcap_options *options, struct btbb_child *child)
{
    struct arguments arguments;
    int packets[2], messages[2];
    pid_t parent = getpid();
    make_arguments(options, &arguments);
    if (!make_pipe(packets) || !make_pipe(messages))
        return false;
    pid_t pid = fork();
    if (pid == 0)
        run(path, &arguments, parent, packets[1], messages[1]);
    close(packets[1]);
    close(messages[1]);
    if (pid < 0)
        return false;
    setpgid(pid, pid); /* in both processes: whichever comes first */
    *child = (struct btbb_child){.pid = pid, .packets = packets[0], .messages = messages[0]};
    return true;
}

void btbb_child_signal(const struct btbb_child *child, int signal_number)
{
    if (child->pid > 0)
        kill(-child->pid, signal_number);
}

bool btbb_child_reap(struct btbb_child *child, int *status)
{
    if (child->pid > 0 && waitpid(child->pid, status, WNOHANG) == child->pid) {
        kill(-child->pid, SIGKILL);
        child->pid = 0;
    }
    return child->pid == 0;
}

void btbb_child_close(struct btbb_child *child)
{
    close(child->packets);
    close(child->messages);
}
