"""Captures of what controllers log beside HCI: Broadcom diagnostics, in BlueZ's monitor too, and Apple's PacketLogger.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import btbb_encode as e
import encode_hci as hci
import encode_lmp as lmp
import encode_upper as upper
import scene_formats
from link_procedures import Link
from scenario import Device, Scene

PHONE = Device(0x7D5E21, 0x72, 0x0002, 0x0120000, b"Phone", 0x5A020C)
HEADSET = Device(0x4B31F7, 0xC7, 0x0010, 0x0345670, b"Headset with a name of 3 parts", 0x240404)
CAR = Device(0x22C0D8, 0xA8, 0x001B, 0x0666665, b"Car", 0x340408)


def scene():
    """The phone is Central of a headset, where the key is brought down to one byte (KNOB), and at the same time Peripheral of a
    car, whose Central it becomes after it has left the headset. The second value is the phone."""
    new = Scene()
    headset = Link(new, PHONE, HEADSET, polls=False)
    headset.page()
    headset.features()
    headset.versions()
    headset.features_page(1, 1, 1)
    headset.connect()
    headset.authenticate(headset.central)
    headset.authenticate(headset.peripheral)
    headset.encrypt(16, 1)
    headset.complete()
    headset.name(headset.central, HEADSET.name)
    headset.set_afh(frozenset(range(0, 79, 2)))
    new.wait(100)
    car = Link(new, CAR, PHONE, polls=False)
    car.page()
    car.features()
    car.connect()
    headset.ask(headset.peripheral, "preferred_rate", 0x6D)
    car.complete()
    car.name(car.central, PHONE.name)
    headset.detach(headset.central)
    car.switch_roles()
    car.authenticate(car.peripheral)
    car.detach(car.peripheral, lmp.POWER_OFF)
    return new, PHONE


def hci_beside(start, step):
    """HCI of the same controller: a connection, its encryption, data. The key size is read after encryption began."""
    handle, octets = 0x000B, HEADSET.octets
    complete = struct.pack("<BH", 0, handle) + octets + b"\1\0"
    frames = (
        (hci.SENT, hci.H4_COMMAND, hci.hci_command(0x0405, octets + b"\x18\xcc\2\0\0\0\1")),
        (hci.RECEIVED, hci.H4_EVENT, hci.hci_event(0x0F, b"\0\1\5\4")),
        (hci.RECEIVED, hci.H4_EVENT, hci.hci_event(0x03, complete)),
        (hci.SENT, hci.H4_COMMAND, hci.hci_command(0x0413, struct.pack("<HB", handle, 1))),
        (hci.RECEIVED, hci.H4_EVENT, hci.hci_event(0x08, struct.pack("<BHB", 0, handle, 1))),
        (hci.RECEIVED, hci.H4_EVENT, hci.hci_event(0x0E, b"\1\x08\x14\0" + struct.pack("<HB", handle, 1))),
        (hci.SENT, hci.H4_ACL, hci.hci_acl(handle, upper.signal("echo_request", 1, data=b"ping"), to_controller=True)),
        (hci.RECEIVED, hci.H4_ACL, hci.hci_acl(handle, upper.signal("echo_response", 1, data=b"ping"))))
    return [e.Packet(start + i * step, hci.h4(*frame)) for i, frame in enumerate(frames)]


def other_diagnostics():
    """Records that are no LMP of BR/EDR, and LMP that is cut, unknown or empty."""
    peer = HEADSET.address & 0xFFFFFFFF
    version = lmp.pdu("version_req", 0, 12, 15, 0x220E)
    le = struct.pack(">II", 0, CAR.address & 0xFFFFFFFF) + b"\x0f\x06\x0c\x0c\x0f\x00\x0e\x22"      # LL_VERSION_IND
    whole = hci.broadcom_lmp(hci.SENT, version, peer)
    records = [b"\xf0\x01", hci.broadcom(hci.BROADCOM_LE_SENT, le), hci.broadcom(hci.BROADCOM_LE_RECEIVED, le),
               hci.broadcom(hci.BROADCOM_ACL_BR, bytes(range(40))), hci.broadcom(hci.BROADCOM_ACL_EDR, bytes(range(40))),
               hci.broadcom(hci.BROADCOM_CPU_LOAD, b"\x2a"), hci.broadcom(hci.BROADCOM_PEEK, bytes(range(62))),
               hci.broadcom(0x55, b"nobody's"), hci.broadcom_lmp(hci.RECEIVED, lmp.raw(1, 99, b"unknown"), peer),
               hci.broadcom_lmp(hci.RECEIVED, lmp.raw(1, 127, b"", 99), peer), hci.broadcom_lmp(hci.SENT, b"", peer),
               hci.broadcom_lmp(hci.SENT, version[:4], peer), hci.broadcom_lmp(hci.SENT, bytes((0x4A,)) + bytes(16), 0)]
    records += [whole[:length] for length in (62, 32, 30, 27, 16, 10, 9, 5, 1, 0)] + [whole + b"more"]
    return [hci.h4(hci.SENT, hci.H4_BROADCOM, record) for record in records]


def broadcom():
    """The link type's direction word is "sent" for both directions."""
    air, device = scene()
    packets = scene_formats.broadcom(air, device)
    logging = e.Packet(packets[0].time - 10_000_000, hci.h4(hci.SENT, hci.H4_BROADCOM, b"\xf0\x01"))
    packets = [logging] + packets + hci_beside(packets[0].time - 3_000_000, 9_700_000)
    packets.sort(key=lambda packet: packet.time)
    packets += e.stamped(other_diagnostics(), start=packets[-1].time + e.NS)
    return e.pcapng([e.Interface(hci.LINKTYPE_HCI_H4_PHDR)], packets)


