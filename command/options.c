/* options.c: see options.h. Options and help are made from the table of views and keys.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

#include <getopt.h>
#include <glib.h>
#include <string.h>

/* Every key is a long option of its name and a short one of this letter. */
static const char key_letters[BTBB_KEY_COUNT] = {
    [BTBB_KEY_MIN] = 'm',      [BTBB_KEY_TOP] = 'n',    [BTBB_KEY_SORT] = 's',       [BTBB_KEY_IDS] = 'a',
    [BTBB_KEY_INTERVAL] = 'i', [BTBB_KEY_BY] = 'b',     [BTBB_KEY_CUMULATIVE] = 'c', [BTBB_KEY_VALUE] = 'v',
    [BTBB_KEY_LAP] = 'l',      [BTBB_KEY_FROM] = 'S',   [BTBB_KEY_TO] = 'U',         [BTBB_KEY_COLUMNS] = 'C',
    [BTBB_KEY_KEYS] = 'k',     [BTBB_KEY_FORMAT] = 'F', [BTBB_KEY_FILE] = 'o',       [BTBB_KEY_CLOCK] = 'q',
};

/* Options that are not keys of a view. */
static const struct {
    struct option option;
    const char *metavar;
    const char *help;
} own_options[] = {
    {{"follow", no_argument, NULL, 'f'}, "", "read on while files grow, until Ctrl-C"},
    {{"jobs", required_argument, NULL, 'j'}, "=N", "files read at a time; one per processor"},
    {{"replace", no_argument, NULL, 'r'}, "", "replace captures that a database already has"},
    {{"help", no_argument, NULL, 'h'}, "", "show this help"},
    {{"version", no_argument, NULL, 'V'}, "", "show the version"},
    {{"filter", required_argument, NULL, 'Y'}, NULL, NULL}, /* only for a message about tshark */
};

#define OWN_COUNT (sizeof own_options / sizeof *own_options)

/* The value of a yes/no key is optional: --cumulative. */
static bool is_switch(enum btbb_key key)
{
    return btbb_keys[key].words && g_strv_contains(btbb_keys[key].words, "yes");
}

static enum btbb_key key_of_letter(int letter)
{
    int key = 0;
    while (key < BTBB_KEY_COUNT && key_letters[key] != letter)
        key++;
    return (enum btbb_key)key;
}

/* Fills the table and the string of getopt_long(). The string starts with ":", so that errors are reported here. */
static void describe(struct option longs[BTBB_KEY_COUNT + OWN_COUNT + 1], GString *shorts)
{
    size_t count = 0;
    for (int key = 0; key < BTBB_KEY_COUNT; key++)
        longs[count++] = (struct option){btbb_keys[key].name, is_switch(key) ? optional_argument : required_argument,
                                         NULL, key_letters[key]};
    for (size_t i = 0; i < OWN_COUNT; i++)
        longs[count++] = own_options[i].option;
    longs[count] = (struct option){0};
    g_string_assign(shorts, ":");
    for (size_t i = 0; i < count; i++) {
        g_string_append_c(shorts, (char)longs[i].val);
        if (longs[i].has_arg == required_argument)
            g_string_append_c(shorts, ':');
    }
}

static void fail(struct btbb_command *command, char *error)
{
    g_free(command->error);
    command->error = error;
    command->action = BTBB_ACTION_USAGE_ERROR;
}

/* `view`: its name, or VIEW while it is not known. */
static void no_filter(struct btbb_command *command, const char *view, const char *filter)
{
    fail(command, g_strdup_printf("display filters need tshark: tshark -q -r FILE -z 'btbb,%s,%s'", view, filter));
}

static void set_jobs(struct btbb_command *command, const char *value)
{
    guint64 jobs;
    if (g_ascii_string_to_unsigned(value, 10, 1, 1024, &jobs, NULL))
        command->jobs = (unsigned)jobs;
    else
        fail(command, g_strdup_printf("jobs=%s: must be 1 to 1024 files", value));
}

/* A key and its value, kept until the view is known: options may precede it. */
struct setting {
    enum btbb_key key;
    const char *value; /* NULL: the option has no value */
};

