#!/usr/bin/python3
"""Seeds for the fuzzers, from the sample captures and the documented options: make_corpus.py FOLDER

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parent.parent
sys.path.insert(0, str(REPO / "tests" / "notebook"))
import capture_rows

FRAMES_PER_SEED = 40


def decode_seed(frames):
    """The input of fuzz_decode.c for (link type, bytes) frames."""
    out = bytearray()
    for link_type, frame in frames:
        rf = link_type == capture_rows.BREDR_BB
        body = frame if rf else frame[14:]
        out += bytes(((1 if rf else 0) | (16 if not rf and any(frame[:6]) else 0), len(body) & 255, len(body) >> 8))
        out += b"" if rf else frame[6:12] + frame[:6]
        out += body
    return bytes(out)


def main():
    target = Path(sys.argv[1])
    for name in ("decode", "options", "totals"):
        (target / name).mkdir(parents=True, exist_ok=True)
    for path in sorted((REPO / "sample-captures").glob("*.pcap*")):
        frames = [(link_type, frame) for link_type, _, frame in capture_rows.frames(path.read_bytes())
                  if link_type in (capture_rows.ETHERNET, capture_rows.BREDR_BB) and len(frame) >= 14]
        for start in range(0, min(len(frames), 5 * FRAMES_PER_SEED), FRAMES_PER_SEED):
            seed = decode_seed(frames[start:start + FRAMES_PER_SEED])
            (target / "decode" / f"{path.name}-{start}").write_bytes(seed)
            (target / "totals" / f"{path.name}-{start}").write_bytes(bytes((start & 255, start >> 4 & 255)) + seed)
    texts = set()
    for document in (REPO / "README.md", REPO / "docs" / "notebook.md", REPO / "docs" / "many-captures.md"):
        texts.update(re.findall(r"-z ['\"]?btbb,([^'\"`\n]+)", document.read_text(encoding="utf-8")))
    for number, text in enumerate(sorted(texts)):
        (target / "options" / str(number)).write_text(text, encoding="utf-8")
    print({name: len(list((target / name).iterdir())) for name in ("decode", "options", "totals")})


main()
