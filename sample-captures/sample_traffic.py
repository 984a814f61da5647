"""The traffic of pandas_demo.pcapbtbb: two piconets seen by a receiver that stays on one channel.

The file stands in for the one of the analysis notebook, which is not to be had. What the notebook shows of it holds
here too: the first five rows, the first and the last second, and that two clients sent packets with a header.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import random
import struct

import btbb_encode as e

# 2012-06-13 21:06:11 and 21:11:08 where the clock is four hours behind UTC (US Eastern daylight time).
FIRST_SECOND = 1339635971
LAST_SECOND = 1339636268
SLOT = 625_000          # nanoseconds (2.2)
CHANNELS = 79           # a piconet is on our channel once in so many slots, on average (2.1)


class Chance:
    """Random numbers that are the same with every version of Python: all of them come from random()."""

    def __init__(self, seed):
        self._random = random.Random(seed).random

    def below(self, end):
        return int(self._random() * end)

    def once_in(self, share):
        return self._random() * share < 1.0

    def pick(self, weights):
        """A key of `weights`, as often as its number says."""
        left = self._random() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return key


class Piconet:
    """A Central, its clock, and what is sent in its slots.

    sessions: (first second, last second, share of the slots in use); the mixes weigh the kinds of each direction.
    """

    def __init__(self, lap, uap, clock_offset, sessions, to_peripheral, to_central, switch_at, next_central):
        self.lap, self.uap, self.clock_offset, self.sessions = lap, uap, clock_offset, sessions
        self.mixes = (to_peripheral, to_central)
        self.switch_at, self.next_central = switch_at, next_central
        self.count = 0

    def clock(self, slot):
        """CLK1 and up, as far as the receiver knows it: six bits. Bit 0 is 0 when the Central sends."""
        return slot + self.clock_offset & 0x3F

    def body(self, kind, to_central):
        """A body as it may be: HID reports from a Peripheral, numbered data otherwise. All are whole L2CAP messages."""
        self.count += 1
        if kind == "DM1" and to_central:
            message = bytes((0xA1, 0x02, self.count & 7, self.count >> 3 & 0xFF, self.count & 0xFF, 0))
            return struct.pack("<HH", len(message), 0x0044) + message
        size = {"DM1": 4 + self.count % 9, "DH1": 8 + self.count % 15}[kind]
        return struct.pack("<HH", size, 0x0041) + self.count.to_bytes(4, "big") + bytes(range(size - 4))

    def packet(self, slot, kind, chance, **options):
        clk = self.clock(slot)
        options.setdefault("body", self.body(kind, clk & 1) if kind in ("DM1", "DH1") else b"")
        return e.legacy(self.lap, kind, uap=self.uap, clk=clk, arqn=chance.below(2), seqn=chance.below(2), **options)

    def fhs(self, slot, chance):
        """The FHS of a role switch (8.6.5): the Peripheral that becomes the Central tells its address and clock."""
        lap, uap, nap = self.next_central
        return self.packet(slot, "FHS", chance, body=e.fhs_body(lap, uap, nap, 0x5A020C, 1, slot >> 1 & 0x3FFFFFF))


def piconets():
    return (
        Piconet(0xED1D9C, 0x36, 0x15, ((2, 47, 0.8), (61, 66, 0.2), (83, 139, 1.0), (171, 180, 0.4), (204, 251, 0.7),
                                       (288, 297, 0.3)),
                {"POLL": 60, "DM1": 12, "DH1": 9, "NULL": 10}, {"NULL": 40, "DM1": 25, "DH1": 6},
                (95, 212), (0x5A10C4, 0x72, 0x0002)),
        Piconet(0xE05555, 0x8C, 0x2A, ((19, 33, 0.3), (52, 91, 0.9), (127, 163, 0.6), (232, 296, 0.5)),
                {"POLL": 30, "DH1": 30, "DM1": 4, "NULL": 6}, {"NULL": 45, "DH1": 14, "DM1": 8},
                (140,), (0x2B77F0, 0xC7, 0x0010)),
    )


def first_rows():
    """The five rows that the notebook prints, all within the first second."""
    ed1d9c, e05555 = piconets()
    chance = Chance(1)
    slot = 800 + (ed1d9c.clock_offset & 1)      # an even clock: the Central's slot
    return [(100_000_000, e.access_code(ed1d9c.lap)), (171_000_000, e.access_code(e05555.lap)),
            (405_000_000, e.access_code(ed1d9c.lap)),
            (slot * SLOT, ed1d9c.packet(slot, "POLL", chance)), (907_000_000, e.access_code(e05555.lap))]


def piconet_events(piconet, chance):
    """(nanoseconds since the first second, frame) of one piconet, an access code where no header was decoded."""
    fhs_left = [second * e.NS for second in piconet.switch_at]
    for first, last, share in piconet.sessions:
        slot = first * e.NS // SLOT
        while slot * SLOT < last * e.NS:
            slot += 1 + chance.below(int(2 * CHANNELS / share))
            time = slot * SLOT + chance.below(120) * 1000
            if fhs_left and time > fhs_left[0]:
                fhs_left.pop(0)
                slot += 1 - (piconet.clock(slot) & 1)
                yield slot * SLOT, piconet.fhs(slot, chance)
            elif chance.once_in(6):
                yield time, e.access_code(piconet.lap)
            else:
                kind = chance.pick(piconet.mixes[piconet.clock(slot) & 1])
                yield time, piconet.packet(slot, kind, chance)


def strays(chance, seconds):
    """Access codes that the receiver made out of noise: every LAP once."""
    taken = {p.lap for p in piconets()} | set(range(0x9E8B00, 0x9E8B40))
    time = 2 * e.NS
    while time < (seconds - 1) * e.NS:
        lap = chance.below(1 << 24)
        if lap not in taken:
            taken.add(lap)
            yield time, e.access_code(lap)
        time += chance.below(6 * e.NS // 1000) * 1000


def pandas_demo():
    """The whole file, in time order."""
    seconds = LAST_SECOND - FIRST_SECOND
    events = []
    for number, piconet in enumerate(piconets()):
        events += piconet_events(piconet, Chance(20120613 + number))
    events += strays(Chance(210611), seconds)
    events = [event for event in events if event[0] < seconds * e.NS]
    ed1d9c = piconets()[0]
    slot = (seconds * e.NS + 500_000_000) // SLOT
    events.append((slot * SLOT, ed1d9c.packet(slot, "NULL" if ed1d9c.clock(slot) & 1 else "POLL", Chance(2))))
    return e.pcap([(FIRST_SECOND * e.NS + time, frame) for time, frame in first_rows() + sorted(events)], snaplen=8192)
