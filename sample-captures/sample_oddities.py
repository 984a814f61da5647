"""Samples of what is not as it should be, and of what few files hold: damage, odd times, several interfaces.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import btbb_encode as e

START = 1_600_000_000 * e.NS
LAP, UAP = 0x2C64F1, 0x47


def at(frame, changes):
    """The frame with bytes replaced: {offset: value}."""
    changed = bytearray(frame)
    for offset, value in changes.items():
        changed[offset] = value
    return bytes(changed)


def ours(kind, **options):
    return e.legacy(LAP, kind, uap=options.pop("uap", UAP), **options)


# --- Legacy ---------------------------------------------------------------------------------------------------------

def damaged():
    poll = ours("POLL", clk=4)
    dm1 = ours("DM1", clk=7, body=e.filler(9))
    dh5 = ours("DH5", clk=9, body=e.filler(300))
    frames = [poll, dm1]
    frames += [poll[:length] for length in range(15, 23)]                   # ends inside meta data or header
    frames += [e.Packet(0, poll[:20], 23), e.Packet(0, dm1[:30], len(dm1)), e.Packet(0, dm1[:-1], len(dm1)),
               e.Packet(0, dh5[:64], len(dh5))]                             # cut when captured
    frames += [f.ljust(60, b"\0") for f in (e.access_code(LAP), poll, dm1)]   # padded to Ethernet's minimum
    frames += [at(poll, {20: poll[20] | 0x80}), at(poll, {21: poll[21] | 0xF8}), at(poll, {19: 0xFC}),
               at(poll, {18: 79}), at(poll, {18: 255})]                     # reserved bits, no such channel
    frames += [at(poll, {22: poll[22] ^ 0x01}), at(dm1, {22: poll[22] ^ 0x5A}),
               at(dm1, {30: dm1[30] ^ 0x10}), ours("DM1", clk=7, body=e.filler(9), crc_value=0)]
    frames += [ours("DM1", clk=7, body=e.filler(9), length=17), ours("DM1", clk=7, body=e.filler(9), length=31),
               ours("DM1", clk=7, raw_payload=e.payload("DH1", UAP, e.filler(25))),
               ours("DH3", clk=7, body=e.filler(40), length=1023),
               ours("DH5", clk=7, raw_payload=e.payload("DH5", UAP, e.filler(1023)))]     # LENGTH too large
    frames += [ours("DM1", clk=7, raw_payload=b""), ours("DM1", clk=7, raw_payload=b"\x4e"),
               ours("DM3", clk=7, raw_payload=b"\x4e"), dm1 + b"surplus",
               ours("POLL", clk=4, raw_payload=b"\x01\x02\x03")]            # payload missing, cut, or too much
    reserved = struct.pack("<H", e.LLID_START | 30 << 3 | 5 << 13) + e.filler(30)
    frames += [ours("DM3", clk=7, raw_payload=reserved + struct.pack("<H", e.crc(UAP, reserved))),
               ours("DM1", clk=7, body=e.filler(9), llid=0), ours("DM1", clk=7, body=b"\x02\0\x41\0" + bytes(8)),
               ours("DM1", clk=7, body=b"\1", llid=2), ours("DM1", clk=7, body=b"", llid=3)]
    frames += [ours("DM1", clk=7, body=e.filler(9), mic=b"\x1a\x2b\x3c\x4d"),
               ours("POLL", clk=4, uap=0x48), ours("FHS", clk=4, body=e.fhs_body(0x102030, 1, 2, parity=0))]
    frames += [e.ethernet(e.mac(0, 0, LAP))[:13], e.ethernet(e.mac(0, 0, LAP), b"\x45" + bytes(19), ethertype=0x0800),
               ours("POLL", clk=6)]
    return e.pcap(e.stamped(frames))


def contradiction():
    """Three piconets in turn: a sound clock; one whose POLLs move to the Peripheral's slot; one wider than announced."""
    sound, drifting, wide = 0x1A2B3C, 0x2B3C4D, 0x3C4D5E
    frames = []
    for i in range(8):
        late = i >= 5
        frames += [e.legacy(sound, "POLL", uap=0x11, clk=2 * i), e.legacy(sound, "NULL", uap=0x11, clk=2 * i + 1),
                   e.legacy(drifting, "POLL", uap=0x22, clk=2 * i + late),
                   e.legacy(drifting, "NULL", uap=0x22, clk=2 * i + 1 + late),
                   e.legacy(wide, "POLL", uap=0x33, clk=2 * i + (0x40 if i == 6 else 0))]
    # With a bad HEC, a POLL in the wrong slot proves nothing.
    frames += [e.legacy(sound, "POLL", uap=0x11, clk=17, hec_value=e.hec(0x12, 0x089)),
               e.legacy(sound, "NULL", uap=0x11, clk=19)]
    return e.pcap(e.stamped(frames))


