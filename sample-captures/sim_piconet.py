"""Piconets on the air: who sends when on which channel, and what a receiver hears of it.

The hop kernel here is a second one, written without the C one: tests compare the two.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import math
import random

SLOT = 625_000  # nanoseconds (Core Specification Vol 2 Part B, 2.2.5)
CHANNELS = 79
CLOCKS = 1 << 27

# Which two bits the control bits P0 to P13 exchange (2.6.2).
_EXCHANGES = ((0, 1), (2, 3), (1, 2), (3, 4), (0, 4), (1, 3), (0, 2), (3, 4), (1, 4), (0, 3), (2, 4), (1, 3), (0, 3), (1, 2))


def _exchange(bits, controls, first):
    """Apply the exchanges that belong to `controls`, whose lowest bit is P`first`, from the highest one down."""
    for k in range(controls.bit_length() - 1, -1, -1):
        if controls >> k & 1:
            i, j = _EXCHANGES[first + k]
            if (bits >> i & 1) != (bits >> j & 1):
                bits ^= 1 << i | 1 << j
    return bits


_HIGH = [[_exchange(z, controls, 9) for z in range(32)] for controls in range(32)]
_LOW = [[_exchange(z, controls, 0) for z in range(32)] for controls in range(512)]


def used_order(used):
    """The used channels as the kernel counts them: even ones first."""
    return sorted(used, key=lambda channel: (channel % 2, channel))


class Hop:
    """The hop sequence of a piconet, by the Central's LAP and UAP. Clocks are CLK27-1 as numbers."""

    def __init__(self, lap, uap):
        address = (uap & 15) << 24 | lap
        pick = lambda first, count: sum((address >> first + 2 * i & 1) << i for i in range(count))
        self.a, self.b, self.d = address >> 23 & 31, address >> 19 & 15, address >> 10 & 511
        self.c, self.e = pick(0, 5), pick(1, 7)

    def _sum(self, clk, registers):
        clk1 = clk & 1
        z = (((clk >> 1) + (self.a ^ clk >> 20)) & 31) ^ self.b
        high = (self.c ^ clk >> 15) & 31 ^ 31 * clk1
        permuted = _LOW[(self.d ^ clk >> 6) & 511][_HIGH[high][z]]
        return (permuted + self.e + 32 * clk1 + 16 * (clk % CLOCKS >> 6)) % registers

    def basic(self, clk):
        register = self._sum(clk, CHANNELS)
        return 2 * register if register < 40 else 2 * register - 79

    def adapted(self, clk, used):
        """The channel for a transmission of the Central at `clk`; `used` is a set, or None for all."""
        channel = self.basic(clk & ~1)
        if used is None or channel in used:
            return channel
        order = used_order(used)
        return order[self._sum(clk & ~1, len(order))]


class Heard:
    """A packet as a receiver heard it. clk and sender are None for one that is not of the piconet."""

    __slots__ = ("ns", "channel", "clk", "sender", "slots", "poll")

    def __init__(self, ns, channel, clk, sender, slots, poll=False):
        self.ns, self.channel, self.clk, self.sender, self.slots, self.poll = ns, channel, clk, sender, slots, poll


class Listener:
    """Which channels a receiver hears at a time: one, all, or one after the other."""

    def __init__(self, fixed=None, dwell=None):
        self.fixed, self.dwell = fixed, dwell

    def hears(self, seconds, channel):
        if self.dwell:
            return channel == int(seconds / self.dwell) * 10 % CHANNELS
        return self.fixed is None or channel == self.fixed


class Piconet:
    """
    adapted: the adapted sequence; used: its channels, a set, or a list of (second, set) for maps that change; None: all.
    load: share of the Central's slots in use. directions: "both", "central", "peripheral".
    """

    def __init__(self, lap, uap, clk, adapted=True, used=None, load=1.0, directions="both", polls=0.2):
        self.hop, self.clk, self.adapted, self.load, self.directions = Hop(lap, uap), clk, adapted, load, directions
        self.maps = used if isinstance(used, list) else [(0, used)]
        self.polls = polls

    def used(self, seconds):
        return [used for since, used in self.maps if since <= seconds][-1]

    def packets(self, chance):
        """(slot, channel, "central" or "peripheral", slots, poll), endlessly; slot 0 is at self.clk."""
        slot = -self.clk % 2
        while True:
            if chance.random() >= self.load:
                slot += 2
                continue
            poll = chance.random() < self.polls
            slots = 1 if poll else chance.choices((1, 3, 5), (70, 20, 10))[0]
            clk = (self.clk + slot) % CLOCKS
            channel = self.hop.adapted(clk, self.used(slot * SLOT * 1e-9)) if self.adapted else self.hop.basic(clk)
            yield slot, channel, "central", slots, poll
            slot += slots
            if chance.random() < 0.9:
                answer = chance.choices((1, 3, 5), (80, 13, 7))[0]
                if not self.adapted:
                    channel = self.hop.basic((self.clk + slot) % CLOCKS)
                yield slot, channel, "peripheral", answer, False
                slot += answer
            slot += slot + self.clk & 1


def hear(piconet, listener, count, seed, miss=0.6, false=0.03, drift_ppm=0.0, jitter_us=10.0, coarse_us=0, start_ns=0,
         seconds=3600):
    """The first `count` packets that a receiver hears, false ones among them, at most `seconds` long."""
    chance = random.Random(seed)
    heard, false_at = [], None
    length = SLOT * (1 + drift_ppm * 1e-6)
    phase = chance.random() * SLOT
    for slot, channel, sender, slots, poll in piconet.packets(chance):
        now = slot * SLOT * 1e-9
        if now > seconds:
            break
        if sender not in (piconet.directions, "both") and piconet.directions != "both":
            continue
        if not listener.hears(now, channel) or chance.random() < miss:
            continue
        ns = start_ns + phase + slot * length + chance.gauss(0, jitter_us * 1000)
        if chance.random() < false and heard:
            ns_false = heard[-1].ns + chance.random() * (ns - heard[-1].ns)
            there = channel if listener.fixed is not None or listener.dwell else chance.randrange(CHANNELS)
            heard.append(Heard(int(ns_false), there, None, None, 1))
        heard.append(Heard(int(ns), channel, (piconet.clk + slot) % CLOCKS, sender, slots, poll))
        if len(heard) >= count:
            break
    if coarse_us:
        for packet in heard:
            packet.ns = int(packet.ns // (coarse_us * 1000) * coarse_us * 1000)
    return heard[:count]


def random_hearing(count, seed, channel=None, seconds=30, on_slots=True):
    """Packets of no piconet: at random times, on slots or not, on random channels or on one."""
    chance = random.Random(seed)
    step = SLOT if on_slots else 1000
    times = sorted(chance.sample(range(int(seconds * 1e9 / step)), count))
    return [Heard(int(t * step + chance.gauss(0, 5000)), chance.randrange(CHANNELS) if channel is None else channel, None, None, 1)
            for t in times]
