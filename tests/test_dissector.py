"""The dissector in the real tshark: golden lines of the sample captures, vectors, real captures, and what must not change.

The golden lines are in golden/dissector.txt. To write them anew after a change that is meant:

    BTBB_UPDATE_GOLDEN=1 /usr/bin/python3 -m pytest tests/test_dissector.py -k golden

and then read `git diff tests/golden` line by line: every changed line is either what the change was for, or a defect.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
from collections import Counter

import btbb_encode as e
import pytest

import btbbtest

GOLDEN = btbbtest.REPO / "tests" / "golden" / "dissector.txt"
FIELDS_MD = btbbtest.REPO / "plugin" / "FIELDS.md"

# What the columns of the packet list hold, the same in every version of Wireshark.
COLUMNS = ("-o", 'gui.column.format:"Source","%s","Destination","%d","Protocol","%p","Info","%i"')

GOOD, BAD, UNVERIFIED = "1", "0", "2"


def same(text):
    """Booleans and check status as 4.0 prints them."""
    return {"True": "1", "False": "0", "Good": GOOD, "Bad": BAD, "Unverified": UNVERIFIED}.get(text, text)


def values(capture, *names, extra=()):
    return [{name: same(text) for name, text in row.items()} for row in btbbtest.fields(capture, *names, extra=extra)]


def column(capture, name, extra=()):
    return [row[name] for row in values(capture, name, extra=extra)]


def capture_of(data):
    path = btbbtest.tmpdir() / "made.pcap"
    path.write_bytes(data)
    path.chmod(0o644)
    return path


def legacy_capture(*frames):
    return capture_of(e.pcap(e.stamped(frames)))


def rf_capture(*frames):
    return capture_of(e.pcap(e.stamped(frames), e.LINKTYPE_BREDR_BB, nano=True))


def text(capture, *args):
    """Everything that tshark shows of every frame."""
    return btbbtest.tshark("-r", capture, "-V", *args).stdout


# --- Golden lines -----------------------------------------------------------------------------------------------------

def golden_blocks():
    """name, capture, field names, expected lines of each block; blank lines stand between blocks."""
    for block in GOLDEN.read_text().split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            name, capture, names = (part.strip() for part in lines[0].split("|"))
            yield name, capture, names.split(), lines[1:]


def golden_lines(capture, names):
    return [" ; ".join(row[name] or "-" for name in names) for row in values(btbbtest.sample(capture), *names, extra=("-Y", "btbb"))]


@pytest.mark.parametrize("name, capture, names, expected", list(golden_blocks()),
                         ids=[block[0] for block in golden_blocks()])
def test_golden(name, capture, names, expected):
    found = golden_lines(capture, names)
    if os.environ.get("BTBB_UPDATE_GOLDEN"):
        content = GOLDEN.read_text()
        head = next(line for line in content.splitlines() if line.split("|")[0].strip() == name and line.count("|") == 2)
        GOLDEN.write_text(content.replace("\n".join([head, *expected]), "\n".join([head, *found])))
        pytest.skip("golden lines written anew: read git diff tests/golden")
    assert found == expected


def test_golden_names_every_kind_once():
    block = next(b for b in golden_blocks() if b[0] == "every kind")
    assert [line.split(" ; ")[3] for line in block[3]] == list(map(str, range(27)))
    assert [line.split(" ; ")[2] for line in block[3]] == [type_name(k.code) for k in e.KINDS.values()]


def type_name(code):
    return "/".join(k.name for k in e.KINDS.values() if k.code == code)


# --- Vectors ----------------------------------------------------------------------------------------------------------

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


# Key of a vector -> what the fields of a frame say about it. Legacy frames and LINKTYPE 255 are read alike.
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


# --- Real captures ----------------------------------------------------------------------------------------------------

def test_mouse():
    """A capture from the air: the counts, and the direction of every packet with a header."""
    capture = btbbtest.shared("captures/btbb-sample-mouse.pcap")
    rows = values(capture, "btbb.lap", "btbb.id", "btbb.type_name", "btbb.hec.status", "btbb.crc.status", "btbb.dir",
                  "btbb.notebook.to_master", "btbb.uap.best", "btl2cap.cid", "btl2cap.payload", "btbb.bd_addr")
    assert len(rows) == 65
    assert Counter(row["btbb.type_name"] for row in rows) == {"": 15, "POLL": 32, "NULL": 9, "DM1": 9}
    assert Counter(row["btbb.id"] for row in rows) == {"": 50, "1": 15}
    assert Counter(row["btbb.hec.status"] for row in rows) == {GOOD: 50, "": 15}
    assert Counter(row["btbb.crc.status"] for row in rows) == {GOOD: 9, "": 56}
    assert Counter((row["btbb.type_name"], row["btbb.dir"]) for row in rows) == {
        ("POLL", "0"): 32, ("NULL", "1"): 9, ("DM1", "1"): 9, ("", ""): 15}
    assert Counter(row["btbb.notebook.to_master"] for row in rows) == {"1": 32, "0": 18, "": 15}
    laps = Counter(row["btbb.lap"] for row in rows)
    assert laps.pop("48:31:dd") == 57
    assert sorted(laps) == ["0f:7e:e3", "3f:e3:76", "7c:78:04", "8c:03:c0", "91:69:9f", "bc:98:8c", "bd:a0:81", "c3:11:de"]
    reports = [row for row in rows if row["btl2cap.cid"]]
    assert {row["btl2cap.cid"] for row in reports} == {"0x0044"}
    assert [row["btl2cap.payload"][:4] for row in reports] == ["a102"] * 9
    assert {row["btbb.bd_addr"] for row in rows} == {""}, "the NAP is not known: no full address"
    assert [row["btbb.uap.best"] for row in rows[:3]] == ["", "", ""], "not known before frame 4"


def test_mouse_filters():
    capture = btbbtest.shared("captures/btbb-sample-mouse.pcap")
    found = {condition: len(btbbtest.tshark("-r", capture, "-Y", condition).stdout.splitlines()) for condition in (
        "btbb", "btbb.id", "btbb.lap == 48:31:dd", "btbb.lap == 48:31:dd && btbb.type == 1", 'btbb.kind == "DM1"',
        "btbb.uap == 0x61", "btbb.to_master == 1", 'btbb.src == "48:31:dd Central"')}
    assert list(found.values()) == [65, 15, 57, 32, 9, 50, 18, 32]


def test_mouse_reports_decode_as_hid():
    capture = btbbtest.shared("captures/btbb-sample-mouse.pcap")
    assert Counter(column(capture, "bthid.transaction_type", ("-d", "btl2cap.cid==0x44,bthid"))) == {"0x0a": 9, "": 56}


def test_libbtbb_sample_255():
    """LINKTYPE 255 as an old libbtbb wrote it: six payloads are proven, 20 headers were never decoded."""
    capture = btbbtest.shared("captures/btbredr_test.pcap")
    rows = values(capture, "frame.number", "btbb.id", "btbb.crc.status", "btbb.hec.status", "btbb.llid", "btl2cap.length",
                  "btbb.uap", "btbb.type")
    good = [row for row in rows if row["btbb.crc.status"] == GOOD]
    assert [row["frame.number"] for row in good] == ["2", "6", "11", "17", "31", "54"]
    assert [row["btl2cap.length"] for row in good] == ["48", "48", "8", "8", "8", "8"]
    assert {row["btbb.uap"] for row in good} == {"70"}
    assert [row["frame.number"] for row in rows if row["btbb.id"] == "1"] == [str(i) for i in range(1, 21)]
    assert Counter(row["btbb.hec.status"] for row in rows) == {"": 20, BAD: 49, GOOD: 1}


# --- What must stay as it is ------------------------------------------------------------------------------------------

def without_plugins(capture, *args):
    if btbbtest.INSTALLED:
        pytest.skip("installed plugins cannot be left out")
    return btbbtest.run("tshark", "-r", capture, "-V", *args, env={"WIRESHARK_PLUGIN_DIR": btbbtest.tmpdir()}).stdout


@pytest.mark.parametrize("name", ["every_type_rf.pcap", "uap_recovery.pcap", "damaged.pcapbtbb", "interfaces.pcapng"])
def test_switched_off_nothing_is_changed(name):
    capture = btbbtest.sample(name)
    stock = without_plugins(capture)
    assert text(capture, "--disable-protocol", "btbb") == stock
    assert text(capture) != stock


def test_the_preference_gives_link_type_255_back():
    capture = btbbtest.sample("every_type_rf.pcap")
    assert text(capture, "-o", "btbb.rf:FALSE") == without_plugins(capture)


def test_the_builtin_tree_of_255_stays():
    """Our tree is added; of Wireshark's own, every line stays. (Without FHS: from one that we hand on, it learns.)"""
    frames = [e.rf(LAP, kind.name, uap=UAP, body=e.filler(kind.body_max) if kind.header else bytes(kind.body_max))
              for kind in e.KINDS.values() if kind.name != "FHS"]
    capture = rf_capture(*frames, *(e.Packet(0, frames[-1][:size], len(frames[-1])) for size in (21, 22, 30)))
    stock, ours = without_plugins(capture), text(capture)
    kept = [line for line in stock.splitlines() if "Protocols in frame" not in line]
    assert len(kept) > 1000
    assert not Counter(kept) - Counter(ours.splitlines())
    assert set(column(capture, "frame.protocols")) <= {"bluetooth:btbb:btbredr_rf", "bluetooth:btbb:btl2cap:btbredr_rf"}


