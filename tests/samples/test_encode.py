"""The encoder of samples and tests, compared with published values. SPDX-License-Identifier: GPL-2.0-or-later"""
import btbb_encode as encode
import pytest

import btbbtest

# Core Specification, Vol 2 Part G, table of HEC samples: (UAP, ten header bits) -> HEC.
HEC_SAMPLES = [(0x00, 0x123, 0xE1), (0x00, 0x124, 0x32), (0x00, 0x125, 0x5A), (0x00, 0x126, 0xE2), (0x00, 0x127, 0x8A),
               (0x00, 0x11B, 0x9E), (0x00, 0x11C, 0x4D), (0x47, 0x123, 0x06), (0x47, 0x124, 0xD5), (0x47, 0x125, 0xBD),
               (0x47, 0x126, 0x05), (0x47, 0x127, 0x6D), (0x47, 0x11B, 0x79), (0x47, 0x11C, 0xAA)]


@pytest.mark.parametrize("uap, header10, value", HEC_SAMPLES)
def test_hec_of_the_specification(uap, header10, value):
    assert encode.hec(uap, header10) == value


def test_crc_of_the_specification():
    assert encode.crc(0x47, bytes.fromhex("4e010203040506070809")) == 0xD26D


def test_sync_word_of_the_general_inquiry():
    assert encode.sync_word(0x9E8B33) == 0x4E7A2CCE331A3AE2


def test_whitening_is_its_own_inverse():
    bits = [1, 0, 0, 1, 1, 0, 1] * 20
    white = encode.whiten(0x15, bits)
    assert white != bits and encode.whiten(0x15, white) == bits


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("nano", [False, True])
def test_pcap_is_read_by_tshark(capture, big_endian, nano):
    frame = encode.legacy(0x4831DD, "POLL", uap=0x61, arqn=1, seqn=1)
    path = capture(encode.pcap([(1_339_635_971_123_456_789, frame, 99)], nano=nano, big_endian=big_endian))
    names = ("frame.time_epoch", "frame.cap_len", "frame.len", "eth.type", "eth.src")
    done = btbbtest.run("tshark", "-r", path, "-T", "fields", *[w for n in names for w in ("-e", n)])
    assert done.stdout.split() == ["1339635971.123456" + ("789" if nano else "000"), "23", "99", "0xfff0",
                                   "00:00:61:48:31:dd"]


@pytest.mark.parametrize("big_endian", [False, True])
def test_pcapng_is_read_by_tshark(capture, big_endian):
    interfaces = [encode.Interface(encode.LINKTYPE_ETHERNET),
                  encode.Interface(encode.LINKTYPE_BREDR_BB, 9)]
    packets = [encode.Packet(1_339_635_971_123_456_789, encode.access_code(0x4831DD), interface=0, flags=1),
               encode.Packet(1_339_635_971_123_456_789, encode.rf_record(0x4831DD), interface=1, flags=2)]
    path = capture(encode.pcapng(interfaces, packets, big_endian), "test.pcapng")
    names = ("frame.time_epoch", "frame.interface_id", "frame.packet_flags_direction", "frame.encap_type")
    lines = btbbtest.run("tshark", "-r", path, "-T", "fields", *[w for n in names for w in ("-e", n)]).stdout.splitlines()
    assert [line.split() for line in lines] == [["1339635971.123456000", "0", "0x00000001", "1"],
                                                ["1339635971.123456789", "1", "0x00000002", "160"]]


@pytest.mark.parametrize("name", ["vectors-captures.json", "vectors-handmade.json"])
def test_hec_and_crc_of_the_shared_vectors(name):
    checked = 0
    for vector in btbbtest.shared_vectors(name):
        expect, data = vector["expect"], bytes.fromhex(vector["bytes_hex"])
        if expect.get("hec_ok") is None or not expect.get("uap_known"):
            continue
        legacy = vector["encap"] == "ethernet"
        header = data[20] & 0x7F | (data[21] & 7) << 7 if legacy else int.from_bytes(data[16:18], "little") & 0x3FF
        assert (encode.hec(int(expect["uap"], 16), header) == expect["hec"]) == expect["hec_ok"], vector["name"]
        checked += 1
        if expect["crc_ok"] and not expect["mic"] and expect["resolved"] not in (None, "DV"):
            body = data[23 if legacy else 22:]
            end = encode.KINDS[expect["resolved"]].header + (expect["length"] or 0)
            end = end if expect["length"] is not None else len(body) - 2
            assert encode.crc(int(expect["uap"], 16), body[:end]) == expect["crc"], vector["name"]
    assert checked > 10
