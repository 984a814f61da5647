#!/usr/bin/env python3
"""Write the sample captures, byte for byte the same each time, and the table in README.md that describes them.

    make_samples.py [FOLDER]      FOLDER: where to write (default: the folder of this file, with the table)

The keys of encrypted samples go into the folder keys/ in it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import hashlib
import re
import struct
import sys
from collections import namedtuple
from pathlib import Path

import btbb_encode as e
import encode_hci
import sample_carriers
import sample_controllers
import sample_encrypted
import sample_esp32
import sample_hops
import sample_links
import sample_oddities
import sample_profiles
import sample_security
import sample_traffic

HERE = Path(__file__).resolve().parent
TABLE_BEGIN, TABLE_END = "<!-- table: written by make_samples.py -->", "<!-- end of table -->"

LAP, UAP, NAP = 0x5A3C21, 0x47, 0x0002


# Body sizes that leave one kind only: above the basic rate maximum where an EDR kind has the same layout.
BODY_SIZES = {"DM1": 17, "DH1": 27, "2-DH1": 54, "HV1": 10, "HV2": 20, "2-EV3": 60, "HV3": 30, "EV3": 20, "3-EV3": 90,
              "DV": 9, "3-DH1": 83, "AUX1": 29, "DM3": 121, "2-DH3": 367, "DH3": 183, "3-DH3": 552, "EV4": 120,
              "2-EV5": 360, "EV5": 180, "3-EV5": 540, "DM5": 224, "2-DH5": 679, "DH5": 339, "3-DH5": 1021}


def body_of(kind):
    if kind == "FHS":
        return e.fhs_body(LAP, UAP, NAP, 0x240404, 3, 0x155AA)
    size = BODY_SIZES.get(kind, 0)
    if e.KINDS[kind].header and size >= 4:
        return e.filler(size)
    return bytes((0x55 + 7 * i) & 0xFF for i in range(size))


def every_type():
    """One legacy frame of each packet kind, Central and Peripheral in turn, 27 clock bits and the NAP known."""
    frames = []
    for i, kind in enumerate(e.KINDS):
        clk = 0x2345678 + 2 * i + (kind != "POLL" and i % 2)
        frames.append(e.legacy(LAP, kind, uap=UAP, nap=NAP, body=body_of(kind), clk=clk, channel=3 * i % 79,
                               meta_flags=3, voice=bytes(range(10)), seqn=i // 2 % 2))
    return e.pcap(e.stamped(frames))


def every_type_rf():
    """Each packet kind with its transport and rate, then everything else that a record of LINKTYPE 255 can contain."""
    records = [e.rf(LAP, kind, UAP, body_of(kind), channel=i, signal=-40 - i, noise=-90,
                    payload_options={"voice": bytes(range(10))}) for i, kind in enumerate(e.KINDS)]
    records += sample_oddities.rf_special(LAP, UAP)
    return e.pcap(e.stamped(records, 1_250_001), e.LINKTYPE_BREDR_BB, nano=True, snaplen=2048)


# build: () -> bytes of the file; about: what is in it.
Sample = namedtuple("Sample", "build about")
SAMPLES = {
    "pandas_demo.pcapbtbb": Sample(
        sample_traffic.pandas_demo,
        "Stand-in for the notebook's own file: two piconets on one channel for five minutes, and strays. Local time "
        "is four hours behind UTC (US Eastern): 2012-06-13 21:06:11 to 21:11:08 with `TZ=America/New_York`"),
    "every_type.pcapbtbb": Sample(every_type, "one legacy frame of each of the 27 packet kinds"),
    "every_type_rf.pcap": Sample(
        every_type_rf, "each packet kind with its transport and rate; then access codes, whitened, bad HEC or CRC, UAP "
        "unknown, MIC, reserved bits, too short; nanoseconds"),
    "interfaces.pcapng": Sample(
        sample_oddities.interfaces, "both link types on four interfaces, packet flags inbound and outbound, Bluetooth "
        "options"),
    "damaged.pcapbtbb": Sample(
        sample_oddities.damaged, "truncated, padded, reserved bits, bad HEC and CRC, LENGTH beyond data and type, "
        "foreign frames"),
    "lmp.pcapbtbb": Sample(sample_links.lmp, "LMP: a link is set up, secured and closed"),
    "l2cap.pcapbtbb": Sample(
        sample_links.l2cap, "L2CAP: SDP and HID connections, messages in fragments, retransmissions, a lost fragment"),
    "internalblue.pcapng": Sample(
        sample_links.internalblue, "LMP as InternalBlue writes it: both addresses, no clock, no HEC, no CRC, time of "
        "day only"),
    "fhs.pcapbtbb": Sample(
        sample_links.fhs, "inquiry and page: FHS packets contain NAP and UAP of LAPs seen before and after"),
    "emulator.pcap": Sample(
        sample_oddities.emulator, "LINKTYPE 255 as emulators of controllers write it: no CRC, LAPs of 8 bits, milliseconds "
        "stored as microseconds"),
    "clock_wrap.pcap": Sample(
        sample_oddities.clock_wrap, "time stamps of an Ubertooth whose clock wraps: they jump forward and back"),
    "uap_recovery.pcap": Sample(
        sample_oddities.uap_recovery, "LINKTYPE 255 without any reference UAP: it follows from HECs, from a CRC, from "
        "an FHS, or not at all"),
    "contradiction.pcapbtbb": Sample(
        sample_oddities.contradiction, "a clock that is not the piconet's: POLLs in the Peripheral's slot, CLK wider "
        "than announced; and a sound piconet"),
    "epoch_1970.pcapbtbb": Sample(sample_oddities.epoch_1970, "time stamps of 1970, the first is zero"),
    "order.pcapbtbb": Sample(sample_oddities.order, "time stamps that go back and that are equal"),
    "years.pcapbtbb": Sample(sample_oddities.years, "a gap of years between two bursts"),
    "big_endian.pcapbtbb": Sample(sample_oddities.big_endian, "big-endian file with nanoseconds"),
    "cut.pcapbtbb": Sample(sample_oddities.cut, "the file ends inside its last record, which is not counted"),
    "empty.pcapbtbb": Sample(sample_oddities.empty, "no packet at all"),
    "foreign.pcap": Sample(sample_oddities.foreign, "Ethernet frames of other protocols, none of ours"),
    "esp32.pcap": Sample(
        sample_esp32.esp32, "ESP32 sniffer: inquiry with EIR and names, paged by a phone, role switch, pairing, encryption, "
        "SDP, RFCOMM, each ACL kind, custom LMP, retries"),
    "esp32_damaged.pcap": Sample(
        sample_esp32.esp32_damaged, "ESP32 sniffer: records cut at each length, damaged FHS, hostile lengths, odd kinds, "
        "reserved bits, foreign and unknown H4 types"),
    "broadcom.pcapng": Sample(
        sample_controllers.broadcom, "Broadcom diagnostics beside HCI: a key of one byte, a name in three parts, a role "
        "switch; LE, statistics, unknown and cut records"),
    "btmon.pcap": Sample(sample_controllers.btmon, "the same diagnostics in BlueZ's monitor"),
    "packetlogger.pklg": Sample(sample_controllers.packetlogger, "the same LMP in Apple's PacketLogger"),
    "ppi.pcap": Sample(
        sample_carriers.ppi, "PPI around link types 255, 1, 256 and itself; whitened header bytes; wrong lengths, cut"),
    "cooked.pcapng": Sample(sample_carriers.cooked, "legacy frames below Linux cooked headers of both versions; cut ones"),
    "tap.pcap": Sample(sample_carriers.tap, "as gr-bluetooth writes to TAP: the address is in the destination"),
    "profiles.pcapbtbb": Sample(
        sample_profiles.profiles, "SDP, music over AVDTP to one Peripheral, a keyboard over HID as the other one"),
    "links.pcapbtbb": Sample(
        sample_security.links, "connections with each weakness of pairing, authentication and encryption, and those that "
        "nearly have it; hostile names, roles, retransmissions, wrong lengths"),
    "links_rf.pcap": Sample(sample_security.links_rf, "the same in LINKTYPE 255"),
    "encrypted_e0.pcapbtbb": Sample(
        sample_encrypted.encrypted_e0, "E0 with keys of 16, 7 and 1 bytes, pause and resume, a role switch, "
        "retransmissions; one connection without a key. Keys: keys/encrypted_e0.csv"),
    "encrypted_e0_clear.pcapbtbb": Sample(sample_encrypted.encrypted_e0_clear, "its clear twin"),
    "encrypted_e0_rf.pcap": Sample(
        sample_encrypted.encrypted_e0_rf, "the same in LINKTYPE 255: the clock follows from the channels"),
    "encrypted_e0_rf_clear.pcap": Sample(sample_encrypted.encrypted_e0_rf_clear, "its clear twin"),
    "hops.pcap": Sample(
        sample_hops.hops, "LINKTYPE 255, a receiver on one channel: two piconets with true hop sequences, a change of the "
        "AFH map, drift, a jump of the receiver's clock"),
}

# Files of keys, by their names in keys/.
KEYS = {"encrypted_e0.csv": sample_encrypted.keys, "encrypted_e0_wrong.csv": sample_encrypted.wrong_keys}

# name -> () -> (scene, device whose controller logs), for scene_formats.py.
SCENES = {"carriers": sample_carriers.scene, "controllers": sample_controllers.scene, "encrypted": sample_encrypted.scene,
          "esp32": sample_esp32.scene, "links": sample_security.scene, "profiles": sample_profiles.scene}


def packets_of(data):
    """(link types, whole packets) of a capture file; the link type of a PacketLogger file is its suffix."""
    if data[:1] == b"\0":
        return [".pklg"], len(list(encode_hci.packetlogger_records(data)))
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        linktypes, packets, at = [], 0, 0
        while at < len(data):
            code, size = struct.unpack_from("<II", data, at)
            linktypes += [struct.unpack_from("<H", data, at + 8)[0]] if code == 1 else []
            packets, at = packets + (code == 6), at + size
        return linktypes, packets
    order = "<" if data[3] == 0xA1 else ">"
    at, packets = 24, 0
    while at + 16 <= len(data):
        at += 16 + struct.unpack_from(order + "I", data, at + 8)[0]
        packets += at <= len(data)
    return [struct.unpack_from(order + "I", data, 20)[0]], packets


def tests_using(name):
    """Folders below tests/ with a test that mentions a sample."""
    tests = HERE.parent / "tests"
    pattern = re.compile(r"(?<![\w.-])" + re.escape(name) + r"(?![\w.-])")
    files = [f for f in tests.rglob("*") if f.suffix in (".py", ".c", ".sh")]
    return sorted({f.relative_to(tests).parts[0] for f in files if pattern.search(f.read_text(encoding="utf-8"))} | {"samples"})


def generator(sample):
    module = sample.build.__module__
    return f"{'make_samples' if module == '__main__' else module}.py, {sample.build.__name__}()"


def table(data_of):
    """The table of README.md as text; data_of: name -> bytes."""
    rows = ["| file | what is in it | origin | licence | generator | link type | packets | tests that use it | SHA-256 |",
            "|---" * 9 + "|"]
    for name, sample in SAMPLES.items():
        linktypes, packets = packets_of(data_of[name])
        users = ", ".join(tests_using(name))
        rows.append(f"| {name} | {sample.about} | made up | GPL-2.0-or-later | {generator(sample)} | "
                    f"{', '.join(map(str, sorted(set(linktypes))))} | {packets} | {users} | "
                    f"{hashlib.sha256(data_of[name]).hexdigest()} |")
    return "\n".join(rows)


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    data_of = {name: sample.build() for name, sample in SAMPLES.items()}
    (folder / "keys").mkdir(exist_ok=True)
    for name, data in data_of.items():
        (folder / name).write_bytes(data)
    for name, build in KEYS.items():
        (folder / "keys" / name).write_bytes(build())
    if folder.resolve() == HERE:
        readme = HERE / "README.md"
        text = readme.read_text(encoding="utf-8")
        before, after = text.split(TABLE_BEGIN)[0], text.split(TABLE_END)[1]
        readme.write_text(f"{before}{TABLE_BEGIN}\n{table(data_of)}\n{TABLE_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
