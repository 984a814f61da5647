/* link-rows.h: shared by the views of connections: links, findings and timeline. Each has a table of the functions that
 * make its values, by the keys of its columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_LINK_ROWS_H
#define BTBB_LINK_ROWS_H

#include "learn/link-findings.h"
#include "show/rows-int.h"

/* What a row shows: numbers of a capture in btbb_source.captures, of a connection or event in its log, and in the view
 * findings of a finding or gap of the connection. */
struct btbb_link_place {
    uint32_t capture, number, item;
};

/* One row while its values are made. */
struct btbb_link_row {
    const struct btbb_capture_links *capture;
    const struct btbb_acl_link *link;    /* NULL: an event whose connection is not known */
    const struct btbb_link_event *event; /* timeline; otherwise NULL */
    const struct btbb_vendors *vendors;
    GStringChunk *texts; /* of the values of this row */
    uint32_t item;
};

/* Makes a value. `device`: 0 or 1, for columns that each device has. */
typedef struct btbb_value btbb_link_cell(const struct btbb_link_row *row, unsigned device);

struct btbb_link_column {
    const char *key; /* of the column in btbb_columns */
    btbb_link_cell *cell;
    unsigned device;
};

/* How the rows of a view are made. */
struct btbb_link_view {
    const struct btbb_link_column *columns; /* all columns of the view but `file` */
    size_t column_count;

    /* Append the places that a capture has to an array of struct btbb_link_place. */
    void (*find)(const struct btbb_rows_state *state, uint32_t capture, GArray *places);

    /* Find connection and event of a place. */
    void (*open)(const struct btbb_link_place *place, struct btbb_link_row *row);
};

/* Make the rows of a view. */
void btbb_link_rows_make(struct btbb_rows *rows, const struct btbb_link_view *view);

/* Make the values of a place: state->values, valid until the next call. */
const struct btbb_value *btbb_link_rows_fill(struct btbb_rows *rows, const struct btbb_link_place *place);

/* Whether the keys lap, from and to select a connection: a device has one of the LAPs, and the time from its first to
 * its last packet overlaps the range. */
bool btbb_link_rows_select(const struct btbb_rows_state *state, const struct btbb_acl_link *link);

/* The number of the device (side) that is shown as device 0 or 1: the Central comes first; where the roles are not
 * known, the capturing device. */
uint8_t btbb_link_rows_side(const struct btbb_acl_link *link, unsigned device);

/* Values. An empty text gives BTBB_VALUE_NONE, and so does a moment that was not seen or has no time. */
struct btbb_value btbb_link_rows_text(const struct btbb_link_row *row, const char *text);
struct btbb_value btbb_link_rows_moment(struct btbb_moment moment);

/* Append an address as far as it is known. Returns false, and appends nothing, when it is not known at all. */
bool btbb_link_rows_append_address(GString *text, const struct btbb_device_address *address);

/* Append "Remote User Terminated Connection (0x13)". */
void btbb_link_rows_append_error(GString *text, uint8_t error);

/* Append the name of a device, printable; at most `most` characters, 0: all. Returns false when there is none. */
bool btbb_link_rows_append_name(GString *text, const struct btbb_link_row *row, uint8_t side, size_t most);

/* Append the name of the company of a device, or its identifier. Valid when its version was seen. */
void btbb_link_rows_append_company(GString *text, const struct btbb_link_row *row, uint8_t side);

#endif
