"""Whole tshark over damaged captures: no crash, no dissector bug, no sanitizer report, no packet lost for the statistics.

BTBB_ABUSE_SECONDS bounds the run (20 by default), BTBB_SEED repeats one. With BTBB_ASAN_BUILD=<folder>, a build with
-DBTBB_SANITIZE=address,undefined, its plugins run instead, under the address sanitizer.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import btbbtest

sys.path.insert(0, str(btbbtest.REPO / "tests" / "notebook"))
sys.path.insert(0, str(btbbtest.REPO / "tests" / "fuzz"))
from mutations import mutate

SECONDS = float(os.environ.get("BTBB_ABUSE_SECONDS") or 20)
SEED = int(os.environ.get("BTBB_SEED") or random.SystemRandom().randrange(1, 1 << 31))
SAMPLES = sorted(path.name for path in (btbbtest.REPO / "sample-captures").glob("*.pcap*"))
FINDINGS = btbbtest.REPO / "tests" / "fuzz" / "findings" / "captures"
VIEWS = ("lap", "lap,min=1,format=json", "type,format=csv", "lap-type", "io,interval=60", "io,by=lap,interval=3600,format=csv",
         "io,by=type,interval=60,format=json", "channel", "vendors")
OUTPUTS = (("-V",), ("-T", "json"), ("-T", "pdml"), ("-V", "-2"), ("-V", "-Y", "btbb.hec.status == 0 || btbb.crc.status"), ("-T", "ek"))
BAD = re.compile(r"Dissector bug|AddressSanitizer|runtime error|ERROR:|Segmentation|STATUS_|assertion", re.I)


def sanitized():
    """Environment for plugins built with the address sanitizer, or nothing."""
    build = os.environ.get("BTBB_ASAN_BUILD")
    if not build:
        return {}
    runtime = subprocess.run(["cc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True).stdout.strip()
    return {"WIRESHARK_PLUGIN_DIR": str(Path(build).resolve() / "plugins"), "LD_PRELOAD": runtime,
            "ASAN_OPTIONS": "detect_leaks=0", "WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple"}


def abuse(path, count, output):
    """One run of tshark with all views; the summary must count every BTBB frame."""
    folder = path.parent
    summary, report = folder / "summary.csv", folder / "report.html"
    views = [word for view in VIEWS for word in ("-z", "btbb," + view)]
    done = btbbtest.tshark("-r", path, *output, *views, "-z", f"btbb,summary,format=csv,file={summary}",
                           "-z", f"btbb,report,interval=60,file={report}", env=sanitized(), check=False)
    found = BAD.search(done.stdout) or BAD.search(done.stderr)
    assert not found, found.group(0) + "\n" + done.stderr[-3000:]
    assert done.returncode in (0, 1) and (done.returncode == 0 or done.stderr.strip()), done.stderr
    values = dict(line.split(",", 1) for line in summary.read_text(encoding="utf-8").splitlines())
    assert int(values["packets"]) + int(values["no_lap"]) == count
    summary.unlink()
    assert report.read_text(encoding="utf-8").rstrip().endswith("</html>") or "report" in done.stderr


def test_damaged_captures():
    folder, end, runs = btbbtest.tmpdir(), time.monotonic() + SECONDS, 0
    while time.monotonic() < end or runs < 3:
        seed = SEED + runs
        data, count = mutate(btbbtest.sample(SAMPLES[seed % len(SAMPLES)]).read_bytes(), seed)
        path = folder / f"{seed}.pcap"
        path.write_bytes(data)
        try:
            abuse(path, count, OUTPUTS[seed // 3 % len(OUTPUTS)])
        except AssertionError:
            FINDINGS.mkdir(parents=True, exist_ok=True)
            (FINDINGS / path.name).write_bytes(data)
            print(f"kept as {FINDINGS / path.name}; seed {seed}, sample {SAMPLES[seed % len(SAMPLES)]}, "
                  f"{OUTPUTS[seed // 3 % len(OUTPUTS)]}")
            raise
        path.unlink()
        runs += 1
    print(f"{runs} damaged captures from seed {SEED}")


@pytest.mark.parametrize("name", sorted(path.name for path in FINDINGS.glob("*")) if FINDINGS.is_dir() else [])
def test_earlier_finding(name):
    """Every capture that once broke something, with every kind of output."""
    import capture_rows
    data = (FINDINGS / name).read_bytes()
    count = sum(capture_rows.is_btbb(link_type, frame) for link_type, _, frame in capture_rows.frames(data))
    path = btbbtest.tmpdir() / name
    path.write_bytes(data)
    for output in OUTPUTS:
        abuse(path, count, output)
