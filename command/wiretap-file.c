/* wiretap-file.c: see wiretap-file.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wiretap-file.h"

#include <glib.h>
#include <pthread.h>
#include <wsutil/wslog.h>

/* Several files may be read at once, each with its own handle. What wiretap shares among them (its tables of formats,
 * a store of unused buffers) is touched only by opening and closing: one at a time. */
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

/* The caller holds `opening`. Wiretap may be initialised once only. */
static void initialise(void)
{
    static bool initialised;
    if (initialised)
        return;
    ws_log_set_level(LOG_LEVEL_WARNING);
    wtap_init(FALSE);
    initialised = true;
}

void btbb_wiretap_initialise(void)
{
    pthread_mutex_lock(&opening);
    initialise();
    pthread_mutex_unlock(&opening);
}

wtap *btbb_wiretap_open(const char *path, struct btbb_ws_record *record, int *err, char **info)
{
    pthread_mutex_lock(&opening);
    initialise();
    wtap *file = wtap_open_offline(path, WTAP_TYPE_AUTO, err, info, FALSE);
    if (file)
        btbb_ws_record_init(record);
    pthread_mutex_unlock(&opening);
    return file;
}

void btbb_wiretap_close(wtap *file, struct btbb_ws_record *record)
{
    pthread_mutex_lock(&opening);
    btbb_ws_record_free(record);
    wtap_close(file);
    pthread_mutex_unlock(&opening);
}

char *btbb_wiretap_error(int err, const char *info)
{
    if (err == WTAP_ERR_FILE_UNKNOWN_FORMAT)
        return g_strdup("not a capture file that Wireshark knows");
    return g_strdup_printf("%s%s%s%s", wtap_strerror(err), info ? " (" : "", info ? info : "", info ? ")" : "");
}
