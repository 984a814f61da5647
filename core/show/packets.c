/* packets.c: writes the rows of the view packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/packets.h"

#include <errno.h>
#include <string.h>

#include "count/printable-copy.h"
#include "count/time-zone.h"
#include "show/columns.h"
#include "show/csv-text.h"
#include "show/json-text.h"
#include "show/packet-columns.h"
#include "show/replace-file.h"

#define BUFFER_BYTES 65536

/* Of the buffer: what a row of named columns may need, and the name of the capture. The rest is for column `file`. */
#define ROW_BYTES     (BUFFER_BYTES / 2)
#define CAPTURE_BYTES (BUFFER_BYTES / 4)

/* One column of the output. */
struct column {
    const char *key;
    const char *title;
    btbb_packet_column *write; /* NULL: the column `file` */
    unsigned width;
    bool right;
    bool quoted; /* in JSON */
    char *name;  /* in JSON: ", \"key\": " */
    size_t name_bytes;
};

struct btbb_packets {
    struct btbb_options options;
    FILE *out;
    struct btbb_new_file file;
    GArray *columns;
    size_t row_bytes; /* a row is never longer, without the column `file` */
    char *capture;    /* text of the column `file`, escaped for the format */
    size_t capture_bytes;
    struct btbb_packet_texts texts;
    bool begun;
    bool failed;
    int problem; /* errno; valid when failed */
    bool first;  /* no row yet */
    char *at;    /* end of what the buffer holds */
    char buffer[BUFFER_BYTES];
};

/* --- columns ---------------------------------------------------------------------------------------------------- */

static bool is_number(enum btbb_value_kind kind)
{
    return kind != BTBB_VALUE_TEXT && kind != BTBB_VALUE_TIME;
}

static void add_column(struct btbb_packets *packets, const struct btbb_column_info *info, btbb_packet_column *write)
{
    struct column column = {.key = info->key,
                            .title = info->title,
                            .write = write,
                            .width = MAX(info->width, (unsigned)strlen(info->title)),
                            .right = is_number(info->kind),
                            .quoted = !is_number(info->kind),
                            .name = g_strdup_printf("%s\"%s\": ", packets->columns->len ? ", " : "", info->key)};

    column.name_bytes = strlen(column.name);
    g_array_append_val(packets->columns, column);
}

/* The column is the first one no more. */
static void put_comma_before(struct column *column)
{
    char *name = g_strconcat(", ", column->name, NULL);

    g_free(column->name);
    column->name = name;
    column->name_bytes += 2;
}

static void clear_column(void *column)
{
    g_free(((struct column *)column)->name);
}

static char *valid_columns(void)
{
    GString *names = g_string_new("notebook");
    const struct btbb_columns *columns = &btbb_columns[BTBB_VIEW_PACKETS];

    for (size_t i = 0; i < columns->count; i++)
        if (btbb_packet_column_find(columns->columns[i].key))
            g_string_append_printf(names, ", %s", columns->columns[i].key);
    return g_string_free(names, FALSE);
}

static bool add_named(struct btbb_packets *packets, const char *key, char **error)
{
    const struct btbb_column_info *info = btbb_column_find(BTBB_VIEW_PACKETS, key);
    btbb_packet_column *write = btbb_packet_column_find(key);

    if (info && write) {
        add_column(packets, info, write);
        return true;
    }

    if (strcmp(key, "notebook") == 0) {
        *error = g_strdup("columns=notebook stands alone: it is all columns of the notebook");
        return false;
    }
    if (strcmp(key, "file") == 0) {
        *error = g_strdup("columns: leave out \"file\": it is the first column wherever several captures are read");
        return false;
    }

    char *names = valid_columns(), *shown = btbb_printable_copy(key);

    *error = g_strdup_printf("packets has no column \"%s\"; valid: %s", shown, names);
    g_free(shown);
    g_free(names);
    return false;
}

