/* ws-manuf-file.c: manufacturer data of Wireshark 4.0, a file in its data folder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat/ws-manuf.h"

#include "vendors/manuf.h"

#include <wireshark.h>
#include <wsutil/filesystem.h>

#include <string.h>

/* The data, to be searched. */
struct data {
    size_t length;
    char text[]; /* ends with NUL */
};

static char *read_file(void)
{
    char *path = get_datafile_path("manuf");
    char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        text = NULL;
    g_free(path);
    return text;
}

static void *each_prefix(btbb_vendor_each each, void *context)
{
    return btbb_manuf_read(read_file(), each, context);
}

static struct data *read_data(void)
{
    char *text = read_file();
    const size_t length = text ? strlen(text) : 0;
    struct data *data = text ? (struct data *)g_malloc(sizeof *data + length + 1) : NULL;

    if (data) {
        data->length = length;
        memcpy(data->text, text, length + 1);
    }
    g_free(text);
    return data;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');

    return end ? end + 1 : line + strlen(line);
}

/* The first line of [line, end) with a prefix; `end` when there is none. */
static const char *next_prefix(const char *line, const char *end, uint64_t *prefix, unsigned *bits)
{
    while (line < end && !btbb_manuf_read_prefix(line, prefix, bits))
        line = next_line(line);
    return MIN(line, end);
}

/* The lines stand in the order of their prefixes: begin of the first one that is not before `prefix`. */
static const char *find_line(const struct data *data, uint64_t prefix)
{
    const char *low = data->text, *high = data->text + data->length;
    uint64_t found;
    unsigned bits;

    while (low < high) {
        const char *middle = low + (high - low) / 2, *line;

        while (middle > low && middle[-1] != '\n')
            middle--;
        line = next_prefix(middle, high, &found, &bits);
        if (line == high || found >= prefix)
            high = middle;
        else
            low = next_line(line);
    }
    return low;
}

/* The second column of a line. */
static const char *name_of_line(const char *line)
{
    const char *name = line + strcspn(line, "\t\n");
    char *copy;
    const char *kept = NULL;

    if (*name != '\t')
        return NULL;
    name++;
    copy = g_strchomp(g_strndup(name, strcspn(name, "\t\n")));
    if (*copy != '\0')
        kept = g_intern_string(copy);
    g_free(copy);
    return kept;
}

static const char *name_of(void **kept, uint64_t address)
{
    const struct data *data = (const struct data *)(*kept ? *kept : (*kept = read_data()));
    const uint64_t oui = address >> 24 << 24;
    const char *line, *end, *best = NULL;
    unsigned bits = 0, most = 0;
    uint64_t prefix = 0;

    if (!data)
        return NULL;
    line = find_line(data, oui);
    end = data->text + data->length;
    while ((line = next_prefix(line, end, &prefix, &bits)) < end && prefix >> 24 == oui >> 24) {
        const char *name = (prefix ^ address) >> (48 - bits) == 0 && bits > most ? name_of_line(line) : NULL;

        if (name) {
            best = name;
            most = bits;
        }
        line = next_line(line);
    }
    return best;
}

const struct btbb_manuf btbb_ws_manuf = {.each = each_prefix, .name = name_of, .company = btbb_ws_company};
