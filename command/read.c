/* read.c: opens a capture and chooses the reader for it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "read.h"

#include "readers.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pump.h"

/* A whole regular file is read in place. */
static enum btbb_read_result read_file(struct btbb_reading *reading, int fd)
{
    uint8_t head[BTBB_READ_HEAD];
    struct btbb_pcap pcap;
    ssize_t bytes = pread(fd, head, sizeof head, 0);
    if (bytes < 0)
        return btbb_read_failed(reading, BTBB_READ_NOTHING, "%s", g_strerror(errno));
    if (btbb_pcap_fits(head, (size_t)bytes, &pcap))
        return btbb_read_pcap(reading, fd, &pcap);
    return btbb_read_wiretap(reading, reading->name);
}

/* Anything else passes through a pipe. Wiretap opens the pipe by the name that the system gives to descriptors. */
static enum btbb_read_result read_stream(struct btbb_reading *reading, int fd)
{
    struct btbb_pump *pump = btbb_pump_new(fd, reading->follow, reading->stop, BTBB_READ_HEAD);
    if (!pump)
        return btbb_read_failed(reading, BTBB_READ_NOTHING, "%s", g_strerror(errno));
    struct btbb_pcap pcap;
    size_t bytes;
    const uint8_t *head = btbb_pump_head(pump, &bytes);
    enum btbb_read_result result;
    if (atomic_load(reading->stop)) {
        result = BTBB_READ_STOPPED;
    } else if (btbb_pcap_fits(head, bytes, &pcap)) {
        result = btbb_read_pcap(reading, btbb_pump_fd(pump), &pcap);
    } else {
        char *path = g_strdup_printf("/dev/fd/%d", btbb_pump_fd(pump));
        result = btbb_read_wiretap(reading, path);
        g_free(path);
    }
    if (result == BTBB_READ_WHOLE && btbb_pump_error(pump))
        result = btbb_read_failed(reading, BTBB_READ_PART, "%s", g_strerror(btbb_pump_error(pump)));
    btbb_pump_free(pump);
    return result;
}

enum btbb_read_result btbb_read(struct btbb_reading *reading)
{
    bool standard_input = strcmp(reading->name, "-") == 0;
    /* Not blocking: a named pipe without a writer must not keep `stop` from being seen. pump.c waits for its bytes. */
    int fd = standard_input ? STDIN_FILENO : open(reading->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        return btbb_read_failed(reading, BTBB_READ_NOTHING, "%s", g_strerror(errno));
    enum btbb_read_result result;
    if (S_ISDIR(status.st_mode)) {
        result = btbb_read_failed(reading, BTBB_READ_NOTHING, "%s", g_strerror(EISDIR));
    } else {
        bool stream = standard_input || reading->follow || !S_ISREG(status.st_mode);
        result = stream ? read_stream(reading, fd) : read_file(reading, fd);
    }
    if (!standard_input)
        close(fd);
    return result;
}
