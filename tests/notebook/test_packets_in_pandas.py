"""The second part of docs/notebook.md, run as it stands: the notebook's cells on `btbb packets`, against the pandas oracle.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import datetime
import os
import subprocess
import time

import pytest

import btbbtest
import capture_rows
import cells

CAPTURES = ("pandas_demo.pcapbtbb", "damaged.pcapbtbb", "every_type.pcapbtbb")
FROM_CSV, FROM_SQLITE, CELLS, SQL = btbbtest.shell_blocks("notebook.md", "python")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, workdir):
    """The command is found, the time zone of pandas is that of the command, and files go to a folder of their own."""
    monkeypatch.setenv("PATH", f"{btbbtest.BUILD / 'command'}:{os.environ['PATH']}")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.chdir(workdir)


def run(name, *blocks):
    """The variables of these blocks, and the oracle's DataFrame."""
    capture = btbbtest.sample(name)
    expected = cells.data_frame(capture_rows.rows(capture.read_bytes()))
    names = {}
    for block in blocks:
        exec(block.replace("sample-captures/pandas_demo.pcapbtbb", str(capture)), names)  # noqa: S102
    return names, expected


def plain(value):
    """Without the distinctions that pandas makes between its kinds of missing values and of truth values."""
    return None if value is None or value != value else bool(value) if value in (0, 1) else value


def numbers(series):
    return {key: int(value) for key, value in series.items()}


def over_time(frame):
    return {column: [int(value) for value in frame[column]] for column in frame.columns}


def needs_sqlite(blocks):
    version = btbbtest.run(btbbtest.BUILD / "command" / "btbb", "--version").stdout
    if FROM_SQLITE in blocks and "Databases: SQLite" not in version:
        pytest.skip("btbb was built without SQLite or libgcrypt: install libsqlite3-dev and libgcrypt20-dev")


@pytest.mark.parametrize("blocks", ((FROM_CSV,), (FROM_CSV, FROM_SQLITE)), ids=("csv", "sqlite"))
@pytest.mark.parametrize("name", CAPTURES)
def test_every_cell(name, blocks):
    needs_sqlite(blocks)
    mine, df = run(name, *blocks, CELLS)
    for column in cells.COLUMNS:
        assert [plain(value) for value in mine["df"][column]] == [plain(value) for value in df[column]], column
    assert list(mine["df"].columns) == ["nap", "uap", "lap", "type", "payload", "to_master", "name", "time"]
    assert mine["df"]["name"].isnull().all()
    assert len(mine["in_5"]) == 5
    assert mine["in_6"] == cells.in_6(df)
    for number in (7, 8, 9):
        assert numbers(mine[f"in_{number}"]) == getattr(cells, f"in_{number}")(df), number
    types = mine["in_10"].fillna(value=0)
    assert {lap: numbers(types.loc[lap]) for lap in types.index} == cells.in_10(df)
    assert (list(mine["in_11"].index), [int(count) for count in mine["in_11"].fillna(value=0)]) == cells.in_11(df)
    for number in (12, 13, 14, 15):
        assert over_time(mine[f"in_{number}"]) == getattr(cells, f"in_{number}")(df), number
    assert set(mine["in_16"]) == cells.in_16(df)
    for number in (17, 18):
        assert over_time(mine[f"in_{number}"]) == getattr(cells, f"in_{number}")(df, mine["sample_lap"]), number


def test_views_of_the_database():
    needs_sqlite((FROM_SQLITE,))
    mine, df = run(CAPTURES[0], FROM_CSV, FROM_SQLITE, CELLS, SQL)
    assert dict(mine["sql_7"]) == cells.in_7(df)
    assert mine["sql_10"] == [(lap, kind, count) for lap, row in cells.in_10(df).items() for kind, count in row.items() if count]
    seconds = [str(moment) for moment in mine["in_14"].index]
    assert sorted(mine["sql_14"]) == sorted((second, kind, count) for kind, counts in cells.in_14(df).items()
                                            for second, count in zip(seconds, counts) if count)
    sums = {}
    for moment, kind, packets in mine["sql_18"]:
        assert datetime.datetime.fromisoformat(moment)
        sums[kind] = packets
    assert sums == {kind: counts[-1] for kind, counts in cells.in_18(df, mine["sample_lap"]).items()}


def test_null_is_a_type():
    """pandas takes NULL for a missing value unless it is told otherwise: the page does."""
    mine, _ = run(CAPTURES[0], FROM_CSV)
    table = subprocess.check_output(["btbb", "type", "--format=csv", mine["filename"]], text=True)
    assert f",NULL,{(mine['df']['type'] == 'NULL').sum()}," in table
