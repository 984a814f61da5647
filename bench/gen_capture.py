#!/usr/bin/env python3
"""Generate synthetic Bluetooth BR/EDR baseband captures (legacy pcap files).

Three formats, the first two with the very same traffic (same seed, same events):

  legacy   LINKTYPE_ETHERNET, ethertype 0xfff0.  Source MAC = NAP(2) UAP(1)
           LAP(3), destination zero.  14-byte frames are ID packets; the
           others carry CLK(4, LE) channel(1) flags(1) LT_ADDR|TYPE<<3 (1)
           FLOW|ARQN<<1|SEQN<<2 (1) HEC(1) and, for most types, a payload.
  bredr    LINKTYPE_BLUETOOTH_BREDR_BB (255): 22-byte pseudo-header, payload.
  esp32    LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR (201), packet type 9: the log
           of an ESP32 to which the busy devices connect in turns, 5,000
           packets each.  A connection begins with the inquiry and the page
           of the other device and LMP with its name, and ends with
           LMP_detach; 3 of 10 packets are LMP, the others L2CAP.

The traffic of the others: a few "busy" clients with on/off sessions send everything that is
not an ID packet; the other regular devices are seen through ID packets only;
a share of the packets are ID packets from addresses that occur exactly once
(false positives of a real receiver).  HEC and CRC are valid.

With --even nothing is random: packet number i is of device i % LAPS, at
START + i * DURATION / PACKETS (not esp32).  --id-share 1 makes all of them ID packets,
0 gives all of them a NAP, a UAP and a header.

The output depends on the arguments alone.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import functools
import random
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "sample-captures"))
import btbb_encode
import encode_hci
import encode_lmp
import encode_upper

# name -> type code, weight, shortest and longest body, bytes of payload
# header, LINKTYPE 255 transport/rate byte.
TYPES = {
    "NULL": (0x0, 260, 0, 0, None, 0x30),
    "POLL": (0x1, 300, 0, 0, None, 0x30),
    "FHS":  (0x2,   8, 18, 18, 0, 0x30),
    "DM1":  (0x3, 180, 4, 17, 1, 0x30),
    "DH1":  (0x4, 120, 4, 27, 1, 0x30),
    "HV1":  (0x5,  10, 10, 10, None, 0x10),
    "HV3":  (0x7,  15, 30, 30, None, 0x10),
    "AUX1": (0x9,   5, 4, 29, 1, 0x30),
    "DM3":  (0xa,  30, 20, 121, 2, 0x30),
    "DH3":  (0xb,  25, 30, 183, 2, 0x30),
    "DM5":  (0xe,  20, 60, 224, 2, 0x30),
    "DH5":  (0xf,  27, 80, 339, 2, 0x30),
}
NO_CRC = ("AUX1",)
LAP_FIRST, LAP_RANGE = 0x010000, 0x9E8B00 - 0x010000     # no address of inquiries
EVEN_TYPES = ("NULL", "POLL", "DM1", "DH1")
POOL = 48          # distinct bodies per (client, type)
LINK_TYPES = {"legacy": 1, "bredr": 255, "esp32": 201}

# What an ESP32 logs during a connection: kinds with weight and longest body; LMP.
CONNECTION = 5_000
ESP32_DATA = {"DM1": (180, 17), "DH1": (160, 27), "2-DH1": (160, 54), "DM3": (60, 121), "2-DH3": (80, 367), "2-DH5": (60, 679)}
ESP32_LMP = (
    *(encode_lmp.pdu(name, 1, *values) for name, *values in (
        ("incr_power_req", 1), ("decr_power_req", 1), ("auto_rate",), ("preferred_rate", 0x7C), ("max_slot", 5),
        ("timing_accuracy_req",), ("timing_accuracy_res", 20, 10), ("power_control_req", 1), ("power_control_res", 5),
        ("supervision_timeout", 8000))),
    encode_lmp.accept("max_slot_req", 1), encode_lmp.refuse("sniff_req", 1, 0x20))

# LINKTYPE 255 flag bits
DEWHITENED, SIGNAL_OK, NOISE_OK = 0x0001, 0x0002, 0x0004
DECRYPTED, REF_LAP, HAS_PAYLOAD, REF_UAP = 0x0008, 0x0010, 0x0020, 0x0080
HEC_CHECKED, HEC_OK, CRC_CHECKED, CRC_OK = 0x0100, 0x0200, 0x0400, 0x0800


def rev8(value):
    return int(f"{value:08b}"[::-1], 2)


@functools.lru_cache(maxsize=None)
def hec(uap, header10):
    """Header error check over the 10 header bits, sent LSB first."""
    reg = rev8(uap)
    for i in range(10):
        bit = (reg ^ (header10 >> i)) & 1
        reg = (reg >> 1) ^ (0xE5 if bit else 0)
    return reg


def crc16(uap, data):
    """Payload CRC (CCITT, LSB first, initialised with the UAP)."""
    reg = rev8(uap) << 8
    for byte in data:
        reg ^= byte
        for _ in range(8):
            reg = (reg >> 1) ^ (0x8408 if reg & 1 else 0)
    return reg


def encode(lap, uap, name, lt_addr, flags, payload):
    """(legacy header and payload, LINKTYPE 255 rate byte, its fields behind the signal and payload); adds the CRC."""
    code, _, _, _, header_len, rate = TYPES[name]
    bits10 = lt_addr | code << 3 | flags << 7
    check = hec(uap, bits10)
    has_crc = bool(payload) and header_len is not None and name not in NO_CRC
    if has_crc:
        payload += struct.pack("<H", crc16(uap, payload))
    legacy = struct.pack("<BBB", lt_addr | code << 3, flags, check) + payload
    bb_flags = (DEWHITENED | SIGNAL_OK | NOISE_OK | DECRYPTED | REF_LAP
                | REF_UAP | HEC_CHECKED | HEC_OK)
    if payload:
        bb_flags |= HAS_PAYLOAD
    if has_crc:
        bb_flags |= CRC_CHECKED | CRC_OK
    tail = struct.pack("<IIIH", lap, lap | uap << 24, bits10 | check << 10, bb_flags) + payload
    return legacy, rate, tail


class Client:
    """A device that answers with a header: it has a UAP, maybe a NAP."""

    def __init__(self, rng, lap, index):
        self.lap = lap
        self.uap = rng.randrange(1, 256)
        self.nap = rng.randrange(1, 0x10000) if index % 2 else 0
        self.clk_offset = rng.randrange(1 << 27)
        self.clk27 = index % 3 != 0          # else only 6 clock bits known
        self.weight = 1.0 / (index + 1)
        self.on = rng.random() < 0.5         # flipped once at the start
        self.toggle_at = 0.0
        self.mac = struct.pack(">HB", self.nap, self.uap) + lap.to_bytes(3, "big")
        self.meta_flags = (1 if self.clk27 else 0) | (2 if self.nap else 0)
        self.packets = {}
        for name, spec in TYPES.items():
            self.packets[name] = [self._packet(rng, name, spec) for _ in range(POOL)]

    def _packet(self, rng, name, spec):
        """What encode() makes of one random packet."""
        _, _, low, high, header_len, _ = spec
        lt_addr = 0 if name == "FHS" else rng.randrange(1, 4)
        flags = rng.randrange(8)             # FLOW, ARQN, SEQN
        payload = b""
        if high:
            length = rng.randint(low, high)
            body = bytearray(rng.randbytes(length))
            if header_len in (1, 2):
                if rng.random() < 0.12 and header_len == 1:
                    llid = 3                 # LMP
                    body[0] = rng.choice((3, 4, 5, 37, 38, 39, 51)) << 1
                elif rng.random() < 0.75:
                    llid = 2                 # whole L2CAP message
                    struct.pack_into("<HH", body, 0, length - 4,
                                     rng.choice((0x40, 0x41, 0x44)))
                else:
                    llid = 1                 # continuation
                if header_len == 1:
                    head = struct.pack("<B", llid | 1 << 2 | length << 3)
                else:
                    head = struct.pack("<H", llid | 1 << 2 | length << 3)
                payload = head + bytes(body)
            else:
                payload = bytes(body)
        return encode(self.lap, self.uap, name, lt_addr, flags, payload)


def parse_args(argv):
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("-n", "--packets", type=int, default=100_000)
    ap.add_argument("-d", "--duration", type=float, default=300.0, help="seconds")
    ap.add_argument("-f", "--format", choices=("legacy", "bredr", "esp32"), default="legacy")
    ap.add_argument("-o", "--output", required=True)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--laps", type=int, default=40, help="regular devices")
    ap.add_argument("--busy", type=int, default=4, help="devices with traffic")
    ap.add_argument("--id-share", type=float, default=0.60)
    ap.add_argument("--once-share", type=float, default=0.02,
                    help="share of packets from addresses seen only once")
    ap.add_argument("--silence", type=float, default=0.02,
                    help="share of the duration without any packet")
    ap.add_argument("--start", type=int, default=1339621571, help="epoch second")
    ap.add_argument("--even", action="store_true", help="nothing random: devices in turns, in even steps of time")
    args = ap.parse_args(argv)
    if args.even and args.format == "esp32":
        ap.error("--even has no format esp32")
    if args.even and (args.laps > LAP_RANGE or args.id_share not in (0, 1)):
        ap.error(f"--even needs --id-share 0 or 1, and --laps of at most {LAP_RANGE}")
    if not args.even and args.busy > args.laps:
        ap.error("--busy must not exceed --laps")
    return args


def start_file(args):
    out = open(args.output, "wb", buffering=1 << 20)
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 8192, LINK_TYPES[args.format]))
    return out


def even_frame(device, number, bredr, with_header):
    """Frame `number` of a device, whose addresses follow from its number."""
    lap = LAP_FIRST + device * 7919 % LAP_RANGE     # a prime that does not divide the range: no LAP comes twice
    channel = number % 79
    bb_head = struct.pack("<BbbBBBh", channel, -50, -100, 0, 0xFF, 0, 0)
    if not with_header:
        return (bb_head + struct.pack("<IIIH", lap, 0, 0, DEWHITENED | SIGNAL_OK | NOISE_OK) if bredr
                else bytes(9) + lap.to_bytes(3, "big") + b"\xff\xf0")
    uap, nap = 1 + device % 255, (1 + device * 31 % 0xFFFF) & 0xFEFF      # no group address
    name = EVEN_TYPES[number % len(EVEN_TYPES)]
    payload = bytes((2 | 1 << 2 | 6 << 3, 2, 0, 0x40, 0, 1, 2)) if TYPES[name][3] else b""
    legacy, rate, tail = encode(lap, uap, name, 1, number % 8, payload)
    if bredr:
        return bb_head[:4] + bytes((rate,)) + bb_head[5:] + tail
    return (bytes(6) + struct.pack(">HB", nap, uap) + lap.to_bytes(3, "big") + b"\xff\xf0"
            + struct.pack("<IBB", number * 2 & 0x7FFFFFF, channel, 3) + legacy)


def write_even(args):
    bredr, with_header, duration_us = args.format == "bredr", args.id_share == 0, round(args.duration * 1e6)
    with start_file(args) as out:
        for number in range(args.packets):
            seconds, micros = divmod(number * duration_us // args.packets, 1_000_000)
            data = even_frame(number % args.laps, number, bredr, with_header)
            out.write(struct.pack("<IIII", args.start + seconds, micros, len(data), len(data)) + data)


def write_capture(args):
    rng = random.Random(args.seed)
    bredr = args.format == "bredr"

    laps = rng.sample(range(LAP_FIRST, LAP_FIRST + LAP_RANGE), args.laps)
    used = set(laps)
    busy = [Client(rng, lap, i) for i, lap in enumerate(laps[:args.busy])]
    busy_share = 0.7                         # of the ID packets
    quiet = laps[args.busy:] or laps
    quiet_cum = []
    total = 0.0
    for i in range(len(quiet)):
        total += 1.0 / (i + 1)
        quiet_cum.append(total)
    names = list(TYPES)
    type_cum = []
    total = 0
    for name in names:
        total += TYPES[name][1]
        type_cum.append(total)

    n = args.packets
    gap_mean = 6.0                           # seconds of one silent span
    gap_prob = args.silence * args.duration / gap_mean / max(n, 1)
    rate = n / (args.duration * (1.0 - args.silence))
    id_share, once_share = args.id_share, args.once_share
    session = max(args.duration / 8.0, 5.0)

    rnd, choices, expo, pick = rng.random, rng.choices, rng.expovariate, rng.randrange
    active, active_cum = [], []
    next_toggle = 0.0
    now = 0.0
    out = start_file(args)
    write = out.write
    record = struct.Struct("<IIII").pack
    clk_meta = struct.Struct("<IBB").pack
    bb_head = struct.Struct("<BbbBBBh").pack
    bb_tail = struct.Struct("<IIIH").pack
    eth_tail = b"\xff\xf0"
    zero6 = bytes(6)
    bb_id_flags = DEWHITENED | SIGNAL_OK | NOISE_OK

    for _ in range(n):
        now += expo(rate)
        if rnd() < gap_prob:
            now += expo(1.0 / gap_mean)
        if now >= next_toggle:               # some client starts or stops
            for client in busy:
                if now >= client.toggle_at:
                    client.on = not client.on
                    client.toggle_at = now + expo(1.0 / session)
            next_toggle = min(c.toggle_at for c in busy)
            active = [c for c in busy if c.on] or [busy[0]]
            active_cum, total = [], 0.0
            for client in active:
                total += client.weight
                active_cum.append(total)
        micros = int(now * 1e6)
        seconds, micros = args.start + micros // 1_000_000, micros % 1_000_000
        channel = pick(79)
        power = -30 - pick(60)

        if rnd() < id_share:
            draw = rnd() * id_share
            if draw < once_share:
                lap = pick(LAP_FIRST, LAP_FIRST + LAP_RANGE)
                while lap in used:
                    lap = pick(LAP_FIRST, LAP_FIRST + LAP_RANGE)
                used.add(lap)
            elif rnd() < busy_share:
                lap = choices(active, cum_weights=active_cum)[0].lap
            else:
                lap = choices(quiet, cum_weights=quiet_cum)[0]
            if bredr:
                data = (bb_head(channel, power, -100, pick(3), 0xFF, 0, 0)
                        + bb_tail(lap, 0, 0, bb_id_flags))
            else:
                pick(3)                  # keeps both formats on one random stream
                data = zero6 + b"\0\0\0" + lap.to_bytes(3, "big") + eth_tail
        else:
            client = choices(active, cum_weights=active_cum)[0]
            name = choices(names, cum_weights=type_cum)[0]
            legacy, transport, tail = client.packets[name][pick(POOL)]
            if bredr:
                data = bb_head(channel, power, -100, pick(3), transport, 0, 0) + tail
            else:
                pick(3)
                clk = (int(now * 1600) + client.clk_offset) & 0x7FFFFFF
                if not client.clk27:
                    clk &= 0x3F
                data = (zero6 + client.mac + eth_tail
                        + clk_meta(clk, channel, client.meta_flags) + legacy)
        length = len(data)
        write(record(seconds, micros, length, length) + data)
    out.close()


class Peer:
    """A device that connects to the ESP32."""

    def __init__(self, rng, lap, index):
        self.lap, self.uap, self.nap = lap, rng.randrange(1, 256), rng.randrange(1, 0x10000)
        self.name = f"Device number {index}".encode()
        self.lmp = [[esp32_acl(direction, "DM1", pdu, btbb_encode.LLID_LMP, seqn) for pdu in ESP32_LMP for seqn in (0, 1)]
                    for direction in (encode_hci.SENT, encode_hci.RECEIVED)]
        self.data = [[self._data(rng, direction, kind) for kind in self._kinds(rng)]
                     for direction in (encode_hci.SENT, encode_hci.RECEIVED)]

    @staticmethod
    def _kinds(rng):
        return rng.choices(list(ESP32_DATA), [weight for weight, _ in ESP32_DATA.values()], k=10 * POOL)

    @staticmethod
    def _data(rng, direction, kind):
        body, llid = rng.randbytes(rng.randint(8, ESP32_DATA[kind][1])), btbb_encode.LLID_CONTINUE
        if rng.random() < 0.75:
            body, llid = btbb_encode.l2cap_message(rng.choice((0x40, 0x41, 0x44)), body[4:]), btbb_encode.LLID_START
        return esp32_acl(direction, kind, body, llid, rng.randrange(2))

    def _fhs(self, clk, lt_addr, eir=False):
        body = btbb_encode.fhs_body(self.lap, self.uap, self.nap, 0x5A020C, lt_addr, clk >> 1, eir=eir)
        return encode_hci.esp32_fhs(encode_hci.RECEIVED, body)

    def opening(self, clk):
        """Inquiry response with its extension, page, and LMP up to the name."""
        eir = encode_hci.esp32_payload("DM3", encode_upper.eir((encode_upper.EIR_NAME, self.name)), flow=0)
        pdus = [encode_lmp.pdu("host_connection_req", 0), encode_lmp.pdu("setup_complete", 0), *encode_lmp.name_fragments(self.name, 0)]
        return [self._fhs(clk, 0, True), encode_hci.esp32(encode_hci.RECEIVED, "DM3", eir, flags=encode_hci.ESP32_EIR, lt_addr=0),
                self._fhs(clk, 1), *(esp32_acl(encode_hci.RECEIVED, "DM1", pdu, btbb_encode.LLID_LMP, number % 2)
                                     for number, pdu in enumerate(pdus))]

    def packet(self, rng):
        direction = rng.randrange(2)
        return rng.choice((self.lmp if rng.random() < 0.3 else self.data)[direction])


def esp32_acl(direction, kind, body, llid, seqn):
    """A packet of a connection in which the ESP32 is the Peripheral. Its CLK and its channel are zero."""
    flags = encode_hci.ESP32_PERIPHERAL | (encode_hci.ESP32_EDR if kind[0] == "2" else 0)
    return encode_hci.esp32(direction, kind, encode_hci.esp32_payload(kind, body, llid), flags=flags, arqn=1, seqn=seqn)


def write_esp32(args):
    rng = random.Random(args.seed)
    laps = rng.sample(range(LAP_FIRST, LAP_FIRST + LAP_RANGE), args.busy)
    peers = [Peer(rng, lap, number) for number, lap in enumerate(laps)]
    closing = esp32_acl(encode_hci.RECEIVED, "DM1", encode_lmp.pdu("detach", 0, 0x13), btbb_encode.LLID_LMP, 1)
    now, waiting = 0.0, []
    with start_file(args) as out:
        for number in range(args.packets):
            now += rng.expovariate(args.packets / args.duration)
            micros, clk = int(now * 1e6), int(now * 1600) & 0xFFFFFFF
            if number % CONNECTION == 0:
                peer = peers[number // CONNECTION % len(peers)]
                waiting = peer.opening(clk)
            data = waiting.pop(0) if waiting else closing if number % CONNECTION == CONNECTION - 1 else peer.packet(rng)
            data = data[:5] + struct.pack("<IB", clk, rng.randrange(79) if data[3] == encode_hci.RECEIVED else 0) + data[10:]
            out.write(struct.pack("<IIII", args.start + micros // 1_000_000, micros % 1_000_000, len(data), len(data)) + data)


def main(argv=None):
    args = parse_args(argv)
    (write_esp32 if args.format == "esp32" else write_even if args.even else write_capture)(args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