def btmon():
    """BlueZ announces the controller; then the same diagnostics, without the H4 type."""
    air, device = scene()
    packets = scene_formats.monitor(air, device)
    start = packets[0].time - 10_000_000
    info = [(hci.MONITOR_NEW_INDEX, b"\0\3" + PHONE.octets + b"hci0\0\0\0\0"), (hci.MONITOR_INFO, PHONE.octets + b"\x0f\0"),
            (hci.MONITOR_COMMAND, hci.hci_command(0x0C03)), (hci.MONITOR_EVENT, hci.hci_event(0x0E, b"\1\3\x0c\0"))]
    head = [e.Packet(start + i * 1_000_000, hci.monitor(*frame)) for i, frame in enumerate(info)]
    tail = [hci.monitor(hci.MONITOR_DIAGNOSTIC, frame[5:]) for frame in other_diagnostics()]
    tail += [hci.monitor(0x63, b"nobody's"), hci.monitor(hci.MONITOR_DIAGNOSTIC, b"")]
    return e.pcap(head + packets + e.stamped(tail, start=packets[-1].time + e.NS), hci.LINKTYPE_LINUX_MONITOR)


def packetlogger():
    """HCI, the controller's LMP, a note; at the end LMP that is cut, empty and unknown."""
    air, device = scene()
    records = scene_formats.packetlogger(air, device)
    start, end = records[0][0] - 10_000_000, records[-1][0]
    head = [(start, hci.LOGGER_NOTE, b"A capture made up for samples\0"), (start + 1000, hci.LOGGER_COMMAND, hci.hci_command(0x0C03)),
            (start + 2000, hci.LOGGER_EVENT, hci.hci_event(0x0E, b"\1\3\x0c\0"))]
    tail = [(end + (1 + i) * 1_000_000, kind, content) for i, (kind, content) in enumerate((
        (hci.LOGGER_LMP_SENT, lmp.pdu("features_req", 0, 0)[:5]), (hci.LOGGER_LMP_RECEIVED, b""),
        (hci.LOGGER_LMP_RECEIVED, lmp.raw(0, 99, b"unknown")), (0x77, b"nobody's"), (hci.LOGGER_LMP_SENT, bytes(60))))]
    return hci.packetlogger(head + records + tail)
