"""Writes baseband packets the way controllers log them beside HCI: the ESP32 sniffer, Broadcom diagnostics, BlueZ's
monitor, Apple's PacketLogger.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import btbb_encode as e

LINKTYPE_HCI_H4_PHDR = 201
LINKTYPE_LINUX_MONITOR = 254

SENT, RECEIVED = 0, 1
H4_COMMAND, H4_ACL, H4_SCO, H4_EVENT, H4_BROADCOM, H4_ESP32_ACL, H4_ESP32, H4_ESP32_TEXT = 1, 2, 3, 4, 7, 8, 9, 10


def h4(direction, kind, content):
    """A frame of link type 201: direction word, packet type, content."""
    return struct.pack(">IB", direction, kind) + content


def hci_command(opcode, parameters=b""):
    return struct.pack("<HB", opcode, len(parameters)) + parameters


def hci_event(code, parameters):
    return struct.pack("<BB", code, len(parameters)) + parameters


def hci_acl(handle, data, start=True, to_controller=False):
    """A packet of ACL data (Vol 4 Part E, 5.4.2)."""
    boundary = (0 if to_controller else 2) if start else 1
    return struct.pack("<HH", handle | boundary << 12, len(data)) + data


# --- ESP32 BR/EDR sniffer -------------------------------------------------------------------------------------------

# Flags of a record.
ESP32_EDR, ESP32_PERIPHERAL, ESP32_CUSTOM, ESP32_RETRY, ESP32_INTERCEPT, ESP32_TX_ENCRYPTED, ESP32_RX_ENCRYPTED, \
    ESP32_EIR = (1 << i for i in range(8))

WITHOUT_PAYLOAD_HEADER = ("NULL", "POLL", "FHS")


def esp32_payload(kind, body=b"", llid=e.LLID_START, flow=1, length=None):
    """What follows the packet header: a two-byte payload header for every ACL kind, body, never a CRC."""
    if kind in WITHOUT_PAYLOAD_HEADER:
        return body
    return struct.pack("<H", llid | flow << 2 | (len(body) if length is None else length) << 3) + body


def esp32(direction, kind, payload=b"", clk=0, channel=0, flags=0, lt_addr=1, flow=0, arqn=0, seqn=0):
    """A record. `clk`: CLKN27-1 of the ESP32 itself; `kind`: a name of e.KINDS, or a TYPE."""
    code = kind if isinstance(kind, int) else e.KINDS[kind].code
    header = struct.pack("<IBBBB", clk, channel, flags, lt_addr | code << 3 | flow << 7, arqn | seqn << 1)
    return h4(direction, H4_ESP32, header + payload)


def esp32_fhs(direction, body, clk=0, flags=0):
    """A record of an FHS: FLOW, ARQN and SEQN are always set, the channel is not recorded."""
    return esp32(direction, "FHS", body, clk, 0, flags, lt_addr=0, flow=1, arqn=1, seqn=1)


# --- Broadcom diagnostics -------------------------------------------------------------------------------------------

BROADCOM_BYTES = 63
# Types with their names in the public dissector that are not LMP of BR/EDR.
BROADCOM_LE_SENT, BROADCOM_LE_RECEIVED = 0x80, 0x81
BROADCOM_PEEK, BROADCOM_CPU_LOAD, BROADCOM_ACL_BR, BROADCOM_ACL_EDR = 0x03, 0x15, 0x16, 0x17
BROADCOM_LOGGING = 0xF0


def _stale(size):
    """Memory that the controller did not overwrite."""
    return bytes(0x4B + 29 * i & 0xFF for i in range(size))


def broadcom_lmp(direction, pdu, peer, index=1, clock=0):
    """LMP sent to or received from a device. `peer`: its UAP << 24 | LAP; `index`: number of the connection.

    A received record has a constant payload header: its PDU's length is not in it.
    """
    head = struct.pack(">BII", direction, clock, peer)
    if direction == SENT:
        head += bytes((e.LLID_LMP | len(pdu) << 3,)) + pdu.ljust(19, b"\0") + bytes((len(pdu), 1, index))
    else:
        head += bytes(3) + b"\x8f" + pdu.ljust(17, b"\0") + bytes((0, index))
    return head + _stale(BROADCOM_BYTES - len(head))


def broadcom(kind, content=b""):
    """A diagnostic record of any other type, 63 bytes."""
    return (bytes((kind,)) + content).ljust(BROADCOM_BYTES, b"\0")


# --- BlueZ monitor --------------------------------------------------------------------------------------------------

MONITOR_NEW_INDEX, MONITOR_COMMAND, MONITOR_EVENT, MONITOR_INFO, MONITOR_DIAGNOSTIC = 0, 2, 3, 10, 11


def monitor(opcode, content, adapter=0):
    """A frame of link type 254."""
    return struct.pack(">HH", adapter, opcode) + content


# --- Apple PacketLogger ---------------------------------------------------------------------------------------------

LOGGER_COMMAND, LOGGER_EVENT, LOGGER_LMP_SENT, LOGGER_LMP_RECEIVED, LOGGER_NOTE = 0x00, 0x01, 0x0A, 0x0B, 0xFC


def packetlogger(records):
    """Bytes of a .pklg file; records: (nanoseconds, type, content)."""
    return b"".join(struct.pack(">IIIB", 9 + len(content), time // e.NS, time % e.NS // 1000, kind) + content
                    for time, kind, content in records)


def packetlogger_records(data):
    """(nanoseconds, type, content) of the whole records of a .pklg file."""
    at = 0
    while at + 13 <= len(data):
        size, seconds, microseconds, kind = struct.unpack_from(">IIIB", data, at)
        if at + 4 + size > len(data):
            return
        yield seconds * e.NS + microseconds * 1000, kind, data[at + 13:at + 4 + size]
        at += 4 + size
