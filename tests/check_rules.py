#!/usr/bin/env python3
"""Rules that no other tool knows: which part may include what, and how long files, lines and functions may be.

    check_rules.py [FOLDER]     FOLDER: top of the sources (default: the one this file is in)

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import sys
from pathlib import Path

FILE_LINES, FUNCTION_LINES, TEST_FUNCTION_LINES, COLUMNS = 600, 50, 80, 120
WIRESHARK = r"(epan|wsutil|wiretap|ui|ftypes|wireshark\.h|ws_[a-z_]+\.h|config\.h)\b"
GLIB = r"(glib|gmodule|gio)\b"

# Part -> what it must not include, and why. The first matching part counts.
FORBIDDEN = (
    ("plugin/core/", rf"({WIRESHARK}|{GLIB})", "pure decoding needs the C library only"),
    ("stats/core/", WIRESHARK, "counting knows no Wireshark"),
    ("stats/view/", WIRESHARK, "printing knows no Wireshark"),
)


def includes(text):
    return re.findall(r'^[ \t]*#[ \t]*include[ \t]+[<"]([^>"]+)[>"]', text, re.M)


def include_findings(name, text, plugin_only):
    for included in includes(text):
        for part, pattern, why in FORBIDDEN:
            if name.startswith(part) and re.match(pattern, included):
                yield f"includes {included}: {why}"
        base = included.rsplit("/", 1)[-1]
        if name.startswith("stats/") and base in plugin_only and base != "btbb-tap.h":
            yield f"includes {included}: of plugin/, stats/ knows btbb-tap.h only"
        if name.startswith("plugin/") and re.search(r"(^|/)(stats|command)/", included):
            yield f"includes {included}: nothing includes upward"


def function_findings(text, most):
    """A function of ours begins at a line "{" and ends at a line "}", both in the first column."""
    start = None
    for number, line in enumerate(text.splitlines(), 1):
        if line == "{":
            start = number
        elif line.startswith("}") and start is not None:
            if number - start - 1 > most:
                yield f"line {start}: function of {number - start - 1} lines, the most is {most}"
            start = None


def findings(top):
    folders = ("command", "compat", "plugin", "stats", "tests", "bench")
    files = sorted(f for folder in folders for f in (top / folder).rglob("*.[ch]"))
    headers = {part: {f.name for f in (top / part).rglob("*.h")} for part in ("plugin", "stats")}
    plugin_only = headers["plugin"] - headers["stats"]
    for path in files:
        name, text = path.relative_to(top).as_posix(), path.read_text(encoding="utf-8")
        lines = text.splitlines()
        most = TEST_FUNCTION_LINES if name.startswith("tests/") else FUNCTION_LINES
        found = list(include_findings(name, text, plugin_only)) + list(function_findings(text, most))
        found += [f"line {n}: {len(line)} columns" for n, line in enumerate(lines, 1) if len(line) > COLUMNS]
        if len(lines) >= FILE_LINES:
            found.append(f"{len(lines)} lines, the most is {FILE_LINES - 1}")
        if "SPDX-License-Identifier: GPL-2.0-or-later" not in "\n".join(lines[:30]):
            found.append("no SPDX line in the file's head")
        if re.search(r"^\s*#\s*(el)?if.*\b(WIRESHARK_VERSION|VERSION_MAJOR|BTBB_WS_)", text, re.M) and \
                not name.startswith("compat/"):
            found.append("tells Wireshark versions apart; only compat/ does")
        for finding in found:
            yield f"{name}: {finding}"


def main():
    top = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    found = list(findings(top))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
