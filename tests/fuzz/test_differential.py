"""tshark and the command print the same for random captures of every kind; see differential.py.

BTBB_FUZZ_SECONDS: how long new captures are made (default 20); BTBB_SEED: number of the first one (default: random).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import random

import pytest

import btbb_encode
import capture_rows
import differential
from carriers import CARRIERS
from differential import FINDINGS

SECONDS = float(os.environ.get("BTBB_FUZZ_SECONDS") or 20)
SEED = int(os.environ.get("BTBB_SEED") or random.SystemRandom().randrange(1 << 31))


@pytest.mark.slow
def test_programs_and_passes_print_the_same():
    count = differential.run_cases(SECONDS, SEED, at_least=len(differential.WAYS))
    print(f"{count} captures from number {SEED} on")


def test_earlier_findings(workdir):
    for finding in sorted(FINDINGS.glob("*.cap")):
        path = workdir / finding.name
        path.write_bytes(finding.read_bytes())
        for turn in range(len(differential.WAYS)):
            differential.compare(path, "damaged" in finding.name, turn)


def test_a_case_follows_from_its_number():
    once, again, other = map(differential.make_case, (5, 5, 6))
    assert once == again and once.data != other.data


def test_every_kind_of_traffic_below_every_layer_occurs():
    names = [name for number in range(600) for name in differential.make_case(number).sources]
    kinds, layers = {name.split(" in ")[0].split(":")[0] for name in names}, {name.split(" in ", 1)[1] for name in names}
    assert kinds == {"legacy", "255", "sample", "damaged sample"}
    assert layers == {"nothing", "VLAN", "PPI around 255", *CARRIERS}
    samples = {name.split(": ")[1].split(" in ")[0] for name in names if name.startswith("sample: ")}
    assert samples == set(differential.readable_samples())


def test_a_case_has_the_frames_of_all_sources():
    cases = [differential.make_case(number) for number in range(30)]
    sizes = [len(list(capture_rows.frames(case.data))) for case in cases if not any("empty" in name for name in case.sources)]
    assert 0 < min(sizes) and max(sizes) > 2 * 100


def test_every_view_is_compared():
    names = {view.split(",")[0] for view in differential.views(damaged=True)}
    assert {"summary", "lap", "type", "lap-type", "io", "channel", "signal", "vendors", "report", "packets"} <= names
    formats = {form for turn in range(3) for view, _ in differential.wanted(True, turn)
               for form in differential.FORMATS if view.endswith(f"lap,format={form}")}
    assert formats == set(differential.FORMATS)


@pytest.mark.parametrize("program", ["of_tshark", "of_command"])
def test_a_difference_is_found(program, workdir, monkeypatch):
    """One program reads a capture that lacks the last packet."""
    frames = [btbb_encode.legacy(0x102030, "POLL", uap=0x47, clk=2)] * 3
    path, short = workdir / "whole.pcap", workdir / "short.pcap"
    path.write_bytes(btbb_encode.pcap(btbb_encode.stamped(frames)))
    short.write_bytes(btbb_encode.pcap(btbb_encode.stamped(frames[1:])))
    original, calls = getattr(differential, program), []

    def misled(capture, *arguments):
        calls.append(capture)
        return original(short if len(calls) == (2 if program == "of_tshark" else 1) else capture, *arguments)
    monkeypatch.setattr(differential, program, misled)
    with pytest.raises(AssertionError, match=r"differs from tshark -q in \['summary"):
        differential.compare(path, True, 0)