def test_foreign_frames_are_untouched():
    capture = btbbtest.sample("foreign.pcap")
    assert btbbtest.tshark("-r", capture, "-Y", "btbb").stdout == ""
    assert text(capture) == without_plugins(capture)


# --- One pass, two passes, cut frames ---------------------------------------------------------------------------------

SAMPLES = ("every_type.pcapbtbb", "every_type_rf.pcap", "damaged.pcapbtbb", "fhs.pcapbtbb", "uap_recovery.pcap",
           "contradiction.pcapbtbb", "interfaces.pcapng", "internalblue.pcapng", "lmp.pcapbtbb", "l2cap.pcapbtbb")


def registered_fields():
    """Abbreviation -> (name, type) of every field that the plugin registers; expert items are not fields of a packet."""
    rows = [line.split("\t") for line in btbbtest.tshark("-G", "fields").stdout.splitlines()]
    return {row[2]: (row[1], row[3]) for row in rows if row[0] == "F" and row[4] == "btbb"}


@pytest.fixture(scope="module")
def samples():
    """These samples behind one another."""
    path = btbbtest.tmpdir() / "samples.pcapng"
    btbbtest.run("mergecap", "-a", "-F", "pcapng", "-w", path, *map(btbbtest.sample, SAMPLES))
    return path


