"""`btbb packets --format=sqlite`: the tables are those of the other formats, and a failure leaves nothing half-written.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import csv
import hashlib
import os
import resource
import signal
import sqlite3
import subprocess
import time

import pytest

import btbbtest
import capture_rows
import cells
from companion import BTBB, btbb

if "Databases: SQLite" not in btbb("--version").stdout:
    pytest.skip("btbb was built without SQLite or libgcrypt: install libsqlite3-dev and libgcrypt20-dev",
                allow_module_level=True)

DEMO = btbbtest.sample("pandas_demo.pcapbtbb")
LMP = btbbtest.sample("lmp.pcapbtbb")
RF = btbbtest.sample("every_type_rf.pcap")
VERSION = 3     # of the tables
CELLS = [f"in_{number}" for number in range(4, 19)]


def add(path, *words, **options):
    return btbb("packets", "-F", "sqlite", "-o", path, *words, **options)


def query(path, sql, *values):
    """Rows as tuples. The database is opened as any reader does."""
    with sqlite3.connect(path) as database:
        return database.execute(sql, values).fetchall()


def table(path, sql):
    """Rows as dicts of texts as CSV has them: empty where not known."""
    with sqlite3.connect(path) as database:
        cursor = database.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor]


def printed(view, *captures):
    return list(csv.DictReader(btbb(f"{view},format=csv", *captures).stdout.splitlines()))


def same_value(stored, text):
    """Whether a value of the database is that of a CSV file."""
    if text == "":
        return stored is None
    if text in ("true", "false", "True", "False"):
        return stored == (text.lower() == "true") and isinstance(stored, int)
    if isinstance(stored, float):
        return stored == pytest.approx(float(text), rel=5e-6) if abs(stored) < 1e6 else stored == float(text)
    return stored is not None and str(stored) == text


def check_rows(stored, expected):
    assert len(stored) == len(expected) > 0
    for mine, theirs in zip(stored, expected):
        for column, text in theirs.items():
            assert same_value(mine[column], text), (column, mine[column], text)


@pytest.fixture(scope="module")
def both():
    """A database of two captures, added by two runs."""
    path = btbbtest.tmpdir() / "both.db"
    add(path, DEMO)
    add(path, LMP)
    return path


def test_packets(both):
    for number, capture in ((1, DEMO), (2, LMP)):
        stored = table(both, f"SELECT * FROM packets WHERE capture = {number} ORDER BY id")
        expected = printed("packets", capture)
        assert set(stored[0]) - set(expected[0]) == {"id", "capture", "notebook"}
        check_rows(stored, expected)


@pytest.mark.parametrize("name, view", (("clients", "lap,min=1"), ("channels", "channel"), ("links", "links"),
                                        ("findings", "findings")))
def test_totals(both, name, view):
    for number, capture in ((1, DEMO), (2, LMP)):
        stored = table(both, f"SELECT * FROM {name} WHERE capture = {number} ORDER BY rowid")
        expected = printed(view, capture)
        assert len(expected) == len(stored)
        if expected:
            check_rows(stored, expected)
    assert len(stored) > 0


def test_captures(both):
    stored = table(both, "SELECT * FROM captures ORDER BY id")
    for row, capture in zip(stored, (DEMO, LMP)):
        data = capture.read_bytes()
        assert (row["file"], row["sha256"], row["bytes"], row["complete"]) == \
            (str(capture), hashlib.sha256(data).hexdigest(), len(data), 1)
        for line in printed("summary", capture):
            assert same_value(row[line["key"]], line["value"]), line
    assert [row["id"] for row in stored] == [1, 2]


def test_schema(both):
    """Types, indexes, and the marks by which a database is recognised."""
    types = {name: kind for _, name, kind, *_ in query(both, "PRAGMA table_info(packets)")}
    assert {types[name] for name in ("epoch",)} == {"REAL"}
    assert {types[name] for name in ("frame", "type", "lt_addr", "to_master", "clk", "channel", "signal", "length")} == {"INTEGER"}
    assert {types[name] for name in ("time", "lap", "uap", "nap", "name", "class", "type_name", "kind", "hec")} == {"TEXT"}
    indexes = query(both, "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' AND sql NOTNULL ORDER BY name")
    assert indexes == [("packets_epoch", "packets"), ("packets_lap", "packets")]
    assert query(both, "PRAGMA application_id") == [(0x62746262,)] and query(both, "PRAGMA user_version") == [(VERSION,)]
    assert query(both, "PRAGMA integrity_check") == [("ok",)]
    assert [name for name, in query(both, "SELECT name FROM sqlite_schema WHERE type = 'view'")] == CELLS


@pytest.fixture(scope="module")
def demo():
    path = btbbtest.tmpdir() / "demo.db"
    add(path, DEMO)
    return path


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    """The time zone of pandas is that of the command."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def test_cells(demo):
    """The views have the numbers of the notebook's cells, which pandas computes from the bytes of the capture."""
    df = cells.data_frame(capture_rows.rows(DEMO.read_bytes()))

    def rows(sql):
        return query(demo, sql)

    stored = table(demo, "SELECT * FROM in_4")
    assert [tuple(row.values()) for row in stored[:5]] == rows("SELECT * FROM in_5")
    for key in ("nap", "uap", "lap", "type", "payload", "to_master"):
        assert [row[key] for row in stored] == list(df[key]), key
    assert [row["time"] for row in stored] == [str(moment) for moment in df["time"]]
    assert rows("SELECT * FROM in_6") == [tuple(str(moment) for moment in cells.in_6(df))]
    assert dict(rows("SELECT * FROM in_7")) == cells.in_7(df)
    assert dict(rows("SELECT * FROM in_8")) == cells.in_8(df)
    assert dict(rows("SELECT * FROM in_9")) == cells.in_9(df)
    assert rows("SELECT * FROM in_10") == [(lap, kind, count) for lap, row in cells.in_10(df).items()
                                           for kind, count in row.items() if count]
    seconds, packets = cells.in_11(df)
    assert rows("SELECT * FROM in_11") == [(str(second), count) for second, count in zip(seconds, packets) if count]
    assert {lap for lap, in rows("SELECT * FROM in_16")} == cells.in_16(df)


