/* child.h: the program ubertooth-rx as a child process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_EXTCAP_CHILD_H
#define BTBB_EXTCAP_CHILD_H

#include "options.h"

#include <sys/types.h>

#define BTBB_CHILD_PROGRAM "ubertooth-rx"

struct btbb_child {
    pid_t pid;    /* also its process group, so that what it starts itself can be ended with it; 0: not running */
    int packets;  /* non-blocking: its capture */
    int messages; /* non-blocking: its standard error */
};

/* Looks for the program in the folders of PATH. False if it is not there. */
bool btbb_child_find(char *path, size_t size);

/* Starts the program at `path`. Its standard output, a line of text per packet, is dropped. On Linux the child ends
 * when this process does, however that happens. False, with errno set, if it cannot be started. */
bool btbb_child_start(const char *path, const struct btbb_extcap_options *options, struct btbb_child *child);

/* Sends a signal to the child and all that it started. */
void btbb_child_signal(const struct btbb_child *child, int signal_number);

/* True when the child has ended: then *status is that of waitpid(2), and whatever it started is killed. */
bool btbb_child_reap(struct btbb_child *child, int *status);

void btbb_child_close(struct btbb_child *child);

#endif
