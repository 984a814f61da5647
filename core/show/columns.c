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
                                   .help = "packets of which nothing but the access code was received"},
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
    [BTBB_SUMMARY_OTHER_RECORDS] =
        {"other_records", "Low Energy, statistics (not counted)", COUNT,
         .help = "records of Low Energy packets and of statistics, in the same formats: in no other count"},
    [BTBB_SUMMARY_OTHER_FRAMES] = {"other_frames", "Other frames (not counted)", COUNT,
                                   .help = "frames that are in no other count, such as HCI; empty where no "
                                           "packet was seen or packets are selected (`lap`, `from`, `to`, a display "
                                           "filter), and until the end of a capture that is followed"},
};

static const struct btbb_column_info lap[] = {
    {"lap", "LAP", TEXT, .help = "LAP of the client, or `others`"},
    {"uap", "UAP", TEXT, .help = "best-known UAP, `00` when not known"},
    {"nap", "NAP", TEXT, .help = "best-known NAP, `00:00` when not known"},
    {"vendor", "Vendor", TEXT, .help = "short name in Wireshark's manufacturer data, when the NAP is known"},
    {"name", "Name", TEXT, .help = "name of the device; a table shows it when one is known", .rare = true},
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
    {"file", "File", TEXT,
     .help = "name of the capture; only when several are read, and not in a table; `columns` does not name it"},
    {"frame", "Frame", COUNT, .help = "number of the frame in its capture, from 1", .width = 8, .listed = true},
    {"epoch", "Epoch", EPOCH, .help = "time of the packet", .width = 20},
    {"time", "Time", TIME, .help = "time of the packet", .width = 35, .listed = true},
    {"lap", "LAP", TEXT, .help = "LAP of the client", .width = 8, .listed = true},
    {"uap", "UAP", TEXT, .help = "UAP, best known up to this packet"},
    {"nap", "NAP", TEXT, .help = "NAP, best known up to this packet", .width = 5},
    {"name", "Name", TEXT, .help = "name of the client, where this or an earlier packet has shown it", .width = 16},
    {"class", "Class", TEXT, .help = "`id` (access code only), `header` (a header that counts) or `undecoded`",
     .width = 9},
    {"type", "TYPE", COUNT, .help = "TYPE code, 0 to 15"},
    {"type_name", "Type", TEXT, .help = "every packet that the code can mean", .width = 13, .listed = true},
    {"kind", "Kind", TEXT, .help = "the packet that it is, such as `2-DH1`", .width = 5, .listed = true},
    {"lt_addr", "LT_ADDR", COUNT, .help = "LT_ADDR, 0 to 7", .width = 7, .listed = true},
    {"to_master", "To Central", FLAG, .help = "physical direction: `true` when a Peripheral sent the packet",
     .width = 10, .listed = true},
    {"payload", "Payload", COUNT, .help = "bytes of payload on the wire, with payload header and CRC"},
    {"clk", "CLK", COUNT, .help = "clock as the capture has it", .width = 9},
    {"channel", "Channel", COUNT, .help = "RF channel", .width = 7, .listed = true},
    {"signal", "Signal", COUNT, .help = "signal level in dBm"},
    {"noise", "Noise", COUNT, .help = "noise level in dBm"},
    {"hec", "HEC", TEXT, .help = "`good`, `bad` or `unverified`", .width = 10},
    {"crc", "CRC", TEXT, .help = "`good`, `bad` or `unverified`", .width = 10},
    {"llid", "LLID", COUNT, .help = "LLID of the payload header, 0 to 3"},
    {"length", "Length", COUNT, .help = "LENGTH of the payload header in bytes"},
    {"flow", "FLOW", COUNT, .help = "FLOW bit of the packet header"},
    {"arqn", "ARQN", COUNT, .help = "ARQN bit of the packet header"},
    {"seqn", "SEQN", COUNT, .help = "SEQN bit of the packet header"},
    {"uap_source", "UAP source", TEXT,
     .help = "where the UAP comes from: `file`, `reference`, `HEC`, `CRC`, `FHS`, `LMP` or `reserved`", .width = 9},
    {"dir_source", "Direction source", TEXT,
     .help = "what proves the direction: `clock`, `role`, `POLL`, `LMP`, `flags`, `found clock` or `slot phase`",
     .width = 11},
    {"clk27", "CLK27-1", COUNT, .help = "clock of the piconet, bits 27 to 1, in the slot in which the packet starts",
     .width = 9},
    {"clk_source", "Clock source", TEXT,
     .help = "where it comes from: `file`, `offset`, `FHS` or `hops`; `phase`: the direction alone"},
    {"clk_confidence", "Clock confidence", REAL, .help = "probability that this is right, 0 to 1"},
};

