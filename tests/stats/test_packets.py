"""The view packets: one row per packet, the same in tshark and the command, and the fields that tshark shows.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import datetime
import json
import re
import sys

import pytest

import btbbtest

sys.path.insert(0, str(btbbtest.REPO / "tests" / "notebook"))
import capture_rows  # noqa: E402

COMMAND = btbbtest.BUILD / "command" / "btbb"
NAMES = ("pandas_demo.pcapbtbb", "every_type.pcapbtbb", "every_type_rf.pcap", "fhs.pcapbtbb", "lmp.pcapbtbb",
         "internalblue.pcapng", "damaged.pcapbtbb", "order.pcapbtbb", "empty.pcapbtbb")


def of_tshark(capture, keys, **options):
    return btbbtest.tshark("-2", "-q", "-r", capture, "-z", f"btbb,packets,{keys}", **options).stdout


def of_command(capture, keys, *more, **options):
    return btbbtest.run(COMMAND, f"packets,{keys}", capture, *more, **options).stdout


def rows(capture, keys="format=csv"):
    return list(csv.DictReader(of_command(capture, keys).splitlines()))


@pytest.mark.parametrize("name", NAMES)
def test_tshark_and_command_agree(name):
    capture = btbbtest.sample(name)
    formats = {keys: of_command(capture, keys) for keys in ("format=csv", "format=json", "format=ndjson", "format=table")}
    assert formats == {keys: of_tshark(capture, keys) for keys in formats}
    objects = json.loads(formats["format=json"], parse_float=str, parse_int=str)
    assert [json.loads(line, parse_float=str, parse_int=str) for line in formats["format=ndjson"].splitlines()] == objects
    text = {True: "true", False: "false", None: ""}
    assert [{key: text[value] if value in text else value for key, value in row.items()} for row in objects] == rows(capture)
    assert not any(line.endswith(" ") for line in formats["format=table"].splitlines())


@pytest.mark.parametrize("name", ("pandas_demo.pcapbtbb", "every_type_rf.pcap", "fhs.pcapbtbb", "lmp.pcapbtbb"))
def test_fields(name):
    """Every column has the value of the field of its name."""
    same = {"frame": "frame.number", "lap": "btbb.lap", "type": "btbb.type", "type_name": "btbb.type_name",
            "kind": "btbb.kind", "lt_addr": "btbb.lt_addr", "clk": "btbb.clk", "channel": "btbb.channel",
            "llid": "btbb.llid", "length": "btbb.length", "flow": "btbb.flow", "arqn": "btbb.arqn", "seqn": "btbb.seqn"}
    fields = btbbtest.fields(btbbtest.sample(name), "frame.time_epoch", *same.values(), extra=["-Y", "btbb && !btbb.malformed"])
    packets = rows(btbbtest.sample(name))
    assert len(packets) == len(fields) > 10
    for packet, frame in zip(packets, fields):
        assert float(packet["epoch"]) == pytest.approx(float(frame["frame.time_epoch"]), abs=1e-6)
        for column, field in same.items():
            if column == "kind":
                continue        # the field is a number
            if column in ("type", "type_name", "lt_addr") and packet["class"] != "header":
                assert packet[column] == ""     # the field shows what was received, however wrong
                continue
            expected = frame[field]
            if column in ("flow", "arqn", "seqn"):
                expected = {"True": "1", "False": "0"}.get(expected, expected)
            if column == "clk" and expected.startswith("0x"):
                expected = str(int(expected, 16))
            if column == "llid" and expected.startswith("0x"):
                expected = str(int(expected, 16))
            assert packet[column] == expected, (packet["frame"], column)


@pytest.mark.parametrize("name", ("pandas_demo.pcapbtbb", "every_type.pcapbtbb", "lmp.pcapbtbb", "fhs.pcapbtbb", "damaged.pcapbtbb"))
def test_notebook_columns(name):
    """Exactly the notebook's DataFrame."""
    capture = btbbtest.sample(name)
    expected = []
    for row in capture_rows.rows(capture.read_bytes()):
        time = datetime.datetime.fromtimestamp(row["time"], datetime.timezone.utc)
        expected.append({key: "" if row[key] is None else str(row[key]) for key in ("nap", "uap", "lap", "type", "payload",
                                                                                   "to_master")}
                        | {"name": "", "time": time.strftime("%Y-%m-%d %H:%M:%S")})
    assert rows(capture, "columns=notebook,format=csv") == expected
    assert list(expected[0]) == of_command(capture, "columns=notebook,format=csv").splitlines()[0].split(",")


