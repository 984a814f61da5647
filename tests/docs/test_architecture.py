"""docs/architecture.md: its recipes are followed with their made-up examples, and what it says of the folders is true.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import shutil
import struct
import subprocess

import check_rules
import pytest

import btbb_encode
import btbbtest

PAGE = (btbbtest.REPO / "docs" / "architecture.md").read_text(encoding="utf-8")
RECIPES = ("capture format", "view", "field")
STEP = re.compile(r"^\d+\. (?:New file `(?P<new>[^`]+)`|In `(?P<file>[^`]+)`, (?P<side>before|after) the line (?P<ticks>``?) ?(?P<line>.+?) ?(?P=ticks)(?!`))"
                  r".*?\n\n(?P<indent> +)```\w+\n(?P<text>.*?)\n(?P=indent)```$", re.M | re.S)


def steps(recipe):
    """(path, "before", "after" or None for a new file, line, text) of every step of a recipe."""
    section = PAGE.split(f"\n## How to add a {recipe}\n")[1].split("\n## ")[0]
    found = []
    for step in STEP.finditer(section):
        indent = len(step["indent"])
        text = "".join(line[indent:] + "\n" for line in step["text"].split("\n"))
        found.append((step["new"] or step["file"], step["side"], step["line"], text))
    assert len(found) == len(re.findall(r"^\d+\. ", section, re.M)), "a step is not understood"
    return found


def follow(folder, recipe):
    for path, side, line, text in steps(recipe):
        file = folder / path
        if side is None:
            assert not file.exists(), path
            file.write_text(text, encoding="utf-8")
            continue
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        at = [number for number, found in enumerate(lines) if found.strip() == line.strip()]
        assert len(at) == 1, f"{path} has {len(at)} lines {line!r}"
        lines.insert(at[0] + (side == "after"), text)
        file.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def build():
    """A copy of the checkout in which all recipes were followed, and its build folder."""
    folder = btbbtest.tmpdir() / "btbb"
    shutil.copytree(btbbtest.REPO, folder, ignore=shutil.ignore_patterns(".git", "build*", "__pycache__"))
    for recipe in RECIPES:
        follow(folder, recipe)
    made = folder / "build"
    subprocess.run(["cmake", "-S", folder, "-B", made, "-DBTBB_WERROR=ON", "-DCMAKE_BUILD_TYPE=Debug"], check=True, capture_output=True)
    done = subprocess.run(["cmake", "--build", made, "--parallel", "2", "--target", "plugin", "stats", "command", "command-names", "test-documents"],
                          check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    return made


def tshark(build, *arguments):
    return btbbtest.run("tshark", *arguments, env={"WIRESHARK_PLUGIN_DIR": build / "plugins"}).stdout


def btbb(build, *arguments):
    return btbbtest.run(build / "command" / "btbb", *arguments).stdout


def test_the_new_format_is_read(build, capture):
    frames = [struct.pack(">BHBb", 0x10, 0x2030, channel, -40) for channel in (7, 7, 9)] + [b"\x10\x20\x30", b"\x10\x20"]
    path = capture(btbb_encode.pcap(btbb_encode.stamped(frames), 147))
    table = btbb(build, "lap,format=csv", path)
    assert table == tshark(build, "-q", "-r", path, "-z", "btbb,lap,format=csv")
    assert table.splitlines()[1].startswith("10:20:30,") and table.splitlines()[1].split(",")[5] == "4"
    channels = btbb(build, "channel,format=csv", path).splitlines()
    assert [line.split(",")[:2] for line in channels[1:]] == [["7", "2"], ["9", "1"]]
    shown = tshark(build, "-r", path, "-T", "fields", "-e", "btbb.lap").splitlines()
    assert shown == ["10:20:30"] * 4 + [""]


def test_the_new_view_is_shown(build):
    sample = btbbtest.sample("fhs.pcapbtbb")
    table = btbb(build, "example", sample)
    assert table == tshark(build, "-q", "-r", sample, "-z", "btbb,example")
    counts = dict(line.split(",") for line in btbb(build, "example,format=csv", sample).replace('"', "").replace(", ", "/").splitlines()[1:])
    laps = int(re.search(r"^laps,(\d+)$", btbb(build, "summary,format=csv", sample), re.M)[1])
    assert sum(map(int, counts.values())) == laps and int(counts["LAP/UAP/NAP"]) > 0
    done = btbbtest.run(build / "command" / "btbb", "example,min=1", sample, check=False)
    assert done.returncode == 1 and "valid: lap, from, to, clock, format, file" in done.stderr
    assert "example" in btbb(build, "--help")


def test_its_page_is_written_and_true(build):
    page, program = build.parent / "stats/OPTIONS.md", build / "tests/core/test-documents"
    before = page.read_text(encoding="utf-8")
    assert subprocess.run([program, page], capture_output=True).returncode != 0
    btbbtest.run(program, page, env={"BTBB_UPDATE_GOLDEN": "1"}, prefix=[])
    assert page.read_text(encoding="utf-8") != before
    btbbtest.run(program, page, prefix=[])
    assert "| `clients` | Clients | number | clients with these parts |" in page.read_text(encoding="utf-8")


def test_the_new_field_is_shown(build):
    rows = tshark(build, "-r", btbbtest.sample("every_type_rf.pcap"), "-T", "fields", "-e", "btbb.channel", "-e", "btbb.example")
    values = [line.split("\t") for line in rows.splitlines() if line.split("\t")[0]]
    assert len(values) > 20 and all(int(frequency) == 2402 + int(channel) for channel, frequency in values)
    listed = [line.split("\t") for line in tshark(build, "-G", "fields").splitlines()]
    assert ["Frequency", "btbb.example", "FT_UINT32"] in [row[1:4] for row in listed]
    assert "`btbb.example` | Frequency | FT_UINT32" in (build.parent / "plugin/FIELDS.md").read_text(encoding="utf-8")


def test_the_example_keeps_the_rules(build):
    assert list(check_rules.findings(build.parent)) == []


def test_a_step_that_does_not_fit_is_noticed(tmp_path):
    with pytest.raises(FileNotFoundError):
        follow(tmp_path, "field")
    (tmp_path / "plugin").mkdir()
    (tmp_path / "plugin" / "tree.c").write_text("int x;\n")
    with pytest.raises(AssertionError, match="has 0 lines"):
        follow(tmp_path, "field")


def test_the_picture_has_every_folder():
    picture = PAGE.split("## The way of a packet")[0]
    folders = {path.name for path in btbbtest.REPO.iterdir() if path.is_dir() and not path.name.startswith((".", "build"))}
    folders |= {path.name for path in (btbbtest.REPO / "core").iterdir() if path.is_dir()}
    assert {folder for folder in folders if f"{folder}/" not in picture} == set()


def test_the_folders_of_the_tests_are_listed():
    table = PAGE.split("## How it is tested")[1].split("\n## ")[0]
    rows = [row for row in table.splitlines() if row.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`(\w+)/`", row.split("|")[1])}
    assert listed == {path.name for path in (btbbtest.REPO / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"}


def test_files_that_are_named_exist():
    names = re.findall(r"`((?:core|plugin|stats|command|tests|docs|sample-captures|bench)/[\w./-]+\.\w+)`", PAGE)
    made_up = [path for recipe in RECIPES for path, side, _, _ in steps(recipe) if side is None]
    missing = [name for name in names if name not in made_up and "NAME" not in name and not (btbbtest.REPO / name).exists()]
    assert len(names) > 15 and missing == []


def test_the_table_of_folders_is_that_of_the_rules():
    rows = re.findall(r"^\| (`.+?) \| (.+?) \| (.+?) \|$", PAGE, re.M)
    listed = {room.strip("`/"): may for rooms, may, _ in rows for room in rooms.split(", ")}
    assert set(listed) == set(check_rules.ROOMS)
    for room, may in listed.items():
        allowed = {name.rstrip("/") for name in re.findall(r"`([\w./]+)`", may.split(";")[0])}
        expected = {name.removeprefix("core/") for name in check_rules.ROOMS[room] if name != room}
        if room == "core/crypt":        # single headers
            expected = {"decode"} if all(name.startswith("decode/") for name in expected) else expected
        assert allowed == expected, room
