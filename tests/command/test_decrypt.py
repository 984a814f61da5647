"""The command and `-z` with keys: what they print of an encrypted sample is what they print of its clear twin.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import io

import pytest

import btbbtest
from btbbtest import sample, tshark
from companion import btbb

ENCRYPTED, CLEAR = sample("encrypted_e0.pcapbtbb"), sample("encrypted_e0_clear.pcapbtbb")
KEYS, WRONG = sample("keys/encrypted_e0.csv"), sample("keys/encrypted_e0_wrong.csv")


def rows(*arguments):
    return list(csv.DictReader(io.StringIO(btbb(*arguments, "--format=csv").stdout)))


@pytest.mark.parametrize("view", ("links", "timeline", "findings"))
def test_views_of_connections_are_those_of_the_twin(view):
    options = ("--lap=63:a1:e5", "--lap=18:f0:7c", "--lap=2d:9b:40", "--lap=41:c6:f3", "--format=csv")
    decrypted = btbb(view, f"--keys={KEYS}", *options, ENCRYPTED).stdout
    assert decrypted == btbb(view, *options, CLEAR).stdout
    assert view == "findings" or decrypted != btbb(view, *options, ENCRYPTED).stdout


def test_packets_are_those_of_the_twin():
    mine, theirs = rows("packets", f"--keys={KEYS}", ENCRYPTED), rows("packets", CLEAR)
    different = [row["frame"] for row, twin in zip(mine, theirs) if row != twin]
    assert len(mine) == len(theirs) == 360
    assert different == ["141", "144", "352", "354", "356", "358", "360"]       # AUX1, and those without key
    assert rows("packets", f"--keys={WRONG}", ENCRYPTED) == rows("packets", ENCRYPTED)


def test_tshark_prints_the_same():
    folder = btbbtest.tmpdir()
    views = ("packets", "links", "timeline", "findings")
    arguments = [word for view in views for word in ("-z", f"btbb,{view},format=csv,keys={KEYS},file={folder}/{view}")]
    tshark("-q", "-r", ENCRYPTED, *arguments)
    for view in views:
        assert (folder / view).read_text() == btbb(view, f"--keys={KEYS}", "--format=csv", ENCRYPTED).stdout, view


def test_names_are_decrypted():
    assert '"Mouse"' in btbb("timeline", f"--keys={KEYS}", ENCRYPTED).stdout
    assert '"Mouse"' not in btbb("timeline", ENCRYPTED).stdout


def test_messages():
    faulty = btbbtest.tmpdir() / "keys.csv"
    faulty.write_text('# one\n"*","*","link key","12",""\n')
    done = btbb("lap", f"--keys={faulty}", ENCRYPTED, check=False)
    assert done.returncode == 1
    assert done.stderr == f"btbb: {faulty}: line 2: a key must be 32 hexadecimal digits\n"
    missing = btbb("lap", "--keys=/nowhere/keys", ENCRYPTED, check=False)
    assert missing.returncode == 1 and "/nowhere/keys" in missing.stderr
    done = tshark("-q", "-r", ENCRYPTED, "-z", f"btbb,lap,keys={faulty}", check=False)
    assert done.returncode == 1 and "a key must be 32 hexadecimal digits" in done.stderr
    assert "has no key \"keys\"" in btbb("type", f"--keys={KEYS}", ENCRYPTED, check=False).stderr
