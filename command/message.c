/* message.c: see message.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "message.h"

#include <stdarg.h>
#include <stdio.h>

#include "decode/printable.h"

void btbb_message(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    const size_t bytes = btbb_printable_string(text, BTBB_PRINTABLE_ALL, NULL, 0) + 1;
    char *printable = g_malloc(bytes);
    btbb_printable_string(text, BTBB_PRINTABLE_ALL, printable, bytes);
    fprintf(stderr, "btbb: %s\n", printable);
    g_free(printable);
    g_free(text);
}
