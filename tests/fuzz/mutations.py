"""Damaged captures for tests/test_abuse.py: every one follows from its seed.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import random

import capture_rows
from btbb_encode import pcap


def _flip(rng, frame, start):
    frame = bytearray(frame)
    for at in range(start, len(frame)):
        if rng.random() < 0.05:
            frame[at] = rng.randrange(256)
    return bytes(frame)


def mutate(data, seed):
    """(bytes of a pcap file, number of frames that are BTBB frames) made from the bytes of a capture.

    Of each seed, one third damages bytes, one third cuts every frame at one length of 1 to 60, one third reads the frames
    as the other link type; and all may do a little of the others.
    """
    rng = random.Random(seed)
    kind = seed % 3
    records = [record for record in capture_rows.frames(data)
               if record[0] in (capture_rows.ETHERNET, capture_rows.BREDR_BB)][:400]
    link_type = records[0][0] if records else capture_rows.ETHERNET
    if kind == 2:
        link_type = capture_rows.BREDR_BB + capture_rows.ETHERNET - link_type
    cut = rng.randrange(1, 61) if kind == 1 else 0
    out = []
    for own_type, time_ns, frame in records:
        wire = len(frame) if rng.random() < 0.9 else len(frame) + rng.randrange(40)
        if kind == 0 or rng.random() < 0.1:
            frame = _flip(rng, frame, 14 if own_type == capture_rows.ETHERNET and rng.random() < 0.8 else 0)
        if kind == 2 and link_type == capture_rows.ETHERNET and rng.random() < 0.7:
            frame = frame[:12].ljust(12, b"\0") + b"\xff\xf0" + frame[14:]
        if cut:
            frame = frame[:cut]
        out.append((time_ns % (1 << 32) if rng.random() < 0.02 else time_ns, frame, wire))
    count = sum(capture_rows.is_btbb(link_type, frame) for _, frame, _ in out)
    return pcap(out, link_type, nano=True, snaplen=262144), count
