/* options.c: one table of options for the parser and for Wireshark's dialog.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

#include <stdio.h>
#include <string.h>

enum name {
    NAME_HELP,
    NAME_PROGRAM_VERSION,
    NAME_INTERFACES,
    NAME_DLTS,
    NAME_CONFIG,
    NAME_CAPTURE,
    NAME_WIRESHARK_VERSION,
    NAME_INTERFACE,
    NAME_FIFO,
    NAME_FILTER,
    NAME_LAP,
    NAME_UAP,
    NAME_MODE,
    NAME_CHANNEL,
    NAME_SECONDS,
    NAME_DEVICE,
    NAME_COUNT
};

enum takes { TAKES_NOTHING, TAKES_VALUE, MAY_TAKE_VALUE /* only as --name=value */ };

/* `config` is the part of the option's line of --extcap-config that follows its number and name. */
static const struct {
    const char *name;
    enum takes takes;
    const char *config;
} names[NAME_COUNT] = {
    [NAME_HELP] = {"--help", TAKES_NOTHING, NULL},
    [NAME_PROGRAM_VERSION] = {"--version", TAKES_NOTHING, NULL},
    [NAME_INTERFACES] = {"--extcap-interfaces", TAKES_NOTHING, NULL},
    [NAME_DLTS] = {"--extcap-dlts", TAKES_NOTHING, NULL},
    [NAME_CONFIG] = {"--extcap-config", TAKES_NOTHING, NULL},
    [NAME_CAPTURE] = {"--capture", TAKES_NOTHING, NULL},
    [NAME_WIRESHARK_VERSION] = {"--extcap-version", MAY_TAKE_VALUE, NULL},
    [NAME_INTERFACE] = {"--extcap-interface", TAKES_VALUE, NULL},
    [NAME_FIFO] = {"--fifo", TAKES_VALUE, NULL},
    [NAME_FILTER] = {"--extcap-capture-filter", TAKES_VALUE, NULL},
    [NAME_LAP] =
        {"--lap", TAKES_VALUE,
         "{display=LAP to follow}{type=string}{placeholder=any}{validation=^([0-9a-fA-F]{2}:?){2}[0-9a-fA-F]{2}$}"
         "{tooltip=Lower address part: six hexadecimal digits, like 4831dd or 48:31:dd; empty: any}"},
    [NAME_UAP] =
        {"--uap", TAKES_VALUE,
         "{display=UAP}{type=string}{placeholder=found out}{validation=^[0-9a-fA-F]{2}$}"
         "{tooltip=Upper address part: two hexadecimal digits; needs a LAP. Known, packets are decoded sooner}"},
    [NAME_MODE] = {"--mode", TAKES_VALUE,
                   "{display=Mode}{type=selector}"
                   "{tooltip=Survey looks for all piconets and follows none}"},
    [NAME_CHANNEL] = {"--channel", TAKES_VALUE,
                      "{display=RF channel}{type=string}{placeholder=all in turn}{validation=^([0-6]?[0-9]|7[0-8])$}"
                      "{tooltip=Stay on one channel, 0 (2402 MHz) to 78 (2480 MHz); empty: all in turn}"},
    [NAME_SECONDS] = {"--seconds", TAKES_VALUE,
                      "{display=Stop after (seconds)}{type=unsigned}{range=0,86400}{default=0}{tooltip=0: no limit}"},
    [NAME_DEVICE] = {"--device", TAKES_VALUE,
                     "{display=Ubertooth number}{type=string}{placeholder=the only one}{validation=^[0-7]$}"
                     "{tooltip=Which one when several are connected, 0 to 7; ubertooth-util -N counts them}"},
};

static const char *const mode_words[] = {"follow", "survey"};

/* A capture: the valid values of --mode, as Wireshark shows them. */
static void print_modes(int number)
{
    printf("value {arg=%d}{value=%s}{display=Discover piconets and follow one}{default=true}\n", number, mode_words[0]);
    printf("value {arg=%d}{value=%s}{display=Survey of all piconets}{default=false}\n", number, mode_words[1]);
}

