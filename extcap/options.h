/* options.h: the arguments that Wireshark passes to an extcap program, and those of ubertooth-rx.
 *
 * Wireshark's side is documented in extcap(4), the rest in ubertooth-rx(1). Options stand in any order, as
 * "--name value" or "--name=value"; names are never abbreviated. An empty value means that the option was not given:
 * Wireshark saves empty fields of its dialog.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_EXTCAP_OPTIONS_H
#define BTBB_EXTCAP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BTBB_EXTCAP_INTERFACE "ubertooth-btbb"

enum btbb_extcap_action {
    BTBB_EXTCAP_USAGE_ERROR, /* the arguments are wrong: see `error` */
    BTBB_EXTCAP_HELP,
    BTBB_EXTCAP_VERSION,
    BTBB_EXTCAP_INTERFACES,
    BTBB_EXTCAP_DLTS,
    BTBB_EXTCAP_CONFIG,
    BTBB_EXTCAP_CHECK_FILTER, /* is `filter` a valid capture filter? */
    BTBB_EXTCAP_CAPTURE,
};

/* A number that may be missing. */
struct btbb_extcap_number {
    bool given;
    uint32_t value;
};

struct btbb_extcap_options {
    enum btbb_extcap_action action;
    const char *fifo;                  /* of BTBB_EXTCAP_CAPTURE, never NULL there; points into argv */
    const char *filter;                /* NULL: none; points into argv */
    struct btbb_extcap_number lap;     /* 24 bits */
    struct btbb_extcap_number uap;     /* 8 bits; given only with a LAP */
    struct btbb_extcap_number channel; /* 0 to 78; not given: all channels in turn */
    struct btbb_extcap_number seconds; /* 0 to 86400; 0 and not given: no limit */
    struct btbb_extcap_number device;  /* 0 to 7, which of several Ubertooths */
    bool survey;
    char error[200]; /* of BTBB_EXTCAP_USAGE_ERROR: one line without a line end */
};

void btbb_extcap_parse(int argc, char *argv[], struct btbb_extcap_options *options);

/* The lines of --extcap-config. */
void btbb_extcap_print_config(void);

/* Copies `text` into `printable`, with '?' for every byte that is not printable ASCII. */
void btbb_extcap_make_printable(const char *text, char *printable, size_t size);

#endif
