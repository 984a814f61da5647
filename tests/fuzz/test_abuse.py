"""Whole tshark and the command over damaged captures: no crash, no dissector bug, no sanitizer report, no packet lost for
the statistics.

BTBB_FUZZ_SECONDS bounds the run (15 by default), BTBB_SEED repeats one. With BTBB_ASAN_BUILD=<folder>, a build with
-DBTBB_SANITIZE=address,undefined, its plugins and its command run instead.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import random
import shutil
import time

import pytest

import abuse_loop
import btbbtest
from abuse_loop import FINDINGS, OUTPUTS, abuse, capture_rows, count_frames, mutations, run_case

SECONDS = float(os.environ.get("BTBB_FUZZ_SECONDS") or 15)
SEED = int(os.environ.get("BTBB_SEED") or random.SystemRandom().randrange(1, 1 << 31))
BUILD = os.environ.get("BTBB_ASAN_BUILD")


def test_damaged_captures():
    folder, end, runs = btbbtest.tmpdir(), time.monotonic() + SECONDS, 0
    if BUILD:
        abuse_loop.prove_sanitized(BUILD)
    while time.monotonic() < end or runs < 3:
        run_case(folder, SEED + runs, BUILD)
        runs += 1
    print(f"{runs} damaged captures from seed {SEED}")


def test_earlier_findings():
    """Every capture that once broke something, with every kind of output."""
    for finding in sorted(FINDINGS.glob("*")):
        path = btbbtest.tmpdir() / finding.name
        shutil.copyfile(finding, path)
        for output in OUTPUTS:
            abuse(path, count_frames(path.read_bytes()), output, BUILD)


@pytest.mark.parametrize("kind", mutations.KINDS)
def test_damage_follows_from_the_seed(kind):
    data = btbbtest.sample("every_type_rf.pcap").read_bytes()
    once, again, other = (mutations.mutate(data, kind, seed) for seed in (5, 5, 6))
    assert once == again != other and count_frames(once) > 0
    assert [frame for _, _, frame in capture_rows.frames(once)] != [frame for _, _, frame in capture_rows.frames(data)]


def test_every_length_occurs():
    lengths = {len(frame) for _, _, frame in
               capture_rows.frames(mutations.mutate(btbbtest.sample("every_type.pcapbtbb").read_bytes(), "lengths", 1))}
    assert lengths == set(range(1, 61))


def test_every_damage_of_every_sample_is_a_case():
    cases = [abuse_loop.case(number) for number in range(abuse_loop.CASES)]
    assert len({(sample, kind) for sample, kind, *_ in cases}) == abuse_loop.CASES
    assert {output for *_, output in cases} == set(OUTPUTS)


def test_a_lost_packet_is_found(workdir):
    path = workdir / "fhs.pcap"
    shutil.copyfile(btbbtest.sample("fhs.pcapbtbb"), path)
    abuse(path, 15, ("-V",))
    with pytest.raises(AssertionError, match="of 16 frames"):
        abuse(path, 16, ("-V",))


@pytest.mark.parametrize("out, code, message", [("a [Dissector bug, b]", 0, ""), ("", 0, "x.c:1: runtime error: load"), ("", 1, ""),
                                                ("", 3, "why"), ("", -11, "")])
def test_a_bad_run_is_found(out, code, message):
    class Done:
        returncode, stdout, stderr = code, out, message
    with pytest.raises(AssertionError):
        abuse_loop.clean(Done, (0, 1, 2))
