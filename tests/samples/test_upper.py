"""The encoder of the protocols above against Wireshark's own dissectors, which get them as HCI data without the plugins.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import btbb_encode as e
import encode_hci as hci
import encode_upper as upper
import pytest

import btbbtest

STOCK = {"WIRESHARK_PLUGIN_DIR": str(btbbtest.no_plugins())}
OWN, OTHER = 0x40, 0x50


class Conversation:
    """Messages of two devices on one connection, as HCI would log them."""

    def __init__(self):
        connected = struct.pack("<BH", 0, 11) + bytes(range(6)) + b"\1\0"
        self.frames = [hci.h4(hci.RECEIVED, hci.H4_EVENT, hci.hci_event(0x03, connected))]

    def say(self, direction, message):
        self.frames.append(hci.h4(direction, hci.H4_ACL, hci.hci_acl(11, message, to_controller=direction == hci.SENT)))

    def open(self, psm, own=OWN, other=OTHER):
        """The capturing device connects."""
        mtu = upper.mtu(672)
        for direction, name, values, data in (
                (hci.SENT, "connection_request", (psm, own), b""), (hci.RECEIVED, "connection_response", (other, own, 0, 0), b""),
                (hci.SENT, "configure_request", (other, 0), mtu), (hci.RECEIVED, "configure_response", (own, 0, 0), mtu),
                (hci.RECEIVED, "configure_request", (own, 0), mtu), (hci.SENT, "configure_response", (other, 0, 0), mtu)):
            self.say(direction, upper.signal(name, 7, *values, data=data))

    def ask(self, data, other=OTHER):
        self.say(hci.SENT, upper.l2cap(other, data))

    def answer(self, data, own=OWN):
        self.say(hci.RECEIVED, upper.l2cap(own, data))

    def shown(self, *names, extra=()):
        """A dict of the fields that are there for each frame that has any of them; nothing may be malformed or doubtful."""
        path = btbbtest.tmpdir() / "made.pcap"
        path.write_bytes(e.pcap(e.stamped(self.frames), hci.LINKTYPE_HCI_H4_PHDR))
        path.chmod(0o644)
        names += ("_ws.malformed", "_ws.expert.severity")
        wanted = [word for name in names for word in ("-e", name)]
        lines = btbbtest.run("tshark", "-r", path, "-T", "fields", "-E", "separator=;", *wanted, *extra, env=STOCK).stdout.splitlines()
        rows = [{name: value for name, value in zip(names, line.split(";")) if value} for line in lines]
        assert not any(name.startswith("_ws") for row in rows for name in row), rows
        return [row for row in rows if row]


def test_signalling():
    talk = Conversation()
    talk.open(upper.PSM_HID_INTERRUPT)
    talk.say(hci.SENT, upper.signal("disconnection_request", 9, OTHER, OWN))
    talk.say(hci.RECEIVED, upper.signal("disconnection_response", 9, OTHER, OWN))
    talk.say(hci.SENT, upper.signal("information_request", 10, 2))
    talk.say(hci.RECEIVED, upper.signal("information_response", 10, 2, 0, data=b"\x80\2\0\0"))
    rows = talk.shown("btl2cap.cmd_code", "btl2cap.cmd_ident", "btl2cap.psm", "btl2cap.scid", "btl2cap.dcid", "btl2cap.option_mtu")
    assert [(row["btl2cap.cmd_code"], row["btl2cap.cmd_ident"]) for row in rows] == [
        (f"0x{code:02x}", f"0x{number:02x}") for code, number in ((2, 7), (3, 7), (4, 7), (5, 7), (4, 7), (5, 7), (6, 9), (7, 9), (10, 10),
                                                                  (11, 10))]
    assert rows[0]["btl2cap.psm"] == "0x0013" and rows[1]["btl2cap.dcid"] == "0x0050" and rows[1]["btl2cap.scid"] == "0x0040"
    assert [row.get("btl2cap.option_mtu") for row in rows[2:6]] == ["672"] * 4


def test_sdp():
    talk = Conversation()
    talk.open(upper.PSM_SDP)
    record = upper.sequence(upper.serial_port_record(5, b"A port"))
    talk.ask(upper.sdp_request(1, upper.UUID_SERIAL_PORT))
    talk.answer(upper.sdp_response(1, record))
    talk.ask(upper.sdp_request(2, upper.UUID_SERIAL_PORT, b"\0\1"))
    talk.answer(upper.sdp_error(2, 5))
    rows = talk.shown("btsdp.pdu", "btsdp.tid", "btsdp.protocol.channel", "btsdp.service_name", "btsdp.error_code",
                      extra=("-Y", "btsdp"))
    assert [(row["btsdp.pdu"], row["btsdp.tid"]) for row in rows] == [("0x06", "0x0001"), ("0x07", "0x0001"), ("0x06", "0x0002"),
                                                                     ("0x01", "0x0002")]
    assert rows[1]["btsdp.protocol.channel"] == "5" and rows[1]["btsdp.service_name"] == "A port"
    assert rows[3]["btsdp.error_code"] == "0x0005"


def test_rfcomm():
    """The C/R bits and the check sequence are right for both devices; parameters as negotiated."""
    talk = Conversation()
    talk.open(upper.PSM_RFCOMM)
    dlci = 5 << 1
    for say, initiator, is_command in ((talk.ask, True, True), (talk.answer, False, False)):
        say(upper.rfcomm(0, upper.SABM if is_command else upper.UA, from_initiator=initiator))
    talk.ask(upper.rfcomm(0, upper.UIH, upper.parameter_negotiation(dlci, 660)))
    talk.answer(upper.rfcomm(0, upper.UIH, upper.parameter_negotiation(dlci, 660, is_command=False), from_initiator=False))
    talk.ask(upper.rfcomm(0, upper.UIH, upper.modem_status(dlci)))
    talk.answer(upper.rfcomm(dlci, upper.UIH, bytes(200), from_initiator=False))
    talk.ask(upper.rfcomm(dlci, upper.DISC))
    rows = talk.shown("btrfcomm.frame_type", "btrfcomm.dlci", "btrfcomm.len", "btrfcomm.mcc.types", "btrfcomm.max_frame_size",
                      extra=("-Y", "btrfcomm"))
    assert [row["btrfcomm.frame_type"] for row in rows] == ["0x2f", "0x63", "0xef", "0xef", "0xef", "0xef", "0x43"]
    assert [row["btrfcomm.len"] for row in rows] == ["0", "0", "10", "10", "4", "200", "0"]
    assert [row.get("btrfcomm.max_frame_size") for row in rows[2:4]] == ["660", "660"]


@pytest.mark.parametrize("covered, check", [("033f01", 0x1C), ("037301", 0xD7), ("03ef", 0x70)])
def test_rfcomm_check_sequence(covered, check):
    """SABM and UA on DLCI 0, UIH on DLCI 0 of the initiator: values that every RFCOMM session shows."""
    assert upper._fcs(bytes.fromhex(covered)) == check


def test_hid():
    talk = Conversation()
    talk.open(upper.PSM_HID_INTERRUPT)
    talk.answer(upper.mouse_report(1, 5, -5))
    talk.answer(upper.keyboard_report(2, 0x04, 0x05))
    rows = talk.shown("bthid.transaction_type", "bthid.parameter.report_type", "bthid.data.protocol_code", extra=("-Y", "bthid"))
    assert [row["bthid.transaction_type"] for row in rows] == ["0x0a", "0x0a"]
    assert upper.mouse_report(1, 5, -5) == bytes.fromhex("a1020105fb00")
    assert upper.keyboard_report(2, 4, 5) == bytes.fromhex("a101020004050000000000")[:10]


def test_avdtp():
    talk = Conversation()
    talk.open(upper.PSM_AVDTP)
    for label, (name, request, answer) in enumerate((
            ("discover", b"", upper.endpoint(1, True)), ("get_capabilities", b"\4", upper.TRANSPORT + upper.SBC_ALL),
            ("set_configuration", b"\4\x08" + upper.TRANSPORT + upper.SBC_CHOSEN, b""), ("open", b"\4", b""), ("start", b"\4", b""))):
        talk.ask(upper.avdtp(name, label, data=request))
        talk.answer(upper.avdtp(name, label, upper.AVDTP_ACCEPT, answer))
    rows = talk.shown("btavdtp.signal_id", "btavdtp.message_type", "btavdtp.transaction", "btavdtp.acp_seid",
                      extra=("-Y", "btavdtp"))
    assert [(int(row["btavdtp.signal_id"], 0), int(row["btavdtp.message_type"], 0)) for row in rows] == [
        (number, kind) for number in (1, 2, 3, 6, 7) for kind in (0, 2)]
    assert [row["btavdtp.transaction"] for row in rows] == [f"0x{label:02x}" for label in range(5) for _ in range(2)]
    assert [row.get("btavdtp.acp_seid") for row in rows] == [None, None, "1", None, "1", None, "1", None, "1", None]


def test_media_packet():
    """RTP version 2, dynamic payload type, then the number of SBC frames."""
    assert upper.media_packet(2, 768, [b"frame"] * 3).hex() == "8060" + "0002" + "00000300" + "00000001" + "03" + b"frame".hex() * 3


def test_eir():
    """As an Extended Inquiry Result event carries it."""
    data = upper.eir((upper.EIR_NAME, "Küche".encode()), upper.eir_uuids(0x110B, 0x110E), (upper.EIR_TX_POWER, b"\xfc"), size=240)
    event = b"\1" + bytes(range(6)) + b"\1\0" + bytes(3) + bytes(2) + b"\xc0" + data
    talk = Conversation()
    talk.frames.append(hci.h4(hci.RECEIVED, hci.H4_EVENT, hci.hci_event(0x2F, event)))
    rows = talk.shown("btcommon.eir_ad.entry.device_name", "btcommon.eir_ad.entry.uuid_16", "btcommon.eir_ad.entry.power_level",
                      extra=("-Y", "btcommon.eir_ad.entry.type"))
    assert rows == [{"btcommon.eir_ad.entry.device_name": "Küche", "btcommon.eir_ad.entry.uuid_16": "0x110b,0x110e",
                     "btcommon.eir_ad.entry.power_level": "-4"}]
    assert len(data) == 240 and upper.eir((None, b"\xf0\x09cut")) == b"\xf0\x09cut"