/* Columns of one device of a connection. */
#define DEVICE(n, who)                                                                                                 \
    {"role" n, "Role " n, TEXT,                                                                                        \
     .help = "role of device " n ": `" who "`; where the roles are not known `capturing device`, "                     \
             "`other device` or `unknown`"},                                                                           \
        {"device" n, "Device " n, TEXT, .help = "its address, as far as it is known"},                                 \
        {"name" n, "Name " n, TEXT, .help = "its name", .only = BTBB_ONLY_MACHINES},                                   \
        {"version" n, "Version " n, TEXT, .help = "Core Specification of its LMP version",                             \
         .only = BTBB_ONLY_MACHINES},                                                                                  \
        {"company" n, "Company " n, TEXT, .help = "company of its controller", .only = BTBB_ONLY_MACHINES},            \
        {"features" n, "Features " n, TEXT,                                                                            \
         .help = "features that it announces; a question mark after those that are not known",                         \
         .only = BTBB_ONLY_MACHINES},                                                                                  \
    {                                                                                                                  \
        "io" n, "IO capability " n, TEXT, .help = "IO capability that it announces for pairing",                       \
                                          .only = BTBB_ONLY_MACHINES                                                   \
    }

static const struct btbb_column_info links[] = {
    {"file", "File", TEXT, .help = "name of the capture; only when several are read"},
    {"link", "Link", COUNT, .help = "number of the connection in its capture, from 1"},
    {"first", "First", EPOCH, .help = "time of its first packet"},
    {"last", "Last", EPOCH, .help = "time of its last packet", .only = BTBB_ONLY_MACHINES},
    {"from_start", "From start", TEXT, .help = "`yes` when the capture has its set-up, otherwise `no`",
     .only = BTBB_ONLY_MACHINES},
    {"lt_addr", "LT_ADDR", COUNT, .help = "LT_ADDR of the Peripheral, 1 to 7", .only = BTBB_ONLY_MACHINES},
    DEVICE("1", "Central"),
    DEVICE("2", "Peripheral"),
    {"pairing", "Pairing", TEXT,
     .help = "`none`, `PIN` (legacy pairing), `Just Works`, `numeric comparison`, `numeric comparison or Just Works`, "
             "`passkey entry`, `out of band` or `unknown`"},
    {"pairing_result", "Pairing result", TEXT, .help = "`done`, `failed` or `unfinished`", .only = BTBB_ONLY_MACHINES},
    {"pairing_started", "Pairing started", EPOCH, .help = "time of its first PDU", .only = BTBB_ONLY_MACHINES},
    {"pairing_finished", "Pairing finished", EPOCH, .help = "time of its end", .only = BTBB_ONLY_MACHINES},
    {"authentication", "Authentication", TEXT,
     .help = "who has proven to have the link key: `mutual`, `one-sided`, `not known which` or `none seen`"},
    {"authentication_kind", "Authentication kind", TEXT, .help = "the last one: `legacy`, `secure` or `unknown`",
     .only = BTBB_ONLY_MACHINES},
    {"encryption", "Encryption", TEXT,
     .help = "cipher of the last encryption: `E0`, `AES-CCM` or `E0 or AES-CCM`; `encrypted` when its start was not "
             "seen; `none`, `refused` or `unknown`"},
    {"encryption_state", "Encryption state", TEXT, .help = "at the end: `on`, `off`, `paused` or `unknown`",
     .only = BTBB_ONLY_MACHINES},
    {"key_asked", "Key asked", COUNT, .help = "bytes of the key that was asked for first", .only = BTBB_ONLY_MACHINES},
    {"key_asked_by", "Key asked by", TEXT, .help = "role of the device that asked for it", .only = BTBB_ONLY_MACHINES},
    {"key_size", "Key", COUNT, .help = "bytes of the key that was agreed on last"},
    {"encryption_started", "Encryption started", EPOCH, .help = "time of the first start that was accepted",
     .only = BTBB_ONLY_MACHINES},
    {"encryption_stopped", "Encryption stopped", EPOCH, .help = "time of the end of the last encryption",
     .only = BTBB_ONLY_MACHINES},
    {"decryption", "Decryption", TEXT,
     .help = "whether its encrypted payloads were decrypted: `good`, `partly`, or the status of most of them (see "
             "docs/decryption.md); `not encrypted`, `by controller`, `no keys given` or `no encrypted payloads`",
     .only = BTBB_ONLY_MACHINES},
    {"encrypted", "Encrypted", COUNT, .help = "payloads that were encrypted, or may have been; only with keys",
     .only = BTBB_ONLY_MACHINES},
    {"decrypted", "Decrypted", COUNT, .help = "of them, those that were decrypted; only with keys",
     .only = BTBB_ONLY_MACHINES},
    {"missing", "Missing", TEXT, .help = "what was missing to decrypt the others, in words",
     .only = BTBB_ONLY_MACHINES},
    {"pauses", "Pauses", COUNT, .help = "number of times that encryption was paused", .only = BTBB_ONLY_MACHINES},
    {"paused", "Paused", EPOCH, .help = "time of the last pause", .only = BTBB_ONLY_MACHINES},
    {"resumed", "Resumed", EPOCH, .help = "time of the last resumption", .only = BTBB_ONLY_MACHINES},
    {"refused", "Refused", EPOCH, .help = "time of the last refusal of encryption", .only = BTBB_ONLY_MACHINES},
    {"refusal", "Refusal", TEXT, .help = "the PDU that was refused, and the error", .only = BTBB_ONLY_MACHINES},
    {"role_switches", "Role switches", COUNT, .help = "role switches", .only = BTBB_ONLY_MACHINES},
    {"role_switched", "Role switched", EPOCH, .help = "time of the last role switch", .only = BTBB_ONLY_MACHINES},
    {"sniff", "Sniff", EPOCH, .help = "time at which sniff mode was accepted first", .only = BTBB_ONLY_MACHINES},
    {"end", "End", TEXT, .help = "`detached`; `replaced` when the devices connected anew; `open` when no end was seen",
     .only = BTBB_ONLY_MACHINES},
    {"detached", "Detached", EPOCH, .help = "time of LMP_detach", .only = BTBB_ONLY_MACHINES},
    {"detached_by", "Detached by", TEXT, .help = "role of its sender", .only = BTBB_ONLY_MACHINES},
    {"detach_reason", "Detach reason", TEXT, .help = "its error code", .only = BTBB_ONLY_MACHINES},
    {"lmp", "LMP", COUNT, .help = "LMP packets, without faulty ones and retransmissions", .only = BTBB_ONLY_MACHINES},
    {"data", "Data", COUNT, .help = "packets with L2CAP data that could be read", .only = BTBB_ONLY_MACHINES},
    {"clear_data", "Clear data", COUNT, .help = "of them, sent while encryption was off or paused",
     .only = BTBB_ONLY_MACHINES},
    {"retransmissions", "Retransmissions", COUNT, .help = "packets that were sent again", .only = BTBB_ONLY_MACHINES},
    {"faulty", "Faulty", COUNT, .help = "LMP packets with an unknown opcode or of the wrong length",
     .only = BTBB_ONLY_MACHINES},
    {"findings", "Findings", TEXT, .help = "keys of its findings, separated by spaces (see `findings`)",
     .only = BTBB_ONLY_MACHINES},
    {"gaps", "Not known", TEXT, .help = "keys of what is not known of it, separated by spaces (see `findings`)",
     .only = BTBB_ONLY_MACHINES},
};

