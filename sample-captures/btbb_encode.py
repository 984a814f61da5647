"""Writes Bluetooth BR/EDR baseband frames and the capture files that hold them.

An independent encoder for sample captures and tests: it shares nothing with the C code under test.
Chapters are those of the Bluetooth Core Specification, Vol 2 Part B, unless said otherwise.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
from collections import namedtuple

ETHERTYPE = 0xFFF0
LINKTYPE_ETHERNET = 1
LINKTYPE_LINUX_SLL = 113
LINKTYPE_PPI = 192
LINKTYPE_BREDR_BB = 255
LINKTYPE_LINUX_SLL2 = 276
NS = 1_000_000_000

# --- Packet kinds (tables 6.2 and 6.5) ------------------------------------------------------------------------------

# code: TYPE; voice: bytes before the payload header; header: its bytes; body: fewest and most bytes;
# transport and modulation: the two nibbles of LINKTYPE 255's rate byte that allow this kind (0 of transport: any).
Kind = namedtuple("Kind", "name code voice header body_min body_max crc transport modulation")

SCO, ESCO, ACL, CPB = 1, 2, 3, 4
KINDS = {k.name: k for k in (
    Kind("NULL", 0, 0, 0, 0, 0, False, ACL, 0),
    Kind("POLL", 1, 0, 0, 0, 0, False, ACL, 0),
    Kind("FHS", 2, 0, 0, 18, 18, True, ACL, 0),
    Kind("DM1", 3, 0, 1, 0, 17, True, ACL, 0),
    Kind("DH1", 4, 0, 1, 0, 27, True, ACL, 0),
    Kind("2-DH1", 4, 0, 2, 0, 54, True, ACL, 1),
    Kind("HV1", 5, 0, 0, 10, 10, False, SCO, 0),
    Kind("HV2", 6, 0, 0, 20, 20, False, SCO, 0),
    Kind("2-EV3", 6, 0, 0, 1, 60, True, ESCO, 1),
    Kind("HV3", 7, 0, 0, 30, 30, False, SCO, 0),
    Kind("EV3", 7, 0, 0, 1, 30, True, ESCO, 0),
    Kind("3-EV3", 7, 0, 0, 1, 90, True, ESCO, 2),
    Kind("DV", 8, 10, 1, 0, 9, True, SCO, 0),
    Kind("3-DH1", 8, 0, 2, 0, 83, True, ACL, 2),
    Kind("AUX1", 9, 0, 1, 0, 29, False, ACL, 0),
    Kind("DM3", 10, 0, 2, 0, 121, True, ACL, 0),
    Kind("2-DH3", 10, 0, 2, 0, 367, True, ACL, 1),
    Kind("DH3", 11, 0, 2, 0, 183, True, ACL, 0),
    Kind("3-DH3", 11, 0, 2, 0, 552, True, ACL, 2),
    Kind("EV4", 12, 0, 0, 1, 120, True, ESCO, 0),
    Kind("2-EV5", 12, 0, 0, 1, 360, True, ESCO, 1),
    Kind("EV5", 13, 0, 0, 1, 180, True, ESCO, 0),
    Kind("3-EV5", 13, 0, 0, 1, 540, True, ESCO, 2),
    Kind("DM5", 14, 0, 2, 0, 224, True, ACL, 0),
    Kind("2-DH5", 14, 0, 2, 0, 679, True, ACL, 1),
    Kind("DH5", 15, 0, 2, 0, 339, True, ACL, 0),
    Kind("3-DH5", 15, 0, 2, 0, 1021, True, ACL, 2),
)}

# Start of an L2CAP message, its continuation, and LMP (table 6.6).
LLID_CONTINUE, LLID_START, LLID_LMP = 1, 2, 3


# --- Check values ---------------------------------------------------------------------------------------------------

def _bits(value, count):
    """The low `count` bits of `value`, first on air (least significant) first."""
    return [(value >> i) & 1 for i in range(count)]


def _number(bits):
    return sum(bit << i for i, bit in enumerate(bits))


def _shift_out(bits, taps, size, start):
    """Divide `bits` by a generator polynomial in a shift register, as figures 7.4 and 7.6 draw it.

    `start` and the result list the register from position 0 up; the last position leaves first.
    """
    register = list(start)
    for bit in bits:
        feedback = register[size - 1] ^ bit
        register = [feedback] + register[:size - 1]
        for tap in taps:
            register[tap] ^= feedback
    return register


def hec(uap, header10):
    """Header error check (7.1.1) of the ten header bits, the first on air being bit 0."""
    register = _shift_out(_bits(header10, 10), (1, 2, 5, 7), 8, _bits(uap, 8))
    return _number(reversed(register))


def crc(uap, data):
    """CRC (7.1.2) of payload header and body; the file stores it low byte first."""
    air = [bit for byte in data for bit in _bits(byte, 8)]
    register = _shift_out(air, (5, 12), 16, _bits(uap, 8) + [0] * 8)
    return _number(reversed(register))


def sync_word(lap):
    """64 bit sync word of a LAP (6.3.3.1), bit 0 first on air."""
    pseudo_noise = _bits(0x83848D96BBCC54FC, 64)
    barker = [1, 1, 0, 0, 1, 0] if lap >> 23 else [0, 0, 1, 1, 0, 1]
    information = _bits(lap, 24) + barker
    generator = _bits(0o260534236651, 35)
    remainder = [0] * 34 + [a ^ p for a, p in zip(information, pseudo_noise[34:])]
    for degree in range(63, 33, -1):
        if remainder[degree]:
            for i, bit in enumerate(generator):
                remainder[degree - 34 + i] ^= bit
    return _number([r ^ p for r, p in zip(remainder[:34], pseudo_noise)] + information)


def whiten(clock6, bits):
    """Whitening (7.2) of header and payload bits with CLK1..CLK6; the same call takes it off again."""
    register = _bits(clock6, 6) + [1]
    out = []
    for bit in bits:
        top = register[6]
        out.append(bit ^ top)
        register = [top] + register[:6]
        register[4] ^= top
    return out


# --- Parts of a packet ----------------------------------------------------------------------------------------------

def header18(code, uap, lt_addr=1, flow=1, arqn=0, seqn=0, hec_value=None):
    """The packet header (6.4), first on air = bit 0: ten bits and their HEC."""
    header10 = lt_addr | code << 3 | flow << 7 | arqn << 8 | seqn << 9
    return header10 | (hec(uap, header10) if hec_value is None else hec_value) << 10


def payload(kind, uap, body=b"", llid=LLID_START, flow=1, mic=b"", voice=bytes(10), length=None, crc_value=None):
    """Payload of a packet kind: voice, payload header, body, MIC and CRC, as far as the kind has them.

    `length` overrides LENGTH and `crc_value` the CRC, for damaged packets.
    """
    k = KINDS[kind]
    start = llid | flow << 2 | (len(body) if length is None else length) << 3
    covered = start.to_bytes(2, "little")[:k.header] if k.header else b""
    covered += body + mic
    check = crc(uap, covered) if crc_value is None else crc_value
    return voice[:k.voice] + covered + (check.to_bytes(2, "little") if k.crc else b"")


def fhs_body(lap, uap, nap, device_class=0, lt_addr=0, clock27_2=0, parity=None, eir=False):
    """The 18 bytes of an FHS packet (6.5.1.4) that `lap`, `uap` and `nap` send about themselves. `eir`: an Extended Inquiry
    Response follows."""
    parity = sync_word(lap) & (1 << 34) - 1 if parity is None else parity
    low = parity | lap << 34 | eir << 58 | 1 << 60 | 2 << 62         # SR is R1, SP is binary 10
    high = lt_addr | clock27_2 << 3
    return struct.pack("<QBH", low, uap, nap) + device_class.to_bytes(3, "little") + struct.pack("<I", high)


def l2cap_message(cid, data):
    """A whole L2CAP message (Vol 3 Part A, 3.1)."""
    return struct.pack("<HH", len(data), cid) + data


def filler(size):
    """A whole L2CAP message of `size` bytes on a dynamically allocated channel."""
    return l2cap_message(0x41, bytes(i & 0xFF for i in range(size - 4)))


# --- Frames ---------------------------------------------------------------------------------------------------------

def mac(nap, uap, lap):
    return struct.pack(">HB", nap, uap) + lap.to_bytes(3, "big")


def ethernet(src, content=b"", dst=bytes(6), ethertype=ETHERTYPE):
    return dst + src + ethertype.to_bytes(2, "big") + content


def access_code(lap):
    """A legacy frame of an access code alone: 14 bytes, NAP and UAP always zero."""
    return ethernet(mac(0, 0, lap))


def legacy(lap, kind, uap=0, nap=0, body=b"", clk=0, channel=39, meta_flags=0, lt_addr=1, flow=1, arqn=0, seqn=0,
           hec_value=None, check_uap=None, dst=bytes(6), raw_payload=None, **payload_options):
    """A legacy frame with meta data, header and payload. `kind` is a name of KINDS.

    `uap` stands in the source address; `check_uap` (the same unless given) starts HEC and CRC.
    """
    check_uap = uap if check_uap is None else check_uap
    k = KINDS[kind]
    h = header18(k.code, check_uap, lt_addr, flow, arqn, seqn, hec_value)
    if raw_payload is None:
        raw_payload = b"" if kind in ("NULL", "POLL") else payload(kind, check_uap, body, **payload_options)
    meta = struct.pack("<IBB", clk, channel, meta_flags)
    return ethernet(mac(nap, uap, lap), meta + bytes((h & 0x7F, h >> 7 & 7, h >> 10)) + raw_payload, dst)


# Flags of LINKTYPE 255.
RF_DEWHITENED, RF_SIGNAL, RF_NOISE, RF_DECRYPTED, RF_REF_LAP, RF_PAYLOAD, RF_ALIASED, RF_REF_UAP = (
    0x0001, 0x0002, 0x0004, 0x0008, 0x0010, 0x0020, 0x0040, 0x0080)
RF_HEC_CHECKED, RF_HEC_PASSED, RF_CRC_CHECKED, RF_CRC_PASSED, RF_MIC_CHECKED, RF_MIC_PASSED = (
    0x0100, 0x0200, 0x0400, 0x0800, 0x1000, 0x2000)
RF_ID_RATE = 0xFF


def rf_record(lap, header=0, payload_bytes=b"", channel=39, signal=-50, noise=None, ac_errors=0, rate=0,
              corrected_header=0, corrected_payload=0, ref_lap=None, ref_uap=None, flags=None):
    """A LINKTYPE 255 record. Flags follow from what is given, as the usual writer sets them, unless given."""
    if flags is None:
        flags = RF_DEWHITENED | RF_SIGNAL
        flags |= RF_NOISE if noise is not None else 0
        flags |= RF_REF_LAP if ref_lap is not None else 0
        flags |= RF_REF_UAP if ref_uap is not None else 0
        flags |= RF_PAYLOAD if payload_bytes else 0
    return struct.pack("<BbbBBBhI", channel, signal, -128 if noise is None else noise, ac_errors, rate,
                       corrected_header, corrected_payload, lap) + \
        (0xFFFFFF if ref_lap is None else ref_lap).to_bytes(3, "little") + \
        struct.pack("<BIH", 0xFF if ref_uap is None else ref_uap, header, flags) + payload_bytes


def rf(lap, kind, uap=0, body=b"", lt_addr=1, flow=1, arqn=0, seqn=0, hec_value=None, with_rate=True, known_uap=True,
       payload_options=None, **record_options):
    """A LINKTYPE 255 record of a packet kind, its reference address known unless `known_uap` is false."""
    k = KINDS[kind]
    if kind not in ("NULL", "POLL"):
        record_options.setdefault("payload_bytes", payload(kind, uap, body, **(payload_options or {})))
    if known_uap:
        record_options.setdefault("ref_lap", lap)
        record_options.setdefault("ref_uap", uap)
    record_options.setdefault("rate", k.transport << 4 | k.modulation if with_rate else 0)
    return rf_record(lap, header18(k.code, uap, lt_addr, flow, arqn, seqn, hec_value), **record_options)


# --- Layers below -----------------------------------------------------------------------------------------------------

def ppi(linktype, frame, fields=()):
    """A frame of link type 192 (PPI) around one of another link type. fields: (type, data)."""
    head = b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in fields)
    return struct.pack("<BBHI", 0, 0, 8 + len(head), linktype) + head + frame


def cooked(frame):
    """An Ethernet frame as Linux gives it for an interface that is "any": link type 113. The destination is lost."""
    return struct.pack(">HHH", 0, 1, 6) + frame[6:12] + b"\0\0" + frame[12:]


def cooked2(frame, interface=1):
    """The same, version 2: link type 276."""
    return frame[12:14] + struct.pack(">HIHBB", 0, interface, 1, 0, 6) + frame[6:12] + b"\0\0" + frame[14:]


# --- Capture files --------------------------------------------------------------------------------------------------

# time in nanoseconds since 1970 UTC; wire: length before cutting (None: as captured); interface and flags: pcapng.
Packet = namedtuple("Packet", "time data wire interface flags", defaults=(None, 0, None))


def _packet(packet):
    return packet if isinstance(packet, Packet) else Packet(*packet)


def stamped(frames, step=10_000_000, start=1_600_000_000 * NS):
    """Packets for frames, one every `step` nanoseconds from 2020-09-13 12:26:40 UTC; an entry may be a Packet already."""
    return [(f if isinstance(f, Packet) else Packet(0, f))._replace(time=start + i * step) for i, f in enumerate(frames)]


def pcap(packets, linktype=LINKTYPE_ETHERNET, nano=False, big_endian=False, snaplen=65535):
    """Bytes of a pcap file. Each packet is a Packet or a tuple that makes one: (time in ns, bytes, ...)."""
    order = ">" if big_endian else "<"
    out = [struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snaplen, linktype)]
    for p in map(_packet, packets):
        fraction = p.time % NS // (1 if nano else 1000)
        wire = len(p.data) if p.wire is None else p.wire
        out.append(struct.pack(order + "IIII", p.time // NS, fraction, len(p.data), wire) + p.data)
    return b"".join(out)


# One interface of a pcapng file: resolution in digits after the second (6 or 9); options: list of (code, bytes).
Interface = namedtuple("Interface", "linktype resolution snaplen options", defaults=(6, 65535, ()))


def _padded(data):
    return data + bytes(-len(data) % 4)


def _options(order, options):
    if not options:
        return b""
    return b"".join(struct.pack(order + "HH", c, len(v)) + _padded(v) for c, v in options) + bytes(4)


def _block(order, code, body):
    total = len(body) + 12
    return struct.pack(order + "II", code, total) + body + struct.pack(order + "I", total)


def pcapng(interfaces, packets, big_endian=False):
    """Bytes of a pcapng file with one section; Packet.flags becomes the epb_flags option."""
    order = ">" if big_endian else "<"
    out = [_block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))]
    for i in interfaces:
        options = list(i.options) + ([(9, bytes([i.resolution]))] if i.resolution != 6 else [])
        out.append(_block(order, 1, struct.pack(order + "HHI", i.linktype, 0, i.snaplen) + _options(order, options)))
    for p in map(_packet, packets):
        ticks = p.time // 10 ** (9 - interfaces[p.interface].resolution)
        wire = len(p.data) if p.wire is None else p.wire
        flags = [(2, struct.pack(order + "I", p.flags))] if p.flags is not None else []
        out.append(_block(order, 6, struct.pack(order + "IIIII", p.interface, ticks >> 32, ticks & 0xFFFFFFFF,
                                                len(p.data), wire) + _padded(p.data) + _options(order, flags)))
    return b"".join(out)
