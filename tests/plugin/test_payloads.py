"""Payloads: what is handed to the dissectors of the layers above, and L2CAP messages in fragments.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import btbb_encode as e
import pytest

import btbbtest
from dissected import GOOD, LAP, UAP, column, count, dm1, legacy_capture, listed, rf_capture, values


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


def test_extended_inquiry_response():
    """A packet with an inquiry access code that is no FHS. Its name comes from the air: controls are shown as escapes."""
    giac = 0x9E8B33
    data = b"\x02\x0a\x04" + b"\x05\x03\x0b\x11\x0e\x11" + b"\x0a\x09Box \x1b[31m"
    capture = legacy_capture(e.legacy(giac, "DH1", body=data + bytes(27 - len(data)), lt_addr=0))
    assert listed(capture) == ["9e:8b:33 → BTBB DH1 LT_ADDR 0, ch 39 | Extended Inquiry Response: Box \\x1b[31m"]
    [row] = values(capture, "btcommon.eir_ad.entry.device_name", "btcommon.eir_ad.entry.uuid_16", "btl2cap.cid")
    assert row["btcommon.eir_ad.entry.uuid_16"] == "0x110b,0x110e" and row["btl2cap.cid"] == ""
    assert row["btcommon.eir_ad.entry.device_name"].startswith("Box ")


# Flags with which Wireshark's own dissector of LINKTYPE 255 would dissect the payload by itself.
FLAGGED = e.RF_DEWHITENED | e.RF_DECRYPTED | e.RF_PAYLOAD | e.RF_REF_LAP | e.RF_REF_UAP | e.RF_HEC_CHECKED | \
    e.RF_HEC_PASSED | e.RF_CRC_CHECKED | e.RF_CRC_PASSED
UNFLAGGED = FLAGGED & ~(e.RF_DECRYPTED | e.RF_CRC_CHECKED | e.RF_CRC_PASSED)

# What must not depend on the flags.
SHOWN = ("btbb.fragment.fate", "btl2cap.cid", "btl2cap.payload", "btlmp.opcode.opcode", "btbredr_fhs.lap", "_ws.malformed")


def rf_payloads(flags):
    """LMP, whole and fragmented L2CAP messages, FHS, voice, data with a damaged CRC."""
    frames = [e.rf(LAP, "DM1", uap=UAP, body=bytes.fromhex("0a00"), flags=flags, payload_options={"llid": e.LLID_LMP}),
              e.rf(LAP, "DH1", uap=UAP, body=e.filler(20), seqn=1, flags=flags),
              e.rf(LAP, "DM1", uap=UAP, body=MESSAGE[:17], seqn=0, flags=flags),
              e.rf(LAP, "DM1", uap=UAP, body=MESSAGE[17:], seqn=1, flags=flags, payload_options={"llid": e.LLID_CONTINUE}),
              e.rf(LAP, "FHS", uap=UAP, body=e.fhs_body(0x4831DD, 0x61, 0x0002), flags=flags),
              e.rf(LAP, "HV3", uap=UAP, body=bytes(range(30)), flags=flags),
              e.rf(LAP, "DV", uap=UAP, body=e.filler(9), flags=flags)]
    return rf_capture(*frames)


def test_crc_flags_of_the_writer_change_nothing():
    flagged, unflagged = rf_payloads(FLAGGED), rf_payloads(UNFLAGGED)
    assert values(flagged, *SHOWN) == values(unflagged, *SHOWN)
    assert listed(flagged) == listed(unflagged) == [
        "10:20:30 → BT LMP DM1 LT_ADDR 1, ch 39 | LMP_clkoffset_req",
        "10:20:30 → L2CAP DH1 LT_ADDR 1, ch 39 | UnknownDirection Connection oriented channel",
        "10:20:30 → BTBB DM1 LT_ADDR 1, ch 39",
        "10:20:30 → BTBB DM1 LT_ADDR 1, ch 39",
        "→ 10:20:30 BT BR/EDR FHS FHS LT_ADDR 1, ch 39",
        "10:20:30 → BTBB HV3 LT_ADDR 1, ch 39",
        "10:20:30 → L2CAP DV LT_ADDR 1, ch 39 | UnknownDirection Connection oriented channel"]


@pytest.mark.parametrize("transport", [0x00, 0x30])
def test_flagged_payloads_are_dissected_once(transport):
    """With transport "any", too, for which Wireshark's own dissector has no table of payload dissectors."""
    capture = rf_capture(e.rf(LAP, "DM1", uap=UAP, body=e.filler(9), flags=FLAGGED, rate=transport))
    assert column(capture, "btl2cap.cid") == ["0x0041"]
    assert column(capture, "btbredr_rf.flags.crc_pass") == ["1"], "the pseudo-header stays"


def test_voice_of_a_flagged_packet_stays_with_the_stock_dissector():
    capture = rf_capture(e.rf(LAP, "HV3", uap=UAP, body=bytes(range(30)), flags=FLAGGED, rate=0x10))
    assert column(capture, "btbredr_rf.isochronous_data") != [""]


def test_real_conversation_with_and_without_crc_flags():
    plain = btbbtest.shared("captures/reports/l2cap-255.pcap")
    flagged = btbbtest.shared("captures/reports/l2cap-255-crc-flag.pcap")
    assert values(flagged, *SHOWN) == values(plain, *SHOWN)
    assert listed(flagged) == listed(plain)
    assert len(column(plain, "btl2cap.cid")) == 102 and column(plain, "btl2cap.cid").count("") == 102 - 35


def test_pull_request_66_of_libbtbb():
    rows = listed(btbbtest.shared("captures/reports/libbtbb-pr66.pcap"))
    assert [row.split(" | ")[1] for row in rows] == [
        "LMP_features_req", "LMP_features_res", "LMP_encryption_key_size_req",
        "UnknownDirection Connection Request (SDP, SCID: 0x0040)"]
