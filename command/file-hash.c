/* file-hash.c: see file-hash.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "file-hash.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES 65536u

/* Opens a regular file; -1 for anything else. */
static int open_regular(const char *path)
{
    GStatBuf status;
    if (strcmp(path, "-") == 0 || g_stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return -1;
    return g_open(path, O_RDONLY | O_CLOEXEC, 0);
}

char *btbb_file_hash(const char *path, const atomic_bool *stop, uint64_t *bytes)
{
    int fd = open_regular(path);
    if (fd < 0)
        return NULL;
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t *block = g_malloc(BLOCK_BYTES);
    ssize_t got = 0;
    *bytes = 0;
    while (!atomic_load(stop) && ((got = read(fd, block, BLOCK_BYTES)) > 0 || (got < 0 && errno == EINTR))) {
        if (got < 0)
            continue;
        g_checksum_update(checksum, block, got);
        *bytes += (uint64_t)got;
    }
    char *hash = atomic_load(stop) || got < 0 ? NULL : g_strdup(g_checksum_get_string(checksum));
    g_free(block);
    g_checksum_free(checksum);
    close(fd);
    return hash;
}
