/* capture.c: one loop over the child's pipes, Wireshark's pipe and signals.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture.h"

#include "child.h"
#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READER_PATIENCE_MS 30000 /* Wireshark opens its end of the pipe within a second */
#define READER_STEP_MS     20
#define CHILD_PATIENCE_MS  2000 /* from SIGTERM to SIGKILL; Wireshark gives this program 30 s to end */
#define LAST_DATA_MS       1000 /* for what the child wrote before it was stopped, should Wireshark not read it */

/* What ubertooth-rx prints when there is no device, or one that the user has no permission to open. */
#define NO_DEVICE "could not open Ubertooth device"

struct capture {
    struct btbb_child child;
    struct btbb_relay relay;
    int fifo;
    int wake; /* read end of the pipe that signal handlers write to */
    bool stopped;
    bool ended; /* the child, with `status` */
    bool reported;
    int status;
    int64_t deadline; /* ms; when stopped: time to kill the child, or after its end to give up writing */
    char line[256];   /* of the child's messages: the one that is being read */
    size_t line_length;
    char last_line[256];
};

static int wake_end = -1;

void btbb_extcap_report(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("ubertooth-btbb: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Opens Wireshark's named pipe. Signals end the program until then: there is nothing to clean up yet. */
static int open_fifo(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISFIFO(status.st_mode)) {
        btbb_extcap_report("--fifo: is not a named pipe");
        return -1;
    }
    for (int waited = 0; waited < READER_PATIENCE_MS; waited += READER_STEP_MS) {
        int fifo = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        if (fifo >= 0 || errno != ENXIO) {
            if (fifo < 0)
                btbb_extcap_report("--fifo: cannot be opened: %s", strerror(errno));
            return fifo;
        }
        nanosleep(&(struct timespec){.tv_nsec = READER_STEP_MS * 1000000L}, NULL);
    }
    btbb_extcap_report("--fifo: nobody reads it");
    return -1;
}

static void on_signal(int number)
{
    int saved = errno;
    uint8_t byte = (uint8_t)number;
    if (write(wake_end, &byte, 1) < 0) { /* full: then the loop is awake anyway */
    }
    errno = saved;
}

static bool catch_signals(struct capture *capture)
{
    static const int caught[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    struct sigaction action = {.sa_handler = on_signal};
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    }
    capture->wake = ends[0];
    wake_end = ends[1];
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
        sigaction(caught[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    return true;
}

static void stop(struct capture *capture)
{
    if (!capture->stopped)
        capture->deadline = now_ms() + (capture->ended ? LAST_DATA_MS : CHILD_PATIENCE_MS);
    capture->stopped = true;
    btbb_child_signal(&capture->child, SIGTERM);
}

static void read_signals(struct capture *capture)
{
    uint8_t numbers[64];
    ssize_t count;
    while ((count = read(capture->wake, numbers, sizeof numbers)) > 0)
        for (ssize_t i = 0; i < count; i++)
            if (numbers[i] != SIGCHLD)
                stop(capture);
    if (!capture->ended && btbb_child_reap(&capture->child, &capture->status)) {
        capture->ended = true;
        capture->deadline = now_ms() + LAST_DATA_MS;
    }
}

static void report_no_device(void)
{
    btbb_extcap_report("no Ubertooth can be opened: connect one, and give your user access to it "
                       "(on Debian: group plugdev); `ubertooth-util -v` checks both");
}

/* A line that the child wrote to its standard error: passed on, but not twice in a row. */
static void pass_line(struct capture *capture)
{
    char shown[sizeof capture->line];
    capture->line[capture->line_length] = '\0';
    capture->line_length = 0;
    btbb_extcap_make_printable(capture->line, shown, sizeof shown);
    if (!*shown || strcmp(shown, capture->last_line) == 0)
        return;
    memcpy(capture->last_line, shown, sizeof shown);
    capture->reported = true;
    if (strstr(shown, NO_DEVICE))
        report_no_device();
    else
        btbb_extcap_report(BTBB_CHILD_PROGRAM ": %s", shown);
}

/* False at the end of the child's messages. */
static bool read_messages(struct capture *capture)
{
    char bytes[512];
    ssize_t count = read(capture->child.messages, bytes, sizeof bytes);
    for (ssize_t i = 0; i < count; i++) {
        if (bytes[i] != '\n')
            capture->line[capture->line_length++] = bytes[i];
        if (bytes[i] == '\n' || capture->line_length == sizeof capture->line - 1)
            pass_line(capture);
    }
    if (count == 0)
        pass_line(capture);
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Milliseconds for poll(2). */
static int time_left(const struct capture *capture)
{
    if (!capture->stopped)
        return -1;
    int64_t left = capture->deadline - now_ms();
    return left < 0 ? 0 : (int)left;
}

enum source { FROM_SIGNALS, FROM_MESSAGES, FROM_PACKETS, TO_FIFO, SOURCES };

static void watch(const struct capture *capture, bool messages, struct pollfd sources[SOURCES])
{
    const struct btbb_relay *relay = &capture->relay;
    sources[FROM_SIGNALS] = (struct pollfd){.fd = capture->wake, .events = POLLIN};
    sources[FROM_MESSAGES] = (struct pollfd){.fd = messages ? capture->child.messages : -1, .events = POLLIN};
    sources[FROM_PACKETS] = (struct pollfd){.fd = btbb_relay_can_read(relay) ? relay->from : -1, .events = POLLIN};
    /* Without events, an error is reported: that nobody reads any more. */
    sources[TO_FIFO] = (struct pollfd){.fd = relay->state == BTBB_RELAY_CLOSED ? -1 : capture->fifo,
                                       .events = btbb_relay_can_write(relay) ? POLLOUT : 0};
}

/* Is there more to do? */
static bool goes_on(const struct capture *capture, bool messages)
{
    if (!capture->ended)
        return true;
    if (capture->stopped && now_ms() >= capture->deadline)
        return false;
    return messages || btbb_relay_can_write(&capture->relay) || btbb_relay_can_read(&capture->relay);
}

static void relay_packets(struct capture *capture, const struct pollfd sources[SOURCES])
{
    struct btbb_relay *relay = &capture->relay;
    if (sources[FROM_PACKETS].revents)
        btbb_relay_read(relay);
    if (sources[TO_FIFO].revents & (POLLERR | POLLHUP)) /* systems differ in how they report a closed pipe */
        relay->state = BTBB_RELAY_CLOSED;
    else if (sources[TO_FIFO].revents & POLLOUT)
        btbb_relay_write(relay);
    if (!capture->stopped && (relay->state == BTBB_RELAY_CLOSED || relay->state == BTBB_RELAY_FOREIGN))
        stop(capture);
}

static void run_loop(struct capture *capture)
{
    bool messages = true;
    while (goes_on(capture, messages)) {
        struct pollfd sources[SOURCES];
        watch(capture, messages, sources);
        if (poll(sources, SOURCES, time_left(capture)) < 0)
            continue; /* interrupted: the handler has written to the pipe */
        if (sources[FROM_MESSAGES].revents)
            messages = read_messages(capture);
        relay_packets(capture, sources);
        if (sources[FROM_SIGNALS].revents)
            read_signals(capture);
        if (!capture->ended && capture->stopped && now_ms() >= capture->deadline) {
            btbb_child_signal(&capture->child, SIGKILL);
            capture->deadline = now_ms() + CHILD_PATIENCE_MS;
        }
    }
}

/* How it ended. Returns the exit status. */
static int report_end(const struct capture *capture)
{
    if (capture->relay.state == BTBB_RELAY_FOREIGN) {
        btbb_extcap_report(BTBB_CHILD_PROGRAM
                           " does not write LINKTYPE_BLUETOOTH_BREDR_BB; version 2018-12-R1 or later is needed");
        return 1;
    }
    if (capture->stopped || (WIFEXITED(capture->status) && WEXITSTATUS(capture->status) == 0))
        return 0;
    if (WIFSIGNALED(capture->status))
        btbb_extcap_report(BTBB_CHILD_PROGRAM " was ended by signal %d", WTERMSIG(capture->status));
    else if (!capture->reported)
        btbb_extcap_report(BTBB_CHILD_PROGRAM " ended with status %d", WEXITSTATUS(capture->status));
    return 1;
}

int btbb_extcap_capture(const struct btbb_extcap_options *options)
{
    static struct capture capture;
    char path[PATH_MAX];
    capture.fifo = open_fifo(options->fifo);
    if (capture.fifo < 0)
        return 1;
    if (!btbb_child_find(path, sizeof path)) {
        btbb_extcap_report(BTBB_CHILD_PROGRAM " is not in PATH: install it (on Debian: package ubertooth)");
        return 1;
    }
    if (!catch_signals(&capture) || !btbb_child_start(path, options, &capture.child)) {
        btbb_extcap_report(BTBB_CHILD_PROGRAM " cannot be started: %s", strerror(errno));
        return 1;
    }
    btbb_relay_init(&capture.relay, capture.child.packets, capture.fifo);
    run_loop(&capture);
    btbb_child_close(&capture.child);
    close(capture.fifo);
    return report_end(&capture);
}
