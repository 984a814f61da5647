/* columns.c: the columns of every view.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/columns.h"

#include <string.h>

#define COUNT BTBB_VALUE_COUNT
#define TEXT  BTBB_VALUE_TEXT
#define REAL  BTBB_VALUE_REAL
#define EPOCH BTBB_VALUE_EPOCH
#define TIME  BTBB_VALUE_TIME

static const struct btbb_column_info summary[] = {
    {"key", "Key", TEXT, .help = "name of the number, see below", .only = BTBB_ONLY_MACHINES},
    {"label", "Summary", TEXT, .help = "the same as a phrase", .only = BTBB_ONLY_TABLES},
    {"value", "Value", BTBB_VALUE_NONE, .help = "the number"},
};

const struct btbb_column_info btbb_summary_rows[BTBB_SUMMARY_ROWS] = {
    [BTBB_SUMMARY_PACKETS] = {"packets", "Packets", COUNT, .help = "frames with a LAP"},
    [BTBB_SUMMARY_ACCESS_CODES] = {"access_codes", "Access codes only (ID)", COUNT,
                                   .help = "packets without a header, or with none that could be decoded"},
    [BTBB_SUMMARY_HEADERS] = {"headers", "With packet header", COUNT, .help = "packets whose header counts"},
    [BTBB_SUMMARY_UNDECODED] = {"undecoded", "With an undecoded header", COUNT,
                                .help = "packets that are more than an access code, without a header that counts"},
    [BTBB_SUMMARY_RETRANSMISSIONS] =
        {"retransmissions", "Retransmissions", COUNT,
         .help = "packets with the SEQN and CRC of the previous one on the same link and direction"},
    [BTBB_SUMMARY_LAPS] = {"laps", "LAPs", COUNT, .help = "clients"},
    [BTBB_SUMMARY_STRAYS] = {"strays", "LAPs seen once", COUNT, .help = "clients with exactly one packet"},
    [BTBB_SUMMARY_LAPS_WITH_HEADER] = {"laps_with_header", "LAPs with packet header", COUNT,
                                       .help = "clients with at least one header that counts"},
    [BTBB_SUMMARY_FIRST] = {"first", "First packet", EPOCH, .help = "time of the earliest packet"},
    [BTBB_SUMMARY_LAST] = {"last", "Last packet", EPOCH, .help = "time of the latest packet"},
    [BTBB_SUMMARY_DURATION] = {"duration", "Duration (s)", BTBB_VALUE_DURATION,
                               .help = "seconds from the first to the last packet"},
    [BTBB_SUMMARY_HEC_GOOD] = {"hec_good", "HEC good", COUNT, .help = "headers whose HEC matches the UAP"},
    [BTBB_SUMMARY_HEC_BAD] = {"hec_bad", "HEC bad", COUNT, .help = "headers whose HEC does not match"},
    [BTBB_SUMMARY_HEC_UNKNOWN] =
        {"hec_unknown", "HEC not verified", COUNT,
         .help = "headers whose HEC could not be checked because the UAP is not known, or whose HEC proves nothing"},
    [BTBB_SUMMARY_CRC_GOOD] = {"crc_good", "CRC good", COUNT, .help = "payloads whose CRC matches"},
    [BTBB_SUMMARY_CRC_BAD] = {"crc_bad", "CRC bad", COUNT, .help = "payloads whose CRC does not match"},
    [BTBB_SUMMARY_CRC_UNKNOWN] = {"crc_unknown", "CRC not verified", COUNT,
                                  .help = "payloads whose CRC could not be checked because the UAP is not known"},
    [BTBB_SUMMARY_CLOCK_JUMPS] = {"clock_jumps", "Clock jumps backwards", COUNT,
                                  .help = "packets more than a second earlier than the previous one of their capture"},
    [BTBB_SUMMARY_CLOCK_LOST] = {"clock_lost", "Seconds lost by these jumps", BTBB_VALUE_DURATION,
                                 .help = "sum of the differences; empty without a jump"},
    [BTBB_SUMMARY_NO_TIME] = {"no_time", "Without time stamp", COUNT, .help = "packets that are in no interval"},
    [BTBB_SUMMARY_NO_LAP] = {"no_lap", "Too short to name a LAP (not counted)", COUNT,
                             .help = "frames that are in no other count"},
};

static const struct btbb_column_info lap[] = {
    {"lap", "LAP", TEXT, .help = "LAP of the client, or `others`"},
    {"uap", "UAP", TEXT, .help = "best-known UAP, `00` when not known"},
    {"nap", "NAP", TEXT, .help = "best-known NAP, `00:00` when not known"},
    {"vendor", "Vendor", TEXT, .help = "short name in Wireshark's manufacturer data, when the NAP is known"},
    {"packets", "Packets", COUNT, .help = "packets of this client"},
    {"id", "ID", COUNT, .help = "access codes only"},
    {"non_id", "Header", COUNT, .help = "packets with a header that counts"},
    {"undecoded", "Not decoded", COUNT, .help = "packets with an undecoded header; a table shows it when there are any",
     .rare = true},
    {"to_master", "To Central", COUNT, .help = "packets known to be sent by a Peripheral"},
    {"from_master", "From Central", COUNT, .help = "packets known to be sent by the Central"},
    {"first", "First", EPOCH, .help = "time of the earliest packet"},
    {"last", "Last", EPOCH, .help = "time of the latest packet"},
};

static const struct btbb_column_info type[] = {
    {"type", "TYPE", COUNT, .help = "code, 0 to 15; empty for ID, undecoded and others"},
    {"name", "Name", TEXT,
     .help = "every packet that the code can mean; `ID`, `undecoded` (with `ids=yes`), `others` (with `top`)"},
    {"packets", "Packets", COUNT, .help = "packets of this TYPE", .bar = true},
    {"percent", "%", REAL, .help = "percent of all packets in this table"},
};

static const struct btbb_column_info lap_type[] = {
    {"lap", "LAP", TEXT, .help = "LAP of the client, or `others`"},
    {BTBB_COLUMN_SERIES, "the same", COUNT,
     .help =
         "one column for each TYPE that occurs, in the order of the codes; with `ids=yes` also `ID` and `undecoded`"},
    {"total", "Total", COUNT, .help = "sum of the row"},
};

static const struct btbb_column_info io[] = {
    {"epoch", "Epoch", EPOCH, .help = "start of the interval", .only = BTBB_ONLY_MACHINES},
    {"time", "Time", TIME, .help = "start of the interval"},
    {"packets", "Packets", COUNT, .help = "packets in this interval; with `cumulative=yes` up to its end (`by=none`)",
     .bar = true},
    {"signal", "Signal (dBm)", REAL, .help = "instead of `packets`: mean signal level in dBm (`value=signal`)"},
    {BTBB_COLUMN_SERIES, "the same", COUNT,
     .help = "instead of these: one column for each LAP, TYPE or RF channel, and `others`"},
};

static const struct btbb_column_info channel[] = {
    {"channel", "Channel", COUNT, .help = "RF channel, 0 to 78 unless the capture is damaged"},
    {"packets", "Packets", COUNT, .help = "packets on this channel", .bar = true},
    {"percent", "%", REAL, .help = "percent of all packets with a channel"},
    {"signal_mean", "Signal (dBm)", REAL, .help = "mean signal level in dBm; empty when the capture has none"},
    {"signal_max", "Max (dBm)", REAL, .help = "strongest signal level in dBm"},
    {"hec_good", "HEC good", COUNT, .help = "headers whose HEC matches"},
    {"hec_bad", "HEC bad", COUNT, .help = "headers whose HEC does not match"},
    {"crc_good", "CRC good", COUNT, .help = "payloads whose CRC matches"},
    {"crc_bad", "CRC bad", COUNT, .help = "payloads whose CRC does not match"},
};

static const struct btbb_column_info signal_levels[] = {
    {"lap", "LAP", TEXT, .help = "LAP of the client, or `others` (`by=lap`)"},
    {"channel", "Channel", COUNT, .help = "RF channel (`by=channel`)"},
    {"packets", "Packets", COUNT, .help = "packets of this client or on this channel"},
    {"signal_min", "Signal min", REAL, .help = "weakest signal level in dBm"},
    {"signal_mean", "Signal mean", REAL, .help = "mean signal level in dBm"},
    {"signal_max", "Signal max", REAL, .help = "strongest signal level in dBm"},
    {"noise_mean", "Noise mean", REAL, .help = "mean noise level in dBm"},
    {"snr_mean", "SNR mean", REAL, .help = "mean distance of signal and noise in dB, of packets with both"},
};

static const struct btbb_column_info vendors[] = {
    {"lap", "LAP", TEXT, .help = "LAP of the client"},
    {"nap", "NAP", TEXT, .help = "best-known NAP, `00:00` when not known"},
    {"uap", "UAP", TEXT, .help = "best-known UAP, `00` when not known"},
    {"oui", "OUI", TEXT,
     .help = "assigned prefix of the vendor, `70:b3:d5:a0:00:00/28` when it is longer than 24 bits; empty without a "
             "vendor"},
    {"vendor", "Vendor", TEXT,
     .help = "the vendor when the NAP is known; one row for each possible vendor when only the UAP is known"},
};

#define FLAG BTBB_VALUE_FLAG

static const struct btbb_column_info packets[] = {
    {"file", "File", TEXT, .help = "name of the capture; only when several are read, and not in a table"},
    {"frame", "Frame", COUNT, .help = "number of the frame in its capture, from 1", .width = 8},
    {"epoch", "Epoch", EPOCH, .help = "time of the packet"},
    {"time", "Time", TIME, .help = "time of the packet", .width = 32},
    {"lap", "LAP", TEXT, .help = "LAP of the client", .width = 8},
    {"uap", "UAP", TEXT, .help = "UAP, best known up to this packet"},
    {"nap", "NAP", TEXT, .help = "NAP, best known up to this packet"},
    {"name", "Name", TEXT, .help = "name of the device"},
    {"class", "Class", TEXT, .help = "`id` (access code only), `header` (a header that counts) or `undecoded`"},
    {"type", "TYPE", COUNT, .help = "TYPE code, 0 to 15"},
    {"type_name", "Type", TEXT, .help = "every packet that the code can mean", .width = 13},
    {"kind", "Kind", TEXT, .help = "the packet that it is, such as `2-DH1`", .width = 5},
    {"lt_addr", "LT_ADDR", COUNT, .help = "LT_ADDR, 0 to 7", .width = 7},
    {"to_master", "To Central", FLAG, .help = "physical direction: `true` when a Peripheral sent the packet",
     .width = 10},
    {"payload", "Payload", COUNT, .help = "bytes of payload on the wire, with payload header and CRC"},
    {"clk", "CLK", COUNT, .help = "clock as the capture has it"},
    {"channel", "Channel", COUNT, .help = "RF channel", .width = 7},
    {"signal", "Signal", COUNT, .help = "signal level in dBm"},
    {"noise", "Noise", COUNT, .help = "noise level in dBm"},
    {"hec", "HEC", TEXT, .help = "`good`, `bad` or `unverified`"},
    {"crc", "CRC", TEXT, .help = "`good`, `bad` or `unverified`"},
    {"llid", "LLID", COUNT, .help = "LLID of the payload header, 0 to 3"},
    {"length", "Length", COUNT, .help = "LENGTH of the payload header in bytes"},
    {"flow", "FLOW", COUNT, .help = "FLOW bit of the packet header"},
    {"arqn", "ARQN", COUNT, .help = "ARQN bit of the packet header"},
    {"seqn", "SEQN", COUNT, .help = "SEQN bit of the packet header"},
    {"uap_source", "UAP source", TEXT,
     .help = "where the UAP comes from: `file`, `reference`, `HEC`, `CRC`, `FHS` or `reserved`"},
    {"dir_source", "Direction source", TEXT,
     .help = "what proves the direction: `clock`, `role`, `POLL`, `LMP` or `flags`"},
};

#define COLUMNS(table)                                                                                                 \
    {                                                                                                                  \
        (table), sizeof(table) / sizeof(table)[0]                                                                      \
    }

const struct btbb_columns btbb_columns[BTBB_VIEW_COUNT] = {
    [BTBB_VIEW_SUMMARY] = COLUMNS(summary),
    [BTBB_VIEW_LAP] = COLUMNS(lap),
    [BTBB_VIEW_TYPE] = COLUMNS(type),
    [BTBB_VIEW_LAP_TYPE] = COLUMNS(lap_type),
    [BTBB_VIEW_IO] = COLUMNS(io),
    [BTBB_VIEW_CHANNEL] = COLUMNS(channel),
    [BTBB_VIEW_SIGNAL] = COLUMNS(signal_levels),
    [BTBB_VIEW_VENDORS] = COLUMNS(vendors),
    [BTBB_VIEW_REPORT] = {NULL, 0},
    [BTBB_VIEW_PACKETS] = COLUMNS(packets),
};

const struct btbb_column_info *btbb_column_find(enum btbb_view view, const char *key)
{
    const struct btbb_columns *columns = &btbb_columns[view];

    for (size_t i = 0; i < columns->count; i++)
        if (strcmp(columns->columns[i].key, key) == 0)
            return &columns->columns[i];
    return NULL;
}
