"""The core's knowledge of a capture, over whole files: exact counts on the real captures, the samples' invariants.

learn_capture learns a file in order and recalls every frame in two other orders; it fails where an answer differs.
"""

import collections
import subprocess

import pytest

import btbbtest

ABSENT, UNVERIFIED, GOOD, BAD = "0123"
ID, HEADER, UNDECODED = "012"
UNKNOWN, TO_PERIPHERAL, TO_CENTRAL = "012"
RANK_LAP, RANK_UAP, RANK_UAP_PROVEN, RANK_NAP = "0123"
FROM_FILE, FROM_REFERENCE, FROM_HEC, FROM_CRC = "1234"


def learn(path):
    done = subprocess.run([*btbbtest.core_program("learn-capture"), path], text=True, capture_output=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    return [dict(item.split("=", 1) for item in line.split("\t")) for line in done.stdout.splitlines()]


def count(frames, *keys):
    return collections.Counter(tuple(f[key] for key in keys) for f in frames)


def test_mouse():
    frames = learn(btbbtest.shared("captures/btbb-sample-mouse.pcap"))
    assert count(frames, "class", "kind", "hec", "crc", "dir") == {
        (ID, "", ABSENT, ABSENT, UNKNOWN): 15,
        (HEADER, "POLL", GOOD, ABSENT, TO_PERIPHERAL): 32,
        (HEADER, "NULL", GOOD, ABSENT, TO_CENTRAL): 9,
        (HEADER, "DM1", GOOD, GOOD, TO_CENTRAL): 9,
    }
    laps = count(frames, "lap")
    assert laps[("4831dd",)] == 57 and len(laps) == 9 and sorted(laps.values()) == [1] * 8 + [57]
    own = [f for f in frames if f["lap"] == "4831dd"]
    assert [f["uap"] for f in own] == ["00"] * 3 + ["61"] * 54
    assert [f["rank"] for f in own] == [RANK_LAP] * 3 + [RANK_UAP_PROVEN] * 54
    assert all(f["rank"] == RANK_LAP for f in frames if f["lap"] != "4831dd")
    assert not [f for f in frames if "1" in (f["retransmission"], f["conflict"], f["contradiction"], f["taught"])]


def test_test255():
    frames = learn(btbbtest.shared("captures/btbredr_test.pcap"))
    assert len(frames) == 70
    assert [int(f["frame"]) for f in frames if f["class"] == ID] == [n for n in range(1, 21) if n not in (2, 6, 11, 17)]
    assert [int(f["frame"]) for f in frames if f["crc"] == GOOD] == [2, 6, 11, 17, 31, 54]
    assert [(f["parsed"], f["header_bytes"], f["llid"], f["length"], f["trailing"]) for f in frames
            if f["crc"] == GOOD] == [("1", "2", "2", "52", "0")] * 2 + [("1", "1", "2", "12", "0")] * 3 + [
                ("1", "1", "2", "12", "5")]
    assert count(frames, "hec") == {(ABSENT,): 20, (GOOD,): 1, (BAD,): 49}
    assert [int(f["frame"]) for f in frames if f["class"] == HEADER] == [24]
    assert [(f["uap"], f["rank"], f["source"]) for f in frames[:3]] == [
        ("00", RANK_LAP, "0"), ("70", RANK_UAP_PROVEN, FROM_CRC), ("70", RANK_UAP_PROVEN, FROM_REFERENCE)]
    assert count(frames[1:], "uap", "dir", "conflict") == {("70", UNKNOWN, "0"): 69}


@pytest.mark.parametrize("name", ["pandas_demo.pcapbtbb", "damaged.pcapbtbb", "lmp.pcapbtbb", "l2cap.pcapbtbb",
                                  "big_endian.pcapbtbb", "contradiction.pcapbtbb", "fhs.pcapbtbb", "uap_recovery.pcap"])
def test_samples_are_recalled_as_learned(name):
    numbers = [int(f["frame"]) for f in learn(btbbtest.sample(name))]
    assert numbers == sorted(set(numbers)) and numbers


@pytest.mark.parametrize("name", ["every_type.pcapbtbb", "every_type_rf.pcap"])
def test_every_kind_is_resolved(name):
    kinds = {f["kind"] for f in learn(btbbtest.sample(name))}
    assert kinds - {""} == set("""NULL POLL FHS DM1 DH1 2-DH1 HV1 HV2 2-EV3 HV3 EV3 3-EV3 DV 3-DH1 AUX1 DM3 2-DH3 DH3
        3-DH3 EV4 2-EV5 EV5 3-EV5 DM5 2-DH5 DH5 3-DH5""".split())
