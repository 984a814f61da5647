"""Damaged captures for tests/fuzz/abuse_loop.py: every one follows from its seed.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import random
import subprocess
import tempfile
from pathlib import Path

import capture_rows
from btbb_encode import pcap

KINDS = ("bytes", "lengths", "link type", "editcap")
FRAMES = 400
LENGTHS = range(1, 61)
PHDR = capture_rows.H4_PHDR, capture_rows.MONITOR


def mutate(data, kind, seed):
    """The bytes of a capture made from those of another, damaged in one of these ways, and now and then a little in others:

    bytes: some of each frame are different;  lengths: some frames, each cut at every length from 1 to 60;
    link type: the frames are those of the other link type;  editcap: what its option -E makes of them.
    """
    if kind == "editcap":
        return _editcap(data, seed)
    rng = random.Random(seed)
    records = [record for record in capture_rows.frames(data)
               if record[0] in (capture_rows.ETHERNET, capture_rows.BREDR_BB, *PHDR)][:FRAMES]
    link_type = records[0][0] if records else capture_rows.ETHERNET
    if kind == "link type":
        link_type = capture_rows.ETHERNET if link_type == capture_rows.BREDR_BB else capture_rows.BREDR_BB
    least = 4 if link_type in PHDR else 0      # Wireshark reads no file on in which a frame ends inside the pseudo-header
    if kind == "lengths":
        records = [(own, time_ns, frame[:least + length]) for own, time_ns, frame in rng.sample(records, min(len(records), 25))
                   for length in LENGTHS if length <= len(frame)]
    out = []
    for own_type, time_ns, frame in records:
        wire = len(frame) if rng.random() < 0.9 else len(frame) + rng.randrange(40)
        if kind == "bytes" or rng.random() < 0.1:
            start = {capture_rows.ETHERNET: 14}.get(own_type, 5 if own_type in PHDR else 0)
            frame = _flip(rng, frame, start if start > 0 and rng.random() < 0.8 else 0)
        if kind == "link type" and link_type == capture_rows.ETHERNET and rng.random() < 0.7:
            frame = frame[:12].ljust(12, b"\0") + b"\xff\xf0" + frame[14:]
        out.append((time_ns % (1 << 32) if rng.random() < 0.02 else time_ns, frame, wire))
    return pcap(out, link_type, nano=True, snaplen=262144)


def _flip(rng, frame, start):
    frame = bytearray(frame)
    for at in range(start, len(frame)):
        if rng.random() < 0.05:
            frame[at] = rng.randrange(256)
    return bytes(frame)


def _editcap(data, seed):
    """Of a file that is cut short, editcap takes what is whole, and complains."""
    with tempfile.TemporaryDirectory(prefix="btbb-test-") as folder:
        old, new = Path(folder) / "old", Path(folder) / "new"
        old.write_bytes(data)
        subprocess.run(["editcap", "-r", "-E", "0.02", "--seed", str(seed), old, new, f"1-{FRAMES}"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return new.read_bytes()