/* The DataFrame of the notebook: the same keys, other values. */
static void add_notebook(struct btbb_packets *packets)
{
    for (const struct btbb_packet_format *column = btbb_notebook_columns; column->key; column++) {
        struct btbb_column_info info = *btbb_column_find(BTBB_VIEW_PACKETS, column->key);

        if (strcmp(column->key, "type") == 0)
            info.width = btbb_column_find(BTBB_VIEW_PACKETS, "type_name")->width;
        if (strcmp(column->key, "type") == 0 || strcmp(column->key, "payload") == 0 ||
            strcmp(column->key, "to_master") == 0)
            info.kind = BTBB_VALUE_TEXT;
        add_column(packets, &info, column->write);
    }
}

/* All columns; for a table those that are listed. */
static void add_default(struct btbb_packets *packets)
{
    const struct btbb_columns *columns = &btbb_columns[BTBB_VIEW_PACKETS];
    const bool table = packets->options.format == BTBB_OUTPUT_TABLE;

    for (size_t i = 0; i < columns->count; i++) {
        btbb_packet_column *write = btbb_packet_column_find(columns->columns[i].key);

        if (write && (!table || columns->columns[i].listed))
            add_column(packets, &columns->columns[i], write);
    }
}

/* Room that a row or the heading needs at most, but for the name of its capture. */
static size_t row_bytes(const struct btbb_packets *packets)
{
    size_t bytes = 2;

    for (guint i = 0; i < packets->columns->len; i++) {
        const struct column *column = &g_array_index(packets->columns, struct column, i);

        bytes += column->name_bytes + column->width + btbb_packet_room(column->key);
    }
    return bytes;
}

/* A row has to fit into the buffer. Only columns that are named again and again can be too many. */
static bool are_too_many(const struct btbb_packets *packets, char **error)
{
    if (row_bytes(packets) <= ROW_BYTES)
        return false;
    *error = g_strdup_printf("columns: %u columns are too many", packets->columns->len);
    return true;
}

static bool choose_columns(struct btbb_packets *packets, char **error)
{
    bool good = true;

    if (!packets->options.columns) {
        add_default(packets);
        return true;
    }
    if (strcmp(packets->options.columns, "notebook") == 0) {
        add_notebook(packets);
        return true;
    }

    char **keys = g_strsplit_set(packets->options.columns, ":,", -1);

    for (char **key = keys; *key && good; key++)
        good = add_named(packets, *key, error) && !are_too_many(packets, error);
    g_strfreev(keys);
    return good;
}

/* --- output ----------------------------------------------------------------------------------------------------- */

void btbb_packets_flush(struct btbb_packets *packets)
{
    const size_t bytes = (size_t)(packets->at - packets->buffer);

    if (!packets->failed && (fwrite(packets->buffer, 1, bytes, packets->out) != bytes || fflush(packets->out) != 0)) {
        packets->failed = true;
        packets->problem = errno;
    }
    packets->at = packets->buffer;
}

static void put(struct btbb_packets *packets, const char *text)
{
    const size_t length = strlen(text);

    if (length > (size_t)(packets->buffer + BUFFER_BYTES - packets->at))
        btbb_packets_flush(packets);
    if (length > BUFFER_BYTES)
        return; /* no text of ours is that long */
    memcpy(packets->at, text, length);
    packets->at += length;
}

static void put_cell(struct btbb_packets *packets, const struct column *column, size_t length, bool last)
{
    /* The text is at the end of the buffer already: move it to the right, or fill up after it. */
    const size_t spaces = length < column->width && (column->right || !last) ? column->width - length : 0;

    if (column->right) {
        memmove(packets->at + spaces, packets->at, length);
        memset(packets->at, ' ', spaces);
    } else {
        memset(packets->at + length, ' ', spaces);
    }
    packets->at += length + spaces;
    if (last) {
        while (packets->at > packets->buffer && packets->at[-1] == ' ')
            packets->at--;
        *packets->at++ = '\n';
    } else {
        *packets->at++ = ' ';
        *packets->at++ = ' ';
    }
}

