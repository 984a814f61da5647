/* exit-status.c: tshark's exit status after a statistic could not be written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "exit-status.h"

#include "compat/ws-compat.h"

#include <stdlib.h>

#define STATUS_INCOMPLETE 2

/* Called by epan_cleanup(), after tshark's output is complete. */
static void end_program(void)
{
    exit(STATUS_INCOMPLETE);
}

void btbb_fail_at_exit(void)
{
    static bool registered;

    if (!registered)
        register_shutdown_routine(end_program);
    registered = true;
}
