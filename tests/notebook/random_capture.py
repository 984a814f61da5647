"""Random captures for comparing the statistics with pandas. Everything follows from the seed.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import random
import struct

from capture_rows import BREDR_BB, ETHERNET  # makes btbb_encode known
from btbb_encode import Packet, hec, pcap

START = 1339621571


def random_capture(seed, link_type=ETHERNET, packets=600, seconds=40, order="<", nanoseconds=False):
    """The bytes of a pcap file. Stamps are neither sorted nor different from each other; a few frames are foreign,
    a few cut short, and one span in the middle is silent."""
    rng = random.Random(seed)
    laps = [rng.randrange(0x10000, 0x9e8b00) for _ in range(7)]
    uaps = {lap: rng.randrange(1, 256) for lap in laps}
    stamps = sorted(rng.randrange(seconds * 10**9) for _ in range(packets))
    stamps = [stamp for stamp in stamps if not seconds * 4 // 10 <= stamp // 10**9 < seconds // 2]
    for _ in range(packets // 10):
        first, second = rng.randrange(len(stamps)), rng.randrange(len(stamps))
        stamps[first], stamps[second] = stamps[second], stamps[first]
    stamps[5] = stamps[6]
    make = _legacy if link_type == ETHERNET else _rf
    out = []
    for stamp in stamps:
        stray = rng.random() < 0.05
        lap = rng.randrange(0x10000, 0x9e8b00) if stray else rng.choice(laps)
        frame, wire = make(rng, lap, uaps.get(lap, 0))
        out.append(Packet(START * 10**9 + stamp, frame, wire))
    return pcap(out, link_type, nano=nanoseconds, big_endian=order == ">")


def _header10(rng):
    return rng.randrange(1, 8) | rng.randrange(16) << 3 | rng.randrange(8) << 7


def _legacy(rng, lap, uap):
    if rng.random() < 0.03:
        frame = rng.randbytes(12) + b"\x08\x00" + rng.randbytes(30)
        return frame, len(frame)
    identity = rng.random() < 0.5 or uap == 0
    frame = bytes(6) + struct.pack(">HB", 0, 0 if identity else uap) + lap.to_bytes(3, "big") + b"\xff\xf0"
    if not identity:
        header = _header10(rng)
        frame += struct.pack("<IBB", rng.randrange(64), rng.randrange(79), 0)
        frame += bytes((header & 0x7f, header >> 7, hec(uap, header))) + rng.randbytes(rng.choice((0, 0, 5, 30)))
    wire = len(frame)
    if rng.random() < 0.02:
        frame = frame[:rng.randrange(14, 1 + len(frame))]
    return frame, wire


def _rf(rng, lap, uap):
    flags, header, rate, payload = 0x0003, 0, 0, b""
    if rng.random() < 0.5 and uap:
        header10 = _header10(rng)
        header = header10 | hec(uap, header10) << 10
        if rng.random() < 0.2:
            header ^= 1 << rng.randrange(10, 18)
        flags |= 0x0080
        payload = rng.randbytes(rng.choice((0, 0, 9, 40)))
        flags |= 0x0020 if payload else 0
    elif rng.random() < 0.3:
        rate = 0xff
    if rng.random() < 0.05:
        flags &= ~1
    frame = struct.pack("<BbbBBBhIIIH", rng.randrange(79), -rng.randrange(30, 90), -100, rng.randrange(3), rate, 0, 0,
                        lap, lap | uap << 24, header, flags) + payload
    return frame, len(frame)


__all__ = ["BREDR_BB", "ETHERNET", "random_capture"]