static const struct btbb_column_info findings[] = {
    {"file", "File", TEXT, .help = "name of the capture; only when several are read"},
    {"link", "Link", COUNT, .help = "number of the connection in its capture, from 1"},
    {"kind", "Kind", TEXT, .help = "`finding`, or `gap` for what the capture does not show"},
    {"key", "Key", TEXT, .help = "key of the finding or gap, see docs/links.md"},
    {"frames", "Frames", TEXT, .help = "numbers of the frames that prove it, separated by spaces"},
    {"text", "Meaning", TEXT, .help = "the finding or gap in words", .rest = true},
    {"limit", "Limit", TEXT, .help = "what a finding leaves open", .only = BTBB_ONLY_MACHINES},
};

static const struct btbb_column_info timeline[] = {
    {"file", "File", TEXT, .help = "name of the capture; only when several are read"},
    {"frame", "Frame", COUNT, .help = "number of the frame in its capture, from 1"},
    {"epoch", "Epoch", EPOCH, .help = "time of the packet", .only = BTBB_ONLY_MACHINES},
    {"time", "Time", TIME, .help = "time of the packet"},
    {"clk", "CLK", COUNT, .help = "CLK27-1 of the piconet; a table shows it when the capture has it", .rare = true},
    {"link", "Link", COUNT, .help = "number of the connection, see `links`; empty while it is not known"},
    {"lt_addr", "LT_ADDR", COUNT, .help = "LT_ADDR of the Peripheral, 1 to 7", .only = BTBB_ONLY_MACHINES},
    {"who", "Sender", TEXT,
     .help =
         "`Central` or `Peripheral`; where the roles are not known `capturing device`, `other device` or `unknown`"},
    {"event", "Event", TEXT,
     .help = "name of the LMP PDU; `FHS` of a page response or role switch; `L2CAP data`: the first packet of a "
             "connection, and the first one after encryption has changed"},
    {"request", "Request", COUNT, .help = "frame of the request that it answers", .rare = true},
    {"elapsed", "After (s)", BTBB_VALUE_DURATION, .help = "seconds since that request"},
    {"details", "Details", TEXT, .help = "the parameters that matter", .rest = true},
    {"encryption", "Encryption", TEXT, .help = "state after the packet: `on`, `off`, `paused` or `unknown`",
     .only = BTBB_ONLY_MACHINES},
    {"key_size", "Key", COUNT, .help = "bytes of the encryption key on whose size the packet agrees",
     .only = BTBB_ONLY_MACHINES},
    {"findings", "Findings", TEXT, .help = "keys of the findings that the packet completes, separated by spaces",
     .only = BTBB_ONLY_MACHINES},
};

