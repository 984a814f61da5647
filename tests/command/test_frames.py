"""Frames that are cut, padded or tagged, and frames without BTBB: the command counts what tshark counts.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import struct

import btbb_encode as encode
import pytest

from companion import DM1, ID, RF, btbb, pcap, same


def tagged(*types):
    return DM1[:12] + b"".join(struct.pack(">HH", kind, 5) for kind in types) + DM1[12:]


ODD = {
    "cut anywhere": pcap(*[(DM1[:size], {"wire": len(DM1)}) for size in range(len(DM1) + 1)]),
    "short anywhere": pcap(*[DM1[:size] for size in range(len(DM1) + 1)]),
    "longer than on the wire": pcap(*[(DM1, {"wire": size}) for size in (0, 10, 13, 14, 15, 20)]),
    "huge on the wire": pcap(*[(DM1, {"wire": size}) for size in (0x10000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)]),
    "padded": pcap(DM1.ljust(60, b"\0"), ID.ljust(60, b"\0")),
    "other ethertypes": pcap(DM1[:12] + b"\x08\x00" + DM1[14:], DM1[:12] + b"\xff\xf1" + DM1[14:],
                             DM1[:12] + b"\x00\x10" + DM1[14:], DM1),
    "VLAN tags": pcap(tagged(0x8100), tagged(0x88A8), tagged(0x9100), tagged(0x8100, 0x8100), tagged(0x9200),
                      tagged(0x8100)[:16], tagged(0x8100)[:18]),
    "no sequence to check": pcap(DM1, link=1 | 0x04000000),
    "check sequence of 4": pcap(DM1, DM1 + b"abcd", (DM1 + b"ab", {"wire": len(DM1) + 4}), (DM1[:-3], {"wire": len(DM1)}),
                                ID, ID + b"abcd", link=1 | 0x24000000),
    "check sequence of 2": pcap(DM1, DM1 + b"ab", ID, link=1 | 0x14000000),
    "Linux cooked": pcap(b"\0\0\0\1\0\6" + DM1[6:12] + b"\0\0\xff\xf0" + DM1[14:], link=113),
    "microseconds beyond a second": pcap(*[(DM1, {"fraction": us}) for us in (1_500_000, 999_999_999, 3_000_000_000)]),
    "nanoseconds beyond a second": pcap(*[(DM1, {"fraction": ns}) for ns in (1_500_000_000, 3_000_000_000)],
                                        magic=0xA1B23C4D),
    "the last second": pcap((DM1, {"seconds": 0xFFFFFFFF}), (DM1, {"seconds": 0})),
    "version 2.3": pcap(DM1, version=(2, 3)),
    "version 2.2": pcap(DM1, version=(2, 2)),
    "version 3.0": pcap(DM1, version=(3, 0)),
    "the longest packet": pcap(DM1.ljust(262144, b"\0"), ID),
    "255 short anywhere": pcap(*[RF[:size] for size in range(len(RF) + 1)], link=255),
    "255 cut anywhere": pcap(*[(RF[:size], {"wire": len(RF)}) for size in range(len(RF) + 1)], link=255),
    "255 longer than on the wire": pcap((RF, {"wire": 10}), (RF, {"wire": 23}), link=255),
    "255 with a check sequence": pcap(RF, link=255 | 0x24000000),
}


def test_directions_of_packets_without_header(capture):
    """Three packets that are cut after their clock; then a POLL shows that it is not the piconet's clock, so that no packet
    with a header has a direction."""
    cut = [(encode.legacy(0x4831DD, "NULL", 0x61, clk=clk)[:20], {"wire": 23}) for clk in (0, 2, 4)]
    poll, *others = [encode.legacy(0x4831DD, kind, 0x61, clk=clk) for kind, clk in (("POLL", 1), ("NULL", 0), ("NULL", 2), ("NULL", 4))]
    path = capture(pcap(*cut, poll, *others))
    same(path, ("lap,min=1", "lap,min=1,ids=no"))
    for keys, counts in (("", "7,0,4,3"), (",ids=no", "4,0,4,0")):
        [row] = btbb(f"lap,min=1,format=csv{keys}", path).stdout.splitlines()[1:]
        directed = "0,3" if keys == "" else "0,0"
        assert f",{counts},{directed}," in row
        assert "4 packets with header have no known direction\n" in btbb(f"lap,min=1{keys}", path).stdout


@pytest.mark.parametrize("turn, case", enumerate(ODD))
def test_odd_frames(turn, case, capture):
    same(capture(ODD[case]), ("summary", "lap,min=1", "type"), turn=turn)


def test_odd_frames_are_counted(capture):
    """So that equality is not that of nothing."""
    counts = {case: int(re.search(r"^packets,(\d+)$", btbb("summary,format=csv", capture(ODD[case])).stdout, re.M)[1])
              for case in ("cut anywhere", "padded", "other ethertypes", "VLAN tags", "check sequence of 4")}
    assert counts == {"cut anywhere": len(DM1) - 13, "padded": 2, "other ethertypes": 1, "VLAN tags": 5,
                      "check sequence of 4": 6}