@pytest.mark.parametrize("name", ("every_type.pcapbtbb", "damaged.pcapbtbb", "fhs.pcapbtbb", "profiles.pcapbtbb",
                                  "every_type_rf.pcap", "esp32.pcap", "broadcom.pcapng"))
def test_data_frame(workdir, name):
    """in_4 has the rows of columns=notebook, whatever the format: also padded access codes, and frames without clock."""
    path, capture = workdir / "x.db", btbbtest.sample(name)
    add(path, capture)
    stored = table(path, "SELECT * FROM in_4")
    check_rows(stored, printed("packets,columns=notebook", capture))


@pytest.mark.parametrize("view, by", (("in_12", "lap"), ("in_13", "lap"), ("in_14", "type"), ("in_15", "type")))
def test_cells_over_time(demo, view, by):
    """The views have no rows for seconds without packets; sums stay the same there."""
    df = cells.data_frame(capture_rows.rows(DEMO.read_bytes()))
    expected = getattr(cells, view)(df)
    mine = {}
    for key, packets in query(demo, f"SELECT {by}, packets FROM {view} ORDER BY time"):
        mine.setdefault(key, []).append(packets)
    cumulative = view in ("in_13", "in_15")
    assert mine == {key: [count for count, before in zip(counts, [0] + counts)
                          if (count != before if cumulative else count)] for key, counts in expected.items()}


@pytest.mark.parametrize("view", ("in_17", "in_18"))
def test_cells_of_one_client(demo, view):
    df = cells.data_frame(capture_rows.rows(DEMO.read_bytes()))
    expected = getattr(cells, view)(df, "ed:1d:9c")
    mine = {}
    for key, packets in query(demo, f"SELECT type, packets FROM {view} WHERE lap = 'ed:1d:9c' ORDER BY time"):
        mine.setdefault(key, []).append(packets)
    assert mine == {key: [count for count, before in zip(counts, [0] + counts)
                          if (count != before if view == "in_18" else count)] for key, counts in expected.items()}


def test_selection(workdir):
    path = workdir / "some.db"
    add(path, "--lap=ed:1d:9c", "--to=1339636100", DEMO)
    check_rows(table(path, "SELECT * FROM packets ORDER BY id"), printed("packets,lap=ed:1d:9c,to=1339636100", DEMO))
    check_rows(table(path, "SELECT * FROM clients"), printed("lap,min=1,lap=ed:1d:9c,to=1339636100", DEMO))
    assert query(path, "SELECT no_lap, other_frames FROM captures") == [(0, None)]


