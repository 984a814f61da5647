/* main.c: the extcap program ubertooth-btbb. Wireshark runs it to list its interface and to capture from an Ubertooth.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <limits.h>
#include <stdio.h>

#include "capture.h"
#include "child.h"
#include "options.h"

static const char usage[] =
    "ubertooth-btbb: capture Bluetooth BR/EDR from an Ubertooth, live in Wireshark.\n"
    "\n"
    "Wireshark runs this program, from its folder for extcap programs: select the interface\n"
    "\"Ubertooth: Bluetooth BR/EDR\" in the window, or run: tshark -i " BTBB_EXTCAP_INTERFACE "\n"
    "\n"
    "  --extcap-interfaces                               list the interface, if ubertooth-rx is installed\n"
    "  --extcap-dlts --extcap-interface NAME             list its link type\n"
    "  --extcap-config --extcap-interface NAME           list its options\n"
    "  --capture --extcap-interface NAME --fifo PIPE     capture into a named pipe, with these options:\n"
    "      --lap=LAP --uap=UAP    follow this piconet\n"
    "      --mode=follow|survey   discover piconets and follow one, or look for all\n"
    "      --channel=N            stay on one RF channel, 0 to 78\n"
    "      --seconds=N            stop by itself\n"
    "      --device=N             which of several Ubertooths, 0 to 7\n"
    "  --extcap-version, --version\n";

static void print_interfaces(void)
{
    char path[PATH_MAX];
    printf("extcap {version=" BTBB_VERSION "}{help=file://" BTBB_DOCUMENTS "/docs/capturing.md}\n");
    if (btbb_child_find(path, sizeof path))
        printf("interface {value=" BTBB_EXTCAP_INTERFACE "}{display=Ubertooth: Bluetooth BR/EDR}\n");
}

int main(int argc, char *argv[])
{
    struct btbb_extcap_options options;
    btbb_extcap_parse(argc, argv, &options);
    switch (options.action) {
    case BTBB_EXTCAP_USAGE_ERROR:
        btbb_extcap_report("%s", options.error);
        return 2;
    case BTBB_EXTCAP_HELP:
        fputs(usage, stdout);
        break;
    case BTBB_EXTCAP_VERSION:
        puts("ubertooth-btbb " BTBB_VERSION);
        break;
    case BTBB_EXTCAP_INTERFACES:
        print_interfaces();
        break;
    case BTBB_EXTCAP_DLTS:
        puts("dlt {number=255}{name=BLUETOOTH_BREDR_BB}{display=Bluetooth BR/EDR baseband}");
        break;
    case BTBB_EXTCAP_CONFIG:
        btbb_extcap_print_config();
        break;
    case BTBB_EXTCAP_CHECK_FILTER:
        if (options.filter)
            puts("Capture filters are not supported for this interface; use a display filter.");
        break;
    case BTBB_EXTCAP_CAPTURE:
        return btbb_extcap_capture(&options);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
