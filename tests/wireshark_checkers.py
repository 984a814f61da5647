#!/usr/bin/env python3
"""Wireshark's own checkers, from its source package, over plugin/ and stats/: what its reviewers would run.

    wireshark_checkers.py TOOLS [FILE...]   TOOLS: folder with tools/ and epan/tfs.c of Wireshark's source, fetched by
                                            wireshark-source.sh if it is not there; FILE: instead of plugin/ and stats/
    Exit code: 0: nothing found; 1: findings, one a line; 77: the checkers cannot be fetched.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
# (file, function) that checkAPIs.pl finds, with the reason why it stays. One that is not found any more is a finding.
EXCEPTIONS = {
    ("stats/exit-status.c", "exit"): "tshark has no other way to report that a result could not be written",
    ("stats/tap-btbb.c", "printf"): "prints the result of -z, as Wireshark's own ui/cli/tap-*.c do",
}
# Script, options, and what its output is when there is nothing to report.
SILENT = [("checkhf.pl",), ("checkfiltername.pl",), ("fix-encoding-args.pl",)]
COUNTING = [("check_typed_item_calls.py", "--mask", "--consecutive", "--missing-items"), ("check_tfs.py",)]


def run(tools, script, *arguments):
    interpreter = "perl" if script.endswith(".pl") else sys.executable
    done = subprocess.run([interpreter, f"tools/{script}", *map(str, arguments)], cwd=tools, capture_output=True, text=True)
    return done.stdout + done.stderr


def forbidden_functions(tools, files):
    """(file, function, kind) of each function that a dissector must or should not call."""
    groups = ("--group", "dissectors-prohibited", "--group", "dissectors-restricted")
    for line in run(tools, "checkAPIs.pl", *groups, *files).splitlines():
        match = re.fullmatch(r"(?:Error|Warning): Found (.*?)(?: APIs)? in (.*?): *(.*)", line)
        if match:
            for function in match[3].split(","):
                yield match[2], function.strip(), match[1]
        elif line.startswith(("Error", "Warning")):
            yield "checkAPIs.pl", line, "unknown"


def findings(tools, files, exceptions):
    unused = dict(exceptions)
    for path, function, kind in forbidden_functions(tools, files):
        name = str(Path(path).relative_to(TOP)) if Path(path).is_relative_to(TOP) else path
        if unused.pop((name, function), None) is None and (name, function) not in exceptions:
            yield f"{name}: {function}: {kind} (checkAPIs.pl)"
    for name, function in unused:
        yield f"{name}: {function}: is an exception in tests/wireshark_checkers.py, but is not found any more"
    for script, *options in SILENT:
        for line in filter(str.strip, run(tools, script, *options, *files).splitlines()):
            yield f"{line} ({script})"
    for script, *options in COUNTING:
        for path in files:
            text = re.sub(r"\s+", " ", run(tools, script, *options, "--file", path))
            if " 0 warnings" not in text or re.search(r" [1-9]\d* (warning|error)", text):
                yield f"{path}: {text.strip()} ({script})"
    for line in run(tools, "licensecheck.pl", "-m", *files).splitlines():
        path, licence = line.split("\t")[:2]
        if licence != "GPL (v2 or later)":
            yield f"{path}: licence {licence!r} (licensecheck.pl)"


def main():
    tools, names = Path(sys.argv[1]).resolve(), sys.argv[2:]
    if not tools.is_dir():
        fetched = subprocess.run([TOP / "tests/wireshark-source.sh", tools, "tools", "epan/tfs.c"])
        if fetched.returncode:
            return fetched.returncode
    files = [Path(name).resolve() for name in names] or sorted(
        path for folder in ("plugin", "stats") for path in (TOP / folder).glob("*.[ch]"))
    found = list(findings(tools, files, {} if names else EXCEPTIONS))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