def test_added_once(workdir):
    """The same bytes under another name are the same capture; the others of that run are added all the same."""
    path, copy = workdir / "x.db", workdir / "copy.pcap"
    copy.write_bytes(LMP.read_bytes())
    copy.chmod(0o644)
    add(path, LMP)
    before = len(printed("packets", LMP))
    done = add(path, copy, RF, RF, check=False)
    assert done.returncode == 2
    assert done.stderr == (f"btbb: {copy}: the database already has this capture, read from {LMP}; --replace replaces it\n"
                           f"btbb: {RF}: the database already has this capture, read from {RF}; --replace replaces it\n")
    assert query(path, "SELECT file FROM captures") == [(str(LMP),), (str(RF),)]
    done = add(path, "--replace", copy)
    assert done.stderr == ""
    assert query(path, "SELECT file FROM captures ORDER BY id") == [(str(RF),), (str(copy),)]
    for name in ("packets", "clients", "channels"):
        assert query(path, f"SELECT DISTINCT capture FROM {name} ORDER BY 1") == [(2,), (3,)]
    assert query(path, "SELECT count(*) FROM packets WHERE capture = 3") == [(before,)]


def test_pipes_have_no_hash(workdir):
    path = workdir / "x.db"
    for _ in range(2):
        btbb("packets", "-F", "sqlite", "-o", path, "-", input=LMP.read_bytes())
    assert query(path, "SELECT file, sha256, bytes FROM captures") == [("-", None, None)] * 2


def test_damaged_captures(workdir):
    """What was read of a damaged file is kept and marked; what is no capture is not."""
    path, text = workdir / "x.db", workdir / "text"
    text.write_bytes(b"no capture at all\n" * 100)
    text.chmod(0o644)
    cut = btbbtest.sample(btbbtest.CUT)
    done = add(path, cut, text, LMP, check=False)
    assert done.returncode == 2
    assert f"btbb: {text}: not a capture file that Wireshark knows\n" in done.stderr
    assert query(path, "SELECT file, complete FROM captures") == [(str(cut), 0), (str(LMP), 1)]
    nothing = workdir / "nothing.db"
    done = add(nothing, text, check=False)
    assert done.returncode == 2 and not nothing.exists()
    assert sorted(entry.name for entry in workdir.iterdir()) == ["text", "x.db"]


@pytest.mark.parametrize("words, message", (
    (("packets", "-F", "sqlite"), "format=sqlite needs a file, such as file=packets.db"),
    (("lap", "-F", "sqlite", "-o", "x.db"), "format=sqlite is for packets only, which writes clients and channels too"),
    (("packets", "-F", "sqlite", "-o", "x.db", "-C", "lap"), "format=sqlite always writes all columns: leave out columns"),
    (("packets", "--replace"), "--replace is for format=sqlite: any other file is always replaced"),
    (("packets", "-F", "sqlite", "-o", "x.db", "-f"),
     "--follow: a database is written when all files have been read; leave out --follow"),
))
def test_usage(words, message):
    done = btbb(*words, LMP, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"btbb: {message}\n")


