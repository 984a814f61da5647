/* pump.c: see pump.h. A thread copies bytes from a descriptor into a pipe.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "pump.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK   65536u
#define WAIT_MS 100 /* the longest delay before `stop`, or growth of a file, is noticed */

struct btbb_pump {
    const atomic_bool *stop;
    int from;
    bool regular;
    bool follow;
    int pipe[2];
    GThread *thread;
    atomic_int error;
    size_t head_bytes;
    uint8_t chunk[CHUNK]; /* holds the first head_bytes bytes until the thread has sent them */
};

/* Returns the number of bytes read, 0 at the end or when stopped, -1 with errno on errors. */
static ssize_t read_some(struct btbb_pump *pump, uint8_t *bytes, size_t room)
{
    while (!atomic_load(pump->stop)) {
        struct pollfd ready = {.fd = pump->from, .events = POLLIN};
        if (!pump->regular && poll(&ready, 1, WAIT_MS) == 0)
            continue;
        ssize_t n = read(pump->from, bytes, room);
        if (n > 0)
            return n;
        if (n == 0 && !(pump->regular && pump->follow))
            return 0;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return -1;
        if (n == 0)
            g_usleep(WAIT_MS * 1000);
    }
    return 0;
}

/* Returns false when the reading end has been closed. */
static bool write_all(int fd, const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t n = write(fd, bytes, count);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            bytes += n;
            count -= (size_t)n;
        }
    }
    return true;
}

static gpointer carry(gpointer data)
{
    struct btbb_pump *pump = data;
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, NULL);

    ssize_t n = (ssize_t)pump->head_bytes;
    while (n > 0 && write_all(pump->pipe[1], pump->chunk, (size_t)n))
        n = read_some(pump, pump->chunk, CHUNK);
    if (n < 0)
        atomic_store(&pump->error, errno);
    close(pump->pipe[1]);
    return NULL;
}

struct btbb_pump *btbb_pump_new(int fd, bool follow, const atomic_bool *stop, size_t head_bytes)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return NULL;
    struct btbb_pump *pump = g_new0(struct btbb_pump, 1);
    pump->stop = stop;
    pump->from = fd;
    pump->regular = S_ISREG(status.st_mode);
    pump->follow = follow;
    ssize_t n = 1;
    while (n > 0 && pump->head_bytes < head_bytes) {
        n = read_some(pump, pump->chunk + pump->head_bytes, head_bytes - pump->head_bytes);
        pump->head_bytes += n > 0 ? (size_t)n : 0;
    }
    if (n < 0 || pipe(pump->pipe) != 0) {
        int err = errno;
        g_free(pump);
        errno = err;
        return NULL;
    }
    return pump;
}

void btbb_pump_free(struct btbb_pump *pump)
{
    close(pump->pipe[0]);
    if (pump->thread)
        g_thread_join(pump->thread);
    else
        close(pump->pipe[1]);
    g_free(pump);
}

const uint8_t *btbb_pump_head(const struct btbb_pump *pump, size_t *bytes)
{
    *bytes = pump->head_bytes;
    return pump->chunk;
}

int btbb_pump_fd(struct btbb_pump *pump)
{
    if (!pump->thread)
        pump->thread = g_thread_new("pump", carry, pump);
    return pump->pipe[0];
}

int btbb_pump_error(const struct btbb_pump *pump)
{
    return atomic_load(&pump->error);
}
