"""Captures whose frames are below another layer or have their address elsewhere: PPI, Linux cooked, gr-bluetooth's TAP.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import btbb_encode as e
import encode_upper as upper
import scene_formats
from link_procedures import Link
from scenario import Device, Scene

CENTRAL, MOUSE = Device(0x5F20B6, 0x72, 0x0002, 0x0010204), Device(0x33D18E, 0xC7, 0x0010, 0x0050607, b"Mouse", 0x002580)
LINKTYPE_LE_LL_WITH_PHDR = 256
LE_ADVERTISING = bytes.fromhex("25cea6000000000007 00 d6be898e 0006112233445566 000000")
PPI_MADE_UP, PPI_SPECTRUM = 30003, 5        # types of fields, which a reader skips


def scene():
    """A mouse is connected and moves. The second value is the mouse."""
    new = Scene()
    link = Link(new, CENTRAL, MOUSE)
    link.page()
    link.features()
    link.connect()
    link.complete()
    for number in range(1, 6):
        link.message(link.peripheral, "DM1", upper.l2cap(0x42, upper.mouse_report(0, number, -number)))
    link.message(link.central, "DH1", upper.signal("echo_request", 1, data=b"ping"))
    link.message(link.peripheral, "DH1", upper.signal("echo_response", 1, data=b"ping"))
    return new, MOUSE


def white_record(sent):
    """As Blue Dragon writes it: header 0, seven header bytes as they were received, whitened and three times each bit."""
    header = e.header18(e.KINDS[sent.kind].code if sent.kind != "ID" else 0, sent.access.uap, sent.lt_addr)
    air = [bit for bit in e.whiten(sent.clk & 0x3F, [header >> i & 1 for i in range(18)]) for _ in range(3)]
    white = sum(bit << i for i, bit in enumerate(air)).to_bytes(7, "little")
    return e.rf_record(sent.access.lap, channel=sent.channel, signal=-88, rate=e.RF_ID_RATE, flags=0x000C) + white


def ppi():
    """Link types 255, 1 and 256 below PPI; fields before them; then PPI in PPI, lengths that are wrong, and cut frames."""
    air, _ = scene()
    frames = [packet.data for packet in scene_formats.rf(air)[:12]]
    packets = [e.ppi(e.LINKTYPE_BREDR_BB, frame, ((PPI_SPECTRUM, bytes(8)),) if i % 3 else ()) for i, frame in enumerate(frames)]
    packets += [e.ppi(e.LINKTYPE_BREDR_BB, white_record(sent)) for sent in air.sent[5:11]]
    packets += [e.ppi(e.LINKTYPE_ETHERNET, packet.data, ((PPI_MADE_UP, b"made up!"),)) for packet in scene_formats.legacy(air)[8:20]]
    packets += [e.ppi(LINKTYPE_LE_LL_WITH_PHDR, LE_ADVERTISING)]
    whole = e.ppi(e.LINKTYPE_BREDR_BB, frames[5])
    packets += [e.ppi(e.LINKTYPE_PPI, whole), e.ppi(e.LINKTYPE_ETHERNET, bytes(60)), e.ppi(9999, frames[5])]
    packets += [whole[:2] + struct.pack("<H", length) + whole[4:] for length in (0, 7, 9, len(whole), len(whole) + 1, 0xFFFF)]
    packets += [whole[:length] for length in (0, 3, 8, 20, 29)] + [e.Packet(0, whole[:25], len(whole)), whole]
    return e.pcap(e.stamped(packets, 1_250_000), e.LINKTYPE_PPI)


def cooked():
    """Link types 113 and 276: a capture of the interface "any" beside a TAP device. The destination is lost."""
    frames = [packet.data for packet in scene_formats.legacy(scene()[0])[4:16]]
    arp = e.ethernet(bytes(6), bytes(28), ethertype=0x0806)
    packets = [e.Packet(0, carry(frame), interface=number) for frame in [*frames, arp]
               for number, carry in ((0, e.cooked), (1, e.cooked2))]
    packets += [e.Packet(0, e.cooked(frames[2])[:length], interface=0) for length in (13, 15, 16, 20)]
    packets += [e.Packet(0, e.cooked2(frames[2])[:length], interface=1) for length in (11, 19, 20, 24)]
    return e.pcapng([e.Interface(e.LINKTYPE_LINUX_SLL), e.Interface(e.LINKTYPE_LINUX_SLL2)], e.stamped(packets))


def tap():
    """The address is in the destination, the source is zero; no channel, and six bits of the clock."""
    return scene_formats.capture(scene()[0], "tap")
