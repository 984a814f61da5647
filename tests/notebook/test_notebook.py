"""Every number of the notebook, computed by pandas from the bytes of a capture, against the CSV of the statistics.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import os
import random
import shlex
import subprocess

import pytest

import btbbtest
import capture_rows
import cells
from random_capture import BREDR_BB, ETHERNET, random_capture

SAMPLES = ("pandas_demo.pcapbtbb", "every_type.pcapbtbb", "damaged.pcapbtbb", "lmp.pcapbtbb", "l2cap.pcapbtbb",
           "fhs.pcapbtbb")
SEED = int(os.environ.get("BTBB_SEED") or random.SystemRandom().randrange(1, 1 << 31))
FIRST_300 = "frame.number <= {last_of_300}"
VIEWS = {
    "summary": "summary", "lap": "lap", "lap_all": "lap,min=1", "type": "type", "lap_type": "lap-type", "io": "io",
    "io_lap": "io,by=lap|" + FIRST_300, "io_lap_sum": "io,by=lap,cumulative=yes|" + FIRST_300,
    "io_type": "io,by=type", "io_type_sum": "io,by=type,cumulative=yes",
    "one": "io,by=type|btbb.lap == {lap}", "one_sum": "io,by=type,cumulative=yes|btbb.lap == {lap}",
}


def csv_views(capture, values, *extra, **run):
    """All VIEWS in one run of tshark: {name: list of dicts}."""
    folder = btbbtest.tmpdir()
    arguments = []
    for name, spec in VIEWS.items():
        keys, _, display_filter = spec.partition("|")
        words = ["btbb", keys, "format=csv", f"file={folder / name}.csv"]
        arguments += ["-z", ",".join(words + ([display_filter.format(**values)] if display_filter else []))]
    source = ["-r", str(capture)] if capture else ["-i", "-"]
    btbbtest.tshark("-q", *source, *extra, *arguments, **run)
    return {name: list(csv.DictReader((folder / f"{name}.csv").open(encoding="utf-8"))) for name in VIEWS}


def columns(table):
    """{column: [counts]} of an `io` table."""
    return {key: [int(row[key]) for row in table] for key in (table[0] if table else {}) if key not in ("epoch", "time")}


def compare(rows, views, lap):
    df = cells.data_frame(rows)
    last, first = cells.in_6(df)
    summary = {row["key"]: row["value"] for row in views["summary"]}
    assert int(summary["packets"]) == len(rows)
    assert int(float(summary["first"])) == first.timestamp() and int(float(summary["last"])) == last.timestamp()
    assert {row["lap"]: int(row["packets"]) for row in views["lap"]} == cells.in_7(df)
    assert {row["lap"]: int(row["non_id"]) for row in views["lap_all"] if row["non_id"] != "0"} == cells.in_8(df)
    assert {row["name"]: int(row["packets"]) for row in views["type"]} == cells.in_9(df)
    names = [key for key in views["lap_type"][0] if key not in ("lap", "total")] if views["lap_type"] else []
    assert {row["lap"]: {name: int(row[name]) for name in names} for row in views["lap_type"]} == cells.in_10(df)
    seconds, packets = cells.in_11(df)
    assert [int(float(row["epoch"])) for row in views["io"]] == [int(second.timestamp()) for second in seconds]
    assert columns(views["io"]) == {"packets": packets}
    assert columns(views["io_lap"]) == cells.in_12(df)
    assert columns(views["io_lap_sum"]) == cells.in_13(df)
    assert columns(views["io_type"]) == cells.in_14(df)
    assert columns(views["io_type_sum"]) == cells.in_15(df)
    assert {row["lap"] for row in views["lap_type"]} == cells.in_16(df)
    assert columns(views["one"]) == cells.in_17(df, lap)
    assert columns(views["one_sum"]) == cells.in_18(df, lap)


def check(data, *extra, keep=lambda row: True, **run):
    """Compare one capture, as a file of these bytes (or standard input: from_pipe=True)."""
    rows = [row for row in capture_rows.rows(data) if keep(row)]
    for row in rows:
        if row.pop("padded", False):
            row["type"] = None      # an access code that Ethernet has padded; the notebook takes it for a NULL packet
    lap = next(row["lap"] for row in rows if row["type"])
    values = {"lap": lap, "last_of_300": rows[:300][-1]["frame"]}
    if run.pop("from_pipe", False):
        views = csv_views(None, values, *extra, input=data, **run)
    else:
        path = btbbtest.tmpdir() / "capture"
        path.write_bytes(data)
        views = csv_views(path, values, *extra, **run)
    compare(rows, views, lap)


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    """The time zone of pandas is that of tshark."""
    import time
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


@pytest.mark.parametrize("name", SAMPLES)
def test_sample(name):
    check(btbbtest.sample(name).read_bytes())


def test_mouse():
    check(btbbtest.shared("captures/btbb-sample-mouse.pcap").read_bytes())


@pytest.mark.parametrize("link_type", (ETHERNET, BREDR_BB))
@pytest.mark.parametrize("order, nanoseconds", (("<", False), (">", False), ("<", True), (">", True)))
def test_random(link_type, order, nanoseconds):
    print("seed", SEED)
    check(random_capture(SEED, link_type, order=order, nanoseconds=nanoseconds))


@pytest.mark.parametrize("link_type", (ETHERNET, BREDR_BB))
def test_two_passes(link_type):
    print("seed", SEED)
    check(random_capture(SEED + 1, link_type), "-2")


@pytest.mark.parametrize("link_type", (ETHERNET, BREDR_BB))
def test_from_a_pipe(link_type):
    print("seed", SEED)
    check(random_capture(SEED + 2, link_type), from_pipe=True)


def test_read_filter():
    """-2 -R keeps packets away from the statistics."""
    print("seed", SEED)
    check(random_capture(SEED + 3), "-2", "-R", "frame.number <= 200", keep=lambda row: row["frame"] <= 200)


def test_merged_interfaces():
    """A pcapng of two interfaces with both link types, merged by time."""
    print("seed", SEED)
    folder = btbbtest.tmpdir()
    for name, link_type in (("a", ETHERNET), ("b", BREDR_BB)):
        (folder / name).write_bytes(random_capture(SEED + 4, link_type))
    btbbtest.run("mergecap", "-w", folder / "both.pcapng", folder / "a", folder / "b")
    data = (folder / "both.pcapng").read_bytes()
    assert {link_type for link_type, _, _ in capture_rows.frames(data)} == {ETHERNET, BREDR_BB}
    check(data)


def test_growing_file():
    """A capture that is still being written, followed by `tail` and ended by Ctrl-C: the table is that of all packets."""
    print("seed", SEED)
    data = random_capture(SEED + 5)
    folder = btbbtest.tmpdir()
    path, table = folder / "growing", folder / "lap.csv"
    path.write_bytes(data[:5000])
    path.chmod(0o644)
    btbbtest.prove_plugins()
    script = (f'tail -c +1 -f "{path}" > "{folder}/pipe" & tail=$!; '
              f'tshark -l -i "{folder}/pipe" -z btbb,lap,min=1,format=csv,file={table} > "{folder}/packets" & tshark=$!; '
              f'while read -r word && [ "$word" != stop ]; do :; done; kill -INT $tshark; wait $tshark; kill $tail')
    os.mkfifo(folder / "pipe")
    os.chmod(folder / "pipe", 0o666)
    shell = subprocess.Popen(btbbtest.AS_USER + ["bash", "-mc", script], env=btbbtest.environment(), cwd="/",
                             stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        with path.open("ab") as growing:
            growing.write(data[5000:])
        btbbtest.wait_for(lambda: lines(folder / "packets") == sum(1 for _ in capture_rows.frames(data)),
                          "all packets", seconds=60)
        shell.communicate(b"stop\n", timeout=60)
    finally:
        shell.kill()
    df = cells.data_frame(capture_rows.rows(data))
    with table.open(encoding="utf-8") as rows:
        assert {row["lap"]: int(row["packets"]) for row in csv.DictReader(rows)} == \
            {lap: int(count) for lap, count in df.groupby("lap").size().items()}


def lines(path):
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.mark.parametrize("name", SAMPLES)
def test_data_frame(name):
    """Cells In [4] and In [5]: the rows themselves."""
    out = btbbtest.tshark("-r", btbbtest.sample(name), "-Y", "btbb", "-T", "fields", "-E", "header=y", "-E", "separator=,",
                          *(word for field in ("btbb.nap", "btbb.uap", "btbb.lap", "btbb.type_name", "btbb.notebook.payload",
                                               "btbb.notebook.to_master", "frame.time_epoch") for word in ("-e", field)))
    truth = {"1": True, "0": False, "True": True, "False": False, "": None}
    ours = [{"nap": row["btbb.nap"], "uap": row["btbb.uap"], "lap": row["btbb.lap"], "type": row["btbb.type_name"] or None,
             "payload": truth[row["btbb.notebook.payload"]], "to_master": truth[row["btbb.notebook.to_master"]],
             "time": int(float(row["frame.time_epoch"]))} for row in csv.DictReader(out.stdout.splitlines())]
    expected = capture_rows.rows(btbbtest.sample(name).read_bytes())
    assert ours == [{key: row[key] for key in ("nap", "uap", "lap", "type", "payload", "to_master", "time")} for row in expected]


@pytest.mark.parametrize("command", btbbtest.shell_blocks("notebook.md"))
def test_documented_command(command):
    words = shlex.split(command)
    folder = btbbtest.tmpdir()
    for at, word in enumerate(words):
        if word.startswith("sample-captures/"):
            words[at] = str(btbbtest.sample(word.split("/", 1)[1]))
        words[at] = words[at].replace("file=report.html", f"file={folder}/report.html")
    assert words[0] == "tshark"
    out = btbbtest.tshark(*words[1:]).stdout
    if "report" in command:
        assert (folder / "report.html").stat().st_size > 10000
    else:
        assert len(out.splitlines()) > 2
