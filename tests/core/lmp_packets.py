"""Packets with LMP and L2CAP data out of a capture, as lines for the program track-links. Shares no code with the core.

Formats: legacy frames of Ubertooth and InternalBlue (link type 1, ethertype 0xfff0), Broadcom diagnostics (link type
201, H4 type 0x07), the ESP32 sniffer (link type 201, H4 type 0x09).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
from pathlib import Path

from capture_rows import frames

LMP, DATA, FHS = 0, 1, 2
TO_PERIPHERAL, TO_CENTRAL = 1, 2
SENT, RECEIVED = 1, 2
CLEAR, ENCRYPTED = 1, 2


def line(**words):
    return " ".join(f"{key}={value}" for key, value in words.items() if value is not None)


def _payload(type_code, bytes_):
    """LLID and body of a legacy payload with payload header."""
    two = type_code in (10, 11, 14, 15)
    header = int.from_bytes(bytes_[:2 if two else 1], "little")
    length = header >> 3 & (0x3FF if two else 0x1F)
    return header & 3, bytes_[2 if two else 1:][:length]


def _legacy(frame, directions):
    destination, source, body = frame[:6], frame[6:12], frame[14:]
    if len(body) <= 9:
        return None
    lt_addr, type_code = body[6] & 7, body[6] >> 3 & 15
    llid, pdu = _payload(type_code, body[9:])
    words = {"kind": LMP if llid == 3 else DATA, "lt_addr": lt_addr, "exact": 1,
             "bytes": pdu.hex() if llid == 3 else None}
    if destination != bytes(6):     # InternalBlue
        pair = int.from_bytes(min(source, destination), "big") * 31 + int.from_bytes(max(source, destination), "big")
        return words | {"client": 1 << 56 | pair & (1 << 56) - 1, "own": SENT if body[0] == 0 else RECEIVED,
                        "sender": source.hex(), "receiver": destination.hex()}
    clk = int.from_bytes(body[:4], "little")
    return words | {"client": int.from_bytes(source[3:], "big"), "clk": clk, "central": source.hex(),
                    "dir": (TO_CENTRAL if clk & 1 else TO_PERIPHERAL) if directions else None}


def _broadcom(record):
    """`record` starts after the H4 type. The clock is not valid."""
    if record[:1] not in (b"\0", b"\1"):
        return None
    sent = record[0] == 0
    return {"kind": LMP, "client": int.from_bytes(record[6:9], "big"), "own": SENT if sent else RECEIVED,
            "receiver" if sent else "sender": record[5:9].hex(),
            "bytes": record[10:27].hex() if sent else record[13:30].hex()}


class Esp32:
    """What the records of one ESP32 teach: whose piconet it is, its clock, and the role of the ESP32."""

    def __init__(self):
        self.central = self.own_lap = self.peripheral = self.offset = None

    def read(self, sent, record):
        """`record` starts after the H4 type."""
        clk, flags, header = int.from_bytes(record[:4], "little"), record[5], record[6]
        type_code, body = header >> 3 & 15, record[8:]
        if flags & 0x80 or (type_code == 2 and sent):       # templates, not proof of a transmission
            return None
        if type_code == 2:
            return self._fhs(clk, body)
        if not sent:
            self.peripheral = bool(flags & 2)
            if not self.peripheral and self.own_lap is not None:
                self.central = self.own_lap
        pdu_header = int.from_bytes(body[:2], "little")
        llid, pdu = pdu_header & 3, body[2:][:pdu_header >> 3 & 0x3FF]
        words = {"kind": LMP if llid == 3 else DATA, "lt_addr": header & 7, "own": SENT if sent else RECEIVED,
                 "exact": 1, "bytes": pdu.hex() if llid == 3 else None}
        if self.central is not None:
            words |= {"client": self.central, "central": f"{self.central:06x}"}
        if self.offset is not None:
            words["clk"] = clk + self.offset & 0x7FFFFFF
        if self.peripheral is not None:
            words["dir"] = TO_CENTRAL if sent == self.peripheral else TO_PERIPHERAL
        words["protection"] = ENCRYPTED if flags & 0x60 == 0x60 else CLEAR if flags & 0x60 == 0 else None
        self._learn(sent, llid, pdu)
        return words

    def _fhs(self, clk, body):
        self.central = int.from_bytes(body[:8], "little") >> 34 & 0xFFFFFF
        self.peripheral = True
        self.offset = 2 * (int.from_bytes(body[14:18], "little") >> 3 & 0x3FFFFFF) - clk
        return {"kind": FHS, "own": RECEIVED, "bytes": body[:18].hex()}

    def _learn(self, sent, llid, pdu):
        if llid != 3:
            return
        if pdu[0] >> 1 == 52 and sent:                      # LMP_slot_offset has the address of its sender
            self.own_lap = int.from_bytes(pdu[3:6], "little")
        if pdu[0] >> 1 == 3 and pdu[1] == 19:               # a role switch: sent records may have the old role
            self.peripheral = None


def packets(path, directions=True):
    """The lines of a capture. `directions`: False hides the direction and clock that a legacy frame has."""
    esp32 = Esp32()
    for number, (link_type, time_ns, frame) in enumerate(frames(Path(path).read_bytes()), 1):
        words = None
        if link_type == 1 and frame[12:14] == b"\xff\xf0":
            words = _legacy(frame, directions)
        elif link_type == 201 and frame[4:5] == b"\x07":
            words = _broadcom(frame[5:])
        elif link_type == 201 and frame[4:5] == b"\x09" and len(frame) > 12:
            words = esp32.read(struct.unpack(">I", frame[:4])[0] == 0, frame[5:])
        if words:
            yield line(frame=number, time=time_ns, **words)