def test_tshark_refuses():
    done = btbbtest.tshark("-q", "-r", LMP, "-z", "btbb,packets,format=sqlite,file=x.db", check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.splitlines()[-1] == ("tshark: -z btbb,packets,format=sqlite,file=x.db: only the command writes "
                                            "format=sqlite: btbb packets --format=sqlite -o FILE.db CAPTURE...")


def test_what_is_no_database(workdir):
    """One line, and the file stays as it is."""
    text, other, newer, older = (workdir / f"{name}.db" for name in ("text", "other", "newer", "older"))
    text.write_text("not a database, but longer than the header of one" * 100)
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE packets (x)")
    for path, version in (newer, VERSION + 1), (older, VERSION - 1):
        add(path, LMP)
        with sqlite3.connect(path) as database:
            database.execute(f"PRAGMA user_version = {version}")
    problems = {text: "file is not a database", other: "it is a database of another program",
                newer: "its tables are of another version of btbb; write to a new file",
                older: "its tables are of another version of btbb; write to a new file",
                workdir / "no" / "x.db": "No such file or directory", workdir: "Is a directory"}
    for path, problem in problems.items():
        before = path.read_bytes() if path.is_file() else None
        if before:
            path.chmod(0o666)
        done = add(path, LMP, check=False)
        assert done.returncode in (1, 2) and done.stdout == ""
        assert done.stderr == f'btbb: cannot write "{path}": {problem}\n'
        assert (path.read_bytes() if path.is_file() else None) == before
    done = add("/dev/null", LMP, check=False)
    assert done.stderr == 'btbb: cannot write "/dev/null": it is not a regular file\n'
    own = workdir / "own.pcap"
    own.write_bytes(LMP.read_bytes())
    own.chmod(0o666)
    done = add(own, own, check=False)
    assert done.stderr == f'btbb: cannot write "{own}": it is the capture that is read\n'


def test_read_only(workdir):
    path = workdir / "x.db"
    add(path, LMP)
    path.chmod(0o444)
    done = add(path, RF, check=False)
    assert (done.returncode, done.stderr) == (2, f'btbb: cannot write "{path}": Permission denied\n')
    assert query(f"{path}", "SELECT count(*) FROM captures") == [(1,)]


def limited(limit, *words):
    """The command with a limit of the size of files: writing beyond it fails as on a full disk."""
    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return subprocess.run([*btbbtest.AS_USER, str(BTBB), "packets", "-F", "sqlite", "-o", *map(str, words)], cwd="/", text=True,
                          env=btbbtest.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                          preexec_fn=prepare, restore_signals=False)


@pytest.mark.parametrize("old", (False, True))
def test_disk_full(workdir, old):
    path = workdir / "x.db"
    if old:
        add(path, LMP)
    before = path.read_bytes() if old else None
    done = limited(path.stat().st_size + 8192 if old else 65536, path, DEMO)
    assert done.returncode == 2
    assert done.stderr in (f'btbb: cannot write "{path}": disk I/O error\n',
                           f'btbb: cannot write "{path}": database or disk is full\n')
    assert [entry.name for entry in workdir.iterdir()] == (["x.db"] if old else [])
    if old:
        assert path.read_bytes() == before


@contextlib.contextmanager
def halfway(path):
    """The command, reading a capture that stops coming after it has written packets."""
    fifo = path.parent / "fifo"
    os.mkfifo(fifo)
    fifo.chmod(0o666)
    process = subprocess.Popen([*btbbtest.AS_USER, str(BTBB), "packets", "-F", "sqlite", "-o", str(path), str(fifo)], cwd="/",
                               text=True, env=btbbtest.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    data = DEMO.read_bytes()
    try:
        with open(fifo, "wb") as pipe:
            pipe.write(data + data[24:] * 20)       # more than SQLite keeps in memory
            pipe.flush()
            btbbtest.wait_for(lambda: any(entry not in (path, fifo) and entry.stat().st_size > 0
                                          for entry in path.parent.iterdir()), "a new database or a journal")
            yield process
    finally:
        process.kill()
        process.communicate()
        fifo.unlink()


@pytest.mark.parametrize("old", (False, True))
def test_interrupted(workdir, old):
    """Ctrl-C: one line, exit code 2, and the database as it was before."""
    path = workdir / "x.db"
    if old:
        add(path, LMP)
    with halfway(path) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (2, "", f"btbb: interrupted: nothing was written to {path}\n")
    assert [entry.name for entry in workdir.iterdir()] == (["x.db"] if old else [])
    if old:
        assert query(path, "SELECT file FROM captures") == [(str(LMP),)]


def test_killed(workdir):
    """Even then: readers find the captures that were there before."""
    path = workdir / "x.db"
    add(path, LMP)
    packets = query(path, "SELECT count(*) FROM packets")
    with halfway(path) as process:
        process.kill()
        process.communicate(timeout=30)
    path.chmod(0o666)
    assert query(path, "SELECT count(*) FROM packets") == packets
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    add(path, DEMO)
    assert query(path, "SELECT file FROM captures") == [(str(LMP),), (str(DEMO),)]


def test_killed_before_a_new_one_was_complete(workdir):
    """What it leaves is removed by the next program that makes this database; the file of a program that still runs, and files
    that only have such a name, are not."""
    path, backup = workdir / "x.db", workdir / "x.db.backup"

    def temporary():
        return {entry.name for entry in workdir.iterdir()} - {"x.db", "x.db.backup", "fifo"}

    backup.write_text("a file of 72 bytes or more that somebody has called so: " + 72 * "x", encoding="utf-8")
    backup.chmod(0o666)
    with halfway(path) as process:
        process.kill()
        process.communicate(timeout=30)
    [stale] = temporary()
    with halfway(path):
        [running] = temporary()
        assert running != stale
        add(path, LMP)
        assert temporary() == {running}
    assert query(path, "SELECT file FROM captures") == [(str(LMP),)]
    assert backup.exists()
