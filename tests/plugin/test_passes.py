"""One pass and two passes show the same; frames that are cut anywhere are still counted.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import btbb_encode as e
import pytest

import btbbtest
from dissected import column, count, legacy_capture, registered_fields, rf_capture, text, values

SAMPLES = ("every_type.pcapbtbb", "every_type_rf.pcap", "damaged.pcapbtbb", "fhs.pcapbtbb", "uap_recovery.pcap",
           "contradiction.pcapbtbb", "interfaces.pcapng", "internalblue.pcapng", "lmp.pcapbtbb", "l2cap.pcapbtbb")


@pytest.fixture(scope="module")
def samples():
    return btbbtest.merge_samples(*SAMPLES)


def test_two_passes_show_the_same(samples):
    """What a frame has learned from those before it does not depend on how often it is dissected. Only clocks that are
    found may be known earlier in the second pass (test_clocks.py)."""
    names = sorted(name for name, (_, kind) in registered_fields().items()
                   if kind != "FT_NONE" and not name.startswith("btbb.reassembled.in"))
    without = ("-o", "btbb.clock:FALSE")
    once, twice = values(samples, *names, extra=without), values(samples, *names, extra=("-2", *without))
    assert once == twice
    for name in ("btbb.lap", "btbb.retransmission", "btbb.uap.source", "btbb.reassembled.length"):
        assert any(row[name] for row in once), name


def test_no_dissector_bug(samples):
    shown = text(samples, "-2", "-o", "btbb.vendors:TRUE", "-o", "btbb.bad_crc:TRUE")
    assert "Bluetooth Baseband" in shown and "Dissector bug" not in shown


def test_every_cut_is_counted():
    """A packet cut anywhere by a snap length: always a BTBB frame of one record, never an exception of ours."""
    dm1 = e.legacy(0x102030, "DM1", uap=0x47, body=e.filler(9))
    cuts = [e.Packet(0, dm1[:size], len(dm1)) for size in range(14, len(dm1) + 1)]
    capture = legacy_capture(*cuts)
    assert column(capture, "btbb.lap") == ["10:20:30"] * len(cuts)
    assert count(capture, "packets") == [len(cuts)]
    assert "Dissector bug" not in text(capture)

    record = e.rf(0x102030, "DM1", uap=0x47, body=e.filler(9))
    cuts = [e.Packet(0, record[:size], len(record)) for size in range(22, len(record) + 1)]
    capture = rf_capture(*cuts)
    assert column(capture, "btbb.lap") == ["10:20:30"] * len(cuts)
    assert count(capture, "packets") == [len(cuts)]


def test_records_too_short_are_reported_and_keep_the_rest():
    record = e.rf(0x102030, "POLL", uap=0x47)
    short = [e.Packet(0, record[:size], 22) for size in (0, 1, 21)]
    capture = rf_capture(*short, record)
    shown = values(capture, "btbb.lap", "_ws.expert.message")
    assert [row["btbb.lap"] for row in shown] == ["", "", "", "10:20:30"]
    assert ["Shorter than the pseudo-header of 22 bytes" in row["_ws.expert.message"] for row in shown] == [True] * 3 + [False]
    assert count(capture, "packets", "no_lap") == [1, 3]
