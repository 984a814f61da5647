/* packets.h: the view packets: one row per packet, written as the packets come. Memory does not grow with them.
 *
 *     struct btbb_packets *packets = btbb_packets_open(&options, stdout, &error);
 *     btbb_packets_add(packets, &details);     for every packet, in the order of the capture
 *     btbb_packets_close(packets, &error);
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_PACKETS_H
#define BTBB_PACKETS_H

#include <stdbool.h>
#include <stdio.h>

#include "count/options.h"
#include "record.h"

struct btbb_packets;

/* Write to options->file (see replace-file.h), or to `out` when there is none. The options are copied. Returns NULL and
 * sets *error (one line, free with g_free()) when a column does not exist, the file cannot be written, or the format is
 * BTBB_OUTPUT_SQLITE. */
struct btbb_packets *btbb_packets_open(const struct btbb_options *options, FILE *out, char **error);

/* Add the column `file`: to be called before the first packet. `name`: the capture of the packets that follow; it is
 * copied, and may be set again for the next capture. */
void btbb_packets_set_file(struct btbb_packets *packets, const char *name);

/* Whether a column shows the names of devices, so that details must have them. */
bool btbb_packets_need_names(const struct btbb_packets *packets);

/* Write a row, if the options select the packet. Returns false when writing has failed: further rows are useless. */
bool btbb_packets_add(struct btbb_packets *packets, const struct btbb_details *details);

/* Write what is still in memory; for live captures. */
void btbb_packets_flush(struct btbb_packets *packets);

/* End the output and free `packets`. With a file: put it in its place when `keep` is set, otherwise leave the old one.
 * Returns false and sets *error when not everything could be written. */
bool btbb_packets_close(struct btbb_packets *packets, bool keep, char **error);

/* Whether the options name columns and a format that can be listed. btbb_print_probe() checks the file. */
bool btbb_packets_check(const struct btbb_options *options, char **error);

#endif