static const struct btbb_column_info piconets[] = {
    {"file", "File", TEXT, .help = "name of the capture; only when several are read"},
    {"lap", "LAP", TEXT, .help = "LAP of the piconet: that of its Central"},
    {"uap", "UAP", TEXT, .help = "best-known UAP, `00` when not known"},
    {"nap", "NAP", TEXT, .help = "best-known NAP, `00:00` when not known"},
    {"part", "Part", COUNT, .help = "number of the part of the piconet's packets, from 1", .only = BTBB_ONLY_MACHINES},
    {"frame", "Frame", COUNT, .help = "number of the first frame of this part", .only = BTBB_ONLY_MACHINES},
    {"first", "First", EPOCH, .help = "time of its first packet"},
    {"span", "Span (s)", BTBB_VALUE_DURATION, .help = "seconds from its first to its last packet"},
    {"packets", "Packets", COUNT, .help = "packets of the piconet in this part"},
    {"explained", "Explained", COUNT,
     .help = "packets that slots and hops of the clock explain; source `phase`: slots; source `file` and `offset`: "
             "hops, empty where the RF channels do not follow the clock"},
    {"unexplained", "Not explained", COUNT,
     .help =
         "packets after the first explained one that they do not explain; packets without RF channel are in neither"},
    {"slots", "Slots (%)", REAL, .help = "percent of the slots of the span in which an explained packet starts"},
    {"clk", "CLK27-1", COUNT, .help = "clock of the piconet, bits 27 to 1 (units of 625 us), at the first packet"},
    {"source", "Source", TEXT,
     .help = "where it comes from: `file`, `offset`, `FHS` or `hops`; `phase`: the direction alone; empty: nothing was "
             "found. With an empty `clk`, several clocks are left"},
    {"confidence", "Confidence", REAL,
     .help = "probability that the clock is right, or without one the direction, 0 to 1; 1 only where the file has it",
     .only = BTBB_ONLY_MACHINES},
    {"sure", "Sure (%)", REAL, .help = "the same in percent", .only = BTBB_ONLY_TABLES},
    {"twins", "Twins", COUNT, .help = "number of other clocks that explain the packets as well",
     .only = BTBB_ONLY_MACHINES},
    {"clks", "Possible clocks", TEXT,
     .help =
         "where several clocks explain the packets as well: those that are left, at the first packet, most probable "
         "first, at most 8, separated by spaces",
     .only = BTBB_ONLY_MACHINES},
    {"drift", "Drift (ppm)", REAL,
     .help = "parts per million by which the capturing device's clock is faster than the piconet's; empty below 8 "
             "packets or 1 second"},
    {"jump", "Jump (s)", BTBB_VALUE_DURATION,
     .help = "seconds by which the capturing device's clock has jumped since the part before, where both have clocks",
     .rare = true},
    {"hopping", "Hopping", TEXT, .help = "sequence of hops at the end of the part: `basic` or `adapted`",
     .only = BTBB_ONLY_MACHINES},
    {"map", "Map", TEXT,
     .help = "RF channels that the adapted sequence uses at the end of the part, as far as hops show: 20 hexadecimal "
             "digits, channel 0 in the lowest bit",
     .only = BTBB_ONLY_MACHINES},
    {"map_known", "Map known", TEXT, .help = "RF channels of which hops show whether they are used, in the same form",
     .only = BTBB_ONLY_MACHINES},
    {"maps", "Maps", COUNT, .help = "maps of the part that hops show", .only = BTBB_ONLY_MACHINES},
    {"lmp_map", "LMP map", TEXT, .help = "map of the latest `LMP_set_AFH` up to the end of the part, in the same form",
     .only = BTBB_ONLY_MACHINES},
    {"lmp_frame", "LMP frame", COUNT, .help = "number of its frame", .only = BTBB_ONLY_MACHINES},
    {"lmp_instant", "LMP instant", COUNT, .help = "CLK27-1 from which on it holds", .only = BTBB_ONLY_MACHINES},
    {"lmp_epoch", "LMP time", EPOCH, .help = "the same as a time, where the part has a clock",
     .only = BTBB_ONLY_MACHINES},
    {"lmp_maps", "LMP maps", COUNT, .help = "different `LMP_set_AFH` in the part", .only = BTBB_ONLY_MACHINES},
    {"ended_by", "Ended by", TEXT,
     .help = "what ended the part: `end` of the capture, `silence`, time stamps that jumped `backward`, `lost`: slots "
             "and hops do not fit any longer, `address`: another UAP, `limit`: there was too much to remember",
     .only = BTBB_ONLY_MACHINES},
    {"reason", "No clock because", TEXT, .help = "why there is no clock", .only = BTBB_ONLY_MACHINES},
    {"details", "AFH map, or why there is no clock", TEXT,
     .help = "79 characters from channel 0 on: `#` used, `.` not used, `?` not known; after `hops` those that the hops "
             "show, after `LMP` those of `LMP_set_AFH`",
     .only = BTBB_ONLY_TABLES, .rest = true},
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
    [BTBB_VIEW_LINKS] = COLUMNS(links),
    [BTBB_VIEW_FINDINGS] = COLUMNS(findings),
    [BTBB_VIEW_TIMELINE] = COLUMNS(timeline),
    [BTBB_VIEW_PICONETS] = COLUMNS(piconets),
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