def test_two_passes_say_the_same(samples):
    """What a frame has learned from those before it does not depend on how often it is dissected."""
    names = sorted(name for name, (_, kind) in registered_fields().items()
                   if kind != "FT_NONE" and not name.startswith("btbb.reassembled.in"))
    once, twice = values(samples, *names), values(samples, *names, extra=("-2",))
    assert once == twice
    for name in ("btbb.lap", "btbb.retransmission", "btbb.uap.source", "btbb.reassembled.length"):
        assert any(row[name] for row in once), name


def test_no_dissector_bug(samples):
    shown = text(samples, "-2", "-o", "btbb.vendors:TRUE", "-o", "btbb.bad_crc:TRUE")
    assert "Bluetooth Baseband" in shown and "Dissector bug" not in shown


def count(capture, *names):
    """Totals of `-z btbb,summary`."""
    lines = btbbtest.tshark("-q", "-r", capture, "-z", "btbb,summary,format=csv").stdout.splitlines()
    totals = dict(line.split(",", 1) for line in lines)
    return [int(totals[name]) for name in names]


def test_every_cut_is_counted():
    """A packet cut anywhere by a snap length: always a BTBB frame of one record, never an exception of ours."""
    dm1 = e.legacy(0x102030, "DM1", uap=0x47, body=e.filler(9))
    cuts = [e.Packet(0, dm1[:size], len(dm1)) for size in range(14, len(dm1) + 1)]
    capture = legacy_capture(*cuts)
    assert column(capture, "btbb.lap") == ["10:20:30"] * len(cuts)
    assert count(capture, "packets") == [len(cuts)]
    assert "Dissector bug" not in text(capture)

    record = e.rf(0x102030, "DM1", uap=0x47, body=e.filler(9))
    cuts = [e.Packet(0, record[:size], len(record)) for size in range(22, len(record) + 1)]
    capture = rf_capture(*cuts)
    assert column(capture, "btbb.lap") == ["10:20:30"] * len(cuts)
    assert count(capture, "packets") == [len(cuts)]


