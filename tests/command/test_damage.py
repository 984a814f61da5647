"""Damaged and unreadable input, and output that cannot be written.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import re
import subprocess

import pytest

import btbbtest
from companion import BTBB, DM1, ID, btbb, pcap, records_of, same

WHOLE = pcap(DM1, ID)
FIRST_END = 24 + 16 + len(DM1)


@pytest.mark.parametrize("size, frames", [(25, 0), (39, 0), (40, 0), (41, 0), (FIRST_END - 1, 0), (FIRST_END + 1, 1),
                                          (FIRST_END + 16, 1), (len(WHOLE) - 1, 1)])
def test_a_file_cut_short(size, frames, capture):
    path = capture(WHOLE[:size])
    same(path, ("summary", "lap,min=1"), code=2)
    done = btbb("summary,format=csv", path, check=False)
    assert done.stderr == f"btbb: {path}: cut short in the middle of a frame; the {frames} before it are counted\n"
    assert f"packets,{frames}\n" in done.stdout


@pytest.mark.parametrize("compress", [False, True])
def test_a_cut_stream(compress):
    data = records_of("pandas_demo.pcapbtbb")
    whole = pcap(*data)
    cut = gzip.compress(whole, mtime=0)[:5000] if compress else whole[:5000]
    done = btbb("summary,format=csv", "-", input=cut, check=False)
    frames = int(re.search(r"^packets,(\d+)$", done.stdout, re.M)[1])
    assert done.returncode == 2
    assert done.stderr == f"btbb: standard input: cut short in the middle of a frame; the {frames} before it are counted\n"
    assert 50 < frames < len(data)


def test_an_impossible_length(capture):
    """After three good frames. Before them, wiretap takes the file for a variant of the format."""
    path = capture(pcap(ID, ID, DM1, (DM1, {"captured": 262145}), ID))
    same(path, ("summary",), code=2)
    done = btbb("summary,format=csv", path, check=False)
    assert done.stderr == f"btbb: {path}: damaged: the length of frame 4 is impossible\n"
    assert "packets,3\n" in done.stdout


@pytest.mark.parametrize("name, link, before, packets, length", [
    ("esp32.pcap", 201, 0, 0, 3), ("esp32.pcap", 201, 3, 3, 0), ("esp32.pcap", 201, 60, 60, 3), ("btmon.pcap", 254, 40, 36, 3)])
def test_a_record_shorter_than_its_pseudo_header(name, link, before, packets, length, capture):
    """wiretap ends there as well. A record of the pseudo-header alone is no damage."""
    data = records_of(name)
    path = capture(pcap(*data[:before], data[before][0][:length], *data[before + 1:], link=link))
    same(path, ("summary",), code=2)
    done = btbb("summary,format=csv", path, check=False)
    assert done.stderr == f"btbb: {path}: damaged: the length of frame {before + 1} is impossible\n"
    assert f"packets,{packets}\n" in done.stdout
    same(capture(pcap(*data[:before], data[before][0][:4], *data[before + 1:], link=link)), ("summary",), turn=1)


@pytest.mark.parametrize("name, content, message", [
    ("text", b"no capture at all\n" * 100, "not a capture file that Wireshark knows"),
    ("missing", None, "No such file or directory"),
])
def test_what_cannot_be_read(name, content, message, workdir):
    path = workdir / name
    if content:
        path.write_bytes(content)
    good = btbbtest.sample("fhs.pcapbtbb")
    alone = btbb("lap", path, check=False)
    assert (alone.returncode, alone.stdout, alone.stderr) == (2, "", f"btbb: {path}: {message}\n")
    beside = btbb("lap", good, path, good, check=False)
    assert (beside.returncode, beside.stderr) == (2, f"btbb: {path}: {message}\n")
    assert beside.stdout == btbb("lap", good, good).stdout


def test_a_folder_is_no_capture(workdir):
    done = btbb("lap", workdir, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"btbb: {workdir}: Is a directory\n")


@pytest.mark.parametrize("words", (["lap"], ["report"], ["packets"], ["packets", "-F", "sqlite"]), ids=" ".join)
def test_output_that_cannot_be_written(words, workdir):
    done = btbb(*words, "-o", workdir / "no" / "such.csv", btbbtest.sample("fhs.pcapbtbb"), check=False)
    if "SQLite" in done.stderr:
        pytest.skip("btbb was built without SQLite or libgcrypt: install libsqlite3-dev and libgcrypt20-dev")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r'btbb: cannot write ".*/no/such.csv": No such file or directory\n', done.stderr)


@pytest.mark.parametrize("words", (["lap", "CAPTURE"], ["packets", "CAPTURE"], ["keys", "KEY"], ["--help"], ["--version"]),
                         ids=lambda words: words[0])
def test_standard_output_that_is_full(words, workdir):
    key = workdir / "00:11:22:33:44:55" / "66:77:88:99:AA:BB" / "info"
    key.parent.mkdir(parents=True)
    key.write_text("[LinkKey]\nKey=000102030405060708090A0B0C0D0E0F\nType=4\n")
    places = {"CAPTURE": btbbtest.sample("fhs.pcapbtbb"), "KEY": key}
    words = [places.get(word, word) for word in words]
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([BTBB, *words], stdout=full, stderr=subprocess.PIPE, text=True, env=btbbtest.environment(),
                              check=False)
    assert (done.returncode, done.stderr) == (2, "btbb: cannot write to standard output: No space left on device\n")
