#!/usr/bin/env python3
"""The rules of this project: which folder may include which, and the longest files, lines and functions.

    check_rules.py [FOLDER]     FOLDER: top of the sources (default: the one this file is in)

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import sys
from pathlib import Path

FILE_LINES, FUNCTION_LINES, TEST_FUNCTION_LINES, COLUMNS = 600, 50, 80, 120
WIRESHARK = r"(epan|wsutil|wiretap|ui|ftypes|wireshark\.h|ws_[a-z_]+\.h|config\.h)\b"
GLIB = r"(glib|gmodule|gio)\b"

# Room -> the rooms it may include, itself included. The floors of the house: docs/architecture.md.
ROOMS = {
    "core/record.h": (),
    "core/decode": ("core/record.h", "core/decode"),
    "core/crypt": ("core/decode/address-text.h", "core/decode/crc.h", "core/decode/read-bits.h", "core/crypt"),
    "core/count": ("core/record.h", "core/decode", "core/count"),
    "core/vendors": ("core/vendors",),
    "core/learn": ("core/record.h", "core/decode", "core/crypt", "core/learn"),
    "core/show": ("core/record.h", "core/decode", "core/count", "core/vendors", "core/learn", "core/show"),
    "compat": ("core/vendors", "compat"),
    "plugin": ("core", "compat", "plugin"),
    "stats": ("core", "compat", "stats"),
    "command": ("core", "compat", "command"),
    "extcap": ("extcap",),
}
# Room -> what of other libraries it must not include.
LIBRARIES = {
    "core/record.h": rf"({WIRESHARK}|{GLIB})",
    "core/decode": rf"({WIRESHARK}|{GLIB})",
    "core/crypt": rf"({WIRESHARK}|{GLIB})",
    "core/learn": rf"({WIRESHARK}|{GLIB})",
    "core": WIRESHARK,
    "extcap": rf"({WIRESHARK}|{GLIB})",
}


def includes(text):
    return re.findall(r'^[ \t]*#[ \t]*include[ \t]+[<"]([^>"]+)[>"]', text, re.M)


def is_below(name, room):
    return name == room or name.startswith(room + "/")


def resolve(top, name, included):
    """The file of the project that is included, by its path from the top; None for a header of a library."""
    for folder in (Path(name).parent, Path("core"), Path()):
        path = (top / folder / included).resolve()
        if path.is_file() and path.is_relative_to(top):
            return path.relative_to(top).as_posix()
    return None


def include_findings(top, name, text):
    rooms = next((allowed for room, allowed in ROOMS.items() if is_below(name, room)), None)
    for included in includes(text):
        for room, pattern in LIBRARIES.items():
            if is_below(name, room) and re.match(pattern, included):
                yield f"includes {included}: {room} is built without that library"
                break
        path = resolve(top, name, included)
        if path and rooms is not None and not any(is_below(path, room) for room in rooms):
            yield f"includes {path}: may include only {', '.join(rooms) or 'nothing of the project'}"


def circle_findings(top, texts):
    """A file and its header are one node: x.c, x.h and x-int.h. No node may reach itself."""
    def node(name):
        return re.sub(r"(-int)?\.[ch]$", "", name)
    arrows = {}
    for name, text in texts.items():
        targets = (resolve(top, name, included) for included in includes(text))
        arrows.setdefault(node(name), set()).update(node(path) for path in targets if path)
    for start in sorted(arrows):
        seen, waiting = set(), [n for n in arrows[start] if n != start]
        while waiting:
            current = waiting.pop()
            if current == start:
                yield f"{start}: is part of an include circle"
                break
            if current not in seen:
                seen.add(current)
                waiting += arrows.get(current, ())


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
    folders = ("command", "compat", "core", "extcap", "plugin", "stats", "tests", "bench", "man")
    files = sorted(f for folder in folders for f in (top / folder).rglob("*.[ch]"))
    texts = {path.relative_to(top).as_posix(): path.read_text(encoding="utf-8") for path in files}
    for name, text in texts.items():
        lines = text.splitlines()
        most = TEST_FUNCTION_LINES if name.startswith("tests/") else FUNCTION_LINES
        found = list(include_findings(top, name, text)) + list(function_findings(text, most))
        found += [f"line {n}: {len(line)} columns" for n, line in enumerate(lines, 1) if len(line) > COLUMNS]
        if len(lines) >= FILE_LINES:
            found.append(f"{len(lines)} lines, the most is {FILE_LINES - 1}")
        if "_" in Path(name).name:
            found.append("has an underscore in its name; file names have hyphens")
        if "SPDX-License-Identifier: GPL-2.0-or-later" not in "\n".join(lines[:30]):
            found.append("no SPDX line in the file's head")
        if re.search(r"^\s*#\s*(el)?if.*\b(WIRESHARK_VERSION|VERSION_MAJOR|BTBB_WS_)", text, re.M) and \
                not name.startswith("compat/"):
            found.append("depends on the Wireshark version; only compat/ may")
        for finding in found:
            yield f"{name}: {finding}"
    yield from circle_findings(top, texts)


def main():
    top = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    found = list(findings(top))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
