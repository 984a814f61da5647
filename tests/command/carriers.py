"""Layers that carry an Ethernet frame or a baseband record: PPI, Linux cooked headers, tags, tunnels.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

# An Ethernet header of other devices, without its ethertype.
OUTER = bytes.fromhex("020000000001020000000002")


def ipv4(protocol, payload, fragment=0):
    return OUTER + b"\x08\x00" + struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(payload), 1, fragment, 64, protocol, 0,
                                            0x0A000001, 0x0A000002) + payload


def ipv6(protocol, payload):
    return OUTER + b"\x86\xdd" + struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + \
        bytes.fromhex("fe80" + "00" * 13 + "01" + "fe80" + "00" * 13 + "02") + payload


def udp(port, payload):
    return struct.pack(">HHHH", 50000, port, 8 + len(payload), 0) + payload


def ppi(link, payload, fields=b""):
    return struct.pack("<BBHI", 0, 0, 8 + len(fields), link) + fields + payload


# Name -> link type, and what carries an Ethernet frame there.
CARRIERS = {
    "PPI": (192, lambda frame: ppi(1, frame)),
    "PPI with fields": (192, lambda frame: ppi(1, frame, bytes(12))),
    "PPI in PPI": (192, lambda frame: ppi(192, ppi(1, frame))),
    "Linux cooked": (113, lambda frame: b"\0\0\0\1\0\6" + frame[6:12] + b"\0\0" + frame[12:]),
    "Linux cooked 2": (276, lambda frame: frame[12:14] + bytes(6) + b"\0\1\0\6" + frame[6:12] + b"\0\0" + frame[14:]),
    "Ethernet in Ethernet": (1, lambda frame: OUTER + b"\x65\x58" + frame),
    "802.1ah": (1, lambda frame: frame[:12] + b"\x88\xe7" + bytes(4) + frame),
    "LLC and SNAP": (1, lambda frame: frame[:12] + struct.pack(">H", 6 + len(frame) - 12) + bytes.fromhex("aaaa03000000") +
                     frame[12:]),
    "GRE": (1, lambda frame: ipv4(47, b"\0\0\x65\x58" + frame)),
    "GRE with a key": (1, lambda frame: ipv4(47, b"\x20\0\x65\x58" + bytes(4) + frame)),
    "GRE over IPv6": (1, lambda frame: ipv6(47, b"\0\0\x65\x58" + frame)),
    "VXLAN": (1, lambda frame: ipv4(17, udp(4789, bytes.fromhex("0800000000000100") + frame))),
    "VXLAN over IPv6": (1, lambda frame: ipv6(17, udp(4789, bytes.fromhex("0800000000000100") + frame))),
    "Geneve": (1, lambda frame: ipv4(17, udp(6081, bytes.fromhex("0000655800000100") + frame))),
    "EtherIP": (1, lambda frame: ipv4(97, b"\x30\0" + frame)),
    "raw IP": (101, lambda frame: ipv4(47, b"\0\0\x65\x58" + frame)[14:]),
}
