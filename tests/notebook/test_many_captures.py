"""The commands of docs/many-captures.md, run as they stand, on pieces of one capture.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import io
import json
import re

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
