"""The fields of connections are those of the view timeline; btbb.name is the name of the client at that frame.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv

import pytest

import btbb_encode as e
import btbbtest
import encode_hci as hci
import encode_lmp as lmp
import encode_upper as upper
from companion import btbb

FIELDS = {"link": "btbb.link", "event": "btbb.link.event", "who": "btbb.link.sender", "details": "btbb.link.details",
          "request": "btbb.link.request", "key_size": "btbb.link.key_size", "findings": "btbb.link.finding"}
STATES = {"off": "1", "on": "2", "paused": "3", "unknown": "", "": ""}


def timeline(capture):
    rows = csv.DictReader(btbb("timeline,format=csv", capture).stdout.splitlines())
    return {row["frame"]: row for row in rows if row["event"] != "L2CAP data"}


@pytest.mark.parametrize("capture", ["lmp.pcapbtbb", "internalblue.pcapng", "links.pcapbtbb", "links_rf.pcap",
                                     "captures/bluffs-lsc-pixelbuds.pcapng", "captures/esp32-sniffer.pcap"])
def test_fields_are_those_of_the_timeline(capture):
    """In the first pass, and in the second one, which looks up what the first has learned."""
    path = btbbtest.shared(capture) if "/" in capture else btbbtest.sample(capture)
    expected = timeline(path)
    assert expected
    names = ("frame.number", *FIELDS.values(), "btbb.link.encryption", "btbb.link.elapsed")
    given = ("-o", "btbb.clock:FALSE")      # a clock that is found gives directions, which the command does not know
    for extra in given, (*given, "-2"):
        found = {row["frame.number"]: row for row in btbbtest.fields(path, *names, extra=extra) if row["btbb.link.event"]}
        assert found.keys() == expected.keys()
        for frame, row in expected.items():
            got = found[frame]
            assert {key: got[field].replace(",", " ") if key == "findings" else got[field]
                    for key, field in FIELDS.items()} == {key: row[key] for key in FIELDS}, frame
            assert got["btbb.link.encryption"] == STATES[row["encryption"]]
            assert (float(got["btbb.link.elapsed"] or 0) == pytest.approx(float(row["elapsed"] or 0), abs=1e-9))


def test_encryption_that_later_data_shows():
    """A connection that is not seen to begin: marks of its first data disagree, those of the second do not."""
    def record(flags, body, llid, clk):
        return hci.esp32(hci.RECEIVED, "DM1", hci.esp32_payload("DM1", body, llid), clk, 5, hci.ESP32_PERIPHERAL | flags)

    one, both, pdu = hci.ESP32_TX_ENCRYPTED, hci.ESP32_TX_ENCRYPTED | hci.ESP32_RX_ENCRYPTED, lmp.pdu("max_slot_req", 0, 5)
    capture = btbbtest.tmpdir() / "marks.pcap"
    capture.write_bytes(e.pcap(e.stamped([
        record(one, upper.l2cap(0x40, b"1"), e.LLID_START, 200), record(one, pdu, e.LLID_LMP, 202),
        record(both, upper.l2cap(0x40, b"2"), e.LLID_START, 204), record(one, pdu, e.LLID_LMP, 206)]), hci.LINKTYPE_HCI_H4_PHDR))
    capture.chmod(0o644)
    assert [row["encryption"] for row in timeline(capture).values()] == ["unknown", "on"]
    shown = btbbtest.fields(capture, "btbb.link.encryption")
    assert [row["btbb.link.encryption"] for row in shown] == ["", "", "", STATES["on"]]


def test_name_is_known_from_its_last_fragment_on():
    capture = btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng")
    rows = [row for row in btbbtest.fields(capture, "frame.number", "btbb.lap", "btbb.name") if row["btbb.lap"] == "f7:67:95"]
    named = [row for row in rows if row["btbb.name"]]
    assert {row["btbb.name"] for row in named} == {"Pixel Buds A-Series di Daniele"}
    assert named == rows[-len(named):] and 0 < len(named) < len(rows)
    fragments = btbbtest.fields(capture, "frame.number", extra=("-Y", "btbb.link.event == LMP_name_res"))
    assert named[0]["frame.number"] in [row["frame.number"] for row in fragments]


def test_hostile_names_are_escaped():
    names = {row["btbb.name"] for row in btbbtest.fields(btbbtest.sample("links.pcapbtbb"), "btbb.name")} - {""}
    assert names == {"Switching headset", r"\xff\xfeNot\xc3(UTF-8\xf0\x9f\x8e\xed\xa0\x80\x00after zero"}
