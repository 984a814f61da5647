"""Payloads: what is handed to the dissectors of the layers above, and L2CAP messages in fragments.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import btbb_encode as e

from dissected import GOOD, LAP, UAP, column, count, dm1, legacy_capture, rf_capture, values


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
