"""The commands of docs/many-captures.md, run as they stand, on pieces of one capture.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import functools
import http.server
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import btbbtest
import capture_rows


@pytest.fixture(scope="module")
def outputs():
    """(folder, [output of each documented command]) after running them in order on three pieces of a sample."""
    btbbtest.prove_plugins()
    folder = btbbtest.tmpdir()
    (folder / "captures").mkdir()
    (folder / "captures").chmod(0o777)
    btbbtest.run("editcap", "-F", "pcap", "-c", "700", btbbtest.sample("pandas_demo.pcapbtbb"), folder / "captures" / "piece of day.pcap")
    assert len(list((folder / "captures").iterdir())) >= 3
    path = f"{btbbtest.BUILD / 'command'}:/usr/local/bin:/usr/bin:/bin"
    return folder, [btbbtest.run("bash", "-euc", command, cwd=folder, env={"PATH": path}).stdout
                    for command in btbbtest.shell_blocks("many-captures.md")]


def whole():
    return capture_rows.rows(btbbtest.sample("pandas_demo.pcapbtbb").read_bytes())


def test_sum_of_clients(outputs):
    _, out = outputs
    table = {row["lap"]: row for row in csv.DictReader(io.StringIO(out[3]))}
    counts = {}
    for row in whole():
        counts.setdefault(row["lap"], [0, 0])
        counts[row["lap"]][0] += 1
        counts[row["lap"]][1] += row["type"] is not None
    assert {lap: [int(row["packets"]), int(row["non_id"])] for lap, row in table.items()} == \
        {lap: count for lap, count in counts.items() if count[0] > 1}


def test_sum_over_time(outputs):
    _, out = outputs
    hours = {}
    for row in whole():
        hours[row["time"] // 3600 * 3600] = hours.get(row["time"] // 3600 * 3600, 0) + 1
    assert {int(row["epoch"]): int(row["packets"]) for row in csv.DictReader(io.StringIO(out[4]))} == hours


def test_merged_by_the_command(outputs):
    _, out = outputs
    whole_table = btbbtest.run(btbbtest.BUILD / "command" / "btbb", "lap", "--min=1", btbbtest.sample("pandas_demo.pcapbtbb"))
    assert out[0] == whole_table.stdout


def test_bulk_format(outputs):
    """Pairs of lines, each of them JSON; every field of the packets is in the mapping, but texts, which need none."""
    folder, _ = outputs
    mapped = json.loads((folder / "mapping.json").read_text(encoding="utf-8"))
    names = set(re.findall(r'"(btbb_btbb_[a-z0-9_]+)"', json.dumps(mapped)))
    bytes_need_none = btbbtest.version() >= (4, 6)          # their mapping is left out since
    assert {"btbb_btbb_type", "btbb_btbb_hec_status"} <= names and ("btbb_btbb_lap" in names) != bytes_need_none
    fields = re.findall(r"^F\t[^\t]*\t(btbb\.\S+)\tFT_(\w+)", btbbtest.tshark("-G", "fields").stdout, re.M)
    texts = {"btbb_" + name.replace(".", "_") for name, kind in fields
             if kind in ("STRING", "NONE", "ETHER") or kind == "BYTES" and bytes_need_none}
    assert {"btbb_btbb_type_name", "btbb_btbb_pkthdr", "btbb_btbb_bd_addr"} <= texts
    lines = [json.loads(line) for line in (folder / "packets.ndjson").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 2 * 700 and all("index" in line for line in lines[::2])
    for packet in lines[1::2]:
        seen = {key for key in packet["layers"]["btbb"] if re.match(r"btbb_btbb_[a-z]", key)}
        assert seen <= names | texts
    assert sum("btbb_btbb_type" in packet["layers"]["btbb"] for packet in lines[1::2]) == \
        sum(row["type"] is not None for row in whole()[:700])


# --- engines: the code of the page, each on three captures; the result is that of the command over all of them

ADD_UP, DASK = btbbtest.shell_blocks("many-captures.md", "python")
PARALLEL, SLURM, POSTGRESQL, POST = btbbtest.shell_blocks("many-captures.md", "bash")
BTBB = btbbtest.BUILD / "command" / "btbb"


@pytest.fixture
def place(workdir):
    """A folder with captures and add_up.py."""
    (workdir / "captures").mkdir()
    for number, name in enumerate(("pandas_demo.pcapbtbb", "lmp.pcapbtbb", "fhs.pcapbtbb", "order.pcapbtbb")):
        shutil.copy(btbbtest.sample(name), workdir / "captures" / f"{number}, {name}")
    btbbtest.run("editcap", "-F", "pcap", "-c", "700", btbbtest.sample("pandas_demo.pcapbtbb"), workdir / "pieces", prefix=[])
    for piece in workdir.glob("pieces*"):
        piece.rename(workdir / "captures" / piece.name)
    (workdir / "add_up.py").write_text(ADD_UP + "\n", encoding="utf-8")
    return workdir


def captures(folder):
    return sorted(map(str, (folder / "captures").iterdir()))


def needs(*programs):
    for program in programs:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")


def shell(script, folder, **variables):
    path = f"{BTBB.parent}:/usr/local/bin:/usr/bin:/bin"
    return subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, check=True, stdout=subprocess.PIPE, text=True,
                          env={**btbbtest.environment(), "PATH": path, **variables}).stdout


def same_as_all(folder, text):
    """Whether a table has the rows of the command over all captures."""
    mine, all_of_them = list(csv.DictReader(text.splitlines())), \
        list(csv.DictReader(btbbtest.run(BTBB, "lap", "--min=1", "--format=csv", *captures(folder), prefix=[]).stdout.splitlines()))
    numbers = ("first", "last")
    for row in mine + all_of_them:
        row.update({name: float(row[name] or "nan") for name in numbers if name in row})
    assert len(mine) > 5
    assert [{name: row[name] for name in all_of_them[0]} for row in mine] == all_of_them


def test_parallel(place):
    needs("parallel")
    shell(PARALLEL, place)
    assert len(list((place / "tables").iterdir())) == len(captures(place))
    same_as_all(place, (place / "clients.csv").read_text(encoding="utf-8"))


def test_dask(place, monkeypatch):
    pytest.importorskip("dask.distributed", reason="python3-dask and python3-distributed are not installed")
    monkeypatch.setenv("PATH", f"{BTBB.parent}:{os.environ['PATH']}")
    (place / "count.py").write_text(DASK + "\n", encoding="utf-8")
    script = ("import sys, count\n"
              "print(count.main(sys.argv[1:], processes=False, n_workers=2, threads_per_worker=1, "
              "dashboard_address=None).to_csv(index=False), end='')\n")
    done = subprocess.run([sys.executable, "-c", script, *captures(place)], cwd=place, check=True, stdout=subprocess.PIPE, text=True)
    same_as_all(place, done.stdout)


def test_slurm(place):
    """A plain loop in place of the scheduler: more jobs than captures, so some have none."""
    (place / "count.sh").write_text(SLURM + "\n", encoding="utf-8")
    subprocess.run(["bash", "-n", place / "count.sh"], check=True)
    jobs = re.search(r"--array=0-(\d+)", SLURM)
    assert int(jobs[1]) == 99
    shell("for job in 0 1 2; do SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_ID=$job bash count.sh; done", place)
    assert sorted(path.name for path in (place / "tables").iterdir()) == ["0.csv", "1.csv", "2.csv"]
    same_as_all(place, shell("python3 add_up.py tables/*.csv", place))
    shell("SLURM_ARRAY_TASK_COUNT=100 SLURM_ARRAY_TASK_ID=50 bash count.sh", place)
    assert not (place / "tables" / "50.csv").exists()


def test_packets_in_sqlite(outputs):
    folder, out = outputs
    with sqlite3.connect(folder / "packets.db") as database:
        assert database.execute("SELECT count(*) FROM packets").fetchone() == (len(whole()),)
    counts = {}
    for row in whole():
        counts[row["lap"]] = counts.get(row["lap"], 0) + 1
    assert [(row["lap"], int(row["packets"])) for row in csv.DictReader(io.StringIO(out[5]))] == \
        sorted(counts.items(), key=lambda item: (-item[1], item[0]))


@pytest.fixture
def postgresql(workdir):
    """Connection settings of a server of its own that listens on a socket in a folder."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs or not shutil.which("psql"):
        pytest.skip("postgresql is not installed: COPY was not tried")
    folder, data = programs[-1].parent, workdir / "data"
    btbbtest.run(folder / "initdb", "-D", data, "-U", "btbb", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
    server = subprocess.Popen([*btbbtest.AS_USER, str(folder / "postgres"), "-D", str(data), "-k", str(workdir), "-h", "", "-F"],
                              cwd="/", env=btbbtest.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    settings = {"PGHOST": str(workdir), "PGUSER": "btbb", "PGDATABASE": "postgres"}
    try:
        btbbtest.wait_for(lambda: btbbtest.run("psql", "-c", "SELECT 1", env=settings, check=False).returncode == 0, "PostgreSQL")
        yield settings
    finally:
        server.terminate()
        server.wait(30)


def test_postgresql(place, postgresql):
    out = shell(POSTGRESQL, place, **postgresql)
    rows = out[out.index("lap,packets"):]
    expected = csv.DictReader(btbbtest.run(BTBB, "lap", "--min=1", "--format=csv", *captures(place), prefix=[]).stdout.splitlines())
    assert list(csv.DictReader(rows.splitlines())) == [{name: row[name] for name in ("lap", "packets", "non_id")} for row in expected]


def test_bulk_of_packets(outputs):
    """Pairs of lines, each of them JSON: an action and a packet."""
    folder, _ = outputs
    lines = [json.loads(line) for line in (folder / "packets.bulk").read_text(encoding="utf-8").splitlines()]
    assert lines[::2] == [{"index": {"_index": "btbb"}}] * len(whole())
    assert [(row["lap"], row["type_name"]) for row in lines[1::2]] == [(row["lap"], row["type"]) for row in whole()]


class Receiver(http.server.BaseHTTPRequestHandler):
    """In place of Elasticsearch: keeps what is posted."""

    def __init__(self, posted, *arguments):
        self.posted = posted
        super().__init__(*arguments)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.posted.append((self.path, self.headers["Content-Type"], body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_bulk_is_posted_in_whole_pairs(workdir):
    needs("curl")
    pairs = b"".join(b'{"index": {"_index": "btbb"}}\n{"frame": %d}\n' % number for number in range(25000))
    (workdir / "packets.bulk").write_bytes(pairs)
    posted = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Receiver, posted))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        shell(POST, workdir, SERVER=f"http://127.0.0.1:{server.server_port}", no_proxy="127.0.0.1")
    finally:
        server.shutdown()
    assert [(path, kind) for path, kind, _ in posted] == [("/_bulk", "application/x-ndjson")] * 3
    assert b"".join(body for _, _, body in posted) == pairs
    assert all(body.startswith(b'{"index"') for _, _, body in posted)
