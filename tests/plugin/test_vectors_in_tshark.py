"""The vectors (frames with expected facts) as captures in the real tshark: every key that a field shows.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
from collections import Counter

import btbb_encode as e

import btbbtest
from dissected import BAD, GOOD, capture_of, values

KIND_NAMES = list(e.KINDS)


def number(row, name):
    return int(row[name], 0) if row[name] else None


def octet(row, name):
    return int(row[name], 16) if row[name] else None


def verdict_of(row, name):
    return {GOOD: True, BAD: False}.get(row[name])


def flag(row, name):
    return int(row[name]) if row[name] else None


def boolean(row, name):
    return None if row[name] == "" else row[name] == "1"


# Key of a vector -> the same from the fields of a frame, for legacy frames and LINKTYPE 255.
KEYS = {
    "lap": lambda r: r["btbb.lap"],
    "type": lambda r: number(r, "btbb.type"),
    "type_name": lambda r: r["btbb.type_name"] or None,
    "resolved": lambda r: KIND_NAMES[int(r["btbb.kind"])] if r["btbb.kind"] else None,
    "confidence": lambda r: number(r, "btbb.confidence") or 0,
    "payload": lambda r: boolean(r, "btbb.notebook.payload"),
    "payload_len": lambda r: number(r, "btbb.payload.len") or 0,
    "lt_addr": lambda r: number(r, "btbb.lt_addr"),
    "flow": lambda r: flag(r, "btbb.flow"),
    "arqn": lambda r: flag(r, "btbb.arqn"),
    "seqn": lambda r: flag(r, "btbb.seqn"),
    "hec": lambda r: number(r, "btbb.hec"),
    "hec_ok": lambda r: verdict_of(r, "btbb.hec.status"),
    "implied_uap": lambda r: octet(r, "btbb.hec.uap"),
    "llid": lambda r: number(r, "btbb.llid"),
    "length": lambda r: number(r, "btbb.length"),
    "crc": lambda r: number(r, "btbb.crc"),
    "crc_ok": lambda r: verdict_of(r, "btbb.crc.status"),
    "mic": lambda r: r["btbb.mic"] != "",
    "clk": lambda r: number(r, "btbb.clk"),
    "clk_bits": lambda r: {"1": 27, "0": 6, "": None}[r["btbb.clkbits"]],
    "channel": lambda r: number(r, "btbb.channel"),
    "dir": lambda r: {"1": "s2m", "0": "m2s", "": None}[r["btbb.dir"]],
    "to_master_notebook": lambda r: boolean(r, "btbb.notebook.to_master"),
    "signal": lambda r: number(r, "btbb.rf.signal"),
    "noise": lambda r: number(r, "btbb.rf.noise"),
    "ac_errors": lambda r: number(r, "btbb.rf.ac_errors"),
    "flags": lambda r: number(r, "btbb.rf.flags"),
}
# No field shows these by themselves: NAP and UAP have tests of their own below.
UNSHOWN = {"nap", "uap", "nap_known", "uap_known", "type_raw5_notebook", "malformed"}


def with_own_lap(vector, lap):
    """The vector's frame with a LAP that no other frame of the capture has: nothing is known from other frames."""
    data = bytearray.fromhex(vector["bytes_hex"])
    if vector["expect"].get("lap") is None or vector["expect"]["lap"].startswith("9e:8b"):
        return bytes(data)
    if vector["encap"] == "ethernet":
        data[9:12] = lap.to_bytes(3, "big")
    else:
        if data[12:15] == data[8:11]:
            data[12:15] = lap.to_bytes(3, "little")
        data[8:11] = lap.to_bytes(3, "little")
    vector["expect"]["lap"] = ":".join(f"{byte:02x}" for byte in lap.to_bytes(3, "big"))
    return bytes(data)


def dissect_vectors(vectors, encap):
    """The vectors of one encapsulation in one capture: list of (vector, row of fields)."""
    chosen = [v for v in vectors if v["encap"] == encap]
    packets = [e.Packet(0, with_own_lap(v, 0x200000 + i), v["orig_len"]) for i, v in enumerate(chosen)]
    linktype = e.LINKTYPE_ETHERNET if encap == "ethernet" else e.LINKTYPE_BREDR_BB
    capture = capture_of(e.pcap(e.stamped(packets), linktype))
    rows = values(capture, *FIELD_NAMES)
    assert len(rows) == len(chosen)
    return list(zip(chosen, rows))


FIELD_NAMES = sorted({"btbb.lap", "btbb.nap", "btbb.uap", "btbb.uap.source", "_ws.expert.message"} | {
    name for key in KEYS.values() for name in key.__code__.co_consts if isinstance(name, str) and name.startswith("btbb.")})

# The vectors tell what a frame says alone. Here each is in a capture, which also takes a UAP from one fitting CRC; and
# who sent an InternalBlue frame does not tell which of the two is the Central.
BY_CAPTURE = {
    "eth-UAP unknown (0), HEC of UAP 61": {"confidence": 4, "hec_ok": True, "crc_ok": True},
    "test-02 payload, header 0, UAP flag clear": {"confidence": 4, "crc_ok": True, "crc": 0x4939, "llid": 2, "length": 52},
    "eth-InternalBlue style LMP, received": {"dir": None},
}


def disagreements(vectors):
    wrong = []
    for encap in ("ethernet", "bredr_bb"):
        for vector, row in dissect_vectors(vectors, encap):
            want = {**vector["expect"], **BY_CAPTURE.get(vector["name"], {})}
            if want.get("malformed"):
                if "Shorter than the pseudo-header" not in row["_ws.expert.message"]:
                    wrong.append(f"{vector['name']}: not reported as malformed")
                continue
            assert not set(want) - set(KEYS) - UNSHOWN
            for key in KEYS.keys() & want.keys():
                got, expected = KEYS[key](row), want[key]
                if got != (bool(expected) if isinstance(got, bool) and expected is not None else expected):
                    wrong.append(f"{vector['name']}: {key} is {got!r}, expected {expected!r}")
            wrong += address_disagreements(vector, row)
    return wrong


def address_disagreements(vector, row):
    """NAP and UAP: legacy frames show the bytes of the file; LINKTYPE 255 only what is known."""
    want = vector["expect"]
    legacy = vector["encap"] == "ethernet"
    nap = want["nap"] if legacy or want["nap_known"] else ""
    uap = want["uap"] if legacy or want["uap_known"] else ""
    if row["btbb.nap"] != nap:
        yield f"{vector['name']}: NAP is {row['btbb.nap']!r}, expected {nap!r}"
    if row["btbb.uap"] != uap and row["btbb.uap.source"] not in ("3", "4", "6"):
        yield f"{vector['name']}: UAP is {row['btbb.uap']!r}, expected {uap!r}"


def handmade_vectors():
    return json.loads((btbbtest.REPO / "tests" / "vectors" / "vectors-handmade.json").read_text())


def test_handmade_vectors():
    vectors = handmade_vectors()
    assert Counter(v["encap"] for v in vectors) == {"ethernet": 50, "bredr_bb": 20}
    assert "\n".join(disagreements(vectors)) == ""


def test_capture_vectors():
    vectors = btbbtest.shared_vectors("vectors-captures.json")
    assert len(vectors) == 26
    assert "\n".join(disagreements(vectors)) == ""


def test_a_wrong_expectation_is_noticed():
    vector = next(v for v in handmade_vectors() if v["name"] == "eth-01 POLL m2s")
    vector["expect"]["channel"] += 1
    assert len(disagreements([vector])) == 1
