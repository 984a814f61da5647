"""Directions of captures that show which packets the capturing device sent, but no roles: LMP shows the Central.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import io
import re

import btbbtest
import lmp_packets
from companion import btbb

# ../shared/captures/bluffs-lsc-pixelbuds.pcapng: each connection from its first to its last frame, and the frame from which on
# the phone, which captures, is Central: the one after a role switch was accepted. Before, it is Peripheral.
CONNECTIONS = ((98, 607, 98), (836, 1211, 836), (1215, 1604, 1215), (1606, 2018, 1621), (2020, 2483, 2035),
               (2485, 2860, 2500), (2862, 3238, 2877))


def packets(path):
    return list(csv.DictReader(io.StringIO(btbb("packets,format=csv", path).stdout)))


def test_bluffs():
    capture = btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng")
    sent = {int(re.search(r"frame=(\d+)", line)[1]): "own=1" in line for line in lmp_packets.packets(capture)}
    rows = packets(capture)
    assert len(rows) == len(sent) == 387
    known = 0
    for row in rows:
        frame = int(row["frame"])
        first, last, central_from = next(c for c in CONNECTIONS if c[0] <= frame <= c[1])
        to_central = sent[frame] != (frame >= central_from)
        assert row["dir_source"] in ("", "LMP") and bool(row["dir_source"]) == bool(row["to_master"])
        if row["to_master"]:
            known += 1
            assert row["to_master"] == ("true" if to_central else "false"), frame
    assert known == 365


def test_two_proofs_that_agree_are_needed():
    """The first proof of a connection has no direction yet, the second one has."""
    rows = packets(btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng"))
    assert [(row["frame"], row["dir_source"]) for row in rows[:4]] == [("98", ""), ("99", ""), ("100", "LMP"), ("101", "LMP")]