static bool is_known(int letter)
{
    bool known = key_of_letter(letter) != BTBB_KEY_COUNT;
    for (size_t i = 0; i < OWN_COUNT; i++)
        known |= own_options[i].option.val == letter;
    return known;
}

/* getopt_long() names a letter that it does not know, and that of a long option whose value it does not want. */
static void unknown(struct btbb_command *command, const char *argument)
{
    bool is_short = optopt && !is_known(optopt);
    fail(command, is_short
                      ? g_strdup_printf("-%c: unknown option; btbb --help lists all", optopt)
                      : g_strdup_printf("%s: unknown option, or one without a value; btbb --help lists all", argument));
}

/* Handles one option. Returns false when the rest of the line does not matter. */
static bool take(struct btbb_command *command, int letter, const char *argument, GArray *settings)
{
    struct setting setting = {key_of_letter(letter), optarg};
    if (setting.key != BTBB_KEY_COUNT) {
        g_array_append_val(settings, setting);
        return true;
    }
    switch (letter) {
    case 'f':
        command->follow = true;
        break;
    case 'j':
        set_jobs(command, optarg);
        break;
    case 'r':
        command->replace = true;
        break;
    case 'h':
        command->action = BTBB_ACTION_HELP;
        break;
    case 'V':
        command->action = BTBB_ACTION_VERSION;
        break;
    case 'Y':
        no_filter(command, "VIEW", optarg);
        break;
    case ':':
        fail(command, g_strdup_printf("%s: a value is missing", argument));
        break;
    default:
        unknown(command, argument);
    }
    return command->action == BTBB_ACTION_COUNT;
}

/* The view, alone or with keys as in `-z btbb,VIEW,key=value`. */
static void set_view(struct btbb_command *command, const char *text)
{
    enum btbb_view view = btbb_view_find(text, strlen(text));
    char *error = NULL;
    if (view != BTBB_VIEW_COUNT)
        btbb_options_init(&command->options, view);
    else if (!btbb_options_parse(&command->options, text, &error))
        fail(command, error);
    else if (command->options.filter)
        no_filter(command, btbb_views[command->options.view].name, command->options.filter);
}

/* Name of the capture in the heading of the report; NULL for standard input. */
static char *capture_name(const struct btbb_command *command)
{
    if (strcmp(command->files[0], "-") == 0)
        return NULL;
    char *name = g_path_get_basename(command->files[0]);
    if (command->file_count > 1) {
        char *all = g_strdup_printf("%s and %u more", name, command->file_count - 1);
        g_free(name);
        name = all;
    }
    return name;
}

static unsigned count_standard_input(const struct btbb_command *command)
{
    unsigned count = 0;
    for (unsigned i = 0; i < command->file_count; i++)
        count += strcmp(command->files[i], "-") == 0;
    return count;
}

/* The word in place of a view that lists keys, and the files. It has no options. */
static void set_keys(struct btbb_command *command, char **arguments, const GArray *settings)
{
    command->action = BTBB_ACTION_KEYS;
    command->files = arguments + 1;
    command->file_count = g_strv_length(command->files);
    if (settings->len > 0 || command->follow || command->jobs > 0)
        fail(command, g_strdup("keys has no options"));
    else if (command->file_count == 0)
        fail(command, g_strdup("keys needs captures of HCI, files \"info\" of BlueZ, or folders with such files"));
}

/* What follows the options: the view and the files. */
static void set_rest(struct btbb_command *command, char **arguments, const GArray *settings)
{
    char *error = NULL;
    if (!arguments[0]) {
        fail(command, g_strdup("no view given; btbb --help lists all"));
        return;
    }
    if (strcmp(arguments[0], "keys") == 0) {
        set_keys(command, arguments, settings);
        return;
    }
    set_view(command, arguments[0]);
    for (guint i = 0; i < settings->len && command->action == BTBB_ACTION_COUNT; i++) {
        const struct setting *setting = &g_array_index(settings, struct setting, i);
        if (!btbb_options_set(&command->options, btbb_keys[setting->key].name, setting->value ? setting->value : "yes",
                              &error))
            fail(command, error);
    }
    command->files = arguments + 1;
    command->file_count = g_strv_length(command->files);
    if (command->action != BTBB_ACTION_COUNT)
        return;
    if (command->file_count == 0)
        fail(command, g_strdup("no capture file given (- is standard input)"));
    else if (count_standard_input(command) > 1)
        fail(command, g_strdup("- (standard input) can be read only once"));
    else if (!btbb_options_check(&command->options, &error))
        fail(command, error);
    else if (command->replace && command->options.format != BTBB_OUTPUT_SQLITE)
        fail(command, g_strdup("--replace is for format=sqlite: any other file is always replaced"));
    else if (command->follow && command->options.format == BTBB_OUTPUT_SQLITE)
        fail(command, g_strdup("--follow: a database is written when all files have been read; leave out --follow"));
    else
        command->options.capture = capture_name(command);
}