def test_records_too_short_are_reported_and_keep_the_rest():
    record = e.rf(0x102030, "POLL", uap=0x47)
    short = [e.Packet(0, record[:size], 22) for size in (0, 1, 21)]
    capture = rf_capture(*short, record)
    shown = values(capture, "btbb.lap", "_ws.expert.message")
    assert [row["btbb.lap"] for row in shown] == ["", "", "", "10:20:30"]
    assert ["Shorter than the pseudo-header of 22 bytes" in row["_ws.expert.message"] for row in shown] == [True] * 3 + [False]
    assert count(capture, "packets", "no_lap") == [1, 3]


# --- Payloads ---------------------------------------------------------------------------------------------------------

LAP, UAP = 0x102030, 0x47


def dm1(body, number=0, llid=e.LLID_START, clk=1, kind="DM1", **options):
    """A packet of the Peripheral (clk odd) or Central; SEQN alternates with `number`."""
    return e.legacy(LAP, kind, uap=UAP, body=body, llid=llid, clk=clk, seqn=number & 1, **options)


def test_malformed_inner_payload_loses_nothing():
    """L2CAP signalling that ends too early: marked below our complete tree, and counted."""
    broken = e.l2cap_message(1, bytes.fromhex("020108"))
    capture = legacy_capture(dm1(broken), e.legacy(LAP, "POLL", uap=UAP, clk=2))
    shown = values(capture, "btbb.crc.status", "btbb.pldbody", "btbb.src", "btl2cap.cid", "_ws.malformed")
    assert [row["_ws.malformed"] != "" for row in shown] == [True, False]
    assert shown[0]["btbb.crc.status"] == GOOD and shown[0]["btbb.pldbody"] == broken.hex()
    assert shown[0]["btbb.src"] == "10:20:30 LT_ADDR 1" and shown[0]["btl2cap.cid"] == "0x0001"
    assert count(capture, "packets", "headers", "crc_good") == [2, 2, 1]


def test_preferences_of_payloads():
    damaged = dm1(e.filler(9), crc_value=0x1234)
    capture = legacy_capture(dm1(e.filler(9)), damaged)
    assert column(capture, "btl2cap.cid") == ["0x0041", ""]
    assert column(capture, "btl2cap.cid", ("-o", "btbb.bad_crc:TRUE")) == ["0x0041", "0x0041"]
    assert column(capture, "btl2cap.cid", ("-o", "btbb.payloads:FALSE")) == ["", ""]


def joined(*frames, extra=(), make=legacy_capture):
    """(fate, payload of the L2CAP message) of each frame."""
    return [(row["btbb.fragment.fate"], row["btl2cap.payload"])
            for row in values(make(*frames), "btbb.fragment.fate", "btl2cap.payload", extra=extra)]


JOINED, NO_START, GAP, TOO_LONG, NO_DIRECTION = "1", "2", "3", "4", "5"
MESSAGE = e.l2cap_message(0x41, bytes(range(30)))
DATA = bytes(range(30)).hex()


