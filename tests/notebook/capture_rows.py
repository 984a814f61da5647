"""Read a capture's bytes into the rows of the notebook, without Wireshark and without any of the code under test.

One row is one frame that carries a BTBB packet: {"time", "lap", "type", "to_master", "payload", "nap", "uap"} as cell In [4]
of the notebook makes them. Containers: pcap (both byte orders, microseconds and nanoseconds) and pcapng (several
sections and interfaces). Link types: 1 with ethertype 0xfff0, and 255.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "sample-captures"))
from btbb_encode import hec  # noqa: E402

TYPES = ("NULL", "POLL", "FHS", "DM1", "DH1/2-DH1", "HV1", "HV2/2-EV3", "HV3/EV3/3-EV3", "DV/3-DH1", "AUX1",
         "DM3/2-DH3", "DH3/3-DH3", "EV4/2-EV5", "EV5/3-EV5", "DM5/2-DH5", "DH5/3-DH5")
ETHERNET, BREDR_BB = 1, 255
H4_PHDR, MONITOR = 201, 254    # with a pseudo-header of four bytes
PCAP_MAGIC = {b"\xd4\xc3\xb2\xa1": ("<", 1000), b"\xa1\xb2\xc3\xd4": (">", 1000),
              b"\x4d\x3c\xb2\xa1": ("<", 1), b"\xa1\xb2\x3c\x4d": (">", 1)}


def frames(data):
    """(link type, nanoseconds since 1970 or None, captured bytes) of every record, in file order."""
    if data[:4] in PCAP_MAGIC:
        return _pcap_frames(data)
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        return _pcapng_frames(data)
    raise ValueError("neither pcap nor pcapng")


def _pcap_frames(data):
    order, unit_ns = PCAP_MAGIC[data[:4]]
    link_type = struct.unpack_from(order + "I", data, 20)[0]
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, captured, _ = struct.unpack_from(order + "IIII", data, at)
        at += 16
        if at + captured > len(data):
            return
        yield link_type, seconds * 10**9 + fraction * unit_ns, data[at:at + captured]
        at += captured


def _pcapng_frames(data):
    order, interfaces, at = "<", [], 0
    while at + 12 <= len(data):
        kind = struct.unpack_from(order + "I", data, at)[0]
        if kind == 0x0A0D0D0A:
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        length = struct.unpack_from(order + "I", data, at + 4)[0]
        body = data[at + 8:at + length - 4]
        if kind == 1:
            interfaces.append(_interface(order, body))
        elif kind == 6:
            interface, high, low, captured, _ = struct.unpack_from(order + "IIIII", body, 0)
            link_type, ticks_per_second = interfaces[interface]
            ticks = high << 32 | low
            yield link_type, ticks * 10**9 // ticks_per_second, body[20:20 + captured]
        at += length


def _interface(order, body):
    link_type, ticks_per_second, at = struct.unpack_from(order + "H", body, 0)[0], 10**6, 8
    while at + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, at)
        if code == 0:
            break
        if code == 9:
            resolution = body[at + 4]
            ticks_per_second = 2**(resolution & 0x7f) if resolution & 0x80 else 10**resolution
        at += 4 + (length + 3 & ~3)
    return link_type, ticks_per_second


def is_btbb(link_type, frame):
    """Whether a frame is one of ours, however little of it was captured. Records of controllers that are no BR/EDR packets are
    not."""
    if link_type == H4_PHDR:
        return frame[4:5] == b"\x09" or frame[4:5] == b"\x07" and frame[5:6] in (b"", b"\0", b"\1")
    if link_type == MONITOR:
        return frame[2:4] == b"\0\x0b" and frame[4:5] in (b"", b"\0", b"\1")
    return link_type == BREDR_BB or link_type == ETHERNET and frame[12:14] == b"\xff\xf0"


def rows(data):
    """The notebook's list of dicts, one for every BTBB frame."""
    out = []
    for number, (link_type, time_ns, frame) in enumerate(frames(data), 1):
        if link_type == ETHERNET and frame[12:14] == b"\xff\xf0":
            row = _legacy_row(frame)
        elif link_type == BREDR_BB and len(frame) >= 22:
            row = _rf_row(frame)
        else:
            continue
        row["time"] = time_ns // 10**9
        row["frame"] = number
        out.append(row)
    return out


def _colons(data):
    return ":".join(f"{byte:02x}" for byte in data)


def _legacy_row(frame):
    payload = frame[23:]
    one_byte_left = bool(payload) and len(payload) - 1 - min(payload[0] >> 3, len(payload) - 1) == 1
    return {"nap": _colons(frame[6:8]), "uap": _colons(frame[8:9]), "lap": _colons(frame[9:12]),
            "type": TYPES[frame[20] >> 3 & 15] if len(frame) > 20 else None,
            "to_master": frame[14] & 1 == 0 if len(frame) >= 18 else None,
            "payload": bool(payload) and not one_byte_left,
            "padded": len(frame) > 22 and not any(frame[:9]) and not any(frame[14:])}


def _rf_row(frame):
    """LINKTYPE 255 has no definition in the notebook: a TYPE is there when the header was received and its HEC, where
    the record names the UAP, is not wrong."""
    lap = int.from_bytes(frame[8:11], "little")
    uap, flags = frame[15], struct.unpack_from("<H", frame, 20)[0]
    header = struct.unpack_from("<I", frame, 16)[0] & 0x3ffff
    reserved = 0x9e8b00 <= lap <= 0x9e8b3f
    uap_known = bool(flags & 0x80) or reserved
    start = 0 if reserved else uap
    good = uap_known and hec(start, header & 0x3ff) == header >> 10
    typed = flags & 1 and frame[4] != 0xff and header != 0 and (good or not uap_known)
    return {"nap": "00:00", "uap": f"{uap:02x}" if flags & 0x80 else "00", "lap": _colons(lap.to_bytes(3, "big")),
            "type": TYPES[header >> 3 & 15] if typed else None, "to_master": None, "payload": len(frame) > 22}
