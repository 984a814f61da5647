/* manuf-file.c: manufacturer data of Wireshark 4.0, a file in its data folder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "manuf.h"

#include <wireshark.h>
#include <wsutil/filesystem.h>

void *btbb_manuf_each(btbb_vendor_each each, void *context)
{
    char *path = get_datafile_path("manuf");
    char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        text = NULL;
    g_free(path);
    return btbb_manuf_read(text, each, context);
}
