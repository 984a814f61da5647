"""The sample captures are what their generator writes and what their table lists.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import datetime
import hashlib
import re
import struct
import subprocess
import sys

import btbb_encode as encode
import btbbtest
import make_samples
import pytest

SAMPLES = btbbtest.REPO / "sample-captures"
GENERATE = "run sample-captures/make_samples.py"
US_EASTERN = datetime.timezone(datetime.timedelta(hours=-4))


def captures(folder):
    """Paths of the captures in a folder."""
    return [path for path in folder.iterdir() if path.suffix.startswith((".pcap", ".pklg"))]


def table_rows():
    """{file: {column: text}} of the table of captures in sample-captures/README.md."""
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    text = text[text.index(make_samples.TABLE_BEGIN):text.index(make_samples.TABLE_END)]
    lines = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {cells[0]: dict(zip(lines[0], cells)) for cells in lines[2:]}


def legacy_frames(name):
    """(seconds, bytes) of the packets of a little-endian microsecond pcap file."""
    data = btbbtest.sample(name).read_bytes()
    at = 24
    while at < len(data):
        seconds, _, size, _ = struct.unpack_from("<IIII", data, at)
        yield seconds, data[at + 16:at + 16 + size]
        at += 16 + size


def test_the_generator_writes_these_bytes(tmp_path):
    subprocess.run([sys.executable, str(SAMPLES / "make_samples.py"), str(tmp_path)], check=True)
    written = {path.name: path.read_bytes() for path in captures(tmp_path)}
    assert set(written) == {path.name for path in captures(SAMPLES)} == set(make_samples.SAMPLES)
    differing = [name for name, data in written.items() if data != (SAMPLES / name).read_bytes()]
    assert not differing, f"{differing}: {GENERATE}"
    assert {path.name: path.read_bytes() for path in (SAMPLES / "keys").iterdir()} == \
        {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}


def test_the_table_names_every_sample():
    assert set(table_rows()) == {path.name for path in captures(SAMPLES)}


@pytest.mark.parametrize("name", make_samples.SAMPLES)
def test_the_table_is_true(name):
    row = table_rows()[name]
    assert row["SHA-256"] == hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest(), GENERATE
    listed = subprocess.run(["capinfos", "-T", "-M", "-c", "-r", str(SAMPLES / name)], stdout=subprocess.PIPE, text=True,
                            stderr=subprocess.DEVNULL)
    assert row["packets"] == listed.stdout.split()[-1]
    assert row["tests that use it"].split(", ") == make_samples.tests_using(name), GENERATE
    assert row["origin"] == "made up" and row["licence"] == "GPL-2.0-or-later"
    source, function = re.fullmatch(r"(\w+\.py), (\w+)\(\)", row["generator"]).groups()
    assert f"def {function}():" in (SAMPLES / source).read_text(encoding="utf-8")


def test_the_notebook_sample_begins_and_ends_as_in_the_notebook():
    frames = list(legacy_frames("pandas_demo.pcapbtbb"))
    local = [datetime.datetime.fromtimestamp(frames[i][0], US_EASTERN).strftime("%Y-%m-%d %H:%M:%S") for i in (0, -1)]
    assert local == ["2012-06-13 21:06:11", "2012-06-13 21:11:08"]
    assert [seconds for seconds, _ in frames] == sorted(seconds for seconds, _ in frames)
    rows = [(s - frames[0][0], f[6:12].hex(":"), f[20] >> 3 if len(f) > 14 else None, f[14] & 1 if len(f) > 14 else None)
            for s, f in frames[:5]]
    assert rows == [(0, "00:00:00:ed:1d:9c", None, None), (0, "00:00:00:e0:55:55", None, None),
                    (0, "00:00:00:ed:1d:9c", None, None), (0, "00:00:36:ed:1d:9c", 1, 0),
                    (0, "00:00:00:e0:55:55", None, None)]


def test_the_notebook_sample_has_two_clients_and_strays():
    seen, types = collections.Counter(), collections.defaultdict(collections.Counter)
    for _, frame in legacy_frames("pandas_demo.pcapbtbb"):
        lap = frame[9:12].hex(":")
        seen[lap] += 1
        if len(frame) > 14:
            types[lap][frame[20] >> 3] += 1
    assert set(types) == {"ed:1d:9c", "e0:55:55"}
    assert {lap for lap, count in seen.items() if count > 1} == set(types)
    assert sum(count == 1 for count in seen.values()) == len(seen) - 2 > 50
    assert {t for counts in types.values() for t in counts} == {0, 1, 2, 3, 4}      # NULL, POLL, FHS, DM1, DH1


def test_the_notebook_sample_is_a_sound_capture():
    uaps = {0xED1D9C: 0x36, 0xE05555: 0x8C}
    for _, frame in legacy_frames("pandas_demo.pcapbtbb"):
        if len(frame) == 14:
            continue
        lap, kind = int.from_bytes(frame[9:12], "big"), frame[20] >> 3
        clk, header10 = frame[14], frame[20] | (frame[21] & 7) << 7
        assert frame[8] == uaps[lap] and clk < 64 and frame[22] == encode.hec(uaps[lap], header10)
        assert kind != 1 or clk & 1 == 0                        # POLLs come from the Central
        if len(frame) > 23:
            assert int.from_bytes(frame[-2:], "little") == encode.crc(uaps[lap], frame[23:-2])


def test_every_packet_kind_is_there():
    codes = [frame[20] >> 3 for _, frame in legacy_frames("every_type.pcapbtbb")]
    assert codes == [kind.code for kind in encode.KINDS.values()] and len(codes) == 27
    assert set(codes) == set(range(16))
