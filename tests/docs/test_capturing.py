"""The commands of docs/capturing.md, with a stand-in for ubertooth-rx. SPDX-License-Identifier: GPL-2.0-or-later

```console blocks run here, one after the other in one folder; ```sh blocks need devices: bash reads them without running.
"""
import os
import re

import pytest

import btbbtest
from test_readme import blocks, shown_as
from ubertooth import PROGRAM, STANDIN, extcap_folder

PAGE = btbbtest.REPO / "docs/capturing.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder():
    """A home folder with the extcap program, in which the commands run."""
    home = btbbtest.tmpdir()
    place = extcap_folder(home)
    btbbtest.run("mkdir", "-p", place)
    btbbtest.run("cp", PROGRAM, place)
    return home


@pytest.mark.parametrize("number, command, shown", blocks(PAGE), ids=lambda value: str(value) if isinstance(value, int) else "")
def test_command_prints_what_is_shown(number, command, shown, folder):
    btbbtest.prove_plugins()
    env = {"HOME": folder, "XDG_CONFIG_HOME": None, "PATH": f"{STANDIN}:{btbbtest.BUILD}/command:{os.environ['PATH']}",
           "WIRESHARK_EXTCAP_DIR": folder, "STANDIN_CAPTURE": btbbtest.sample("uap_recovery.pcap")}
    printed = btbbtest.run("bash", "-c", command, env=env, cwd=folder).stdout
    assert shown_as(shown, printed), f"docs/capturing.md line {number}: {command}\nprinted:\n{printed}"
    assert "btbb,lap" not in command or "21:22:23" in printed


def test_every_program_of_this_project_runs():
    commands = " ".join(command for _, command, _ in blocks(PAGE))
    for name in ("-i ubertooth-btbb", "ubertooth-rx -q", "btbb lap", "btbb summary", "mkfifo"):
        assert name in commands


@pytest.mark.parametrize("text", btbbtest.shell_blocks("capturing.md"), ids=lambda text: text.split()[0])
def test_shell_reads_the_other_commands(text):
    commands = re.sub(r"^> ", "", text, flags=re.M)     # what is typed at the prompt of another program
    btbbtest.run("bash", "-n", "-c", commands)


def test_options_are_those_of_the_program():
    """Every option of the interface has a row in the table, with the option of ubertooth-rx that it becomes."""
    config = btbbtest.run(PROGRAM, "--extcap-config", "--extcap-interface", "ubertooth-btbb").stdout
    titles = [title.split(" (")[0] for title in re.findall(r"^arg .*?\{display=(.*?)\}", config, re.M)]
    rows = re.findall(r"^\| (.*?) \| .* \| `(-\w)` \|$", TEXT, re.M)
    assert rows == list(zip(titles, ("-l", "-u", "-z", "-c", "-t", "-U")))


def test_links_lead_somewhere():
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)$", TEXT, re.M)}
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT)
    assert links
    for link in links:
        assert link[1:] in anchors if link.startswith("#") else (PAGE.parent / link).exists(), link
