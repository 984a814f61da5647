/* wiretap-file.h: opening and closing files with Wireshark's own library, from any thread.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_WIRETAP_FILE_H
#define BTBB_COMMAND_WIRETAP_FILE_H

#include "compat/ws-wiretap.h"

/* To be called before any function of wiretap; the functions below do so. */
void btbb_wiretap_initialise(void);

/* Opens a file and initialises the record that it is read into. NULL: *err and *info are set as by wtap_open_offline().
 * Close with btbb_wiretap_close(), which frees the record, too. */
wtap *btbb_wiretap_open(const char *path, struct btbb_ws_record *record, int *err, char **info);
void btbb_wiretap_close(wtap *file, struct btbb_ws_record *record);

/* What is wrong, in words. `info`: wiretap's addition to the error number, or NULL. Free with g_free(). */
char *btbb_wiretap_error(int err, const char *info);

#endif