def test_columns_and_selection():
    demo = btbbtest.sample("pandas_demo.pcapbtbb")
    every = rows(demo)
    some = rows(demo, "columns=type_name:frame,format=csv,lap=ed:1d:9c,from=2012-06-14T01:07:00Z,to=1339636100")
    assert some == [{"type_name": row["type_name"], "frame": row["frame"]} for row in every
                    if row["lap"] == "ed:1d:9c" and 1339636020 <= float(row["epoch"]) < 1339636100]
    assert len(some) > 100
    assert list(some[0]) == ["type_name", "frame"]
    filtered = of_tshark(demo, "columns=frame,format=csv,btbb.type == 2").split()
    assert filtered == ["frame"] + [row["frame"] for row in every if row["type"] == "2"]
    done = btbbtest.run(COMMAND, "packets,columns=frame:nosuch", demo, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith('btbb: packets has no column "nosuch"; valid: notebook, frame, epoch, time, lap,')


@pytest.mark.parametrize("names, problem", (
    ("notebook:frame", "columns=notebook stands alone: it is all columns of the notebook"),
    ("frame:notebook", "columns=notebook stands alone: it is all columns of the notebook"),
    ("file:frame", 'columns: leave out "file": it is the first column wherever several captures are read')))
def test_columns_that_are_none(names, problem):
    done = btbbtest.run(COMMAND, f"packets,columns={names}", btbbtest.sample("lmp.pcapbtbb"), check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"btbb: {problem}\n")


@pytest.mark.parametrize("form", ("csv", "json", "ndjson", "table"))
def test_columns_named_again_and_again(form):
    """As many as fit into a row; more are refused."""
    capture = btbbtest.sample("lmp.pcapbtbb")
    rows = of_command(capture, f"columns={':'.join(['time'] * 200)},format={form}")
    assert rows.count("2020-") == 200 * of_command(capture, f"columns=time,format={form}").count("2020-") > 0
    for count in (300, 15000):
        done = btbbtest.run(COMMAND, f"packets,columns={':'.join(['time'] * count)},format={form}", capture, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert re.fullmatch(r"btbb: columns: 2\d\d columns are too many\n", done.stderr)


@pytest.mark.parametrize("name", ("every_type.pcapbtbb", "every_type_rf.pcap", "interfaces.pcapng", "esp32.pcap", "hops.pcap"))
@pytest.mark.parametrize("keys", ("", "columns=notebook", "columns=nap:uap:class:epoch:clk:hec:crc:clk27:uap_source:dir_source"))
def test_table_columns_are_straight(name, keys):
    """Every row of a table has its columns where the heading has them: at least two spaces before each."""
    heading, *lines = of_command(btbbtest.sample(name), keys).splitlines()
    columns = [[match.start() for match in re.finditer(r"(?:^|(?<=  ))\S", line)] for line in (heading, *lines)]
    ends = [[match.end() for match in re.finditer(r"\S(?=  |$)", line)] for line in (heading, *lines)]
    places = set(columns[0]) | set(ends[0])
    assert len(lines) > 5
    for line, starts, stops in zip(lines, columns[1:], ends[1:]):
        assert all(start in places or stop in places for start, stop in zip(starts, stops)), line


def test_names():
    """The name of the client, from the packet on that shows it, escaped and quoted as the format needs it."""
    capture = btbbtest.sample("links.pcapbtbb")
    text = of_command(capture, "format=csv")
    assert text == btbbtest.tshark("-q", "-r", capture, "-z", "btbb,packets,format=csv").stdout
    named = [(row["frame"], row["name"]) for row in csv.DictReader(text.splitlines()) if row["name"]]
    fields = btbbtest.fields(capture, "frame.number", "btbb.name", extra=["-Y", "btbb.name"])
    assert named == [(row["frame.number"], row["btbb.name"]) for row in fields]
    assert {name for _, name in named} == {r"\xff\xfeNot\xc3(UTF-8\xf0\x9f\x8e\xed\xa0\x80\x00after zero", "Switching headset"}
    objects = json.loads(of_command(capture, "format=json,columns=frame:name"))
    assert [(str(row["frame"]), row["name"]) for row in objects if row["name"]] == named
    assert {row["name"] for row in rows(capture, "columns=notebook,format=csv")} == {""}


def test_names_of_endpoints():
    """With name resolution, after the LAP; not with -n."""
    capture = btbbtest.sample("links.pcapbtbb")
    resolved, plain = (btbbtest.tshark(*words, "-q", "-r", capture, "-z", "endpoints,btbb").stdout.splitlines()
                       for words in ((), ("-n",)))
    assert [line.split("  ")[0] for line in resolved if line.startswith(("6c:c1:76", "51:40:0c"))] == [
        "51:40:0c", "6c:c1:76 Switching headset"]
    assert [line.split("  ")[0] for line in plain if line.startswith(("6c:c1:76", "51:40:0c"))] == ["51:40:0c", "6c:c1:76"]


def test_several_files():
    """A column names the capture; the rows come in the order of the files."""
    fhs, lmp = btbbtest.sample("fhs.pcapbtbb"), btbbtest.sample("lmp.pcapbtbb")
    joined = list(csv.DictReader(of_command(lmp, "columns=frame,format=csv", fhs).splitlines()))
    assert joined == [{"file": str(path), "frame": row["frame"]} for path in (lmp, fhs) for row in rows(path)]
    objects = json.loads(of_command(lmp, "columns=frame,format=json", fhs))
    assert [(row["file"], str(row["frame"])) for row in objects] == [(row["file"], row["frame"]) for row in joined]


def test_file(workdir):
    """Replaced when complete; a failure leaves the old one and nothing else."""
    demo, out = btbbtest.sample("pandas_demo.pcapbtbb"), workdir / "out.csv"
    out.write_text("old")
    out.chmod(0o666)
    done = btbbtest.run(COMMAND, "packets", "-F", "csv", "-o", out, "/nonexistent", check=False)
    assert (done.returncode, out.read_text()) == (2, "old")
    assert of_command(demo, f"format=csv,file={out}") == ""
    assert out.read_text() == of_command(demo, "format=csv")
    out.write_text("old")
    assert of_tshark(demo, f"format=csv,file={out}") == ""
    assert out.read_text() == of_command(demo, "format=csv")
    assert [path.name for path in workdir.iterdir()] == ["out.csv"]
    done = btbbtest.run(COMMAND, "packets", "-o", "/dev/full", demo, check=False)
    assert (done.returncode, done.stderr) == (2, 'btbb: cannot write "/dev/full": No space left on device\n')
