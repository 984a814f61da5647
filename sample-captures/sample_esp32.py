"""Captures of the ESP32 BR/EDR sniffer: a phone pages it, it becomes Central, pairs, encrypts, and offers a serial port; and
records that are cut, damaged, or of unknown types.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import btbb_encode as e
import encode_hci as hci
import encode_lmp as lmp
import encode_upper as upper
import scene_formats
from link_procedures import DISPLAY_YES_NO, MITM_BONDING, NO_INPUT_NO_OUTPUT, Link
from scenario import Device, Scene

SNIFFER = Device(0x2F81C4, 0xE8, 0x0012, 0x0004C86, b"Serial port made up for samples", 0x7A020C)
PHONE = Device(0x4C9D17, 0x72, 0x0002, 0x093ECF3, b"Phone", 0x5A020C)        # odd difference: its slots are the other ones
SPEAKER = Device(0x71A2B3, 0xC7, 0x0010, 0x1234568, b"Kitchen speaker", 0x240414)
MOUSE = Device(0x15BB02, 0xC7, 0x0010, 0x0BCDEF0, b"", 0x002580)
PRANK = Device(0x3377AA, 0x72, 0x0002, 0x0777777, "\x1b[2J\u202eesrever".encode(), 0x5A020C)

ACL_KINDS = ("DM1", "DH1", "2-DH1", "3-DH1", "AUX1", "DM3", "DH3", "2-DH3", "3-DH3", "DM5", "DH5", "2-DH5", "3-DH5")
AFH_MAP = frozenset(range(79)) - set(range(20, 42))


def speaker_eir():
    return upper.eir((upper.EIR_NAME, SPEAKER.name), upper.eir_uuids(upper.UUID_AUDIO_SINK, 0x110E),
                     (upper.EIR_TX_POWER, b"\x04"), size=60)


def prank_eir():
    """A shortened name with control characters; then a structure that is longer than the data."""
    return upper.eir((upper.EIR_SHORT_NAME, PRANK.name), (None, b"\xf0\x09cut"))


def set_up(link):
    """The phone is Central; the ESP32 wants to be it before it accepts the connection."""
    link.features()
    for page in (1, 2):
        link.features_page(page, (0, 0x0B, 0x120)[page], (0, 0x01, 0x35F)[page])
    link.ask(link.central, "host_connection_req")
    link.switch_roles()
    link.tid = 0        # it was the phone as Central that asked
    link.accept(link.central, "host_connection_req")
    link.ask(link.central, "clkoffset_req")
    link.reply(link.peripheral, "clkoffset_res", 0x24FB)
    link.ask_and_accept(link.central, "packet_type_table_req", 1)
    link.ask(link.central, "max_slot", 5)
    link.complete()
    link.name(link.peripheral, SNIFFER.name)
    link.name(link.central, PHONE.name)


def pair(link):
    link.io_capabilities((NO_INPUT_NO_OUTPUT, 0, MITM_BONDING), (DISPLAY_YES_NO, 0, MITM_BONDING), sender=link.peripheral)
    link.public_keys()
    link.compare_numbers()
    link.check_keys()
    link.authenticate(link.peripheral)
    link.authenticate(link.central)
    link.encrypt(16)


def sdp(link):
    """The phone searches for the serial port; the answer comes in two parts, the first one in fragments."""
    link.open_channel(link.peripheral, 1, upper.PSM_SDP, 0x40, 0x41)
    record = upper.sequence(upper.serial_port_record(5, link.central.name))
    parts = ((b"", record[:48], b"\x00\x30"), (b"\x00\x30", record[48:], b""))
    for number, (before, part, after) in enumerate(parts, 1):
        request = upper.sdp_request(number, upper.UUID_SERIAL_PORT, before)
        link.message(link.peripheral, "3-DH1", upper.l2cap(0x41, request))
        link.message(link.central, "DM1", upper.l2cap(0x40, upper.sdp_response(number, part, after)))


def serial_port(link):
    """RFCOMM on server channel 5: the phone starts the session, both send a line."""
    link.open_channel(link.peripheral, 3, upper.PSM_RFCOMM, 0x42, 0x43)
    dlci = 5 << 1

    def frame(sender, *values):
        phone = sender is link.peripheral
        link.message(sender, "DH1", upper.l2cap(0x43 if phone else 0x42, upper.rfcomm(*values, from_initiator=phone)))

    phone, own = link.peripheral, link.central
    frame(phone, 0, upper.SABM)
    frame(own, 0, upper.UA)
    frame(phone, 0, upper.UIH, upper.parameter_negotiation(dlci, 660))
    frame(own, 0, upper.UIH, upper.parameter_negotiation(dlci, 660, is_command=False))
    frame(phone, dlci, upper.SABM)
    frame(own, dlci, upper.UA)
    for sender, answerer in ((phone, own), (own, phone)):
        frame(sender, 0, upper.UIH, upper.modem_status(dlci))
        frame(answerer, 0, upper.UIH, upper.modem_status(dlci, is_command=False))
    frame(phone, dlci, upper.UIH, b"AT+GMM\r")
    frame(own, dlci, upper.UIH, b"\r\nA serial port made up for samples\r\n")
    frame(phone, dlci, upper.DISC)
    frame(own, dlci, upper.UA)


def every_kind(link):
    """Each ACL kind once in each direction, with POLL and NULL, which the firmware can be told to log."""
    link.polls = True
    for kind in ACL_KINDS:
        size = min(e.KINDS[kind].body_max, e.KINDS[kind].body_max // 8 + 12)
        for sender in (link.central, link.peripheral):
            link.packet(sender, kind, upper.l2cap(0x44, bytes(size - 4)))
    link.polls = False


def scene():
    """What the air holds; the second value is the ESP32, whose log it becomes."""
    new = Scene()
    new.inquiry(SNIFFER, ((SPEAKER, speaker_eir()), (MOUSE, None), (PRANK, prank_eir())))
    new.wait(300)
    link = Link(new, PHONE, SNIFFER, polls=False)
    link.page()
    set_up(link)
    pair(link)
    sdp(link)
    link.set_afh(AFH_MAP)
    serial_port(link)
    every_kind(link)
    message = upper.signal("echo_request", 9, data=b"again")
    for again in (False, True):
        link.packet(link.central, "DM1", message, again=again)
        link.packet(link.peripheral, "DM1", upper.signal("echo_response", 9, data=b"again"), again=again)
    link.ask(link.central, "ping_req")
    link.reply(link.peripheral, "ping_res")
    link.detach(link.peripheral)
    return new, SNIFFER


def templates(start):
    """Before anything is sent, the firmware logs the FHS and the EIR that it would answer with: no packets on the air."""
    own_eir = upper.eir((upper.EIR_NAME, SNIFFER.name))
    fhs = e.fhs_body(SNIFFER.lap, SNIFFER.uap, SNIFFER.nap, SNIFFER.device_class, eir=True)
    flags = hci.ESP32_PERIPHERAL | hci.ESP32_EIR
    return [e.Packet(start - 2_000_000_000, hci.esp32_fhs(hci.SENT, fhs, 126)),
            e.Packet(start - 1_999_000_000, hci.esp32(hci.SENT, "DM3", hci.esp32_payload("DM3", own_eir, flow=0), 126, 0, flags,
                                                      lt_addr=0))]


def custom(packets):
    """PDUs that the user of the sniffer sends: flag "custom"; of an opcode that does not exist, and longer than any."""
    time = packets[-1].time - 40_000_000
    flags = hci.ESP32_CUSTOM | hci.ESP32_INTERCEPT | hci.ESP32_TX_ENCRYPTED | hci.ESP32_RX_ENCRYPTED
    pdus = (lmp.pdu("max_slot_req", 0, 5), lmp.raw(0, 100, b"made up"), lmp.raw(0, 39, bytes(30)))
    return [e.Packet(time + i * 100_000, hci.esp32(hci.SENT, "DM1", hci.esp32_payload("DM1", pdu, e.LLID_LMP, 0), 0x6000 + i, 0,
                                                   flags)) for i, pdu in enumerate(pdus)]


def esp32():
    air, device = scene()
    packets = scene_formats.esp32(air, device)
    packets += templates(packets[0].time) + custom(packets)
    return e.pcap(sorted(packets, key=lambda packet: packet.time), hci.LINKTYPE_HCI_H4_PHDR)


# --- Damage ---------------------------------------------------------------------------------------------------------

def damaged_fhs():
    good = SPEAKER.fhs(0x1234568)
    return [hci.esp32_fhs(hci.RECEIVED, body, 700 + i) for i, body in enumerate(
        (good, bytes((good[0] ^ 4,)) + good[1:], b"\xff" * 18, bytes(18), good[:17], good[:5], b"", good + b"\1\2\3\4"))]


def hostile_lengths(record):
    dm1 = upper.l2cap(0x40, b"hello")
    return [record("DM1", hci.esp32_payload("DM1", dm1, length=length)) for length in (0, 1, 8, 10, 17, 18, 31, 340, 1023)] + [
        record("DM1", struct.pack("<H", 0xFFFF) + dm1), record("3-DH5", struct.pack("<H", 1021 << 3 | 2) + bytes(40)),
        record("DM1", b""), record("DM1", b"\x4a"), record("DM1", b"\x02\0"), record("NULL", b"surplus"),
        record("POLL", bytes(40)), record("DH1", hci.esp32_payload("DH1", bytes(300)))]


def odd_kinds(record):
    """Types that carry voice have no payload header; each LLID; reserved header bits."""
    records = [record(kind, bytes(range(e.KINDS[kind].body_max % 64))) for kind in ("HV1", "HV2", "HV3", "EV3", "EV4", "EV5",
                                                                                    "2-EV3", "3-EV5")]
    records += [record("DV", bytes(10) + hci.esp32_payload("DV", b"data"))]
    records += [record("DM1", hci.esp32_payload("DM1", b"\x4f" + bytes(8), llid)) for llid in range(4)]
    whole = record("DM1", hci.esp32_payload("DM1", upper.l2cap(0x40, b"hello")))
    changes = ({9: 79}, {9: 255}, {10: 0xFF}, {12: 0xFC}, {8: 0xFF}, {0: 1, 3: 0}, {3: 2}, {3: 0xFF}, {11: 0x7F})
    for change in changes:
        changed = bytearray(whole)
        for offset, value in change.items():
            changed[offset] = value
        records.append(bytes(changed))
    return records


def foreign_records():
    """Other H4 types beside: HCI, the sniffer's other two, and types that nobody has."""
    return [hci.h4(hci.SENT, hci.H4_COMMAND, hci.hci_command(0x0C03)),
            hci.h4(hci.RECEIVED, hci.H4_EVENT, hci.hci_event(0x0E, b"\1\3\x0c\0")),
            hci.h4(hci.RECEIVED, hci.H4_ACL, hci.hci_acl(11, upper.signal("echo_request", 1))),
            hci.h4(hci.RECEIVED, hci.H4_ESP32_ACL, b"\x0b\x20\x08\0" + upper.signal("echo_request", 1)),
            hci.h4(hci.RECEIVED, hci.H4_ESP32_TEXT, b"\xfbA note of the sniffer"),
            hci.h4(hci.RECEIVED, 0x06, b"nobody's"), hci.h4(hci.RECEIVED, 0xFF, b""), struct.pack(">I", 1)]


def esp32_damaged():
    clock = iter(range(0x7FFFF00, 0x7FFFFFF))

    def record(kind, payload):
        return hci.esp32(hci.RECEIVED, kind, payload, next(clock), 17, hci.ESP32_PERIPHERAL)

    whole = record("DM1", hci.esp32_payload("DM1", upper.l2cap(0x40, b"hello")))
    records = [whole[:length] for length in range(5, len(whole))]
    records += [e.Packet(0, whole[:length], len(whole)) for length in (5, 9, 12, 13, 14, 15, 20)]     # cut when captured
    records += damaged_fhs() + hostile_lengths(record) + odd_kinds(record) + foreign_records() + [whole]
    return e.pcap(e.stamped(records), hci.LINKTYPE_HCI_H4_PHDR)