def test_fragments_are_joined_even_where_the_length_is_split():
    parts = [MESSAGE[:1], MESSAGE[1:3], MESSAGE[3:20], MESSAGE[20:]]
    frames = [dm1(part, i, e.LLID_CONTINUE if i else e.LLID_START) for i, part in enumerate(parts)]
    assert joined(*frames) == [(JOINED, "")] * 3 + [(JOINED, DATA)]
    assert joined(*frames, extra=("-2",)) == [(JOINED, "")] * 3 + [(JOINED, DATA)]
    assert joined(*frames, extra=("-o", "btbb.reassemble:FALSE")) == [("", "")] * 4


def test_fragments_of_both_directions_and_links_stay_apart():
    other = e.l2cap_message(0x42, bytes(range(100, 130)))
    frames = [dm1(MESSAGE[:17], 0, clk=1), dm1(other[:17], 0, clk=2), dm1(MESSAGE[:17], 0, clk=1, lt_addr=2),
              dm1(other[17:], 1, e.LLID_CONTINUE, clk=4), dm1(MESSAGE[17:], 1, e.LLID_CONTINUE, clk=5)]
    assert joined(*frames) == [(JOINED, "")] * 3 + [(JOINED, bytes(range(100, 130)).hex()), (JOINED, DATA)]


def test_a_lost_fragment_joins_nothing():
    parts = [MESSAGE[:12], MESSAGE[12:24], MESSAGE[24:]]
    frames = [dm1(part, i, e.LLID_CONTINUE if i else e.LLID_START) for i, part in enumerate(parts)]
    assert joined(frames[0], frames[2]) == [(JOINED, ""), (GAP, "")]
    assert joined(frames[1], frames[2]) == [(NO_START, ""), (NO_START, "")]
    again = dm1(MESSAGE[24:], 2, e.LLID_CONTINUE, kind="DH1")
    assert joined(frames[0], frames[1], frames[1], again)[1:] == [(JOINED, ""), ("", ""), (JOINED, DATA)]


def test_a_new_start_ends_the_message_before_it():
    whole = dm1(e.filler(9), 1)
    start, rest = dm1(MESSAGE[:17], 0), dm1(MESSAGE[17:], 1, e.LLID_CONTINUE)
    assert [fate for fate, _ in joined(start, whole, dm1(MESSAGE[17:], 0, e.LLID_CONTINUE))] == [JOINED, "", NO_START]
    assert joined(dm1(MESSAGE[:10], 1), start, rest) == [(JOINED, ""), (JOINED, ""), (JOINED, DATA)]


def test_lmp_between_fragments_moves_seqn_on():
    lmp = dm1(bytes.fromhex("0a00"), 1, e.LLID_LMP)
    rest = dm1(MESSAGE[17:], 2, e.LLID_CONTINUE)
    assert [fate for fate, _ in joined(dm1(MESSAGE[:17], 0), lmp, rest)] == [JOINED, "", JOINED]
    assert [fate for fate, _ in joined(dm1(MESSAGE[:17], 0), rest)] == [JOINED, GAP]


def test_more_bytes_than_the_message_has():
    start, rest = dm1(MESSAGE[:17], 0), dm1(bytes(18), 1, e.LLID_CONTINUE, kind="DH1")
    assert joined(start, rest) == [(JOINED, ""), (TOO_LONG, "")]


def test_without_direction_nothing_is_joined():
    frames = [e.rf(LAP, "DM1", uap=UAP, body=MESSAGE[:17], seqn=0),
              e.rf(LAP, "DM1", uap=UAP, body=MESSAGE[17:], seqn=1, payload_options={"llid": e.LLID_CONTINUE})]
    assert joined(*frames, make=rf_capture) == [(NO_DIRECTION, ""), (NO_DIRECTION, "")]


def test_255_payloads_that_the_builtin_dissects_are_not_dissected_twice():
    proven = e.RF_DEWHITENED | e.RF_DECRYPTED | e.RF_PAYLOAD | e.RF_REF_LAP | e.RF_REF_UAP | e.RF_HEC_CHECKED | \
        e.RF_HEC_PASSED | e.RF_CRC_CHECKED | e.RF_CRC_PASSED
    capture = rf_capture(e.rf(LAP, "DM1", uap=UAP, body=e.filler(9), flags=proven), e.rf(LAP, "DM1", uap=UAP, body=e.filler(9)))
    assert column(capture, "btl2cap.cid") == ["0x0041", ""], "the second is a retransmission of the first"
    capture = rf_capture(e.rf(LAP, "DM1", uap=UAP, body=e.filler(9)))
    assert column(capture, "btl2cap.cid") == ["0x0041"]


