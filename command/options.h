/* options.h: parses the command line. Views, keys and their messages come from core/count/options.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_COMMAND_OPTIONS_H
#define BTBB_COMMAND_OPTIONS_H

#include <stdio.h>

#include "count/options.h"
#include "crypt/key-file.h"

enum btbb_action {
    BTBB_ACTION_COUNT,
    BTBB_ACTION_KEYS,
    BTBB_ACTION_HELP,
    BTBB_ACTION_VERSION,
    BTBB_ACTION_USAGE_ERROR
};

struct btbb_command {
    enum btbb_action action;
    struct btbb_options options; /* when COUNT */
    char **files;                /* when COUNT or KEYS: into argv; NULL-terminated, at least one */
    unsigned file_count;
    struct btbb_keyring keys; /* of options.keys, once btbb_command_load_keys() has read them */
    bool follow;
    bool replace;  /* format=sqlite: captures that the database has */
    unsigned jobs; /* files read at a time; 0: one per processor */
    char *error;   /* when USAGE_ERROR */
};

/* Parses the whole line. Reorders argv as getopt_long() does. Free with btbb_command_clear(). */
void btbb_command_parse(struct btbb_command *command, int argc, char **argv);
void btbb_command_clear(struct btbb_command *command);

/* Reads the file of options.keys, if there is one. Returns false and sets *error when it cannot be read. */
bool btbb_command_load_keys(struct btbb_command *command, char **error);

/* Writes the help: at most 38 lines of 80 columns. */
void btbb_command_help(FILE *out);

#endif
