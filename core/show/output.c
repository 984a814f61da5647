/* output.c: chooses format and destination.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/output.h"

#include <errno.h>

#include "show/print.h"
#include "show/replace-file.h"
#include "show/report/report.h"

static bool write_rows(const struct btbb_options *options, const struct btbb_source *source, FILE *out, char **error)
{
    static void (*const formats[])(struct btbb_rows *, FILE *) = {[BTBB_OUTPUT_TABLE] = btbb_print_table,
                                                                  [BTBB_OUTPUT_CSV] = btbb_print_csv,
                                                                  [BTBB_OUTPUT_JSON] = btbb_print_json,
                                                                  [BTBB_OUTPUT_NDJSON] = btbb_print_ndjson};
    struct btbb_rows *rows = btbb_rows_new(options, source, error);

    if (!rows)
        return false;
    formats[options->format](rows, out);
    btbb_rows_free(rows);
    return true;
}

static bool write_view(const struct btbb_options *options, const struct btbb_source *source, FILE *out, char **error)
{
    return options->view == BTBB_VIEW_REPORT ? btbb_report_write(options, source, out, error)
                                             : write_rows(options, source, out, error);
}

bool btbb_print_finish(FILE *out, char **error)
{
    if (fflush(out) == 0 && !ferror(out))
        return true;
    *error = g_strdup_printf("cannot write to standard output: %s", g_strerror(errno));
    return false;
}

bool btbb_print(const struct btbb_options *options, const struct btbb_source *source, FILE *out, char **error)
{
    struct btbb_new_file file;

    if (!options->file)
        return write_view(options, source, out, error) && btbb_print_finish(out, error);
    if (!btbb_new_file_open(&file, options->file, error))
        return false;

    bool shown = write_view(options, source, file.stream, error);

    return btbb_new_file_close(&file, options->file, shown, error) && shown;
}

bool btbb_print_probe(const struct btbb_options *options, const char *const *inputs, char **error)
{
    return !options->file || btbb_new_file_probe(options->file, inputs, error);
}