void btbb_extcap_print_config(void)
{
    int number = 0;
    for (int name = 0; name < NAME_COUNT; name++) {
        if (!names[name].config)
            continue;
        printf("arg {number=%d}{call=%s}%s\n", number, names[name].name, names[name].config);
        if (name == NAME_MODE)
            print_modes(number);
        number++;
    }
}

void btbb_extcap_make_printable(const char *text, char *printable, size_t size)
{
    size_t i = 0;
    for (; i + 1 < size && text[i]; i++)
        printable[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    if (size > 0)
        printable[i] = '\0';
}

/* Keeps the first error. `value` may be NULL. */
static void fail(struct btbb_extcap_options *options, const char *name, const char *value, const char *why)
{
    char shown[60];
    if (options->error[0])
        return;
    btbb_extcap_make_printable(value ? value : "", shown, sizeof shown);
    snprintf(options->error, sizeof options->error, "%s%s%s: %s", name, value ? "=" : "", shown, why);
    options->action = BTBB_EXTCAP_USAGE_ERROR;
}

/* The option that begins `argument`, with the value after its "=" or NULL; NAME_COUNT if there is none. */
static enum name find_name(const char *argument, const char **value)
{
    size_t length = strcspn(argument, "=");
    int name = 0;
    while (name < NAME_COUNT && (strncmp(names[name].name, argument, length) != 0 || names[name].name[length]))
        name++;
    *value = argument[length] ? argument + length + 1 : NULL;
    return (enum name)name;
}

/* Fills values[] with what was given: NULL for options that were not. */
static void collect(int argc, char *argv[], const char *values[NAME_COUNT], struct btbb_extcap_options *options)
{
    for (int i = 1; i < argc; i++) {
        const char *value, *argument = argv[i];
        enum name name = find_name(argument, &value);
        if (name == NAME_COUNT) {
            char shown[60];
            btbb_extcap_make_printable(argument, shown, sizeof shown);
            fail(options, shown, NULL, "is not a valid option; see --help");
            return;
        }
        if (names[name].takes == TAKES_VALUE && !value && i + 1 < argc)
            value = argv[++i];
        if (names[name].takes == TAKES_NOTHING && value)
            fail(options, names[name].name, value, "takes no value");
        else if (names[name].takes == TAKES_VALUE && !value)
            fail(options, names[name].name, NULL, "needs a value");
        else if (values[name])
            fail(options, names[name].name, NULL, "is given twice");
        values[name] = value ? value : "";
    }
}

static int digit_value(char digit)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *found = digit ? strchr(digits, digit) : NULL;
    if (!found)
        return -1;
    int value = (int)(found - digits);
    return value < 16 ? value : value - 6;
}

/* A number of `text`, digits of the base only; false if there is anything else, or more than `most`. */
static bool read_number(const char *text, int base, uint32_t most, uint32_t *number)
{
    uint64_t value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        int digit = digit_value(*text);
        if (digit < 0 || digit >= base)
            return false;
        value = value * (unsigned)base + (unsigned)digit;
        if (value > most)
            return false;
    }
    *number = (uint32_t)value;
    return true;
}

static void read_decimal(struct btbb_extcap_options *options, const char *values[], enum name name, uint32_t most,
                         const char *valid, struct btbb_extcap_number *number)
{
    if (!values[name] || !*values[name])
        return;
    number->given = true;
    if (!read_number(values[name], 10, most, &number->value))
        fail(options, names[name].name, values[name], valid);
}

/* Hexadecimal digits, exactly `bytes` pairs of them, with or without colons between the pairs. */
static void read_address(struct btbb_extcap_options *options, const char *values[], enum name name, size_t bytes,
                         const char *valid, struct btbb_extcap_number *number)
{
    char digits[2 * 3 + 1];
    const char *text = values[name];
    if (!text || !*text)
        return;
    size_t count = 0, colons = 0;
    for (size_t i = 0; text[i] && count < 2 * bytes; i++) {
        if (text[i] == ':' && i % 3 == 2)
            colons++;
        else
            digits[count++] = text[i];
    }
    digits[count] = '\0';
    number->given = true;
    if (count != 2 * bytes || strlen(text) != count + colons || (colons > 0 && colons != bytes - 1) ||
        !read_number(digits, 16, 0xffffff, &number->value))
        fail(options, names[name].name, text, valid);
}

