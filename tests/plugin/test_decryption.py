"""Decryption in tshark and in the command: encrypted samples against their clear twins.

The samples are encrypted by btbb_crypt.py, which shares nothing with the C code. SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections

import pytest

import btbbtest
from btbbtest import fields, sample, tshark

ENCRYPTED, CLEAR = "encrypted_e0.pcapbtbb", "encrypted_e0_clear.pcapbtbb"
KEYS, WRONG = "keys/encrypted_e0.csv", "keys/encrypted_e0_wrong.csv"
VERDICT = ("btbb.decrypted", "btbb.decrypted.reason")
# What decryption may change, and what is made of it above. The payload as captured is in btbb.payload.
PLAIN = ("btbb.kind", "btbb.confidence", "btbb.llid", "btbb.pldflow", "btbb.length", "btbb.pldbody", "btbb.crc",
         "btbb.crc.status", "btbb.crc.computed", "btbb.trailing", "btbb.retransmission", "btbb.fragment.fate",
         "btbb.reassembled.in", "btl2cap.length", "btl2cap.cid", "btsdp.pdu", "btsdp.tid",
         "_ws.col.Protocol", "_ws.col.Info")
NAMES = {"": "", "1": "not encrypted", "2": "good", "3": "wrong key", "5": "clock unknown", "6": "key unknown", "9": "no CRC"}
NO_CRC = "packets of this type have no CRC, which alone proves decryption"


def key_options(name):
    lines = sample(name).read_text(encoding="ascii").splitlines()
    return [word for line in lines if not line.startswith("#") for word in ("-o", "uat:btbb_keys:" + line)]


def dissect(capture, keys=None, *extra):
    return fields(sample(capture), *VERDICT, *PLAIN, extra=[*(key_options(keys) if keys else ()), *extra])


@pytest.fixture(scope="module")
def decrypted():
    return dissect(ENCRYPTED, KEYS)


@pytest.fixture(scope="module")
def twin():
    return dissect(CLEAR)


def plain(row):
    return {name: row[name] for name in PLAIN}


def verdicts(rows):
    return collections.Counter((NAMES[row[VERDICT[0]]], row[VERDICT[1]]) for row in rows)


def test_every_payload_is_that_of_the_twin(decrypted, twin):
    assert len(decrypted) == len(twin) == 360
    good = [(plain(mine), plain(theirs)) for mine, theirs in zip(decrypted, twin) if mine["btbb.decrypted"] == "2"]
    assert len(good) == 101
    for mine, theirs in good:
        assert mine == theirs
    assert sum(row["btbb.retransmission"] in ("1", "True") for row, _ in good) == 3
    assert verdicts(decrypted) == {("", ""): 190, ("not encrypted", "the CRC is good without decryption"): 62,
                                   ("good", "the CRC is good after decryption"): 101, ("no CRC", NO_CRC): 2,
                                   ("key unknown", "there is no key for these devices"): 5}


def test_two_passes_agree(decrypted):
    """The second pass knows where messages are complete, in the twin as well."""
    again = dissect(ENCRYPTED, KEYS, "-2")
    assert [row[name] for row in again for name in VERDICT] == [row[name] for row in decrypted for name in VERDICT]
    for mine, theirs in zip(again, dissect(CLEAR, None, "-2")):
        assert mine["btbb.decrypted"] != "2" or plain(mine) == plain(theirs)


def test_wrong_keys_change_nothing_but_the_verdict():
    wrong = dissect(ENCRYPTED, WRONG)
    assert [plain(row) for row in wrong] == [plain(row) for row in dissect(ENCRYPTED)]
    assert verdicts(wrong) == {("", ""): 190, ("not encrypted", "the CRC is good without decryption"): 62,
                               ("wrong key", "the link key does not give the SRES of the authentication"): 103,
                               ("key unknown", "the start of the encryption was not captured"): 5}


def test_without_keys_nothing_is_said(twin):
    assert verdicts(twin) == {("", ""): 360}
    assert verdicts(dissect(ENCRYPTED)) == {("", ""): 360}


def test_expert_items_and_the_data_source():
    shown = tshark("-r", sample(ENCRYPTED), *key_options(KEYS), "-x", "-Y", "frame.number in {60, 141}").stdout
    assert shown.count("Decrypted payload (10 bytes):\n0000  3d 05 0a 00 00 ff ff 00 ec f6") == 1
    assert shown.count("Decrypted payload") == 1
    notes = fields(sample(ENCRYPTED), "frame.number", "_ws.expert.message",
                   extra=[*key_options(KEYS), "-Y", "btbb.encrypted"])
    assert [row["frame.number"] for row in notes] == ["141", "144", "352", "354", "356", "358", "360"]
    assert "Not decrypted: " + NO_CRC in notes[0]["_ws.expert.message"]


def test_a_faulty_key_is_refused():
    done = tshark("-r", sample(ENCRYPTED), "-o", 'uat:btbb_keys:"*","*","link key","12",""', check=False)
    assert done.returncode != 0 and "a key must be 32 hexadecimal digits" in done.stderr