void btbb_command_parse(struct btbb_command *command, int argc, char **argv)
{
    struct option longs[BTBB_KEY_COUNT + OWN_COUNT + 1];
    GString *shorts = g_string_new(NULL);
    GArray *settings = g_array_new(FALSE, FALSE, sizeof(struct setting));
    *command = (struct btbb_command){0};
    btbb_options_init(&command->options, BTBB_VIEW_SUMMARY);
    describe(longs, shorts);
    opterr = 0;
    int letter;
    bool more = true;
    while (more && (letter = getopt_long(argc, argv, shorts->str, longs, NULL)) != -1)
        more = take(command, letter, argv[optind - 1], settings);
    if (more)
        set_rest(command, argv + optind, settings);
    g_array_free(settings, TRUE);
    g_string_free(shorts, TRUE);
}

void btbb_command_clear(struct btbb_command *command)
{
    btbb_options_clear(&command->options);
    btbb_keyring_clear(&command->keys);
    g_clear_pointer(&command->error, g_free);
}

bool btbb_command_load_keys(struct btbb_command *command, char **error)
{
    const char *path = command->options.keys;
    struct btbb_key_error fault;
    GError *problem = NULL;
    char *text = NULL;
    gsize length;
    if (!path)
        return true;
    if (!g_file_get_contents(path, &text, &length, &problem)) {
        *error = g_strdup(problem->message);
        g_error_free(problem);
        return false;
    }
    const struct btbb_span span = {(const uint8_t *)text, (uint32_t)MIN(length, G_MAXUINT32)};
    const bool good = btbb_keyring_add_file(&command->keys, span, &fault);
    if (!good)
        *error = g_strdup_printf("%s: line %u: %s", path, fault.line, fault.problem);
    g_free(text);
    return good;
}

/* Short form of a key's value for the help: "=N", "=packets|lap|first", "[=yes|no]". */
static char *value_of(enum btbb_key key)
{
    const struct btbb_key_info *info = &btbb_keys[key];
    size_t length = strcspn(info->values, " ");
    char *value = g_strndup(info->values, length);
    char *text = g_strdup_printf(is_switch(key) ? "[=%s]" : "=%s", value);
    g_free(value);
    return text;
}

static void help_option(FILE *out, int letter, const char *name, const char *value, const char *help)
{
    char *option = g_strdup_printf("--%s%s", name, value);
    fprintf(out, "  -%c, %-26s  %s\n", letter, option, help);
    g_free(option);
}

void btbb_command_help(FILE *out)
{
    fprintf(out, "Usage: btbb VIEW [OPTION]... FILE...      (- is standard input)\n");
    for (int view = 0; view < BTBB_VIEW_COUNT; view++)
        fprintf(out, "  %-10s %s\n", btbb_views[view].name, btbb_views[view].help);
    fprintf(out, "  %-10s %s\n", "keys", "link keys in captures of HCI and in folders of BlueZ, as a key file");
    for (int key = 0; key < BTBB_KEY_COUNT; key++) {
        char *value = value_of(key);
        help_option(out, key_letters[key], btbb_keys[key].name, value, btbb_keys[key].help);
        g_free(value);
    }
    for (size_t i = 0; i < OWN_COUNT; i++)
        if (own_options[i].help)
            help_option(out, own_options[i].option.val, own_options[i].option.name, own_options[i].metavar,
                        own_options[i].help);
    fprintf(out, "Display filters, L2CAP and single packets: tshark -r FILE, or Wireshark.\n");
}