# --- Packet list ------------------------------------------------------------------------------------------------------

def listed(capture):
    out = btbbtest.tshark("-r", capture, *COLUMNS).stdout
    return [" ".join(line.split()) for line in out.splitlines()]


def test_packet_list():
    frames = [e.access_code(LAP), e.access_code(0x9E8B33), e.legacy(LAP, "POLL", uap=UAP, clk=2),
              dm1(b"\x0a\x00", 0, e.LLID_LMP),
              e.legacy(LAP, "NULL", uap=UAP, clk=3, hec_value=0), dm1(e.filler(9), 1, crc_value=1),
              e.legacy(LAP, "DH5", uap=UAP, clk=2)[:22]]
    assert listed(legacy_capture(*frames)) == [
        "10:20:30 → BTBB ID 10:20:30",
        "9e:8b:33 → BTBB ID 9e:8b:33",
        "10:20:30 Central → 10:20:30 LT_ADDR 1 BTBB POLL LT_ADDR 1, Central to Peripheral, ch 39",
        "10:20:30 LT_ADDR 1 → 10:20:30 Central BT LMP DM1 LT_ADDR 1, Peripheral to Central, ch 39 | LMP_clkoffset_req",
        "10:20:30 LT_ADDR 1 → 10:20:30 Central BTBB NULL LT_ADDR 1, Peripheral to Central, ch 39, HEC bad",
        "10:20:30 LT_ADDR 1 → 10:20:30 Central BTBB DM1 LT_ADDR 1, Peripheral to Central, ch 39, CRC bad",
        "10:20:30 Central → 10:20:30 LT_ADDR 1 BTBB DH5/3-DH5 LT_ADDR 1, Central to Peripheral, ch 39",
    ]


def test_no_vendor_is_invented():
    """The standard resolver would name 00:00:61 "GatewayC"; nothing of ours does while the NAP is not known."""
    capture = legacy_capture(e.legacy(0x4831DD, "POLL", uap=0x61))
    assert "Gateway" not in btbbtest.tshark("-r", capture, "-O", "btbb").stdout.split("Bluetooth Baseband")[1]
    assert listed(capture)[0].startswith("48:31:dd Central")
    known = legacy_capture(e.legacy(0x4831DD, "POLL", uap=0x72, nap=0x0002, meta_flags=2))
    assert column(known, "btbb.bd_addr") == ["00:02:72:48:31:dd"]
    vendors = column(known, "btbb.vendors")
    assert len(vendors) == 1 and vendors[0] != "" and "," not in vendors[0]


def test_candidate_vendors_only_on_demand():
    capture = legacy_capture(e.legacy(0x4831DD, "POLL", uap=0x61), e.access_code(0x010203))
    every = text(capture, "-o", "btbb.vendors:TRUE")
    named = re.findall(r"\[Vendor: (\S+) (.+)\]", every)
    assert len(named) > 50 and {prefix[6:] for prefix, _ in named} == {"61"}
    assert "Vendor" not in text(capture)
    assert len(btbbtest.tshark("-r", capture, "-Y", 'btbb.vendors contains "Gateway"').stdout.splitlines()) == 1


# --- Documentation ----------------------------------------------------------------------------------------------------

def documented_fields():
    rows = re.findall(r"^\| `([a-z0-9_.]+)` \| (.+?) \| (FT_[A-Z0-9]+) \|", FIELDS_MD.read_text(), re.M)
    return {name: (label, kind) for name, label, kind in rows}


def test_field_list_is_true():
    """FIELDS.md names every field, with its name and type, and no other."""
    documented, registered = documented_fields(), registered_fields()
    assert sorted(documented.items()) == sorted(registered.items())