def some(count, kind="POLL"):
    return [e.legacy(LAP, kind, uap=UAP, clk=2 * i & 0x3F) for i in range(count)]


def epoch_1970():
    return e.pcap([(i * 500_000_000, frame) for i, frame in enumerate(some(10))])


def order():
    seconds = (5.25, 5.25, 3.0, 9.75, 9.75, 9.75, 4.5, 0.125, 5.25)
    return e.pcap([(START + int(s * e.NS), frame) for s, frame in zip(seconds, some(len(seconds)))])


def years():
    return e.pcap(e.stamped(some(3)) + e.stamped(some(3), start=START + 7 * 365 * 86400 * e.NS))


def big_endian():
    packets = e.stamped([e.access_code(LAP), ours("POLL", clk=4), ours("DM1", clk=7, body=e.filler(9))], 123_456_789)
    return e.pcap(packets, nano=True, big_endian=True)


def cut():
    return e.pcap(e.stamped(some(4)))[:-7]


def empty():
    return e.pcap([])


def foreign():
    own = e.mac(0x0002, 0x72, LAP)
    arp = struct.pack(">HHBBH6s4s6s4s", 1, 0x800, 6, 4, 1, own, bytes(4), bytes(6), bytes(4))
    return e.pcap(e.stamped([e.ethernet(own, arp, b"\xff" * 6, 0x0806).ljust(60, b"\0"),
                           e.ethernet(own, bytes(46), ethertype=0xFFF1), e.ethernet(own, b"\x42\x42\x03" + bytes(43),
                                                                                    ethertype=46)]))


# --- LINKTYPE 255 ---------------------------------------------------------------------------------------------------

def rf_special(lap, uap):
    """Records of one LAP that say something out of the ordinary."""
    dm1 = {"lap": lap, "kind": "DM1", "uap": uap, "body": e.filler(9)}
    poll = e.header18(1, uap)
    air = e.whiten(0x2D, [poll >> i & 1 for i in range(18)])
    full = e.RF_DEWHITENED | e.RF_SIGNAL | e.RF_NOISE | e.RF_REF_LAP | e.RF_REF_UAP
    checked = full | e.RF_PAYLOAD | e.RF_DECRYPTED | e.RF_HEC_CHECKED | e.RF_HEC_PASSED | e.RF_CRC_CHECKED | \
        e.RF_CRC_PASSED
    bad_crc = e.payload("DM1", uap, e.filler(9), crc_value=0x1234)
    return [
        e.rf_record(lap, rate=e.RF_ID_RATE, channel=41, signal=-61, ac_errors=1),               # access code only
        e.rf_record(lap, channel=42, signal=-70, noise=-90, ref_lap=lap, ref_uap=uap),          # header not decoded
        e.rf_record(lap, sum(b << i for i, b in enumerate(air)), channel=43, ref_lap=lap, ref_uap=uap,
                    flags=full & ~e.RF_DEWHITENED),                                             # whitened
        e.rf(lap, "POLL", uap, hec_value=e.hec(uap, 0x089) ^ 0x40, channel=44),                 # bad HEC
        e.rf(lap, "POLL", uap, known_uap=False, channel=45),                                    # UAP unknown
        e.rf(**dm1, payload_bytes=bad_crc, channel=46),                                         # bad CRC
        e.rf(**dm1, flags=checked, channel=47, noise=-88),                                      # all checks passed
        e.rf(**dm1, payload_options={"mic": b"\x1a\x2b\x3c\x4d"}, channel=48),                  # with a MIC
        e.rf(**dm1, with_rate=False, channel=49, ac_errors=3),                                  # transport unknown
        e.rf(**dm1, rate=0x01, flags=full, channel=50, noise=-80),                              # old writer
        e.rf(lap, "POLL", uap, flags=full | e.RF_ALIASED | 0xC000, channel=51, noise=-80),      # reserved flags
        e.rf(lap, "POLL", uap, channel=52, corrected_header=4, corrected_payload=-1),
        at(e.rf(lap, "POLL", uap, channel=53), {18: poll >> 16 | 0xFC, 19: 0xFF}),              # reserved header bits
        e.rf(lap, "POLL", uap, channel=79),                                                     # no such channel
        e.rf(0x9E8B33, "FHS", 0, e.fhs_body(0x7C19E5, 0xC7, 0x0010, 0x200404), lt_addr=0, channel=54),
        e.rf(**dm1, channel=55)[:30],                                                           # LENGTH beyond the data
        e.Packet(0, e.rf(**dm1, channel=56)[:30], 34),                                          # cut when captured
        e.rf(lap, "POLL", uap, channel=57)[:21],                                                # too short
        e.rf_record(lap, poll ^ 1 << 10, channel=58, ref_lap=lap ^ 1, ref_uap=uap),             # another reference LAP
    ]


