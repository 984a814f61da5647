"""What controllers log of their own links: every field and every derived fact of ../shared/vectors/esp32.json.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json

import btbbtest
from test_capture import HEADER, RANK_NAP, TO_CENTRAL, TO_PERIPHERAL, UNKNOWN, count, learn

SENT, RECEIVED = "12"
ENCAP_ESP32 = "3"
DIR_SOURCE_ROLE = "2"
LLID_START = 2
FHS = 2

# Templates, and an FHS packet with bad parity: of no piconet. Frames 14 to 16 were sent after the role switch was accepted,
# with the old role: nothing proves the role.
NO_PICONET, NO_DIRECTION = {1, 2, 17}, {1, 2, 14, 15, 16, 17}


def vectors():
    return json.loads(btbbtest.shared("vectors/esp32.json").read_text(encoding="utf-8"))


def octets(text):
    return text.replace(":", "").lower()


def fields_of(vector):
    """The fields of a vector as learn-capture prints them."""
    received = vector["dir"] == "received"
    want = {"frame": vector["frame"], "encap": ENCAP_ESP32, "own": RECEIVED if received else SENT, "clk": vector["clk"],
            "channel": vector["channel"] if received and vector["type"] != FHS else -1, "flags": vector["flags"],
            "eir": vector["is_eir"], "lt_addr": vector["lt_addr"], "type": vector["type"], "class": HEADER,
            "arqn": vector["arqn"], "seqn": vector["seqn"], "payload": vector["payload_len"], "parsed": 1,
            "trailing": 0, "hec": 0, "crc": 0}
    if "llid" in vector:
        want |= {"llid": vector["llid"], "payload_flow": vector["pflow"], "length": vector["length"],
                 "header_bytes": 2, "body": vector["body"],
                 "kind": vector["type_name"].split("/")[vector["ptt_edr"] and "/" in vector["type_name"]]}
    if "fhs" in vector:
        fhs = vector["fhs"]
        want |= {"kind": "FHS", "body": fhs["raw"],
                 "fhs": f"{fhs['lap']} {fhs['uap']} {fhs['nap']} {fhs['cod']} {fhs['lt_addr']} {fhs['clk27_2']} "
                        f"{int(fhs['parity_ok'])}"}
    return want


def test_every_field_of_every_record():
    frames = learn(btbbtest.shared("captures/esp32-sniffer.pcap"))
    expected = vectors()["files"]["esp32-sniffer.pcap"]["frames"]
    assert len(frames) == len(expected) == 114
    checked = 0
    for got, vector in zip(frames, expected):
        want = {key: str(value) for key, value in fields_of(vector).items()}
        if want["body"].endswith("..."):  # the vectors have only the beginning of a long one
            want["body"] = want["body"][:-3]
            got["body"] = got["body"][:len(want["body"])]
        assert {key: got.get(key) for key in want} == want
        checked += len(want)
    assert checked == 2613


def test_central_direction_and_slot_of_every_received_packet():
    frames = learn(btbbtest.shared("captures/esp32-sniffer.pcap"))
    received = [vector for vector in vectors()["files"]["esp32-sniffer.pcap"]["frames"] if "central" in vector]
    assert len(received) == 53
    for vector in received:
        got = frames[vector["frame"] - 1]
        central = octets(vector["central"])
        assert got["nap"] + got["uap"] + got["lap"] == central and got["rank"] == RANK_NAP
        assert got["dir"] == (TO_PERIPHERAL if vector["sender"] == vector["central"] else TO_CENTRAL)
        assert got["dir_source"] == DIR_SOURCE_ROLE and int(got["clk27"]) == vector["start_slot"]


def test_sent_packets_have_the_role_of_received_ones():
    """Frame 25 is sent with the role from before the role switch."""
    frames = learn(btbbtest.shared("captures/esp32-sniffer.pcap"))
    vector = vectors()
    own = octets(vector["sniffer_bd_addr"])
    for got in frames:
        number = int(got["frame"])
        central = own if number > 17 else octets(vector["peer_bd_addr"])
        assert (got["nap"] + got["uap"] + got["lap"] == central) == (number not in NO_PICONET)
        assert (got["lap"] == "1000000") == (number in NO_PICONET)
        if number in NO_DIRECTION:
            assert (got["dir"], got["dir_source"]) == (UNKNOWN, "0")
        elif got["own"] == SENT:
            assert got["dir"] == (TO_PERIPHERAL if number > 17 else TO_CENTRAL) and got["clk27"] == "-1"
    assert [int(got["frame"]) for got in frames if got["flags"] == "18" and got["lap"] == own[6:]] == [25]


def test_addresses_that_frames_teach():
    """FHS packets with good parity, and LMP_slot_offset: of the ESP32, which sends it before the role switch."""
    frames = learn(btbbtest.shared("captures/esp32-sniffer.pcap"))
    vector = vectors()
    taught = {int(got["frame"]): got["taught_nap"] + got["taught_uap"] + got["taught_lap"]
              for got in frames if got["taught"] == "1"}
    own, other = octets(vector["sniffer_bd_addr"]), octets(vector["peer_bd_addr"])
    assert taught == {1: own, 3: other, 11: own, 14: own, 15: own, 16: own}
    slot_offsets = [v for v in vector["files"]["esp32-sniffer.pcap"]["frames"] if "slot_offset" in v]
    assert [v["frame"] for v in slot_offsets] == [11, 14, 15, 16]


def test_encrypted_packets_are_readable():
    """91 on: both directions are marked as encrypted, and L2CAP is in clear."""
    frames = learn(btbbtest.shared("captures/esp32-sniffer.pcap"))
    assert count(frames[90:], "flags") == {("97",): 13, ("113",): 11}
    assert sum(f["llid"] == str(LLID_START) for f in frames[90:]) == 19
