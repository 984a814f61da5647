"""Captures that were recorded from the air, in the real tshark.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from collections import Counter

import btbbtest
from dissected import BAD, GOOD, column, values


def test_mouse():
    """A capture from the air: the counts, and the direction of every packet with a header."""
    capture = btbbtest.shared("captures/btbb-sample-mouse.pcap")
    rows = values(capture, "btbb.lap", "btbb.id", "btbb.type_name", "btbb.hec.status", "btbb.crc.status", "btbb.dir",
                  "btbb.notebook.to_master", "btbb.uap.best", "btl2cap.cid", "btl2cap.payload", "btbb.bd_addr")
    assert len(rows) == 65
    assert Counter(row["btbb.type_name"] for row in rows) == {"": 15, "POLL": 32, "NULL": 9, "DM1": 9}
    assert Counter(row["btbb.id"] for row in rows) == {"": 50, "1": 15}
    assert Counter(row["btbb.hec.status"] for row in rows) == {GOOD: 50, "": 15}
    assert Counter(row["btbb.crc.status"] for row in rows) == {GOOD: 9, "": 56}
    assert Counter((row["btbb.type_name"], row["btbb.dir"]) for row in rows) == {
        ("POLL", "0"): 32, ("NULL", "1"): 9, ("DM1", "1"): 9, ("", ""): 15}
    assert Counter(row["btbb.notebook.to_master"] for row in rows) == {"1": 32, "0": 18, "": 15}
    laps = Counter(row["btbb.lap"] for row in rows)
    assert laps.pop("48:31:dd") == 57
    assert sorted(laps) == ["0f:7e:e3", "3f:e3:76", "7c:78:04", "8c:03:c0", "91:69:9f", "bc:98:8c", "bd:a0:81", "c3:11:de"]
    reports = [row for row in rows if row["btl2cap.cid"]]
    assert {row["btl2cap.cid"] for row in reports} == {"0x0044"}
    assert [row["btl2cap.payload"][:4] for row in reports] == ["a102"] * 9
    assert {row["btbb.bd_addr"] for row in rows} == {""}, "the NAP is not known: no full address"
    assert [row["btbb.uap.best"] for row in rows[:3]] == ["", "", ""], "not known before frame 4"


def test_mouse_filters():
    capture = btbbtest.shared("captures/btbb-sample-mouse.pcap")
    found = {condition: len(btbbtest.tshark("-r", capture, "-Y", condition).stdout.splitlines()) for condition in (
        "btbb", "btbb.id", "btbb.lap == 48:31:dd", "btbb.lap == 48:31:dd && btbb.type == 1", 'btbb.kind == "DM1"',
        "btbb.uap == 0x61", "btbb.to_master == 1", 'btbb.src == "48:31:dd Central"')}
    assert list(found.values()) == [65, 15, 57, 32, 9, 50, 18, 32]


def test_mouse_reports_decode_as_hid():
    capture = btbbtest.shared("captures/btbb-sample-mouse.pcap")
    assert Counter(column(capture, "bthid.transaction_type", ("-d", "btl2cap.cid==0x44,bthid"))) == {"0x0a": 9, "": 56}


def test_libbtbb_sample_255():
    """LINKTYPE 255 as an old libbtbb wrote it: six payloads are proven, 20 headers were never decoded."""
    capture = btbbtest.shared("captures/btbredr_test.pcap")
    rows = values(capture, "frame.number", "btbb.id", "btbb.crc.status", "btbb.hec.status", "btbb.llid", "btl2cap.length",
                  "btbb.uap", "btbb.type")
    good = [row for row in rows if row["btbb.crc.status"] == GOOD]
    assert [row["frame.number"] for row in good] == ["2", "6", "11", "17", "31", "54"]
    assert [row["btl2cap.length"] for row in good] == ["48", "48", "8", "8", "8", "8"]
    assert {row["btbb.uap"] for row in good} == {"70"}
    assert [row["frame.number"] for row in rows if row["btbb.id"] == "1"] == [str(i) for i in range(1, 21) if i not in (2, 6, 11, 17)]
    assert Counter(row["btbb.hec.status"] for row in rows) == {"": 20, BAD: 49, GOOD: 1}
