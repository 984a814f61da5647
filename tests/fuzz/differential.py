#!/usr/bin/python3
"""Random captures of every kind: tshark with and without a tree, in one pass and in two, and the command print the same.

    differential.py [NUMBER...]      the cases of these numbers; without any, random ones for BTBB_FUZZ_SECONDS (600)

Each case follows from its number. The capture of a case that fails is kept in tests/fuzz/findings/differential, and
test_differential.py reads it again in every run.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import os
import random
import re
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import btbbtest
import btbb_encode as encode
import capture_rows
import mutations
from abuse_loop import clean
from carriers import CARRIERS, ppi
from companion import BTBB
from random_capture import random_capture

FINDINGS = btbbtest.REPO / "tests" / "fuzz" / "findings" / "differential"
FORMATS = ("table", "csv", "json")
FRAMES = 150        # of one source
SECONDS = 300       # a longer run of one program is a hang

# How tshark reads the capture a second time; the statistics must not depend on it.
WAYS = (("-V",), ("-q", "-2"), ("-V", "-2"), ("-T", "fields", "-e", "btbb.lap"))

# Views besides all views with their defaults. Damaged times are years apart and require long intervals.
ALWAYS = ("lap,min=1,sort=first", "lap,min=1,ids=no", "type,ids=yes,top=2", "lap-type,ids=yes,min=1,top=5", "vendors,min=1,sort=lap",
          "io,interval=86400", "io,by=lap,interval=86400,top=5", "io,by=type,interval=86400", "report,interval=86400")
SHORT = ("io,interval=0.5", "io,by=lap,min=1,top=5,interval=7", "io,by=type,interval=10", "io,by=channel,cumulative=yes,interval=20")
NOT_ALONE = ("io", "report")        # views that need an interval, or a file
# What a report may have of its own: the time at which it was written, and the capture's name, which tshark has not got.
OWN = re.compile(rb'"capture":"[^"]*"|"written":\[[^]]*\]')

Case = namedtuple("Case", "number sources data damaged")
Source = namedtuple("Source", "name link frames damaged")       # frames: (nanoseconds, bytes, length on the wire)


@functools.lru_cache(maxsize=None)
def views(damaged):
    """All views that the parser lists, each with its defaults, and the variants."""
    message = btbbtest.run(BTBB, "nothing", "f", check=False).stderr
    names = re.search(r"valid: (.*)$", message)[1].split(", ")
    return [name for name in names if name not in NOT_ALONE] + list(ALWAYS) + ([] if damaged else list(SHORT))


# --- Cases ----------------------------------------------------------------------------------------------------------

def frames_of(data, rng):
    """[(link type, nanoseconds, bytes, length on the wire)]; some frames are cut."""
    out = []
    for link, time_ns, frame in list(capture_rows.frames(data))[:FRAMES]:
        wire = len(frame)
        if rng.random() < 0.03:
            # Wireshark reads no file on in which a frame ends inside the pseudo-header of its link type.
            least = 4 if link in (capture_rows.H4_PHDR, capture_rows.MONITOR) else 0
            frame = frame[:max(least, rng.randrange(len(frame) + 1))]
        out.append((link, time_ns, frame, wire))
    return out


def readable_samples():
    return [name for name in btbbtest.SAMPLES if btbbtest.sample(name).read_bytes()[:4] in
            (*capture_rows.PCAP_MAGIC, b"\x0a\x0d\x0d\x0a")]


def make_source(rng):
    """A kind of traffic, and below which layers it is."""
    kind = rng.choice(("legacy", "255", "sample", "sample", "damaged sample"))
    seed = rng.randrange(1 << 31)
    if kind in ("legacy", "255"):
        link = capture_rows.ETHERNET if kind == "legacy" else capture_rows.BREDR_BB
        data = random_capture(seed, link, packets=FRAMES)
    else:
        name = rng.choice(readable_samples())
        data = btbbtest.sample(name).read_bytes()
        if kind == "damaged sample":
            damage = rng.choice(mutations.KINDS)
            data = mutations.mutate(data, damage, seed)
            name = f"{damage} of {name}"
        kind = f"{kind}: {name}"
    frames = frames_of(data, rng)
    link = rng.choice(frames)[0] if frames else capture_rows.ETHERNET
    frames = [(time_ns, frame, wire) for own, time_ns, frame, wire in frames if own == link]
    layer, link, frames = below_layer(rng, link, frames)
    return Source(f"{kind} in {layer}", link, frames, "damaged" in kind)


def below_layer(rng, link, frames):
    """The frames below another layer, or as they are. Cut frames keep what was cut off their end."""
    choices = {capture_rows.ETHERNET: [None, None, "VLAN", *CARRIERS], capture_rows.BREDR_BB: [None, None, "PPI around 255"]}
    layer = rng.choice(choices.get(link, [None]))
    if layer is None:
        return "nothing", link, frames
    if layer == "VLAN":
        carry = lambda frame: frame[:12] + rng.choice((b"\x81\0", b"\x88\xa8", b"\x91\0")) + b"\0\5" + frame[12:]
    elif layer == "PPI around 255":
        link, carry = 192, lambda frame: ppi(255, frame, bytes(rng.choice((0, 12))))
    else:
        link, carry = CARRIERS[layer]
    whole = [(time_ns, frame, wire) for time_ns, frame, wire in frames if len(frame) >= 14]
    carried = [(time_ns, carry(frame), wire - len(frame)) for time_ns, frame, wire in whole]
    return layer, link, [(time_ns, frame, len(frame) + missing) for time_ns, frame, missing in carried]


def make_case(number):
    rng = random.Random(number)
    sources = [make_source(rng) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    interfaces = [encode.Interface(source.link, rng.choice((6, 9))) for source in sources]
    packets = [encode.Packet(time_ns, frame, wire, interface, rng.choice((None, 1, 2)))
               for interface, source in enumerate(sources) for time_ns, frame, wire in source.frames]
    if len(sources) > 1 and rng.random() < 0.8:
        packets.sort(key=lambda packet: packet.time)
    if len(sources) == 1 and rng.random() < 0.7:
        data = encode.pcap(packets, sources[0].link, nano=rng.random() < 0.3, big_endian=rng.random() < 0.2, snaplen=262144)
    else:
        data = encode.pcapng(interfaces, packets, big_endian=rng.random() < 0.2)
    return Case(number, [source.name for source in sources], data, any(source.damaged for source in sources))


# --- Comparison -----------------------------------------------------------------------------------------------------

def wanted(damaged, turn):
    """[(view with its format, name of its file)]; the formats take turns."""
    out = []
    for number, view in enumerate(views(damaged)):
        form = FORMATS[(number + turn) % len(FORMATS)]
        out.append((view if view.startswith("report") else f"{view},format={form}", f"{number}.out"))
    return out


def contents(folder, arguments):
    """{view: bytes of its file, or None}; the files are removed."""
    found = {}
    for view, name in arguments:
        path = folder / name
        found[view] = OWN.sub(b"", path.read_bytes()) if path.exists() else None
        path.unlink(missing_ok=True)
    return found


def of_tshark(path, folder, arguments, way):
    words = [word for view, name in arguments for word in ("-z", f"btbb,{view},file={folder / name}")]
    clean(btbbtest.tshark("-r", path, *way, *words, check=False, timeout=SECONDS), (0, 1, 2, 14))
    return contents(folder, arguments)


def of_command(path, folder, arguments):
    for view, name in arguments:
        extra = [f"{view},file={folder / name}"] if view.startswith("report") else [view, "-o", folder / name]
        clean(btbbtest.run(BTBB, *extra, path, check=False, timeout=SECONDS), (0, 2))
    return contents(folder, arguments)


def first_difference(one, other):
    if one is None or other is None:
        return f"{'nothing' if one is None else 'something'} against {'nothing' if other is None else 'something'}"
    lines, others = one.decode(errors="replace").splitlines(), other.decode(errors="replace").splitlines()
    for number, (a, b) in enumerate(zip(lines + [""] * len(others), others + [""] * len(lines)), 1):
        if a != b:
            return f"line {number}:\n  {a[:300]}\n  {b[:300]}"
    return "line ends"


def compare(path, damaged, turn):
    """Read a capture in all ways; a difference is an AssertionError."""
    folder, arguments = path.parent, wanted(damaged, turn)
    way = WAYS[turn % len(WAYS)]
    expected = of_tshark(path, folder, arguments, ("-q",))
    assert any(expected.values()), "tshark wrote nothing"
    for name, found in ((f"tshark {' '.join(way)}", of_tshark(path, folder, arguments, way)),
                        ("btbb", of_command(path, folder, arguments))):
        different = [view for view, _ in arguments if found[view] != expected[view]]
        assert not different, f"{name} differs from tshark -q in {different}, in the first at " + \
            first_difference(expected[different[0]], found[different[0]])


def run_case(folder, number):
    case = make_case(number)
    path = folder / f"{number}.cap"
    path.write_bytes(case.data)
    try:
        compare(path, case.damaged, number)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        FINDINGS.mkdir(parents=True, exist_ok=True)
        kept = FINDINGS / f"{number}{'-damaged' if case.damaged else ''}.cap"
        kept.write_bytes(case.data)
        raise AssertionError(f"case {number}, {' and '.join(case.sources)}, kept as {kept}: {error}") from error
    path.unlink()


def run_cases(seconds, first, at_least=1):
    """Cases from number `first` on, for a time; the number of cases."""
    folder, end, count = btbbtest.tmpdir(), time.monotonic() + seconds, 0
    while time.monotonic() < end or count < at_least:
        run_case(folder, first + count)
        count += 1
    return count


def main():
    if sys.argv[1:]:
        for number in sys.argv[1:]:
            run_case(btbbtest.tmpdir(), int(number))
            print(f"case {number}: no difference in {', '.join(make_case(int(number)).sources)}")
        return 0
    first, end, failed = random.SystemRandom().randrange(1 << 31), time.monotonic() + float(os.environ.get("BTBB_FUZZ_SECONDS") or 600), 0
    folder, number = btbbtest.tmpdir(), first
    while time.monotonic() < end:
        try:
            run_case(folder, number)
        except AssertionError as error:
            failed += 1
            print(error, flush=True)
        number += 1
    print(f"{number - first} captures from number {first} on, {failed} with differences")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
