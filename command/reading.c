/* reading.c: see reading.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "reading.h"

#include <stdarg.h>

enum btbb_read_result btbb_read_failed(struct btbb_reading *reading, enum btbb_read_result result, const char *format,
                                       ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(reading->message);
    reading->message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return result;
}

enum btbb_read_result btbb_read_cut(struct btbb_reading *reading)
{
    return btbb_read_failed(reading, BTBB_READ_PART, "cut short in the middle of a frame; the %u before it are counted",
                            reading->frames);
}
