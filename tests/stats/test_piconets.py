"""The view piconets in tshark and in the command, on real captures and samples.

How clocks are found is tested in tests/core/test_clock.py; here are the rows that users see.
SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import functools
import json

import btbb_encode as e
import btbbtest
import sample_hops
from companion import btbb

SLOT_NS = 625_000


@functools.lru_cache(maxsize=None)
def piconets(capture, *keys, two_passes=False):
    """Rows of both programs, which must print the same."""
    argument = ",".join(("piconets", "format=csv", *keys))
    text = btbb(argument, capture).stdout
    for passes in ((), ("-2",)) if two_passes else ((),):
        assert btbbtest.tshark("-q", *passes, "-r", capture, "-z", f"btbb,{argument}").stdout == text
    return list(csv.DictReader(text.splitlines()))


def keep(rows, *keys):
    return [tuple(row[key] for key in keys) for row in rows]


def test_real_capture_of_ubertooth():
    """20 packets of a survey, with coarse time stamps, and 49 on one channel, all of which one clock explains."""
    vector = json.loads(btbbtest.shared("vectors/btbredr-clock.json").read_text())
    clocks = {packet["packet"]: packet["clk27_1"] for packet in vector["packets"]}
    rows = piconets(btbbtest.shared("captures/btbredr_test.pcap"), two_passes=True)
    assert keep(rows, "lap", "uap", "packets", "explained", "unexplained", "source", "ended_by") == [
        ("60:a5:3a", "70", "20", "", "", "", "silence"), ("60:a5:3a", "70", "49", "49", "0", "hops", "end")]
    assert rows[0]["reason"].startswith("packets do not start on slots") and rows[1]["reason"] == ""
    assert int(rows[1]["clk"]) == clocks[int(rows[1]["frame"])] == 10131000
    assert (rows[1]["span"], rows[1]["twins"], rows[1]["hopping"]) == ("16.712452200", "0", "adapted")
    assert 30 < float(rows[1]["drift"]) < 32
    assert abs(float(rows[1]["slots"]) - 100 * 49 / (16.7124522 / 625e-6 + 1)) < 1e-3


def test_sample_with_true_hops():
    """Two piconets, and a receiver whose clock jumps back by 429.5 s: seen by the clocks of one, of the other one clock is not
    decided after the jump."""
    rows = piconets(btbbtest.sample("hops.pcap"), two_passes=True)
    truths = sample_hops.truths()
    assert len(rows) == 4
    for row in rows:
        heard = [(frame, truth.heard) for frame, truth in enumerate(truths, 1)
                 if truth.lap == int(row["lap"].replace(":", ""), 16) and truth.segment == int(row["part"]) - 1]
        assert int(row["packets"]) == len(heard)
        assert int(row["explained"]) + int(row["unexplained"]) == len(heard)
        false = sum(packet.clk is None for _, packet in heard)
        assert abs(int(row["unexplained"]) - false) <= 1            # a false packet may fit by chance
        [first] = [packet for frame, packet in heard if frame == int(row["frame"])]
        assert row["clk"] in ("", str(first.clk)) and abs(float(row["drift"]) - 18) < 2
    assert keep(rows, "part", "hopping", "jump", "ended_by") == [
        ("1", "basic", "", "backward"), ("2", "basic", "-429.496722385", "end"),
        ("1", "adapted", "", "backward"), ("2", "", "", "end")]
    known, used = int(rows[2]["map_known"], 16), int(rows[2]["map"], 16)
    few = sum(1 << channel for channel in sample_hops.FEW_CHANNELS)
    assert known and used == known & few
    assert rows[3]["reason"] == "several clocks explain the RF channels" and rows[3]["confidence"] == "0.9999"


def test_a_short_part_has_no_drift():
    """A clock of an FHS packet and 7 packets in 0.2 s."""
    rows = piconets(btbbtest.sample("uap_recovery.pcap"))
    assert keep(rows, "lap", "packets", "source", "drift", "reason") == [
        ("11:12:13", "6", "", "", "too few packets without a jump of the time stamps"),
        ("21:22:23", "7", "", "", "too few packets without a jump of the time stamps"),
        ("41:42:43", "6", "", "", "the UAP is not known, on which the hops depend"),
        ("31:32:33", "7", "FHS", "", "")]


def test_slots_without_hops():
    """Slot-exact times on random channels: the direction by the phase of the slots and POLLs, but no clock."""
    [row] = piconets(btbbtest.shared("captures/reports/l2cap-255.pcap"))
    assert keep([row], "source", "clk", "packets", "explained", "hopping", "map", "reason") == [
        ("phase", "", "102", "102", "", "", "no clock explains the RF channels")]


def test_clock_of_the_file():
    """ESP32: hops of the packets that were received; a channel map that LMP_set_AFH announced, from its instant on."""
    rows = piconets(btbbtest.shared("captures/esp32-sniffer.pcap"))
    assert keep(rows, "lap", "uap", "nap", "packets", "explained", "unexplained", "clk", "source", "confidence") == [
        ("19:c7:69", "e8", "e0:d4", "14", "5", "0", "9694462", "offset", "1"),
        ("19:c7:68", "e8", "e0:d4", "97", "47", "1", "20043", "offset", "1")]
    assert keep(rows, "lmp_map", "lmp_frame", "lmp_instant", "lmp_maps") == [
        ("", "", "", "0"), ("3ffffffffffffefffffe", "111", str(0x6830), "1")]
    assert abs(float(rows[1]["lmp_epoch"]) - (float(rows[1]["first"]) + (0x6830 - 20043) * 625e-6)) < 0.01
    assert int(rows[1]["map_known"], 16) & int(rows[1]["map"], 16) & ~int(rows[1]["lmp_map"], 16) == 0


def esp32_record(frame):
    """A received packet as LINKTYPE 255: its type and payload, but neither clock nor role."""
    options = {"lt_addr": frame["lt_addr"], "arqn": frame["arqn"], "seqn": frame["seqn"], "channel": frame["channel"]}
    if "fhs" in frame:
        return e.rf(0x19C768, "FHS", 0xE8, bytes.fromhex(frame["fhs"]["raw"]), **options)
    return e.rf(int(frame["central"].replace(":", ""), 16) & 0xFFFFFF, "DM1" if frame["type"] == 3 else "3-DH1", 0xE8,
                bytes.fromhex(frame["body"]), payload_options={"llid": frame["llid"], "flow": frame["pflow"]}, **options)


def esp32_as_255(capture, record):
    """The packets that the ESP32 received, with the time by its own clock; slots by that clock and by the piconet's (of its
    FHS packet, none)."""
    file = json.loads(btbbtest.shared("vectors/esp32.json").read_text())["files"]["esp32-sniffer.pcap"]
    packets, own, truth = [], {}, {}
    for frame in [frame for frame in file["frames"] if frame["dir"] == "received"]:
        number, truth[number] = len(packets) + 1, frame.get("start_slot")
        own[number] = frame["clk"] if "fhs" in frame else frame["start_slot"]
        own[number] -= file["offset_piconet_minus_clk"] if frame.get("central") == "E0:D4:E8:19:C7:69" else 0
        packets.append(e.Packet(1_600_000_000 * e.NS + own[number] * SLOT_NS, record(frame)))
    return capture(e.pcap(packets, e.LINKTYPE_BREDR_BB, nano=True)), own, truth


def directions_and_clocks(path):
    shown = btbb("packets,format=csv,clock=auto,columns=frame:lap:to_master:clk27", path).stdout
    return list(csv.DictReader(shown.splitlines()))


def test_clock_of_an_esp32_hidden(capture):
    """Every received packet gets back its clock, or this clock is one of two that are shown; all directions are known. Packets of
    the first piconet follow an FHS packet. Of the second one, only the Peripheral's were received: until CLK16 carries, a twin
    with CLK27 and CLK20-16 inverted that hops by the adapted sequence explains them (docs/clock.md). LMP proves the sender."""
    path, own, truth = esp32_as_255(capture, esp32_record)
    rows = {row["lap"]: row for row in piconets(path, two_passes=True)}
    assert keep(rows.values(), "lap", "packets", "source", "clk", "twins", "clks", "reason") == [
        ("19:c7:69", "6", "FHS", "9694450", "0", "", ""),
        ("19:c7:68", "49", "hops", "", "1", "19590 68144262", "several clocks explain the RF channels")]
    assert 68144262 == 19590 + 0x40F8000
    shown = directions_and_clocks(path)
    assert len(shown) == 54 and sum(row["clk27"] != "" for row in shown) == 5
    for row in shown[1:]:
        number, possible = int(row["frame"]), rows[row["lap"]]
        since = own[number] - own[int(possible["frame"])]
        clocks = [int(row["clk27"])] if row["clk27"] else [int(clk) + since for clk in possible["clks"].split()]
        assert truth[number] in clocks and len(clocks) <= 2
        assert row["to_master"] == ("false" if row["lap"] == "19:c7:69" else "true")
    assert "several clocks explain the RF channels: 19590 68144262" in btbb("piconets", path).stdout


def test_clock_of_an_esp32_hidden_without_senders(capture):
    """The same packets without payloads: nothing proves their sender, and a twin of the other parity remains as well. Neither clock
    nor direction is wrong."""
    path, _, truth = esp32_as_255(capture, lambda frame: e.rf(
        0x19C769 if frame.get("central") == "E0:D4:E8:19:C7:69" else 0x19C768, "NULL", 0xE8, channel=frame["channel"]))
    rows = piconets(path, "lap=19:c7:68")
    assert keep(rows, "packets", "source", "clk", "twins", "clks", "reason") == [
        ("49", "hops", "", "2", "19590 68144261 68144262", "several clocks explain the RF channels")]
    shown = [row for row in directions_and_clocks(path) if row["lap"] == "19:c7:68"]
    assert len(shown) == 49
    assert all(row["to_master"] in ("", "true") and row["clk27"] in ("", str(truth[int(row["frame"])])) for row in shown[1:])


def test_channel_maps_of_lmp():
    """Of a piconet whose clock follows from an FHS packet: the instant as a time. With a key, also where LMP is encrypted."""
    capture = btbbtest.sample("encrypted_e0_rf_clear.pcap")
    rows = piconets(capture)
    [row] = [row for row in rows if row["lap"] == "18:f0:7c"]
    unused = sum(1 << channel for channel in range(30, 50))
    assert (row["source"], int(row["lmp_map"], 16)) == ("FHS", (1 << 79) - 1 - unused)
    first, clk, instant = float(row["first"]), int(row["clk"]), int(row["lmp_instant"])
    assert abs(float(row["lmp_epoch"]) - (first + (instant - clk) * 625e-6)) < 1e-5
    assert {row["lmp_maps"] for row in rows} == {"0", "1"}


def test_more_jumps_than_are_remembered(capture):
    """A clock of the file, and time stamps, that jump with each packet: every packet is in a row."""
    packets = []
    for i in range(150):
        time = (1_600_000_000 - 2 * i) * e.NS
        packets += [e.Packet(time, e.legacy(0x112233, "NULL", 0x61, clk=i * 7919992 & 0x7FFFFFF, meta_flags=1)),
                    e.Packet(time + 1000, e.legacy(0x445566, "NULL", 0x62, clk=0))]
    rows = piconets(capture(e.pcap(packets, nano=True)))
    reason = "there are too many packets, piconets or jumps of the time stamps to search"
    assert len(rows) == 129 + 1
    assert keep(rows[126:], "lap", "part", "frame", "packets", "ended_by", "reason") == [
        ("11:22:33", "127", "253", "1", "backward", ""), ("11:22:33", "128", "255", "1", "backward", ""),
        ("11:22:33", "129", "257", "22", "end", reason), ("44:55:66", "1", "2", "150", "end", reason)]


def test_selection():
    capture = btbbtest.sample("hops.pcap")
    every = piconets(capture)
    assert piconets(capture, "lap=5c:71:d2") == every[2:]
    assert piconets(capture, "from=1600000000") == [every[0], every[2]]
    assert piconets(capture, "to=1600000000") == [every[1], every[3]]
    filtered = btbbtest.tshark("-q", "-r", capture, "-z", "btbb,piconets,format=csv,btbb.lap == 5c:71:d2").stdout
    assert list(csv.DictReader(filtered.splitlines())) == every[2:]
    refused = btbb("piconets,clock=off", capture, check=False)
    assert refused.returncode == 1 and "clock" in refused.stderr


def test_without_access_codes():
    """Records of a controller, which name devices instead; and a capture in which the dissector does not look for clocks."""
    shown = btbb("piconets", btbbtest.sample("broadcom.pcapng")).stdout.splitlines()
    assert shown[-1] == "55 records of controllers without access code are in no piconet"
    capture = btbbtest.sample("hops.pcap")
    off = btbbtest.tshark("-q", "-o", "btbb.clock:FALSE", "-r", capture, "-z", "btbb,piconets,format=csv").stdout
    assert list(csv.DictReader(off.splitlines())) == piconets(capture)
