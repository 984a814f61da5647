"""The commands of the README print what it shows. SPDX-License-Identifier: GPL-2.0-or-later

A ```console block holds commands ("$ ...", continued lines end with a backslash) and what they print; a line "..."
stands for any number of lines. All blocks run in one copy of the checkout, one after the other. A row of a table that
begins with a filter and ends with "N in FILE" contains the number of packets that the filter finds in a sample.
"""
import os
import re
import shutil
from pathlib import Path

import btbbtest
import pytest

pytestmark = pytest.mark.xdist_group("installs")

README = btbbtest.REPO / "README.md"
RELEASE = Path("/etc/os-release")
DEBIAN_12 = RELEASE.exists() and "VERSION_CODENAME=bookworm\n" in RELEASE.read_text(encoding="utf-8")

# Not run, because it runs this test; the form of its last line is compared.
NOT_RUN = ("tests/run.sh",)
# Tested more thoroughly elsewhere.
RUN_ELSEWHERE = {"packaging/build-deb.sh": "install/test_package.py"}
# The same build as that of tests/run.sh: repeated on Debian 12 only.
BUILD = "cmake -S . -B build &&"


def blocks(document=README):
    """(line number, command, lines shown) of every command in a console block."""
    found, inside = [], False
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and found and found[-1][1].endswith("\\"):
            found[-1] = (found[-1][0], found[-1][1] + "\n" + line, [])
        elif inside and line.startswith("$ "):
            found.append((number, line[2:], []))
        elif inside:
            found[-1][2].append(line)
    return found


def filters():
    """(filter, packets, sample) of every row of the filter table."""
    row = re.compile(r"^\| `(.+?)` \|.*\| (\d+) in `?([\w.]+)`? \|$", re.M)
    return [(f.replace("\\|", "|"), int(count), name) for f, count, name in row.findall(README.read_text(encoding="utf-8"))]


def shown_as(shown, printed):
    """Whether `printed` equals `shown`, where "..." stands for any lines.

    Columns are two or more spaces apart: how wide they are depends on the names of vendors that Wireshark knows.
    """
    lines = [re.sub(r"(?:\\ ){2,}", " {2,}", re.escape(line.rstrip())) for line in shown]
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == r"\.\.\." else line + r"[ \t]*\n" for line in lines)
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in printed.splitlines())) is not None


def left_out(folder, names):
    """What is not copied: build folders, and what git and Python keep."""
    return [name for name in names if name in (".git", "__pycache__", ".pytest_cache")
            or (name.startswith("build") and os.path.samefile(folder, btbbtest.REPO))]


@pytest.fixture(scope="module")
def checkout():
    """A copy of the checkout, owned by the user that runs tshark."""
    folder = btbbtest.tmpdir() / "btbb"
    shutil.copytree(btbbtest.REPO, folder, ignore=left_out)
    if os.geteuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, btbbtest.USER, btbbtest.USER, follow_symlinks=False)
    return folder


@pytest.fixture(scope="module")
def home(checkout):
    """A home folder that ./install.sh has been run in."""
    folder = btbbtest.tmpdir()
    run("./install.sh", checkout, folder)
    return folder


def run(command, checkout, home):
    env = {"HOME": home, "XDG_CONFIG_HOME": None, "WIRESHARK_PLUGIN_DIR": btbbtest.no_plugins(), "TZ": "America/New_York",
           "PATH": f"{home}/.local/bin:{os.environ['PATH']}"}
    return btbbtest.run("bash", "-c", command, env=env, cwd=checkout, timeout=600).stdout


@pytest.mark.parametrize("number, command, shown", blocks(), ids=lambda value: str(value) if isinstance(value, int) else "")
def test_command_prints_what_is_shown(number, command, shown, checkout, home):
    if command in NOT_RUN:
        assert re.fullmatch(r"\d+ passed, 0 failed, \d+ skipped", shown[-1])
        assert '"$passed passed, $failed failed, $skipped skipped"' in (checkout / command).read_text(encoding="utf-8")
        return
    if command in RUN_ELSEWHERE:
        assert f'"{command}"' in (checkout / "tests" / RUN_ELSEWHERE[command]).read_text(encoding="utf-8")
        return
    if command.startswith(BUILD) and not DEBIAN_12:
        pytest.skip("built a second time on Debian 12 only")
    printed = run(command, checkout, home)
    assert shown_as(shown, printed), f"README.md line {number}: {command}\nprinted:\n{printed}"


@pytest.mark.parametrize("display_filter, count, name", filters())
def test_filter_finds_as_many_packets_as_listed(display_filter, count, name):
    done = btbbtest.tshark("-r", btbbtest.sample(name), "-Y", display_filter)
    assert len(done.stdout.splitlines()) == count


def test_links_lead_somewhere():
    links = re.findall(r"\]\(([^)#]+)", README.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (btbbtest.REPO / link).exists()]
    assert links and not missing


def test_there_is_something_to_run():
    assert blocks()[0][1].startswith("./install.sh") and ("tests/run.sh" in [command for _, command, _ in blocks()])
    assert len(filters()) >= 10
    assert shown_as(["a", "...", "c"], "a\nb\nb\nc\n") and not shown_as(["a", "...", "c"], "a\nb\n")
