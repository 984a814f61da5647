"""Frames below other layers are counted by the command as by tshark, and what is not read is reported.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

import btbbtest
from carriers import CARRIERS, OUTER, ipv4, ppi, udp
from companion import DM1, ID, RF, btbb, pcap, records_of, same


@pytest.mark.parametrize("turn, name", enumerate(CARRIERS))
def test_frames_below_other_layers(turn, name, capture):
    link, carry = CARRIERS[name]
    frames = [carry(data) for data, _ in records_of("pandas_demo.pcapbtbb")[:20]]
    path = capture(pcap(*frames, link=link))
    same(path, ("summary", "lap,min=1", "type"), turn=turn)
    assert "packets,20\n" in btbb("summary,format=csv", path).stdout


def test_ppi_around_255(capture):
    path = capture(pcap(*[ppi(255, RF) for _ in range(3)], ppi(251, b"low energy"), link=192))
    same(path, ("summary", "lap,min=1", "type"))
    assert "packets,3\n" in btbb("summary,format=csv", path).stdout


def test_a_linux_cooked_frame_is_a_client_of_its_source(capture):
    path = capture(pcap(b"\0\0\0\1\0\6" + DM1[6:12] + b"\0\0" + DM1[12:], link=113))
    assert btbbtest.fields(path, "btbb.lap", "btbb.type_name") == [{"btbb.lap": "48:31:dd", "btbb.type_name": "DM1"}]


UNREAD = {
    "MPLS": OUTER + b"\x88\x47\x00\x01\x01\x40" + DM1,
    "TRILL": OUTER + b"\x22\xf3\0\0\0\1\0\2" + DM1,
    "ERSPAN": ipv4(47, b"\x10\0\x88\xbe" + bytes(4) + bytes.fromhex("1000000000000000") + DM1),
    "IP fragments": ipv4(47, b"\0\0\x65\x58" + DM1, fragment=0x2000),
    "VXLAN-GPE": ipv4(17, udp(4790, bytes.fromhex("0c00000300000100") + DM1)),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_tunnel_that_is_not_read_is_reported(name, capture):
    path = capture(pcap(UNREAD[name], ID, UNREAD[name]))
    done = btbb("summary,format=csv", path)
    assert "packets,1\n" in done.stdout
    assert done.stderr == (f"btbb: {path}: 2 frames of tunnels ({name}) were not searched for baseband packets; this does: "
                           "tshark -q -r FILE -z btbb,summary\n")


def test_a_file_of_another_link_type_is_reported(capture):
    path = capture(pcap(*[b"\4\1"] * 1234, link=187))
    done = btbb("lap,format=csv", path, check=False)
    assert (done.returncode, done.stdout.count("\n")) == (2, 1)
    assert done.stderr == (f"btbb: {path}: no baseband packets among 1,234 frames of link type 187 (Bluetooth H4); tshark or "
                           "Wireshark shows what they are\n")


def test_ethernet_without_baseband_packets_is_reported(capture):
    path = capture(pcap(OUTER + b"\x08\x06" + bytes(28)))
    done = btbb("lap,format=csv", path)
    assert done.stderr == (f"btbb: {path}: no baseband packets among 1 frame of link type 1 (Ethernet); tshark or Wireshark "
                           "shows what they are\n")


def test_several_link_types_are_reported(workdir):
    paths = []
    for link, count in ((105, 1), (187, 2)):
        paths.append(workdir / f"{link}.pcap")
        paths[-1].write_bytes(pcap(*[b"\0" * 30] * count, link=link))
        paths[-1].chmod(0o644)
    merged = workdir / "both.pcapng"
    btbbtest.run("mergecap", "-F", "pcapng", "-w", merged, *paths)
    done = btbb("lap,format=csv", merged, check=False)
    assert done.returncode == 2
    assert done.stderr == (f"btbb: {merged}: no baseband packets among 3 frames of link type 187 (Bluetooth H4) and link type "
                           "105 (IEEE 802.11 Wireless LAN); tshark or Wireshark shows what they are\n")


def test_an_empty_capture_is_not_reported(capture):
    assert btbb("lap,format=csv", capture(pcap())).stderr == ""


SHARED = ("bluedragon-ppi.pcap", "ppi-eth.pcap", "cooked.pcap", "nested-gre.pcap", "nested-vxlan.pcap",
          "nested-teb-ethertype.pcap", "nested-8021ah.pcap", "fcs-len.pcapng", "fcs-short.pcapng")


@pytest.mark.parametrize("name", SHARED)
def test_reported_captures(name):
    same(btbbtest.shared(f"captures/reports/{name}"), ("summary", "lap,min=1", "type"))
