"""The command's help, manual page and completion list the same views and options.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import shutil

import pytest

from btbbtest import REPO, run, version
from companion import VIEW_NAMES, btbb


def table_of_options():
    """Views, and keys with their values, from the messages of the parser."""
    views = re.search(r"valid: (.*)$", btbb("nothing", "f", check=False).stderr)[1].split(", ")
    keys = {}
    for view in views:
        message = btbb(f"{view},nothing=1", "f", check=False).stderr
        for key in re.search(r"valid: (.*)$", message)[1].split(", "):
            keys.setdefault(key, []).append(view)
    return views, keys


def test_help():
    shown = btbb("--help")
    lines = shown.stdout.splitlines()
    assert len(lines) <= 38 and max(map(len, lines)) <= 80
    views, keys = table_of_options()
    assert views == VIEW_NAMES.split(", ")
    for view in views:
        assert any(line.startswith(f"  {view} ") for line in lines)
    for key in keys:
        assert any(re.match(rf"  -\w, --{key}\b", line) for line in lines)
    assert btbb("-h", "anything").stdout == shown.stdout


def test_version():
    kept = "Wireshark's file manuf" if version() < (4, 2) else "a table in Wireshark's library"
    assert re.fullmatch(rf"btbb \d+\.\d+\.\d+, with wiretap of Wireshark \d+\.\d+\.\d+\nVendor names: {kept}\n"
                        r"Databases: (SQLite 3\.\d+\.\d+|none, built without SQLite or libgcrypt \(libsqlite3-dev, libgcrypt20-dev\))\n",
                        btbb("--version").stdout)
    assert btbb("-V").stdout == btbb("--version").stdout


def test_manual_names_everything():
    source = (REPO / "man" / "btbb.1").read_text(encoding="utf-8")
    plain = source.replace("\\-", "-")
    views, _ = table_of_options()
    for view in views:
        assert re.search(rf"^\.BR? {view}( ,|$| \.)", plain, re.M), view
    for letter, name in re.findall(r"^  -(\w), --([a-z]+)", btbb("--help").stdout, re.M):
        assert re.search(rf'^\.BR -{letter} ", " --{name}( |$)', plain, re.M), name
    if not shutil.which("groff"):
        pytest.skip("groff is not installed: the manual page was not formatted")
    formatted = run("groff", "-ww", "-man", "-Tutf8", REPO / "man" / "btbb.1")
    assert formatted.stderr == ""
    assert "EXIT STATUS" in re.sub(".\b", "", formatted.stdout)


def complete(*words):
    """What bash offers for the last of these words."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _btbb; '
              '[ ${#COMPREPLY[@]} = 0 ] || printf "%s\\n" "${COMPREPLY[@]}"')
    source = REPO / "command" / "btbb.bash-completion"
    return run("bash", "-c", script, "bash", source, "btbb", *words, cwd=REPO / "sample-captures").stdout.split()


def test_completion_offers_what_the_program_takes():
    views, keys = table_of_options()
    help_text = btbb("--help").stdout
    assert complete("") == views
    assert complete("la") == ["lap", "lap-type"]
    assert {word.rstrip("=") for word in complete("lap", "--")} == set(re.findall(r"^  -\w, (--[a-z]+)", help_text, re.M))
    assert {f"--{key}" for key in keys} <= {word.rstrip("=") for word in complete("--")}
    for letter, name, values in re.findall(r"^  -(\w), --([a-z]+)\[?=([a-z|]*\|[a-z|]*)", help_text, re.M):
        assert sorted(complete("io", f"--{name}", "=", "")) == sorted(values.split("|")), name
        if values != "yes|no":
            assert complete("io", f"-{letter}", values[:1]) == [word for word in values.split("|") if word[0] == values[0]]
    assert complete("lap", "fhs") == ["fhs.pcapbtbb"]
    assert complete("lap,min=1", "-c", "fhs") == ["fhs.pcapbtbb"]
    assert complete("lap", "--min", "=", "") == []