static void read_mode(struct btbb_extcap_options *options, const char *mode)
{
    options->survey = mode && strcmp(mode, mode_words[1]) == 0;
    if (mode && *mode && !options->survey && strcmp(mode, mode_words[0]) != 0)
        fail(options, names[NAME_MODE].name, mode, "must be follow or survey");
}

static void read_capture(struct btbb_extcap_options *options, const char *values[])
{
    read_address(options, values, NAME_LAP, 3, "must be six hexadecimal digits, like 4831dd", &options->lap);
    read_address(options, values, NAME_UAP, 1, "must be two hexadecimal digits", &options->uap);
    read_decimal(options, values, NAME_CHANNEL, 78, "must be 0 to 78", &options->channel);
    read_decimal(options, values, NAME_SECONDS, 86400, "must be 0 to 86400", &options->seconds);
    read_decimal(options, values, NAME_DEVICE, 7, "must be 0 to 7", &options->device);
    read_mode(options, values[NAME_MODE]);
    if (options->uap.given && !options->lap.given)
        fail(options, names[NAME_UAP].name, NULL, "needs --lap: an UAP alone names no piconet");
    if (options->survey && options->lap.given)
        fail(options, names[NAME_LAP].name, NULL, "cannot be given with --mode=survey, which looks for every LAP");
    if (options->filter)
        fail(options, names[NAME_FILTER].name, NULL,
             "capture filters are not supported for this interface; use a display filter, like btbb.lap == 48:31:dd");
    options->fifo = values[NAME_FIFO];
    if (!options->fifo || !*options->fifo)
        fail(options, names[NAME_FIFO].name, NULL, "is needed for --capture: the named pipe to write to");
}

static const struct {
    enum name name;
    enum btbb_extcap_action action;
    bool needs_interface;
} actions[] = {
    {NAME_HELP, BTBB_EXTCAP_HELP, false},
    {NAME_PROGRAM_VERSION, BTBB_EXTCAP_VERSION, false},
    {NAME_INTERFACES, BTBB_EXTCAP_INTERFACES, false},
    {NAME_DLTS, BTBB_EXTCAP_DLTS, true},
    {NAME_CONFIG, BTBB_EXTCAP_CONFIG, true},
    {NAME_CAPTURE, BTBB_EXTCAP_CAPTURE, true},
    {NAME_FILTER, BTBB_EXTCAP_CHECK_FILTER, true},
    {NAME_WIRESHARK_VERSION, BTBB_EXTCAP_VERSION, false},
};

static void choose_action(struct btbb_extcap_options *options, const char *values[])
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        const char *interface = values[NAME_INTERFACE];
        if (!values[actions[i].name])
            continue;
        options->action = actions[i].action;
        if (actions[i].needs_interface && (!interface || strcmp(interface, BTBB_EXTCAP_INTERFACE) != 0))
            fail(options, names[NAME_INTERFACE].name, interface, "must be " BTBB_EXTCAP_INTERFACE);
        return;
    }
    options->action = BTBB_EXTCAP_HELP;
}

void btbb_extcap_parse(int argc, char *argv[], struct btbb_extcap_options *options)
{
    const char *values[NAME_COUNT] = {0};
    *options = (struct btbb_extcap_options){.action = BTBB_EXTCAP_USAGE_ERROR};
    collect(argc, argv, values, options);
    if (options->error[0])
        return;
    options->filter = values[NAME_FILTER] && *values[NAME_FILTER] ? values[NAME_FILTER] : NULL;
    choose_action(options, values);
    if (options->action == BTBB_EXTCAP_CAPTURE)
        read_capture(options, values);
}
