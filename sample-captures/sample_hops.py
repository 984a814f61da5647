"""Captures of LINKTYPE 255 whose channels and times are those of real hop sequences: what a receiver on one channel hears of
two piconets.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from collections import namedtuple

import btbb_encode as e
import encode_upper as upper
from sim_piconet import Listener, Piconet, hear

START = 1_600_000_000 * e.NS
CHANNEL = 39
WRAP = 429_496_729_600      # nanoseconds: where Ubertooth's counter of 100 ns, 32 bits wide, begins anew

FIRST_LAP, FIRST_UAP, SECOND_LAP, SECOND_UAP = 0x5C71D2, 0x72, 0x1E48B9, 0xA8
FEW_CHANNELS = frozenset(range(79)) - set(range(0, 24)) - set(range(60, 70))

# heard: what sim_piconet says of the packet; segment: 0 before the clock of the receiver jumps, 1 after it.
Truth = namedtuple("Truth", "lap uap heard segment")


def record(truth, number):
    """A kind that takes as many slots as the packet did. False packets: access codes with noise for a header."""
    heard, options = truth.heard, {"signal": -45 - number % 20, "noise": -92}
    if heard.clk is None:
        return e.rf_record(truth.lap, 0x2A5A5 ^ number, channel=heard.channel, **options)
    if heard.poll or heard.slots == 1 and number % 3 == 0:
        kind, body = ("POLL" if heard.poll else "NULL"), b""
    else:
        kind = {1: "DM1", 3: "DM3", 5: "DM5"}[heard.slots]
        body = upper.l2cap(0x42, upper.mouse_report(0, number % 8, 0)) + bytes({1: 0, 3: 14, 5: 24}[heard.slots])
    return e.rf(truth.lap, kind, truth.uap, body, channel=heard.channel, seqn=number % 2, **options)


def truths():
    """The packets in file order. The first piconet changes from all channels to fewer; the second one uses the basic sequence.
    The receiver's clock is 18 ppm off and jumps back once."""
    listener = Listener(fixed=CHANNEL)
    first = Piconet(FIRST_LAP, FIRST_UAP, 0x2D35A7C, used=[(0, None), (8, FEW_CHANNELS)])
    second = Piconet(SECOND_LAP, SECOND_UAP, 0x61B0F38, adapted=False)
    heard = [Truth(FIRST_LAP, FIRST_UAP, packet, 0) for packet in
             hear(first, listener, 150, seed=1, drift_ppm=18.0, start_ns=START, seconds=18)]
    heard += [Truth(SECOND_LAP, SECOND_UAP, packet, 0) for packet in
              hear(second, listener, 110, seed=2, drift_ppm=18.0, start_ns=START, seconds=18)]
    heard.sort(key=lambda truth: truth.heard.ns)
    jump = START + 12 * e.NS
    out = []
    for truth in heard:
        if truth.heard.ns >= jump:
            truth.heard.ns -= WRAP
            truth = truth._replace(segment=1)
        out.append(truth)
    return out


def hops():
    packets = [e.Packet(truth.heard.ns, record(truth, number)) for number, truth in enumerate(truths())]
    return e.pcap(packets, e.LINKTYPE_BREDR_BB, nano=True, snaplen=400)