static void begin(struct btbb_packets *packets)
{
    const guint count = packets->columns->len;

    packets->begun = true;
    packets->row_bytes = row_bytes(packets);
    if (packets->options.format == BTBB_OUTPUT_JSON)
        put(packets, "[");
    for (guint i = 0; i < count; i++) {
        const struct column *column = &g_array_index(packets->columns, struct column, i);

        if (packets->options.format == BTBB_OUTPUT_CSV) {
            put(packets, column->key);
            put(packets, i + 1 < count ? "," : "\n");
        } else if (packets->options.format == BTBB_OUTPUT_TABLE) {
            memcpy(packets->at, column->title, strlen(column->title));
            put_cell(packets, column, strlen(column->title), i + 1 == count);
        }
    }
}

static char *put_value(struct btbb_packets *packets, const struct column *column, char *at,
                       const struct btbb_details *details)
{
    if (column->write)
        return column->write(at, details, &packets->texts);

    memcpy(at, packets->capture, packets->capture_bytes);
    return at + packets->capture_bytes;
}

static void add_csv(struct btbb_packets *packets, const struct btbb_details *details)
{
    const struct column *column = (const struct column *)(void *)packets->columns->data;
    const struct column *end = column + packets->columns->len;
    char *at = packets->at;

    if (!column->write) {
        at = put_value(packets, column++, at, details);
        *at++ = ',';
    }
    for (; column < end; column++) {
        at = column->write(at, details, &packets->texts);
        *at++ = ',';
    }
    at[-1] = '\n';
    packets->at = at;
}

static void add_json(struct btbb_packets *packets, const struct btbb_details *details)
{
    const struct column *column = (const struct column *)(void *)packets->columns->data;
    static const char null[] = {'n', 'u', 'l', 'l'};
    const bool array = packets->options.format == BTBB_OUTPUT_JSON;

    if (array)
        put(packets, packets->first ? "\n" : ",\n");

    char *at = packets->at;

    *at++ = '{';
    for (guint i = packets->columns->len; i > 0; i--, column++) {
        memcpy(at, column->name, column->name_bytes);
        at += column->name_bytes;

        const bool quoted = column->quoted && column->write;
        char *value = at;

        if (quoted)
            *at++ = '"';
        at = put_value(packets, column, at, details);
        if (at == value + quoted) {
            memcpy(value, null, sizeof null);
            at = value + sizeof null;
        } else if (quoted) {
            *at++ = '"';
        }
    }
    *at++ = '}';
    if (!array)
        *at++ = '\n';
    packets->at = at;
}

static void add_table(struct btbb_packets *packets, const struct btbb_details *details)
{
    const guint count = packets->columns->len;

    for (guint i = 0; i < count; i++) {
        const struct column *column = &g_array_index(packets->columns, struct column, i);
        const char *end = put_value(packets, column, packets->at, details);

        put_cell(packets, column, (size_t)(end - packets->at), i + 1 == count);
    }
}

bool btbb_packets_add(struct btbb_packets *packets, const struct btbb_details *details)
{
    static void (*const formats[])(struct btbb_packets *, const struct btbb_details *) = {
        [BTBB_OUTPUT_TABLE] = add_table,
        [BTBB_OUTPUT_CSV] = add_csv,
        [BTBB_OUTPUT_JSON] = add_json,
        [BTBB_OUTPUT_NDJSON] = add_json,
    };

    if (details->record.version != BTBB_RECORD_VERSION || details->record.malformed)
        return !packets->failed;
    if (!btbb_selection_is_all(&packets->options.selection) &&
        !btbb_selection_has(&packets->options.selection, &details->record))
        return !packets->failed;
    if (!packets->begun)
        begin(packets);
    if (packets->row_bytes + packets->capture_bytes > (size_t)(packets->buffer + BUFFER_BYTES - packets->at))
        btbb_packets_flush(packets);
    formats[packets->options.format](packets, details);
    packets->first = false;
    return !packets->failed;
}

bool btbb_packets_need_names(const struct btbb_packets *packets)
{
    for (guint i = 0; i < packets->columns->len; i++)
        if (g_array_index(packets->columns, struct column, i).write == btbb_packet_column_find("name"))
            return true;
    return false;
}

/* --- life ------------------------------------------------------------------------------------------------------- */

static char *csv_field(const char *text)
{
    GString *field = g_string_new(NULL);

    btbb_csv_append(field, text);
    return g_string_free(field, FALSE);
}