def emulator():
    """As emulators of controllers write it: no CRC, LAPs of 8 bits, milliseconds stored as microseconds. An inquiry first."""
    lap, uap = 0x55, 0x22
    flags = e.RF_DEWHITENED | e.RF_DECRYPTED | e.RF_REF_LAP | e.RF_REF_UAP | e.RF_PAYLOAD | e.RF_CRC_CHECKED | e.RF_CRC_PASSED
    bodies = [("FHS", e.fhs_body(0x334455, uap, 0x0011, 0x240404, parity=0), e.LLID_START)] + \
             [("DM1", bytes.fromhex(pdu), e.LLID_LMP) for pdu in ("66", "0633", "4ebffeedfedbff7b87", "63")]
    records = [e.rf_record(0x33, rate=e.RF_ID_RATE, channel=0, signal=0, flags=e.RF_DEWHITENED)]
    records += [e.rf(lap, kind, uap, flags=flags, with_rate=False, channel=0, signal=0,
                     payload_bytes=e.payload(kind, uap, body, llid=llid, crc_value=0)) for kind, body, llid in bodies]
    return e.pcap(e.stamped(records, 3_000, START + 5_000), e.LINKTYPE_BREDR_BB)


def clock_wrap():
    """The clock of an Ubertooth wraps: its time stamps jump forward by 531 s, and later back by 429 s."""
    times = [START + i * 200_000_000 + (531_313_459_200 if i >= 10 else 0) - (429_496_729_600 if i >= 20 else 0)
             for i in range(30)]
    return e.pcap([(time, e.rf(LAP, "POLL", UAP, channel=i % 79)) for i, time in enumerate(times)],
                  e.LINKTYPE_BREDR_BB, nano=True)


def uap_recovery():
    """No record names a UAP. In turn: HECs that agree, a good CRC, an FHS, HECs that contradict each other."""
    by_hec, by_crc, by_fhs, never = 0x111213, 0x212223, 0x313233, 0x414243
    unknown = {"known_uap": False, "with_rate": False}
    records = [e.rf_record(lap) for lap in (by_hec, by_crc, by_fhs, never)]
    for i in range(6):
        records.append(e.rf(by_hec, "POLL" if i % 2 == 0 else "NULL", 0x3C, seqn=i // 2 % 2, arqn=i // 3, channel=i,
                            **unknown))
        records.append(e.rf(by_crc, "NULL" if i != 2 else "DM1", 0x5D, body=e.filler(9), channel=10 + i, **unknown))
        records.append(e.rf(never, "NULL", 0x91 + 29 * i, seqn=i % 2, arqn=i // 2 % 2, flow=i // 4, channel=30 + i,
                            **unknown))
        if i == 3:
            body = e.fhs_body(by_fhs, 0x7E, 0x0004, 0x5A020C, 1)
            records.append(e.rf(by_crc, "FHS", 0x5D, body, lt_addr=0, channel=20, **unknown))
        records.append(e.rf(by_fhs, "POLL", 0x7E, channel=20 + i, **unknown))
    return e.pcap(e.stamped(records), e.LINKTYPE_BREDR_BB, nano=True, snaplen=400)


def interfaces():
    """Legacy and LINKTYPE 255 side by side, captured by the Peripheral: it receives POLLs and sends NULLs.

    Bits 0-1 of a packet's flags: 1 received, 2 sent, 0 not known; None: no flags.
    """
    address = (0xD340, LAP.to_bytes(3, "little") + struct.pack("<BHBB", UAP, 0x0002, 0xFF, 1))
    links = [e.Interface(e.LINKTYPE_ETHERNET), e.Interface(e.LINKTYPE_BREDR_BB, 9, 400, (address,)),
             e.Interface(e.LINKTYPE_BREDR_BB, 6, 400), e.Interface(e.LINKTYPE_ETHERNET, 9)]
    packets = []
    for i in range(12):
        interface, kind = i % 4, ("POLL", "NULL", "DM1")[i // 4]
        flags = ((None, 1, 1, 0), (2, 2, 0, None), (2, 1, 2, None))[i // 4][interface]
        body = e.filler(9) if kind == "DM1" else b""
        if links[interface].linktype == e.LINKTYPE_ETHERNET:
            frame = ours(kind, clk=2 * i + (kind != "POLL"), body=body, channel=i)
        else:
            frame = e.rf(LAP, kind, UAP, body, channel=i)
        packets.append(e.Packet(START + i * 1_000_000_500, frame, None, interface, flags))
    return e.pcapng(links, packets)
