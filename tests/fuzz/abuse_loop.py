#!/usr/bin/python3
"""Damaged captures for the whole tshark and the command: no crash, no sanitizer report, no packet lost for the statistics.

    abuse_loop.py --minutes 10 --build build-asan       plugins and command of a build with -DBTBB_SANITIZE=address,undefined

Every case follows from its number. What fails is kept in tests/fuzz/findings/captures, where tests/fuzz/test_abuse.py repeats it
for ever.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import csv
import functools
import random
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import btbbtest
import capture_rows
import mutations

# Of other link types, capture_rows does not know which frames are ours.
KNOWN = {capture_rows.ETHERNET, capture_rows.BREDR_BB, capture_rows.H4_PHDR, capture_rows.MONITOR}
SAMPLES = [name for name in btbbtest.SAMPLES
           if {link_type for link_type, *_ in capture_rows.frames(btbbtest.sample(name).read_bytes())} <= KNOWN]
FINDINGS = btbbtest.REPO / "tests" / "fuzz" / "findings" / "captures"
# Damaged stamps are years apart and damaged LAPs many: few rows and columns, or it takes minutes to print them.
VIEWS = ("lap", "lap,min=1,format=json", "type,format=csv", "lap-type", "io,interval=60", "io,by=lap,interval=86400,top=5,format=csv",
         "io,by=type,interval=86400,format=json", "io,by=channel,interval=86400", "channel", "vendors", "piconets,format=csv")
OUTPUTS = (("-q",), ("-V",), ("-T", "json"), ("-T", "pdml"), ("-V", "-2"), ("-2", "-Y", "btbb.hec.status == 0 || btbb.crc.status"),
           ("-T", "ek"), ("-V", "-Y", "btbb && _ws.expert"))
BAD = re.compile(r"Dissector bug|AddressSanitizer|LeakSanitizer|runtime error|ERROR:|Segmentation fault|STATUS_|[Aa]ssertion .*failed")
CASES = len(SAMPLES) * len(mutations.KINDS)     # as many numbers in a row hold every damage of every sample
SECONDS = 600       # a run that takes longer hangs, on however busy a machine


@functools.lru_cache(maxsize=None)
def sanitized(build):
    """Environment of tshark for the plugins of a build with the address sanitizer."""
    runtime = subprocess.run(["cc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True).stdout.strip()
    # Started by a thread, as tshark does, extcap programs do not get along with the sanitizer.
    return {"WIRESHARK_PLUGIN_DIR": str(Path(build).resolve() / "plugins"), "LD_PRELOAD": runtime, "WIRESHARK_EXTCAP_DIR": "/var/empty",
            "ASAN_OPTIONS": "detect_leaks=0", "WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple"}


def prove_sanitized(build):
    """Fail unless tshark loads the plugins of the build, with the sanitizer in them."""
    plugins = sorted((Path(build) / "plugins").glob("*/epan/btbb*.so"))
    listed = btbbtest.run("tshark", "-G", "plugins", env=sanitized(build)).stdout
    for plugin in plugins:
        assert str(plugin.resolve()) in listed, f"{plugin} is not loaded"
        assert b"__asan_report_load" in plugin.read_bytes(), f"{plugin} has no address sanitizer"
    assert plugins, f"no plugins in {build}"


def case(number):
    """(name of the sample, damage, bytes of the capture, BTBB frames in it, kind of output) of a number."""
    sample, kind = SAMPLES[number % len(SAMPLES)], mutations.KINDS[number // len(SAMPLES) % len(mutations.KINDS)]
    data = mutations.mutate(btbbtest.sample(sample).read_bytes(), kind, number)
    return sample, kind, data, count_frames(data), OUTPUTS[random.Random(number).randrange(len(OUTPUTS))]


def count_frames(data):
    return sum(capture_rows.is_btbb(link_type, frame) for link_type, _, frame in capture_rows.frames(data))


def clean(done, codes):
    """The exit status is one of `codes`, comes with a message unless it is 0, and no output reports a bug of ours."""
    found = BAD.search(done.stdout) or BAD.search(done.stderr)
    assert not found, found.group(0) + "\n" + done.stderr[-3000:]
    assert done.returncode in codes and (done.returncode == 0 or done.stderr.strip()), f"{done.returncode}: {done.stderr[-3000:]}"


def abuse(path, count, output, build=None):
    """One run of tshark with all views, and the command with each; both summaries count every BTBB frame."""
    folder = path.parent
    summary, report = folder / "summary.csv", folder / "report.html"
    views = [word for view in VIEWS for word in ("-z", "btbb," + view)]
    clean(btbbtest.tshark("-r", path, *output, *views, "-z", f"btbb,summary,format=csv,file={summary}",
                          "-z", f"btbb,report,interval=60,file={report}", env=sanitized(build) if build else {}, check=False,
                          timeout=SECONDS), (0, 1, 2))
    counted = summary.read_text(encoding="utf-8")
    values = dict(csv.reader(counted.splitlines()))
    assert int(values["packets"]) + int(values["no_lap"]) == count, f"{values} of {count} frames"
    assert report.read_text(encoding="utf-8").rstrip().endswith("</html>")
    summary.unlink()
    abuse_command(path, counted, build)


def abuse_command(path, counted, build):
    command = Path(build or btbbtest.BUILD).resolve() / "command" / "btbb"
    env = {"ASAN_OPTIONS": "detect_leaks=1"} if build else {}
    for view in ("summary,format=csv", *VIEWS, "report,interval=60,file=/dev/null"):
        done = btbbtest.run(command, view, path, env=env, check=False, timeout=SECONDS)
        clean(done, (0, 1, 2))
        assert not view.startswith("summary") or done.stdout == counted, f"the command counts\n{done.stdout}tshark\n{counted}"


def run_case(folder, number, build=None):
    """Run a case; what fails is kept."""
    sample, kind, data, count, output = case(number)
    path = folder / f"{number}.pcap"
    path.write_bytes(data)
    try:
        abuse(path, count, output, build)
    except (AssertionError, subprocess.TimeoutExpired):
        FINDINGS.mkdir(parents=True, exist_ok=True)
        (FINDINGS / path.name).write_bytes(data)
        print(f"kept as {FINDINGS / path.name}: {kind} of {sample}, {' '.join(output)}")
        raise
    path.unlink()
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--first", type=int, default=random.SystemRandom().randrange(1 << 31), help="number of the first case")
    parser.add_argument("--build", type=Path, help="a build with the address sanitizer (default: build/, without)")
    args = parser.parse_args()
    if args.build:
        prove_sanitized(args.build)
    folder, end = btbbtest.tmpdir(), time.monotonic() + 60 * args.minutes
    number, frames, failed = args.first, 0, 0
    while time.monotonic() < end:
        try:
            frames += run_case(folder, number, args.build)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            failed += 1
            print(error)
        number += 1
    print(f"{number - args.first} damaged captures from number {args.first} on, {frames} BTBB frames, {failed} findings; "
          f"{CASES} in a row hold every damage of every sample")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
