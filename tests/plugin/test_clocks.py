"""Clocks of piconets that the file does not hold: CLK27-1, direction, and the messages that follow; docs/clock.md.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import json

import pytest

import btbbtest
from dissected import values

COMMAND = btbbtest.BUILD / "command" / "btbb"
FIELDS = ("frame.number", "btbb.clk27", "btbb.clk.source", "btbb.clk.confidence", "btbb.clk.unknown", "btbb.dir",
          "btbb.dir.source", "btbb.src", "btbb.dst")
HOPS, PHASE, TOO_FEW, NO_MATCH = "4", "5", "1", "5"
FOUND, SLOT_PHASE, POLL = "6", "7", "3"


def packets(capture, *options):
    text = btbbtest.run(COMMAND, "packets,format=csv,clock=auto", *options, capture).stdout
    return {int(row["frame"]): row for row in csv.DictReader(text.splitlines())}


@pytest.fixture(scope="module")
def ubertooth():
    return btbbtest.shared("captures/btbredr_test.pcap")


@pytest.fixture(scope="module")
def truth():
    return {packet["packet"]: packet for packet in json.loads(btbbtest.shared("vectors/btbredr-clock.json").read_text())["packets"]}


def test_command_knows_every_packet(ubertooth, truth):
    rows = packets(ubertooth)
    assert len(truth) == 49
    for frame, row in rows.items():
        expected = truth.get(frame)
        assert row["clk27"] == (str(expected["clk27_1"]) if expected else "")
        assert row["to_master"] == ({0: "false", 1: "true"}[expected["clk1"]] if expected else "")
        assert (row["clk_source"], row["dir_source"]) == (("hops", "found clock") if expected else ("", ""))
    off = packets(ubertooth, "--clock=off")
    assert {(row["clk27"], row["clk_source"], row["clk_confidence"], row["to_master"]) for row in off.values()} == {("",) * 4}


def test_input_that_cannot_be_read_twice(ubertooth, truth):
    text = btbbtest.run(COMMAND, "packets,format=csv,clock=auto", "-", input=ubertooth.read_bytes()).stdout
    rows = {int(row["frame"]): row["clk27"] for row in csv.DictReader(text.splitlines())}
    assert rows == {frame: str(truth[frame]["clk27_1"]) if frame >= 33 else "" for frame in rows}


def test_counts_of_a_view_that_seeks_clocks(ubertooth, truth):
    """Both programs count directions of a found clock with clock=auto only."""
    central = sum(packet["clk1"] == 0 for packet in truth.values())
    for argument, expected in (("", ("0", "0")), (",clock=auto", (str(49 - central), str(central)))):
        mine = btbbtest.run(COMMAND, f"lap,format=csv{argument}", ubertooth).stdout
        assert mine == btbbtest.tshark("-2", "-q", "-r", ubertooth, "-z", f"btbb,lap,format=csv{argument}").stdout
        row = {row["lap"]: row for row in csv.DictReader(mine.splitlines())}["60:a5:3a"]
        assert (row["to_master"], row["from_master"]) == expected


def test_fields_in_one_pass_and_in_two(ubertooth, truth):
    """One pass knows the clock from frame 33 on, two passes from frame 22 on; what both know is the same."""
    once, twice = ({int(row["frame.number"]): row for row in values(ubertooth, *FIELDS, extra=extra)} for extra in ((), ("-2",)))
    for frame, row in twice.items():
        expected = truth.get(frame)
        assert row["btbb.clk27"] == (f"0x{expected['clk27_1']:08x}" if expected else "")
        if expected:
            assert (row["btbb.clk.source"], row["btbb.dir.source"], row["btbb.clk.unknown"]) == (HOPS, FOUND, "")
            assert float(row["btbb.clk.confidence"]) > 0.9999 and row["btbb.dir"] == str(expected["clk1"])
            assert (row["btbb.src"] if expected["clk1"] == 0 else row["btbb.dst"]) == "60:a5:3a Central"
        if frame >= 33:
            assert {**once[frame], "btbb.clk.confidence": ""} == {**row, "btbb.clk.confidence": ""}
    assert {once[frame]["btbb.clk27"] for frame in once if frame < 33} == {""}
    assert once[32]["btbb.clk.unknown"] == NO_MATCH


def messages(capture, *options):
    """What L2CAP and the protocols above it show of every message, without the capture's own layers."""
    names = ("frame.number", "btl2cap.length", "btl2cap.cid", "btl2cap.cmd_code", "btl2cap.psm", "btl2cap.payload", "btsdp.pdu",
             "btsdp.data_element.value", "bthid.transaction_type", "bthid.data.protocol_code", "btbb.dir")
    return [row for row in values(capture, *names, extra=options) if row["btl2cap.length"]]


def test_messages_by_the_phase_of_slots():
    """A sample with its channels, which do not hop, and without its clock: POLLs show whose slots are whose, and the second
    pass joins the same messages as in the sample."""
    capture = btbbtest.shared("captures/reports/l2cap-255.pcap")
    rows = values(capture, *FIELDS, extra=("-2",))
    assert {row["btbb.clk27"] for row in rows} == {""} and {row["btbb.clk.source"] for row in rows} == {PHASE}
    assert {row["btbb.dir.source"] for row in rows} == {SLOT_PHASE, POLL}
    expected = messages(btbbtest.sample("l2cap.pcapbtbb"))
    assert len(expected) == 38 and sum(bool(row["btsdp.pdu"]) for row in expected) == 2
    assert sum(bool(row["bthid.transaction_type"]) for row in expected) == 13
    assert messages(capture, "-2") == expected
    assert len(messages(capture, "-2", "-o", "btbb.clock:FALSE")) == 29


@pytest.mark.parametrize("shown, mark", [(("-T", "fields", "-e", "btbb.clk27"), "0x"),
                                         (("-o", 'gui.column.format:"Source","%s","Destination","%d"'), "Central")])
def test_second_pass_with_a_statistic_that_needs_no_clocks(ubertooth, truth, shown, mark):
    """The first pass finds the clocks, although nothing is shown in it. The statistic counts as it does alone."""
    mine = btbbtest.tshark("-2", "-r", ubertooth, *shown).stdout
    assert sum(mark in line for line in mine.splitlines()) == len(truth)
    counted = btbbtest.tshark("-q", "-r", ubertooth, "-z", "btbb,lap").stdout
    assert btbbtest.tshark("-2", "-r", ubertooth, *shown, "-z", "btbb,lap").stdout == mine + counted
