"""The command and `-z` with keys: what they print of an encrypted sample is what they print of its clear twin.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import io
import struct

import pytest

import btbbtest
from btbbtest import sample, tshark
from companion import btbb

ENCRYPTED, CLEAR = sample("encrypted_e0.pcapbtbb"), sample("encrypted_e0_clear.pcapbtbb")
DECRYPTION = ("decryption", "encrypted", "decrypted", "missing")
KEYS, WRONG = sample("keys/encrypted_e0.csv"), sample("keys/encrypted_e0_wrong.csv")


def rows(*arguments):
    return list(csv.DictReader(io.StringIO(btbb(*arguments, "--format=csv").stdout)))


@pytest.mark.parametrize("view", ("links", "timeline", "findings"))
def test_views_of_connections_are_those_of_the_twin(view):
    options = ("--lap=63:a1:e5", "--lap=18:f0:7c", "--lap=2d:9b:40", "--lap=41:c6:f3")
    decrypted, twin = rows(view, f"--keys={KEYS}", *options, ENCRYPTED), rows(view, *options, CLEAR)
    for row in decrypted + twin:
        for column in DECRYPTION:
            row.pop(column, None)
    assert decrypted == twin
    assert view == "findings" or decrypted != rows(view, *options, ENCRYPTED)


def decryption(capture, *keys):
    """The four columns of every connection."""
    return [tuple(row[column] for column in DECRYPTION) for row in rows("links", *keys, capture)]


def test_links_show_what_could_be_decrypted_and_what_is_missing():
    """The counts are those of the field btbb.decrypted: tests/plugin/test_decryption.py."""
    no_crc = "2 payloads: packets of this type have no CRC, which alone proves decryption"
    sres, no_key = "the link key does not give the SRES of the authentication", "there is no key for these devices"
    clock = "the piconet's clock is not known at this packet"
    assert decryption(ENCRYPTED, f"--keys={KEYS}") == [
        ("partly", "62", "60", no_crc), ("good", "22", "22", ""), ("good", "19", "19", ""),
        ("key unknown", "5", "0", f"5 payloads: {no_key}")]
    assert decryption(ENCRYPTED, f"--keys={WRONG}") == [
        ("wrong key", "62", "0", f"62 payloads: {sres}"), ("wrong key", "22", "0", f"22 payloads: {sres}"),
        ("wrong key", "19", "0", f"19 payloads: {sres}"),
        ("key unknown", "5", "0", "5 payloads: the start of the encryption was not captured")]
    assert decryption(ENCRYPTED) == 3 * [("no keys given", "", "", "the link key")] + [("", "", "", "")]
    assert [row[0] for row in decryption(sample("encrypted_e0_rf.pcap"), f"--keys={KEYS}")][:3] == 3 * ["clock unknown"]
    assert f"60 payloads: {clock}" in decryption(sample("encrypted_e0_rf.pcap"), f"--keys={KEYS}")[0][3]
    assert decryption(sample("esp32.pcap")) == [("by controller", "", "", "")]


def test_links_of_secure_connections_and_without_encryption():
    shown = [row[0] for row in decryption(sample("links.pcapbtbb"))]
    assert shown[0] == "no keys given" and shown[13] == "AES-CCM: not supported"
    assert shown.count("not encrypted") == 11 and shown.count("no keys given") == 13


def test_lines_below_the_table():
    lines = btbb("links", f"--keys={KEYS}", ENCRYPTED).stdout.splitlines()
    assert [line for line in lines if ", decryption: " in line] == [
        "Link 1, decryption: partly, 60 of 62 payloads; missing: 2 payloads: packets of this type have no CRC, which alone "
        "proves decryption",
        "Link 2, decryption: good, 22 of 22 payloads",
        "Link 3, decryption: good, 19 of 19 payloads",
        "Link 4, decryption: key unknown, 0 of 5 payloads; missing: 5 payloads: there is no key for these devices"]


def test_payloads_of_connections_without_a_row():
    """Nothing of the connection but its encrypted payloads was captured."""
    data, records, at = ENCRYPTED.read_bytes(), [], 24
    while at < len(data):
        size = 16 + struct.unpack_from("<I", data, at + 8)[0]
        records.append(data[at:at + size])
        at += size
    path = btbbtest.tmpdir() / "middle.pcap"
    path.write_bytes(data[:24] + b"".join(records[60:80]))
    encrypted = sum(row["payload"] not in ("", "0") for row in rows("packets", path))
    assert encrypted == 9
    assert btbb("links", f"--keys={KEYS}", path).stdout.splitlines()[-1:] == [
        f"{encrypted} encrypted payloads of no connection listed here: the start of the encryption was not captured"]
    assert "encrypted payloads" not in btbb("links", path).stdout


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