void btbb_packets_set_file(struct btbb_packets *packets, const char *name)
{
    const bool json = packets->options.format == BTBB_OUTPUT_JSON || packets->options.format == BTBB_OUTPUT_NDJSON;

    if (packets->options.format == BTBB_OUTPUT_TABLE)
        return;
    if (!packets->begun && (packets->columns->len == 0 || g_array_index(packets->columns, struct column, 0).write)) {
        struct column column = {.key = "file", .title = "File", .name = g_strdup("\"file\": ")};

        column.name_bytes = strlen(column.name);
        if (packets->columns->len > 0)
            put_comma_before(&g_array_index(packets->columns, struct column, 0));
        g_array_prepend_val(packets->columns, column);
    }
    g_free(packets->capture);
    if (json) {
        GString *text = g_string_new(NULL);

        btbb_json_append(text, name, "");
        packets->capture = g_string_free(text, FALSE);
    } else {
        packets->capture = csv_field(name);
    }
    packets->capture_bytes = MIN(strlen(packets->capture), CAPTURE_BYTES); /* longer than any path */
}

static void copy_options(struct btbb_packets *packets, const struct btbb_options *options)
{
    btbb_options_init(&packets->options, BTBB_VIEW_PACKETS);
    packets->options.format = options->format;
    packets->options.columns = g_strdup(options->columns);
    packets->options.file = g_strdup(options->file);
    btbb_selection_copy(&packets->options.selection, &options->selection);
}

static void free_packets(struct btbb_packets *packets)
{
    btbb_options_clear(&packets->options);
    g_array_free(packets->columns, TRUE);
    g_free(packets->capture);
    g_free(packets->texts.name_text);
    g_free(packets);
}

/* A database needs more than a packet at a time, so this file does not write it. */
static bool is_text(const struct btbb_options *options, char **error)
{
    if (options->format != BTBB_OUTPUT_SQLITE)
        return true;
    *error = g_strdup("only the command writes format=sqlite: btbb packets --format=sqlite -o FILE.db CAPTURE...");
    return false;
}

static struct btbb_packets *new_packets(const struct btbb_options *options, char **error)
{
    if (!is_text(options, error))
        return NULL;

    struct btbb_packets *packets = g_new0(struct btbb_packets, 1);

    btbb_time_zone_refresh();
    copy_options(packets, options);
    packets->columns = g_array_new(FALSE, FALSE, sizeof(struct column));
    g_array_set_clear_func(packets->columns, clear_column);
    packets->at = packets->buffer;
    packets->first = true;
    packets->texts.format = options->format;
    if (choose_columns(packets, error))
        return packets;
    free_packets(packets);
    return NULL;
}

struct btbb_packets *btbb_packets_open(const struct btbb_options *options, FILE *out, char **error)
{
    struct btbb_packets *packets = new_packets(options, error);

    if (!packets)
        return NULL;
    if (options->file && !btbb_new_file_open(&packets->file, options->file, error)) {
        free_packets(packets);
        return NULL;
    }
    packets->out = options->file ? packets->file.stream : out;
    return packets;
}

static char *write_error(const struct btbb_packets *packets)
{
    char *shown = btbb_printable_copy(packets->options.file);
    char *error = packets->options.file
                      ? g_strdup_printf("cannot write \"%s\": %s", shown, g_strerror(packets->problem))
                      : g_strdup_printf("cannot write to standard output: %s", g_strerror(packets->problem));

    g_free(shown);
    return error;
}

bool btbb_packets_close(struct btbb_packets *packets, bool keep, char **error)
{
    bool good = true;

    if (!packets->begun)
        begin(packets);
    if (packets->options.format == BTBB_OUTPUT_JSON)
        put(packets, "\n]\n");
    btbb_packets_flush(packets);
    if (packets->options.file)
        good = btbb_new_file_close(&packets->file, packets->options.file, keep && !packets->failed, error);
    if (packets->failed) {
        *error = write_error(packets);
        good = false;
    }
    free_packets(packets);
    return good;
}

bool btbb_packets_check(const struct btbb_options *options, char **error)
{
    struct btbb_packets *packets = new_packets(options, error);

    if (!packets)
        return false;
    free_packets(packets);
    return true;
}
