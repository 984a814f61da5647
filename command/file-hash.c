/* file-hash.c: see file-hash.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "file-hash.h"

#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES  65536u
#define SHA256_BYTES 32u

/* Opens a regular file; -1 for anything else. */
static int open_regular(const char *path)
{
    GStatBuf status;
    if (strcmp(path, "-") == 0 || g_stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return -1;
    return g_open(path, O_RDONLY | O_CLOEXEC, 0);
}

/* libgcrypt wants to be asked for its version before anything else. */
static gcry_md_hd_t new_hash(void)
{
    gcry_md_hd_t hash = NULL;
    if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
        gcry_check_version(NULL);
        gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    }
    gcry_md_open(&hash, GCRY_MD_SHA256, 0);
    return hash;
}

static char *hexadecimal(const uint8_t *bytes, size_t count)
{
    GString *text = g_string_sized_new(2 * count);
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    return g_string_free(text, FALSE);
}

char *btbb_file_hash(const char *path, const atomic_bool *stop, uint64_t *bytes)
{
    int fd = open_regular(path);
    if (fd < 0)
        return NULL;
    gcry_md_hd_t hash = new_hash();
    uint8_t *block = g_malloc(BLOCK_BYTES);
    ssize_t got = 0;
    *bytes = 0;
    while (hash && !atomic_load(stop) && ((got = read(fd, block, BLOCK_BYTES)) > 0 || (got < 0 && errno == EINTR))) {
        if (got < 0)
            continue;
        gcry_md_write(hash, block, (size_t)got);
        *bytes += (uint64_t)got;
    }
    bool whole = hash && !atomic_load(stop) && got == 0;
    char *text = whole ? hexadecimal(gcry_md_read(hash, GCRY_MD_SHA256), SHA256_BYTES) : NULL;
    gcry_md_close(hash);
    g_free(block);
    close(fd);
    return text;
}
